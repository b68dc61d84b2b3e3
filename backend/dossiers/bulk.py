"""Several dossiers of the work list at once: what one press may do to all of them, and what came of each."""

from collections.abc import Iterable

import msgspec

from backend.agencies.officers import Officer
from backend.dossiers import intake, lifecycle, moves
from backend.dossiers.offers import Offer, Offers, has_result, offers
from backend.dossiers.queries import dossier_for_officer
from backend.dossiers.tables import Dossier
from backend.history.record import entries
from backend.kit.errors import Invalid, NotFound, Refused
from backend.kit.language import _
from backend.procedures.queries import version_of
from backend.procedures.workflow import Step


class Act(msgspec.Struct, frozen=True):
    """One act that several dossiers share; a way of a step is the same only where its words are the same too.

    Args:
        slug: of the move.
        label: what the button says.
        icon: of the button.
        target: the step a way leads to, else "".
    """

    slug: str
    label: str
    icon: str
    target: str = ""

    @property
    def key(self) -> str:
        """What the button posts."""
        return f"{self.slug}:{self.target}:{self.label}" if self.target else self.slug


class Outcome(msgspec.Struct, frozen=True):
    """What came of one dossier: done, or the sentence that says why not."""

    code: str
    owner: str = ""
    refused: str = ""


def acts_of(found: Offers, step: Step | None) -> list[Act]:
    """Return what of a dossier's offers may be done together with others: of the ways of a step the likeliest alone."""
    offered = [found.likeliest, *found.others] if found.likeliest else found.others
    return [
        _act(one)
        for one in offered
        if moves.goes_together(one.move, step) and (one.move is not moves.ADVANCE or one is found.likeliest)
    ]


def _act(offer: Offer) -> Act:
    return Act(offer.move.slug, offer.label, offer.move.icon, offer.target)


def label_of(key: str) -> str:
    """Return what the button of an act says."""
    slug, _colon, way = key.partition(":")
    return way.partition(":")[2] or _(moves.BY_SLUG[slug].label)


async def make(officer: Officer, codes: Iterable[str], key: str, colleague: Officer | None) -> list[Outcome]:
    """Do one act to each dossier, each in a unit of its own; return what came of each, in the order given.

    Pressed twice it does nothing twice: what this officer just did counts as done.

    Args:
        officer: who presses.
        codes: of the chosen dossiers.
        key: of the act, as its button posts it.
        colleague: who gets them, where they are given to somebody.

    Raises:
        Invalid: nothing is chosen, there is no such act, or nobody is named to give them to.
    """
    chosen = list(dict.fromkeys(codes))
    slug = key.partition(":")[0]
    move = moves.BY_SLUG.get(slug)
    if not chosen:
        raise Invalid(_("Chưa chọn hồ sơ nào. Đánh dấu các hồ sơ rồi bấm lại."))
    if move is None or not move.together:
        raise Invalid(_("Việc này làm riêng từng hồ sơ."))
    if move is moves.ASSIGN and colleague is None:
        raise Invalid(_("Chọn người nhận việc."))
    return [await _one(officer, code, key, colleague) for code in chosen]


async def _one(officer: Officer, code: str, key: str, colleague: Officer | None) -> Outcome:
    try:
        dossier = await dossier_for_officer(officer, code)
    except NotFound as problem:
        return Outcome(code, refused=problem.sentence)
    steps = (await version_of(dossier.version)).steps
    try:
        if not await _done_already(dossier, officer, key, colleague):
            await _do(dossier, officer, steps, key, colleague)
    except (Refused, Invalid) as problem:
        # A second press that ran beside the first one lost to it: that is done, not refused.
        now_there = await dossier_for_officer(officer, code)
        if not await _done_already(now_there, officer, key, colleague):
            return Outcome(code, dossier.owner_name, problem.sentence)
    return Outcome(code, dossier.owner_name)


async def _do(dossier: Dossier, officer: Officer, steps: tuple[Step, ...], key: str, colleague: Officer | None) -> None:
    move = moves.BY_SLUG[key.partition(":")[0]]
    target = key.split(":")[1] if ":" in key else ""
    found = offers(dossier, officer, steps, await has_result(dossier.id))
    if key not in [act.key for act in acts_of(found, lifecycle.current_step(dossier, steps))]:
        why = next((one.barred for one in found.barred if _act(one).key == key), "")
        raise Refused(why or await lifecycle.who_was_first(dossier.id, move))
    if move is moves.RECEIVE:
        await intake.receive(dossier, officer)
    elif move is moves.TAKE_UP:
        await lifecycle.take_up(dossier, officer, steps)
    elif move is moves.ADVANCE:
        await lifecycle.advance(dossier, officer, steps, target)
    elif colleague is not None:
        await lifecycle.assign(dossier, officer, colleague, steps)


async def _done_already(dossier: Dossier, officer: Officer, key: str, colleague: Officer | None) -> bool:
    """Whether the colleague has it already, or the last move on the dossier was this very act by this officer."""
    if colleague is not None:
        return bool(dossier.assignee == colleague.id)
    slug, _colon, rest = key.partition(":")
    acts = [one for one in await entries(dossier.id) if one.act in moves.MOVES and one.act != moves.NOTE.name]
    last = acts[0] if acts else None
    if last is None or last.actor != officer.id or moves.MOVES[last.act].slug != slug:
        return False
    return not rest or bool(last.details.get("next") == rest.partition(":")[0])
