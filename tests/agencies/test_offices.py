"""Officers, units and calendars on the real database."""

import asyncio
from datetime import date

import pytest

from backend.agencies import officers
from backend.agencies.calendars import import_calendar
from backend.agencies.queries import calendar_of
from backend.agencies.tables import Role
from backend.agencies.units import import_units, units
from backend.kit.errors import Refused
from tests.cast import Cast

pytestmark = pytest.mark.anyio


async def test_every_province_and_commune_of_today_is_there_and_a_second_import_adds_none(cast: Cast) -> None:
    await import_units()
    assert await import_units() == 0
    known = await units()
    assert len(known.provinces) == 34
    assert sum(len(inner) for inner in known.communes.values()) == 3321
    names = [unit.name.removeprefix("Tỉnh ") for unit in known.provinces]
    assert names.index("An Giang") < names.index("Đắk Lắk") < names.index("Vĩnh Long")


async def test_an_agency_works_by_the_national_calendar(cast: Cast) -> None:
    await import_calendar()
    calendar = await calendar_of(cast.commune)
    assert not calendar.is_working_day(date(2026, 11, 24))
    assert calendar.is_working_day(date(2026, 8, 22))


async def test_an_officer_is_found_by_their_account_until_their_office_ends(cast: Cast) -> None:
    mai = cast.officer(Role.RECEPTIONIST)
    found = await officers.officer_of(mai.account)
    assert found and found.roles == {Role.RECEPTIONIST} and found.agency_short_name == "Xã Mai Khê"
    await officers.end_office(found)
    assert await officers.officer_of(mai.account) is None
    assert await officers.name_of(found.id) == mai.name


async def test_a_person_is_appointed_to_an_agency_once(cast: Cast) -> None:
    await officers.create_officer(cast.ha.account, cast.commune, cast.ha.name, "", [Role.CLERK])
    with pytest.raises(Refused):
        await officers.create_officer(cast.ha.account, cast.commune, cast.ha.name, "", [Role.LEADER])


async def test_of_two_administrators_leaving_at_once_one_stays(cast: Cast) -> None:
    second = await officers.create_officer(cast.ha.account, cast.commune, cast.ha.name, "", [Role.ADMINISTRATOR])
    one = await officers.officer_of(cast.officer(Role.ADMINISTRATOR).account)
    other = await officers.officer_by_id(second)
    assert one and other
    ended = await asyncio.gather(
        asyncio.create_task(officers.end_office(one)),
        asyncio.create_task(officers.end_office(other)),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in ended) == ["NoneType", "Refused"]
