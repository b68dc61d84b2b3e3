"""How each route is called: the parts of its address, and what a form on it would post."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from backend.accounts.identity import found_again
from backend.agencies.counter_finds import sealed
from backend.agencies.tables import Role
from backend.kit import assets
from tests.access.table import Row
from tests.cast import PASSWORD
from tests.dossiers import stories
from tests.dossiers.stories import BIRTH
from tests.files import samples
from tests.world import REASON, World

Form = dict[str, Any]
NOTHING = UUID("0199aaaa-0000-7000-8000-000000000000")

# What stands for a part of an address unless the row says otherwise after its "@".
PARTS: dict[str, Callable[[World], object]] = {
    "path": lambda world: assets.asset("styles/app.css").removeprefix("/a/"),
    "session": lambda world: world.second_session,
    "purpose": lambda world: "sms_email_tips",
    "place": lambda world: world.cast.officer(Role.RECEPTIONIST).officer,
    "officer_id": lambda world: world.cast.officer(Role.CLERK).officer,
    "address": lambda world: f"x-{BIRTH}",
    "document": lambda world: "application.pdf",
    "draft": lambda world: world.draft,
    "number": lambda world: 1,
    "file": lambda world: world.file,
    "paper": lambda world: "acknowledgement.pdf",
    "name": lambda world: "application.pdf",
    "token": lambda world: world.token("received"),
    "day": lambda world: world.closed_day,
    "hours": lambda world: world.hours,
}

BORN = {"birth_day": "12", "birth_month": "3", "birth_year": "1998"}
FORMS: dict[str, Form] = {
    "POST /giao-dien": {"text": "145"},
    "POST /dang-nhap": {"identifier": "0912345678", "password": PASSWORD},
    "POST /dang-ky": {
        "full_name": "Phạm Thị Hoa",
        "phone": "0977123456",
        "personal_id": "038299001234",
        "password": "con mèo ngủ trên mái",
    },
    "POST /quen-mat-khau": {"identifier": "0912345678"},
    "POST /quen-mat-khau/ma": {"identifier": "0912345678", "code": "AAAA-BBBB", "password": "ao làng nhiều sen"},
    "POST /toi/mat-khau": {"current": PASSWORD, "password": "ao làng nhiều sen"},
    "POST /toi/thong-tin": {"full_name": "Trần Thị Thu Hà", "phone": "0912345678"},
    "POST /toi/noi-o": {"province": "38", "commune": "16438", "detail": "Thôn Trung"},
    "POST /xa": {"xa": "H71.104.27"},
    "POST /thong-bao/cai-dat": {"email": "no"},
    "POST /can-bo/nguoi": {"identifier": "0912345678"},
    "POST /can-bo/nguoi/xac-minh": {"full_name": "Trần Thị Thu Hà", **BORN, "seen": "on"},
    "POST /can-bo/nguoi/mo": {
        "full_name": "Phạm Thị Hoa",
        "phone": "0977123456",
        "personal_id": "038299001234",
        **BORN,
        "seen": "on",
    },
    "POST /can-bo/can-bo/them": {
        "full_name": "Phạm Thị Hoa",
        "phone": "0977123456",
        "password": "con mèo ngủ trên mái",
        "title": "Chuyên viên",
        "roles": "clerk",
    },
    "POST /can-bo/can-bo/{officer_id:uuid}": {"title": "Chuyên viên", "roles": "clerk"},
    "POST /can-bo/thu-tuc/{code:str}/nop-tren-mang": {"online": "1", "connection": "local"},
    "POST /can-bo/thu-tuc/{code:str}/muc-thu": {
        "fee": "civil_charge",
        "amount": "8.000",
        "basis": "Nghị quyết 12",
        "valid_from": "2026-12-01",
    },
    "POST /can-bo/lich/ngay-nghi": {"first_day": "2", "first_month": "6", "first_year": "2027", "reason": "Hội làng"},
    "POST /can-bo/lich/lam-bu": {
        "first_day": "5",
        "first_month": "6",
        "first_year": "2027",
        "swaps_for": "2027-06-01",
        "reason": "Bù ngày 1/6",
    },
    "POST /can-bo/lich/gio": {
        "first_day": "1",
        "first_month": "9",
        "first_year": "2027",
        "h1_am_from": "8:00",
        "h1_am_to": "12:00",
    },
    "POST /can-bo/viec/tim": {"q": "038198006417"},
    "POST /can-bo/quay/bat-dau": {"procedure": BIRTH},
    "POST /can-bo/quay/{draft:uuid}/the": {"card": "038198006417||Trần Thị Thu Hà|12031998|Nữ|Thôn Trung|01072025"},
    "POST /can-bo/ho-so/{code:str}/tu-choi": {"reason": REASON},
    "POST /can-bo/ho-so/{code:str}/chuyen-buoc": {"target": "approve"},
    "POST /can-bo/ho-so/{code:str}/de-nghi-khong-giai-quyet": {"reason": REASON},
    "POST /can-bo/ho-so/{code:str}/khong-dong-y": {"reason": REASON},
    "POST /can-bo/ho-so/{code:str}/khong-giai-quyet": {"reason": REASON},
    "POST /can-bo/ho-so/{code:str}/chuyen-co-quan": {"reason": "Công an xã Mai Khê"},
    "POST /can-bo/ho-so/{code:str}/ket-qua": {"number": "12/TLKS", "summary": "Trích lục"},
    "POST /can-bo/ho-so/{code:str}/tra-ket-qua": {"how": "counter"},
    "POST /can-bo/ho-so/{code:str}/ghi-chu": {"text": "Đã gọi điện."},
    "POST /can-bo/ho-so/{code:str}/bo-ma-ghi-nham": {"reason": REASON},
    "POST /can-bo/ho-so/{code:str}/xac-nhan-mien-giam": {"claim": "poor", "reason": REASON},
    "POST /can-bo/ho-so/{code:str}/khong-mien-giam": {"claim": "poor", "reason": REASON},
    "POST /can-bo/ho-so/{code:str}/ma-he-thong-khac": {"system": "portal", "code": "G22.99-261125-0042"},
}
QUERIES = {"GET /nop/danh-sach-xa": "province=38", "GET /thu-tuc/goi-y": "q=khai+sinh"}
MULTIPART = {"POST /can-bo/ho-so/{code:str}/ket-qua"}


async def parts(row: Row, world: World) -> dict[str, str]:
    """The parts of the address of `row`."""
    found = {name: str(make(world)) for name, make in PARTS.items()}
    found["code"] = (
        BIRTH
        if row.template.startswith("/can-bo/thu-tuc/")
        else world.code(row.at if row.at in world.dossiers else "submitted")
    )
    found["notification"] = str(await world.news())
    if row.template.startswith("/can-bo/quay/"):
        found["draft"] = str(getattr(world, row.at or "at_counter"))
        found["code"] = world.code("received")
    if row.template.startswith("/nop/") and row.at:
        found["draft"] = str(getattr(world, row.at))
    if row.template.endswith("/tep/{place:str}"):
        found["place"] = (await stories.reopened(world.draft)).papers[0].id
    if row.template == "/can-bo/ho-so/{code:str}/giay/{name:str}":
        found["name"] = "xac-nhan.pdf"
    if row.template.startswith("/ho-so/{code:str}/giay/"):
        found["paper"] = "acknowledgement.pdf"
    return found


def nowhere(places: dict[str, str]) -> dict[str, str]:
    """The same parts, but of something that is not there."""
    uuids = ("session", "place", "officer_id", "draft", "file", "notification", "day", "hours")
    return places | {name: str(NOTHING) for name in uuids} | {"code": "H71.104.26-261123-9999"}


async def form(row: Row, world: World, asker: str) -> Form:
    """What is posted to `row` by `asker`."""
    key = f"{row.method} {row.template}"
    filled = dict(FORMS.get(key, {}))
    if row.template in ("/can-bo/nguoi/the", "/can-bo/nguoi/xac-minh", "/can-bo/nguoi/ma"):
        # Only the officer who found the person may go on with them: the form carries the seal of their own search.
        who = next((p for role, p in world.cast.officers.items() if str(role) == asker), world.cast.stranger_officer)
        assert who is not None
        filled["found"] = sealed(await stories.found_officer(who), await found_again(world.cast.ha.account))
    if row.template.endswith("/giao-viec"):
        filled["officer"] = str(world.cast.officer(Role.PROCESSOR).officer)
    if row.template == "/can-bo/viec":
        filled |= {"chon": world.code("submitted"), "viec": "tiep-nhan"}
    if row.template == "/can-bo/quay/ma":
        filled["code"] = world.prepared_code
    if row.template == "/tra-cuu":
        filled |= {"code": world.code("received"), "second": world.dossiers["received"].owner_phone}
    return filled


UPLOADS = {"POST /nop/{draft:uuid}/tep/{place:str}"}


def picture() -> bytes:
    """What is uploaded."""
    return samples.image("JPEG", 300, 400)
