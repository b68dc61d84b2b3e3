"""Every page in every state: how to get there, as whom, and the status it answers with. One shelf is read by one test."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from playwright.async_api import Page

from backend.agencies.tables import Role
from tests.cast import PASSWORD, Person
from tests.dossiers.stories import BIRTH, CERTIFY, DEFAULT
from tests.world import World

Act = Callable[[Page, World], Awaitable[None]]
Path = str | Callable[[World], str]


class Entry(NamedTuple):
    """A page in one state."""

    name: str
    route: str  # the route's template, as the router has it
    path: Path
    who: str = "stranger"
    status: int = 200
    act: Act | None = None  # what is done on the page to bring the state about; `status` is then of what it led to

    def address(self, world: World) -> str:
        """The address to open."""
        return self.path if isinstance(self.path, str) else self.path(world)


def person(world: World, who: str) -> Person | None:
    """Whose browser opens it."""
    if who in ("ha", "toan"):
        return world.cast.ha if who == "ha" else world.cast.toan
    if who == "elsewhere":
        return world.cast.stranger_officer
    return None if who == "stranger" else world.cast.officer(Role(who))


async def post(page: Page, path: str, fields: dict[str, str]) -> None:
    """Send a form from the page, with its token, as a browser without scripts does."""
    token = await page.locator("body").get_attribute("hx-headers:inherited") or ""
    fields = {"_csrf_token": token.partition('": "')[2].rstrip('"}')} | fields
    async with page.expect_event("load"):  # not just any navigation: a page may change its own address
        await page.evaluate(
            """([path, fields]) => {
                const form = Object.assign(document.createElement("form"), {method: "post", action: path})
                for (const [name, value] of Object.entries(fields))
                    form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}))
                document.body.append(form)
                form.submit()
            }""",
            [path, fields],
        )


def posting(path: Path, **fields: str) -> Act:
    """Return the act of sending a form."""

    async def act(page: Page, world: World) -> None:
        await post(page, path if isinstance(path, str) else path(world), fields)

    return act


def pressing(name: str, role: str = "button") -> Act:
    """Return the act of pressing what is called so, where that opens something on the page."""

    async def act(page: Page, world: World) -> None:
        await page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]

    return act


async def waiting_post(page: Page, world: World) -> None:
    """A form sent after the session ended: the sign-in page holds it, and after signing in it waits for one press."""
    await post(page, "/toi/thong-tin", {"full_name": "Nguyễn Văn Toàn"})
    await page.locator("input[name=identifier]").fill(world.cast.toan.phone)
    await page.locator("input[name=password]").fill(PASSWORD)
    async with page.expect_navigation(wait_until="load"):
        await page.locator("main form button[type=submit], .bar button").first.click()


async def found(page: Page, world: World) -> None:
    """The counter found Hà by her number."""
    await post(page, "/can-bo/nguoi", {"identifier": world.cast.ha.phone})


async def card(page: Page, world: World) -> None:
    """The counter compares Hà's card."""
    await found(page, world)
    sealed = await page.locator("input[name=found]").first.get_attribute("value") or ""
    await post(page, "/can-bo/nguoi/the", {"found": sealed})


async def card_not_looked_at(page: Page, world: World) -> None:
    """The card's form sent without the tick."""
    await card(page, world)
    sealed = await page.locator("input[name=found]").first.get_attribute("value") or ""
    await post(page, "/can-bo/nguoi/xac-minh", {"found": sealed, "birth_day": "31", "birth_month": "2"})


def at(name: str, before: str = "/ho-so/", after: str = "") -> Callable[[World], str]:
    """The address of a dossier by where it stands."""
    return lambda world: f"{before}{world.code(name)}{after}"


def draft(name: str, rest: str) -> Callable[[World], str]:
    """An address of one of Hà's drafts."""
    return lambda world: f"/nop/{world.more_drafts.get(name) or getattr(world, name)}/{rest}"


async def opened_table(page: Page, world: World) -> None:
    """The box for rows of a spreadsheet is open."""
    await page.locator("details.table-in > summary").click()


