"""Forms that no browser posts: whatever their letters are said to be, the answer is a sentence, not a broken server."""

import httpx
import pytest

from backend.agencies.tables import Role
from tests.browser import sign_in
from tests.cast import Cast
from tests.dossiers import stories

pytestmark = pytest.mark.anyio

UNREAD = "Không đọc được nội dung vừa gửi"
BIRTH = "/thu-tuc/dang-ky-khai-sinh-1.001193/xem"
# Charset as the part names it, and its bytes.
HOSTILE = [
    (None, b"\xff\xfe"),
    (None, b"\xed\xa0\x80"),
    ("utf-8", b"\xc3("),
    ("nobody-knows-it", b"x"),
    ("rot13", b"x"),
    ("undefined", b"x"),
    ("idna", b"\xff"),
    ("utf-16", b"x"),
    ("raw_unicode_escape", rb"\ud800"),
    ("utf-\0", b"x"),
    ("%s" * 50, b"x"),
]


def multipart(charset: str | None, value: bytes, token: str = "") -> bytes:
    kind = f'\r\nContent-Type: text/plain; charset="{charset}"' if charset else ""
    head = f'--b\r\nContent-Disposition: form-data; name="_csrf_token"\r\n\r\n{token}\r\n' if token else ""
    begin = f'{head}--b\r\nContent-Disposition: form-data; name="child.full_name"{kind}\r\n\r\n'
    return begin.encode() + value + b"\r\n--b--\r\n"


async def send(client: httpx.AsyncClient, path: str, body: bytes, **headers: str) -> httpx.Response:
    said = {"Content-Type": "multipart/form-data; boundary=b", "Accept": "text/html", **headers}
    return await client.post(path, content=body, headers=said)


@pytest.fixture
async def token(client: httpx.AsyncClient) -> str:
    await client.get("/dang-nhap", headers={"Accept": "text/html"})
    return client.cookies["csrf"]


@pytest.mark.parametrize(("charset", "value"), HOSTILE)
async def test_letters_nobody_can_read_are_refused_in_a_sentence(
    cast: Cast, client: httpx.AsyncClient, token: str, charset: str | None, value: bytes
) -> None:
    await stories.publish(cast, stories.BIRTH)
    for body, headers in (
        (multipart(charset, value, token), {}),
        (multipart(charset, value), {"x-csrftoken": token}),  # the route is the first to read it
        (multipart(charset, value), {}),
    ):
        answer = await send(client, BIRTH, body, **headers)
        assert (answer.status_code, UNREAD in answer.text) == (400, True), headers


@pytest.mark.parametrize(
    "path", ["/nop/1.001193/giay-to", "/dang-nhap", "/tra-cuu", "/tiep-tuc", "/giao-dien", "/khong-co"]
)
async def test_no_address_breaks_at_them(cast: Cast, client: httpx.AsyncClient, token: str, path: str) -> None:
    for headers in ({}, {"x-csrftoken": token}):
        answer = await send(client, path, multipart("nobody-knows-it", b"\xff", token), **headers)
        assert 400 <= answer.status_code < 500


async def test_a_typed_body_is_read_so_too(cast: Cast, client: httpx.AsyncClient, token: str) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.received(cast)
    sign_in(client, cast.officer(Role.PROCESSOR))
    path = f"/can-bo/ho-so/{dossier.code}/ket-qua"
    answer = await send(client, path, multipart("nobody-knows-it", b"x"), **{"x-csrftoken": token})
    assert (answer.status_code, UNREAD in answer.text) == (400, True)


async def test_the_page_that_refuses_knows_who_asked(cast: Cast, client: httpx.AsyncClient, token: str) -> None:
    sign_in(client, cast.ha)
    answer = await send(client, BIRTH, multipart(None, b"\xff", token))
    assert answer.status_code == 400 and "/dang-nhap" not in answer.text


@pytest.mark.parametrize("more", ["", '; boundary=""', "; boundary=\xff"])
async def test_a_form_without_a_proper_boundary_is_refused_too(
    cast: Cast, client: httpx.AsyncClient, token: str, more: str
) -> None:
    kind = f"multipart/form-data{more}".encode("latin-1")
    said = {b"Content-Type": kind, b"Accept": b"text/html", b"x-csrftoken": token.encode()}
    answer = await client.post(BIRTH, content=multipart(None, b"x"), headers=said)
    assert answer.status_code in (303, 400, 404)


async def test_a_form_in_utf_8_is_read_as_ever(cast: Cast, client: httpx.AsyncClient, token: str) -> None:
    answer = await send(client, "/giao-dien", multipart("utf-8", "Hà".encode(), token))
    assert UNREAD not in answer.text
