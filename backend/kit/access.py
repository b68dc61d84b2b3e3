"""Deny by default: every route carries a guard that decides who may call it, else the app does not start."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None] | None]

_deciding: set[Guard] = set()
_names: dict[Guard, str] = {}


def deciding(name: str) -> Callable[[Guard], Guard]:
    """Mark a guard as one that decides who may call a route; `name` is what the access table calls it."""

    def mark(guard: Guard) -> Guard:
        _deciding.add(guard)
        _names[guard] = name
        return guard

    return mark


@deciding("anyone")
async def anyone(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let everybody in: the route shows nothing that is not public."""


def audience(guards: Iterable[Guard]) -> list[str]:
    """Return the names of the deciding guards among `guards`, outermost first."""
    return [_names[guard] for guard in guards if guard in _deciding]


def refuse_undecided(app: Litestar) -> None:
    """Raise at start when a route has no guard that decides.

    Raises:
        RuntimeError: naming the routes.
    """
    open_routes = [
        f"{','.join(sorted(getattr(handler, 'http_methods', ())))} {route.path}"
        for route in app.routes
        for handler in getattr(route, "route_handlers", [getattr(route, "route_handler", None)])
        if handler is not None
        and not audience(handler.resolve_guards())
        and set(getattr(handler, "http_methods", ())) != {"OPTIONS"}
    ]
    if open_routes:
        raise RuntimeError("no guard decides who may call: " + "; ".join(sorted(set(open_routes))))
