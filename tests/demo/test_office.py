"""The demo office is made once, by the real verbs, and looked at from all sides."""

import re
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from backend.accounts.tables import Account
from backend.agencies.calendars import calendar_of, forget_calendars
from backend.agencies.officers import officers_of
from backend.agencies.queries import agency_by_code
from backend.agencies.tables import Role
from backend.demo import office
from backend.demo.people import CITIZENS, COMMUNES
from backend.demo.plans import NUMBERS
from backend.dossiers import chips, codes, lifecycle, work
from backend.dossiers.tables import Dossier, State
from backend.dossiers.work_views import Asked, View
from backend.history.chain import verify_all
from backend.history.tables import ActorKind
from backend.kit import clock, database
from backend.kit.database import fetch, fetch_value
from backend.kit.errors import Refused
from backend.procedures.queries import version_of
from tests.conftest import Cluster, empty_tables

# One worker makes the office: it takes long.
pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("demo")]

# A Thursday morning, the office has been open for two hours and a half.
NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
WORKING = (Role.RECEPTIONIST, Role.PROCESSOR, Role.APPROVER, Role.LEADER, Role.CLERK)


@pytest.fixture(scope="module")
async def made(migrated: Cluster) -> AsyncIterator[list[str]]:
    """The demo office as it is made on a Thursday morning, and what was said meanwhile."""
    owner = await asyncpg.connect(**migrated.owner)
    try:
        await empty_tables(owner)
        await owner.execute("delete from administrative_unit")
        forget_calendars()
        await database.open_pool(migrated.app, 6)
        said: list[str] = []
        with clock.use(clock.Frozen(NOW)):
            await office.make_demo(said.append)
            yield said
        await database.close_pool()
        await empty_tables(owner)
        await owner.execute("delete from administrative_unit")
        forget_calendars()
    finally:
        await owner.close()


async def test_there_are_two_hundred_dossiers_three_communes_and_thirty_citizens(made: list[str]) -> None:
    rows = await fetch("select a.short_name, count(*) from dossier d join agency a on a.id = d.agency group by 1")
    assert {row["short_name"]: row["count"] for row in rows} == {
        commune.short_name: sum(numbers[place] for numbers in NUMBERS.values())
        for place, commune in enumerate(COMMUNES)
    }
    assert await Dossier.count() == 200
    assert await Account.count().where(Account.officer_since.is_null()) == len(CITIZENS) == 30
    assert await fetch_value("select count(distinct procedure_code) from dossier") >= 15
    assert made[-1].startswith("dossiers:"), "progress is told"


async def test_every_state_that_can_be_reached_is_there(made: list[str]) -> None:
    there = {row["state"] for row in await fetch("select distinct state from dossier")}
    # These come with supplements, payments and the archive.
    later = {State.AWAITING_SUPPLEMENT, State.AWAITING_FEE, State.STOPPED, State.ARCHIVED}
    assert there == set(State) - later


async def test_every_chip_that_can_be_reached_is_there(made: list[str]) -> None:
    seen = set()
    for row in await Dossier.objects():
        steps = (await version_of(row.version)).steps
        seen.add(chips.chip(row.state, lifecycle.current_step(row, steps), row.proposal is not None))
    assert seen == set(chips.Chip) - {chips.Chip.SUPPLEMENT, chips.Chip.FEE_DUE, chips.Chip.WITHDRAWN}


async def test_some_are_late_some_due_today_some_tomorrow(made: list[str]) -> None:
    rows = await fetch("select due_at from dossier where state = any($1)", ["received", "in_process", "decided"])
    days = [clock.local(row["due_at"]).date() for row in rows]
    today = clock.local(NOW).date()
    assert 4 <= sum(day < today for day in days) <= len(days) // 3
    assert days.count(today) >= 4
    assert days.count(today + timedelta(days=1)) >= 4


async def test_history_holds(made: list[str]) -> None:
    outcome = await verify_all()
    assert outcome.faults == []
    assert outcome.entries > 1000


