"""How often a person or an address may try: enough for somebody who mistypes, too little for somebody who guesses."""

from datetime import timedelta
from uuid import UUID

from backend.accounts.identifiers import Identifier
from backend.kit.errors import TooMany
from backend.kit.language import _
from backend.kit.rates import allow, bucket, give_back

QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)

# Whole villages share one address of a mobile network, so an address alone may try much more often than one person.
SIGN_INS_FROM_ONE_PLACE = 8
SIGN_INS_OF_ONE = 20
SIGN_INS_PER_ADDRESS = 120
REGISTRATIONS_PER_ADDRESS = 30
REGISTRATIONS_AT_ALL = 1_200
RECOVERIES_OF_ONE = 4
CODES_PER_ADDRESS = 30
MAILS_OF_ONE = 5


async def _within(what: str, of: str, limit: int, per: timedelta) -> None:
    if not await allow(bucket(what, of), limit, per):
        raise TooMany(_("Thử nhiều lần quá. Chờ ít phút rồi thử lại; chữ đã điền vẫn còn."))


async def sign_in_tried(named: Identifier, address: str) -> None:
    """Count one try to sign in as `named` from `address`.

    Raises:
        TooMany: too many of the person from here, of the person from anywhere, or from here at all.
    """
    for what, of, limit in _sign_in_limits(named, address):
        await _within(what, of, limit, QUARTER)


async def sign_in_held(named: Identifier, address: str) -> None:
    """Take back the try that was no guess: whoever knows the password signs in as often as they like."""
    for what, of, limit in _sign_in_limits(named, address):
        await give_back(bucket(what, of), limit, QUARTER)


async def known_device_tried(device: UUID) -> bool:
    """Count one try to sign in on a known device; False when it has used up its own.

    Nobody else's tries are counted there, so that strangers' guesses do not lock the owner out.
    """
    return await allow(bucket("sign-in-known", str(device)), SIGN_INS_FROM_ONE_PLACE, QUARTER)


async def known_device_held(device: UUID) -> None:
    """Take back the try on a known device that was no guess."""
    await give_back(bucket("sign-in-known", str(device)), SIGN_INS_FROM_ONE_PLACE, QUARTER)


def _sign_in_limits(named: Identifier, address: str) -> tuple[tuple[str, str, int], ...]:
    return (
        ("sign-in-here", f"{named.value} {address}", SIGN_INS_FROM_ONE_PLACE),
        ("sign-in", named.value, SIGN_INS_OF_ONE),
        ("sign-in-from", address, SIGN_INS_PER_ADDRESS),
    )


async def registration_tried(address: str) -> None:
    """Count one registration from `address`. Raises TooMany.

    Never counted per number: strangers would use up the number of somebody else.
    """
    await _within("register", address, REGISTRATIONS_PER_ADDRESS, HOUR)
    await _within("register-all", "", REGISTRATIONS_AT_ALL, HOUR)


async def recovery_asked(named: Identifier, address: str) -> None:
    """Count one forgotten password of `named` from `address`. Raises TooMany."""
    await _within("forgot", named.value, RECOVERIES_OF_ONE, HOUR)
    await _within("forgot-from", address, CODES_PER_ADDRESS, HOUR)


async def code_tried(address: str) -> None:
    """Count one try of a one-time code from `address`. Raises TooMany."""
    await _within("code", address, CODES_PER_ADDRESS, QUARTER)


async def mail_asked(account: str) -> None:
    """Count one mail that `account` has sent to itself. Raises TooMany."""
    await _within("mail", account, MAILS_OF_ONE, HOUR)


async def password_tried(account: str) -> None:
    """Count one try of the present password inside an account. Raises TooMany."""
    await _within("password", account, SIGN_INS_FROM_ONE_PLACE, QUARTER)
