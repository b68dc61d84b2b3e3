"""Columns every room declares the same way."""

from enum import StrEnum

from piccolo.columns import UUID, Text, Timestamptz
from piccolo.constraints import Check


def key() -> UUID:
    """A UUIDv7 primary key, given by `new_id()` when the row is made."""
    return UUID(primary_key=True, default=None)


def reference(null: bool = False, index: bool = False, help_text: str = "") -> UUID:
    """The id of a row elsewhere. No foreign key: rooms may later live on separate databases."""
    return UUID(default=None, null=null, index=index, help_text=help_text)


def moment(null: bool = True, help_text: str = "") -> Timestamptz:
    """A moment in UTC, always given by the product's clock."""
    return Timestamptz(default=None, null=null, help_text=help_text)


def word(words: type[StrEnum], null: bool = False, index: bool = False, help_text: str = "") -> Text:
    """One word of a closed list. Add `one_of(...)` to the table: Piccolo itself does not enforce it."""
    return Text(default=None, null=null, choices=words, index=index, help_text=help_text)


def one_of(column: str, words: type[StrEnum]) -> Check:
    """The CHECK that holds `column` to the closed list."""
    # Piccolo writes the condition between single quotes into the migration, hence dollar quoting.
    return Check(f"{column} in (" + ", ".join(f"$${entry}$$" for entry in words) + ")")
