"""Which dossiers the demo office has: where, of whom, in what matter, how far they came, and by when they are due."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from enum import Enum, auto
from random import Random
from uuid import UUID

import msgspec

from backend.demo.answers import Someone, stranger
from backend.demo.hours import Hours
from backend.demo.matters import BY_CODE, MATTERS, Matter
from backend.demo.opening import Office
from backend.demo.people import CITIZENS, COMMUNES, Commune, home_of
from backend.procedures.counting import Unit
from backend.procedures.definition import Channel, Version
from backend.procedures.limits import TimeLimit
from backend.procedures.queries import Published
from backend.procedures.workflow import End, StepKind, StepRole


class Stage(Enum):
    """How far a dossier came."""

    DRAFT = auto()
    PREPARED = auto()
    SUBMITTED = auto()
    REFUSED = auto()
    RECEIVED = auto()
    WORKING = auto()
    WAITING = auto()
    SIGNING = auto()
    PROPOSED = auto()
    DECLINED = auto()
    DECIDED = auto()
    READY = auto()
    REJECTED = auto()
    FORWARDED = auto()
    DELIVERED = auto()


NUMBERS = {
    Stage.DRAFT: (7, 2, 1),
    Stage.PREPARED: (3, 1, 1),
    Stage.SUBMITTED: (10, 2, 2),
    Stage.REFUSED: (5, 1, 1),
    Stage.RECEIVED: (7, 2, 1),
    Stage.WORKING: (15, 4, 3),
    Stage.WAITING: (6, 1, 1),
    Stage.SIGNING: (8, 2, 2),
    Stage.PROPOSED: (2, 0, 1),
    Stage.DECLINED: (1, 0, 0),
    Stage.DECIDED: (4, 1, 0),
    Stage.READY: (9, 2, 1),
    Stage.REJECTED: (4, 1, 0),
    Stage.FORWARDED: (3, 0, 1),
    Stage.DELIVERED: (66, 6, 10),
}
"""How many there are in each commune of `COMMUNES`: two hundred."""

BY_NET = frozenset({Stage.DRAFT, Stage.SUBMITTED, Stage.REFUSED})
OPEN = frozenset(
    {Stage.RECEIVED, Stage.WORKING, Stage.WAITING, Stage.SIGNING, Stage.PROPOSED, Stage.DECLINED, Stage.DECIDED}
)
ENDED = frozenset({Stage.REFUSED, Stage.REJECTED, Stage.FORWARDED, Stage.DELIVERED})
REJECTING = frozenset({Stage.PROPOSED, Stage.DECLINED, Stage.REJECTED})

# Working days after the due day (negative: before it) of what is open: an office with a few late ones.
LATENESS = (0, -1, 2, -2, -1, 0, -3, 1, -4, -1, -2, 0, -6, -1, -3, 3, -5, -2)
LONGEST = 10
"""Working days of the longest matter that was settled within what is told."""

# The first account that is printed has one of each kind, so that its owner sees all there is.
SHOWN = (
    ("1.001193", Stage.DRAFT),
    ("2.000635", Stage.SUBMITTED),
    ("1.001612", Stage.WORKING),
    ("1.010041", Stage.READY),
    ("2.000908", Stage.DELIVERED),
)


class Plan(msgspec.Struct, kw_only=True):
    """One dossier as it is to be.

    Args:
        number: among all, for chance of its own.
        place: of the commune in `COMMUNES`.
        agency: its id.
        matter: what it is about.
        published: the procedure.
        stage: how far it comes.
        who: the person.
        account: theirs; None: a stranger at the counter.
        by_net: filed online.
        days: working days before the present one on which it is received (or filed, or begun).
    """

    number: int
    place: int
    agency: UUID
    matter: Matter
    published: Published
    stage: Stage
    who: Someone
    account: UUID | None
    by_net: bool
    days: int

    @property
    def version(self) -> Version:
        """The procedure's version."""
        return self.published.version

    @property
    def commune(self) -> Commune:
        """Where it is."""
        return COMMUNES[self.place]

    @property
    def channel(self) -> Channel:
        """How it reaches the office."""
        return Channel.ONLINE if self.by_net else Channel.COUNTER


