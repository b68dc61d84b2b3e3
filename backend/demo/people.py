"""Who lives and works in the demo province. All names, numbers and places are invented."""

from datetime import date

import msgspec

from backend.agencies.tables import Role

PASSWORD = "cua-xanh-tuong-vang"
PROVINCE_UNIT = "98"


class Commune(msgspec.Struct, frozen=True):
    """One commune of the demo province."""

    code: str
    unit: str
    short_name: str
    place: str
    address: str
    phone: str
    hamlets: tuple[str, ...]


class Citizen(msgspec.Struct, frozen=True):
    """One inhabitant; `commune` is the place in `COMMUNES`."""

    name: str
    phone: str
    personal_id: str
    born: date
    sex: str
    commune: int
    verified: bool


COMMUNES = (
    Commune(
        "H71.104.26",
        "98001",
        "Xã Mai Khê",
        "Mai Khê",
        "Thôn Trung, xã Mai Khê",
        "02373 612 345",
        ("Thôn Bến Đá", "Thôn Trung", "Thôn Đông", "Thôn Thượng", "Thôn Cầu"),
    ),
    Commune(
        "H71.104.27",
        "98002",
        "Xã Đồng Sen",
        "Đồng Sen",
        "Thôn Hạ, xã Đồng Sen",
        "02373 622 345",
        ("Thôn Hạ", "Thôn Đầm", "Thôn Sen", "Thôn Giữa"),
    ),
    Commune(
        "H71.104.28",
        "98003",
        "Phường Bến Lụa",
        "Bến Lụa",
        "12 phố Bến, phường Bến Lụa",
        "02373 632 345",
        ("Tổ dân phố 1", "Tổ dân phố 2", "Tổ dân phố 3", "Tổ dân phố 4"),
    ),
)

# Mai Khê has two people for the work that is most; the first of each role is printed at start.
OFFICERS: tuple[tuple[int, str, str, tuple[Role, ...]], ...] = (
    (0, "Lê Thị Mai", "Cán bộ tiếp nhận", (Role.RECEPTIONIST,)),
    (0, "Đỗ Minh Phúc", "Công chức tư pháp - hộ tịch", (Role.PROCESSOR,)),
    (0, "Trần Văn Khải", "Trưởng phòng Văn hóa - Xã hội", (Role.APPROVER,)),
    (0, "Nguyễn Thị Yến", "Phó Chủ tịch", (Role.LEADER,)),
    (0, "Phạm Thu Giang", "Văn thư", (Role.CLERK,)),
    (0, "Bùi Văn Đạt", "Thủ quỹ", (Role.CASHIER,)),
    (0, "Hoàng Anh Tuấn", "Quản trị hệ thống", (Role.ADMINISTRATOR,)),
    (0, "Vũ Thị Hòa", "Cán bộ tiếp nhận", (Role.RECEPTIONIST,)),
    (0, "Ngô Quang Huy", "Công chức địa chính", (Role.PROCESSOR,)),
    (0, "Lưu Thị Bích", "Công chức lao động - xã hội", (Role.PROCESSOR,)),
    (0, "Đặng Văn Thành", "Chủ tịch", (Role.LEADER,)),
    (1, "Phan Thị Lan", "Cán bộ tiếp nhận", (Role.RECEPTIONIST, Role.CASHIER)),
    (1, "Hồ Sỹ Nam", "Công chức tư pháp - hộ tịch", (Role.PROCESSOR, Role.CLERK)),
    (1, "Mai Thị Thảo", "Trưởng phòng Kinh tế", (Role.APPROVER,)),
    (1, "Cao Văn Lợi", "Chủ tịch", (Role.LEADER, Role.ADMINISTRATOR)),
    (2, "Tạ Thị Ngân", "Cán bộ tiếp nhận", (Role.RECEPTIONIST, Role.CASHIER)),
    (2, "Trịnh Xuân Bách", "Công chức tư pháp - hộ tịch", (Role.PROCESSOR, Role.CLERK)),
    (2, "Dương Thị Hạnh", "Trưởng phòng Văn hóa - Xã hội", (Role.APPROVER,)),
    (2, "Nguyễn Đình Trung", "Chủ tịch", (Role.LEADER, Role.ADMINISTRATOR)),
)

_NAMES = (
    ("Trần Thị Thu Hà", "female", 1998),
    ("Nguyễn Văn Toàn", "male", 1996),
    ("Lê Văn Bình", "male", 1984),
    ("Phạm Thị Ngọc", "female", 1990),
    ("Hoàng Thị Xuân", "female", 1957),
    ("Đỗ Văn Sơn", "male", 1979),
    ("Bùi Thị Hương", "female", 1993),
    ("Vũ Đức Long", "male", 2001),
    ("Đặng Thị Liên", "female", 1968),
    ("Ngô Văn Hải", "male", 1975),
    ("Dương Thị Ánh", "female", 2003),
    ("Lý Văn Páo", "male", 1988),
    ("Giàng Thị Mỷ", "female", 1995),
    ("Phan Đình Quý", "male", 1949),
    ("Trịnh Thị Đào", "female", 1982),
    ("Hồ Văn Cường", "male", 1991),
    ("Mai Thị Tuyết", "female", 1986),
    ("Cao Văn Lâm", "male", 1972),
    ("Tô Thị Nhung", "female", 1999),
    ("Nguyễn Hữu Đức", "male", 1965),
    ("Lê Thị Kim Oanh", "female", 1977),
    ("Đinh Văn Tiến", "male", 1994),
    ("Quách Thị Thơm", "female", 1989),
    ("Trần Quốc Việt", "male", 1981),
    ("Nguyễn Thị Lành", "female", 1952),
    ("Phùng Văn Khoa", "male", 2000),
    ("Hà Thị Vân", "female", 1987),
    ("Lương Văn Tuyên", "male", 1970),
    ("Đoàn Thị Phượng", "female", 1992),
    ("Nguyễn Minh Quân", "male", 2004),
)


def _citizen(place: int, name: str, sex: str, year: int) -> Citizen:
    century = (0 if year < 2000 else 2) + (sex == "female")
    return Citizen(
        name=name,
        phone=f"09121{place:05d}",
        personal_id=f"038{century}{year % 100:02d}{(place + 1) * 7919 % 1_000_000:06d}",
        born=date(year, place % 12 + 1, place * 5 % 28 + 1),
        sex=sex,
        commune=0 if place < 18 else 1 if place < 24 else 2,
        verified=place % 3 != 2,
    )


CITIZENS = tuple(_citizen(place, *facts) for place, facts in enumerate(_NAMES))


def home_of(place: int) -> dict[str, str]:
    """Return the address of the inhabitant at `place` of `CITIZENS`."""
    commune = COMMUNES[CITIZENS[place].commune]
    detail = commune.hamlets[place % len(commune.hamlets)]
    return {"province": PROVINCE_UNIT, "commune": commune.unit, "detail": detail}


def officer_phone(place: int) -> str:
    """Return the phone number by which the officer at `place` of `OFFICERS` signs in."""
    return f"09020{place:05d}"
