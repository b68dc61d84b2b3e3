"""Bringing the national calendar in: the days and years of `data/holidays.json`, as often as one likes."""

from datetime import date
from typing import Any

import msgspec

from backend.agencies.office_hours import SHIPPED
from backend.agencies.queries import forget_calendars
from backend.kit.database import execute, new_id, unit_of_work

_DAY = """
insert into calendar_day (id, agency, date, kind, name, status, basis, swaps_for)
values ($1, null, $2, $3, $4, $5, $6, $7)
on conflict (agency, date) do update set kind = excluded.kind, name = excluded.name, status = excluded.status,
    basis = excluded.basis, swaps_for = excluded.swaps_for
"""
_YEAR = (
    "insert into calendar_year (year, status) values ($1, $2) on conflict (year) do update set status = excluded.status"
)


async def import_calendar(document: dict[str, Any] | None = None) -> int:
    """Write the national days; return how many. What an agency set for itself stays.

    Args:
        document: shaped like `data/holidays.json`, which is taken by default.
    """
    data = document or msgspec.json.decode(SHIPPED.read_bytes())
    async with unit_of_work():
        for day in data["days"]:
            swaps = day.get("swaps_for")
            await execute(
                _DAY,
                new_id(),
                date.fromisoformat(day["date"]),
                day["kind"],
                day["name"],
                day["status"],
                day.get("basis") or "",
                date.fromisoformat(swaps) if swaps else None,
            )
        for year in data["years"]:
            await execute(_YEAR, year["year"], year["status"])
    forget_calendars()
    return len(data["days"])