async def test_codes_have_no_gaps_and_follow_time(made: list[str]) -> None:
    given: dict[tuple[str, object], list[tuple[int, datetime]]] = defaultdict(list)
    for row in await fetch("select code, submitted_at from dossier where code is not null"):
        code = codes.parse(row["code"])
        given[code.agency, code.day].append((code.number, row["submitted_at"]))
        assert clock.local(row["submitted_at"]).date() == code.day
    for of_a_day in given.values():
        of_a_day.sort()
        assert [number for number, _at in of_a_day] == list(range(1, len(of_a_day) + 1))
        assert [at for _number, at in of_a_day] == sorted(at for _number, at in of_a_day)


async def test_nothing_happened_in_the_future(made: list[str]) -> None:
    for table, column in (
        ("history_entry", "at"),
        ("notification", "at"),
        ("dossier_note", "at"),
        ("dossier_paper", "issued_at"),
        ("dossier_result", "attached_at"),
        ("file", "uploaded_at"),
        ("dossier", "updated_at"),
    ):
        assert await fetch_value(f"select max({column}) from {table}") <= NOW, table


async def test_officers_act_in_office_hours_and_citizens_in_the_evening_too(made: list[str]) -> None:
    acts = await fetch("select agency, at, actor_kind from history_entry where subject_kind = 'dossier' order by at")
    for act in acts:
        if act["actor_kind"] == ActorKind.OFFICER:
            assert (await calendar_of(act["agency"])).is_open(act["at"]), act["at"]
    by_citizens = [clock.local(act["at"]).hour for act in acts if act["actor_kind"] == ActorKind.CITIZEN]
    assert sum(hour >= 18 for hour in by_citizens) > 20


async def test_each_dossier_goes_forward_in_time(made: list[str]) -> None:
    before: dict[UUID, datetime] = {}
    for entry in await fetch("select subject, at from history_entry order by subject, number"):
        assert before.get(entry["subject"], entry["at"]) <= entry["at"]
        before[entry["subject"]] = entry["at"]


async def test_the_first_citizen_has_one_of_each_kind(made: list[str]) -> None:
    ha = await Account.objects().get(Account.phone == CITIZENS[0].phone)
    assert ha is not None and ha.full_name == "Trần Thị Thu Hà"
    states = sorted(row["state"] for row in await fetch("select state from dossier where account = $1", ha.id))
    assert states == ["delivered", "draft", "in_process", "issued", "submitted"]


async def test_officers_find_a_living_office(made: list[str]) -> None:
    agency = await agency_by_code(COMMUNES[0].code)
    assert agency is not None
    idle = []
    for officer in await officers_of(agency.id):
        listed = await work.listed(officer, Asked(view=View.MINE))
        if officer.may(*WORKING) and not listed.counts[View.MINE]:
            idle.append(officer.name)
    assert idle == []


async def test_files_show_and_leave_no_work_behind(made: list[str]) -> None:
    assert await fetch_value("select count(*) from file where removed_at is null") > 60
    assert await fetch_value("select count(*) from file where removed_at is null and pages is distinct from 1") == 0
    waiting = await fetch("select entrypoint, count(*) from pgqueuer group by 1")
    submitted = sum(NUMBERS[stage][place] for stage in NUMBERS if stage.name == "SUBMITTED" for place in range(3))
    assert {row["entrypoint"]: row["count"] for row in waiting} == {"dossiers.intake_due": submitted}


async def test_old_news_is_read_and_young_news_is_not(made: list[str]) -> None:
    assert (
        await fetch_value(
            "select count(*) from notification where read_at is null and at < $1", NOW - timedelta(days=3)
        )
        == 0
    )
    assert await fetch_value("select count(*) from notification where read_at is null") > 0


async def test_names_of_owners_are_names(made: list[str]) -> None:
    for row in await fetch("select owner_name, owner_phone, state from dossier where state <> 'draft'"):
        assert re.fullmatch(r"(\w+ ){1,4}\w+", row["owner_name"]), row
        assert re.fullmatch(r"0\d{9}", row["owner_phone"]), row


async def test_what_is_finished_stays(made: list[str]) -> None:
    assert not await office.is_unfinished()


async def test_a_second_time_is_refused(made: list[str]) -> None:
    with pytest.raises(Refused):
        await office.make_demo()
