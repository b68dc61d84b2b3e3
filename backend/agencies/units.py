"""Provinces and communes with the days they exist from and to; a dossier keeps the unit of its day."""

import time as monotonic
from datetime import date

import msgspec

from backend.agencies.tables import AdministrativeUnit, UnitKind
from backend.kit.clock import local, now
from backend.kit.database import fetch, new_id, unit_of_work
from backend.kit.text import text_key

# Two tiers since this day (domain.md §1); the seed knows only units that exist since then.
TWO_TIERS = date(2025, 7, 1)
_KEPT_S = 600.0
_BATCH = 500

_kept: tuple[float, "Units"] | None = None


class Unit(msgspec.Struct, frozen=True):
    """One province or commune: its official code, and its name with its kind ("Xã Mai Khê")."""

    code: str
    name: str


class Units(msgspec.Struct, frozen=True):
    """All units that exist today, in Vietnamese order; communes by their province's code."""

    provinces: tuple[Unit, ...]
    communes: dict[str, tuple[Unit, ...]]

    def name(self, code: str) -> str:
        """Return the name of a unit, the code itself where there is none."""
        for units in (self.provinces, *self.communes.values()):
            for unit in units:
                if unit.code == code:
                    return unit.name
        return code


async def units() -> Units:
    """Return the units that exist today; kept for ten minutes, since decrees change them, not people."""
    global _kept
    if _kept and monotonic.monotonic() - _kept[0] < _KEPT_S:
        return _kept[1]
    found = await _read(local(now()).date())
    if found.provinces:
        _kept = (monotonic.monotonic(), found)
    return found


def forget_units() -> None:
    """Read the units anew from the database."""
    global _kept
    _kept = None


async def _read(day: date) -> Units:
    rows = await fetch(
        "select code, name, kind, province_code from administrative_unit "
        "where valid_from <= $1 and (valid_to is null or valid_to > $1)",
        day,
    )
    ordered = sorted(rows, key=lambda row: text_key(_bare(row["name"])))
    communes: dict[str, list[Unit]] = {}
    for row in ordered:
        if row["province_code"]:
            communes.setdefault(row["province_code"], []).append(Unit(row["code"], row["name"]))
    return Units(
        provinces=tuple(Unit(row["code"], row["name"]) for row in ordered if row["kind"] == UnitKind.PROVINCE),
        communes={province: tuple(units) for province, units in communes.items()},
    )


def _bare(name: str) -> str:
    """The name without its kind, by which lists are ordered."""
    for kind in ("Thành phố ", "Tỉnh ", "Phường ", "Xã ", "Đặc khu "):
        if name.startswith(kind):
            return name.removeprefix(kind)
    return name


_KINDS = {"phường": UnitKind.WARD, "xã": UnitKind.COMMUNE, "đặc khu": UnitKind.SPECIAL_ZONE}


async def import_units() -> int:
    """Fill the table with the 34 provinces and 3,321 communes in force since 1/7/2025; return how many were added.

    Units that are there already stay as they are: an office may have corrected them.
    """
    from vietnam_provinces import Province, Ward  # reads four thousand units when imported

    there = {row["code"] for row in await fetch("select code from administrative_unit")}
    rows = [_row(f"{one.code:02d}", UnitKind.PROVINCE, _with_kind(one.name), None) for one in Province.iter_all()]
    rows += [
        _row(f"{ward.code:05d}", _KINDS[str(ward.division_type.value)], ward.name, f"{ward.province_code:02d}")
        for ward in Ward.iter_all()
    ]
    fresh = [row for row in rows if row.code not in there]
    async with unit_of_work():
        for start in range(0, len(fresh), _BATCH):
            await AdministrativeUnit.insert(*fresh[start : start + _BATCH])
    forget_units()
    return len(fresh)


def _with_kind(province: str) -> str:
    """The seed names only cities with their kind."""
    return province if province.startswith("Thành phố ") else f"Tỉnh {province}"


def _row(code: str, kind: UnitKind, name: str, province: str | None) -> AdministrativeUnit:
    return AdministrativeUnit(
        id=new_id(), code=code, kind=kind, name=name, province_code=province, valid_from=TWO_TIERS, valid_to=None
    )


async def provinces() -> list[tuple[str, str]]:
    """Return the provinces of today as (code, name), in the order of a Vietnamese list."""
    return [(one.code, one.name) for one in (await units()).provinces]


async def communes(province_code: str) -> list[tuple[str, str]]:
    """Return the communes, wards and special zones of a province of today as (code, name), in order."""
    return [(one.code, one.name) for one in (await units()).communes.get(province_code, ())]
