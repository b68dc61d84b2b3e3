"""The lists that forms name and this installation has: today's provinces and communes, the office's own chosen first."""

from uuid import UUID

from backend.agencies.queries import agency_by_id
from backend.agencies.units import Unit, units
from backend.forms.choices import Offered
from backend.forms.definition import Option


def _options(found: tuple[Unit, ...]) -> list[Option]:
    return [Option(value=unit.code, label=unit.name) for unit in found]


async def unit_choices(agency: UUID | None = None) -> Offered:
    """Return provinces and communes as a form offers them; `agency`'s own are chosen beforehand."""
    known = await units()
    home: dict[str, str] = {}
    if agency is not None:
        commune = (await agency_by_id(agency)).unit_code or ""
        province = next(
            (code for code, inner in known.communes.items() if any(one.code == commune for one in inner)), ""
        )
        home = {"province": province, "commune": commune} if province else {}
    return Offered(
        provinces=_options(known.provinces),
        communes={province: _options(inner) for province, inner in known.communes.items()},
        home=home,
    )


async def communes_in(province: str) -> list[Option]:
    """Return the communes of a province, for a list that depends on another."""
    return _options((await units()).communes.get(province, ()))
