"""Valid answers for any form, drawn at random: used by property tests and by the journeys that submit every form."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from backend.forms import dates
from backend.forms.answers import items, shown, starting_answers, visible_answers
from backend.forms.choices import Choices, is_open, offered
from backend.forms.definition import COMPOSITES, Field, FieldType, Form, inner_fields
from backend.forms.expressions import Reading
from backend.forms.facts import Facts
from backend.forms.paths import Answers, find, join, put
from backend.forms.validation import validate

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng", "Bùi", "Đỗ", "Vũ", "Lường")
MIDDLE = ("Văn", "Thị", "Minh", "Ngọc", "Thu", "Quốc", "Thanh")
GIVEN = ("An", "Bình", "Chi", "Dũng", "Hà", "Lan", "Mai", "Phúc", "Sơn", "Yến")
WORDS = (
    "xã",
    "nhà",
    "đường",
    "sông",
    "vườn",
    "lúa",
    "cầu",
    "chợ",
    "trường",
    "mưa",
    "nắng",
    "sáng",
    "chiều",
    "giấy",
    "việc",
)
BY_PATTERN = {
    r"^([01]\d|2[0-3]):[0-5]\d$": lambda rng: f"{rng.randrange(24):02}:{rng.randrange(60):02}",
    r"^\d{10}$|^\d{12}$": lambda rng: digits(rng, 10),
    r"^\d{10}(-\d{3})?$|^\d{12}$": lambda rng: digits(rng, 10),
    r"^\d{6,19}$": lambda rng: digits(rng, 12),
    r"^\d{9}$|^\d{12}$": lambda rng: digits(rng, 9),
}
TRIES = 400


def digits(rng: Random, count: int) -> str:
    """Return so many random digits."""
    return "".join(str(rng.randrange(10)) for _ in range(count))


def name(rng: Random) -> str:
    """Return a person's name."""
    return f"{rng.choice(FAMILY)} {rng.choice(MIDDLE)} {rng.choice(GIVEN)}"


