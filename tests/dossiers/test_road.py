"""The whole road of a citizen through pages, without scripts: from the procedure to the receipt and beyond."""

import re
from random import Random
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from backend.dossiers import slots
from backend.dossiers.filling import Draft, faults
from backend.dossiers.tables import State
from backend.forms.paths import find, put
from tests.browser import post, sign_in
from tests.cast import Cast
from tests.dossiers import stories, walking
from tests.dossiers.stories import BIRTH, CERTIFY, DEFAULT
from tests.dossiers.walking import PAGE, as_data, form_pairs, hidden
from tests.forms.generator import fill

pytestmark = pytest.mark.anyio


async def begin(client: httpx.AsyncClient, code: str, answers: dict[str, str] | None = None) -> Draft:
    """Press "Bắt đầu nộp" on a procedure's page."""
    slug = (await stories.published(code)).slug
    answer = await post(client, f"/thu-tuc/{slug}/nop", answers)
    assert answer.status_code == 303, answer.text[:300]
    assert answer.headers["location"].endswith("/buoc/1")
    return await stories.reopened(UUID(answer.headers["location"].split("/")[2]))


def drawn(draft: Draft, seed: int) -> dict[str, Any]:
    """Valid answers for the draft's form, drawn by `seed`."""
    return fill(draft.form, Random(seed), draft.choices, draft.facts)


async def hand_in(client: httpx.AsyncClient, draft: Draft) -> httpx.Response:
    """Send a picture for every paper, all in one form."""
    page = await client.get(f"/nop/{draft.id}/giay-to", headers=PAGE)
    if page.status_code == 303:
        return page
    files = [
        (paper.id, (f"{paper.id}.jpg", walking.picture(paper.id), "image/jpeg"))
        for paper in draft.papers
        if paper.to_hand_in
    ]
    return await post(client, f"/nop/{draft.id}/giay-to", {"_do": []}, files=files or None)


async def file(client: httpx.AsyncClient, draft: Draft, answers: dict[str, Any]) -> httpx.Response:
    """Tick the pledge and press the button."""
    page = await client.get(f"/nop/{draft.id}/xem-lai", headers=PAGE)
    assert page.status_code == 200
    pledge = [("_was", hidden(page.text, "_was")), *form_pairs(draft.pledge, answers)] if draft.pledge else []
    return await post(client, f"/nop/{draft.id}/gui", as_data(pledge))


@pytest.mark.parametrize(("code", "seed"), [(BIRTH, 1), (BIRTH, 2), ("2.001035", 3), ("1.004194", 1), (DEFAULT, 1)])
async def test_a_citizen_without_scripts_gets_to_the_receipt(
    cast: Cast, client: httpx.AsyncClient, code: str, seed: int
) -> None:
    await stories.publish(cast, code)
    sign_in(client, cast.ha)
    draft = await begin(client, code)
    answers = drawn(draft, seed)
    await walking.walk(client, draft, answers)
    draft = await stories.reopened(draft.id)
    handed = await hand_in(client, draft)
    assert handed.status_code == 303, walking.summary(handed.text)
    answer = await file(client, draft, answers)
    assert answer.status_code == 303, walking.summary(answer.text)
    receipt = await client.get(answer.headers["location"], headers=PAGE)
    assert receipt.status_code == 200 and "H71.104.26-" in receipt.text and "<svg" in receipt.text
    dossier = await stories.row(draft.id)
    assert dossier.state == State.SUBMITTED
    shown = await client.get(f"/ho-so/{dossier.code}", headers=PAGE)
    assert shown.status_code == 200 and "Đã nộp trên mạng" in shown.text
    paper = await client.get(f"/ho-so/{dossier.code}/giay/acknowledgement.pdf", headers=PAGE)
    assert paper.content.startswith(b"%PDF")
    again = await post(client, f"/nop/{draft.id}/gui")
    assert again.status_code == 303 and again.headers["location"] == f"/ho-so/{dossier.code}/da-nop"


