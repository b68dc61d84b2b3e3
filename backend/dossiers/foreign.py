"""Other systems beside ours: the codes they gave a dossier, and whose word on its state holds."""

import re
from datetime import datetime
from uuid import UUID

import msgspec

from backend.agencies.officers import Officer
from backend.dossiers import moves
from backend.dossiers.lifecycle import acting, check, go, need_reason
from backend.dossiers.tables import Dossier, ForeignSystem, StateOwner
from backend.kit import clock
from backend.kit.database import execute, fetch, fetch_one, new_id, unit_of_work
from backend.kit.errors import Invalid, Refused
from backend.kit.language import _
from backend.kit.text import clean
from backend.procedures.offerings import CONNECTIONS
from backend.procedures.tables import Connection
from backend.procedures.workflow import Step

# Every system writes its codes its own way; none has blanks or accents.
_CODE = re.compile(r"[A-Z0-9][A-Z0-9._/-]{3,59}")


class Given(msgspec.Struct, frozen=True):
    """A code of one system; `earlier` are those it took the place of, newest first; `withdrawn`: why it was a mistake."""

    id: UUID
    system: str
    code: str
    since: datetime
    earlier: tuple[str, ...] = ()
    withdrawn: str | None = None

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
    """Return every code that ever was noted for a dossier, withdrawn ones too, newest first."""
    rows = await fetch(
        "select c.id, c.system, c.code, c.since, w.reason as withdrawn from dossier_foreign_code c"
        " left join dossier_foreign_code_withdrawal w on w.foreign_code = c.id"
        " where c.dossier = $1 order by c.since desc, c.id desc",
        dossier,
    )
    return [Given(**row) for row in rows]


async def codes_of(dossier: UUID) -> list[Given]:
    """Return the code of each system that gave one, with those it took the place of; mistakes are left out."""
    by_system: dict[str, list[Given]] = {}
    for one in await given_to(dossier):
        if one.withdrawn is None:
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
            "insert into dossier_foreign_code (id, agency, dossier, system, code, since, noted_by, turn)"
            # Of two at once both count the same withdrawals, and one of them finds its place taken.
            " select $1, $2, $3, $4, $5, $6, $7, (select count(*) from dossier_foreign_code_withdrawal w"
            " join dossier_foreign_code c on c.id = w.foreign_code where c.system = $4 and c.code = $5)"
            " on conflict (system, code, turn) do nothing",
            made, dossier.agency, dossier.id, system, written, clock.now(), officer.id,
        )  # fmt: skip
        if not added:
            raise _wrong(await _whose(dossier, system, written))


async def withdraw_code(
    dossier: Dossier, officer: Officer, steps: tuple[Step, ...], code: UUID | None, reason: str
) -> None:
    """Say that a noted code was a mistake: it is shown no longer, history keeps it, and the right dossier can have it.

    Args:
        dossier, officer, steps: as for every move.
        code: the noted code's id.
        reason: why.

    Raises:
        Invalid: none of this dossier's codes was chosen, or there is no reason.
        Refused: not allowed, or it was withdrawn already.
    """
    await check(dossier, moves.WITHDRAW_CODE, officer, steps)
    noted = next((one for one in await given_to(dossier.id) if one.id == code), None)
    if noted is None:
        raise _wrong(_("Chọn mã đã ghi nhầm."))
    need_reason(reason)
    async with unit_of_work():
        await go(dossier, moves.WITHDRAW_CODE, acting(officer), details={"foreign_code": str(noted.id)})
        gone = await execute(
            "insert into dossier_foreign_code_withdrawal (id, agency, dossier, foreign_code, reason, at, withdrawn_by)"
            " values ($1, $2, $3, $4, $5, $6, $7) on conflict (foreign_code) do nothing",
            new_id(), dossier.agency, dossier.id, noted.id, clean(reason).strip(), clock.now(), officer.id,
        )  # fmt: skip
        if not gone:
            raise Refused(_("Mã này đã được bỏ."))


def _wrong(sentence: str) -> Invalid:
    return Invalid(sentence, {"code": sentence})


async def _whose(dossier: Dossier, system: str, code: str) -> str:
    other = await fetch_one(
        "select d.id, d.agency, d.code from dossier_foreign_code f join dossier d on d.id = f.dossier"
        " where f.system = $1 and f.code = $2 order by f.turn desc limit 1",
        system,
        code,
    )
    if other is not None and other["id"] == dossier.id:
        return _("Hồ sơ này đã ghi mã đó.")
    if other is not None and other["agency"] == dossier.agency:
        return _("Mã đó đã ghi ở hồ sơ {code}.").format(code=other["code"])
    return _("Mã đó đã ghi ở hồ sơ của cơ quan khác.")
