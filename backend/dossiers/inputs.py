"""What comes in by forms of a known shape; a draft's own form is read by the form engine."""

from typing import Annotated

import msgspec
from msgspec import Meta


class LookUp(msgspec.Struct, frozen=True):
    """A code, loosely typed, and the phone number or the slip's secret."""

    code: Annotated[str, Meta(max_length=60)] = ""
    second: Annotated[str, Meta(max_length=40)] = ""