def working_days(limit: TimeLimit | None) -> int | None:
    """Return about how many working days a limit gives; 0: the same day; None: it is not in days."""
    if limit is None or limit.value is None:
        return None
    if limit.same_day:
        return 0
    match limit.unit:
        case Unit.WORKING_DAYS:
            return int(-(-limit.value // 1))
        case Unit.DAYS:
            return int(limit.value * 5 // 7)
        case _:
            return None


class Planner:
    """Draws the plans of all dossiers.

    Args:
        office: as it was made.
        published: the procedures, by code.
        hours: of each agency.
        rng: the day's chance.
    """

    def __init__(self, office: Office, published: dict[str, Published], hours: dict[UUID, Hours], rng: Random) -> None:
        self.office, self.published, self.hours, self.rng = office, published, hours, rng
        self._asked: Counter[UUID] = Counter()
        self._late = 0
        self._number = 0

    def plans(self) -> Iterator[Plan]:
        """Yield every plan, in no order of time."""
        for code, stage in SHOWN:
            yield self._plan(0, stage, BY_CODE[code], shown=True)
        for stage, numbers in NUMBERS.items():
            for place, number in enumerate(numbers):
                already = sum(one is stage for _code, one in SHOWN) if place == 0 else 0
                for _dossier in range(number - already):
                    yield self._plan(place, stage)

    def _plan(self, place: int, stage: Stage, matter: Matter | None = None, shown: bool = False) -> Plan:
        agency = self.office.agencies[place]
        hours = self.hours[agency]
        late = LATENESS[self._late % len(LATENESS)]
        self._late += stage in OPEN
        while True:
            drawn = matter or self._matter(stage, hours)
            by_net = shown or self._by_net(stage, drawn)
            limit = working_days(self._limit(drawn, by_net))
            days = self._days(stage, limit, late, hours)
            if days is None or not self._received_on(drawn, hours.day_before(days)):
                if matter:
                    days = 1
                else:
                    continue
            person = self._person(place, stage, drawn, by_net, hours.today, shown)
            if person is not None:
                break
        self._number += 1
        return Plan(
            number=self._number,
            place=place,
            agency=agency,
            matter=drawn,
            published=self.published[drawn.code],
            stage=stage,
            who=person[0],
            account=person[1],
            by_net=by_net,
            days=days,
        )

    def _limit(self, matter: Matter, by_net: bool) -> TimeLimit | None:
        rule = self.published[matter.code].version.channel(Channel.ONLINE if by_net else Channel.COUNTER)
        return rule.time_limit if rule else None

    def _received_on(self, matter: Matter, day: date) -> bool:
        version = self.published[matter.code].version
        return (version.valid_from is None or version.valid_from <= day) and (
            version.valid_to is None or self.hours[self.office.agencies[0]].today <= version.valid_to
        )

    def _matter(self, stage: Stage, hours: Hours) -> Matter:
        possible = [matter for matter in MATTERS if self._fits(stage, matter, hours)]
        return self.rng.choices(possible, [matter.weight for matter in possible])[0]

    def _fits(self, stage: Stage, matter: Matter, hours: Hours) -> bool:
        version = self.published[matter.code].version
        net = version.channel(Channel.ONLINE)
        steps = version.steps
        first, last = steps[0], steps[-1]
        signed = any(step.role in (StepRole.APPROVER, StepRole.LEADER) for step in steps[1:])
        limit = working_days((net or version.channels[0]).time_limit)
        if stage is Stage.PREPARED:
            return net is None
        if stage in (Stage.DRAFT, Stage.SUBMITTED):
            return net is not None
        if stage is Stage.REFUSED:
            return net is not None and first.way(End.REFUSED) is not None
        if limit is None or last.way(End.RETURNED) is None or not signed:
            return False
        if stage in OPEN and limit == 0 and hours.worked_today < 120:
            return False  # due the same day: whatever is still open of an earlier day would be late
        match stage:
            case Stage.WAITING:
                return any(step.kind is StepKind.WAIT for step in steps)
            case Stage.FORWARDED:
                return any(step.way(End.FORWARDED) for step in steps[1:])
            case Stage.DECIDED:
                return any(step.role is StepRole.CLERK and step.kind is StepKind.WORK for step in steps)
            case Stage.DELIVERED | Stage.READY:
                return limit <= LONGEST
            case _ if stage in REJECTING:
                return limit <= LONGEST and steps[1].role is StepRole.PROCESSOR and bool(steps[1].way(End.REFUSED))
            case _:
                return True

    def _by_net(self, stage: Stage, matter: Matter) -> bool:
        version = self.published[matter.code].version
        if version.channel(Channel.ONLINE) is None or matter.code in self.office.closed:
            return False
        return stage in BY_NET or version.channel(Channel.COUNTER) is None or self.rng.random() < 0.58

    def _days(self, stage: Stage, limit: int | None, late: int, hours: Hours) -> int | None:
        """How many working days ago it was received, to be so `late` now; None: not possible in this matter."""
        rng = self.rng
        if stage in (Stage.DRAFT, Stage.PREPARED):
            return rng.randint(1, 9)
        if stage is Stage.SUBMITTED:
            return 0
        if limit is None:
            return None
        if stage in OPEN:
            days = limit + late
            return days if days >= (1 if hours.worked_today < 120 else 0) else None
        if stage is Stage.REFUSED:
            return rng.randint(1, 26)
        if stage is Stage.READY:
            return max(limit, 1) + rng.randint(0, 3)
        return max(limit, 1) + rng.randint(2, max(28 - limit, 3))

    def _person(
        self, place: int, stage: Stage, matter: Matter, by_net: bool, today: date, shown: bool
    ) -> tuple[Someone, UUID | None] | None:
        """Somebody whom the matter suits: with an account on the net and for what is prepared, mostly a stranger at the
        counter."""
        agency = self.office.agencies[place]
        if not by_net and stage is not Stage.PREPARED:
            for _try in range(200):
                made = stranger(self.rng, COMMUNES[place])
                if matter.suits(made, today):
                    return made, None
            return None
        residents = [one for one in self.office.residents if one.agency == agency]
        if shown:
            residents = residents[:1]
        elif place == 0:
            residents = residents[1:]
        suited = [(one, as_someone(one.facts.phone)) for one in residents]
        suited = [(one, who) for one, who in suited if matter.suits(who, today)]
        if not suited:
            return None
        fewest = min(self._asked[one.account] for one, _who in suited)
        resident, who = self.rng.choice([pair for pair in suited if self._asked[pair[0].account] <= fewest + 1])
        self._asked[resident.account] += 1
        return who, resident.account


def as_someone(phone: str) -> Someone:
    """Return an inhabitant with an account as forms ask for them."""
    place, facts = next((place, one) for place, one in enumerate(CITIZENS) if one.phone == phone)
    return Someone(facts.name, facts.sex, facts.born, facts.personal_id, facts.phone, home_of(place))
