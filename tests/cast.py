"""A small named cast: the commune of Mai Khê, officers, two citizens. Rows are made directly; verbs have tests of their own."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID

from backend.accounts.tables import Account, Session
from backend.agencies.tables import Agency, AgencyKind, CalendarDay, CalendarYear, Officer, Role
from backend.kit import clock, seal, settings
from backend.kit.database import new_id

# Wednesday 25 November 2026, 10:00 in Việt Nam: the day after a holiday, in office hours.
NOON = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
PASSWORD = "cua-xanh-tuong-vang"


def password_hash() -> str:
    """The cast shares one password; argon2 is slow on purpose, so it is hashed once for each office's secret."""
    return _hashed_under(settings.current().secret)


@cache
def _hashed_under(secret: bytes) -> str:
    from backend.accounts.passwords import hash_now

    return hash_now(PASSWORD)


@dataclass
class Person:
    """A member of the cast and the session token of their device."""

    name: str
    account: UUID
    token: str
    phone: str
    personal_id: str
    officer: UUID | None = None


@dataclass
class Cast:
    """Everybody in the story."""

    commune: UUID
    other_commune: UUID
    province: UUID
    ha: Person  # citizen, a mother
    toan: Person  # another citizen
    officers: dict[Role, Person] = field(default_factory=dict)
    stranger_officer: Person | None = None  # works in the other commune, holds every role

    def officer(self, role: Role) -> Person:
        """The officer of Mai Khê who holds `role` and no other."""
        return self.officers[role]


async def person(name: str, phone: str, personal_id: str, officer_since: datetime | None = None) -> Person:
    """Insert an account that is signed in on one device."""
    now = clock.now()
    account, token = new_id(), hashlib.sha256(phone.encode()).hexdigest()
    await Account.insert(
        Account(
            id=account,
            phone=phone,
            personal_id_sealed=seal.seal(personal_id),
            personal_id_print=seal.fingerprint(personal_id),
            password_hash=password_hash(),
            full_name=name,
            created_at=now,
            officer_since=officer_since,
        )
    )
    await Session.insert(
        Session(
            id=new_id(),
            account=account,
            token_hash=seal.token_hash(token),
            device="Chromium, Linux",
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(days=3650),
        )
    )
    return Person(name, account, token, phone, personal_id)


async def officer(name: str, phone: str, personal_id: str, agency: UUID, roles: list[Role]) -> Person:
    """Insert an officer with an account."""
    made = await person(name, phone, personal_id, officer_since=clock.now())
    made.officer = new_id()
    await Officer.insert(
        Officer(
            id=made.officer,
            agency=agency,
            account=made.account,
            full_name=name,
            title="Chuyên viên",
            roles=[str(role) for role in roles],
            appointed_at=clock.now(),
        )
    )
    return made


def _agency(kind: AgencyKind, code: str, unit: str, short: str, parent: UUID | None) -> Agency:
    return Agency(
        id=new_id(),
        kind=kind,
        code=code,
        unit_code=unit,
        parent=parent,
        name=f"Ủy ban nhân dân {short[0].lower()}{short[1:]}",
        short_name=short,
        superior_name=f"Ủy ban nhân dân {short[0].lower()}{short[1:]}",
        centre_name=f"Trung tâm Phục vụ hành chính công {short[0].lower()}{short[1:]}",
        place=short.removeprefix("Xã "),
        address="Thôn Trung, xã Mai Khê",
        phone="02373 123 456",
        opened_at=clock.now() - timedelta(days=400),
    )


NAMES = {
    Role.RECEPTIONIST: "Lê Thị Mai",
    Role.PROCESSOR: "Đỗ Minh Phúc",
    Role.APPROVER: "Trần Văn Khải",
    Role.LEADER: "Nguyễn Thị Yến",
    Role.CLERK: "Phạm Thu Giang",
    Role.CASHIER: "Bùi Văn Đạt",
    Role.ADMINISTRATOR: "Hoàng Anh Tuấn",
}


async def assemble() -> Cast:
    """Insert the cast and the national calendar of 2026; return who is who."""
    province = _agency(AgencyKind.PROVINCE, "H71", "38", "Tỉnh Hà Thanh", None)
    commune = _agency(AgencyKind.COMMUNE, "H71.104.26", "16438", "Xã Mai Khê", province.id)
    other = _agency(AgencyKind.COMMUNE, "H71.104.27", "16441", "Xã Đồng Sen", province.id)
    await Agency.insert(province, commune, other)
    await holiday()
    cast = Cast(
        commune=commune.id,
        other_commune=other.id,
        province=province.id,
        ha=await person("Trần Thị Thu Hà", "0912345678", "038198006417"),
        toan=await person("Nguyễn Văn Toàn", "0987654321", "038096001234"),
    )
    for number, (role, name) in enumerate(NAMES.items()):
        cast.officers[role] = await officer(name, f"090000000{number}", f"03818000000{number}", commune.id, [role])
    cast.stranger_officer = await officer("Vũ Thị Lan", "0900000099", "038180000099", other.id, list(Role))
    return cast


async def holiday() -> None:
    """The one holiday the stories meet: Vietnam Culture Day."""
    await CalendarDay.delete().where(CalendarDay.date == NOON.date() - timedelta(days=1))
    await CalendarDay.insert(
        CalendarDay(
            id=new_id(), agency=None, date=NOON.date() - timedelta(days=1), kind="holiday", name="Ngày Văn hóa Việt Nam"
        )
    )
    if not await CalendarYear.exists().where(CalendarYear.year == NOON.year):
        await CalendarYear.insert(CalendarYear(year=NOON.year))
