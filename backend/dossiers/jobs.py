"""What happens by itself to dossiers."""

from typing import Any
from uuid import UUID

from backend.agencies.officers import officers_of
from backend.agencies.tables import Role
from backend.dossiers.tables import Dossier, State
from backend.kit import clock, live
from backend.kit.database import execute, unit_of_work
from backend.kit.jobs import job
from backend.notifications.telling import tell

# A job may run twice, and two workers at once: whoever writes the moment tells, the other waits for the row and does not.
_REMIND = """
update dossier set intake_reminded_at = $2
where id = $1 and state = 'submitted' and intake_reminded_at is null
"""


@job("dossiers.intake_due")
async def intake_due(payload: dict[str, Any]) -> None:
    """Tell the agency's receptionists, once, of an online filing that nobody has answered in time."""
    dossier = await Dossier.objects().get(Dossier.id == UUID(payload["dossier"]))
    if dossier is None or dossier.state != State.SUBMITTED:
        return
    receptionists = [one for one in await officers_of(dossier.agency) if Role.RECEPTIONIST in one.roles]
    async with unit_of_work():
        if not await execute(_REMIND, dossier.id, clock.now()):
            return
        for officer in receptionists:
            await tell(
                officer.account_id,
                "dossier.intake_due",
                agency=dossier.agency,
                subject_kind="dossier",
                subject=dossier.id,
                data={"code": dossier.code, "procedure": dossier.procedure_code},
            )
        await live.announce([f"agency:{dossier.agency}"], "worklist")