# More drafts of Hà's: people from a spreadsheet, a place on the map.
MORE_DRAFTS = {"stay": "1.004194", "complaint": "2.002409"}
TABLE_WITH_MISTAKES = {
    "_do": "table:people.items",
    "_csv.people.items": "Họ, chữ đệm, tên;Ngày sinh;Mau\nVi Văn Sơn;31/2/1990;do",
}
POINT = "matter.place.point"


async def received_already(page: Page, world: World) -> None:
    """What came of several dossiers, each of them received before."""
    await post(page, "/can-bo/viec", {"chon": world.code("received"), "viec": "tiep-nhan"})


SYSTEM = [
    Entry("appearance", "/giao-dien", "/giao-dien"),
    Entry("appearance in dark", "/giao-dien", "/giao-dien", act=posting("/giao-dien", theme="dark", text="145")),
    Entry("components", "/he-thong/giao-dien", "/he-thong/giao-dien"),
    Entry("staff components", "/he-thong/giao-dien/can-bo", "/he-thong/giao-dien/can-bo"),
    Entry("offline", "/ngoai-tuyen", "/ngoai-tuyen"),
    Entry("no such page", "", "/khong-co", status=404),
    Entry("no such page, signed in", "", "/khong-co", "ha", 404),
    Entry("no such page, officer", "", "/can-bo/khong-co", "processor", 404),
    Entry("denied to a citizen", "", "/can-bo/viec", "ha", 404),
    Entry("denied to a cashier", "", "/can-bo/viec", "cashier", 404),
    Entry("form without its token", "", "/dang-nhap", act=posting("/dang-ky", _csrf_token="x"), status=403),
    Entry("broken", "", "/hong", status=500),
    Entry("database away", "", "/vang", status=503),
]

DOOR = [
    Entry("sign in", "/dang-nhap", "/dang-nhap"),
    Entry("sign in, signed in already", "/dang-nhap", "/dang-nhap", "ha"),
    Entry("sign in, nothing typed", "/dang-nhap", "/dang-nhap", act=posting("/dang-nhap"), status=422),
    Entry(
        "sign in, wrong password",
        "/dang-nhap",
        "/dang-nhap",
        act=posting("/dang-nhap", identifier="0911 000 111", password="sai-mat-khau"),
        status=422,
    ),
    Entry("sign in first", "/toi", "/toi/dong-y", status=401),
    Entry("sign in, a form is held", "/dang-nhap", "/dang-nhap", act=posting("/toi/thong-tin", email="a"), status=401),
    Entry("a form waited", "/dang-nhap", "/dang-nhap", act=waiting_post),
    Entry("a form waited too long", "", "/toi", "ha", act=posting("/tiep-tuc", waiting="x"), status=409),
    Entry("register", "/dang-ky", "/dang-ky"),
    Entry("register, all wrong", "/dang-ky", "/dang-ky", act=posting("/dang-ky", phone="09", password="a"), status=422),
    Entry("forgotten", "/quen-mat-khau", "/quen-mat-khau"),
    Entry("forgotten, nothing typed", "/quen-mat-khau", "/quen-mat-khau", act=posting("/quen-mat-khau"), status=422),
    Entry(
        "forgotten, code sent",
        "/quen-mat-khau/ma",
        "/quen-mat-khau",
        act=posting("/quen-mat-khau", identifier="0911000112"),
    ),
    Entry("recovery", "/quen-mat-khau/ma", "/quen-mat-khau/ma"),
    Entry(
        "recovery, wrong",
        "/quen-mat-khau/ma",
        "/quen-mat-khau/ma",
        act=posting("/quen-mat-khau/ma", identifier="0911000113", code="AAAA", password="a"),
        status=422,
    ),
    Entry("data use", "/du-lieu-ca-nhan", "/du-lieu-ca-nhan"),
]

