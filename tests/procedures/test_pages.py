"""The pages as browsers without scripts, htmx and other programs see them."""

import json
import re

import httpx
import pytest

from backend.agencies.tables import Role
from backend.demo.tariffs import set_tariffs
from backend.kit.clock import local
from backend.kit.database import fetch_value
from backend.procedures import api_routes, offerings, queries, routes
from backend.procedures.importing import import_document
from backend.procedures.queries import index
from backend.procedures.search import Index
from backend.procedures.tables import Connection
from backend.procedures.template_papers import Shelf
from tests.browser import post, sign_in
from tests.cast import NOON, Cast
from tests.procedures.many import many
from tests.procedures.real import DATA

pytestmark = pytest.mark.anyio

HTML = {"Accept": "text/html"}
HTMX = {**HTML, "HX-Request": "true", "HX-Request-Type": "partial"}
BIRTH = "/thu-tuc/dang-ky-khai-sinh-1.001193"
COPIES = "/thu-tuc/chung-thuc-ban-sao-sao-y-2.000815"


@pytest.fixture
async def office(cast: Cast, client: httpx.AsyncClient) -> Cast:
    """The cast with the sixty procedures, all open online that can be, and a browser that looks at Mai Khê."""
    await import_document(DATA)
    await set_tariffs(cast.province, local(NOON).date())
    await offerings.open_all(cast.commune)
    client.cookies.set("xa", "H71.104.26", domain="localhost.local")
    return cast


def text(response: httpx.Response) -> str:
    """The words of a page."""
    words = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.text, flags=re.DOTALL)
    return " ".join(words.replace("\xa0", " ").replace("&nbsp;", " ").split())


async def test_home_offers_search_eight_procedures_and_looking_up(office: Cast, client: httpx.AsyncClient) -> None:
    page = await client.get("/", headers=HTML)
    assert page.status_code == 200
    assert page.text.count('class="arch"') >= 8
    assert "Hôm nay cần làm thủ tục gì?" in page.text
    assert "Nhập mã trên giấy hẹn" in page.text
    assert "Xã làm việc đến 17:00" in text(page)


async def test_home_of_somebody_signed_in_leads_to_their_dossiers(office: Cast, client: httpx.AsyncClient) -> None:
    sign_in(client, office.ha)
    page = await client.get("/", headers=HTML)
    assert "Nhập mã trên giấy hẹn" not in page.text
    assert 'href="/ho-so"' in page.text


async def test_search_keeps_what_was_typed_and_shows_what_was_understood(
    office: Cast, client: httpx.AsyncClient
) -> None:
    page = await client.get("/thu-tuc", params={"q": "khai sanh"}, headers=HTML)
    assert 'value="khai sanh"' in page.text
    assert "khai sinh (khai sanh)" in re.sub(r"\s+", " ", text(page))
    assert page.text.index("Đăng ký <mark") < page.text.index("Làm lại giấy")
    assert "Trên mạng" in text(page) and "Trong ngày" in text(page)


async def test_htmx_gets_the_list_alone_and_a_browser_the_whole_page(office: Cast, client: httpx.AsyncClient) -> None:
    block = await client.get("/thu-tuc", params={"q": "khai sinh"}, headers=HTMX)
    whole = await client.get("/thu-tuc", params={"q": "khai sinh"}, headers=HTML)
    assert "<html" not in block.text and BIRTH in block.text
    assert "<html" in whole.text and BIRTH in whole.text
    assert "HX-Request" in block.headers["Vary"]


async def test_nothing_found_says_where_it_is_done_and_what_is_near(office: Cast, client: httpx.AsyncClient) -> None:
    page = await client.get("/thu-tuc", params={"q": "ho chieu"}, headers=HTML)
    assert "Hộ chiếu không làm ở xã" in text(page)
    assert "Công an tỉnh" in text(page)
    assert "Gần với ý này" in text(page)
    nonsense = await client.get("/thu-tuc", params={"q": "qwxzq <b>"}, headers=HTML)
    assert "Chưa thấy thủ tục nào" in text(nonsense)
    assert "<b>" not in nonsense.text


