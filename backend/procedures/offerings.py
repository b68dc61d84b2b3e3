"""What each agency says about procedures: taken online or not, through which connection, and the amounts it sets.

Online filing is off until the agency switches it on, procedure by procedure: the legal front door is the national portal.
"""

from datetime import date
from uuid import UUID

import msgspec

from backend.agencies.calendars import calendar_of
from backend.agencies.queries import agency_by_id
from backend.history.record import record
from backend.history.tables import ActorKind
from backend.kit import clock
from backend.kit.database import fetch, fetch_one, fetch_value, new_id, unit_of_work
from backend.kit.errors import Invalid, NotFound, Refused
from backend.kit.language import N_, _
from backend.kit.text import clean
from backend.procedures.definition import Channel, FeeRule, Procedure
from backend.procedures.fees import unset_fees
from backend.procedures.matter import Office, Tariff
from backend.procedures.queries import current, index, several
from backend.procedures.tables import Connection

CONNECTIONS = {
    Connection.LOCAL: N_("Nộp trên trang này, xã giữ trạng thái"),
    Connection.PROVINCIAL: N_("Hệ thống của tỉnh"),
    Connection.MINISTRY: N_("Hệ thống của bộ"),
    Connection.PORTAL: N_("Cổng Dịch vụ công quốc gia"),
}
_HIGHEST = 100_000_000_000


class Offering(msgspec.Struct, frozen=True):
    """One agency's word on one procedure."""

    online: bool = False
    connection: Connection = Connection.LOCAL


async def office_of(agency: UUID, day: date) -> Office:
    """Return what an outcome needs to know of an agency: its calendar, its province, the amounts in force on `day`."""
    own = await agency_by_id(agency)
    parent = await agency_by_id(own.parent) if own.parent else None
    province = parent.short_name if parent else ""
    for kind in ("Thành phố ", "Tỉnh "):
        province = province.removeprefix(kind)
    rows = await fetch(
        "select distinct on (code, fee) code, fee, amount_vnd, online_vnd, basis from local_tariff"
        " where agency = any($1) and valid_from <= $2 order by code, fee, (agency = $3) desc, valid_from desc",
        [agency, *([own.parent] if own.parent else [])],
        day,
        agency,
    )
    return Office(
        calendar=await calendar_of(agency),
        province=province,
        tariffs={(row["code"], row["fee"]): Tariff(row["amount_vnd"], row["online_vnd"], row["basis"]) for row in rows},
    )


async def offering_of(agency: UUID, code: str) -> Offering:
    """Return an agency's word on one procedure; nothing said means not online."""
    row = await fetch_one(
        "select online, connection from procedure_offering where agency = $1 and code = $2", agency, code
    )
    return Offering(row["online"], Connection(row["connection"])) if row else Offering()


async def offerings_of(agency: UUID) -> dict[str, Offering]:
    """Return all an agency has said, by procedure code."""
    rows = await fetch("select code, online, connection from procedure_offering where agency = $1", agency)
    return {row["code"]: Offering(row["online"], Connection(row["connection"])) for row in rows}


async def takes_online(agency: UUID, procedure: Procedure) -> bool:
    """Tell whether the procedure can be filed online with this agency now."""
    if procedure.channel(Channel.ONLINE) is None:
        return False
    return (await offering_of(agency, procedure.code)).online


async def missing_fees(agency: UUID, procedure: Procedure) -> tuple[FeeRule, ...]:
    """Return the fees that keep the procedure from being opened online: nobody set them, and its province gave no example."""
    office = await office_of(agency, clock.local(clock.now()).date())
    return unset_fees(procedure, office, Channel.ONLINE)


