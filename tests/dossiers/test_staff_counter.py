"""The counter: a dossier entered for somebody who stands there, from the same definition, to the slip in their hand."""

import asyncio
import html
import json
import re
from datetime import timedelta
from random import Random
from uuid import UUID

import asyncpg
import httpx
import msgspec
import pytest

from backend.agencies.officers import end_officer
from backend.agencies.tables import Role
from backend.dossiers import counter, drafts
from backend.dossiers.tables import Dossier, PaperForm, State
from backend.dossiers.terms import kept_answers
from backend.forms.paths import find
from backend.history.record import entries
from backend.kit import clock
from backend.kit.clock import Frozen
from backend.kit.database import execute, fetch, fetch_value
from backend.kit.errors import NotFound, Refused
from backend.procedures.importing import import_bytes
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
    refused = await send(client, f"{address}/nhan")
    assert refused.status_code == 422
    assert "chỗ chưa đủ" in refused.text
    assert "/buoc/1#" in refused.text
    row = await stories.row(id_of(address))
    assert (row.state, row.code) == (State.DRAFT, None)


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


WAITS = "select exists (select from pg_locks where not granted and locktype in ('transactionid', 'tuple'))"


async def second_receptionist(cast: Cast) -> Person:
    """A colleague at the next counter."""
    clerk = cast.officer(Role.CLERK)
    await execute("update officer set roles = $1 where id = $2", ["receptionist"], clerk.officer)
    return clerk


