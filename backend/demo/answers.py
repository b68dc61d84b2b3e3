"""Answers as people of the demo province would give them: who they are, who belongs to them, and forms filled to the end."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import msgspec

from backend.demo.people import PROVINCE_UNIT, Commune
from backend.dossiers.filling import PLEDGE
from backend.dossiers.terms import case_of
from backend.forms.answers import shown, visible_answers
from backend.forms.choices import Choices, is_open, offered
from backend.forms.definition import COMPOSITES, Field, FieldType, Form
from backend.forms.expressions import Reading
from backend.forms.facts import Facts
from backend.forms.paths import Answers, empty, find, join, put
from backend.forms.writing import pairs_of

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng", "Bùi", "Đỗ", "Vũ", "Ngô", "Hồ", "Phan", "Mai", "Cao", "Lưu")
MEN = ("Văn", "Đức", "Quang", "Hữu", "Minh", "Công", "Xuân", "Đình")
WOMEN = ("Thị", "Thị Thu", "Thị Ngọc", "Thị Kim", "Thị Thanh", "Thị Bích")
SONS = ("An", "Bảo", "Cường", "Dũng", "Hải", "Hùng", "Khôi", "Lâm", "Nam", "Phong", "Quân", "Sơn", "Thành", "Tùng")
DAUGHTERS = ("Anh", "Chi", "Dung", "Hạnh", "Hoa", "Lan", "Linh", "Mai", "Nga", "Nhung", "Oanh", "Thảo", "Trang", "Yến")
PETS = ("Bảo", "Gia", "Minh", "Khánh", "Ngọc", "An", "Tuệ")
ETHNIC = {"Lý": "dao", "Giàng": "mong", "Quách": "muong", "Lương": "thai"}


class Someone(msgspec.Struct, frozen=True):
    """A person as forms ask for them."""

    name: str
    sex: str
    born: date
    personal_id: str
    phone: str
    residence: dict[str, str]

    @property
    def ethnicity(self) -> str:
        """The people they belong to."""
        return ETHNIC.get(self.name.split()[0], "kinh")

    def age(self, today: date) -> int:
        """Years completed."""
        return today.year - self.born.year - ((today.month, today.day) < (self.born.month, self.born.day))

    def person(self, **more: Any) -> dict[str, Any]:
        """Return all that a question about a person may ask; what it does not ask is left out later."""
        return {
            "id_number": self.personal_id,
            "full_name": self.name,
            "birth_date": self.born.isoformat(),
            "sex": self.sex,
            "ethnicity": self.ethnicity,
            "nationality": "VN",
            "residence": dict(self.residence),
            "phone": self.phone,
            **more,
        }


class Asker(msgspec.Struct, frozen=True):
    """Who wants something of their commune on a day, and the chance by which the rest is told."""

    who: Someone
    commune: Commune
    today: date
    rng: Random

    def days_ago(self, least: int, most: int) -> date:
        """Return a day between `least` and `most` days ago."""
        return self.today - timedelta(days=self.rng.randint(least, most))

    def address(self, detail: str = "", **more: str) -> dict[str, str]:
        """Return an address in the commune."""
        place = detail or self.rng.choice(self.commune.hamlets)
        return {"province": PROVINCE_UNIT, "commune": self.commune.unit, "detail": place, **more}

    def area(self) -> dict[str, str]:
        """Return the commune alone."""
        return {"province": PROVINCE_UNIT, "commune": self.commune.unit}

    def relative(self, years: int, sex: str = "", family: str = "", at_home: bool = True) -> Someone:
        """Return somebody `years` older (negative: younger) than the asker, by chance within two years."""
        year = self.who.born.year - years + self.rng.randint(-2, 2)
        born = date(year, self.rng.randint(1, 12), self.rng.randint(1, 28))
        kind = sex or self.rng.choice(("male", "female"))
        made = stranger(self.rng, self.commune, kind, min(born, self.today - timedelta(days=3)), family)
        return msgspec.structs.replace(made, residence=self.who.residence) if at_home else made

    def spouse(self) -> Someone:
        """Return the asker's husband or wife."""
        return self.relative(3 if self.who.sex == "female" else -3, "male" if self.who.sex == "female" else "female")

    def parents_name(self) -> str:
        """Return the family name of the asker's children."""
        return self.who.name.split()[0]


def stranger(rng: Random, commune: Commune, sex: str = "", born: date | None = None, family: str = "") -> Someone:
    """Return somebody of the commune without an account."""
    kind = sex or rng.choice(("male", "female"))
    day = born or date(rng.randint(1950, 2003), rng.randint(1, 12), rng.randint(1, 28))
    middle, given = (MEN, SONS) if kind == "male" else (WOMEN, DAUGHTERS)
    return Someone(
        name=f"{family or rng.choice(FAMILY)} {rng.choice(middle)} {rng.choice(given)}",
        sex=kind,
        born=day,
        personal_id=personal_number(rng, day, kind),
        phone=f"097{rng.randrange(10_000_000):07d}",
        residence={"province": PROVINCE_UNIT, "commune": commune.unit, "detail": rng.choice(commune.hamlets)},
    )


def personal_number(rng: Random, born: date, sex: str) -> str:
    """Return an invented personal number that agrees with birth and sex."""
    century = (0 if born.year < 2000 else 2) + (sex == "female")
    return f"038{century}{born.year % 100:02d}{rng.randrange(1_000_000):06d}"


def filled(form: Form, begun: Answers, told: dict[str, Any], facts: Facts, choices: Choices) -> Answers:
    """Return `begun` with what was told, and with the plainest answer to every question that is left.

    Args:
        form: the definition.
        begun: the draft as it was begun.
        told: answers by path (`{"child.sex": "female"}`).
        facts, choices: as the form needs them.
    """
    answers: Answers = msgspec.json.decode(msgspec.json.encode(begun))
    for path, value in told.items():
        put(answers, path, value)
    facts = msgspec.structs.replace(facts, case=case_of(answers))
    for section in form.sections:
        for field in section.fields:
            path = join(section.key, field.key)
            reading = Reading(answers=visible_answers(form, answers, facts), facts=facts)
            if shown(section.visible_if, reading) and shown(field.visible_if, reading) and field.required:
                value = find(answers, path)
                if empty(value):
                    put(answers, path, _plainest(field, choices))
    return visible_answers(form, answers, facts)


def _plainest(field: Field, choices: Choices) -> Any:
    rules = field.rules
    if field.type in COMPOSITES or field.type in (FieldType.REPEAT, FieldType.FILE, FieldType.DATE):
        return None
    if field.type is FieldType.CHECKBOX:
        return True if rules.must_be else [field.options[0].value] if field.options else None
    if field.type in (FieldType.NUMBER, FieldType.MONEY):
        return int(max(rules.min or 0, 1))
    if field.type in (FieldType.RADIO, FieldType.SELECT) and not is_open(field):
        return next(iter(offered(field, choices))).value
    return None


def posted(form: Form, answers: Answers, upto: int | None = None) -> list[tuple[str, str]]:
    """Return answers as a browser posts them.

    Args:
        form: the definition.
        answers: from `filled`.
        upto: only so many sections, for a form left half filled; then without the pledge too.
    """
    sections = [one for one in form.sections if upto is None or one.key != PLEDGE]
    return [
        pair
        for section in sections[:upto]
        for field in section.fields
        if not empty(find(answers, join(section.key, field.key)))
        for pair in pairs_of(field, join(section.key, field.key), find(answers, join(section.key, field.key)))
    ]


Tell = Callable[[Asker], dict[str, Any]]
"""What somebody answers in one matter, by path."""