OWN = [
    Entry("account", "/toi", "/toi", "ha"),
    Entry("account of an officer", "/toi", "/toi", "receptionist"),
    Entry("profile", "/toi/thong-tin", "/toi/thong-tin", "ha"),
    Entry("profile, kept", "/toi/thong-tin", "/toi/thong-tin?xong=luu", "ha"),
    Entry(
        "profile, wrong",
        "/toi/thong-tin",
        "/toi/thong-tin",
        "ha",
        422,
        posting(
            "/toi/thong-tin", full_name="", phone="09", personal_id="1", email="a", birth_day="31", birth_month="2"
        ),
    ),
    Entry("confirm e-mail", "/toi/thong-tin/email", "/toi/thong-tin/email?ma=ABCDEFGH", "ha"),
    Entry("password", "/toi/mat-khau", "/toi/mat-khau", "ha"),
    Entry(
        "password, wrong",
        "/toi/mat-khau",
        "/toi/mat-khau",
        "toan",
        422,
        posting("/toi/mat-khau", current="sai", password="a"),
    ),
    Entry("devices", "/toi/thiet-bi", "/toi/thiet-bi", "ha"),
    Entry("devices, password changed", "/toi/thiet-bi", "/toi/thiet-bi?xong=mat-khau", "toan"),
    Entry("consents", "/toi/dong-y", "/toi/dong-y", "ha"),
    Entry("consents, given and withdrawn", "/toi/dong-y", "/toi/dong-y", "toan"),
    Entry("data use, inside", "/toi/du-lieu", "/toi/du-lieu", "ha"),
    Entry("residence", "/toi/noi-o", "/toi/noi-o", "ha"),
    Entry("residence, kept", "/toi/noi-o", "/toi/noi-o", "toan"),
    Entry("residence, wrong", "/toi/noi-o", "/toi/noi-o", "ha", 422, posting("/toi/noi-o", province="38", commune="1")),
    Entry("communes", "/xa", "/xa"),
    Entry("news", "/thong-bao", "/thong-bao", "ha"),
    Entry("no news", "/thong-bao", "/thong-bao", "toan"),
    Entry("news of an officer", "/thong-bao", "/thong-bao", "processor"),
]

PROCEDURES = [
    Entry("home", "/", "/"),
    Entry("home, signed in", "/", "/", "ha"),
    Entry("home of an officer", "/", "/", "receptionist"),
    Entry("procedures", "/thu-tuc", "/thu-tuc"),
    Entry("procedures, page 2", "/thu-tuc", "/thu-tuc?trang=2"),
    Entry("procedures, found", "/thu-tuc", "/thu-tuc?q=khai+sinh"),
    Entry("procedures, found by a nickname", "/thu-tuc", "/thu-tuc?q=giay+doc+than"),
    Entry("procedures, found in spite of typos", "/thu-tuc", "/thu-tuc?q=khai+sihn"),
    Entry("procedures, narrowed", "/thu-tuc", "/thu-tuc?mang=1&doi-tuong=citizen"),
    Entry("procedures, none", "/thu-tuc", "/thu-tuc?q=zzzz"),
    Entry("procedures, done elsewhere", "/thu-tuc", "/thu-tuc?q=ho+chieu"),
    Entry("birth", "/thu-tuc/{address:str}", f"/thu-tuc/x-{BIRTH}"),
    Entry("birth, signed in", "/thu-tuc/{address:str}", f"/thu-tuc/x-{BIRTH}", "ha"),
    Entry("guardianship", "/thu-tuc/{address:str}", f"/thu-tuc/x-{DEFAULT}"),
    Entry("at the counter only", "/thu-tuc/{address:str}", f"/thu-tuc/x-{CERTIFY}"),
    Entry("no such procedure", "/thu-tuc/{address:str}", "/thu-tuc/x-9.999999", status=404),
    Entry("switches", "/can-bo/thu-tuc", "/can-bo/thu-tuc", "administrator"),
    Entry("switches, none", "/can-bo/thu-tuc", "/can-bo/thu-tuc?q=zzzz", "administrator"),
    Entry("switches, last page", "/can-bo/thu-tuc", "/can-bo/thu-tuc?trang=99", "administrator"),
    Entry("switch", "/can-bo/thu-tuc/{code:str}", f"/can-bo/thu-tuc/{BIRTH}", "administrator"),
    Entry("switch, kept", "/can-bo/thu-tuc/{code:str}", f"/can-bo/thu-tuc/{BIRTH}?xong=luu", "administrator"),
    Entry("switch, at the counter only", "/can-bo/thu-tuc/{code:str}", f"/can-bo/thu-tuc/{CERTIFY}", "administrator"),
    Entry(
        "tariff, wrong",
        "/can-bo/thu-tuc/{code:str}",
        f"/can-bo/thu-tuc/{BIRTH}",
        "administrator",
        422,
        posting(f"/can-bo/thu-tuc/{BIRTH}/muc-thu", fee="civil_charge", amount="tám", online="x"),
    ),
]

