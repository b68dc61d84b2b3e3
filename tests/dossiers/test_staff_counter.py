"""The counter: a dossier entered for somebody who stands there, from the same definition, to the slip in their hand."""

import html
import re
from random import Random
from uuid import UUID

import asyncpg
import httpx
import msgspec
import pytest

from backend.agencies.tables import Role
from backend.dossiers import counter, drafts
from backend.dossiers.tables import Dossier, PaperForm, State
from backend.kit import clock
from backend.kit.database import execute, fetch, fetch_value
from backend.procedures.outcome import PaperStanding
from tests.browser import post, sign_in
from tests.cast import Cast, Person
from tests.dossiers import stories
from tests.dossiers.stories import BIRTH, CERTIFY
from tests.files.samples import image
from tests.forms.generator import fill

pytestmark = pytest.mark.anyio
HTML = {"Accept": "text/html"}
HTMX = HTML | {"HX-Request": "true", "HX-Request-Type": "partial"}
CARD = "038198006417|123456789|TRẦN THỊ THU HÀ|02031998|Nữ|Thôn Bến Đá, Mai Khê, Hà Thanh|01012022"
OPEN_TO = {Role.RECEPTIONIST}


async def send(
    client: httpx.AsyncClient, path: str, data: dict[str, str] | None = None, **more: object
) -> httpx.Response:
    """Post a form of the counter."""
    return await post(client, path, data or {}, headers=HTML, **more)


async def begun(cast: Cast, client: httpx.AsyncClient, code: str) -> str:
    """Begin a procedure at the counter; return its address."""
    await stories.publish(cast, code)
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    answer = await send(client, "/can-bo/quay/bat-dau", {"procedure": code})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def id_of(address: str) -> UUID:
    """The draft of an address."""
    return UUID(address.rpartition("/")[2])


async def fill_in(address: str, seed: int = 1) -> None:
    """Answer every question of the form."""
    draft = await stories.reopened(id_of(address))
    answers = fill(draft.form, Random(seed), draft.choices, draft.facts)
    await execute(
        "update dossier set answers = $2, revision = revision + 1, owner_name = $3 where id = $1",
        draft.id,
        msgspec.json.encode(answers).decode(),
        "Trần Thị Thu Hà",
    )


async def counted(address: str) -> dict[str, str]:
    """What the page sends when every paper lies on the counter."""
    draft = await stories.reopened(id_of(address))
    sent = {}
    for paper in counter.papers_at(draft):
        if paper.standing is PaperStanding.SHOW:
            sent[f"seen.{paper.id}"] = "1"
        elif paper.standing is PaperStanding.NEEDED:
            sent[f"originals.{paper.id}"] = "1"
    return sent


@pytest.mark.parametrize("role", sorted(set(Role) - OPEN_TO))
async def test_the_counter_is_the_receptionists(cast: Cast, client: httpx.AsyncClient, role: Role) -> None:
    address = await begun(cast, client, CERTIFY)
    sign_in(client, cast.officer(role))
    for path in ("/can-bo/quay", address, f"{address}/buoc/1"):
        assert (await client.get(path, headers=HTML)).status_code == 404, path
    for path in (
        "/can-bo/quay/bat-dau",
        "/can-bo/quay/ma",
        *(f"{address}/{rest}" for rest in ("the", "giay", "nhan", "bo")),
    ):
        assert (await send(client, path)).status_code == 404, path


async def test_a_dossier_goes_from_the_card_to_the_slip(cast: Cast, client: httpx.AsyncClient) -> None:
    address = await begun(cast, client, CERTIFY)
    scanned = await send(client, f"{address}/the", {"card": CARD})
    assert scanned.headers["Location"] == address
    page = (await client.get(address, headers=HTML)).text
    assert "Trần Thị Thu Hà" in page
    assert fmt_number("038198006417") in page
    await fill_in(address)
    done = await send(client, f"{address}/nhan", await counted(address))
    assert done.status_code == 303, re.findall(r"<li>.*?</li>", done.text)
    code = done.headers["Location"].rpartition("/")[2]
    dossier = await stories.row(id_of(address))
    assert (dossier.code, dossier.state, dossier.channel) == (code, State.RECEIVED, "counter")
    assert dossier.received_at == clock.now()
    shown = (await client.get(done.headers["Location"], headers=HTML)).text
    assert f"/can-bo/ho-so/{code}/giay/01.pdf" in shown
    slip = await client.get(f"/can-bo/ho-so/{code}/giay/01.pdf", headers=HTML)
    assert slip.content.startswith(b"%PDF-")
    assert (
        await fetch_value(
            "select count(*) from dossier_paper where dossier = $1 and form = $2", dossier.id, PaperForm.FORM_01
        )
        == 1
    )
    noted = (await client.get(f"/can-bo/ho-so/{code}", headers=HTML)).text
    assert "đã xem" in noted or "1 bản chính" in noted


