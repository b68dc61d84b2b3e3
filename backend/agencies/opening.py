"""Opening an agency from the command line: the first thing a real office does."""

import re
from uuid import UUID

import asyncpg

from backend.agencies.queries import agency_by_code
from backend.agencies.tables import Agency, AgencyKind
from backend.kit import clock
from backend.kit.database import new_id
from backend.kit.errors import Invalid
from backend.kit.language import _
from backend.kit.text import clean

CODE = re.compile(r"[A-Z]\d{2}(?:\.\d{2,3}){0,2}")


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


async def open_agency(
    *, kind: str, code: str, short_name: str, parent: str | None, unit: str | None, address: str, phone: str
) -> UUID:
    """Open a province, a commune or a department of one; its long names are formed from the short one.

    Args:
        kind: a word of `AgencyKind`.
        code: identification code that will begin its dossier codes, H71.104.26.
        short_name: with its kind, "Xã Mai Khê".
        parent: code of the agency above.
        unit: official code of the administrative unit it serves.
        address, phone: as pages and papers print them.

    Raises:
        Invalid: the code is none or taken, the kind or the parent is unknown.
    """
    name = clean(short_name).strip()
    if kind not in list(AgencyKind):
        raise Invalid(_("Loại cơ quan phải là province, commune hoặc department."))
    if not CODE.fullmatch(code) or not name:
        raise Invalid(_("Mã cơ quan có dạng H71.104.26, và phải có tên cơ quan."))
    above = await agency_by_code(parent) if parent else None
    if parent and above is None:
        raise Invalid(_("Không có cơ quan cấp trên mang mã này."))
    if kind == AgencyKind.DEPARTMENT and above is None:
        raise Invalid(_("Phòng thuộc một cơ quan: ghi mã cơ quan cấp trên."))
    people = f"Ủy ban nhân dân {_lower(name)}"
    inside = kind == AgencyKind.DEPARTMENT
    made = Agency(
        id=new_id(),
        kind=kind,
        code=code,
        unit_code=unit,
        parent=above.id if above else None,
        name=name if inside else people,
        short_name=name,
        superior_name=above.name if inside and above else people,
        centre_name="" if inside else f"Trung tâm Phục vụ hành chính công {_lower(name)}",
        place=above.place if inside and above else name.split(" ", 1)[-1],
        address=clean(address).strip(),
        phone=clean(phone).strip(),
        opened_at=clock.now(),
    )
    try:
        await Agency.insert(made)
    except asyncpg.UniqueViolationError:
        raise Invalid(_("Đã có cơ quan mang mã này.")) from None
    return UUID(str(made.id))
