"""The officers' work list: what is due first stands first; counts, pills, filters, search and pages agree with one another."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from backend.agencies.officers import appoint, end_officer, officer_by_id
from backend.agencies.tables import Role
from backend.dossiers import lifecycle
from backend.dossiers.tables import ChannelOfFiling, Dossier, State
from backend.dossiers.work import Listed, listed
from backend.dossiers.work_rows import ON_A_PAGE
from backend.dossiers.work_views import Asked, View, When
from backend.kit import clock
from backend.kit.database import execute, new_id
from backend.kit.errors import Invalid
from backend.kit.text import fold
from tests.browser import sign_in
from tests.cast import Cast
from tests.dossiers import stories

pytestmark = pytest.mark.anyio
HTML = {"Accept": "text/html"}
HTMX = HTML | {"HX-Request": "true", "HX-Request-Type": "partial"}
HOUR = timedelta(hours=1)
RESIDENCE = "1.004194"


class Office:
    """Rows put where a story wants them."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.number = cast, 0

    async def put(
        self,
        state: State,
        *,
        due: timedelta | None = None,
        answer: timedelta = 6 * HOUR,
        step: str | None = None,
        name: str = "Trần Thị Thu Hà",
        phone: str = "0912345678",
        code: str = stories.BIRTH,
        agency: UUID | None = None,
        assignee: UUID | None = None,
        ended: timedelta | None = None,
    ) -> str:
        """Insert a dossier; moments are counted from now. Return its code."""
        self.number += 1
        now = clock.now()
        place = "H71.104.27" if agency else "H71.104.26"
        made = Dossier(
            id=new_id(),
            agency=agency or self.cast.commune,
            code=f"{place}-261125-{self.number:04d}",
            procedure_code=code,
            version=(await stories.published(code)).version_id,
            channel=ChannelOfFiling.ONLINE,
            state_owner="ours",
            state=state,
            step=step,
            assignee=assignee,
            owner_name=name,
            owner_search=fold(name),
            owner_phone=phone,
            created_at=now,
            updated_at=now,
            submitted_at=now - HOUR,
            intake_due_at=now + answer,
            received_at=None if state == State.SUBMITTED else now - HOUR,
            due_at=None if due is None else now + due,
            ended_at=None if ended is None else now - ended,
        )
        await Dossier.insert(made)
        return str(made.code)


@pytest.fixture
async def office(cast: Cast) -> Office:
    """Mai Khê with two procedures and nothing to do."""
    await stories.publish(cast, stories.BIRTH, RESIDENCE)
    return Office(cast)


async def seen(cast: Cast, role: Role = Role.RECEPTIONIST, asked: Asked = Asked()) -> Listed:  # noqa: B008 - frozen
    """The list as an officer gets it."""
    return await listed(await stories.officer(cast, role), asked)


def codes(found: Listed) -> list[str]:
    """The dossiers in order."""
    return [one.code for one in found.work]


async def test_what_is_due_first_stands_first_and_a_filing_counts_by_its_answer(cast: Cast, office: Office) -> None:
    later = await office.put(State.IN_PROCESS, due=24 * 9 * HOUR, step="process")
    filed = await office.put(State.SUBMITTED, answer=5 * HOUR)
    late = await office.put(State.RECEIVED, due=-30 * HOUR, step="process")
    open_ended = await office.put(State.IN_PROCESS, step="process")
    ready = await office.put(State.ISSUED, due=-50 * HOUR, step="return")
    today = await office.put(State.DECIDED, due=2 * HOUR, step="issue")
    await office.put(State.DELIVERED, ended=HOUR)
    await office.put(State.RECEIVED, due=-90 * HOUR, step="process", agency=cast.other_commune)
    found = await seen(cast)
    assert codes(found)[:4] == [late, today, filed, later]
    assert set(codes(found)[4:]) == {open_ended, ready}
    assert [one.when for one in found.work][:4] == [When.LATE, When.TODAY, When.TODAY, When.LATER]
    assert {one.code: one.when for one in found.work}[ready] is When.READY
    assert {one.code: one.when for one in found.work}[open_ended] is When.OPEN


