"""Exemptions from fees: claimed by the person, confirmed or refused by the receptionist; every version of the fees is kept."""

from uuid import UUID

from backend.agencies.officers import Officer
from backend.dossiers import moves
from backend.dossiers.lifecycle import acting, check, go, need_reason, who_was_first, write_note
from backend.dossiers.tables import Dossier, DossierFees, FeesCause
from backend.dossiers.terms import claims_of, fees_of, frozen
from backend.kit import clock
from backend.kit.database import fetch_value, new_id, unit_of_work
from backend.kit.errors import Invalid, Refused
from backend.kit.language import _
from backend.procedures.fees import FeeLine, judged, total
from backend.procedures.workflow import Step


async def keep_fees(dossier: Dossier, lines: tuple[FeeLine, ...], cause: FeesCause, by: UUID | None = None) -> None:
    """Keep a version of the fee lines beside the earlier ones, inside the unit of work of its cause.

    Args:
        dossier: its row is locked by the move that is made.
        lines: as they stand from now on.
        cause: why they are as they are.
        by: the officer, where one decided.
    """
    before = await fetch_value("select coalesce(max(turn), 0) from dossier_fees where dossier = $1", dossier.id)
    await DossierFees.insert(
        DossierFees(
            id=new_id(),
            agency=dossier.agency,
            dossier=dossier.id,
            turn=before + 1,
            lines=frozen(lines),
            total=total(lines),
            cause=cause,
            at=clock.now(),
            by=by,
        )
    )


async def judge(
    dossier: Dossier, officer: Officer, steps: tuple[Step, ...], claim: str, reason: str, *, granted: bool
) -> None:
    """Confirm or refuse an exemption that the person claims; the sum follows, and the person reads why.

    Args:
        dossier, officer, steps: as for every move.
        claim: the exemption's id; it may lower several fees, and one word holds for all of them.
        reason: what the officer saw, or what is missing.
        granted: whether it is confirmed.

    Raises:
        Refused: not allowed, or a colleague decided first.
        Invalid: no reason, or none of the claims was chosen.
    """
    move = moves.CONFIRM_EXEMPTION if granted else moves.REFUSE_EXEMPTION
    await check(dossier, move, officer, steps)
    waiting = claims_of(dossier)
    if not waiting:
        raise Refused(await who_was_first(dossier.id, move))
    if claim not in {one.id for one in waiting}:
        raise Invalid(_("Chọn diện miễn, giảm phí."), {"claim": _("Chưa chọn diện nào.")})
    need_reason(reason)
    lines = tuple(
        judged(line, granted=granted) if line.waiver and line.waiver.id == claim else line for line in fees_of(dossier)
    )
    async with unit_of_work():
        said = await write_note(dossier, officer, reason, shown=True)
        await go(
            dossier,
            move,
            acting(officer),
            changes={"fees": frozen(lines), "fee_total": total(lines)},
            details={"note": str(said), "exemption": claim},
        )
        await keep_fees(dossier, lines, FeesCause.CONFIRMED if granted else FeesCause.REFUSED, officer.id)
