"""What comes in from pages and other programs, with limits."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from backend.forms.dates import span
from backend.kit.errors import Invalid
from backend.kit.language import _
from backend.kit.text import clean
from backend.procedures.search import Filters
from backend.procedures.tables import Connection

_NAMES = {"q": "q", "field": "linh-vuc", "audience": "doi-tuong", "level": "muc", "online": "mang", "page": "trang"}
_LONGEST = 500


class Narrowing(msgspec.Struct, frozen=True):
    """What a list is narrowed to, as it stands in the address; what is unknown narrows nothing."""

    q: str = ""
    field: str = ""
    audience: str = ""
    level: str = ""
    online: str = ""
    page: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Narrowing":
        """Read the address."""
        return cls(**{own: clean(query.get(name, ""))[:_LONGEST].strip() for own, name in _NAMES.items()})

    def filters(self, open_here: Collection[str]) -> Filters:
        """Return the filters of the search; online is only what the office has opened."""
        online = self.online == "1"
        among = frozenset(open_here) if online else None
        return Filters(self.field or None, self.audience or None, self.level or None, online, among)

    def number(self) -> int:
        """Return the page asked for, from 1."""
        return int(self.page) if self.page.isascii() and self.page.isdigit() and 0 < len(self.page) < 5 else 1

    def pairs(self, **changes: str) -> list[tuple[str, str]]:
        """Return the address's parameters with some changed; a change other than of the page goes back to page 1."""
        base = self if "page" in changes else msgspec.structs.replace(self, page="")
        values = msgspec.structs.asdict(msgspec.structs.replace(base, **changes))
        return [(_NAMES[own], value) for own, value in values.items() if value]


class Switch(msgspec.Struct):
    """The administrator's word on one procedure."""

    connection: Connection = Connection.LOCAL
    online: str = ""


class TariffInput(msgspec.Struct):
    """An amount the office sets, as typed."""

    fee: Annotated[str, Meta(max_length=60)]
    amount: Annotated[str, Meta(max_length=20)] = ""
    online: Annotated[str, Meta(max_length=20)] = ""
    basis: Annotated[str, Meta(max_length=300)] = ""
    valid_from: Annotated[str, Meta(max_length=10)] = ""

    def read(self) -> tuple[int, int | None, date]:
        """Return the amount, the amount online (None: the same), the first day.

        Raises:
            Invalid: with a sentence per field.
        """
        mistakes = {}
        amount, online, first = _dong(self.amount), _dong(self.online), span(self.valid_from)
        if amount is None:
            mistakes["amount"] = _("Ghi số tiền bằng chữ số, ví dụ 8.000.")
        if self.online.strip() and online is None:
            mistakes["online"] = _("Ghi số tiền bằng chữ số, hoặc để trống nếu bằng mức tại quầy.")
        if first is None or first.first != first.last:
            mistakes["valid_from"] = _("Chưa có ngày áp dụng, hoặc ngày không có trong lịch.")
        if not self.basis.strip():
            mistakes["basis"] = _("Ghi số nghị quyết hoặc quyết định định ra mức này.")
        if mistakes or amount is None or first is None:
            raise Invalid(_("Còn chỗ cần sửa."), mistakes)
        return amount, online, first.first


def _dong(text: str) -> int | None:
    """Read a sum as people write it: 8.000, 8 000, 8000 đ."""
    bare = re.sub(r"[\s.,đ]|VND", "", text, flags=re.IGNORECASE)
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= 12 else None
