"""The officer's page of one dossier, and every move through its route: by whom it may be made, what it answers, what it keeps."""

import asyncio
import re
from typing import Any

import httpx
import pytest

from backend.agencies.tables import Role
from backend.dossiers import moves
from backend.dossiers.desk_routes import MADE_HERE
from backend.dossiers.moves import Move, Who
from backend.dossiers.tables import Dossier, State
from backend.kit.database import execute
from backend.procedures.workflow import StepRole
from tests.browser import post, sign_in, sign_out
from tests.cast import Cast
from tests.dossiers import stories
from tests.files.samples import image

pytestmark = pytest.mark.anyio
HTML = {"Accept": "text/html"}
HTMX = HTML | {"HX-Request": "true", "HX-Request-Type": "partial"}
WHY = "Giấy chứng sinh không khớp với tờ khai."

# What each move's form sends, and from which step of the birth registration it is made.
SENT: dict[str, dict[str, str]] = {
    "receive": {},
    "refuse": {"reason": WHY},
    "assign": {},
    "take_up": {},
    "advance": {"target": "verify"},
    "propose_rejection": {"reason": WHY},
    "decline_proposal": {"reason": "Xem lại sổ."},
    "reject": {"reason": WHY},
    "forward": {"reason": "Công an xã"},
    "attach_result": {"number": "12/2026", "summary": "Trích lục khai sinh"},
    "deliver": {"how": "counter"},
    "note": {"text": "Đã gọi điện cho người nộp."},
}
# These need a code or a claim before them: test_foreign_codes.py and test_exemptions.py try them.
TRIED_ELSEWHERE = {"foreign_code", "withdraw_foreign_code", "confirm_exemption", "refuse_exemption"}
OFFICERS_MOVES = [move for name, move in moves.MOVES.items() if name in SENT]


def address(dossier: Dossier, move: Move | None = None) -> str:
    """The page of a dossier, or the address of a move on it."""
    return f"/can-bo/ho-so/{dossier.code}" + (f"/{move.slug}" if move else "")


def may_call(move: Move) -> set[Role]:
    """The roles to whom the route is there."""
    roles = {role for role in move.by if isinstance(role, Role)}
    return roles | ({Role(role) for role in StepRole} if Who.STEP_ROLE in move.by else set())


async def ready(cast: Cast, move: Move) -> tuple[Dossier, Role]:
    """A dossier on which `move` can be made, and the role that makes it."""
    if move in (moves.RECEIVE, moves.REFUSE):
        return await stories.submitted(cast), Role.RECEPTIONIST
    if move is moves.FORWARD:
        await stories.publish(cast, "2.001801")
        dossier = await stories.received(cast, "2.001801")
        step = next(step for step in await stories.steps_of(dossier) if step.way("@forwarded"))
        return await at(dossier, State.IN_PROCESS, step.key), Role(step.role)
    dossier = await stories.received(cast)
    if move in (moves.REJECT, moves.DECLINE_PROPOSAL):
        by = cast.officer(Role.PROCESSOR).officer
        proposal = f'{{"by": "{by}", "reason": "{WHY}", "step": "process"}}'
        return await at(dossier, State.IN_PROCESS, "process", proposal), Role.LEADER
    if move is moves.DELIVER:
        await sent_result(dossier, cast)
        return await at(dossier, State.ISSUED, "return"), Role.RECEPTIONIST
    if move is moves.TAKE_UP:
        return dossier, Role.PROCESSOR
    return await at(dossier, State.IN_PROCESS, "process"), Role.PROCESSOR


async def at(dossier: Dossier, state: State, step: str, proposal: str | None = None) -> Dossier:
    """Put a dossier somewhere on its way."""
    sql = "update dossier set state = $2, step = $3, proposal = $4, assignee = null where id = $1"
    await execute(sql, dossier.id, str(state), step, proposal)
    return await stories.row(dossier.id)


async def sent_result(dossier: Dossier, cast: Cast) -> None:
    """Attach a result in words."""
    from backend.dossiers import lifecycle

    phuc = await stories.officer(cast, Role.PROCESSOR)
    await lifecycle.attach_result(dossier, phuc, await stories.steps_of(dossier), number="1", summary="Giấy")


def sent(move: Move, cast: Cast) -> dict[str, str]:
    """What the move's form sends."""
    extra = {"officer": str(cast.officer(Role.PROCESSOR).officer)} if move is moves.ASSIGN else {}
    return SENT[move.name] | extra


async def press(client: httpx.AsyncClient, dossier: Dossier, move: Move, data: dict[str, Any], **more: Any) -> Any:
    """Press the button of a move."""
    files = {"file": ("", b"")} if move is moves.ATTACH_RESULT and "files" not in more else None
    if files:
        more["files"] = files
    return await post(client, address(dossier, move), data, headers=more.pop("headers", HTML), **more)


def test_every_move_of_an_officer_has_its_route_and_no_other() -> None:
    slugs = {path.rpartition("/")[2] for handler in MADE_HERE for path in handler.paths}
    assert slugs == {move.slug for move in OFFICERS_MOVES} | {moves.MOVES[name].slug for name in TRIED_ELSEWHERE}
    assert {move.name for move in OFFICERS_MOVES} == set(moves.MOVES) - TRIED_ELSEWHERE - {
        "submit",
        "prepare",
        "reopen",
        "open_prepared",
        "put_back",
    }