def fmt_number(number: str) -> str:
    """A personal number as pages write it."""
    return "\u00a0".join(number[at : at + 3] for at in range(0, 12, 3))


async def test_the_cards_text_is_kept_nowhere(cast: Cast, client: httpx.AsyncClient, owner: asyncpg.Connection) -> None:
    address = await begun(cast, client, CERTIFY)
    await send(client, f"{address}/the", {"card": CARD})
    tables = await owner.fetch("select tablename from pg_tables where schemaname = 'public'")
    for row in tables:
        hits = await owner.fetchval(f"select count(*) from \"{row['tablename']}\" t where t::text like '%123456789%'")
        assert hits == 0, row["tablename"]


async def test_what_is_no_card_changes_nothing_and_says_so(cast: Cast, client: httpx.AsyncClient) -> None:
    address = await begun(cast, client, CERTIFY)
    before = (await stories.row(id_of(address))).answers
    refused = await send(client, f"{address}/the", {"card": "038198006417"})
    assert refused.status_code == 422
    assert "Đây không phải nội dung mã QR" in refused.text
    assert (await stories.row(id_of(address))).answers == before


async def test_the_form_is_filled_step_by_step(cast: Cast, client: httpx.AsyncClient) -> None:
    address = await begun(cast, client, CERTIFY)
    wrong = await send(client, f"{address}/buoc/1?phan=submitter", {"submitter.full_name": "Trần Thị Thu Hà"})
    assert wrong.status_code == 422
    assert "chỗ cần sửa" in wrong.text
    right = {"submitter.full_name": "trần thị thu hà", "submitter.phone": "0912 345 678"}
    on = await send(client, f"{address}/buoc/1?phan=submitter", right)
    assert on.headers["Location"] == f"{address}/buoc/2"
    row = await stories.row(id_of(address))
    assert (row.owner_name, row.owner_phone) == ("Trần Thị Thu Hà", "0912345678")


async def test_what_is_missing_is_told_at_once_and_nothing_is_filed(cast: Cast, client: httpx.AsyncClient) -> None:
    address = await begun(cast, client, BIRTH)
    refused = await send(client, f"{address}/nhan", {"consent": "1"})
    assert refused.status_code == 422
    assert "chỗ chưa đủ" in refused.text
    assert "/buoc/1#" in refused.text
    row = await stories.row(id_of(address))
    assert (row.state, row.code) == (State.DRAFT, None)
    assert counter.noted(row).consent, "what was ticked is kept"


async def test_papers_are_counted_scanned_and_taken_back(cast: Cast, client: httpx.AsyncClient) -> None:
    address = await begun(cast, client, BIRTH)
    await fill_in(address, 3)
    draft = await stories.reopened(id_of(address))
    paper = next(one for one in draft.papers if one.to_hand_in)
    sent = {f"originals.{paper.id}": "1", f"copies.{paper.id}": "999999"}
    files = {f"scan.{paper.id}": ("giay.jpg", image(), "image/jpeg")}
    assert (await send(client, f"{address}/giay", sent, files=files)).status_code == 303
    row = await stories.row(draft.id)
    assert counter.noted(row).papers[paper.id] == counter.Counted(False, 1, 0), "an absurd number counts nothing"
    file = await fetch_value("select id from file where subject = $1 and removed_at is null", draft.id)
    assert (await client.get(f"/tep/{file}", headers=HTML)).status_code == 200
    bad = await send(client, f"{address}/giay", sent, files={f"scan.{paper.id}": ("a.exe", b"MZ" * 40)})
    assert bad.status_code == 422
    assert "không mở được" in bad.text
    await send(client, f"{address}/giay", {"_do": f"remove-file:{file}"})
    assert not await fetch("select 1 from file where subject = $1 and removed_at is null", draft.id)