async def test_filters_narrow_and_nonsense_in_them_is_no_error(office: Cast, client: httpx.AsyncClient) -> None:
    fields = await client.get("/thu-tuc", params={"linh-vuc": "cu-tru"}, headers=HTML)
    assert "5 thủ tục" in text(fields)
    online = await client.get("/thu-tuc", params={"q": "chung thuc", "mang": "1"}, headers=HTML)
    assert COPIES not in online.text
    level = await client.get("/thu-tuc", params={"muc": "information", "doi-tuong": "citizen"}, headers=HTML)
    assert COPIES in level.text
    odd = await client.get("/thu-tuc", params={"trang": "-7", "muc": "x", "linh-vuc": "'"}, headers=HTML)
    assert odd.status_code == 200


async def test_suggestions_come_to_htmx_and_a_browser_is_sent_to_the_list(
    office: Cast, client: httpx.AsyncClient
) -> None:
    block = await client.get("/thu-tuc/goi-y", params={"q": "khai s"}, headers=HTMX)
    assert BIRTH in block.text and "<html" not in block.text
    plain = await client.get("/thu-tuc/goi-y", params={"q": "khai s"}, headers=HTML)
    assert (plain.status_code, plain.headers["Location"]) == (303, "/thu-tuc?q=khai+s")


async def test_the_api_gives_the_same_answers_as_the_page(office: Cast, client: httpx.AsyncClient) -> None:
    answer = (await client.get("/api/v1/procedures", params={"q": "giay doc tahn"})).json()
    assert answer["items"][0]["code"] == "1.004873"
    assert answer["items"][0]["name"] == "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân"
    assert answer["understood"] == "giấy độc thân"
    everything = (await client.get("/api/v1/procedures", params={"limit": 100})).json()
    assert (everything["total"], len(everything["items"])) == (60, 60)
    narrow = (await client.get("/api/v1/procedures", params={"field": "cu-tru", "limit": 2, "offset": 4})).json()
    assert (narrow["total"], len(narrow["items"])) == (5, 1)
    assert (await client.get("/api/v1/procedures", params={"limit": 0})).status_code == 400


