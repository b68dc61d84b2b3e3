"""A person's dossiers in groups: drafts first, what waits for the counter, what is on its way, what has ended."""

from collections.abc import Callable
from uuid import UUID

import msgspec

from backend.agencies.calendars import calendar_of
from backend.dossiers import chips, moves
from backend.dossiers.codes import short
from backend.dossiers.deadline_words import Deadline, promise_of
from backend.dossiers.drafts import progress
from backend.dossiers.lifecycle import current_step
from backend.dossiers.queries import dossiers_of
from backend.dossiers.tables import Dossier, State
from backend.kit import formats
from backend.kit.language import N_, _
from backend.procedures.definition import Version
from backend.procedures.queries import version_of


class Row(msgspec.Struct, frozen=True):
    """One dossier in the list."""

    id: UUID
    title: str
    href: str
    chip: chips.Chip
    sub: str
    side: str
    deadline: Deadline | None = None


class Group(msgspec.Struct, frozen=True):
    """Some dossiers under one heading."""

    title: str
    rows: list[Row]
    live: bool = False


_GROUPS: tuple[tuple[str, Callable[[Dossier], bool]], ...] = (
    (N_("Đang điền"), lambda dossier: dossier.state == State.DRAFT),
    (N_("Mang đến quầy"), lambda dossier: dossier.state == State.PREPARED),
    (N_("Xã đang làm"), lambda dossier: dossier.state not in moves.PRIVATE | moves.ENDED),
    (N_("Đã xong"), lambda dossier: dossier.state in moves.ENDED),
)


async def groups_of(account: UUID) -> list[Group]:
    """Return a person's dossiers in their groups; empty groups are left out."""
    dossiers = await dossiers_of(account)
    rows = {dossier.id: await _row(dossier) for dossier in dossiers}
    grouped = [(title, [rows[dossier.id] for dossier in dossiers if belongs(dossier)]) for title, belongs in _GROUPS]
    return [Group(_(title), found) for title, found in grouped if found]


async def _row(dossier: Dossier) -> Row:
    version = await version_of(dossier.version)
    step = current_step(dossier, version.steps)
    if dossier.state == State.DRAFT:
        href, side = f"/nop/{dossier.id}", _("lưu {when}").format(when=formats.date(dossier.updated_at))
    elif dossier.state == State.PREPARED:
        href, side = f"/nop/{dossier.id}/den-quay", dossier.prepared_code or ""
    else:
        href, side = f"/ho-so/{dossier.code}", short(dossier.code or "")
    deadline = promise_of(dossier, await calendar_of(dossier.agency))
    return Row(
        id=UUID(str(dossier.id)),
        title=version.plain_name,
        href=href,
        chip=chips.chip(dossier.state, step, bool(dossier.proposal)),
        sub=await _sub(dossier, version, deadline),
        side=side,
        deadline=deadline if deadline and deadline.state != "left" else None,
    )


async def _sub(dossier: Dossier, version: Version, deadline: Deadline | None) -> str:
    """The one line that says what matters now."""
    if dossier.state == State.DRAFT:
        at, total = await progress(dossier)
        return _("Đến bước {step} trên {total}").format(step=at, total=total)
    if dossier.state == State.SUBMITTED and dossier.intake_due_at:
        return _("Xã trả lời trước {when}").format(when=formats.datetime(dossier.intake_due_at))
    if dossier.state in moves.ENDED:
        return formats.capital(formats.date(dossier.ended_at or dossier.updated_at))
    if dossier.state == State.ISSUED:
        return _("Kết quả đã có")
    if deadline:
        return _("Hẹn trả {when}").format(when=formats.due(deadline.due))
    return chips.comes_next(dossier.state, current_step(dossier, version.steps))