DRAFTS = [
    *(
        Entry(f"step {number}", "/nop/{draft:uuid}/buoc/{number:int}", draft("draft", f"buoc/{number}"), "ha")
        for number in range(1, 11)
    ),
    Entry("first step, untouched", "/nop/{draft:uuid}/buoc/{number:int}", draft("bare_draft", "buoc/1"), "ha"),
    *(
        Entry(
            f"step {number}, nothing filled in",
            "/nop/{draft:uuid}/buoc/{number:int}",
            draft("bare_draft", f"buoc/{number}"),
            "ha",
            422,
            posting(draft("bare_draft", f"buoc/{number}")),
        )
        for number in (2, 3, 4)
    ),
    *(
        Entry(name, "/nop/{draft:uuid}/buoc/{number:int}", draft(of, f"buoc/{number}"), "ha", status, act)
        for name, of, number, status, act in (
            ("residents", "stay", 7, 200, None),
            ("residents, table open", "stay", 7, 200, opened_table),
            ("residents, table wrong", "stay", 7, 422, posting(draft("stay", "buoc/7"), **TABLE_WITH_MISTAKES)),
            ("place", "complaint", 5, 200, None),
            ("place, wrong", "complaint", 5, 422, posting(draft("complaint", "buoc/5"), **{POINT: "ngoai dong"})),
        )
    ),
    Entry("papers", "/nop/{draft:uuid}/giay-to", draft("draft", "giay-to"), "ha"),
    Entry("papers, none yet", "/nop/{draft:uuid}/giay-to", draft("bare_draft", "giay-to"), "ha"),
    Entry("review", "/nop/{draft:uuid}/xem-lai", draft("draft", "xem-lai"), "ha"),
    Entry("review, all missing", "/nop/{draft:uuid}/xem-lai", draft("bare_draft", "xem-lai"), "ha"),
    Entry(
        "review, filed too early",
        "/nop/{draft:uuid}/xem-lai",
        draft("bare_draft", "xem-lai"),
        "ha",
        422,
        posting(draft("bare_draft", "gui")),
    ),
    Entry("review for the counter", "/nop/{draft:uuid}/xem-lai", draft("counter_draft", "xem-lai"), "ha"),
    Entry("prepared", "/nop/{draft:uuid}/den-quay", draft("prepared", "den-quay"), "ha"),
    Entry("discard", "/nop/{draft:uuid}/xoa", draft("bare_draft", "xoa"), "ha"),
    Entry("somebody else's draft", "/nop/{draft:uuid}/xem-lai", draft("draft", "xem-lai"), "toan", 404),
]

STANDS = (
    "submitted",
    "received",
    "in_process",
    "to_sign",
    "issued",
    "delivered",
    "refused",
    "rejected",
    "paused",
    "overdue",
)

