"""Officers, units and calendars on the real database."""

import asyncio
from datetime import date, timedelta

import pytest

from backend.accounts.tables import Account
from backend.agencies import officers
from backend.agencies.calendars import calendar_of, forget_calendars, import_calendar, unknown_years
from backend.agencies.officers import Officer
from backend.agencies.queries import agency_by_id, communes
from backend.agencies.tables import Agency, CalendarDay, Role
from backend.agencies.units import communes as communes_in
from backend.agencies.units import import_units, provinces
from backend.history.record import entries
from backend.kit import clock
from backend.kit.database import new_id
from backend.kit.errors import Invalid, NotFound, Refused
from tests.cast import NOON, PASSWORD, Cast

pytestmark = pytest.mark.anyio

FRIDAY = date(2026, 12, 4)


async def at_work(cast: Cast, role: Role) -> Officer:
    """The officer of Mai Khê with this role, as the room knows them."""
    return (await officers.places_of(cast.officer(role).account))[0]


async def test_every_province_and_commune_of_today_is_there_and_a_second_import_adds_none(cast: Cast) -> None:
    await import_units()
    assert await import_units() == 0
    known = await provinces()
    assert len(known) == 34
    assert sum([len(await communes_in(code)) for code, _name in known]) == 3321
    names = [name.removeprefix("Tỉnh ") for _code, name in known]
    assert names.index("An Giang") < names.index("Đắk Lắk") < names.index("Vĩnh Long")


async def test_an_agency_works_by_the_national_calendar(cast: Cast) -> None:
    assert await import_calendar() == await import_calendar()
    calendar = await calendar_of(cast.commune)
    assert not calendar.is_working_day(date(2026, 11, 24))
    assert calendar.is_working_day(date(2026, 8, 22))


async def test_an_agency_s_own_day_goes_before_the_national_one_and_only_there(cast: Cast) -> None:
    own = CalendarDay(id=new_id(), agency=cast.commune, date=FRIDAY, kind="holiday", name="Hội làng")
    await CalendarDay.insert(own)
    try:
        forget_calendars()
        assert not (await calendar_of(cast.commune)).is_working_day(FRIDAY)
        assert (await calendar_of(cast.other_commune)).is_working_day(FRIDAY)
    finally:
        await CalendarDay.delete().where(CalendarDay.id == own.id)


async def test_an_office_s_own_cut_off_holds(cast: Cast) -> None:
    await Agency.update({Agency.cutoff: "11:00"}).where(Agency.id == cast.commune)
    assert (await calendar_of(cast.commune)).cutoff.hour == 11


async def test_a_calendar_is_kept_for_a_minute(cast: Cast) -> None:
    before = await calendar_of(cast.commune)
    await Agency.update({Agency.cutoff: "14:00"}).where(Agency.id == cast.commune)
    assert await calendar_of(cast.commune) is before
    with clock.use(clock.Frozen(NOON + timedelta(seconds=61))):
        assert (await calendar_of(cast.commune)).cutoff.hour == 14


async def test_administrators_are_warned_of_years_without_holidays(cast: Cast) -> None:
    calendar = await calendar_of(cast.commune)
    assert unknown_years(calendar, NOON + timedelta(days=365 * 3)) == (2029, 2030)


async def test_agencies_are_found_and_communes_stand_in_the_order_of_a_list(cast: Cast) -> None:
    assert (await agency_by_id(cast.commune)).short_name == "Xã Mai Khê"
    assert [one.short_name for one in await communes()] == ["Xã Đồng Sen", "Xã Mai Khê"]
    with pytest.raises(NotFound):
        await agency_by_id(new_id())


async def test_an_officer_is_found_by_their_account_until_their_appointment_ends(cast: Cast) -> None:
    mai, administrator = await at_work(cast, Role.RECEPTIONIST), await at_work(cast, Role.ADMINISTRATOR)
    assert mai.roles == {Role.RECEPTIONIST}
    assert mai.agency.short_name == "Xã Mai Khê"
    await officers.end_officer(administrator, mai.id)
    assert await officers.places_of(mai.account_id) == []
    assert await officers.name_of(mai.id) == mai.name
    account = await Account.objects().get(Account.id == mai.account_id)
    assert account is not None and account.officer_since is None