async def test_what_was_received_meanwhile_is_not_put_away_and_keeps_its_files(
    cast: Cast, client: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    address = await begun(cast, client, BIRTH)
    officer = await stories.officer(cast, Role.RECEPTIONIST)
    await stories.file_in(id_of(address), "paper", officer.account_id)
    receiving = owner.transaction()
    await receiving.start()
    await owner.execute("update dossier set state = 'received' where id = $1", id_of(address))
    putting_away = asyncio.create_task(counter.discard(officer, id_of(address)))
    while not putting_away.done() and not await owner.fetchval(WAITS):
        pass
    await receiving.commit()
    with pytest.raises(NotFound):
        await putting_away
    assert (await stories.row(id_of(address))).state == State.RECEIVED
    assert await fetch_value("select count(*) from file where subject = $1 and removed_at is null", id_of(address)) == 1


async def test_a_filing_that_is_refused_leaves_the_draft_with_the_counter_alone(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    await execute("update account set identity_verified_at = now() where id = $1", cast.ha.account)
    address = await begun(cast, client, CERTIFY)
    await fill_in(address)
    await send(client, f"{address}/the", {"card": CARD})
    await send(client, f"{address}/giay", await counted(address))
    officer = await stories.officer(cast, Role.RECEPTIONIST)
    as_read = await counter.at_counter(officer, id_of(address))
    await drafts.save(
        await counter.at_counter(officer, id_of(address)), "submitter", [("submitter.phone", "0912345679")]
    )
    with pytest.raises(Refused, match="vừa được sửa ở nơi khác"):
        await counter.receive(as_read, officer, (), "")
    row = await stories.row(id_of(address))
    assert (row.state, row.account) == (State.DRAFT, None)
    sign_in(client, cast.ha)
    assert (await send(client, f"/nop/{row.id}/xoa")).status_code == 404
    assert await counter.receive(await counter.at_counter(officer, row.id), officer, (), "")
    assert (await stories.row(row.id)).account == cast.ha.account


async def test_a_procedure_that_ended_overnight_is_not_received_any_more(
    cast: Cast, client: httpx.AsyncClient, frozen: Frozen
) -> None:
    await stories.publish(cast, CERTIFY)
    await execute("delete from procedure_version")
    await import_bytes(stories.document(CERTIFY, change=lambda one: one.update(valid_to=str(stories.TODAY))))
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    address = (await send(client, "/can-bo/quay/bat-dau", {"procedure": CERTIFY})).headers["Location"]
    await fill_in(address)
    papers = await counted(address)
    frozen.advance(timedelta(days=1))
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    refused = await send(client, f"{address}/nhan", papers)
    assert refused.status_code == 409
    assert "không còn nhận hồ sơ mới" in refused.text
    row = await stories.row(id_of(address))
    assert (row.state, row.code) == (State.DRAFT, None)


async def test_a_card_that_is_read_keeps_what_another_window_saved_meanwhile(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    address = await begun(cast, client, CERTIFY)
    officer = await stories.officer(cast, Role.RECEPTIONIST)
    as_read = await counter.at_counter(officer, id_of(address))
    await drafts.save(
        await counter.at_counter(officer, id_of(address)), "submitter", [("submitter.phone", "0987654321")]
    )
    await counter.scan(as_read, CARD)
    answers = kept_answers(await stories.row(id_of(address)))
    assert find(answers, "submitter.phone") == "0987654321"
    assert find(answers, "submitter.full_name") == "Trần Thị Thu Hà"


async def test_what_one_counter_has_open_another_does_not_take_and_reads_who_has_it(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    await stories.publish(cast, CERTIFY)
    at_home = await prepared(cast)
    first, colleague = cast.officer(Role.RECEPTIONIST), await second_receptionist(cast)
    sign_in(client, first)
    for _ in range(2):
        assert (await send(client, "/can-bo/quay/ma", {"code": at_home.prepared_code})).status_code == 303
    sign_in(client, colleague)
    late = await send(client, "/can-bo/quay/ma", {"code": at_home.prepared_code})
    assert late.status_code == 409
    assert (await stories.found_officer(first)).name in late.text
    assert (await stories.row(at_home.id)).assignee == first.officer
    sign_in(client, first)
    await send(client, f"/can-bo/quay/{at_home.id}/bo")
    sign_in(client, colleague)
    assert (await send(client, "/can-bo/quay/ma", {"code": at_home.prepared_code})).status_code == 303
    told = [(entry.act, entry.actor) for entry in reversed(await entries(at_home.id))]
    assert told[1:] == [
        ("open_prepared", first.officer),
        ("put_back", first.officer),
        ("open_prepared", colleague.officer),
    ]


async def test_of_two_who_open_the_same_code_at_once_one_has_it(cast: Cast) -> None:
    await stories.publish(cast, CERTIFY)
    at_home = await prepared(cast)
    officers = [
        await stories.officer(cast, Role.RECEPTIONIST),
        await stories.found_officer(await second_receptionist(cast)),
    ]
    done = await asyncio.gather(
        *(counter.take_prepared(one, at_home.prepared_code) for one in officers), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in done) == ["Refused", "UUID"]
    assert [entry.act for entry in await entries(at_home.id)].count("open_prepared") == 1


async def test_what_somebody_had_open_who_left_the_office_is_opened_by_a_colleague(cast: Cast) -> None:
    await stories.publish(cast, CERTIFY)
    at_home = await prepared(cast)
    gone = await stories.found_officer(await second_receptionist(cast))
    await counter.take_prepared(gone, at_home.prepared_code)
    await end_officer(await stories.officer(cast, Role.ADMINISTRATOR), gone.id)
    stays = await stories.officer(cast, Role.RECEPTIONIST)
    assert await counter.take_prepared(stays, at_home.prepared_code) == at_home.id


async def test_counts_are_kept_as_they_are_made_and_two_windows_do_not_overwrite_each_other(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    address = await begun(cast, client, BIRTH)
    await fill_in(address, 3)
    page = (await client.get(address, headers=HTML)).text
    assert f'data-save="{address}/giay/luu"' in page
    marks = json.loads(html.unescape(re.findall(r'name="_was" value="([^"]*)"', page)[0]))
    one, other = list(marks)[:2]
    await send(client, f"{address}/giay", {f"copies.{other}": "3"})
    first = await send(client, f"{address}/giay/luu", {f"originals.{one}": "1", "_was": json.dumps({one: marks[one]})})
    assert first.status_code == 200
    late = {f"originals.{one}": "2", "_was": json.dumps({one: marks[one]})}
    refused = await send(client, f"{address}/giay/luu", late)
    assert refused.status_code == 409
    (clash,) = refused.json()["conflicts"]
    assert (clash["path"], clash["theirs"], clash["pairs"]) == (one, "1 bản chính", [[f"originals.{one}", "1"]])
    assert clash["stamp"] == first.json()["was"][one]
    papers = counter.noted(await stories.row(id_of(address))).papers
    assert papers == {one: counter.Counted(False, 1, 0), other: counter.Counted(False, 0, 3)}
    mine = await send(client, f"{address}/giay/luu", late | {"_was": json.dumps({one: clash["stamp"]})})
    assert mine.status_code == 200
    assert counter.noted(await stories.row(id_of(address))).papers[one].originals == 2


async def test_keeping_the_papers_keeps_the_pledge_that_is_ticked_beside_them(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    address = await begun(cast, client, BIRTH)
    page = (await client.get(address, headers=HTML)).text
    name = re.search(r'type="checkbox"[^>]*name="(declaration\.[^"]+)" value="([^"]+)"', page)
    assert name, re.findall(r"<input[^>]*declaration[^>]*>", page)
    await send(client, f"{address}/giay", {name.group(1): name.group(2)})
    assert find(kept_answers(await stories.row(id_of(address))), name.group(1))