DOSSIERS = [
    Entry("dossiers", "/ho-so", "/ho-so", "ha"),
    Entry("no dossiers", "/ho-so", "/ho-so", "toan"),
    *(Entry(f"dossier {name}", "/ho-so/{code:str}", at(name), "ha") for name in STANDS),
    Entry("somebody else's dossier", "/ho-so/{code:str}", at("received"), "toan", 404),
    Entry("receipt", "/ho-so/{code:str}/da-nop", at("submitted", after="/da-nop"), "ha"),
    Entry("receipt, received", "/ho-so/{code:str}/da-nop", at("received", after="/da-nop"), "ha"),
    Entry("file", "/tep/{file:uuid}/xem", lambda world: f"/tep/{world.file}/xem", "ha"),
    Entry("look up", "/tra-cuu", "/tra-cuu"),
    Entry("look up, a code", "/tra-cuu", "/tra-cuu?ma=H71.104.26-261123-0001"),
    Entry(
        "look up, nothing found",
        "/tra-cuu",
        "/tra-cuu",
        act=posting("/tra-cuu", code="H71.104.26-261123-9998", second="0912345678"),
        status=422,
    ),
    *(
        Entry(f"tracked {name}", "/tra-cuu/{token:str}", lambda world, name=name: f"/tra-cuu/{world.token(name)}")
        for name in ("submitted", "in_process", "issued", "refused", "overdue")
    ),
    Entry("tracked, no such token", "/tra-cuu/{token:str}", "/tra-cuu/khong-co", status=404),
]


def desk(name: str, role: str, words: str = "", **more: object) -> Entry:
    """A dossier before an officer."""
    path = at(name, "/can-bo/ho-so/")
    return Entry(f"desk {name}, {role}{words}", "/can-bo/ho-so/{code:str}", path, role, **more)  # type: ignore[arg-type]


STAFF = [
    *(
        Entry(f"work of a {role}", "/can-bo/viec", "/can-bo/viec", role)
        for role in ("receptionist", "processor", "leader")
    ),
    *(
        Entry(f"work, {view}", "/can-bo/viec", f"/can-bo/viec?xem={view}", "processor")
        for view in ("cho-toi", "qua-han", "cho-ky", "co-ket-qua", "da-xong")
    ),
    Entry("work, none found", "/can-bo/viec", "/can-bo/viec", "processor", act=posting("/can-bo/viec/tim", q="zzzz")),
    Entry(
        "work, nothing ticked",
        "/can-bo/viec",
        "/can-bo/viec",
        "receptionist",
        act=posting("/can-bo/viec", viec="tiep-nhan"),
        status=422,
    ),
    Entry(
        "work, found by a number",
        "/can-bo/viec",
        "/can-bo/viec",
        "processor",
        act=posting("/can-bo/viec/tim", q="038198006417"),
    ),
    Entry(
        "work, done to several",
        "/can-bo/viec",
        "/can-bo/viec",
        "receptionist",
        act=received_already,
    ),
    Entry("no work", "/can-bo/viec", "/can-bo/viec", "elsewhere"),
    desk("submitted", "receptionist"),
    desk("received", "processor"),
    desk("in_process", "processor"),
    desk("in_process", "receptionist"),
    desk("proposed", "leader"),
    desk("to_sign", "leader"),
    desk("issued", "receptionist"),
    desk("delivered", "receptionist"),
    desk("refused", "processor"),
    desk("overdue", "processor"),
    desk("paused", "processor"),
    desk(
        "submitted",
        "receptionist",
        ", refused without a reason",
        status=422,
        act=posting(at("submitted", "/can-bo/ho-so/", "/tu-choi"), reason=""),
    ),
    desk(
        "received",
        "receptionist",
        ", too late",
        status=409,
        act=posting(at("received", "/can-bo/ho-so/", "/tiep-nhan")),
    ),
    desk(
        "in_process",
        "processor",
        ", given to nobody",
        status=422,
        act=posting(at("in_process", "/can-bo/ho-so/", "/giao-viec"), officer=""),
    ),
    desk("received", "elsewhere", status=404),
]