@pytest.mark.parametrize("move", OFFICERS_MOVES, ids=lambda move: move.name)
async def test_a_move_is_there_for_its_roles_and_for_nobody_else(
    cast: Cast, client: httpx.AsyncClient, move: Move
) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier, own = await ready(cast, move)
    before = await stories.row(dossier.id)
    assert cast.stranger_officer
    for outsider in (cast.ha, cast.toan, cast.stranger_officer):
        sign_in(client, outsider)
        assert (await press(client, dossier, move, sent(move, cast))).status_code == 404, outsider.name
    for role in sorted(set(Role) - may_call(move)):
        sign_in(client, cast.officer(role))
        assert (await press(client, dossier, move, sent(move, cast))).status_code == 404, role
    client.cookies.delete("session")
    assert (await press(client, dossier, move, sent(move, cast))).status_code == 401
    for role in sorted(may_call(move) - {own}) if Who.STEP_ROLE in move.by else []:
        sign_in(client, cast.officer(role))
        answer = await press(client, dossier, move, sent(move, cast))
        assert (answer.status_code, "Việc này của người khác" in answer.text) == (409, True), role
    after = await stories.row(dossier.id)
    assert (after.state, after.step, after.updated_at) == (before.state, before.step, before.updated_at)
    sign_in(client, cast.officer(own))
    answer = await press(client, dossier, move, sent(move, cast))
    assert (answer.status_code, answer.headers.get("Location")) == (303, address(dossier)), answer.text
    assert (await stories.row(dossier.id)).updated_at >= before.updated_at
    again = await press(client, dossier, move, sent(move, cast), headers=HTMX)
    if move.targets and move.targets != move.sources & move.targets:
        assert again.status_code == 409


@pytest.mark.parametrize("role", sorted(Role))
async def test_a_dossier_is_read_by_those_who_work_on_dossiers(
    cast: Cast, client: httpx.AsyncClient, role: Role
) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.received(cast)
    sign_in(client, cast.officer(role))
    reads = role not in (Role.ADMINISTRATOR, Role.CASHIER)
    for path in (
        address(dossier),
        f"{address(dossier)}/giay/01.pdf",
        f"{address(dossier)}/giay/xac-nhan.pdf",
        f"{address(dossier)}/mau/application.pdf",
        "/can-bo/viec",
    ):
        answer = await client.get(path, headers=HTML)
        wanted = 200 if reads and "mau" not in path else answer.status_code if reads else 404
        assert answer.status_code == wanted, path


