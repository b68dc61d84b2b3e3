"""What comes in from the page of news."""

from typing import Literal

import msgspec


class Wish(msgspec.Struct, frozen=True):
    """Whether news are wanted by e-mail."""

    email: Literal["yes", "no"]