async def test_the_checklist_goes_along_into_the_draft(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    sign_in(client, cast.ha)
    draft = await begin(client, BIRTH, {"copies.count": "3", "child.birth_date.day": "1"})
    assert draft.answers["submitter"]["full_name"] == "Trần Thị Thu Hà"
    assert draft.answers["submitter"]["phone"] == cast.ha.phone
    checked = {path for path in ("copies", "case") if draft.answers.get(path)}
    assert checked


async def test_a_step_shows_all_its_mistakes_and_keeps_what_was_typed(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    sign_in(client, cast.ha)
    draft = await begin(client, BIRTH)
    page = await client.get(f"/nop/{draft.id}/buoc/1", headers=PAGE)
    wrong = [
        ("submitter.full_name", "Trần Thị Thu Hà"),
        ("submitter.id_number", "12345"),
        ("submitter.phone", "0123"),
        ("submitter.birth_date.day", "31"),
        ("submitter.birth_date.month", "11"),
        ("submitter.birth_date.year", "1998"),
    ]
    answer = await walking.send_step(client, page, wrong)
    assert answer.status_code == 422
    listed = walking.summary(answer.text)
    assert "31/11/1998" in listed and "12345" not in listed
    assert answer.text.count('class="field__error"') == 3
    assert 'value="12345"' in answer.text
    assert (await stories.reopened(draft.id)).answers["submitter"]["id_number"] == "12345"


async def test_a_draft_follows_its_owner_to_another_device(cast: Cast, client: httpx.AsyncClient, app: Any) -> None:
    await stories.publish(cast, BIRTH)
    sign_in(client, cast.ha)
    draft = await begin(client, BIRTH)
    answers = drawn(draft, 4)
    page = await client.get(f"/nop/{draft.id}/buoc/1", headers=PAGE)
    sent = await walking.send_step(client, page, form_pairs(draft.steps[0], answers))
    if sent.status_code == 200:
        await walking.send_step(client, sent, form_pairs(draft.steps[0], answers))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:8000") as phone:
        sign_in(phone, cast.ha)
        listed = await phone.get("/ho-so", headers=PAGE)
        assert f"/nop/{draft.id}" in listed.text and "Đến bước 2 trên" in listed.text
        there = await phone.get(f"/nop/{draft.id}/", headers=PAGE)
        assert there.headers["location"] == f"/nop/{draft.id}/buoc/2"


async def test_what_is_prepared_gets_a_code_and_can_be_reopened(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, CERTIFY)
    sign_in(client, cast.ha)
    draft = await begin(client, CERTIFY)
    answers = drawn(draft, 1)
    assert (await walking.walk(client, draft, answers)).endswith("/xem-lai")
    answer = await file(client, draft, answers)
    assert answer.headers["location"] == f"/nop/{draft.id}/den-quay"
    page = await client.get(answer.headers["location"], headers=PAGE)
    row = await stories.row(draft.id)
    assert row.state == State.PREPARED and row.code is None
    assert row.prepared_code is not None and len(row.prepared_code) == 8
    assert row.prepared_code[:4] in page.text and "Căn cước" in page.text and "7:30" in page.text
    aside = await client.get(f"/nop/{draft.id}/buoc/1", headers=PAGE)
    assert aside.headers["location"] == f"/nop/{draft.id}/den-quay"
    await post(client, f"/nop/{draft.id}/den-quay/sua-lai")
    assert (await stories.row(draft.id)).state == State.DRAFT


async def test_online_filing_that_is_off_prepares_for_the_counter(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH, online=False)
    sign_in(client, cast.ha)
    draft = await begin(client, BIRTH)
    assert not draft.online and draft.papers == []


async def test_missing_papers_are_named_on_the_review(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    sign_in(client, cast.ha)
    draft = await begin(client, BIRTH)
    answers = drawn(draft, 1)
    await walking.walk(client, draft, answers)
    draft = await stories.reopened(draft.id)
    answer = await file(client, draft, answers)
    assert answer.status_code == 422
    assert "Chưa có ảnh của giấy này" in walking.summary(answer.text)
    assert (await stories.row(draft.id)).code is None


async def test_the_review_says_by_when_the_law_wants_it_filed(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    sign_in(client, cast.ha)
    draft = await stories.filled(cast, BIRTH)
    answers = draft.answers
    for born, words in (("2026-09-26", "Nộp chậm nhất ngày 25/11/2026."), ("2026-09-01", "Đã qua ngày phải nộp: ")):
        put(answers, "child.birth_date", born)
        await stories.execute(
            "update dossier set answers = $2 where id = $1", draft.id, msgspec.json.encode(answers).decode()
        )
        review = await client.get(f"/nop/{draft.id}/xem-lai", headers=PAGE)
        assert words in review.text and "Lệ phí quá hạn" in review.text


async def test_a_wrong_file_is_refused_beside_its_paper_and_the_others_are_kept(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    await stories.publish(cast, BIRTH)
    sign_in(client, cast.ha)
    draft = await stories.filled(cast, BIRTH)
    first, *others = [paper.id for paper in draft.papers]
    files = [(first, ("giay.svg", b"<svg></svg>", "image/svg+xml"))]
    files += [(paper, (f"{paper}.jpg", walking.picture(paper), "image/jpeg")) for paper in others]
    answer = await post(client, f"/nop/{draft.id}/giay-to", {"_do": []}, files=files)
    assert answer.status_code == 422 and "Tệp này không mở được" in walking.summary(answer.text)
    again = await stories.reopened(draft.id)
    assert all(again.files_in(paper) for paper in others)


async def test_a_file_is_sent_alone_with_scripts_and_taken_back(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    sign_in(client, cast.ha)
    draft = await stories.filled(cast, BIRTH)
    paper = draft.papers[0].id
    before = len(draft.files_in(paper))
    sent = await post(
        client,
        f"/nop/{draft.id}/tep/{paper}",
        files={"tep": ("trang.jpg", walking.picture("x"), "image/jpeg")},
        headers={"Accept": "application/json"},
    )
    assert sent.status_code == 201
    assert len((await stories.reopened(draft.id)).files_in(paper)) == before + 1
    shown = await client.get(f"/nop/{draft.id}/tep/{paper}", headers={"HX-Request": "true"})
    assert sent.json()["file"] in shown.text and "<html" not in shown.text
    await post(client, f"/nop/{draft.id}/giay-to", {"_do": f"remove-file:{sent.json()['file']}"})
    assert len((await stories.reopened(draft.id)).files_in(paper)) == before


async def test_files_of_a_repeated_question_stay_with_their_item(cast: Cast, client: httpx.AsyncClient) -> None:
    code = "2.001035"
    await stories.publish(cast, code)
    sign_in(client, cast.ha)
    draft = await begin(client, code)
    people = [{"represented": "yes"}, {"represented": "yes"}]
    put(draft.answers, "party_a.items", people)
    await stories.execute(
        "update dossier set answers = $2 where id = $1", draft.id, stories.msgspec.json.encode(draft.answers).decode()
    )
    for number in (0, 1):
        await post(
            client,
            f"/nop/{draft.id}/tep/party_a.items.{number}.authority",
            files={"tep": (f"{number}.jpg", walking.picture(f"item {number}"), "image/jpeg")},
        )
    draft = await stories.reopened(draft.id)
    second = draft.answers["party_a"]["items"][1]["authority"]
    step = draft.step_at("party_a.items.0.represented")
    assert step is not None
    page = await client.get(f"/nop/{draft.id}/buoc/{step.number}", headers=PAGE)
    await walking.send_step(client, page, [("_do", "remove:party_a.items.0")])
    draft = await stories.reopened(draft.id)
    assert [item["authority"] for item in draft.answers["party_a"]["items"]] == [second]
    assert slots.referenced(draft.form, draft.answers) == set(second)


async def test_a_file_sent_while_its_page_is_open_is_no_change_made_elsewhere(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    code = "2.001035"
    await stories.publish(cast, code)
    sign_in(client, cast.ha)
    draft = await begin(client, code)
    put(draft.answers, "party_a.items", [{"represented": "yes"}])
    packed = stories.msgspec.json.encode(draft.answers).decode()
    await stories.execute("update dossier set answers = $2 where id = $1", draft.id, packed)
    draft = await stories.reopened(draft.id)
    step = draft.step_at("party_a.items.0.represented")
    assert step is not None
    page = await client.get(f"/nop/{draft.id}/buoc/{step.number}", headers=PAGE)
    where = f"/nop/{draft.id}/tep/party_a.items.0.authority"
    await post(client, where, files={"tep": ("a.jpg", walking.picture("a"), "image/jpeg")})
    typed = [("party_a.items.0.represented", "yes"), ("party_a.items.0.person.full_name", "Nguyễn Văn Toàn")]
    answer = await walking.send_step(client, page, [*typed, ("_do", "again")])
    assert answer.status_code == 200
    item = (await stories.reopened(draft.id)).answers["party_a"]["items"][0]
    assert item["person"]["full_name"] == "Nguyễn Văn Toàn" and len(item["authority"]) == 1


async def test_two_tabs_that_change_one_answer_see_both(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    sign_in(client, cast.ha)
    draft = await begin(client, BIRTH)
    one = await client.get(f"/nop/{draft.id}/buoc/1", headers=PAGE)
    two = await client.get(f"/nop/{draft.id}/buoc/1", headers=PAGE)
    await walking.send_step(client, one, [("submitter.full_name", "Trần Thị Hà Một"), ("_do", "again")])
    answer = await walking.send_step(
        client, two, [("submitter.full_name", "Trần Thị Hà Hai"), ("submitter.email", "ha@example.vn")]
    )
    assert answer.status_code == 409
    assert "Trần Thị Hà Một" in answer.text and "Trần Thị Hà Hai" in answer.text
    kept = (await stories.reopened(draft.id)).answers["submitter"]
    assert (kept["full_name"], kept["email"]) == ("Trần Thị Hà Một", "ha@example.vn")


async def test_saving_as_it_is_typed_answers_in_json(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    sign_in(client, cast.ha)
    draft = await begin(client, BIRTH)
    page = await client.get(f"/nop/{draft.id}/buoc/1", headers=PAGE)
    saved = await post(
        client,
        walking.action(page.text).replace("?", "/luu?"),
        {"_was": hidden(page.text, "_was"), "submitter.email": "ha@example.vn"},
        headers={"Accept": "application/json"},
    )
    assert saved.status_code == 200 and saved.json()["version"] == 2
    assert (await stories.reopened(draft.id)).answers["submitter"]["email"] == "ha@example.vn"


async def test_a_new_version_takes_the_answers_over_and_says_so(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    sign_in(client, cast.ha)
    draft = await begin(client, BIRTH)
    before = draft.row.version

    def renamed(procedure: dict[str, Any]) -> None:
        for section in procedure["form"]["sections"]:
            for field in section["fields"]:
                if field["key"] == "email":
                    field["key"] = "mail"

    page = await client.get(f"/nop/{draft.id}/buoc/1", headers=PAGE)
    typed = [("submitter.email", "ha@example.vn"), ("submitter.full_name", "Trần Thị Thu Hà"), ("_do", "again")]
    await walking.send_step(client, page, typed)
    await stories.import_bytes(stories.document(BIRTH, change=renamed))
    moved = await client.get(f"/nop/{draft.id}/buoc/1", headers=PAGE)
    assert "Mẫu mới." in moved.text and 'value="Trần Thị Thu Hà"' in moved.text
    draft = await stories.reopened(draft.id)
    assert draft.row.version != before
    assert draft.left_over == {"submitter.email": "ha@example.vn"}
    review = await client.get(f"/nop/{draft.id}/xem-lai", headers=PAGE)
    assert "ha@example.vn" in review.text


async def test_a_filed_dossier_keeps_the_version_it_was_filed_under(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)

    def dearer(procedure: dict[str, Any]) -> None:
        procedure["plain_name"] = "Tên khác"

    await stories.import_bytes(stories.document(BIRTH, change=dearer))
    assert (await stories.steps_of(dossier)) and (await stories.row(dossier.id)).version == dossier.version


async def test_a_draft_is_discarded_with_its_files(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    sign_in(client, cast.ha)
    draft = await stories.filled(cast, BIRTH)
    asked = await client.get(f"/nop/{draft.id}/xoa", headers=PAGE)
    assert "Xóa bản nháp" in asked.text
    await post(client, f"/nop/{draft.id}/xoa")
    gone = await client.get(f"/nop/{draft.id}/xem-lai", headers=PAGE)
    assert gone.status_code == 404
    left = await stories.fetch_value("select count(*) from file where subject = $1 and removed_at is null", draft.id)
    assert left == 0


async def test_a_post_after_the_session_waits_for_the_sign_in(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    sign_in(client, cast.ha)
    draft = await begin(client, BIRTH)
    page = await client.get(f"/nop/{draft.id}/buoc/1", headers=PAGE)
    await stories.execute("update session set revoked_at = now()")
    answer = await walking.send_step(client, page, [("submitter.full_name", "Trần Thị Thu Hà")])
    assert answer.status_code == 401 and re.search(r'name="waiting" value="[^"]{50,}"', answer.text)


async def test_the_list_is_empty_with_a_way_on(cast: Cast, client: httpx.AsyncClient) -> None:
    sign_in(client, cast.toan)
    page = await client.get("/ho-so", headers=PAGE)
    assert "Chưa có hồ sơ nào" in page.text and 'href="/thu-tuc"' in page.text


async def test_every_page_of_a_draft_is_hidden_from_others(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    draft = await stories.filled(cast, BIRTH)
    pages = ["", "buoc/1", "giay-to", "xem-lai", "xoa", "den-quay", f"tep/{draft.papers[0].id}"]
    for stranger in (cast.toan, cast.officers[stories.Role.RECEPTIONIST]):
        sign_in(client, stranger)
        for rest in pages:
            assert (await client.get(f"/nop/{draft.id}/{rest}", headers=PAGE)).status_code == 404, rest
        for rest in ("buoc/1", "buoc/1/luu", "giay-to", "gui", "xoa", "den-quay/sua-lai"):
            assert (await post(client, f"/nop/{draft.id}/{rest}")).status_code == 404, rest
    client.cookies.clear()
    assert (await client.get(f"/nop/{draft.id}/buoc/1", headers=PAGE)).status_code == 401


async def test_two_businesses_of_one_commune_do_not_share_a_name(cast: Cast) -> None:
    code = "1.001612"
    await stories.publish(cast, code)
    first = await stories.filled(cast, code, seed=3)
    path = next(
        f"{section.key}.{field.key}"
        for section in first.form.sections
        for field in section.fields
        if field.rules.unique_in
    )
    await stories.intake.file_by_citizen(first.row, cast.ha.account)
    second = await stories.filled(cast, code, seed=4, person=cast.toan)
    put(second.answers, path, str(find(first.answers, path)).upper())
    packed = stories.msgspec.json.encode(second.answers).decode()
    await stories.execute("update dossier set answers = $2 where id = $1", second.id, packed)
    wrong = await faults(await stories.reopened(second.id))
    assert [one.path for one in wrong.findings.errors] == [path]
    assert "Đã có nơi khác dùng" in wrong.findings.errors[0].text


async def test_a_draft_whose_only_way_is_closed_says_so_and_stays(cast: Cast, client: httpx.AsyncClient) -> None:
    code = "1.010041"  # online only
    await stories.publish(cast, code)
    draft = await stories.filled(cast, code)
    await stories.switch(cast.commune, code, False, stories.Connection.LOCAL, None)
    sign_in(client, cast.ha)
    page = await client.get(f"/nop/{draft.id}/xem-lai", headers=PAGE)
    assert page.status_code == 200 and "Xã vừa ngừng nhận thủ tục này trên mạng" in page.text
    assert (await post(client, f"/nop/{draft.id}/gui")).status_code == 422
    assert (await client.get(f"/nop/{draft.id}/xoa", headers=PAGE)).status_code == 200


async def test_a_draft_whose_online_way_is_closed_goes_to_the_counter(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    draft = await stories.filled(cast, BIRTH)
    await stories.switch(cast.commune, BIRTH, False, stories.Connection.LOCAL, None)
    sign_in(client, cast.ha)
    await client.get(f"/nop/{draft.id}/xem-lai", headers=PAGE)
    assert not (await stories.reopened(draft.id)).online
    answer = await post(client, f"/nop/{draft.id}/gui", as_data(form_pairs(draft.pledge, draft.answers)))
    assert answer.headers["location"] == f"/nop/{draft.id}/den-quay"
