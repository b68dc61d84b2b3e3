"""Walking a draft through its pages as a browser without scripts does: read the form, post it, follow where it leads."""

import re
from html import unescape
from typing import Any

import httpx

from backend.dossiers import slots
from backend.dossiers.filling import Draft
from backend.forms.paths import find
from backend.forms.steps import Step
from backend.forms.writing import pairs_of
from tests.browser import post
from tests.dossiers.stories import reopened
from tests.files.samples import image

PAGE = {"Accept": "text/html"}
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_ACTION = re.compile(r'<form[^>]* id="(?:step|papers|file)"[^>]*>')


def hidden(text: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    return next((unescape(value) for found, value in _HIDDEN.findall(text) if found == name), "")


def action(text: str) -> str:
    """Return where the page's form posts to."""
    tag = _ACTION.search(text)
    assert tag is not None, text[:400]
    found = re.search(r'action="([^"]+)"', tag[0])
    assert found is not None
    return unescape(found[1])


def form_pairs(step: Step, answers: dict[str, Any]) -> list[tuple[str, str]]:
    """Return names and values a browser posts for the answers of a step."""
    return [
        pair for field in step.fields for pair in pairs_of(field, step.path(field), find(answers, step.path(field)))
    ]


def as_data(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Return pairs as httpx takes them: a name that comes several times holds a list."""
    data: dict[str, Any] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return data


async def send_step(
    client: httpx.AsyncClient, page: httpx.Response, pairs: list[tuple[str, str]], files: Any = None
) -> httpx.Response:
    """Post the form of a step's page with these answers."""
    kept = [(name, hidden(page.text, name)) for name in ("_version", "_was", "_seen")]
    return await post(client, action(page.text), as_data([*kept, *pairs]), files=files)


async def walk(client: httpx.AsyncClient, draft: Draft, answers: dict[str, Any]) -> str:
    """Fill every step of a draft's form with `answers` through its pages; return the address the last one leads to."""
    address = f"/nop/{draft.id}/buoc/1"
    for _ in range(60):
        page = await client.get(address, headers=PAGE)
        assert page.status_code == 200, (address, page.status_code, page.headers)
        key = re.search(r"phan=([^&]+)", action(page.text))
        assert key is not None
        now = await reopened(draft.id)
        step = next(one for one in now.steps if one.key == key[1])
        files = files_for(now, step, answers)
        answer = await send_step(client, page, form_pairs(step, answers), files or None)
        if answer.status_code == 200:  # a warning is said once; the same button then goes on
            answer = await send_step(client, answer, form_pairs(step, answers))
        assert answer.status_code == 303, (address, answer.status_code, summary(answer.text))
        address = answer.headers["location"]
        if "/buoc/" not in address:
            return address
    raise AssertionError("the form has no end")


def files_for(draft: Draft, step: Step, answers: dict[str, Any]) -> list[tuple[str, tuple[str, bytes, str]]]:
    """Return a picture for every question of a step that asks for a file and has none."""
    own = {step.path(field) for field in step.fields}
    return [
        (path, (f"{path}.jpg", picture(path), "image/jpeg"))
        for path, _field in slots.file_questions(draft.form, answers)
        if any(path == one or path.startswith(f"{one}.") for one in own) and find(answers, path)
    ]


def picture(name: str) -> bytes:
    """Return a small photograph of its own."""
    return image(width=200 + sum(name.encode()) % 150, height=220)


def summary(text: str) -> str:
    """Return the mistakes a page lists, for a failing test."""
    found = re.search(r'<ul class="summary">(.*?)</ul>', text, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", found[1]) if found else text[:300]
