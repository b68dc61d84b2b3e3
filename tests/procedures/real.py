"""The sixty real procedures, straight from the file that ships."""

from functools import cache

import msgspec

from backend.procedures.definition import Document, Procedure, Version
from backend.procedures.importing import SHIPPED, version_with
from backend.procedures.search import Entry

DATA = SHIPPED


@cache
def document() -> Document:
    """Return the whole document."""
    return msgspec.json.decode(DATA.read_bytes(), type=Document)


def procedure(code: str) -> Procedure:
    """Return one procedure."""
    return next(one for one in document().procedures if one.code == code)


def version(code: str) -> Version:
    """Return one procedure as a version keeps it."""
    return version_with(procedure(code), document().default_form)


def entries() -> list[Entry]:
    """Return the procedures as the search index takes them."""
    return [
        Entry(
            code=one.code,
            slug=one.slug,
            plain_name=one.plain_name,
            name=one.name,
            synonyms=one.synonyms,
            field_slug=one.field.slug,
            field_name=one.field.name,
            audience=one.audience,
            service_level=one.service_level,
            frequency=one.frequency,
            channels=tuple(rule.channel for rule in one.channels),
        )
        for one in document().procedures
    ]
