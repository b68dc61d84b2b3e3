from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest
from litestar import Litestar, Request, get
from litestar.params import FromQuery
from litestar.response import Stream

from backend.files.checks import Kind, Rule
from backend.files.jobs import preview
from backend.files.queries import FileKept, find_file, find_picture
from backend.files.serving import asked_range, disposition, serve_file, serve_paper, serve_picture
from backend.files.uploads import Owner, store_upload
from backend.kit.errors import Unavailable
from storage.local import LocalStore
from tests.files import samples
from tests.files.samples import sent

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("db", "objects")]


async def uploaded(content: bytes, belongs: Owner, name: str = "giấy chứng sinh.pdf") -> FileKept:
    return await store_upload(sent(content), name, belongs, Rule())


async def fetched(file: FileKept, headers: dict[str, str] | None = None, path: str = "/file") -> httpx.Response:
    """What a browser gets from a route that calls `serving`."""

    @get("/file")
    async def whole(request: Request) -> Stream:  # type: ignore[type-arg]
        found = await find_file(file.id)
        assert found is not None
        return await serve_file(found, request)

    @get("/page")
    async def page(tile: FromQuery[bool] = False) -> Stream:
        picture = await find_picture(file.id, 1)
        assert picture is not None
        return await serve_picture(picture, tile=tile)

    @get("/paper")
    async def paper() -> Stream:
        return serve_paper(samples.pdf(), "Giấy tiếp nhận H29.131.02-261125-0147.pdf")

    transport = httpx.ASGITransport(Litestar([whole, page, paper], openapi_config=None))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
        return await browser.get(path, headers=headers or {})


def assert_inert(answer: httpx.Response) -> None:
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


async def test_a_file_comes_back_byte_by_byte_inert_and_under_its_name(belongs: Owner) -> None:
    content = samples.pdf(2)
    answer = await fetched(await uploaded(content, belongs))
    assert answer.status_code == 200
    assert answer.content == content
    assert_inert(answer)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-length"] == str(len(content))
    assert answer.headers["accept-ranges"] == "bytes"
    saved = answer.headers["content-disposition"]
    assert saved.startswith('attachment; filename="giay-chung-sinh.pdf"; ')
    assert unquote(saved.partition("filename*=UTF-8''")[2]) == "giấy chứng sinh.pdf"


@pytest.mark.parametrize(
    ("asked", "start", "end"), [("bytes=0-9", 0, 10), ("bytes=10-", 10, None), ("bytes=-7", -7, None)]
)
async def test_a_range_comes_back_as_that_part(belongs: Owner, asked: str, start: int, end: int | None) -> None:
    content = samples.pdf()
    answer = await fetched(await uploaded(content, belongs), {"Range": asked})
    part = content[start:end]
    assert answer.status_code == 206
    assert answer.content == part
    first = start if start >= 0 else len(content) + start
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(part) - 1}/{len(content)}"
    assert answer.headers["content-length"] == str(len(part))
    assert_inert(answer)


async def test_a_range_past_the_end_is_refused_with_the_length(belongs: Owner) -> None:
    content = samples.pdf()
    answer = await fetched(await uploaded(content, belongs), {"Range": f"bytes={len(content)}-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(content)}"
    assert answer.content == b""


async def test_a_picture_and_its_tile_are_shown_inert(belongs: Owner) -> None:
    file = await uploaded(samples.image(), belongs, "x.jpg")
    await preview({"file": str(file.id)})
    for path in ("/page", "/page?tile=true"):
        answer = await fetched(file, path=path)
        assert answer.status_code == 200
        assert answer.content[8:12] == b"WEBP"
        assert answer.headers["content-type"] == "image/webp"
        assert answer.headers["content-disposition"] == "inline"
        assert_inert(answer)


async def test_a_paper_of_ours_is_saved_under_its_name(belongs: Owner) -> None:
    answer = await fetched(await uploaded(samples.pdf(), belongs), path="/paper")
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["content-length"] == str(len(answer.content))
    assert 'filename="Giay-tiep-nhan-H29.131.02-261125-0147.pdf"' in answer.headers["content-disposition"]
    assert_inert(answer)


async def test_an_object_that_is_gone_is_told_as_away(belongs: Owner, objects: Path) -> None:
    file = await uploaded(samples.pdf(), belongs)
    await LocalStore(objects).delete(file.object_name)
    request: Request = Request({"type": "http", "headers": []})  # type: ignore[type-arg, typeddict-item]
    with pytest.raises(Unavailable, match="đang không lấy được"):
        await serve_file(file, request)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (None, None),
        ("", None),
        ("bytes=-", None),
        ("bytes=5-2", None),
        ("bytes=0-1,3-4", None),
        ("pages=1-2", None),
        ("bytes=0-0", (0, 1)),
        ("bytes=90-200", (90, 100)),
        ("bytes=-200", (0, 100)),
        ("bytes=" + "9" * 5000 + "-", None),
        ("bytes=-0", (100, 100)),
        ("bytes=100-", (100, 100)),
    ],
)
async def test_ranges_are_read_as_the_standard_says(asked: str | None, expected: tuple[int, int] | None) -> None:
    assert asked_range(asked, 100) == expected


@pytest.mark.parametrize(
    ("name", "kind", "plain"),
    [
        ("evil.html", Kind.PDF, "evil.pdf"),
        ("anh.jpeg", Kind.JPEG, "anh.jpg"),
        ("Đơn", Kind.HEIC, "Don.heic"),
        ('a";b\r\nX: y.png', Kind.PNG, "a-b-X-y.png"),
        ("李.webp", Kind.WEBP, "tep.webp"),
    ],
)
async def test_a_name_gets_the_ending_of_what_it_is_and_cannot_break_the_header(
    name: str, kind: Kind, plain: str
) -> None:
    header = disposition(name, kind)
    assert f'filename="{plain}"' in header
    assert header.isascii()
    assert "\r" not in header
    assert "\n" not in header