async def test_a_person_is_appointed_to_an_agency_once(cast: Cast) -> None:
    ha = {"account": cast.ha.account, "name": cast.ha.name, "title": ""}
    await officers.appoint(agency=cast.commune, roles=[Role.CLERK], **ha)
    with pytest.raises(Refused):
        await officers.appoint(agency=cast.commune, roles=[Role.LEADER], **ha)
    await officers.appoint(agency=cast.other_commune, roles=[Role.LEADER], **ha)
    assert len(await officers.places_of(cast.ha.account)) == 2


async def test_an_administrator_changes_only_officers_of_their_own_agency(cast: Cast) -> None:
    administrator, stranger = await at_work(cast, Role.ADMINISTRATOR), cast.stranger_officer
    assert stranger is not None and stranger.officer is not None
    with pytest.raises(NotFound):
        await officers.end_officer(administrator, stranger.officer)
    with pytest.raises(NotFound):
        await officers.change_officer(administrator, stranger.officer, title="", roles=["clerk"])


async def test_roles_are_those_the_law_knows_and_at_least_one(cast: Cast) -> None:
    administrator, mai = await at_work(cast, Role.ADMINISTRATOR), await at_work(cast, Role.RECEPTIONIST)
    for roles in ([], ["king"], ["clerk", "king"]):
        with pytest.raises(Invalid) as refusal:
            await officers.change_officer(administrator, mai.id, title="", roles=roles)
        assert "roles" in refusal.value.fields
    await officers.change_officer(administrator, mai.id, title="Công chức", roles=["clerk", "receptionist"])
    changed = await officers.officer_by_id(mai.id)
    assert changed.roles == {Role.CLERK, Role.RECEPTIONIST}
    assert changed.role_words == ["Tiếp nhận", "Văn thư"]


async def test_the_last_administrator_stays(cast: Cast) -> None:
    administrator = await at_work(cast, Role.ADMINISTRATOR)
    with pytest.raises(Refused):
        await officers.change_officer(administrator, administrator.id, title="", roles=["clerk"])
    with pytest.raises(Refused):
        await officers.end_officer(administrator, administrator.id)


async def test_of_two_administrators_leaving_at_once_one_stays(cast: Cast) -> None:
    one = await at_work(cast, Role.ADMINISTRATOR)
    second = await officers.appoint(
        agency=cast.commune, account=cast.ha.account, name=cast.ha.name, title="", roles=[Role.ADMINISTRATOR]
    )
    ended = await asyncio.gather(
        asyncio.create_task(officers.end_officer(one, one.id)),
        asyncio.create_task(officers.end_officer(one, second)),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in ended) == ["NoneType", "Refused"]


async def test_the_command_line_creates_an_officer_who_can_sign_in(cast: Cast) -> None:
    said = await officers.create_officer(
        agency="H71.104.26", name="Tạ Quang Minh", phone="0911222333", roles=["leader", "approver"], password=PASSWORD
    )
    assert "Tạ Quang Minh" in said
    leaders = [one.name for one in await officers.officers_of(cast.commune) if one.may(Role.LEADER)]
    assert "Tạ Quang Minh" in leaders
    for wrong in ({"agency": "H99"}, {"roles": ["king"]}, {"phone": "12"}):
        right = {"agency": "H71.104.26", "name": "Tạ Minh", "phone": "0911222334", "roles": ["clerk"]}
        with pytest.raises(ValueError):
            await officers.create_officer(**(right | wrong), password=PASSWORD)  # type: ignore[arg-type]


async def test_history_says_who_changed_and_ended_an_appointment(cast: Cast) -> None:
    tuan = await officers.officer_by_id(cast.officer(Role.ADMINISTRATOR).officer)
    phuc = cast.officer(Role.PROCESSOR).officer
    await officers.change_officer(tuan, phuc, title="Chuyên viên", roles=["processor", "clerk"])
    await officers.end_officer(tuan, phuc)
    ended, changed = await entries(phuc)
    assert [(one.act, one.actor) for one in (changed, ended)] == [("changed", tuan.id), ("ended", tuan.id)]
