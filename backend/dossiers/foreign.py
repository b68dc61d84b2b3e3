"""Other systems beside ours: the codes they gave a dossier, and whose word on its state holds."""

import re
from datetime import datetime
from uuid import UUID

import msgspec

from backend.agencies.officers import Officer
from backend.dossiers import moves
from backend.dossiers.lifecycle import acting, check, go
from backend.dossiers.tables import Dossier, ForeignSystem, StateOwner
from backend.kit import clock
from backend.kit.database import execute, fetch, fetch_one, new_id, unit_of_work
from backend.kit.errors import Invalid
from backend.kit.language import _
from backend.kit.text import clean
from backend.procedures.offerings import CONNECTIONS
from backend.procedures.tables import Connection
from backend.procedures.workflow import Step

# Every system writes its codes its own way; none has blanks or accents.
_CODE = re.compile(r"[A-Z0-9][A-Z0-9._/-]{3,59}")


class Given(msgspec.Struct, frozen=True):
    """A code of one system; `earlier` are those it took the place of, newest first."""

    id: UUID
    system: str
    code: str
    since: datetime
    earlier: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What people call the system."""
        return system_name(self.system)


def system_name(system: str) -> str:
    """Return what people call a system."""
    return _(CONNECTIONS[Connection(system)])


def systems() -> list[tuple[str, str]]:
    """Return every system that gives codes, with its name."""
    return [(str(one), system_name(one)) for one in ForeignSystem]


def state_owner(dossier: Dossier) -> str:
    """Return the name of the system whose word on the state holds; empty where it is ours."""
    if dossier.state_owner == StateOwner.OURS or dossier.connection == Connection.LOCAL:
        return ""
    return system_name(dossier.connection)


async def given_to(dossier: UUID) -> list[Given]:
    """Return every code that ever was noted for a dossier, newest first."""
    rows = await fetch(
        "select id, system, code, since from dossier_foreign_code where dossier = $1 order by since desc, id desc",
        dossier,
    )
    return [Given(**row) for row in rows]


async def codes_of(dossier: UUID) -> list[Given]:
    """Return the code of each system that gave one, with those it took the place of."""
    by_system: dict[str, list[Given]] = {}
    for one in await given_to(dossier):
        by_system.setdefault(one.system, []).append(one)
    return [
        msgspec.structs.replace(newest, earlier=tuple(one.code for one in older))
        for newest, *older in by_system.values()
    ]


async def add_code(dossier: Dossier, officer: Officer, steps: tuple[Step, ...], system: str, code: str) -> None:
    """Note the code that another system gave the dossier; one it gave before stays, and is shown as the earlier one.

    Args:
        dossier, officer, steps: as for every move.
        system: a `ForeignSystem`.
        code: as typed.

    Raises:
        Invalid: no such system, not a code, or it is noted already, here or on another dossier.
        Refused: not allowed.
    """
    await check(dossier, moves.FOREIGN_CODE, officer, steps)
    if system not in set(ForeignSystem):
        raise Invalid(_("Chọn hệ thống đã cấp mã."), {"system": _("Chưa chọn hệ thống.")})
    written = re.sub(r"\s", "", clean(code)).upper()
    if not _CODE.fullmatch(written):
        raise _wrong(_("Mã chỉ có chữ không dấu, số và các dấu . - / _, từ 4 đến 60 ký tự."))
    made = new_id()
    async with unit_of_work():
        details = {"system": system, "foreign_code": str(made)}
        await go(dossier, moves.FOREIGN_CODE, acting(officer), details=details)
        added = await execute(
            "insert into dossier_foreign_code (id, agency, dossier, system, code, since, noted_by)"
            " values ($1, $2, $3, $4, $5, $6, $7) on conflict (system, code) do nothing",
            made, dossier.agency, dossier.id, system, written, clock.now(), officer.id,
        )  # fmt: skip
        if not added:
            raise _wrong(await _whose(dossier, system, written))


def _wrong(sentence: str) -> Invalid:
    return Invalid(sentence, {"code": sentence})


async def _whose(dossier: Dossier, system: str, code: str) -> str:
    other = await fetch_one(
        "select d.id, d.agency, d.code from dossier_foreign_code f join dossier d on d.id = f.dossier"
        " where f.system = $1 and f.code = $2",
        system,
        code,
    )
    if other is not None and other["id"] == dossier.id:
        return _("Hồ sơ này đã ghi mã đó.")
    if other is not None and other["agency"] == dossier.agency:
        return _("Mã đó đã ghi ở hồ sơ {code}.").format(code=other["code"])
    return _("Mã đó đã ghi ở hồ sơ của cơ quan khác.")