async def test_each_pill_shows_as_many_as_it_counts(cast: Cast, office: Office) -> None:
    processor = cast.officer(Role.PROCESSOR).officer
    for due in (-40 * HOUR, 3 * HOUR, 26 * HOUR, 24 * 9 * HOUR):
        await office.put(State.IN_PROCESS, due=due, step="process")
        await office.put(State.SUBMITTED, answer=due)
    await office.put(State.IN_PROCESS, due=HOUR, step="approve")
    await office.put(State.IN_PROCESS, due=HOUR, step="verify")
    await office.put(State.RECEIVED, due=HOUR, step="process", assignee=processor)
    await office.put(State.RECEIVED, due=HOUR, step="process", assignee=cast.officer(Role.LEADER).officer)
    await office.put(State.ISSUED, due=HOUR, step="return")
    await office.put(State.REFUSED, ended=HOUR)
    proposed = await office.put(State.IN_PROCESS, due=HOUR, step="process")
    await execute("update dossier set proposal = '{}' where code = $1", proposed)
    for role in (Role.RECEPTIONIST, Role.PROCESSOR, Role.LEADER, Role.CLERK):
        found = await seen(cast, role)
        for view in set(View) - {View.ENDED}:
            narrowed = await seen(cast, role, Asked(view=view))
            assert len(narrowed.work) == found.counts[view], f"{role} {view.name}"
            assert sum(narrowed.groups.values()) == found.counts[view]
    counts = (await seen(cast)).counts
    assert counts[View.TO_RECEIVE] == 4
    assert counts[View.TO_SIGN] == 2
    assert counts[View.OTHER_AGENCY] == 1
    assert counts[View.RESULT_READY] == 1
    assert counts[View.MINE] == 5, "to receive, and to hand over"
    assert (await seen(cast, Role.PROCESSOR)).counts[View.MINE] == 6, "free ones and their own, not a colleague's"
    assert len((await seen(cast, asked=Asked(view=View.ENDED))).work) == 1


async def test_filters_by_procedure_and_field_narrow_the_counts_too(cast: Cast, office: Office) -> None:
    birth = await office.put(State.SUBMITTED)
    home = await office.put(State.SUBMITTED, code=RESIDENCE)
    only = await seen(cast, asked=Asked(procedure=RESIDENCE))
    assert codes(only) == [home]
    assert only.counts[View.ALL] == 1
    field = (await stories.published(stories.BIRTH)).version.field.slug
    by_field = await seen(cast, asked=Asked(field=field))
    assert codes(by_field) == [birth]
    assert by_field.counts[View.TO_RECEIVE] == 1


@pytest.mark.parametrize(
    "text",
    [
        "lương van thang",
        "LUONG THANG",
        "0987 654 321",
        "+84987654321",
        "H71.104.26-261125-0002",
        "261125-0002",
        "0002",
        "2",
    ],
)
async def test_a_dossier_is_found_by_code_name_or_phone(cast: Cast, office: Office, text: str) -> None:
    await office.put(State.SUBMITTED)
    wanted = await office.put(State.DELIVERED, name="Lường Văn Thắng", phone="0987654321", ended=HOUR)
    await office.put(State.SUBMITTED, agency=cast.other_commune, name="Lường Văn Thắng", phone="0987654321")
    assert codes(await seen(cast, asked=Asked(text=text))) == [wanted]


@pytest.mark.parametrize("text", ["100%", "_", "khong ai", "0900000000", "9999", "\\"])
async def test_what_is_not_there_is_not_found(cast: Cast, office: Office, text: str) -> None:
    await office.put(State.SUBMITTED)
    assert not (await seen(cast, asked=Asked(text=text))).work


async def test_pages_follow_one_another_without_gap_or_double(cast: Cast, office: Office) -> None:
    put = []
    for number in range(2 * ON_A_PAGE + 5):
        due = None if number % 7 == 0 else timedelta(hours=number // 3)
        put.append(await office.put(State.RECEIVED, due=due, step="process"))
    read: list[str] = []
    after = ""
    for _ in range(4):
        found = await seen(cast, asked=Asked(after=after))
        read += codes(found)
        after = found.after
        if not after:
            break
    assert len(read) == len(set(read))
    assert set(read) == set(put)


async def test_ended_ones_stand_last_ended_first_and_page_too(cast: Cast, office: Office) -> None:
    put = [await office.put(State.DELIVERED, ended=HOUR * number) for number in range(1, ON_A_PAGE + 4)]
    first = await seen(cast, asked=Asked(view=View.ENDED))
    second = await seen(cast, asked=Asked(view=View.ENDED, after=first.after))
    assert [*codes(first), *codes(second)] == put


async def test_a_made_up_place_in_the_list_begins_at_its_top(cast: Cast, office: Office) -> None:
    code = await office.put(State.SUBMITTED)
    assert codes(await seen(cast, asked=Asked(after="nowhere~at-all"))) == [code]


_EDGES = st.sampled_from(
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59.999999-14:00",
        "9999-12-31T23:59:59.999999+00:00",
        "0001-01-01",
        "2026-11-25T09:00:00",
        "2026-11-25T09:00:00+07:00",
        "infinity",
        "",
    ]
)
_MOMENTS = _EDGES | st.datetimes(timezones=st.timezones() | st.none()).map(datetime.isoformat) | st.text(max_size=40)
_IDS = st.uuids().map(str) | st.text(max_size=40)
_CURSORS = st.tuples(_MOMENTS, st.sampled_from(["~", "", "~~"]), _IDS).map("".join) | st.text(max_size=400)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(after=_CURSORS, view=st.sampled_from([View.ALL, View.ENDED]))
@example(after="0001-01-01T00:00:00+14:00~00000000-0000-0000-0000-000000000000", view=View.ALL)
@example(after="9999-12-31T23:59:59-14:00~00000000-0000-0000-0000-000000000000", view=View.ENDED)
async def test_any_place_in_the_list_gives_a_page(cast: Cast, office: Office, after: str, view: View) -> None:
    assert isinstance(await seen(cast, asked=Asked(view=view, after=after)), Listed)


