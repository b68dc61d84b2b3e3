"""Who sees a dossier and its files, and what its page tells."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from backend.agencies.tables import Role
from backend.dossiers import drafts, intake, lifecycle, moves, slots
from backend.dossiers.drafts import bring_up_to_date
from backend.dossiers.queries import prepared_by_code
from backend.dossiers.story import told_to_citizen, told_to_officers
from backend.dossiers.tables import Dossier, DossierResult, State
from backend.files.checks import Rule
from backend.files.uploads import Owner, store_upload
from backend.kit import clock
from backend.kit.database import fetch, new_id
from tests.browser import sign_in
from tests.cast import Cast, Person
from tests.dossiers import stories, walking
from tests.dossiers.stories import BIRTH
from tests.dossiers.walking import PAGE

pytestmark = pytest.mark.anyio


async def _bytes(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def real_file(dossier: Dossier, slot: str) -> UUID:
    """Store a real picture for a dossier."""
    owner = Owner(subject_kind=slots.SUBJECT, subject=UUID(str(dossier.id)), slot=slot, agency=dossier.agency)
    kept = await store_upload(_bytes(walking.picture(slot)), f"{slot}.jpg", owner, Rule())
    return kept.id


def everybody(cast: Cast) -> list[tuple[str, Person]]:
    assert cast.stranger_officer is not None
    officers = [(str(role), person) for role, person in cast.officers.items()]
    return [("owner", cast.ha), ("citizen", cast.toan), ("other commune", cast.stranger_officer), *officers]


async def test_files_open_for_owner_and_officers_only(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    file = await real_file(dossier, "birth_certificate")
    seen = {}
    for name, person in everybody(cast):
        sign_in(client, person)
        seen[name] = (await client.get(f"/tep/{file}", headers=PAGE)).status_code
    client.cookies.clear()
    seen["stranger"] = (await client.get(f"/tep/{file}", headers=PAGE)).status_code
    nobody = {"citizen", "other commune", "administrator", "cashier"}
    assert seen == {name: 404 if name in nobody else 200 for name in seen} | {"stranger": 401}


async def test_a_drafts_files_are_the_owners_alone(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    draft = await stories.filled(cast, BIRTH)
    file = await real_file(draft.row, draft.papers[0].id)
    for name, person in everybody(cast):
        sign_in(client, person)
        found = (await client.get(f"/tep/{file}", headers=PAGE)).status_code
        assert found == (200 if name == "owner" else 404), name


async def test_files_are_served_inert_and_never_kept(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    file = await real_file(await stories.submitted(cast), "birth_certificate")
    sign_in(client, cast.ha)
    answer = await client.get(f"/tep/{file}", headers=PAGE)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "private, no-store"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert (await client.get(f"/tep/{file}/xem", headers=PAGE)).status_code == 200
    for number in (0, 1, 10_001, 2**31, 99_999_999_999, 10**30):
        for rest in ("", "/nho"):
            answer = await client.get(f"/tep/{file}/trang/{number}{rest}", headers=PAGE)
            assert answer.status_code == 404, number
    assert (await client.get(f"/tep/{new_id()}", headers=PAGE)).status_code == 404


async def test_the_result_is_the_citizens_once_it_is_ready(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.received(cast)
    file = await real_file(dossier, slots.RESULT)
    await DossierResult.insert(
        DossierResult(
            id=new_id(),
            agency=dossier.agency,
            dossier=dossier.id,
            file=file,
            number="12/TLKS",
            attached_by=cast.officer(Role.CLERK).officer,
            attached_at=clock.now(),
        )
    )
    sign_in(client, cast.ha)
    assert (await client.get(f"/tep/{file}", headers=PAGE)).status_code == 404
    dossier = await stories.walk_to(cast, dossier, State.ISSUED)
    assert (await client.get(f"/tep/{file}", headers=PAGE)).status_code == 200
    page = await client.get(f"/ho-so/{dossier.code}", headers=PAGE)
    assert f"/tep/{file}" in page.text and "12/TLKS" in page.text and "Có kết quả" in page.text


async def test_a_dossier_is_found_through_its_owner(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    for name, person in everybody(cast):
        sign_in(client, person)
        for rest in ("", "/da-nop", "/giay/acknowledgement.pdf"):
            found = (await client.get(f"/ho-so/{dossier.code}{rest}", headers=PAGE)).status_code
            assert found == (200 if name == "owner" else 404), (name, rest)
    sign_in(client, cast.ha)
    assert (await client.get(f"/ho-so/{dossier.code}/giay/01.pdf", headers=PAGE)).status_code == 404


async def test_the_page_tells_who_did_what_and_not_what_is_internal(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.received(cast)
    steps = await stories.steps_of(dossier)
    phuc = await stories.officer(cast, Role.PROCESSOR)
    await lifecycle.take_up(dossier, phuc, steps)
    dossier = await stories.row(dossier.id)
    await lifecycle.note(dossier, phuc, steps, "Gọi lại cho chị Hà.", shown=False)
    await lifecycle.note(dossier, phuc, steps, "Thiếu số nhà, xã đã ghi giúp.", shown=True)
    await lifecycle.propose_rejection(dossier, phuc, steps, "Nghi trùng.")
    sign_in(client, cast.ha)
    page = (await client.get(f"/ho-so/{dossier.code}", headers=PAGE)).text
    assert "Đã tiếp nhận, giấy tờ đủ" in page and "Lê Thị Mai, chuyên viên" in page and "Đỗ Minh Phúc" in page
    assert "Thiếu số nhà" in page and "Gọi lại" not in page and "Nghi trùng" not in page
    assert "đề nghị" not in page.lower()
    dossier = await stories.row(dossier.id)
    told = await told_to_officers(dossier, steps)
    assert told[0].title == "Đỗ Minh Phúc đã đề nghị không giải quyết"
    assert any(event.note == "Gọi lại cho chị Hà." for event in told)


async def test_a_new_step_is_marked_for_the_screen_that_has_not_seen_it(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    sign_in(client, cast.ha)
    page = (await client.get(f"/ho-so/{dossier.code}", headers=PAGE)).text
    assert f"live:dossier-{dossier.id} from:document" in page and f"/ho-so/{dossier.code}?da-xem=1" in page
    await intake.receive(dossier, await stories.officer(cast, Role.RECEPTIONIST))
    part = await client.get(
        f"/ho-so/{dossier.code}?da-xem=1", headers={"HX-Request": "true", "HX-Request-Type": "partial"}
    )
    assert part.text.count("timeline-new") == 1 and "<html" not in part.text
    assert "Tin mới: Đã tiếp nhận, giấy tờ đủ" in " ".join(part.text.split())
    assert "HX-Request" in part.headers["vary"]


async def test_every_move_that_concerns_the_citizen_reaches_person_and_office(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.received(cast)
    topics = {(row["topic"], row["subject"]) for row in await fetch("select topic, subject from live_event")}
    assert (f"person:{cast.ha.account}", f"dossier-{dossier.id}") in topics
    assert (f"agency:{cast.commune}", f"dossier-{dossier.id}") in topics
    assert (f"agency:{cast.commune}", "worklist") in topics


async def test_a_draft_is_never_announced_to_the_office(cast: Cast) -> None:
    await stories.publish(cast, stories.CERTIFY)
    draft = await stories.filled(cast, stories.CERTIFY)
    await drafts.prepare(draft)
    topics = {row["topic"] for row in await fetch("select topic from live_event")}
    assert f"agency:{cast.commune}" not in topics


async def test_what_was_prepared_is_opened_at_its_own_counter_only(cast: Cast) -> None:
    await stories.publish(cast, stories.CERTIFY)
    draft = await stories.filled(cast, stories.CERTIFY)
    code = await drafts.prepare(draft)
    assert (await bring_up_to_date(await stories.row(draft.id))).state == State.PREPARED
    mai = await stories.officer(cast, Role.RECEPTIONIST)
    found = await prepared_by_code(mai, f" {code[:4].lower()} {code[4:]} ")
    assert found is not None and found.id == draft.id
    assert cast.stranger_officer is not None
    assert await prepared_by_code(await stories.found_officer(cast.stranger_officer), code) is None
    assert moves.PREPARE.name in {event.icon and "prepare" for event in await told_to_citizen(found, ())}
