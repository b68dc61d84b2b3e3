"""How the work list may be narrowed: the pills, the groups by date, what belongs to which; counted and asked alike."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from backend.agencies.officers import Officer, in_office
from backend.agencies.tables import Role
from backend.dossiers import chips, moves
from backend.dossiers.tables import State
from backend.kit import clock
from backend.kit.database import fetch
from backend.kit.language import N_
from backend.procedures.queries import version_of
from backend.procedures.workflow import Step

Steps = dict[tuple[UUID, str], Step]


_END_OF_TIME = 9000  # a year no deadline reaches: asyncpg reads `infinity` as the last moment it knows


class View(StrEnum):
    """The pills above the list; the value stands in the address."""

    ALL = ""
    MINE = "cho-toi"
    LATE = "qua-han"
    TODAY = "hom-nay"
    WEEK = "tuan-nay"
    TO_RECEIVE = "cho-tiep-nhan"
    TO_SIGN = "cho-ky"
    OTHER_AGENCY = "co-quan-khac"
    RESULT_READY = "co-ket-qua"
    ENDED = "da-xong"


VIEW_WORDS = {
    View.ALL: N_("Tất cả"),
    View.MINE: N_("Chờ tôi"),
    View.LATE: N_("Quá hạn"),
    View.TODAY: N_("Hôm nay"),
    View.WEEK: N_("Tuần này"),
    View.TO_RECEIVE: N_("Chờ tiếp nhận"),
    View.TO_SIGN: N_("Chờ ký"),
    View.OTHER_AGENCY: N_("Chờ cơ quan khác"),
    View.RESULT_READY: N_("Có kết quả"),
    View.ENDED: N_("Đã xong"),
}


class When(StrEnum):
    """The groups of the list, in order; ready: waits to be fetched, open: no date is set."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    OPEN = "open"
    READY = "ready"


WHEN_WORDS = {
    When.LATE: N_("Quá hạn"),
    When.TODAY: N_("Hôm nay"),
    When.WEEK: N_("Tuần này"),
    When.LATER: N_("Sau tuần này"),
    When.OPEN: N_("Chưa hẹn ngày"),
    When.READY: N_("Chờ người nộp đến nhận"),
}


class Asked(msgspec.Struct, frozen=True):
    """What the list is narrowed to.

    Args:
        view: the pill.
        procedure: a procedure's code, or "".
        field: a field's slug, or "".
        text: code, owner's name without accents, or phone; looked for among all filed dossiers.
        number: fingerprint of a personal number that is looked for instead of a text.
        reference: by which the address names text or number, see `work_search`.
        after: where the page before ended.
    """

    view: View = View.ALL
    procedure: str = ""
    field: str = ""
    text: str = ""
    number: bytes = b""
    reference: str = ""
    after: str = ""

    @property
    def seeking(self) -> bool:
        """Whether something is looked for."""
        return bool(self.text or self.number)


class Bounds(msgspec.Struct, frozen=True):
    """Now, and where today and this week end."""

    now: datetime
    midnight: datetime
    monday: datetime

    def when(self, act_by: datetime, state: str) -> When:
        """Return the group of an open dossier."""
        if state == State.ISSUED:
            return When.READY
        if act_by.year >= _END_OF_TIME:
            return When.OPEN
        if act_by < self.now:
            return When.LATE
        if act_by < self.midnight:
            return When.TODAY
        return When.WEEK if act_by < self.monday else When.LATER


def bounds() -> Bounds:
    """Return the bounds of the groups as of now."""
    now = clock.now()
    today = clock.local(now).date()
    midnight = datetime.combine(today + timedelta(days=1), time(), clock.VN)
    return Bounds(now, midnight, midnight + timedelta(days=6 - today.weekday()))


class Tally(msgspec.Struct, frozen=True):
    """How many open dossiers are alike in all that pills ask."""

    version: UUID
    step: str | None
    state: str
    proposed: bool
    free: bool
    own: bool
    when: When
    count: int


_TALLY = """
select version, step, state, proposed, free, own, moment, count(*) as count from (
    select version, step, state, proposal is not null as proposed, assignee is null or assignee <> all($6) as free,
        coalesce(assignee = $2, false) as own,
        case when state = 'issued' then 'ready' when act_by < $3 then 'late' when act_by < $4 then 'today'
            when act_by < $5 then 'week' when act_by < 'infinity' then 'later' else 'open' end as moment
    from dossier where agency = $1 and act_by is not null
) open group by 1, 2, 3, 4, 5, 6, 7
"""


async def tallies(officer: Officer) -> list[Tally]:
    """Return what is open in the officer's agency, counted by all that pills ask, in one pass over the index."""
    ends = bounds()
    staff = await in_office(officer.agency_id)
    rows = await fetch(_TALLY, officer.agency_id, officer.id, ends.now, ends.midnight, ends.monday, staff)
    return [
        Tally(
            row["version"],
            row["step"],
            row["state"],
            row["proposed"],
            row["free"],
            row["own"],
            When(row["moment"]),
            row["count"],
        )
        for row in rows
    ]


async def steps_of(versions: Iterable[UUID]) -> Steps:
    """Return the workflow steps of versions, by version and key."""
    return {(version, step.key): step for version in versions for step in (await version_of(version)).steps}


def belongs(view: View, one: Tally, officer: Officer, steps: Steps) -> bool:
    """Whether dossiers of a tally stand under a pill; ended ones are never counted."""
    step = steps.get((one.version, one.step or ""))
    match view:
        case View.ALL:
            return True
        case View.MINE:
            return _mine(one, officer, step)
        case View.LATE | View.TODAY | View.WEEK:
            return one.when == view.name.lower()
        case View.TO_RECEIVE:
            return one.state == State.SUBMITTED
        case View.RESULT_READY:
            return one.state == State.ISSUED
        case View.TO_SIGN:
            return chips.chip(one.state, step, one.proposed) is chips.Chip.TO_SIGN
        case View.OTHER_AGENCY:
            return chips.chip(one.state, step, one.proposed) is chips.Chip.OTHER_AGENCY
        case _:
            return False


def _mine(one: Tally, officer: Officer, step: Step | None) -> bool:
    if one.state == State.SUBMITTED:
        return officer.may(Role.RECEPTIONIST)
    if one.proposed:
        return officer.may(*moves.SIGNERS)
    return one.own or (one.free and step is not None and officer.may(moves.role_of(step)))