async def test_the_next_act_is_this_officers_else_who_has_it(cast: Cast, office: Office) -> None:
    await office.put(State.SUBMITTED)
    assert (act := (await seen(cast)).work[0].act) and act.label == "Tiếp nhận"
    other = (await seen(cast, Role.CLERK)).work[0]
    assert other.act is None
    assert other.next_words


async def test_the_page_lives_and_answers_in_part(cast: Cast, office: Office, client: httpx.AsyncClient) -> None:
    await office.put(State.RECEIVED, due=-30 * HOUR, step="process")
    await office.put(State.SUBMITTED)
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    whole = (await client.get("/can-bo/viec?xem=cho-tiep-nhan", headers=HTML)).text
    assert "1 quá hạn, 1 đến hạn hôm nay" in re.sub(r"<[^>]+>|\s+", " ", whole).replace("  ", " ")
    assert 'hx-trigger="live:worklist from:document"' in whole
    assert 'hx-get="/can-bo/viec?xem=cho-tiep-nhan"' in whole
    part = await client.get("/can-bo/viec?xem=cho-tiep-nhan", headers=HTMX)
    assert part.text.strip().startswith('<div class="work-list')
    assert part.text.count('class="work-matter"') == 1


async def test_an_empty_list_says_that_the_day_is_done(cast: Cast, office: Office, client: httpx.AsyncClient) -> None:
    sign_in(client, cast.officer(Role.LEADER))
    assert "Hết việc đến hạn hôm nay" in (await client.get("/can-bo/viec", headers=HTML)).text
    for address in ("/can-bo/viec?xem=da-xong", "/can-bo/viec?tim=khong", "/can-bo/viec?xem=gi-do&linh-vuc=x"):
        assert (await client.get(address, headers=HTML)).status_code == 200


async def test_the_week_ends_on_sunday(cast: Cast, office: Office) -> None:
    sunday = datetime(2026, 11, 29, 16, 0, tzinfo=clock.VN) - clock.now()
    monday = datetime(2026, 11, 30, 8, 0, tzinfo=clock.VN) - clock.now()
    await office.put(State.RECEIVED, due=sunday, step="process")
    await office.put(State.RECEIVED, due=monday, step="process")
    assert [one.when for one in (await seen(cast)).work] == [When.WEEK, When.LATER]


async def test_what_an_officer_who_left_had_in_hand_waits_for_the_others(cast: Cast, office: Office) -> None:
    left = cast.officer(Role.PROCESSOR).officer
    held = await office.put(State.IN_PROCESS, due=HOUR, step="process", assignee=left)
    successor = await appoint(
        agency=cast.commune, account=cast.ha.account, name="Tạ Quang Minh", title="", roles=[Role.PROCESSOR]
    )
    minh = await officer_by_id(successor)
    assert (await listed(minh, Asked(view=View.MINE))).counts[View.MINE] == 0
    await end_officer(await stories.officer(cast, Role.ADMINISTRATOR), left)
    found = await listed(minh, Asked(view=View.MINE))
    assert codes(found) == [held] and found.counts[View.MINE] == 1
    assert found.work[0].holder == ""


async def test_a_dossier_is_not_given_to_a_colleague_who_has_left(cast: Cast, office: Office) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.received(cast, stories.BIRTH)
    steps = await stories.steps_of(dossier)
    phuc = await stories.officer(cast, Role.PROCESSOR)  # as the page of the person who gives it had them
    await end_officer(await stories.officer(cast, Role.ADMINISTRATOR), phuc.id)
    with pytest.raises(Invalid, match="Đỗ Minh Phúc đã thôi việc"):
        await lifecycle.assign(dossier, phuc, phuc, steps)
    assert (await stories.row(dossier.id)).assignee is None
