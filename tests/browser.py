"""What a browser does that httpx does not: it carries a person's session, and a form's hidden token."""

from typing import Any

import httpx

from tests.cast import Person


def sign_in(client: httpx.AsyncClient, person: Person) -> None:
    """Make `client` the device on which `person` is signed in."""
    client.cookies.set("session", person.token, domain="localhost.local")


def sign_out(client: httpx.AsyncClient) -> None:
    """Forget all cookies."""
    client.cookies.clear()


async def post(client: httpx.AsyncClient, path: str, data: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
    """Post a form as a page without scripts does: with the token its browser was given."""
    if "csrf" not in client.cookies:
        await client.get("/dang-nhap", headers={"Accept": "text/html"})
    return await client.post(path, data={"_csrf_token": client.cookies.get("csrf", ""), **(data or {})}, **more)
