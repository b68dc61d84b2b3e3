"""Making the demo office in an empty database: agencies, officers, citizens, catalogue, and what they did so far."""

from datetime import timedelta
from pathlib import Path

from backend.accounts.tables import Session
from backend.agencies.calendars import import_calendar
from backend.agencies.tables import AdministrativeUnit, Agency
from backend.agencies.units import import_units
from backend.demo.dossiers import Say, leave_few_jobs, make_dossiers
from backend.demo.opening import make_office
from backend.demo.people import CITIZENS, COMMUNES, OFFICERS, PASSWORD, officer_phone
from backend.demo.plans import NUMBERS, Stage
from backend.dossiers.tables import Dossier
from backend.kit import clock
from backend.kit.database import in_haste
from backend.kit.errors import Refused
from backend.procedures import importing

CATALOGUE = Path(importing.__file__).parent / "data" / "procedures.json"
FILED = sum(sum(numbers) for stage, numbers in NUMBERS.items() if stage not in (Stage.DRAFT, Stage.PREPARED))
"""How many dossiers were filed once all is made."""
# The office is older than the oldest dossier.
OPENED_BEFORE = timedelta(days=200)


async def is_empty() -> bool:
    """Whether no agency has been made here yet."""
    return not await Agency.exists()


async def is_unfinished() -> bool:
    """Whether the demo office was being made here when that was cut off, and nobody has signed in since.

    A session never stands here before the demo is done: the server starts afterwards.
    """
    begun = await AdministrativeUnit.exists().where(AdministrativeUnit.code == COMMUNES[0].unit)
    if not begun or await Session.exists():
        return False
    filed: int = await Dossier.count().where(Dossier.code.is_not_null())
    return filed < FILED


async def make_demo(say: Say = lambda _line: None) -> None:
    """Fill an empty database with the demo province and its dossiers.

    Args:
        say: told what is being done.

    Raises:
        Refused: there are agencies already.
    """
    if not await is_empty():
        raise Refused("There is an office here already; the demo wants an empty database.")
    async with in_haste():
        await _make(say)
    await leave_few_jobs()


async def _make(say: Say) -> None:
    say("administrative units, calendar, catalogue")
    await import_units()
    await import_calendar()
    await importing.import_document(CATALOGUE)
    say("agencies, officers, citizens")
    opened = clock.now() - OPENED_BEFORE
    with clock.use(clock.Frozen(opened)):
        office = await make_office()
    say("dossiers")
    await make_dossiers(office, say)


async def accounts() -> str:
    """Return the demo accounts as lines to print; nothing where this is no demo office."""
    if not await Agency.exists().where(Agency.code == COMMUNES[0].code):
        return ""
    lines = [f"  {CITIZENS[0].phone}  {CITIZENS[0].name}, người nộp"]
    shown: set[str] = set()
    for place, (commune, name, title, roles) in enumerate(OFFICERS):
        if commune == 0 and not shown & set(roles):
            shown |= set(roles)
            lines.append(f"  {officer_phone(place)}  {name}, {title[0].lower()}{title[1:]}")
    return "\n".join([*lines, f"  mật khẩu chung: {PASSWORD}"]) + "\n"
