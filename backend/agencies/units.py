"""Administrative units: provinces and communes as the law names them, each for as long as it exists."""

from datetime import date

from backend.agencies.tables import UnitKind
from backend.kit import clock
from backend.kit.database import fetch, fetch_value, new_id
from backend.kit.text import text_key

# The day the two tiers of today began (Resolution 202/2025/QH15 and the standing committee's 34 resolutions).
TWO_TIERS_SINCE = date(2025, 7, 1)

_ADD = """
insert into administrative_unit (id, code, kind, name, province_code, valid_from)
select u.id, u.code, u.kind, u.name, u.province_code, $6
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) as u(id, code, kind, name, province_code)
where not exists (select from administrative_unit a where a.code = u.code)
"""
_VALID = "valid_from <= $1 and (valid_to is null or valid_to >= $1)"


def _today() -> date:
    return clock.local(clock.now()).date()


def _without_kind(name: str) -> str:
    """The part of a unit's name that sorts: "Thành phố Hà Nội" stands under H."""
    for kind in ("Thành phố ", "Tỉnh ", "Phường ", "Xã ", "Đặc khu "):
        if name.startswith(kind):
            return name.removeprefix(kind)
    return name


async def import_units() -> int:
    """Add the provinces and communes of 1/7/2025 that are not there yet; return how many were added.

    A unit the office changed or ended meanwhile is left alone.
    """
    from vietnam_provinces import Province, VietNamDivisionType, Ward

    kinds = {
        VietNamDivisionType.PHUONG: UnitKind.WARD,
        VietNamDivisionType.XA: UnitKind.COMMUNE,
        VietNamDivisionType.DAC_KHU: UnitKind.SPECIAL_ZONE,
    }
    rows: list[tuple[str, str, str, str | None]]
    rows = [(f"{int(one.code):02}", str(UnitKind.PROVINCE), one.name, None) for one in Province.iter_all()]
    rows += [
        (f"{int(one.code):05}", str(kinds[one.division_type]), one.name, f"{int(one.province_code):02}")
        for one in Ward.iter_all()
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    before = await fetch_value("select count(*) from administrative_unit")
    await fetch(_ADD, [new_id() for _row in rows], *columns, TWO_TIERS_SINCE)
    return int(await fetch_value("select count(*) from administrative_unit") - before)


async def provinces() -> list[tuple[str, str]]:
    """Return the provinces of today as (code, name), in the order of a Vietnamese list."""
    rows = await fetch(
        f"select code, name from administrative_unit where {_VALID} and kind = $2", _today(), str(UnitKind.PROVINCE)
    )
    return _listed([(row["code"], row["name"]) for row in rows])


async def communes(province_code: str) -> list[tuple[str, str]]:
    """Return the communes, wards and special zones of a province of today as (code, name), in order."""
    rows = await fetch(
        f"select code, name from administrative_unit where {_VALID} and province_code = $2", _today(), province_code
    )
    return _listed([(row["code"], row["name"]) for row in rows])


def _listed(units: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(units, key=lambda unit: text_key(_without_kind(unit[1])))


async def unit_name(code: str) -> str | None:
    """Return the name of the unit with this code, the present one if a code was used twice; None when unknown."""
    found = await fetch_value(
        "select name from administrative_unit where code = $1 order by valid_from desc limit 1", code
    )
    return str(found) if found is not None else None


async def address_in_words(address: dict[str, str] | None) -> str:
    """Return an address given by its parts (province, commune as codes; hamlet, detail) on one line."""
    parts = address or {}
    units = [await unit_name(parts[key]) for key in ("commune", "province") if parts.get(key)]
    own = [parts.get("detail"), parts.get("hamlet")]
    return ", ".join(part for part in [*own, *units] if part)
