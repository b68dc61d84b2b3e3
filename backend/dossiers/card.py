"""The text in an ID card's QR code, as a scanner types it: read for filling in a form, never kept.

`id|old number|NAME|ddmmyyyy|sex|address|issued` (domain.md §13); newer cards add fields behind, which are passed over.
"""

import re
from datetime import date
from typing import Any

import msgspec

from backend.agencies.units import Units
from backend.forms.paths import Answers, put
from backend.forms.prefill import prefill
from backend.kit.errors import Invalid
from backend.kit.language import _
from backend.kit.text import clean, fold

_SEXES = {"nam": "male", "nu": "female"}
_KINDS = ("thanh pho ", "tinh ", "phuong ", "xa ", "dac khu ", "thi tran ")
SUBMITTER = "submitter"


class Card(msgspec.Struct, frozen=True):
    """What a card says of its holder; `address` as printed."""

    number: str
    name: str
    born: date
    sex: str | None
    address: str


def read_card(text: str) -> Card:
    """Read what a scanner typed.

    Raises:
        Invalid: it is not the text of an ID card.
    """
    parts = [part.strip() for part in clean(text).strip().split("|")]
    if len(parts) < 6 or not re.fullmatch(r"\d{12}", parts[0]) or not re.fullmatch(r"\d{8}", parts[3]):
        raise _not_a_card()
    day, month, year = int(parts[3][:2]), int(parts[3][2:4]), int(parts[3][4:])
    try:
        born = date(year, month, day)
    except ValueError:
        raise _not_a_card() from None
    name = " ".join(word[:1].upper() + word[1:].lower() for word in parts[2].split())
    if not name:
        raise _not_a_card()
    return Card(parts[0], name, born, _SEXES.get(fold(parts[4])), parts[5])


def _not_a_card() -> Invalid:
    sentence = _("Đây không phải nội dung mã QR của thẻ căn cước. Quét lại mã ở mặt trước thẻ.")
    return Invalid(sentence, {"card": sentence})


def known_from(card: Card, units: Units) -> dict[str, Any]:
    """Return what a card says under the names that forms fill in from (`source: profile.…`)."""
    return {
        "full_name": card.name,
        "id_number": card.number,
        "birth_date": card.born.isoformat(),
        "sex": card.sex,
        "residence": _address(card.address, units),
    }


def filled_from(card: Card, form: Any, answers: Answers, facts: Any, choices: Any, units: Units) -> Answers:
    """Return the answers with what the card says: the submitter's own fields are written over, others only if empty."""
    known = known_from(card, units)
    asked = next((section for section in form.sections if section.key == SUBMITTER), None)
    filled = prefill(form, answers, known, facts, choices)
    for field in asked.fields if asked else []:
        value = known.get(field.key)
        if value and not isinstance(value, dict):
            put(filled, f"{SUBMITTER}.{field.key}", value)
    return filled


def _address(text: str, units: Units) -> dict[str, str]:
    """Find province and commune in an address as printed; the rest stays as it is written.

    Older cards name a district between them, and units that were merged since: then the whole text stands in `detail`.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    province = next((one for one in units.provinces if parts and _bare(one.name) == _bare(parts[-1])), None)
    if province is None:
        return {"detail": text} if text else {}
    for place in range(len(parts) - 2, -1, -1):
        commune = next(
            (one for one in units.communes.get(province.code, ()) if _bare(one.name) == _bare(parts[place])), None
        )
        if commune:
            found = {"province": province.code, "commune": commune.code, "detail": ", ".join(parts[:place])}
            return {name: value for name, value in found.items() if value}
    return {"province": province.code, "detail": ", ".join(parts[:-1])}


def _bare(name: str) -> str:
    folded = fold(name)
    return next((folded.removeprefix(kind) for kind in _KINDS if folded.startswith(kind)), folded)
