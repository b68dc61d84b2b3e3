"""Looking a dossier up without signing in: its code and a second thing, or the token of its QR code.

Codes run in sequence, so a code alone opens nothing. What is shown is never enough to know whose dossier it is.
"""

import re
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from uuid import UUID

import msgspec

from backend.accounts.identifiers import identifier
from backend.agencies.calendars import calendar_of
from backend.agencies.queries import agency_by_id
from backend.dossiers import chips, codes, moves
from backend.dossiers.deadline_words import Deadline, promise_of
from backend.dossiers.lifecycle import current_step
from backend.dossiers.overview import Next, next_of
from backend.dossiers.queries import dossier_by_code, dossier_by_token
from backend.dossiers.tables import Dossier
from backend.dossiers.terms import read
from backend.kit import clock
from backend.kit.errors import NotFound, TooMany
from backend.kit.language import _
from backend.kit.rates import allow, bucket, give_back
from backend.kit.seal import seal, unseal

_PURPOSE = "tracking page"
_NOTHING, _NO_PHONE = "-", "--"  # never equal to what is typed, of which `same_secret` keeps letters and digits only
KEPT = timedelta(minutes=30)
HOUR = timedelta(hours=1)
# Only wrong tries count, and those at a code per address: a stranger's lock out nobody who asks from somewhere else.
# Some 10^8 mobile numbers are in use: at ten an hour one address needs a thousand years for all at one code, a thousand
# addresses a year without pause, to learn where one nameless dossier stands; a slip's secret (31^8, 8·10^11) takes
# 8,000 times as long. Along many codes with one number an address gets 60 an hour.
TRIES_AT_ONE_CODE = 10
TRIES_FROM_ONE_ADDRESS = 60
_ONE_SITE = 48


class Tracked(msgspec.Struct, frozen=True):
    """What anybody with the code and a second thing may know: never a name, a number, a paper."""

    code: str
    procedure: str
    chip: chips.Chip
    agency: str
    agency_phone: str
    submitted_at: datetime | None
    received_at: datetime | None
    expected_at: datetime | None
    ended_at: datetime | None
    deadline: Deadline | None
    next: Next | None


async def look_up(code: str, second: str, address: str) -> str:
    """Return the token of a page for whoever knows a code and its second thing; the page lasts half an hour.

    Args:
        code: as typed: the whole code, or its end with the office's part left out is not enough.
        second: the dossier's phone number, or the secret of its slip.
        address: network address the try comes from.

    Raises:
        NotFound: whichever of the two is wrong, the sentence is the same.
        TooMany: too many wrong tries at this code from this address, or from this address at all.
    """
    try:
        asked = str(codes.parse(code))
    except ValueError:
        asked = ""
    here = _network(address)
    limits = [
        (bucket("track-from", here), TRIES_FROM_ONE_ADDRESS),
        (bucket("track", f"{asked} {here}"), TRIES_AT_ONE_CODE),
    ]
    # Counted before the answer is known, so that many tries at once are no way round; given back when it was no guess.
    for key, most in limits:
        if not await allow(key, most, HOUR):
            raise TooMany(_("Tra nhiều lần quá. Chờ một giờ rồi tra lại, hoặc gọi xã."))
    found = await dossier_by_code(asked)
    if not _opens(found, second) or found is None:
        raise NotFound(_("Không thấy hồ sơ với mã và số điện thoại này. Kiểm tra cả hai."))
    for key, most in limits:
        await give_back(key, most, HOUR)
    until = clock.now() + KEPT
    return seal(f"{found.id} {int(until.timestamp())}", _PURPOSE).rstrip("=")


def _network(address: str) -> str:
    """Return from where somebody asks: of IPv6 the network of one site, in which a single person has 2^80 addresses."""
    try:
        version = ip_address(address).version
    except ValueError:
        return address
    return address if version == 4 else str(ip_network(f"{address.partition('%')[0]}/{_ONE_SITE}", strict=False))


def _opens(dossier: Dossier | None, second: str) -> bool:
    """Whether `second` is the phone number or the secret; the same is done when there is no dossier."""
    sealed = dossier.slip_secret if dossier is not None and dossier.slip_secret else seal(_NOTHING)
    phone = dossier.owner_phone if dossier is not None else ""
    by_secret = codes.same_secret(second, unseal(sealed))
    by_phone = codes.same_secret(_national(second) or _NOTHING, _national(phone) or _NO_PHONE)
    return dossier is not None and (by_secret or by_phone)


def _national(text: str) -> str:
    """The digits of a number, a mobile one's in national form; whether it is in use is not asked."""
    found = identifier(text)
    return found.value if found is not None else re.sub(r"[^0-9]", "", text)


async def found_by(token: str) -> Dossier:
    """Return the dossier of a QR token, or of the page that a look-up led to.

    Raises:
        NotFound: neither, or the page has aged.
    """
    dossier = await dossier_by_token(token)
    if dossier is None:
        dossier = await _of_page(token)
    if dossier is None or dossier.state in moves.PRIVATE:
        raise NotFound(_("Trang này đã hết hạn hoặc không đúng. Tra lại bằng mã hồ sơ."))
    return dossier


async def _of_page(token: str) -> Dossier | None:
    try:
        identity, until = unseal(token + "=" * (-len(token) % 4), _PURPOSE).split()
    except ValueError:
        return None
    if clock.now().timestamp() > int(until):
        return None
    return await Dossier.objects().get(Dossier.id == UUID(identity))


async def tracked(dossier: Dossier) -> Tracked:
    """Return what the tracking page shows of a dossier."""
    filed = await read(dossier, clock.now())
    step = current_step(dossier, filed.procedure.steps)
    agency = await agency_by_id(dossier.agency)
    calendar = await calendar_of(dossier.agency)
    return Tracked(
        code=dossier.code or "",
        procedure=filed.procedure.plain_name,
        chip=chips.chip(dossier.state, step, bool(dossier.proposal)),
        agency=agency.short_name,
        agency_phone=agency.phone,
        submitted_at=dossier.submitted_at,
        received_at=dossier.received_at,
        expected_at=dossier.expected_at,
        ended_at=dossier.ended_at,
        deadline=promise_of(dossier, calendar),
        next=next_of(dossier, step, calendar, agency, filed, "", None),
    )
