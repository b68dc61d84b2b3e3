"""The rows of the work list: the same narrowing in SQL, the search among all filed dossiers, paging by the last row seen."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from backend.agencies.officers import Officer, in_office
from backend.agencies.tables import Role
from backend.dossiers import chips, codes, moves
from backend.dossiers.tables import State
from backend.dossiers.work_views import Asked, Steps, View, bounds
from backend.kit.database import Record, fetch
from backend.kit.text import fold
from backend.procedures.workflow import Step, StepKind

ON_A_PAGE = 40
_NEVER = datetime.max  # noqa: DTZ901 - as asyncpg reads `infinity`, where no date is set

_COLUMNS = """
d.id, d.agency, d.code, d.owner_name, d.procedure_code, d.version, d.state, d.step, d.assignee, d.proposal, d.act_by,
d.submitted_at, d.intake_due_at, d.received_at, d.due_at, d.ended_at,
exists (select from dossier_result r where r.dossier = d.id and r.replaced_at is null) as result
"""


class _Where:
    """Conditions with their numbered arguments."""

    def __init__(self, agency: UUID) -> None:
        self.values: list[Any] = [agency]
        self.parts = ["d.agency = $1"]

    def add(self, condition: str, *values: Any) -> None:
        """Add a condition whose places are written {0}, {1} …"""
        places = [f"${len(self.values) + number}" for number in range(1, len(values) + 1)]
        self.parts.append(condition.format(*places))
        self.values += values

    def __str__(self) -> str:
        return " and ".join(f"({part})" for part in self.parts)


async def rows_of(officer: Officer, asked: Asked, steps: Steps, among: frozenset[str] | None) -> list[Record]:
    """Return the rows of one page and one more where there is a next.

    Args:
        officer: whose agency.
        asked: the narrowing.
        steps: of the versions that are open.
        among: codes of procedures, None for all.
    """
    last = place(asked.after)
    where = _Where(officer.agency_id)
    if asked.seeking:
        _search(where, asked, officer)
        order = "d.act_by, d.submitted_at desc"
    elif asked.view is View.ENDED:
        where.add("d.ended_at is not null")
        order = "d.ended_at desc, d.id desc"
        if last:
            where.add("(d.ended_at, d.id) < ({0}, {1})", *last)
    else:
        where.add("d.act_by is not null")
        order = "d.act_by, d.id"
        _view(where, asked.view, officer, steps, await in_office(officer.agency_id))
        if last:
            where.add("(d.act_by, d.id) > ({0}, {1})", *last)
    if among is not None:
        where.add("d.procedure_code = any({0})", list(among))
    sql = f"select {_COLUMNS} from dossier d where {where} order by {order} limit {ON_A_PAGE + 1}"
    return await fetch(sql, *where.values)


def _view(where: _Where, view: View, officer: Officer, steps: Steps, staff: list[UUID]) -> None:
    ends = bounds()
    match view:
        case View.MINE:
            own = _pairs(steps, lambda step: officer.may(moves.role_of(step)))
            where.add(
                "case when d.state = 'submitted' then {0} when d.proposal is not null then {1} "
                "else d.assignee = {2} or ((d.assignee is null or d.assignee <> all({5})) and (d.version, d.step) in "
                "(select * from unnest({3}::uuid[], {4}::text[]))) end",
                officer.may(Role.RECEPTIONIST),
                officer.may(*moves.SIGNERS),
                officer.id,
                *own,
                staff,
            )
        case View.LATE:
            where.add("d.act_by < {0}", ends.now)
        case View.TODAY:
            where.add("d.act_by >= {0} and d.act_by < {1}", ends.now, ends.midnight)
        case View.WEEK:
            where.add("d.act_by >= {0} and d.act_by < {1}", ends.midnight, ends.monday)
        case View.TO_RECEIVE:
            where.add("d.state = {0}", str(State.SUBMITTED))
        case View.RESULT_READY:
            where.add("d.state = {0}", str(State.ISSUED))
        case View.TO_SIGN:
            signing = _pairs(steps, lambda step: chips.chip(State.IN_PROCESS, step) is chips.Chip.TO_SIGN)
            where.add(
                "d.state = 'in_process' and (d.proposal is not null or (d.version, d.step) in "
                "(select * from unnest({0}::uuid[], {1}::text[])))",
                *signing,
            )
        case View.OTHER_AGENCY:
            elsewhere = _pairs(steps, lambda step: step.kind is StepKind.WAIT)
            where.add(
                "d.state = 'in_process' and d.proposal is null and (d.version, d.step) in "
                "(select * from unnest({0}::uuid[], {1}::text[]))",
                *elsewhere,
            )


def _pairs(steps: Steps, wanted: Callable[[Step], bool]) -> tuple[list[UUID], list[str]]:
    found = [pair for pair, step in steps.items() if wanted(step)]
    return [version for version, _key in found], [key for _version, key in found]


def _search(where: _Where, asked: Asked, officer: Officer) -> None:
    where.add("d.state = any({0})", [str(state) for state in moves.FILED])
    if asked.number:
        where.add("d.owner_number = {0}", asked.number)
        return
    text = asked.text
    bare = "".join(text.split())
    try:
        where.add("d.code = {0}", str(codes.parse(text)))
        return
    except ValueError:
        pass
    if re.fullmatch(r"\d{6}-\d{1,6}", bare):
        day, _dash, number = bare.partition("-")
        where.add("d.code = {0}", f"{officer.agency.code}-{day}-{int(number):04d}")
    elif re.fullmatch(r"\d{1,6}", bare):
        where.add("split_part(d.code, '-', 3) = {0} and d.code is not null", f"{int(bare):04d}")
    elif re.fullmatch(r"\+?[\d.]{7,14}", bare):
        where.add("d.owner_phone = {0}", re.sub(r"^\+?84(?=\d{9}$)", "0", bare.replace(".", "")))
    else:
        for word in fold(text).split()[:6]:
            where.add("d.owner_search like {0}", "%" + re.sub(r"([%_\\])", r"\\\1", word) + "%")


def token(row: Record, view: View) -> str:
    """Return the place of a row, to go on behind it."""
    moment: datetime = row["ended_at"] if view is View.ENDED else row["act_by"]
    return f"{moment.isoformat()}~{row['id']}"


def place(written: str) -> tuple[datetime, UUID] | None:
    """Return the place a token names; None for what is no token of ours."""
    moment, _tilde, identity = written.partition("~")
    try:
        at = datetime.fromisoformat(moment)
        if at == _NEVER:
            return at, UUID(identity)
        # Without a zone it is no token of ours; at the ends of the calendar a zone leads out of the years there are.
        return (at.astimezone(UTC), UUID(identity)) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None
