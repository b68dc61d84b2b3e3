"""Opening an account. It proves nothing: several may claim one personal number until the counter has seen the card."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar
from uuid import UUID

from backend.accounts import consents, passwords
from backend.accounts.identifiers import person_name, personal_number, phone_number
from backend.accounts.tables import Account
from backend.kit import clock
from backend.kit.database import fetch_one, new_id, unit_connection, unit_of_work
from backend.kit.errors import Invalid
from backend.kit.language import Language, _, current_language
from backend.kit.seal import fingerprint, seal

# Signing in tries every account of a number, so there must be few.
MOST_ACCOUNTS = 5

T = TypeVar("T")


class Mistakes(dict[str, str]):
    """The mistakes of one form, collected: field → sentence."""

    def read(self, field: str, reader: Callable[[str], T], text: str) -> T | None:
        """Return what `reader` makes of `text`, or note its sentence under `field`."""
        try:
            return reader(text)
        except ValueError as error:
            self[field] = str(error)
            return None

    def refuse(self) -> None:
        """Raise Invalid when there are any."""
        if self:
            raise Invalid(_("Còn chỗ cần sửa."), fields=dict(self))


async def register(
    *,
    full_name: str,
    phone: str,
    personal_id: str,
    password: str,
    agreed: Iterable[consents.Purpose] = (),
    language: Language | None = None,
) -> UUID:
    """Open an account and return its id.

    Args:
        full_name, phone, personal_id, password: as typed.
        agreed: consents given with it.
        language: in which the person is written to; that of the request unless told.

    Raises:
        Invalid: with a sentence per field.
    """
    mistakes = Mistakes()
    name = mistakes.read("full_name", person_name, full_name)
    number = mistakes.read("phone", phone_number, phone)
    personal = mistakes.read("personal_id", personal_number, personal_id)
    weak = passwords.weakness(password, (number or "", personal or "", name or ""))
    if weak:
        mistakes["password"] = weak
    mistakes.refuse()
    assert name and number and personal
    kept = await passwords.hashed(password)
    async with unit_of_work():
        await refuse_crowds(number, personal)
        account = await insert_account(name, number, personal, kept, language=language)
        for purpose in agreed:
            await consents.give(account, purpose)
    return account


async def insert_account(
    name: str,
    phone: str,
    personal_id: str,
    password_hash: str,
    *,
    language: Language | None = None,
    birth_date: date | None = None,
    sex: str | None = None,
) -> UUID:
    """Insert the row of an account from facts already read; return its id.

    An empty personal number is allowed for officers; its fingerprint fits no number.
    """
    account = new_id()
    await Account.insert(
        Account(
            id=account,
            phone=phone,
            personal_id_sealed=seal(personal_id),
            personal_id_print=fingerprint(personal_id or f"none {account}"),
            password_hash=password_hash,
            full_name=name,
            birth_date=birth_date,
            sex=sex,
            language=language or current_language(),
            created_at=clock.now(),
        )
    )
    return account


async def refuse_crowds(phone: str | None, personal_id: str | None) -> None:
    """Refuse, inside the open unit of work, a number that many accounts claim already; None is not asked about.

    Who claims the same number at this moment waits until the unit ends: a crowd that comes at once would push its
    owner out of the few accounts that signing in tries.

    Raises:
        Invalid: with a sentence per field.
    """
    printed = fingerprint(personal_id) if personal_id else None
    # Fingerprints in one order: two who claim each other's numbers do not wait for each other for ever.
    for claimed in sorted(filter(None, (fingerprint(phone) if phone else None, printed))):
        await unit_connection().execute(
            "select pg_advisory_xact_lock($1)", int.from_bytes(claimed[:8], "big", signed=True)
        )
    row = await fetch_one(
        "select count(*) filter (where phone = $1) as by_phone, "
        "count(*) filter (where personal_id_print = $2) as by_number from account "
        "where (phone = $1 or personal_id_print = $2) and closed_at is null",
        phone,
        printed,
    )
    assert row is not None
    mistakes = Mistakes()
    if row["by_phone"] >= MOST_ACCOUNTS:
        mistakes["phone"] = _("Số điện thoại này đã mở nhiều tài khoản. Mang căn cước đến xã để được mở tại quầy.")
    if row["by_number"] >= MOST_ACCOUNTS:
        mistakes["personal_id"] = _("Số căn cước này đã mở nhiều tài khoản. Mang căn cước đến xã để được mở tại quầy.")
    mistakes.refuse()
