"""What is known of one person's case, and what the office that takes it has set: the two things an outcome is reckoned from."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime

import msgspec

from backend.agencies.working_time import WorkingCalendar
from backend.forms.conditions import asks
from backend.forms.dates import every_day
from backend.forms.expressions import Reading, holds
from backend.forms.facts import Expression, Facts
from backend.forms.paths import Answers, empty, values
from backend.kit.clock import local
from backend.procedures.definition import Channel, Procedure


class Tariff(msgspec.Struct, frozen=True):
    """An amount the province or the office set, VND; `online_vnd` when filed online (None: the same)."""

    amount_vnd: int
    online_vnd: int | None = None
    basis: str = ""


class Office(msgspec.Struct, frozen=True):
    """What the agency that takes the case has set.

    Args:
        calendar: its working time.
        province: as `local_examples` name it ("Hải Phòng"); its examples count as set.
        tariffs: by procedure code and fee id, in force on the day of the case.
    """

    calendar: WorkingCalendar
    province: str = ""
    tariffs: Mapping[tuple[str, str], Tariff] = {}


class Matter(msgspec.Struct, frozen=True):
    """One case.

    Args:
        channel: how it is filed.
        at: when it is filed or received (UTC).
        filed_on: the day it was filed, where that is not the day of `at`: conditions and rates are those of this day.
        answers: what is visible of the form, with `case`, `ask.<fee>` and `exempt.<fee>` beside its sections.
        system: what databases or officers say is so.
        found: databases in which the office finds this person's papers.
        digital_citizen: signed in with an electronic identity of level 2.
        accepted_at: when the matter was accepted, for limits that run from acceptance.
        picked: places of the time limit's exceptions that an officer picked.
        whole: all answers are given: an empty one is empty, not still open.
    """

    channel: Channel
    at: datetime
    answers: Answers = {}
    system: frozenset[str] = frozenset()
    found: frozenset[str] = frozenset()
    digital_citizen: bool = False
    accepted_at: datetime | None = None
    picked: Collection[int] = ()
    whole: bool = True
    filed_on: date | None = None

    @property
    def today(self) -> date:
        """The day of the case in Việt Nam."""
        return self.filed_on or local(self.at).date()


class Judge:
    """Decides the conditions of one procedure on one case; what still depends on an open answer is undecided."""

    def __init__(self, procedure: Procedure, matter: Matter, working_day: Callable[[date], bool] = every_day) -> None:
        """Read the case over the procedure; on `working_day`s the office works, by default on all."""
        self._matter = matter
        chosen = matter.answers.get("case")
        facts = Facts(
            today=matter.today,
            case=chosen if isinstance(chosen, str) else None,
            system=matter.system,
            found=matter.found,
            working_day=working_day,
        )
        self._reading = Reading(matter.answers, facts)
        self._asks_case = bool(procedure.chosen_cases())

    def holds(self, condition: Expression) -> bool:
        """Tell whether the condition holds as far as is known; an open answer counts as empty."""
        return holds(condition, self._reading)

    def open(self, condition: Expression) -> bool:
        """Tell whether an answer it turns on is still to be given."""
        if self._matter.whole:
            return False
        if self._asks_case and self._reading.facts.case is None and _names(condition, "case"):
            return True
        return any(all(map(empty, values(self._matter.answers, path))) for path in asks(condition))


def _names(condition: Expression, test: str) -> bool:
    """Tell whether `test` stands anywhere in the condition."""
    inner = [*condition.get("all", []), *condition.get("any", [])]
    if "not" in condition:
        inner.append(condition["not"])
    return test in condition or any(_names(one, test) for one in inner)


def turns_on_system(condition: Expression) -> bool:
    """Tell whether a database or an officer decides the condition."""
    return _names(condition, "system")


def turns_on_case(condition: Expression) -> bool:
    """Tell whether the case a person chose decides the condition."""
    return _names(condition, "case")