async def test_the_schema_is_served(office: Cast, client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/procedures.schema.json")
    assert json.loads(answer.content)["title"] == "Một Cửa: administrative procedures"


async def test_a_procedure_page_says_cost_time_effort_papers_and_the_way(
    office: Cast, client: httpx.AsyncClient
) -> None:
    page = await client.get(BIRTH, headers=HTML)
    words = text(page)
    assert "Làm hết trên mạng" in words
    assert "Trong ngày" in words
    assert re.search(r"Điền mất \d+ phút", words)
    assert "Giấy chứng sinh" in words
    assert "Bắt đầu nộp" in words
    assert "Luật Hộ tịch" in words
    assert f'action="{BIRTH}/nop"' in page.text
    assert "Hỏi xã cho chắc" in words
    assert "nộp bây giờ thì có" in words


async def test_a_procedure_page_says_by_when_the_person_has_to_come(office: Cast, client: httpx.AsyncClient) -> None:
    assert "Nộp trong 60 ngày, tính từ: ngày sinh" in text(await client.get(BIRTH, headers=HTML))
    born = {"child.birth_date.day": "26", "child.birth_date.month": "9", "child.birth_date.year": "2026"}
    known = text(await client.get(BIRTH, params=born, headers=HTML))
    assert "Nộp chậm nhất ngày 25/11/2026. Nộp muộn thì: Lệ phí quá hạn" in known
    over = text(await client.get(BIRTH, params=born | {"child.birth_date.month": "8"}, headers=HTML))
    assert "Đã qua ngày phải nộp: 26/10/2026." in over
    assert (await client.get(BIRTH, params=born | {"child.birth_date.year": "9999"}, headers=HTML)).status_code == 200
    assert "Phải nộp trước khi nào" not in text(await client.get(COPIES, headers=HTML))


async def test_answers_in_the_address_show_the_exact_papers_fee_and_date(
    office: Cast, client: httpx.AsyncClient
) -> None:
    answers = {
        "cach": "counter",
        "case.kind": "oath",
        "submitter.capacity": "authorised",
        "child.birth_date.day": "1",
        "child.birth_date.month": "8",
        "child.birth_date.year": "2026",
        "copies.count": "3",
    }
    page = await client.get(BIRTH, params=answers, headers=HTML)
    needed = text(page).partition("giấy không phải nộp")[0]
    assert "Giấy cam đoan về việc sinh" in needed and "Văn bản ủy quyền" in needed
    assert "Giấy chứng sinh" not in needed
    assert "3 bản × 8.000 đ" in text(page)
    assert "Cộng 32.000 đ" in text(page)
    assert 'value="oath" selected' in page.text


async def test_without_scripts_the_answers_travel_into_the_address(office: Cast, client: httpx.AsyncClient) -> None:
    answer = await post(client, f"{BIRTH}/xem", {"case.kind": "witness", "cach": "counter", "copies.count": ""})
    assert answer.status_code == 303
    address, _, query = answer.headers["Location"].removesuffix("#giay-to").partition("?")
    assert (address, sorted(query.split("&"))) == (BIRTH, ["cach=counter", "case.kind=witness"])


async def test_with_htmx_the_outcome_alone_comes_back_with_the_new_figures(
    office: Cast, client: httpx.AsyncClient
) -> None:
    data = {"case.kind": "witness", "cach": "online", "copies.count": "2"}
    answer = await post(client, f"{BIRTH}/xem", data, headers=HTMX)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Văn bản của người làm chứng" in answer.text
    assert 'hx-target="#figures"' in answer.text and "16.000" in answer.text


async def test_the_code_alone_finds_the_page(office: Cast, client: httpx.AsyncClient) -> None:
    moved = await client.get("/thu-tuc/old-name-1.001193?copies.count=2", headers=HTML)
    assert (moved.status_code, moved.headers["Location"]) == (303, f"{BIRTH}?copies.count=2")
    assert (await client.get("/thu-tuc/x-9.999999", headers=HTML)).status_code == 404
    assert (await client.get("/thu-tuc/x", headers=HTML)).status_code == 404


async def test_a_procedure_without_online_channel_is_prepared_for_the_counter(
    office: Cast, client: httpx.AsyncClient
) -> None:
    page = await client.get(COPIES, headers=HTML)
    assert "Chuẩn bị trước, nộp tại quầy" in text(page)
    dear = await client.get(COPIES, params={"papers.items.0.pages": "5", "papers.items.0.copies": "2"}, headers=HTML)
    assert "14.000 đ" in text(dear)


async def test_a_commune_that_has_not_opened_online_filing_offers_the_counter(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    await import_document(DATA)
    page = await client.get(BIRTH, headers=HTML)
    assert "Xã chưa mở nộp trên mạng" in text(page)
    assert "Chuẩn bị trước, nộp tại quầy" in text(page)


async def test_every_procedure_has_a_page_and_every_template_a_paper(office: Cast, client: httpx.AsyncClient) -> None:
    for entry in (await index()).entries:
        page = await client.get(f"/thu-tuc/{entry.slug}", headers=HTML)
        assert page.status_code == 200, entry.code
    paper = await client.get(f"{BIRTH}/mau/application.pdf")
    assert paper.content.startswith(b"%PDF")
    assert (await client.get(f"{BIRTH}/mau/identity.pdf", headers=HTML)).status_code == 404


async def test_a_form_can_be_printed_with_what_the_account_knows(office: Cast, client: httpx.AsyncClient) -> None:
    empty = await client.get(f"{BIRTH}/mau/application.pdf?dien=1")
    # The commune stands on it, and that is the visitor's choice: no shared cache may keep it.
    assert "private" in empty.headers["Cache-Control"]
    sign_in(client, office.ha)
    filled = await client.get(f"{BIRTH}/mau/application.pdf?dien=1")
    assert filled.headers["Cache-Control"] == "private, no-store"
    assert filled.content != empty.content


async def test_an_empty_form_is_made_once_and_a_browser_that_has_it_is_told_so(
    office: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "_empty_forms", Shelf(8))
    first = await client.get(f"{BIRTH}/mau/application.pdf")
    assert first.headers["Cache-Control"] == "private, max-age=3600"
    monkeypatch.setattr(routes, "render", None)  # a second typesetting would fail
    known = await client.get(f"{BIRTH}/mau/application.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", first.headers["ETag"])
    other = await client.get(f"{BIRTH}/mau/application.pdf", headers={"If-None-Match": '"another"'})
    assert (other.status_code, other.content) == (200, first.content)


async def test_an_empty_form_for_another_commune_is_another_paper(office: Cast, client: httpx.AsyncClient) -> None:
    here = await client.get(f"{BIRTH}/mau/application.pdf")
    client.cookies.set("xa", "H71.104.27", domain="localhost.local")
    there = await client.get(f"{BIRTH}/mau/application.pdf")
    assert here.headers["ETag"] != there.headers["ETag"]
    assert here.content != there.content


async def test_filled_forms_are_made_for_one_person_only_so_often(
    office: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "_FILLED_OF_ONE", 1)
    sign_in(client, office.ha)
    assert (await client.get(f"{BIRTH}/mau/application.pdf?dien=1")).status_code == 200
    refused = await client.get(f"{BIRTH}/mau/application.pdf?dien=1", headers=HTML)
    assert refused.status_code == 429
    assert "Chờ ít phút" in text(refused)
    assert (await client.get(f"{BIRTH}/mau/application.pdf")).status_code == 200
    sign_in(client, office.toan)
    assert (await client.get(f"{BIRTH}/mau/application.pdf?dien=1")).status_code == 200


async def test_only_administrators_see_the_switches(office: Cast, client: httpx.AsyncClient) -> None:
    assert (await client.get("/can-bo/thu-tuc", headers=HTML)).status_code == 401
    sign_in(client, office.ha)
    assert (await client.get("/can-bo/thu-tuc", headers=HTML)).status_code == 404
    sign_in(client, office.officer(Role.PROCESSOR))
    assert (await client.get("/can-bo/thu-tuc", headers=HTML)).status_code == 404
    sign_in(client, office.officer(Role.ADMINISTRATOR))
    page = await client.get("/can-bo/thu-tuc", headers=HTML)
    assert page.status_code == 200 and "Đang mở" in page.text


async def test_an_administrator_closes_and_opens_a_procedure_for_their_commune_only(
    office: Cast, client: httpx.AsyncClient
) -> None:
    sign_in(client, office.officer(Role.ADMINISTRATOR))
    here = "/can-bo/thu-tuc/1.001193"
    closed = await post(client, f"{here}/nop-tren-mang", {"online": "", "connection": "portal"})
    assert closed.status_code == 303
    assert await offerings.offering_of(office.commune, "1.001193") == offerings.Offering(False, Connection.PORTAL)
    await offerings.switch(office.other_commune, "1.001193", True, Connection.LOCAL, None)
    assert not (await offerings.offering_of(office.commune, "1.001193")).online
    shown = await client.get(here, headers=HTML)
    assert 'value="portal" checked' in shown.text
    acts = "select count(*) from history_entry where subject_kind = 'procedure_offering' and agency = $1 and act = 'closed'"
    assert await fetch_value(acts, office.commune) == 1


async def test_a_fee_that_nobody_set_keeps_a_procedure_closed_until_it_is_set(
    office: Cast, client: httpx.AsyncClient
) -> None:
    sign_in(client, office.officer(Role.ADMINISTRATOR))
    here = "/can-bo/thu-tuc/2.000806"
    refused = await post(client, f"{here}/nop-tren-mang", {"online": "1", "connection": "local"})
    assert refused.status_code == 409
    assert "chưa có mức thu cho Lệ phí đăng ký kết hôn" in refused.text
    wrong = await post(client, f"{here}/muc-thu", {"fee": "civil_charge", "amount": "tám nghìn"})
    assert wrong.status_code == 422 and "Ghi số tiền bằng chữ số" in wrong.text and "tám nghìn" in wrong.text
    data = {
        "fee": "civil_charge",
        "amount": "1.000.000",
        "online": "0",
        "basis": "NQ 1/2026",
        "valid_from": "2026-11-01",
    }
    assert (await post(client, f"{here}/muc-thu", data)).status_code == 303
    assert (await post(client, f"{here}/nop-tren-mang", {"online": "1", "connection": "local"})).status_code == 303
    page = await client.get("/thu-tuc/ket-hon-voi-nguoi-nuoc-ngoai-2.000806?cach=counter", headers=HTML)
    assert "1.000.000 đ" in text(page)


async def test_what_has_no_online_channel_cannot_be_opened(office: Cast, client: httpx.AsyncClient) -> None:
    sign_in(client, office.officer(Role.ADMINISTRATOR))
    refused = await post(client, "/can-bo/thu-tuc/2.000815/nop-tren-mang", {"online": "1", "connection": "local"})
    assert refused.status_code == 409


@pytest.mark.parametrize("amount", ["100.000.000.000", "8.000"])
async def test_what_an_office_sets_is_kept_whole_and_stands_in_history(
    office: Cast, client: httpx.AsyncClient, amount: str
) -> None:
    administrator = office.officer(Role.ADMINISTRATOR)
    sign_in(client, administrator)
    said = {"fee": "civil_charge", "amount": amount, "basis": "NQ\0 1/2026", "valid_from": "2026-11-01"}
    assert (await post(client, "/can-bo/thu-tuc/2.000806/muc-thu", said)).status_code == 303
    own = await fetch_value("select amount_vnd from local_tariff where agency = $1", office.commune)
    assert own == int(amount.replace(".", ""))
    written = "select actor from history_entry where subject_kind = 'local_tariff' and actor is not null"
    assert await fetch_value(written) == administrator.officer


@pytest.mark.parametrize(("code", "fee"), [("2.000815", "copy_certification"), ("1.001193", "extract_copy")])
async def test_no_office_changes_what_a_ministry_set(
    office: Cast, client: httpx.AsyncClient, code: str, fee: str
) -> None:
    sign_in(client, office.officer(Role.ADMINISTRATOR))
    said = {"fee": fee, "amount": "1", "basis": "NQ 1/2026", "valid_from": "2026-11-01"}
    assert (await post(client, f"/can-bo/thu-tuc/{code}/muc-thu", said)).status_code == 404
    assert await fetch_value("select count(*) from local_tariff where agency = $1", office.commune) == 0


@pytest.mark.parametrize("year", ["9999", "0001", "9" * 5000, "²"])
async def test_a_year_nobody_was_born_in_breaks_no_page(office: Cast, client: httpx.AsyncClient, year: str) -> None:
    born = f"child.birth_date.day=31&child.birth_date.month=12&child.birth_date.year={year}"
    answer = await client.get(f"{BIRTH}?{born}&copies.count={'9' * 5000}", headers=HTML)
    assert answer.status_code == 200


async def test_a_search_of_ten_thousand_letters_is_answered_like_any_other(
    office: Cast, client: httpx.AsyncClient
) -> None:
    for typed in ("khai sinh " * 1000, "k" * 10_000, "\u0301" * 10_000, "%_\\'\"<script>" * 800, "🙂" * 3000):
        assert (await client.get("/thu-tuc", params={"q": typed}, headers=HTML)).status_code == 200
        assert (await client.get("/api/v1/procedures", params={"q": typed})).status_code in (200, 400)


@pytest.fixture
async def many_there(office: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The sixty, and 640 beside them in the index; a line of the list looks like the first procedure's."""
    there = await index()
    beside = many(640)
    catalogue = Index([*there.entries, *beside])
    real = (await queries.several([BIRTH[-8:]]))[BIRTH[-8:]]

    async def widened() -> Index:
        return catalogue

    async def several(codes: list[str]) -> dict[str, queries.Published]:
        return dict.fromkeys(codes, real)

    monkeypatch.setattr(routes, "index", widened)
    monkeypatch.setattr(routes, "several", several)
    monkeypatch.setattr(api_routes, "index", widened)
    return office


def rows(page: httpx.Response) -> list[str]:
    """The addresses of a list's lines."""
    return re.findall(r'<a class="row[^"]*" href="(/thu-tuc/[^"?]+)"', page.text)


async def test_seven_hundred_procedures_can_all_be_paged_through(many_there: Cast, client: httpx.AsyncClient) -> None:
    first = await client.get("/thu-tuc", headers=HTML)
    assert "700 thủ tục" in text(first) and len(rows(first)) == 20
    last = await client.get("/thu-tuc", params={"trang": "35"}, headers=HTML)
    assert len(rows(last)) == 20 and 'href="/thu-tuc?trang=34"' in last.text
    beyond = await client.get("/thu-tuc", params={"trang": "36"}, headers=HTML)
    assert rows(beyond) == rows(last)
    field = await client.get("/thu-tuc", params={"linh-vuc": "linh-vuc-39"}, headers=HTML)
    assert "16 thủ tục" in text(field)


async def test_the_api_counts_and_pages_through_all_of_them(many_there: Cast, client: httpx.AsyncClient) -> None:
    seen: list[str] = []
    for offset in range(0, 800, 100):
        answer = (await client.get("/api/v1/procedures", params={"limit": 100, "offset": offset})).json()
        assert answer["total"] == 700
        seen += [item["code"] for item in answer["items"]]
    assert len(seen) == len(set(seen)) == 700
    narrow = (await client.get("/api/v1/procedures", params={"field": "linh-vuc-39", "offset": 10, "limit": 10})).json()
    assert (narrow["total"], len(narrow["items"])) == (16, 6)
