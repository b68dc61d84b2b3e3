"""Opening an account. It proves nothing: several may claim one personal number until the counter has seen the card."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar
from uuid import UUID

from backend.accounts import consents, passwords
from backend.accounts.identifiers import person_name, personal_number, phone_number
from backend.accounts.tables import Account
from backend.kit import clock
from backend.kit.database import new_id, unit_of_work
from backend.kit.errors import Invalid
from backend.kit.language import Language, _, current_language
from backend.kit.seal import fingerprint, seal

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
