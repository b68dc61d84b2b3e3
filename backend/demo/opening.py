"""The demo province as it stood when it opened: agencies, officers, citizens, tariffs, offerings."""

from uuid import UUID

import msgspec

from backend.accounts import passwords
from backend.accounts.identity import verify_identity
from backend.accounts.profiles import remember_residence
from backend.accounts.registering import insert_account
from backend.agencies.officers import Officer, appoint, officer_by_id
from backend.agencies.tables import AdministrativeUnit, Agency, AgencyKind, UnitKind
from backend.agencies.units import TWO_TIERS, forget_units
from backend.demo.people import (
    CITIZENS,
    COMMUNES,
    OFFICERS,
    PASSWORD,
    PROVINCE_UNIT,
    Citizen,
    Commune,
    home_of,
    officer_phone,
)
from backend.demo.tariffs import set_tariffs
from backend.kit import clock
from backend.kit.database import new_id, unit_of_work
from backend.procedures import offerings


class Resident(msgspec.Struct, frozen=True):
    """A citizen with their account."""

    facts: Citizen
    account: UUID
    agency: UUID


class Office(msgspec.Struct, frozen=True):
    """What was made: agencies by place in `COMMUNES`, officers by agency, residents; and what stayed closed online."""

    agencies: tuple[UUID, ...]
    officers: dict[UUID, tuple[Officer, ...]]
    residents: tuple[Resident, ...]
    closed: frozenset[str]


async def make_office() -> Office:
    """Make agencies, officers and citizens; the present moment is when the office opened."""
    province, agencies = await _make_agencies()
    await set_tariffs(province, clock.local(clock.now()).date())
    kept = await passwords.hashed(PASSWORD)
    officers = await _make_officers(agencies, kept)
    closed: set[str] = set()
    for agency in agencies:
        closed.update(await offerings.open_all(agency))
    return Office(agencies, officers, await _make_citizens(agencies, officers, kept), frozenset(closed))


async def _make_agencies() -> tuple[UUID, tuple[UUID, ...]]:
    """The province and its communes."""
    await AdministrativeUnit.insert(
        AdministrativeUnit(
            id=new_id(), code=PROVINCE_UNIT, kind=UnitKind.PROVINCE, name="Tỉnh Hà Thanh", valid_from=TWO_TIERS
        ),
        *(
            AdministrativeUnit(
                id=new_id(),
                code=commune.unit,
                kind=UnitKind.WARD if commune.short_name.startswith("Phường") else UnitKind.COMMUNE,
                name=commune.short_name,
                province_code=PROVINCE_UNIT,
                valid_from=TWO_TIERS,
            )
            for commune in COMMUNES
        ),
    )
    forget_units()
    province = Agency(
        id=new_id(),
        kind=AgencyKind.PROVINCE,
        code="H71",
        unit_code=PROVINCE_UNIT,
        parent=None,
        name="Ủy ban nhân dân tỉnh Hà Thanh",
        short_name="Tỉnh Hà Thanh",
        opened_at=clock.now(),
    )
    made = [_commune(commune, province.id) for commune in COMMUNES]
    await Agency.insert(province, *made)
    return province.id, tuple(agency.id for agency in made)


def _commune(commune: Commune, province: UUID) -> Agency:
    lower = commune.short_name[0].lower() + commune.short_name[1:]
    return Agency(
        id=new_id(),
        kind=AgencyKind.COMMUNE,
        code=commune.code,
        unit_code=commune.unit,
        parent=province,
        name=f"Ủy ban nhân dân {lower}",
        short_name=commune.short_name,
        superior_name=f"Ủy ban nhân dân {lower}",
        centre_name=f"Trung tâm Phục vụ hành chính công {lower}",
        place=commune.place,
        address=commune.address,
        phone=commune.phone,
        opened_at=clock.now(),
    )


async def _make_officers(agencies: tuple[UUID, ...], kept: str) -> dict[UUID, tuple[Officer, ...]]:
    made: dict[UUID, list[Officer]] = {agency: [] for agency in agencies}
    for place, (commune, name, title, roles) in enumerate(OFFICERS):
        async with unit_of_work():
            account = await insert_account(name, officer_phone(place), "", kept, language="vi")
        officer = await appoint(agency=agencies[commune], account=account, name=name, title=title, roles=roles)
        made[agencies[commune]].append(await officer_by_id(officer))
    return {agency: tuple(officers) for agency, officers in made.items()}


async def _make_citizens(
    agencies: tuple[UUID, ...], officers: dict[UUID, tuple[Officer, ...]], kept: str
) -> tuple[Resident, ...]:
    residents = []
    for place, facts in enumerate(CITIZENS):
        agency = agencies[facts.commune]
        async with unit_of_work():
            account = await insert_account(
                facts.name,
                facts.phone,
                facts.personal_id,
                kept,
                language="vi",
                birth_date=facts.born,
                sex=facts.sex,
            )
        await remember_residence(account, home_of(place))
        if facts.verified:
            await verify_identity(account, officers[agency][0].account_id)
        residents.append(Resident(facts, account, agency))
    return tuple(residents)