async def switch(agency: UUID, code: str, online: bool, connection: Connection, officer: UUID | None) -> None:
    """Say whether a procedure is taken online, and through which connection.

    Args:
        agency: whose word it is.
        code: the procedure.
        online: whether filing is open.
        connection: whose system keeps the state of what is filed.
        officer: the administrator who says so; None for the demo office.

    Raises:
        NotFound: there is no such procedure.
        Refused: it has no online channel, or a fee is not set.
    """
    published = await current(code)
    if published is None:
        raise NotFound(_("Không có thủ tục này."))
    if online:
        await _refuse_unready(agency, published.version)
    before = await offering_of(agency, code)
    if before == Offering(online, connection):
        return
    async with unit_of_work():
        offering = await fetch_value(
            "insert into procedure_offering (id, agency, code, online, connection, changed_at, changed_by)"
            " values ($1, $2, $3, $4, $5, $6, $7) on conflict (agency, code) do update set online = excluded.online,"
            " connection = excluded.connection, changed_at = excluded.changed_at, changed_by = excluded.changed_by"
            " returning id",
            new_id(), agency, code, online, connection, clock.now(), officer,
        )  # fmt: skip
        await record(
            "procedure_offering",
            offering,
            "opened" if online else "closed",
            agency=agency,
            actor_kind=ActorKind.OFFICER if officer else ActorKind.SYSTEM,
            actor=officer,
            details={"procedure": code, "connection": str(connection)},
            at=clock.now(),
        )


async def _refuse_unready(agency: UUID, procedure: Procedure) -> None:
    if procedure.channel(Channel.ONLINE) is None:
        raise Refused(_("Thủ tục này chỉ làm tại quầy hoặc qua bưu chính, không có cách nộp trên mạng."))
    missing = await missing_fees(agency, procedure)
    if missing:
        names = "; ".join(fee.name for fee in missing)
        raise Refused(_("Chưa mở được: chưa có mức thu cho %(fees)s. Nhập mức thu trước.") % {"fees": names})


async def open_all(agency: UUID, connection: Connection = Connection.LOCAL) -> list[str]:
    """Open every procedure that can be opened, as the demo province has it; return the codes that stayed closed."""
    codes = [entry.code for entry in (await index()).entries if "online" in entry.channels]
    closed = []
    for code, published in (await several(codes)).items():
        if await missing_fees(agency, published.version):
            closed.append(code)
        else:
            await switch(agency, code, True, connection, None)
    return sorted(closed)


async def set_tariff(
    agency: UUID,
    code: str,
    fee: str,
    amount_vnd: int,
    online_vnd: int | None,
    basis: str,
    valid_from: date,
    officer: UUID | None,
) -> None:
    """Set what a fee costs here from one day on.

    Args:
        agency: whose word it is; a province's holds for its communes unless they set their own.
        code, fee: the procedure and the id of its fee rule.
        amount_vnd: what is paid; online_vnd: when filed online (None: the same).
        basis: the resolution that sets it.
        valid_from: its first day.
        officer: the administrator; None for the demo office.

    Raises:
        NotFound: there is no such fee, or the law itself sets its amount.
        Invalid: an amount is negative or absurd.
    """
    published = await current(code)
    rule = published.version.fee(fee) if published else None
    if rule is None or not rule.local:
        raise NotFound(_("Không có khoản thu này."))
    for amount in (amount_vnd, online_vnd or 0):
        if not 0 <= amount <= _HIGHEST:
            raise Invalid(_("Mức thu phải từ 0 đồng, không quá 100 tỷ đồng."))
    async with unit_of_work():
        tariff = await fetch_value(
            "insert into local_tariff (id, agency, code, fee, amount_vnd, online_vnd, basis, valid_from, set_at, set_by)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (agency, code, fee, valid_from) do update set"
            " amount_vnd = excluded.amount_vnd, online_vnd = excluded.online_vnd, basis = excluded.basis,"
            " set_at = excluded.set_at, set_by = excluded.set_by returning id",
            new_id(), agency, code, fee, amount_vnd, online_vnd, clean(basis), valid_from, clock.now(), officer,
        )  # fmt: skip
        await record(
            "local_tariff",
            tariff,
            "set",
            agency=agency,
            actor_kind=ActorKind.OFFICER if officer else ActorKind.SYSTEM,
            actor=officer,
            details={
                "procedure": code,
                "fee": fee,
                "amount_vnd": amount_vnd,
                "online_vnd": online_vnd,
                "valid_from": valid_from,
            },
            at=clock.now(),
        )