OFFICE = [
    Entry("people", "/can-bo/nguoi", "/can-bo/nguoi", "receptionist"),
    Entry("people, wrong number", "/can-bo/nguoi", "/can-bo/nguoi", "receptionist", 422, posting("/can-bo/nguoi")),
    Entry("people, found", "/can-bo/nguoi", "/can-bo/nguoi", "receptionist", act=found),
    Entry(
        "people, none",
        "/can-bo/nguoi",
        "/can-bo/nguoi",
        "receptionist",
        act=posting("/can-bo/nguoi", identifier="0911000114"),
    ),
    Entry("card", "/can-bo/nguoi", "/can-bo/nguoi", "receptionist", act=card),
    Entry("card, not looked at", "/can-bo/nguoi", "/can-bo/nguoi", "receptionist", 422, card_not_looked_at),
    Entry("open an account", "/can-bo/nguoi/mo", "/can-bo/nguoi/mo", "receptionist"),
    Entry(
        "open an account, wrong",
        "/can-bo/nguoi/mo",
        "/can-bo/nguoi/mo",
        "receptionist",
        422,
        posting("/can-bo/nguoi/mo", seen="on", phone="1", birth_day="31", birth_month="2"),
    ),
    Entry("officer", "/can-bo/toi", "/can-bo/toi", "processor"),
    Entry("officer of all roles", "/can-bo/toi", "/can-bo/toi", "elsewhere"),
    Entry("officers", "/can-bo/can-bo", "/can-bo/can-bo", "administrator"),
    Entry("officers, appointed", "/can-bo/can-bo", "/can-bo/can-bo?xong=them", "administrator"),
    Entry("appoint", "/can-bo/can-bo/them", "/can-bo/can-bo/them", "administrator"),
    Entry(
        "appoint, wrong",
        "/can-bo/can-bo/them",
        "/can-bo/can-bo/them",
        "administrator",
        422,
        posting("/can-bo/can-bo/them", phone="1", password="a"),
    ),
    Entry(
        "roles",
        "/can-bo/can-bo/{officer_id:uuid}",
        lambda world: f"/can-bo/can-bo/{world.cast.officer(Role.CLERK).officer}",
        "administrator",
    ),
    Entry(
        "roles, none",
        "/can-bo/can-bo/{officer_id:uuid}",
        lambda world: f"/can-bo/can-bo/{world.cast.officer(Role.CLERK).officer}",
        "administrator",
        422,
        posting(lambda world: f"/can-bo/can-bo/{world.cast.officer(Role.CLERK).officer}"),
    ),
]


CALENDAR = [
    Entry("calendar", "/can-bo/lich", "/can-bo/lich?xong=nghi", "administrator"),
    Entry("calendar, own days", "/can-bo/lich", "/can-bo/lich?nam=2027", "administrator"),
    Entry("calendar, unknown year", "/can-bo/lich", "/can-bo/lich?nam=2031", "administrator"),
    Entry("closed days", "/can-bo/lich/ngay-nghi", "/can-bo/lich/ngay-nghi", "administrator"),
    Entry(
        "closed days, wrong",
        "/can-bo/lich/ngay-nghi",
        "/can-bo/lich/ngay-nghi",
        "administrator",
        422,
        posting("/can-bo/lich/ngay-nghi", first_day="30", first_month="2", first_year="2027", last_day="1"),
    ),
    Entry("make-up day", "/can-bo/lich/lam-bu", "/can-bo/lich/lam-bu", "administrator"),
    Entry("make-up day, nothing to make up for", "/can-bo/lich/lam-bu", "/can-bo/lich/lam-bu", "elsewhere"),
    Entry(
        "make-up day, wrong",
        "/can-bo/lich/lam-bu",
        "/can-bo/lich/lam-bu",
        "administrator",
        422,
        posting("/can-bo/lich/lam-bu", swaps_for="2027-06-01"),
    ),
    Entry("hours", "/can-bo/lich/gio", "/can-bo/lich/gio", "administrator"),
    Entry(
        "hours, wrong",
        "/can-bo/lich/gio",
        "/can-bo/lich/gio",
        "administrator",
        422,
        posting("/can-bo/lich/gio", h1_am_from="7:30", h2_pm_from="17:00", h2_pm_to="13:00"),
    ),
]


