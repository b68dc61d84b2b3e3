"""What happened to a dossier, in words: for the citizen what concerns them, for officers everything."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from markupsafe import Markup

from backend.accounts.profiles import account_of
from backend.agencies.officers import names_and_titles
from backend.dossiers import moves
from backend.dossiers.foreign import given_to
from backend.dossiers.queries import Note, notes_of
from backend.dossiers.tables import Dossier
from backend.history.record import Entry, entries
from backend.history.tables import ActorKind
from backend.kit import formats
from backend.kit.language import N_, _, in_vietnamese
from backend.procedures.workflow import Step

# What the citizen reads of each move; what stands not here is the office's own business.
TOLD = {
    "submit": N_("Đã nộp trên mạng"),
    "prepare": N_("Đã chuẩn bị để nộp tại quầy"),
    "receive": N_("Đã tiếp nhận, giấy tờ đủ"),
    "refuse": N_("Không tiếp nhận"),
    "assign": N_("Giao người giải quyết"),
    "take_up": N_("Bắt đầu giải quyết"),
    "advance": N_("Xong bước: {step}"),
    "reject": N_("Không giải quyết"),
    "forward": N_("Đã chuyển cơ quan có thẩm quyền"),
    "deliver": N_("Đã trả kết quả"),
    "note": N_("Cán bộ nhắn"),
    "confirm_exemption": N_("Xác nhận được miễn, giảm phí"),
    "refuse_exemption": N_("Không miễn, giảm phí"),
}
_AT_COUNTER = N_("Đã nộp tại quầy")
_RESULT = N_("Đã có kết quả")


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the timeline, as `ui.timeline` takes it; `number` is its place in history, from 1."""

    title: str
    who: str
    when: str
    icon: str
    note: str = ""
    id: str = ""
    new: bool = False
    number: int = 0
    at: datetime | None = None


async def told_to_citizen(dossier: Dossier, steps: tuple[Step, ...], seen: int | None = None) -> list[Event]:
    """Return what happened as its owner reads it, newest first.

    Args:
        dossier: whose it is must be checked before.
        steps: of its version.
        seen: the newest entry the screen shows already; later ones are marked new.
    """
    history = await entries(dossier.id)
    notes = {str(note.id): note for note in await notes_of(dossier.id, shown_only=True)}
    names = await _names(history)
    return [
        _event(entry, title, dossier, names, _said(entry, notes), seen)
        for entry in history
        if (title := _title(entry, steps, notes))
    ]


def _title(entry: Entry, steps: tuple[Step, ...], notes: dict[str, Note]) -> str:
    if entry.act == moves.NOTE.name and str(entry.details.get("note")) not in notes:
        return ""
    if entry.act == moves.SUBMIT.name and entry.actor_kind != ActorKind.CITIZEN:
        return _(_AT_COUNTER)
    if entry.act == moves.ADVANCE.name and entry.details.get("to") == "issued":
        return _(_RESULT)
    words = TOLD.get(entry.act, "")
    step = in_vietnamese(_step_name(entry.details.get("step"), steps))
    return Markup(_(words)).format(step=step) if words else ""


def _said(entry: Entry, notes: dict[str, Note]) -> str:
    """The text that came with a move: an officer's note, the reason of a refusal, the agency it went to."""
    note = notes.get(str(entry.details.get("note")))
    return in_vietnamese(note.text) if note else ""


def _step_name(key: Any, steps: Sequence[Step]) -> str:
    return next((step.name for step in steps if step.key == key), str(key or ""))


async def _names(history: list[Entry]) -> dict[UUID, tuple[str, str]]:
    officers = [entry.actor for entry in history if entry.actor and entry.actor_kind == ActorKind.OFFICER]
    named = [UUID(entry.details["officer"]) for entry in history if "officer" in entry.details]
    people = {entry.actor for entry in history if entry.actor and entry.actor_kind == ActorKind.CITIZEN}
    return {
        **await names_and_titles([*officers, *named]),
        **{person: ((await account_of(person)).full_name, "") for person in people},
    }


def _who(entry: Entry, dossier: Dossier, names: dict[UUID, tuple[str, str]]) -> str:
    if entry.actor_kind == ActorKind.SYSTEM or entry.actor is None:
        return _("Tự động")
    name, title = names.get(entry.actor, (dossier.owner_name or _("Người nộp"), ""))
    return f"{name}, {title[:1].lower()}{title[1:]}" if title else name


def _event(
    entry: Entry, title: str, dossier: Dossier, names: dict[UUID, tuple[str, str]], note: str, seen: int | None
) -> Event:
    to = entry.details.get("officer")
    if entry.act == moves.ASSIGN.name and to:
        note = _("Người giải quyết: {name}").format(name=names.get(UUID(to), ("", ""))[0])
    return Event(
        title=title,
        who=_who(entry, dossier, names),
        when=formats.datetime(entry.at),
        icon=_icon(entry),
        note=note,
        id=f"step-{entry.number}",
        new=seen is not None and entry.number > seen,
        number=entry.number,
        at=entry.at,
    )


def _icon(entry: Entry) -> str:
    if entry.act == moves.ADVANCE.name and entry.details.get("to") == "issued":
        return "badge-check"
    return moves.MOVES[entry.act].icon if entry.act in moves.MOVES else "info"


async def told_to_officers(dossier: Dossier, steps: tuple[Step, ...], seen: int | None = None) -> list[Event]:
    """Return everything that happened as officers read it, newest first, internal notes and proposals too."""
    history = await entries(dossier.id)
    notes = {str(note.id): note for note in await notes_of(dossier.id, shown_only=False)}
    given = await given_to(dossier.id)
    codes = {str(one.id): f"{one.name}: {one.code}" for one in given}
    withdrawn = {str(one.id): one.withdrawn for one in given}
    names = await _names(history)
    told = []
    for entry in history:
        move = moves.MOVES.get(entry.act)
        to = entry.details.get("officer")
        title = Markup(_(move.done if move else entry.act)).format(
            who=_who(entry, dossier, names).partition(",")[0],
            officer=names.get(UUID(to), ("", ""))[0] if to else "",
            step=in_vietnamese(_step_name(entry.details.get("step"), steps)),
        )
        said = codes.get(str(entry.details.get("foreign_code"))) or _said(entry, notes)
        if entry.act == moves.WITHDRAW_CODE.name:
            said = f"{said}. {withdrawn.get(str(entry.details.get('foreign_code'))) or ''}"
        told.append(_event(entry, title, dossier, names, said, seen))
    return told
