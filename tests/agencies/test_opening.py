"""Opening an agency from the command line."""

import pytest

from backend.agencies.opening import open_agency
from backend.agencies.queries import agency_by_code, communes
from backend.kit.errors import Invalid
from tests.cast import Cast

pytestmark = pytest.mark.anyio
FACTS = {"kind": "commune", "short_name": "Xã Suối Vàng", "parent": "H71", "unit": None, "address": "", "phone": ""}


async def test_a_commune_is_opened_below_its_province_with_its_long_names(cast: Cast) -> None:
    await open_agency(code="H71.104.40", **FACTS)
    found = await agency_by_code("H71.104.40")
    assert found and found.name == "Ủy ban nhân dân xã Suối Vàng" and found.place == "Suối Vàng"
    assert "Xã Suối Vàng" in [one.short_name for one in await communes()]


async def test_a_department_is_named_as_it_is_and_its_papers_begin_with_the_agency_above(cast: Cast) -> None:
    facts = FACTS | {"kind": "department", "parent": "H71.104.26", "short_name": "Phòng Văn hóa – Xã hội"}
    await open_agency(code="H71.104.50", **facts)
    found = await agency_by_code("H71.104.50")
    assert found and (found.name, found.centre_name) == ("Phòng Văn hóa – Xã hội", "")
    assert (found.superior_name, found.place) == ("Ủy ban nhân dân xã Mai Khê", "Mai Khê")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"kind": "department", "parent": None}, "Phòng thuộc một cơ quan"),
        ({"code": "H71.104.26"}, "Đã có cơ quan"),
        ({"code": "26"}, "Mã cơ quan"),
        ({"parent": "H99"}, "cấp trên"),
        ({"kind": "hamlet"}, "Loại cơ quan"),
        ({"short_name": "  "}, "tên cơ quan"),
    ],
)
async def test_what_cannot_be_an_agency_is_refused_in_a_sentence(
    cast: Cast, changed: dict[str, str], sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await open_agency(**{**FACTS, "code": "H71.104.41", **changed})
    assert sentence in refused.value.sentence
