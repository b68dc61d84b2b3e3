"""What comes in by the forms of this room. Every text may be empty: mistakes are collected by the verbs, all at once."""

from typing import Annotated

import msgspec

Short = Annotated[str, msgspec.Meta(max_length=300)]
Long = Annotated[str, msgspec.Meta(max_length=1_000)]
Place = Annotated[str, msgspec.Meta(max_length=8_000)]  # a path with its query, percent-encoded
Sealed = Annotated[str, msgspec.Meta(max_length=1_500_000)]


class SignIn(msgspec.Struct):
    """Signing in: `tiep` is the page to go on to, `waiting` a post that waits."""

    identifier: Short = ""
    password: Long = ""
    tiep: Place = ""
    waiting: Sealed = ""


class Registration(msgspec.Struct):
    """A new account; `tips` is the one consent asked here, `waiting` a post that waits for it."""

    full_name: Short = ""
    phone: Short = ""
    personal_id: Short = ""
    password: Long = ""
    tips: Short = ""
    tiep: Place = ""
    waiting: Sealed = ""

    @property
    def untouched(self) -> bool:
        """True when nothing was typed: only what waits was brought along."""
        return not any((self.full_name, self.phone, self.personal_id, self.password))


class Forgotten(msgspec.Struct):
    """Whose password is forgotten."""

    identifier: Short = ""


class Recovery(msgspec.Struct):
    """The code that was given, and the new password."""

    identifier: Short = ""
    code: Short = ""
    password: Long = ""


class PasswordChange(msgspec.Struct):
    """The old and the new password."""

    current: Long = ""
    password: Long = ""


class ProfileChange(msgspec.Struct):
    """The facts a person keeps of themselves; those an officer verified are not read."""

    full_name: Short = ""
    personal_id: Short = ""
    phone: Short = ""
    email: Short = ""
    birth_day: Short = ""
    birth_month: Short = ""
    birth_year: Short = ""
    sex: Short = ""


class EmailCode(msgspec.Struct):
    """What the link in the mail carried."""

    code: Short = ""
