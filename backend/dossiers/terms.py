"""What a dossier needs, costs and takes: its answers read over the version it was filed under, and frozen when it is filed."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec

from backend.dossiers.tables import Dossier
from backend.forms.answers import visible_answers
from backend.forms.definition import Form
from backend.forms.facts import Facts
from backend.kit.clock import local
from backend.kit.seal import with_numbers_opened, with_numbers_sealed
from backend.procedures.definition import Channel, Procedure
from backend.procedures.fees import FeeLine, Waiver
from backend.procedures.matter import Matter
from backend.procedures.offerings import office_of
from backend.procedures.outcome import Outcome, Paper, reckon
from backend.procedures.queries import form_of, version_of


class Filed(msgspec.Struct, frozen=True):
    """A dossier with the version it stands under: definition, form, answers that count."""

    dossier: Dossier
    procedure: Procedure
    form: Form
    answers: dict[str, Any]
    facts: Facts


def kept_answers(dossier: Dossier) -> dict[str, Any]:
    """Return the answers as they are kept, hidden ones and all."""
    answers: dict[str, Any] = with_numbers_opened(msgspec.json.decode(dossier.answers))
    return answers


def packed(answers: dict[str, Any]) -> str:
    """Return answers as the row keeps them: personal numbers sealed."""
    return msgspec.json.encode(with_numbers_sealed(answers)).decode()


def case_of(answers: dict[str, Any]) -> str | None:
    """Return the case the person chose."""
    chosen = answers.get("case")
    return chosen if isinstance(chosen, str) else None


async def read(dossier: Dossier, at: datetime) -> Filed:
    """Return the dossier's answers read over its own version; hidden ones are left out.

    Conditions that look at today's date are read as of the day of filing; as of `at` before it.
    """
    own = await version_of(dossier.version)
    form = form_of(own, Channel(dossier.channel))
    given = kept_answers(dossier)
    facts = Facts(today=local(dossier.submitted_at or at).date(), case=case_of(given))
    return Filed(dossier, own, form, visible_answers(form, given, facts), facts)


async def outcome_of(filed: Filed, at: datetime, picked: Collection[int] = (), accepted: bool = False) -> Outcome:
    """Return papers, fees and time of a dossier as if its clock started `at`; conditions are read as of its filing.

    Args:
        filed: from `read`.
        at: the start of the clock, UTC.
        picked: places of the time limit's exceptions that an officer picked.
        accepted: whether the matter counts as accepted `at` (limits that run from acceptance).

    Raises:
        Invalid: an exception was picked that is none to pick.
    """
    dossier = filed.dossier
    matter = Matter(
        channel=Channel(dossier.channel),
        at=at,
        answers=filed.answers,
        accepted_at=at if accepted else None,
        picked=picked,
        filed_on=filed.facts.today,
    )
    return reckon(filed.procedure, matter, await office_of(dossier.agency, local(at).date()))


def frozen(lines: Collection[FeeLine] | Collection[Paper]) -> str:
    """Return fee lines or papers as they are kept with the dossier: what was said at filing holds."""
    return msgspec.json.encode(tuple(lines)).decode()


def fees_of(dossier: Dossier) -> tuple[FeeLine, ...]:
    """Return the fee lines that hold."""
    return msgspec.json.decode(dossier.fees, type=tuple[FeeLine, ...])


def claims_of(dossier: Dossier) -> tuple[Waiver, ...]:
    """Return the exemptions the person claims that no officer has confirmed or refused yet, each once."""
    waiting = {line.waiver.id: line.waiver for line in fees_of(dossier) if line.waiver and line.unconfirmed}
    return tuple(waiting.values())


def papers_of(dossier: Dossier) -> tuple[Paper, ...]:
    """Return the papers as they were asked for at filing."""
    return msgspec.json.decode(dossier.papers, type=tuple[Paper, ...])


def counted(dossier: Dossier) -> dict[str, Any]:
    """Return what the counter noted of papers that lay there, by paper id."""
    noted = msgspec.json.decode(dossier.counter or "{}")
    papers = noted.get("papers") if isinstance(noted, dict) else None
    return papers if isinstance(papers, dict) else {}