class _Drawer:
    def __init__(self, form: Form, rng: Random, choices: Choices, facts: Facts, file_id: Callable[[], str]) -> None:
        self.form, self.rng, self.choices, self.facts, self.file_id = form, rng, choices, facts, file_id
        self.answers = starting_answers(form, choices)

    def draw(self) -> Answers:
        for section in self.form.sections:
            if shown(section.visible_if, self.reading()):
                for field in section.fields:
                    self.field(field, join(section.key, field.key), "")
        return visible_answers(self.form, self.answers, self.facts)

    def reading(self, item: str = "") -> Reading:
        return Reading(answers=visible_answers(self.form, self.answers, self.facts), facts=self.facts, item=item)

    def field(self, field: Field, path: str, item: str) -> None:
        if not shown(field.visible_if, self.reading(item)):
            return
        if not field.required and self.rng.random() < 0.4:
            if not field.options:
                put(self.answers, path, None)
            return
        if field.type is FieldType.REPEAT:
            self.repeat(field, path)
        elif field.type in COMPOSITES:
            put(self.answers, path, self.composite(field))
        else:
            put(self.answers, path, self.single(field, path, find(self.answers, path.rpartition(".")[0])))

    def repeat(self, field: Field, path: str) -> None:
        least = max(field.rules.min_items or 0, 1 if field.required else 0)
        count = self.rng.randint(least, min(least + 2, field.rules.max_items or 3))
        put(self.answers, path, [{} for _ in range(count)])
        for index in range(len(items(self.answers, path))):
            for inner in field.fields:
                self.field(inner, join(path, str(index), inner.key), join(path, str(index)))

    def composite(self, field: Field) -> Answers:
        made: Answers = {}
        for part in inner_fields(field):
            made[part.key] = self.composite(part) if part.type in COMPOSITES else self.single(part, part.key, made)
        if field.type is FieldType.PERSON and made.get("id_number"):
            made["id_number"] = personal_number(self.rng, made.get("birth_date"), made.get("sex"))
        return made

    def single(self, field: Field, path: str, beside: Any) -> Any:
        rules, rng, today = field.rules, self.rng, self.facts.today
        if field.type is FieldType.DATE:
            return self.date(field).isoformat()
        if field.type in (FieldType.NUMBER, FieldType.MONEY):
            least = int(rules.min or 0)
            most = int(rules.max) if rules.max is not None else today.year if rules.max_expr else least + 1000
            if field.type is FieldType.NUMBER and not rules.integer and not rules.max_expr and rng.random() < 0.3:
                return least + 2.5
            return rng.randint(least, min(most, least + 60))
        if field.type is FieldType.CHECKBOX:
            return self.ticks(field) if field.options else True if rules.must_be else rng.random() < 0.4 or None
        if field.type is FieldType.FILE:
            return [self.file_id()]
        if field.type in (FieldType.RADIO, FieldType.SELECT) and not is_open(field):
            parent = beside.get(field.depends_on) if field.depends_on else None
            if field.options_from == "countries":
                return "VN"
            return rng.choice(list(offered(field, self.choices, parent))).value
        return self.text(field)

    def date(self, field: Field) -> date:
        rules, rng, today = field.rules, self.rng, self.facts.today
        if rules.max_age_years is not None:
            return today - timedelta(days=rng.randrange(1, 365 * rules.max_age_years))
        if rules.not_past or rules.working_day:
            day = today + timedelta(days=rng.randrange(1, 60))
            while not self.facts.working_day(day):
                day += timedelta(days=1)
            return day
        if "birth" in field.key:
            return today - timedelta(days=rng.randrange(365 * 21, 365 * 90))
        return today - timedelta(days=rng.randrange(1, 200))

    def ticks(self, field: Field) -> list[str]:
        rules = field.rules
        least = max(rules.min_items or 0, 1 if field.required else 0)
        wanted = set(rules.must_include)
        others = [option.value for option in field.options if option.value not in wanted]
        self.rng.shuffle(others)
        count = self.rng.randint(max(0, least - len(wanted)), len(others))
        wanted |= set(others[:count])
        return [option.value for option in field.options if option.value in wanted]

    def text(self, field: Field) -> str:
        rules, rng = field.rules, self.rng
        if field.type is FieldType.IDNUMBER:
            return personal_number(rng, None, None)
        if field.type is FieldType.PHONE:
            return f"09{digits(rng, 8)}"
        if rules.digits:
            return digits(rng, rules.digits)
        if rules.format == "email":
            return f"{rng.choice(WORDS).encode('ascii', 'ignore').decode() or 'x'}{digits(rng, 3)}@example.vn"
        if rules.pattern in BY_PATTERN:
            return BY_PATTERN[rules.pattern](rng)
        if field.transform == "title_case":
            return name(rng)
        if field.transform == "upper_no_accent":
            return "NGUYEN VAN AN"
        if field.suggestions or is_open(field):
            return rng.choice(["Khác", *(option.label for option in offered(field, self.choices))])
        least, most = rules.min_length or 1, rules.max_length or 200
        said = rng.choice(WORDS)
        while len(said) < least or (rng.random() < 0.7 and len(said) < 40):
            said += f" {rng.choice(WORDS)}"
        return said[:most].strip().capitalize()


def personal_number(rng: Random, birth: Any, sex: Any) -> str:
    """Return a personal number that agrees with date of birth and sex, where they are known."""
    known = dates.span(birth)
    year = known.first.year if known else rng.randrange(1940, 2005)
    kind = 2 * (year // 100 - 19) + (1 if sex == "female" else 0)
    return f"{rng.choice(('001', '017', '022', '038'))}{kind}{year % 100:02}{digits(rng, 6)}"


def fill(
    form: Form,
    rng: Random,
    choices: Choices,
    facts: Facts,
    *,
    file_id: Callable[[], str] | None = None,
    fixed: dict[str, Any] | None = None,
) -> Answers:
    """Return answers that the form accepts, hidden ones left out.

    Args:
        form: the definition.
        rng: the source of chance; the same one gives the same answers.
        choices: lists to choose from.
        facts: the world outside.
        file_id: gives the id of an uploaded file each time a file is asked for.
        fixed: values that top-level paths must have (`{"case.kind": "oath"}`).

    Raises:
        AssertionError: after many draws none was accepted.
    """
    give_id = file_id or (lambda: str(uuid.UUID(int=rng.getrandbits(128))))
    said: Any = None
    for _ in range(TRIES):
        drawer = _Drawer(form, rng, choices, facts, give_id)
        if fixed:
            single = drawer.single

            def chosen(field: Field, path: str, beside: Any, single: Any = single) -> Any:
                return fixed[path] if path in fixed else single(field, path, beside)

            drawer.single = chosen  # type: ignore[method-assign]
        answers = drawer.draw()
        findings = validate(form, answers, facts, choices)
        if findings.fine:
            return answers
        said = findings.errors
    raise AssertionError(f"no draw was accepted; the last one: {said}")
