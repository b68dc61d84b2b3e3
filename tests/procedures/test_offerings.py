"""What an office charges: its own word before its province's, the newest of each, and nobody else's at all."""

from datetime import date, timedelta

import httpx
import msgspec
import pytest

from backend.demo.tariffs import set_tariffs
from backend.kit import settings
from backend.kit.clock import Frozen
from backend.procedures.importing import import_document
from backend.procedures.matter import Tariff
from backend.procedures.offerings import missing_fees, office_of, open_all, set_tariff
from backend.procedures.queries import current
from tests.cast import Cast
from tests.procedures.real import DATA
from tests.procedures.test_pages import HTML, text

pytestmark = pytest.mark.anyio

BIRTH, UNMARRIED, CHARGE = "1.001193", "1.004873", "civil_charge"
JANUARY, FEBRUARY, MARCH, TODAY = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 11, 25)


@pytest.fixture
async def catalogue(cast: Cast) -> Cast:
    """The cast with the sixty procedures; nobody has set anything."""
    await import_document(DATA)
    return cast


async def charged(cast: Cast, day: date = TODAY) -> Tariff | None:
    return (await office_of(cast.commune, day)).tariffs.get((BIRTH, CHARGE))


async def test_what_the_commune_set_holds_against_a_newer_word_of_its_province(catalogue: Cast) -> None:
    await set_tariff(catalogue.commune, BIRTH, CHARGE, 8_000, None, "NQ xã", JANUARY, None)
    await set_tariff(catalogue.province, BIRTH, CHARGE, 5_000, None, "NQ tỉnh", FEBRUARY, None)
    assert await charged(catalogue) == Tariff(8_000, None, "NQ xã")
    await set_tariff(catalogue.commune, BIRTH, CHARGE, 9_000, None, "NQ xã mới", MARCH, None)
    assert await charged(catalogue) == Tariff(9_000, None, "NQ xã mới"), "of its own the newest"
    assert await charged(catalogue, FEBRUARY) == Tariff(8_000, None, "NQ xã")


async def test_where_the_commune_set_nothing_yet_its_province_s_newest_word_holds(catalogue: Cast) -> None:
    await set_tariff(catalogue.province, BIRTH, CHARGE, 5_000, 0, "NQ tỉnh", JANUARY, None)
    await set_tariff(catalogue.province, BIRTH, CHARGE, 6_000, None, "NQ tỉnh mới", FEBRUARY, None)
    await set_tariff(catalogue.commune, BIRTH, CHARGE, 8_000, None, "NQ xã", TODAY, None)
    assert await charged(catalogue, JANUARY) == Tariff(5_000, 0, "NQ tỉnh")
    assert await charged(catalogue, TODAY - timedelta(days=1)) == Tariff(6_000, None, "NQ tỉnh mới")
    assert await charged(catalogue) == Tariff(8_000, None, "NQ xã")


@pytest.mark.parametrize("demo", [True, False])
async def test_no_setting_makes_another_provinces_example_a_price(
    catalogue: Cast, client: httpx.AsyncClient, demo: bool
) -> None:
    client.cookies.set("xa", "H71.104.26", domain="localhost.local")
    with settings.use(msgspec.structs.replace(settings.current(), demo=demo)):
        published = await current(UNMARRIED)
        assert published is not None
        assert [fee.id for fee in await missing_fees(catalogue.commune, published.version)] == [CHARGE]
        assert UNMARRIED in await open_all(catalogue.commune), "what has no price stays closed online"
        page = text(await client.get(f"/thu-tuc/{published.slug}", headers=HTML))
        row = text(await client.get("/thu-tuc", params={"q": UNMARRIED}, headers=HTML))
    assert "Xã báo mức thu" in row
    assert "Xã báo khi tiếp nhận" in page and "5.000 đ" not in page and "Hải Phòng" not in page


async def test_the_demo_province_sets_its_tariffs_as_an_office_does(catalogue: Cast, frozen: Frozen) -> None:
    frozen.advance(timedelta(days=-200))  # before what comes into force in September
    await set_tariffs(catalogue.province, JANUARY)
    frozen.advance(timedelta(days=200))
    later = (await office_of(catalogue.commune, TODAY)).tariffs
    assert {("3.000722", CHARGE), ("2.002913", CHARGE)} <= set(later)
    tariff = await charged(catalogue)
    assert tariff is not None and (tariff.amount_vnd, tariff.online_vnd) == (8_000, 0)
    assert "Hà Thanh" in tariff.basis
    closed = await open_all(catalogue.commune)
    assert closed == ["2.000806"], "for its fee no province gave an example, and the demo leaves it open"
