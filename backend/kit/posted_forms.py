"""Reading what a form posted: for the CSRF check, for routes, and for typed bodies, one reader that never breaks."""

from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException

_UNREADABLE = "The form is not in UTF-8."


class PostedForm(Request[Any, Any, Any]):
    """A request whose form is read in UTF-8, or refused as unreadable (400).

    The CSRF check asks for the form before any route does, so that what Litestar would stumble over ends here.
    """

    async def form(self) -> FormMultiDict:
        """Return what was posted.

        Raises:
            ClientException: a text is not in the charset it names, nobody knows that charset, or it makes half letters.
        """
        try:
            posted = await super().form()
            for name, value in posted.multi_items():
                name.encode()
                if isinstance(value, str):
                    value.encode()
        except (LookupError, ValueError) as mistake:  # of bytes.decode: unknown charset, wrong bytes, NUL in its name
            raise ClientException(_UNREADABLE) from mistake
        return posted


async def read_multipart(request: Request[Any, Any, Any]) -> None:
    """Read a multipart form before Litestar does for a typed body, which is by another way (`before_request`).

    Raises:
        ClientException: as `PostedForm.form` does.
    """
    if request.content_type[0] == RequestEncodingType.MULTI_PART:
        await request.form()
