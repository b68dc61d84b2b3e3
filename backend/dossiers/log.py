"""What happened to a dossier, as its officers read it: every move with who and when, and every note."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from backend.agencies.officers import names_of
from backend.dossiers import moves
from backend.dossiers.tables import Dossier, DossierNote
from backend.history.record import Entry, entries
from backend.history.tables import ActorKind
from backend.kit import formats
from backend.kit.language import _
from backend.procedures.workflow import Step


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log, newest first; a note carries its text."""

    at: datetime
    title: str
    icon: str
    note: str = ""
    shown: bool = False

    @property
    def when(self) -> str:
        """The moment in words."""
        return formats.datetime(self.at)


async def log_of(dossier: Dossier, steps: tuple[Step, ...]) -> list[Line]:
    """Return what happened, newest first."""
    acts = [one for one in await entries(dossier.id) if one.act in moves.MOVES and one.act != moves.NOTE.name]
    notes = (
        await DossierNote.objects().where(DossierNote.dossier == dossier.id).order_by(DossierNote.at, ascending=False)
    )
    named = [one.details.get("officer") for one in acts]
    officers = {one.actor for one in acts if one.actor and one.actor_kind == ActorKind.OFFICER}
    officers |= {UUID(one) for one in named if isinstance(one, str)} | {note.officer for note in notes}
    names = await names_of(officers)
    said = {str(note.id): note for note in notes}
    lines = [_act(one, dossier, steps, names, said.pop(str(one.details.get("note")), None)) for one in acts]
    lines += [_note(one, names) for one in said.values()]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _act(
    entry: Entry, dossier: Dossier, steps: tuple[Step, ...], names: dict[UUID, str], said: DossierNote | None
) -> Line:
    move = moves.MOVES[entry.act]
    called = {step.key: step.name for step in steps}
    details: dict[str, Any] = entry.details
    given = UUID(details["officer"]) if "officer" in details else None
    words = {
        "who": _who(entry, dossier, names),
        "step": called.get(details.get("step", ""), ""),
        "officer": names.get(given, "") if given else "",
    }
    following = called.get(details.get("next", ""), "")
    return Line(
        at=entry.at,
        title=_(move.done).format(**words),
        icon=move.icon,
        note=said.text if said else _("Bước tiếp theo: {step}").format(step=following) if following else "",
        shown=said is not None and said.shown_to_citizen,
    )


def _who(entry: Entry, dossier: Dossier, names: dict[UUID, str]) -> str:
    match entry.actor_kind:
        case ActorKind.OFFICER if entry.actor:
            return names.get(entry.actor, _("Cán bộ"))
        case ActorKind.CITIZEN:
            return dossier.owner_name or _("Người nộp")
        case _:
            return "Một Cửa"


def _note(note: DossierNote, names: dict[UUID, str]) -> Line:
    title = _("{who} nhắn người nộp") if note.shown_to_citizen else _("{who} ghi chú")
    return Line(
        at=note.at,
        title=title.format(who=names.get(note.officer, _("Cán bộ"))),
        icon=moves.NOTE.icon,
        note=note.text,
        shown=note.shown_to_citizen,
    )
