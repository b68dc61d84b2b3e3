"""A post that came after its session had ended waits, sealed, in the sign-in page itself, until its person signs in again."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from litestar.datastructures import UploadFile

from backend.accounts import sessions
from backend.kit import clock
from backend.kit.pages import AnyRequest
from backend.kit.seal import seal, unseal

RESUME = "/tiep-tuc"
KEPT = timedelta(hours=24)
LARGEST = 900_000
_PURPOSE = "waiting post"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_NOT_HELD = ("_csrf_token",)


class Waiting(msgspec.Struct, frozen=True):
    """A form that was sent too late.

    Args:
        path: where it was sent.
        fields: its texts in order; a name may come several times.
        account: whose session had ended, if that is known.
        at: when it was sent.
        files: True when it carried files: those are not held.
        multipart: how it was encoded.
    """

    path: str
    fields: list[tuple[str, str]]
    account: UUID | None
    at: datetime
    files: bool
    multipart: bool

    def belongs_to(self, account: UUID) -> bool:
        """True when `account` may go on with it."""
        return self.account is None or self.account == account


async def hold(request: AnyRequest) -> str:
    """Return the form of an unsafe request, sealed; an empty text when there is nothing to hold, or too much.

    Only forms sent by POST are held, and of them only the texts.
    """
    kind = request.content_type[0]
    if request.method != "POST" or kind not in _FORMS:
        return ""
    sent = list((await request.form()).items())
    if request.url.path == RESUME:
        return next((value for name, value in sent if name == "waiting" and isinstance(value, str)), "")
    token = request.cookies.get(sessions.cookie_name())
    waiting = Waiting(
        path=_path(request),
        fields=[(name, value) for name, value in sent if isinstance(value, str) and name not in _NOT_HELD],
        account=await sessions.last_account(token) if token else None,
        at=clock.now(),
        files=any(isinstance(value, UploadFile) and value.filename for _name, value in sent),
        multipart=kind == "multipart/form-data",
    )
    text = msgspec.json.encode(waiting)
    return seal(text.decode(), _PURPOSE) if len(text) <= LARGEST else ""


def _path(request: AnyRequest) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def opened(sealed: str) -> Waiting | None:
    """Return what was held; None when it was altered or waited for more than a day."""
    try:
        waiting = msgspec.json.decode(unseal(sealed, _PURPOSE), type=Waiting)
    except (ValueError, msgspec.DecodeError):
        return None
    return waiting if clock.now() - waiting.at <= KEPT else None
