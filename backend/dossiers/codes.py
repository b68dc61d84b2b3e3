"""Dossier codes, paper numbers, and the secrets by which somebody who is not signed in may look a dossier up.

Codes run in sequence, so a code alone opens nothing: it takes the dossier's phone number or the slip's
secret (domain.md §4). A counter's row lock gives numbers without gaps or doubles, because it is held until
the unit of work that uses the number commits.
"""

import re
import secrets
from datetime import date
from uuid import UUID

import msgspec

from backend.dossiers.tables import PaperForm
from backend.kit.clock import local, now
from backend.kit.database import fetch_value, new_id
from backend.kit.seal import token_hash

# Letters and digits nobody mistakes for one another, on paper or by phone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SECRET_LENGTH = 8

PATTERN = re.compile(
    r"^(?P<agency>(?:\d{2,3}\.){2,3}[A-Z]\d{2}|[A-Z]\d{2}(?:\.\d{2,3}){0,2})-(?P<date>\d{6})-(?P<number>\d{4,})$"
)
_LEGACY = re.compile(r"^(?:\d{2,3}\.){2,3}[A-Z]\d{2}$")


class DossierCode(msgspec.Struct, frozen=True):
    """A dossier code taken apart: H71.104.26-261125-0001."""

    agency: str
    day: date
    number: int

    def __str__(self) -> str:
        return f"{self.agency}-{self.day:%y%m%d}-{self.number:04d}"


def parse(text: str) -> DossierCode:
    """Read a code as people type it (spaces, small letters); a legacy agency order becomes the new one.

    Raises:
        ValueError: it is no dossier code.
    """
    match = PATTERN.match("".join(text.split()).upper())
    if match is None:
        raise ValueError(text)
    year, month, day = (int(match["date"][at : at + 2]) for at in (0, 2, 4))
    return DossierCode(_agency(match["agency"]), date(2000 + year, month, day), int(match["number"]))


def _agency(code: str) -> str:
    """000.00.18.H17 → H17.18: the order turned, parts of noughts left out."""
    if not _LEGACY.match(code):
        return code
    return ".".join(part for part in reversed(code.split(".")) if part.strip("0"))


def short(code: str) -> str:
    """Return the short form people use once the full one was shown: 261125-0001."""
    return code.split("-", 1)[-1]


async def next_code(agency: UUID, agency_code: str) -> DossierCode:
    """Take the next code of the agency's day; inside the unit of work that files the dossier."""
    day = local(now()).date()
    number = await fetch_value(
        "insert into code_counter (id, agency, day, last) values ($1, $2, $3, 1) "
        "on conflict (agency, day) do update set last = code_counter.last + 1 returning last",
        new_id(),
        agency,
        day,
    )
    return DossierCode(agency_code, day, number)


async def next_paper_number(agency: UUID, form: PaperForm) -> int:
    """Take the next number of a statutory form in the agency's year; inside the unit of work that issues it."""
    return int(
        await fetch_value(
            "insert into paper_counter (id, agency, form, year, last) values ($1, $2, $3, $4, 1) "
            "on conflict (agency, form, year) do update set last = paper_counter.last + 1 returning last",
            new_id(),
            agency,
            form,
            local(now()).year,
        )
    )


def new_secret() -> str:
    """Return a slip's secret: 8 characters without look-alikes, about 39 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))


def new_token() -> str:
    """Return the 128-bit token that a QR code carries."""
    return secrets.token_urlsafe(16)


def same_secret(given: str, kept: str) -> bool:
    """Compare a typed secret with the kept one, in constant time, forgiving spaces, dashes and small letters."""
    typed = re.sub(r"[^0-9A-Z]", "", given.upper())
    return secrets.compare_digest(typed.encode(), kept.encode())


def hash_of(token: str) -> bytes:
    """Return the digest under which a QR token is found."""
    return token_hash(token)
