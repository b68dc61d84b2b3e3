"""What happens by itself to dossiers."""

from typing import Any
from uuid import UUID

from backend.agencies.officers import officers_of
from backend.agencies.tables import Role
from backend.dossiers.tables import Dossier, State
from backend.kit import live
from backend.kit.database import unit_of_work
from backend.kit.jobs import job
from backend.notifications.telling import tell


@job("dossiers.intake_due")
async def intake_due(payload: dict[str, Any]) -> None:
    """Remind the agency's receptionists of an online filing that nobody has answered in time."""
    dossier = await Dossier.objects().get(Dossier.id == UUID(payload["dossier"]))
    if dossier is None or dossier.state != State.SUBMITTED:
        return
    receptionists = [one for one in await officers_of(dossier.agency) if Role.RECEPTIONIST in one.roles]
    async with unit_of_work():
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
