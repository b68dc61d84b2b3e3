"""A step in a real browser: conditions, checks and drafts saved as they are typed, under our content policy."""

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect, sync_playwright

from backend.forms.answers import starting_answers, visible_answers
from backend.forms.paths import find, put
from backend.forms.receiving import receive, saved_reply
from backend.forms.rendering import step_view
from backend.forms.steps import all_steps, step_of
from backend.forms.validation import validate
from backend.kit import assets
from backend.kit.edge import permissions
from backend.kit.pages import environment
from tests.forms.lists import FACTS, OFFERED, forms

CHROME = os.environ.get("CHROME_PATH", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
POLICY = "default-src 'none'; " + "; ".join(
    f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect")
)
PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Tờ khai</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{{ asset("styles/app.css") }}"><script type="module" src="{{ asset("scripts/app.js") }}"></script>
</head><body><main id="main">{{ form.summary(view) }}<h1>{{ view.step.title }}</h1>
{{ form.step(view, "/buoc", "", save="/luu", communes="/xa") }}<button class="button button-primary" form="step">Tiếp</button>
</main></body></html>"""


class Site:
    """One draft, one step at a time, served as the office would serve it."""

    def __init__(self) -> None:
        self.code, self.path = "1.001193", "case.kind"
        self.answers: dict[str, Any] = {}
        self.saves: list[dict[str, str]] = []
        self.mistakes = False
        self.down = False
        self.asks_place = False

    def html(self) -> str:
        form = forms()[self.code]
        step = step_of(all_steps(form), self.path)
        assert step
        findings = validate(form, self.answers, FACTS, OFFERED, step) if self.mistakes else None
        visible = visible_answers(form, self.answers, FACTS)
        view = step_view(form, step, self.answers, visible, FACTS, OFFERED, findings=findings)
        self.asks_place = view.asks_place
        return environment().from_string(PAGE).render(view=view)

    def save(self, body: str) -> tuple[int, bytes]:
        pairs = parse_qsl(body, keep_blank_values=True)
        self.saves.append(dict(pairs))
        if self.down:
            return 503, b""
        step = step_of(all_steps(forms()[self.code]), self.path)
        assert step
        got = receive(step, pairs, self.answers, OFFERED)
        self.answers = got.answers
        return 409 if got.conflicts else 200, json.dumps(saved_reply(got, len(self.saves), OFFERED)).encode()


def handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/a/"):
                file = assets.SERVED / self.path.removeprefix("/a/")
                self.answer(
                    200 if file.is_file() else 404,
                    file.read_bytes() if file.is_file() else b"",
                    assets.TYPES[file.suffix],
                )
            elif self.path.startswith("/xa?province="):
                macro = environment().from_string("{{ form.option_list(options) }}")
                options = OFFERED.options("communes", self.path.partition("=")[2])
                self.answer(200, macro.render(options=options).encode(), "text/html; charset=utf-8")
            else:
                self.answer(200, site.html().encode(), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            status, body = site.save(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.answer(status, body, "application/json")

        def answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Permissions-Policy", permissions(place=site.asks_place))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=CHROME, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(made))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}/"  # type: ignore[attr-defined]
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 800}, locale="vi-VN", service_workers="block")
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda line: wrong.append(line.text) if "Content Security" in line.text else None)
    yield opened
    context.close()
    assert wrong == []


def show(page: Page, site: Site, path: str, answers: dict[str, Any], code: str = "1.001193") -> None:
    site.path, site.answers, site.code = path, answers, code
    page.goto(site.url)  # type: ignore[attr-defined]


def test_questions_come_and_go_with_the_answers_of_the_page(page: Page, site: Site) -> None:
    show(page, site, "case.kind", {"case": {"kind": "normal", "parents_known": "both"}})
    married = page.locator('[data-unit="case.parents_married"]')
    expect(married).to_be_visible()
    page.get_by_label("Chỉ mẹ").check()
    expect(married).to_be_hidden()
    page.get_by_label("Cả cha và mẹ").check()
    expect(married).to_be_visible()
    page.get_by_label("Trẻ bị bỏ rơi").check()
    expect(page.locator('[data-unit="case.parents_known"]')).to_be_hidden()
    expect(married).to_be_hidden()


def test_an_age_shows_a_question_inside_an_item(page: Page, site: Site) -> None:
    show(page, site, "people.items", {"people": {"items": [{}]}}, "1.004194")
    consent = page.locator('[data-unit="people.items.0.minor_consent"]')
    expect(consent).to_be_hidden()
    for box, text in (("Ngày", "1"), ("Tháng", "6"), ("Năm", "2020")):
        page.get_by_label(box, exact=True).fill(text)
    expect(consent).to_be_visible()
    page.get_by_label("Năm", exact=True).fill("1980")
    expect(consent).to_be_hidden()


def test_only_what_changed_is_saved_and_only_then_it_is_said(page: Page, site: Site) -> None:
    show(page, site, "submitter.full_name", {"submitter": {"phone": "0912345678"}})
    page.locator("#f-submitter-full_name").fill("nguyễn văn an")
    expect(page.locator("#step-saved")).to_have_text("Đã lưu")
    assert site.answers["submitter"]["full_name"] == "Nguyễn Văn An"
    assert set(site.saves[-1]) == {"submitter.full_name", "_was", "_version"}
    page.locator("#f-submitter-birth_date-day").fill("5")
    expect(page.locator("#step-saved")).not_to_have_text("Đã lưu")
    expect(page.locator("#step-saved")).to_have_text("Đã lưu")
    assert site.answers["submitter"]["birth_date"] == {"day": "5"}
    assert len(site.saves) == 2


def test_a_failed_save_says_so_and_is_tried_again(page: Page, site: Site) -> None:
    show(page, site, "submitter.full_name", {})
    site.down = True
    page.locator("#f-submitter-full_name").fill("Lê An")
    expect(page.locator("#step-saved")).to_contain_text("Chưa lưu được")
    site.down = False
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#step-saved")).to_have_text("Đã lưu")
    assert site.answers["submitter"]["full_name"] == "Lê An"


@pytest.mark.parametrize(("button", "kept"), [("Giữ của tôi", "Lê An"), ("Lấy bản kia", "Lê Bình")])
def test_a_conflict_shows_both_and_the_person_picks(page: Page, site: Site, button: str, kept: str) -> None:
    show(page, site, "submitter.full_name", {"submitter": {"full_name": "Lê"}})
    site.answers = {"submitter": {"full_name": "Lê Bình"}}
    name = page.locator("#f-submitter-full_name")
    name.fill("Lê An")
    expect(page.locator(".clash")).to_contain_text("Lê Bình")
    expect(name).to_have_value("Lê An")
    assert site.answers["submitter"]["full_name"] == "Lê Bình"
    page.get_by_role("button", name=button).click()
    expect(page.locator("#step-saved")).to_have_text("Đã lưu")
    expect(name).to_have_value(kept)
    assert site.answers["submitter"]["full_name"] == kept


def test_too_few_digits_are_said_when_the_box_is_left(page: Page, site: Site) -> None:
    show(page, site, "submitter.id_number", {})
    number = page.locator("#f-submitter-id_number")
    number.fill("038 198 006 41")
    number.blur()
    expect(page.locator("#f-submitter-id_number-error")).to_have_text("Số định danh cá nhân có 12 chữ số, đang có 11.")
    expect(number).to_have_attribute("aria-invalid", "true")
    number.fill("038 198 006 417")
    number.blur()
    expect(page.locator("#f-submitter-id_number-error")).to_have_count(0)


def test_the_communes_follow_the_province(page: Page, site: Site) -> None:
    show(page, site, "submitter.residence", {})
    page.get_by_label("Tỉnh, thành phố").select_option("22")
    page.get_by_label("Xã, phường, đặc khu").select_option("06637")


ASKED = """() => {
    window.asked = 0
    const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation)
    navigator.geolocation.getCurrentPosition = (...rest) => { window.asked += 1; ask(...rest) }
}"""
HERE = "Dùng vị trí hiện tại"


def test_the_device_says_where_it_is_only_when_the_button_is_pressed(page: Page, site: Site) -> None:
    page.add_init_script(f"({ASKED})()")
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 20.817234, "longitude": 105.337651})
    show(page, site, "matter.place", {}, "2.002409")
    box = page.get_by_label("Vĩ độ, kinh độ")
    page.get_by_label("Tỉnh, thành phố").select_option("22")
    expect(page.locator("#step-saved")).to_have_text("Đã lưu")
    assert page.evaluate("asked") == 0 and box.input_value() == ""
    page.get_by_role("button", name=HERE).click()
    expect(page.get_by_text("Đã ghi vị trí.")).to_be_visible()
    expect(box).to_have_value("20.81723, 105.33765")
    expect(page.locator("#step-saved")).not_to_have_text("Đã lưu")
    expect(page.locator("#step-saved")).to_have_text("Đã lưu")
    assert site.answers["matter"]["place"]["point"] == "20.81723, 105.33765"
    assert page.evaluate("asked") == 1


def test_a_device_that_may_not_say_leaves_the_box_to_be_typed_in(page: Page, site: Site) -> None:
    show(page, site, "matter.place", {"matter": {"place": {"point": "20.8, 105.3"}}}, "2.002409")
    page.get_by_role("button", name=HERE).click()
    expect(page.get_by_text("Thiết bị không cho biết vị trí.")).to_be_visible()
    expect(page.get_by_role("button", name=HERE)).not_to_have_attribute("aria-busy", "true")
    expect(page.get_by_label("Vĩ độ, kinh độ")).to_have_value("20.8, 105.3")


def test_a_choice_can_be_taken_back_where_none_is_needed(page: Page, site: Site) -> None:
    show(page, site, "disability.pregnant", {}, "1.001776")
    group = page.locator("fieldset:has(> .choices .choice--none)").first
    chosen = group.locator("input[type=radio]")
    chosen.first.check()
    expect(page.locator("#step-saved")).to_have_text("Đã lưu")
    name = chosen.first.get_attribute("name") or ""
    assert find(site.answers, name) == chosen.first.get_attribute("value")
    group.get_by_label("Không chọn").check()
    expect(page.locator("#step-saved")).not_to_have_text("Đã lưu")
    expect(page.locator("#step-saved")).to_have_text("Đã lưu")
    assert find(site.answers, name) is None


STATES = [("child.full_name", "1.001193"), ("mother.person", "1.001193"), ("witnesses.items", "1.001193"),
          ("papers.items", "2.000815"), ("wanted.services", "3.000722"), ("copies.count", "1.001193"),
          ("business.name", "1.001612"), ("payment.method", "2.002913"), ("declaration.truth", "default"),
          ("disability.pregnant", "1.001776"), ("people.items", "1.004194"), ("matter.place", "2.002409")]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("path", "code"), STATES)
def test_axe_finds_nothing_on_a_page_full_of_mistakes(
    page: Page, site: Site, path: str, code: str, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    site.mistakes = True
    answers = starting_answers(forms()[code], OFFERED) | {"case": {"kind": "witness", "parents_known": "both"}}
    put(answers, path.partition(".")[0] + ".count", "hai")
    show(page, site, path, answers, code)
    page.evaluate(AXE_SCRIPT)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate("tags => axe.run({runOnly: tags})", tags)["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    if page.locator("#f-summary").count():
        expect(page.locator("#f-summary")).to_be_focused()


def test_the_summary_takes_the_focus_and_leads_to_each_field(page: Page, site: Site) -> None:
    site.mistakes = True
    show(page, site, "child.full_name", {"child": {"birth_date": {"day": "31", "month": "11", "year": "2026"}}})
    expect(page.locator("#f-summary")).to_be_focused()
    page.get_by_role("link", name="Ngày sinh: 31/11/2026 không có trong lịch").click()
    expect(page.locator("#f-child-birth_date-day")).to_be_focused()