def at_counter(name: str, rest: str = "") -> Callable[[World], str]:
    """An address of a dossier at the counter."""
    return lambda world: f"/can-bo/quay/{getattr(world, name)}{rest}"


COUNTER = [
    Entry("counter", "/can-bo/quay", "/can-bo/quay", "receptionist"),
    Entry("counter, procedures found", "/can-bo/quay", "/can-bo/quay?q=khai+sinh", "receptionist"),
    Entry("counter, none found", "/can-bo/quay", "/can-bo/quay?q=zzzz", "receptionist"),
    Entry(
        "counter, unknown code",
        "/can-bo/quay",
        "/can-bo/quay",
        "receptionist",
        404,
        posting("/can-bo/quay/ma", code="ABCD1234"),
    ),
    Entry("at the counter", "/can-bo/quay/{draft:uuid}", at_counter("at_counter"), "receptionist"),
    Entry("at the counter, filled in", "/can-bo/quay/{draft:uuid}", at_counter("filled_at_counter"), "receptionist"),
    Entry(
        "at the counter, received too early",
        "/can-bo/quay/{draft:uuid}",
        at_counter("at_counter"),
        "receptionist",
        422,
        posting(at_counter("at_counter", "/nhan")),
    ),
    Entry(
        "at the counter, a card that is none",
        "/can-bo/quay/{draft:uuid}",
        at_counter("at_counter"),
        "receptionist",
        422,
        posting(at_counter("at_counter", "/the"), card="x"),
    ),
    Entry(
        "counter step",
        "/can-bo/quay/{draft:uuid}/buoc/{number:int}",
        at_counter("at_counter", "/buoc/1"),
        "receptionist",
    ),
    Entry(
        "counter step, nothing filled in",
        "/can-bo/quay/{draft:uuid}/buoc/{number:int}",
        at_counter("at_counter", "/buoc/2"),
        "receptionist",
        422,
        posting(at_counter("at_counter", "/buoc/2")),
    ),
    Entry("counter done", "/can-bo/quay/xong/{code:str}", at("received", "/can-bo/quay/xong/"), "receptionist"),
]

SHELVES = {
    "system": SYSTEM,
    "door": DOOR,
    "own": OWN,
    "procedures": PROCEDURES,
    "drafts": DRAFTS,
    "dossiers": DOSSIERS,
    "staff": STAFF,
    "office": OFFICE,
    "counter": COUNTER,
    "calendar": CALENDAR,
}

# GET routes that are no page, and why.
NO_PAGES = {
    "/a/{path:path}": "built files",
    "/manifest.webmanifest": "JSON",
    "/service_worker.js": "a script",
    "/health/live": "text",
    "/health/ready": "text",
    "/luong": "the stream",
    "/thong-bao/{notification:uuid}": "leads on to what the news is about",
    "/thong-bao/so": "the bell's block; without scripts it leads to the news",
    "/can-bo": "leads an officer to their day",
    "/thu-tuc/goi-y": "a block below the search; without scripts it leads to the list",
    "/thu-tuc/{address:str}/mau/{document:str}": "a PDF",
    "/api/v1/procedures": "JSON",
    "/api/v1/procedures.schema.json": "JSON",
    "/nop/danh-sach-xa": "the options of a list",
    "/nop/{draft:uuid}": "leads to where the person left off",
    "/nop/{draft:uuid}/tep/{place:str}": "a block of the papers; without scripts it leads to them",
    "/ho-so/{code:str}/giay/{paper:str}": "a PDF",
    "/tep/{file:uuid}": "a file",
    "/tep/{file:uuid}/trang/{number:int}": "a picture",
    "/tep/{file:uuid}/trang/{number:int}/nho": "a picture",
    "/can-bo/ho-so/{code:str}/cung-xem": "a block of the dossier; without scripts it leads to it",
    "/can-bo/ho-so/{code:str}/dang-mo": "the stream that holds an open page",
    "/can-bo/ho-so/{code:str}/giay/{name:str}": "a PDF",
    "/can-bo/ho-so/{code:str}/mau/{name:str}": "a PDF",
}
