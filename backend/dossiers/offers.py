"""What an officer is offered on a dossier: one likeliest act, others, and the barred ones with the reason."""

from uuid import UUID

import msgspec

from backend.agencies.officers import Officer
from backend.agencies.tables import Role
from backend.dossiers import lifecycle, moves
from backend.dossiers.moves import Move
from backend.dossiers.tables import Dossier, State
from backend.kit.database import fetch_value
from backend.kit.language import _
from backend.procedures.workflow import Step, StepRole

# What may be done at any time is nobody's next act.
_ASIDE = (*moves.BESIDE, *moves.ON_FEES, moves.ASSIGN)


class Offer(msgspec.Struct, frozen=True):
    """One act: what its button says, where its form posts, and why it is barred if it is."""

    move: Move
    label: str
    target: str = ""
    barred: str = ""

    @property
    def id(self) -> str:
        """The id of its form in the page."""
        return f"{self.move.slug}-{self.target.strip('@')}".strip("-").replace("_", "-")


class Offers(msgspec.Struct, frozen=True):
    """All acts on a dossier: the likeliest one, further ones, barred ones."""

    likeliest: Offer | None
    others: list[Offer]
    barred: list[Offer]

    @property
    def reasons(self) -> list[tuple[str, list[str]]]:
        """The barred acts by what stands against them."""
        found: dict[str, list[str]] = {}
        for one in self.barred:
            found.setdefault(one.barred, []).append(one.label)
        return list(found.items())

    def of_name(self, name: str) -> Offer | None:
        """Return the offer of a move by its name."""
        return self.of(moves.MOVES[name])

    def of(self, move: Move) -> Offer | None:
        """Return the offer of a move that may be made now."""
        open_ones = [self.likeliest, *self.others] if self.likeliest else self.others
        return next((one for one in open_ones if one.move is move), None)


async def has_result(dossier: UUID) -> bool:
    """Whether a result is attached."""
    return bool(
        await fetch_value(
            "select exists (select from dossier_result where dossier = $1 and replaced_at is null)", dossier
        )
    )


def offers(dossier: Dossier, officer: Officer, steps: tuple[Step, ...], result: bool, *, codes: bool = False) -> Offers:
    """Return what `officer` could do with a dossier now.

    Args:
        dossier: state, step, assignee, proposal and agency are read.
        officer: who looks.
        steps: of its version.
        result: whether a result is attached; an act that hands one over waits for it.
        codes: whether a code of another system is noted, so that there is one to withdraw.
    """
    step = lifecycle.current_step(dossier, steps)
    chosen = [one for one in lifecycle.choices(dossier, officer, steps) if codes or one.move is not moves.WITHDRAW_CODE]
    found = [_offer(choice, dossier, step, steps, result) for choice in chosen]
    barred = [one for one in found if one.barred]
    able = [one for one in found if not one.barred]
    awaited = any(one.barred == _no_result() for one in barred)
    signing = next((one for one in able if dossier.proposal and one.move is moves.REJECT), None)
    likely = signing or next((one for one in able if _likely(one, step, awaited)), None)
    return Offers(likely, [one for one in able if one is not likely], _for_somebody(barred, officer))


def _offer(
    choice: lifecycle.Choice, dossier: Dossier, step: Step | None, steps: tuple[Step, ...], result: bool
) -> Offer:
    barred = choice.barred
    if not barred and not result and _hands_over(choice, dossier, step, steps):
        barred = _no_result()
    return Offer(choice.move, choice.label, choice.key, barred)


def _hands_over(choice: lifecycle.Choice, dossier: Dossier, step: Step | None, steps: tuple[Step, ...]) -> bool:
    """Whether the act needs a result, as its verb will ask."""
    if step is None:
        return False
    if choice.move is moves.DELIVER:
        return step is steps[-1] and len(steps) > 1
    if choice.move is not moves.ADVANCE or choice.way is None:
        return False
    return moves.state_at(steps, step, choice.way, State(dossier.state)) is State.ISSUED


def _no_result() -> str:
    return _("Gắn kết quả trước đã.")


def _likely(offer: Offer, step: Step | None, awaited: bool) -> bool:
    if offer.move in _ASIDE or offer.move.danger or offer.move is moves.DECLINE_PROPOSAL:
        return False
    if awaited or offer.move is moves.ATTACH_RESULT:
        return awaited and offer.move is moves.ATTACH_RESULT
    # At the counter the person stands there: nobody needs to take the work up first.
    return offer.move is not moves.TAKE_UP or (step is not None and step.role is not StepRole.RECEPTIONIST)


def _for_somebody(barred: list[Offer], officer: Officer) -> list[Offer]:
    """Leave out what another officer's hands are needed for and nothing is to be learned from."""
    return barred if officer.roles - {Role.ADMINISTRATOR, Role.CASHIER} else []
