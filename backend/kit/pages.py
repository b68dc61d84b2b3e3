"""Pages: a whole document at its URL, or one block of it for htmx. Templates live in `pwa/pages/`."""

from functools import cache, lru_cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

import jinja2
from jinja2_fragments import render_block
from litestar import Request, Response
from litestar.enums import MediaType
from litestar.utils.scope.state import ScopeState
from markupsafe import Markup

from backend.kit import assets, clock, settings
from backend.kit.addresses import for_header
from backend.kit.language import LANGUAGES, Language, _, current_language, in_vietnamese, ngettext

PAGES = Path(__file__).parents[2] / "pwa" / "pages"
MACROS = {"ui": "parts/ui.html", "form": "forms/fields.html"}
THEMES = ("light", "dark")
TEXT_SIZES = ("130", "145", "160")

AnyRequest = Request[Any, Any, Any]


def icon(name: str, size: int = 24) -> Markup:
    """Return the icon `name` of our sprites; it is decoration, so readers skip it."""
    return _drawn(name, size, assets.sprite_of(name))


@lru_cache(maxsize=1000)
def _drawn(name: str, size: int, sprite: str) -> Markup:
    return Markup(
        '<svg class="icon" aria-hidden="true" focusable="false" width="{0}" height="{0}"><use href="{1}#{2}"/></svg>'
    ).format(size, sprite, name)


def _said(text: str, **words: object) -> Markup:
    """What `_` is in a template: as the extension's own newstyle call, by a shorter way, since pages say hundreds."""
    return _plain(current_language(), text) if not words else Markup(_(text)) % words


@lru_cache(maxsize=5000)
def _plain(language: Language, text: str) -> Markup:
    return Markup(_(text)) % {}


@cache
def environment() -> jinja2.Environment:
    """Return the one template environment; macros are globals, because a block rendered alone sees no import."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(
        _=_said,
        asset=assets.asset,
        icon=icon,
        fmt=import_module("backend.kit.formats"),
        languages=LANGUAGES,
        language=current_language,
        in_vietnamese=in_vietnamese,
        now=clock.now,
        public_url=lambda: settings.current().public_url,
    )
    for name, path in MACROS.items():
        if (PAGES / path).exists():
            made.globals[name] = made.get_template(path).module
    return made


def csrf_token(request: AnyRequest) -> str:
    """Return the token an unsafe request of this browser must carry."""
    token, config = ScopeState.from_scope(request.scope).csrf_token, request.app.csrf_config
    if isinstance(token, str):
        return token
    # At an address without a route nobody made one: the browser's own is still good.
    return request.cookies.get(config.cookie_name, "") if config else ""


def csrf_input(request: AnyRequest) -> Markup:
    """Return the hidden field that carries the token in a form without scripts."""
    return Markup('<input type="hidden" name="_csrf_token" value="{}">').format(csrf_token(request))


def _chosen(request: AnyRequest, cookie: str, known: tuple[str, ...]) -> str | None:
    value = request.cookies.get(cookie)
    return value if value in known else None


def is_fragment(request: AnyRequest) -> bool:
    """True when htmx asks for a part of a page (a request that htmx makes for a whole page does not count)."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"


def render(request: AnyRequest, template: str, block: str | None = None, **context: Any) -> str:
    """Return the HTML of `template`, or of one `block` of it."""
    made = environment()
    everything = {
        "request": request,
        "viewer": request.scope.get("user"),
        "here": request.url.path,
        "live_mark": request.scope.get("state", {}).get("live_mark", ""),
        "csrf_token": csrf_token(request),
        "csrf_input": partial(csrf_input, request),
        "theme": _chosen(request, "theme", THEMES),
        "large_text": _chosen(request, "text", TEXT_SIZES),
        "fragment": block is not None,
        "office": request.scope.get("state", {}).get("office"),
        **context,
    }
    if block is not None:
        return render_block(made, template, block, **everything)
    return made.get_template(template).render(everything)


def page(
    request: AnyRequest,
    template: str,
    *,
    block: str | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **context: Any,
) -> Response[str]:
    """Answer with a page: whole, or `block` alone when htmx asks for a part.

    Args:
        request: who asks, and from where.
        template: path below `pwa/pages/`.
        block: the part that changes; None for pages that never answer in part.
        status: 200, or 422 for a form that comes back with mistakes.
        headers: added to the answer.
        context: what the template shows.
    """
    part = block if block and is_fragment(request) else None
    kept = {"Vary": "HX-Request, HX-Request-Type, Cookie"}
    if request.scope.get("user") is not None:
        # After sign-out, Back must show nothing of the last person.
        kept["Cache-Control"] = "private, no-store"
    return Response(
        render(request, template, part, **context),
        media_type=MediaType.HTML,
        status_code=status,
        headers={**kept, **(headers or {})},
    )


def see(request: AnyRequest, path: str) -> Response[str]:
    """Send the person to `path` after a form was taken; htmx follows it as a whole page."""
    if is_fragment(request):
        return Response("", status_code=200, headers={"HX-Redirect": for_header(path)})
    return Response("", status_code=303, headers={"Location": for_header(path)})
