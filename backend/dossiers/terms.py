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
from backend.procedures.definition import Channel, Procedure
from backend.procedures.matter import Matter
from backend.procedures.offerings import office_of
from backend.procedures.outcome import Outcome, reckon
from backend.procedures.queries import form_of, version_of


class Filed(msgspec.Struct, frozen=True):
    """A dossier with the version it stands under: definition, form, answers that count."""

    dossier: Dossier
    procedure: Procedure
    form: Form
    answers: dict[str, Any]
    facts: Facts


async def read(dossier: Dossier, at: datetime) -> Filed:
    """Return the dossier's answers read over its own version; hidden ones are left out."""
    procedure = await version_of(dossier.version)
    form = form_of(procedure)
    given = msgspec.json.decode(dossier.answers)
    chosen = given.get("case")
    facts = Facts(today=local(at).date(), case=chosen if isinstance(chosen, str) else None)
    return Filed(dossier, procedure, form, visible_answers(form, given, facts), facts)


async def outcome_of(filed: Filed, at: datetime, picked: Collection[int] = (), accepted: bool = False) -> Outcome:
    """Return papers, fees and time of a dossier as if its clock started `at`.

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
    )
    return reckon(filed.procedure, matter, await office_of(dossier.agency, local(at).date()))


def frozen_fees(outcome: Outcome) -> str:
    """Return the fee lines as they are kept with the dossier: amounts are frozen at filing."""
    return msgspec.json.encode(outcome.fees).decode()


def frozen_papers(outcome: Outcome) -> str:
    """Return the papers as they are kept with the dossier."""
    return msgspec.json.encode(outcome.papers).decode()


def fees_of(dossier: Dossier) -> list[dict[str, Any]]:
    """Return the frozen fee lines."""
    lines: list[dict[str, Any]] = msgspec.json.decode(dossier.fees)
    return lines
