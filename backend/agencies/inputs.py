"""What comes in by the forms of this room."""

from typing import Annotated

import msgspec

Short = Annotated[str, msgspec.Meta(max_length=300)]
Long = Annotated[str, msgspec.Meta(max_length=1_000)]


class CommuneChoice(msgspec.Struct):
    """The commune a citizen looks at, by its code."""

    xa: Short = ""
    tiep: Annotated[str, msgspec.Meta(max_length=8_000)] = ""


class Residence(msgspec.Struct):
    """Where a person lives, by the parts of an address."""

    province: Short = ""
    commune: Short = ""
    hamlet: Short = ""
    detail: Short = ""
    next: Short = ""


class Search(msgspec.Struct):
    """The phone or personal number of somebody at the counter."""

    identifier: Short = ""


class CardSeen(msgspec.Struct):
    """A card an officer holds in their hand; `found` proves that the account was found by its exact number.

    `personal_id` is read for an account that says no number yet.
    """

    found: Long = ""
    full_name: Short = ""
    personal_id: Short = ""
    birth_day: Short = ""
    birth_month: Short = ""
    birth_year: Short = ""
    sex: Short = ""
    seen: Short = ""


class CounterAccount(msgspec.Struct):
    """An account opened at the counter."""

    full_name: Short = ""
    phone: Short = ""
    personal_id: Short = ""
    birth_day: Short = ""
    birth_month: Short = ""
    birth_year: Short = ""
    sex: Short = ""
    seen: Short = ""


class Appointment(msgspec.Struct):
    """A new officer: an account by its exact number, or a new one with name, phone and first password."""

    identifier: Short = ""
    full_name: Short = ""
    phone: Short = ""
    password: Short = ""
    title: Short = ""
    roles: list[str] | str = []


class RoleChange(msgspec.Struct):
    """Title and roles of an officer."""

    title: Short = ""
    roles: list[str] | str = []


class Closure(msgspec.Struct):
    """Days on which the office is closed, each date in three boxes; no last day: one day."""

    first_day: Short = ""
    first_month: Short = ""
    first_year: Short = ""
    last_day: Short = ""
    last_month: Short = ""
    last_year: Short = ""
    reason: Long = ""


class MakeupDay(msgspec.Struct):
    """A day of rest that is worked, and the closed day it makes up for, as its date in one word."""

    first_day: Short = ""
    first_month: Short = ""
    first_year: Short = ""
    swaps_for: Short = ""
    reason: Long = ""


def several(value: list[str] | str) -> list[str]:
    """Return what a group of ticks sent: browsers send one tick as a text, several as a list."""
    return [value] if isinstance(value, str) else value
