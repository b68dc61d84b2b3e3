"""Where every failure becomes an answer: a page, a fragment for htmx, or problem+json; never a stack trace."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from litestar import Response
from litestar.exceptions import HTTPException, PermissionDeniedException
from litestar.types import ExceptionHandlersMap, Receive, Scope, Send

from backend.kit import errors
from backend.kit.database import AWAY, UNKEEPABLE
from backend.kit.language import _
from backend.kit.pages import AnyRequest, is_fragment, page, render

log = structlog.get_logger("failures")

SignIn = Callable[[AnyRequest], Awaitable[Response[Any]] | Response[Any]]
Recognise = Callable[[AnyRequest], Awaitable[None]]

_HUNG_UP = (
    "client disconnected prematurely"  # Litestar's words for a browser that went on before it had sent everything
)
TEMPLATES = {404: "errors/not-found.html", 503: "errors/unavailable.html", 500: "errors/broken.html"}


def incident(request: AnyRequest) -> str:
    """Return the short code by which a person can name what went wrong to the office."""
    return str(request.scope.get("state", {}).get("request_id", "0000"))[:4].upper()


def _wants_json(request: AnyRequest) -> bool:
    return request.url.path.startswith("/api/") or "application/json" in request.headers.get("Accept", "")


def answer(
    request: AnyRequest, status: int, kind: str, sentence: str, fields: dict[str, str] | None = None
) -> Response[Any]:
    """Tell the person what happened in the form their request can show."""
    if _wants_json(request):
        body = {
            "type": kind,
            "title": sentence,
            "status": status,
            "incident": incident(request),
            "fields": fields or {},
        }
        return Response(body, status_code=status, media_type="application/problem+json")
    context: dict[str, Any] = {
        "sentence": sentence,
        "kind": kind,
        "incident": incident(request),
        "fields": fields or {},
    }
    if is_fragment(request):
        # Whatever the person typed stays where it is: only the notice changes.
        return Response(
            render(request, "errors/notice.html", status=status, **context),
            status_code=status,
            media_type="text/html",
            headers={"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"},
        )
    return page(request, TEMPLATES.get(status, "errors/refused.html"), status=status, **context)


def _problem(request: AnyRequest, problem: errors.Problem) -> Response[Any]:
    return answer(request, problem.status, problem.kind, problem.sentence, problem.fields)


def _http(request: AnyRequest, failure: HTTPException) -> Response[Any]:
    status = failure.status_code
    if isinstance(failure, PermissionDeniedException):
        return answer(
            request, 403, "form-too-old", _("Trang này đã mở quá lâu. Tải lại trang rồi làm lại bước vừa rồi.")
        )
    if status == 413:
        return answer(request, 413, "too-large", _("Gửi nhiều quá một lần. Gửi từng tệp, mỗi tệp nhẹ hơn."))
    if status in (404, 405):
        return _nowhere(request)
    if status >= 500:
        return _unexpected(request, failure)
    return answer(request, status, "bad-request", _unread())


def _nowhere(request: AnyRequest) -> Response[Any]:
    return answer(request, 404, "not-found", _("Không có trang này, hoặc trang không dành cho tài khoản đang dùng."))


def _unread() -> str:
    return _("Không đọc được nội dung vừa gửi. Xem lại rồi gửi lần nữa.")


def _away(request: AnyRequest, failure: Exception) -> Response[Any]:
    log.warning("database away", reason=type(failure).__name__)
    sentence = _("Máy chủ đang khởi động lại, chờ một phút rồi thử lại. Bài viết vẫn còn.")
    response = answer(request, 503, "unavailable", sentence)
    response.headers["Retry-After"] = "10"
    return response


def _unexpected(request: AnyRequest, failure: Exception) -> Response[Any]:
    if isinstance(failure, AWAY):
        return _away(request, failure)
    if isinstance(failure, UNKEEPABLE):
        if request.method in ("GET", "HEAD"):
            return _nowhere(request)
        return answer(request, 400, "bad-request", _unread())
    if isinstance(failure, HTTPException) and failure.detail == _HUNG_UP:
        return answer(request, 400, "bad-request", _unread())  # nobody is there to read it
    log.error("unexpected failure", path=request.scope.get("path_template", ""), exc_info=failure)
    return answer(request, 500, "broken", _("Máy chủ đang trục trặc, đã báo người sửa. Bài viết vẫn còn."))


class _Awaited(Response[Any]):
    """An answer still to come: Litestar's exception handlers cannot wait, but what they return is sent by one who can."""

    def __init__(self, answer: Awaitable[Response[Any]]) -> None:
        super().__init__(None)
        self._answer = answer

    def to_asgi_response(self, *arguments: Any, **named: Any) -> Any:
        """Return the application that waits for the answer and sends it."""

        async def send_it(scope: Scope, receive: Receive, send: Send) -> None:
            answer = await self._answer
            await answer.to_asgi_response(*arguments, **named)(scope, receive, send)

        return send_it


def handlers(sign_in: SignIn, recognise: Recognise) -> ExceptionHandlersMap:
    """Return Litestar's map of exception handlers.

    Args:
        sign_in: answers an unsigned person's request for a page; given by the accounts room.
        recognise: puts who is asking, and where, into the request's scope, as the middleware does.
    """

    def sign_in_needed(request: AnyRequest, problem: errors.SignInNeeded) -> Response[Any]:
        if _wants_json(request) or is_fragment(request):
            return _problem(request, problem)
        result = sign_in(request)
        return result if isinstance(result, Response) else _Awaited(result)

    async def recognised_first(request: AnyRequest, failure: HTTPException) -> Response[Any]:
        try:
            await recognise(request)
        except Exception as trouble:
            return _unexpected(request, trouble)
        return _http(request, failure)

    def http(request: AnyRequest, failure: HTTPException) -> Response[Any]:
        # An address that is none has no route, so no middleware ran: its page would look signed out.
        return _http(request, failure) if "user" in request.scope else _Awaited(recognised_first(request, failure))

    found: dict[int | type[Exception], Any] = {
        errors.SignInNeeded: sign_in_needed,
        errors.Problem: _problem,
        HTTPException: http,
        Exception: _unexpected,
    }
    return found
