"""Two hundred dossiers at every stage, with a believable past, made by the real verbs under a moved clock."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random

import msgspec

from backend.agencies.calendars import calendar_of
from backend.agencies.tables import Role
from backend.demo import crew as words
from backend.demo.case import Case
from backend.demo.crew import Crew
from backend.demo.hours import WORKING_DAY, Hours
from backend.demo.matters import BY_CODE
from backend.demo.opening import Office
from backend.demo.plans import OPEN, Plan, Planner, Stage, working_days
from backend.demo.routes import Do, Turn, turns
from backend.dossiers.tables import Dossier, State
from backend.kit import clock, jobs
from backend.kit.database import unit_of_work
from backend.notifications.reading import mark_all_read
from backend.procedures.queries import several

# Working minutes ago that what waits at the counter was filed; an online filing is answered within 480.
WAITING_FOR = (462, 441, 512, 408, 335, 262, 190, 131, 78, 35, 16, 300, 55, 150)
Say = Callable[[str], None]
READ_UNTIL = timedelta(days=2)
"""News older than this was read."""


class Act(msgspec.Struct, frozen=True):
    """Something that happens at a moment."""

    at: datetime
    do: Callable[[], Awaitable[None]]


async def make_dossiers(office: Office, say: Say) -> None:
    """Make what citizens and officers did in the last weeks.

    Args:
        office: as it was made.
        say: told how far it came.
    """
    now = clock.now()
    still = clock.Frozen(now)
    with clock.use(still):
        acts = await _acts(office, now)
        for place, act in enumerate(acts):
            if place % 250 == 0:
                say(f"dossiers: {100 * place // len(acts)} %")
            still.at = act.at
            await act.do()


async def _acts(office: Office, now: datetime) -> list[Act]:
    """Everything that happens, in order of time."""
    day = clock.local(now).date().isoformat()
    hours = {agency: Hours(await calendar_of(agency), now) for agency in office.agencies}
    planner = Planner(office, await several(list(BY_CODE)), hours, Random(day))
    crew, found, waiting = Crew(office), [], iter(WAITING_FOR * 2)
    for plan in planner.plans():
        case = Case(plan, crew, f"{day} {plan.number}")
        found += list(_told(case, hours[plan.agency], waiting))
    accounts = [one.account for one in office.residents]
    accounts += [officer.account_id for officers in office.officers.values() for officer in officers]
    found += [Act(now - READ_UNTIL, partial(mark_all_read, account)) for account in accounts]
    # A stable order: what one dossier does at one moment stays in its order.
    return sorted((act for act in found if act.at <= now), key=lambda act: act.at)


def _told(case: Case, hours: Hours, waiting: Iterator[int]) -> Iterator[Act]:
    plan, rng = case.plan, case.rng
    if plan.stage is Stage.DRAFT:
        yield Act(hours.evening(hours.day_before(plan.days), rng), partial(case.begin, half=plan.number % 5 != 4))
        return
    if plan.stage is Stage.PREPARED:
        begun = hours.evening(hours.day_before(plan.days), rng)
        yield Act(begun, case.begin)
        yield Act(min(begun + timedelta(minutes=rng.randint(6, 25)), hours.now), case.prepare)
        return
    if plan.stage is Stage.SUBMITTED:
        last_night = plan.number % 4 == 0
        yield from _filed(case, hours.evening(hours.today, rng) if last_night else hours.at(next(waiting)))
        return
    received = hours.within(hours.day_before(plan.days), rng)
    if plan.by_net:
        yield from _filed(case, _filed_before(received, hours, rng))
        yield Act(received, case.refuse if plan.stage is Stage.REFUSED else case.receive)
    else:
        yield Act(received - timedelta(minutes=rng.randint(4, 12)), case.begin)
        yield Act(received, case.receive_at_counter)
    if plan.stage is not Stage.REFUSED:
        yield from _settled(case, hours, hours.ago(received))


def _filed(case: Case, at: datetime) -> Iterator[Act]:
    yield Act(at - timedelta(minutes=case.rng.randint(7, 45)), case.begin)
    yield Act(at, case.file)


def _filed_before(received: datetime, hours: Hours, rng: Random) -> datetime:
    """Some file in the evening, some during the day a while before the office answers."""
    day = clock.local(received).date()
    if rng.random() < 0.45:
        return hours.evening(day, rng)
    return min(hours.at(hours.ago(received) + rng.uniform(12, 260)), received - timedelta(minutes=4))


def _settled(case: Case, hours: Hours, received: float) -> Iterator[Act]:
    """What officers do after receipt; `received` and all below are working minutes before now."""
    plan, rng = case.plan, case.rng
    way = turns(case.steps, plan.stage)
    if not way:
        if rng.random() < 0.4:
            yield Act(hours.at(received * rng.uniform(0.1, 0.9)), case.assign)
        return
    end = _end(plan, hours, received, rng)
    moments = _moments(way, received, end, rng)
    if way[0].do is Do.TAKE_UP and rng.random() < 0.25:
        yield Act(hours.at((received + moments[0]) / 2), case.assign)
    for turn, ago in zip(way, moments, strict=True):
        yield Act(hours.at(ago), partial(case.turn, turn))
    if way[0].do is Do.TAKE_UP and len(way) > 1:
        yield from _notes(case, hours, moments)
    elif plan.stage in OPEN and rng.random() < 0.3:
        yield Act(hours.at(moments[-1] * rng.uniform(0.2, 0.9)), partial(case.say, *_inside(rng)))


def _notes(case: Case, hours: Hours, moments: list[float]) -> Iterator[Act]:
    """Now and then an officer writes something down while the work is going on."""
    at = hours.at((moments[0] + moments[1]) / 2)
    if case.rng.random() < 0.25:
        yield Act(at, partial(case.say, *_inside(case.rng)))
    if case.rng.random() < 0.12:
        yield Act(at, partial(case.say, Role.PROCESSOR, case.rng.choice(words.SHOWN), True))


def _inside(rng: Random) -> tuple[Role, str, bool]:
    return Role.PROCESSOR, rng.choice(words.INSIDE), False


def _end(plan: Plan, hours: Hours, received: float, rng: Random) -> float:
    """When the last act is done."""
    if plan.stage in OPEN:
        return received * rng.uniform(0.08, 0.6)
    rule = plan.version.channel(plan.channel)
    limit = working_days(rule.time_limit if rule else None) or 0
    closes = hours.calendar.closing(clock.local(hours.at(received)).date())
    time = limit * WORKING_DAY or received - hours.ago(closes)
    late = rng.random() < 0.09
    return max(received - time * (rng.uniform(1.1, 1.7) if late else rng.uniform(0.3, 0.95)), 10.0)


def _moments(way: list[Turn], received: float, end: float, rng: Random) -> list[float]:
    """Return when each act of the way is done; handing over waits until the person comes."""
    delivers = way[-1].do is Do.DELIVER
    count = len(way) - delivers
    shares = sorted(rng.random() for _turn in range(count - 1))
    if way[0].do is Do.TAKE_UP and shares:
        shares[0] *= 0.3
    moments = [received - (received - end) * share for share in [*shares, 1.0]]
    return [*moments, max(end - rng.uniform(15, 3 * WORKING_DAY / 2), end * 0.2)] if delivers else moments


async def leave_few_jobs() -> None:
    """What was done at once or is long past is no work for the worker; what waits at the counter is still watched."""
    async with unit_of_work():
        await jobs.take_back("files.preview", "dossiers.intake_due", "notifications.deliver")
    for row in await Dossier.select(Dossier.id, Dossier.intake_due_at).where(Dossier.state == State.SUBMITTED):
        async with unit_of_work():
            await jobs.enqueue(
                "dossiers.intake_due",
                {"dossier": str(row["id"])},
                key=f"intake-{row['id']}",
                at=max(row["intake_due_at"], clock.now()),
            )
