"""A group filled from a spreadsheet and a place on the map, over HTTP: what the page says, keeps and allows."""

from typing import Any
from urllib.parse import unquote
from uuid import UUID

import httpx
import pytest

from backend.forms.sheet import written
from tests import browser
from tests.cast import Cast
from tests.dossiers import stories
from tests.forms.reading_html import Element, parse

pytestmark = pytest.mark.anyio

STAY, COMPLAINT = "1.004194", "2.002409"
HEAD = ["Số định danh cá nhân", "Họ, chữ đệm, tên", "Ngày sinh", "Giới tính", "Số điện thoại", "Là gì của chủ hộ"]
RIGHT = [
    ["038090001234", "Vi Văn Sơn", "30/11/1990", "Nam", "0912345678", "Con"],
    ["038192001235", "Lò Thị Mai", "1/2/1992", "nu", "0912345679", "con"],
]
NO_DAY = ["038090001234", "Vi Văn Sơn", "31/2/1990", "Nam", "0912345678", "Con"]
TAKE = {"_do": "table:people.items"}


async def step_at(client: httpx.AsyncClient, cast: Cast, code: str, key: str) -> tuple[UUID, str]:
    """Begin a draft as Hà; return it and the address of one of its steps."""
    await stories.publish(cast, code)
    draft = await stories.begun(cast, code)
    browser.sign_in(client, cast.ha)
    number = next(step.number for step in draft.steps if step.key == key)
    return draft.id, f"/nop/{draft.id}/buoc/{number}"


async def people_of(draft: UUID) -> list[dict[str, Any]]:
    answers = (await stories.reopened(draft)).answers
    found: list[dict[str, Any]] = answers.get("people", {}).get("items", [])
    return found


def box(page: Element) -> str:
    """The text in the page's box for rows, without the line break that every textarea begins with."""
    return "".join(map(str, page.all("textarea")[0].content)).removeprefix("\n")


async def test_the_template_s_columns_filled_in_become_people(client: httpx.AsyncClient, cast: Cast) -> None:
    draft, address = await step_at(client, cast, STAY, "people")
    page = parse((await client.get(address)).text)
    link = next(one for one in page.all("a") if one.attributes.get("download") == "mau.csv")
    assert unquote(link["href"].partition(",")[2]) == written([HEAD])
    answer = await browser.post(client, address, TAKE | {"_csv.people.items": written([HEAD, *RIGHT])})
    assert answer.status_code == 200 and "open" not in parse(answer.text).all("details")[-1].attributes
    assert [one["person"]["full_name"] for one in await people_of(draft)] == ["Vi Văn Sơn", "Lò Thị Mai"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
async def test_a_file_is_taken_as_spreadsheets_save_it(client: httpx.AsyncClient, cast: Cast, encoding: str) -> None:
    draft, address = await step_at(client, cast, STAY, "people")
    text = written([HEAD, *RIGHT]).lstrip("\ufeff")
    file = {"_csv.people.items": ("nguoi.csv", text.encode(encoding), "text/csv")}
    answer = await browser.post(client, address, TAKE, files=file)
    assert answer.status_code == 200
    assert [one["person"]["birth_date"] for one in await people_of(draft)] == ["1990-11-30", "1992-02-01"]


async def test_a_table_with_a_mistake_is_refused_whole_and_its_text_stays(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    draft, address = await step_at(client, cast, STAY, "people")
    text = written([HEAD, RIGHT[1], NO_DAY]).lstrip("\ufeff")
    # A file, too: its rows come back in the box, where they can be mended.
    for sent in ({"data": TAKE | {"_csv.people.items": text}}, {"data": TAKE, "files": {"_csv.people.items": text}}):
        files = {name: ("nguoi.csv", file.encode()) for name, file in sent.get("files", {}).items()} or None
        answer = await browser.post(client, address, sent["data"], files=files)
        page = parse(answer.text)
        assert answer.status_code == 422
        told = [one for one in page.all("a") if one["href"] == f"#{page.all('textarea')[0]['id']}"]
        assert [one.text for one in told] == [
            "Dòng 3: Ngày sinh: 31/2/1990 không có trong lịch. Xem lại ngày trên giấy."
        ]
        assert box(page).split() == text.split() and not any(one.get("person") for one in await people_of(draft))


async def test_the_device_may_be_asked_where_it_is_on_the_step_with_a_place_only(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    draft, address = await step_at(client, cast, COMPLAINT, "matter-2")
    page = await client.get(address)
    assert "geolocation=(self)" in page.headers["Permissions-Policy"]
    other = await client.get(f"/nop/{draft}/buoc/1")
    assert "geolocation=()" in other.headers["Permissions-Policy"]
    answer = await browser.post(client, address, {"matter.place.point": "ngoài đồng"})
    assert answer.status_code == 422 and "geolocation=(self)" in answer.headers["Permissions-Policy"]
    assert "Ghi vĩ độ rồi kinh độ, như 20.8172, 105.3376." in answer.text and 'value="ngoài đồng"' in answer.text