async def test_a_verified_person_finds_it_in_their_account_a_claimed_number_gives_nobody_anything(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    for verified in (False, True):
        if verified:
            await execute("update account set identity_verified_at = now() where id = $1", cast.ha.account)
        address = await begun(cast, client, CERTIFY)
        await fill_in(address)
        await send(client, f"{address}/the", {"card": CARD})
        assert ("Có tài khoản đã xác minh" in (await client.get(address, headers=HTML)).text) is verified
        done = await send(client, f"{address}/nhan", await counted(address))
        assert done.status_code == 303
        assert (await stories.row(id_of(address))).account == (cast.ha.account if verified else None)


async def test_a_second_press_finds_it_received(cast: Cast, client: httpx.AsyncClient) -> None:
    address = await begun(cast, client, CERTIFY)
    await fill_in(address)
    papers = await counted(address)
    first = await send(client, f"{address}/nhan", papers)
    second = await send(client, f"{address}/nhan", papers)
    assert second.headers["Location"] == first.headers["Location"]
    assert await fetch_value("select count(*) from dossier where code is not null") == 1
    assert (await client.get(address, headers=HTML)).headers["Location"] == first.headers["Location"]


async def test_a_dossier_at_one_counter_is_not_opened_at_another(cast: Cast, client: httpx.AsyncClient) -> None:
    address = await begun(cast, client, CERTIFY)
    await execute("update officer set roles = $1 where id = $2", ["receptionist"], cast.officer(Role.CLERK).officer)
    assert cast.stranger_officer
    for other in (cast.officer(Role.CLERK), cast.stranger_officer):
        sign_in(client, other)
        assert (await client.get(address, headers=HTML)).status_code == 404
        assert (await send(client, f"{address}/bo")).status_code == 404


async def test_a_longer_limit_needs_its_reason_before_anything_is_filed(cast: Cast, client: httpx.AsyncClient) -> None:
    address = await begun(cast, client, BIRTH)
    await fill_in(address, 5)
    papers = await counted(address)
    place = re.search(r'name="pick" value="(\d+)"', (await client.get(address, headers=HTML)).text)
    assert place
    refused = await send(client, f"{address}/nhan", papers | {"pick": place.group(1)})
    assert refused.status_code == 422
    assert (await stories.row(id_of(address))).code is None
    done = await send(client, f"{address}/nhan", papers | {"pick": place.group(1), "reason": "Phải hỏi xã khác."})
    assert done.status_code == 303


async def test_what_is_put_away_is_gone(cast: Cast, client: httpx.AsyncClient) -> None:
    address = await begun(cast, client, CERTIFY)
    assert (await send(client, f"{address}/bo")).headers["Location"] == "/can-bo/quay"
    assert not await Dossier.exists().where(Dossier.id == id_of(address))


async def prepared(cast: Cast, person: Person | None = None) -> Dossier:
    """A dossier that a citizen prepared at home for the counter."""
    draft = await stories.filled(cast, CERTIFY, person=person)
    await drafts.prepare(draft)
    return await stories.row(draft.id)


async def test_what_was_prepared_at_home_is_opened_by_its_code(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, CERTIFY)
    at_home = await prepared(cast)
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    wrong = await send(client, "/can-bo/quay/ma", {"code": "ABCD2345"})
    assert wrong.status_code == 404
    assert 'value="ABCD2345"' in wrong.text
    typed = f" {at_home.prepared_code[:4].lower()} {at_home.prepared_code[4:].lower()} "
    opened = await send(client, "/can-bo/quay/ma", {"code": typed})
    assert opened.headers["Location"] == f"/can-bo/quay/{at_home.id}"
    address = opened.headers["Location"]
    sign_in(client, cast.ha)
    assert (await send(client, f"/nop/{at_home.id}/den-quay/sua-lai")).status_code == 409, "it lies open at the counter"
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    done = await send(client, f"{address}/nhan", await counted(address))
    assert done.status_code == 303, re.findall(r"<li>.*?</li>", done.text)
    filed = await stories.row(at_home.id)
    assert (filed.state, filed.account) == (State.RECEIVED, cast.ha.account)


async def test_the_code_is_read_from_the_scanned_address_too(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, CERTIFY)
    at_home = await prepared(cast)
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    scanned = f"http://localhost:8000/can-bo/quay?ma={at_home.prepared_code}"
    assert (await send(client, "/can-bo/quay/ma", {"code": scanned})).status_code == 303
    assert at_home.prepared_code in (await client.get(f"/can-bo/quay?ma={at_home.prepared_code}", headers=HTML)).text


async def test_a_prepared_one_put_away_waits_for_its_code_again(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, CERTIFY)
    at_home = await prepared(cast)
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    for _ in range(2):
        opened = await send(client, "/can-bo/quay/ma", {"code": at_home.prepared_code})
        assert opened.status_code == 303
        await send(client, f"{opened.headers['Location']}/bo")
    assert (await stories.row(at_home.id)).state == State.PREPARED


async def test_another_communes_counter_does_not_open_it(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, CERTIFY)
    at_home = await prepared(cast)
    assert cast.stranger_officer
    sign_in(client, cast.stranger_officer)
    assert (await send(client, "/can-bo/quay/ma", {"code": at_home.prepared_code})).status_code == 404


async def test_procedures_are_found_while_typing_and_without_scripts(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, CERTIFY, BIRTH)
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    part = (await client.get("/can-bo/quay?q=chung thuc ban sao", headers=HTMX)).text
    assert f'value="{CERTIFY}"' in part
    assert "<html" not in part
    assert f'value="{BIRTH}"' in (await client.get("/can-bo/quay?q=khai sinh", headers=HTML)).text
    nothing = await send(client, "/can-bo/quay/bat-dau", {"procedure": "9.999999"})
    assert nothing.status_code == 404


async def test_what_is_typed_at_the_counter_is_kept_between_posts(cast: Cast, client: httpx.AsyncClient) -> None:
    address = await begun(cast, client, CERTIFY)
    page = (await client.get(f"{address}/buoc/1", headers=HTML)).text
    save = re.search(r'data-save="([^"]+)"', page)
    assert save
    assert save.group(1).startswith(f"{address}/buoc/1/luu")
    typed = {"submitter.full_name": "Bùi Đức Thuận", "_was": "{}", "_version": "1"}
    kept = await send(client, save.group(1), typed)
    assert kept.status_code == 200
    assert kept.json()["version"] == 2
    assert "Bùi Đức Thuận" in (await client.get(f"{address}/buoc/1", headers=HTML)).text
    assert "Bùi Đức Thuận" in (await client.get("/can-bo/quay", headers=HTML)).text, "named among what is begun"


async def test_two_windows_of_the_counter_do_not_overwrite_each_other(cast: Cast, client: httpx.AsyncClient) -> None:
    address = await begun(cast, client, CERTIFY)
    was = re.search(r'name="_was" value="([^"]*)"', (await client.get(f"{address}/buoc/1", headers=HTML)).text)
    assert was
    began = html.unescape(was.group(1))
    for name, status in (("Bùi Đức Thuận", 200), ("Lò Thị Yến", 409)):
        saved = await send(client, f"{address}/buoc/1/luu?phan=submitter", {"submitter.full_name": name, "_was": began})
        assert saved.status_code == status
    assert saved.json()["conflicts"][0]["theirs"] == "Bùi Đức Thuận"


async def test_nobody_else_saves_into_a_dossier_at_the_counter(cast: Cast, client: httpx.AsyncClient) -> None:
    address = await begun(cast, client, CERTIFY)
    await execute("update officer set roles = $1 where id = $2", ["receptionist"], cast.officer(Role.CLERK).officer)
    assert cast.stranger_officer
    for person in (cast.officer(Role.CLERK), cast.stranger_officer, cast.ha):
        sign_in(client, person)
        assert (await send(client, f"{address}/buoc/1/luu", {"submitter.full_name": "X"})).status_code == 404