async def test_strangers_see_no_dossier_and_no_paper(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.received(cast)
    assert cast.stranger_officer
    for person in (cast.ha, cast.stranger_officer):
        sign_in(client, person)
        for path in (address(dossier), f"{address(dossier)}/giay/01.pdf"):
            assert (await client.get(path, headers=HTML)).status_code == 404
    sign_out(client)
    assert (await client.get(f"{address(dossier)}/giay/01.pdf", headers=HTML)).status_code == 401


async def test_the_page_shows_what_was_filed_and_prints_its_papers(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.received(cast)
    sign_in(client, cast.officer(Role.PROCESSOR))
    shown = (await client.get(address(dossier), headers=HTML)).text
    assert dossier.owner_name in shown
    assert "Giấy tờ cần có" in shown
    assert "Nhận giải quyết" in shown
    assert f'hx-trigger="live:dossier-{dossier.id} from:document"' in shown
    for stem in set(re.findall(rf"{address(dossier)}/((?:giay|mau)/[a-z0-9_-]+\.pdf)", shown)):
        printed = await client.get(f"{address(dossier)}/{stem}", headers=HTML)
        assert printed.status_code == 200, stem
        assert printed.content.startswith(b"%PDF-"), stem
        assert printed.headers["Cache-Control"] == "private, no-store"


async def test_a_page_of_the_papers_is_shown_large_at_its_own_address(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.submitted(cast)
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    whole = (await client.get(address(dossier), headers=HTML)).text
    file = re.search(r"\?tep=([0-9a-f-]+)&amp;trang=0", whole)
    assert file, "a file without a picture yet is shown as page 0"
    part = await client.get(f"{address(dossier)}?tep={file.group(1)}&trang=0", headers=HTMX)
    assert part.text.strip().startswith("<section")
    assert 'id="giay-to"' in part.text
    assert 'id="state"' not in part.text
    assert "<html" in (await client.get(f"{address(dossier)}?tep={file.group(1)}&trang=0", headers=HTML)).text


async def test_htmx_gets_the_block_as_it_is_after_the_move(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.submitted(cast)
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    answer = await press(client, dossier, moves.RECEIVE, {}, headers=HTMX)
    assert answer.status_code == 200
    assert 'id="state"' in answer.text
    assert "<html" not in answer.text
    assert "Hẹn trả" in answer.text
    assert 'hx-target="#status"' in answer.text


async def test_of_two_officers_one_receives_and_the_other_reads_who_was_first(
    cast: Cast, client: httpx.AsyncClient, app: Any
) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.submitted(cast)
    await execute("update officer set roles = $1 where agency = $2", ["receptionist"], cast.commune)
    names = {Role.RECEPTIONIST: "Lê Thị Mai", Role.PROCESSOR: "Đỗ Minh Phúc"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as other:
        sign_in(client, cast.officer(Role.RECEPTIONIST))
        sign_in(other, cast.officer(Role.PROCESSOR))
        for one in (client, other):
            await one.get("/can-bo/viec", headers=HTML)
        answers = await asyncio.gather(*(press(one, dossier, moves.RECEIVE, {}) for one in (client, other)))
    codes = [answer.status_code for answer in answers]
    assert sorted(codes) == [303, 409]
    winner = names[Role.RECEPTIONIST] if codes[0] == 303 else names[Role.PROCESSOR]
    told = answers[codes.index(409)].text
    assert f"{winner} đã tiếp nhận hồ sơ này lúc" in told
    assert "Hẹn trả" in told, "the page is fresh"


async def test_a_refused_move_keeps_what_was_typed(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.submitted(cast)
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    short = await press(client, dossier, moves.REFUSE, {"reason": "Sai"})
    assert short.status_code == 422
    assert ">\nSai</textarea>" in short.text
    assert "Ghi lý do cụ thể." in short.text
    await press(client, dossier, moves.RECEIVE, {})
    late = await press(client, dossier, moves.REFUSE, {"reason": WHY}, headers=HTMX)
    assert late.status_code == 409
    assert "đã tiếp nhận hồ sơ này" in late.text
    assert f">\n{WHY}</textarea>" in late.text, "what can no longer be done goes on as a note"
    assert 'hx-target="#notice"' in late.text


async def test_a_live_step_leaves_alone_what_is_being_typed(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.submitted(cast)
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    part = (await client.get(address(dossier), headers=HTMX)).text
    assert re.search(r'<textarea[^>]*id="note-text"[^>]*hx-preserve', part)
    after = (await press(client, dossier, moves.NOTE, {"text": "Đã gọi."}, headers=HTMX)).text
    assert not re.search(r'<textarea[^>]*id="note-text"[^>]*hx-preserve', after)


async def test_a_longer_limit_is_picked_with_a_reason(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.submitted(cast)
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    place = re.search(r'name="pick" value="(\d+)"', (await client.get(address(dossier), headers=HTML)).text)
    assert place
    missing = await press(client, dossier, moves.RECEIVE, {"pick": place.group(1), "reason": ""})
    assert missing.status_code == 422
    assert re.search(r'name="pick" value="\d+" checked', missing.text)
    done = await press(client, dossier, moves.RECEIVE, {"pick": place.group(1), "reason": "Phải hỏi xã khác."})
    assert done.status_code == 303
    assert "Phải hỏi xã khác." in (await client.get(address(dossier), headers=HTML)).text


async def test_a_result_is_attached_as_a_file_and_as_words(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await at(await stories.received(cast), State.DECIDED, "issue")
    sign_in(client, cast.officer(Role.CLERK))
    assert "Gắn kết quả trước đã." in (await client.get(address(dossier), headers=HTML)).text
    nothing = await press(client, dossier, moves.ATTACH_RESULT, {"number": "", "summary": ""})
    assert nothing.status_code == 422
    wrong = await press(
        client, dossier, moves.ATTACH_RESULT, {"number": "7"}, files={"file": ("ket-qua.pdf", b"no pdf at all" * 9)}
    )
    assert wrong.status_code == 422
    assert 'value="7"' in wrong.text
    done = await press(
        client, dossier, moves.ATTACH_RESULT, {"number": "7"}, files={"file": ("ket-qua.jpg", image(), "image/jpeg")}
    )
    assert done.status_code == 303, done.text
    shown = (await client.get(address(dossier), headers=HTML)).text
    assert "ket-qua.jpg" in shown
    advance = await press(client, dossier, moves.ADVANCE, {"target": "return"})
    assert advance.status_code == 303
    assert (await stories.row(dossier.id)).state == State.ISSUED


async def test_a_dossier_is_given_to_a_colleague_who_can_do_the_step(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await at(await stories.received(cast), State.IN_PROCESS, "process")
    sign_in(client, cast.officer(Role.LEADER))
    offered = (await client.get(address(dossier), headers=HTML)).text
    assert f'<option value="{cast.officer(Role.PROCESSOR).officer}"' in offered
    assert f'<option value="{cast.officer(Role.CLERK).officer}"' not in offered
    for wrong in ("", "none", str(cast.officer(Role.CLERK).officer)):
        assert (await press(client, dossier, moves.ASSIGN, {"officer": wrong})).status_code == 422, wrong
    chosen = {"officer": str(cast.officer(Role.PROCESSOR).officer)}
    assert (await press(client, dossier, moves.ASSIGN, chosen)).status_code == 303
    assert (await stories.row(dossier.id)).assignee == cast.officer(Role.PROCESSOR).officer
