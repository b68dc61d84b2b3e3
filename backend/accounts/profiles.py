"""What an account knows of its person: shown to them, changed by them, used to fill in their forms."""

from typing import Any, cast
from uuid import UUID

import msgspec
from piccolo.columns import Column

from backend.accounts import throttle
from backend.accounts.codes import make_code, use_code, void_codes
from backend.accounts.happenings import Act, Happening, happened
from backend.accounts.identifiers import birth_date, email_address, person_name, personal_number, phone_number
from backend.accounts.inputs import ProfileChange
from backend.accounts.registering import Mistakes
from backend.accounts.tables import Account, CodePurpose
from backend.kit import clock, mail
from backend.kit.database import execute, unit_of_work
from backend.kit.errors import NotFound, Refused
from backend.kit.jobs import enqueue
from backend.kit.language import Language, _
from backend.kit.seal import fingerprint, seal, unseal

SEXES = ("male", "female")


async def account_of(account: UUID) -> Account:
    """Return the row of an open account.

    Raises:
        NotFound: there is none.
    """
    row = await Account.objects().where(Account.id == account, Account.closed_at.is_null()).first()
    if row is None:
        raise NotFound(_("Không có tài khoản này."))
    return row


def personal_id_of(row: Account) -> str:
    """Return the personal number of an account, opened."""
    return unseal(row.personal_id_sealed)


async def profile(account: UUID) -> dict[str, Any]:
    """Return what is known of a person, for filling in their forms: the names of `source` in form definitions.

    Keys: full_name, id_number (12 digits), birth_date (2026-11-30), sex (male, female), phone, email, residence (an
    address by its parts). What is not known is None.

    Raises:
        NotFound: no such account.
    """
    row = await account_of(account)
    residence = row.residence
    return {
        "full_name": row.full_name,
        "id_number": personal_id_of(row),
        "birth_date": row.birth_date.isoformat() if row.birth_date else None,
        "sex": row.sex,
        "phone": row.phone,
        "email": row.email,
        "residence": msgspec.json.decode(residence) if isinstance(residence, str) else residence,
    }


async def known_words(account: UUID) -> tuple[str, ...]:
    """Return what others know of a person and what is therefore no password."""
    row = await account_of(account)
    return row.phone, personal_id_of(row), row.full_name


async def change_profile(account: UUID, new: ProfileChange) -> bool:
    """Change what a person says of themselves; True when a mail with a link is on its way to a new address.

    What an officer verified (name, number, birth, sex) stays: changing it takes the card and the counter.

    Raises:
        Invalid: with a sentence per field.
        Refused: an officer verified the card at the same moment.
        TooMany: too many mails were asked for.
    """
    row = await account_of(account)
    mistakes = Mistakes()
    changed: dict[Column | str, Any] = {"phone": mistakes.read("phone", phone_number, new.phone)}
    email = mistakes.read("email", email_address, new.email) if new.email.strip() else None
    if not row.identity_verified_at:
        changed |= _claimed(new, mistakes)
    mistakes.refuse()
    fresh = email is not None and email != row.email
    if fresh:
        await throttle.mail_asked(str(account))
    async with unit_of_work():
        if email != row.email:
            changed |= {"email": email, "email_confirmed_at": None}
            await void_codes(account, CodePurpose.RECOVERY)  # they may lie in the mailbox that was given up
        # An officer who verifies the card at this moment saw the facts as they were.
        as_read = Account.update(changed).where(Account.id == account)
        if not row.identity_verified_at:
            as_read = as_read.where(Account.identity_verified_at.is_null())
        if not await as_read.returning(Account.id):
            raise Refused(_("Cán bộ vừa xác minh căn cước của tài khoản này. Tải lại trang rồi sửa tiếp."))
        if fresh:
            await _send_confirmation(account, str(email))
    return fresh and mail.configured()


def _claimed(new: ProfileChange, mistakes: Mistakes) -> dict[Column | str, Any]:
    """What a person may still say of themselves before an officer has seen the card."""
    name = mistakes.read("full_name", person_name, new.full_name)
    number = mistakes.read("personal_id", personal_number, new.personal_id)
    born = mistakes.read("birth_date", lambda day: birth_date(day, new.birth_month, new.birth_year), new.birth_day)
    changed: dict[Column | str, Any] = {
        "full_name": name,
        "birth_date": born,
        "sex": new.sex if new.sex in SEXES else None,
    }
    if number is not None:
        changed |= {
            "personal_id_sealed": seal(number),
            "personal_id_print": fingerprint(number),
        }
    return changed


async def _send_confirmation(account: UUID, email: str) -> None:
    code, _ends = await make_code(account, CodePurpose.EMAIL, target=email)
    if mail.configured():
        await enqueue("accounts.code_mail", {"code": str(code)}, key=f"code-mail:{code}")


async def confirm_again(account: UUID) -> None:
    """Mail the link that confirms the address once more.

    Raises:
        NotFound: there is no address to confirm.
        TooMany: too many mails were asked for.
    """
    row = await account_of(account)
    if not row.email or row.email_confirmed_at:
        raise NotFound(_("Không có e-mail nào chờ xác nhận."))
    await throttle.mail_asked(str(account))
    async with unit_of_work():
        await _send_confirmation(account, row.email)


async def confirm_email(account: UUID, code: str) -> str:
    """Confirm the address a code was mailed to, and return it.

    Raises:
        Refused: the code is wrong, used, too old, or for an address that was changed since.
    """
    async with unit_of_work():
        used = await use_code([account], CodePurpose.EMAIL, code)
        confirmed = used is not None and await execute(
            "update account set email_confirmed_at = $3 where id = $1 and email = $2", account, used.target, clock.now()
        )
        if confirmed:
            await happened(Happening(Act.EMAIL_CONFIRMED, account))
    if used is None or not confirmed:
        raise Refused(_("Liên kết này đã dùng hoặc đã hết hạn. Gửi lại từ trang Thông tin của tôi."))
    return str(used.target)


class MailBox(msgspec.Struct, frozen=True):
    """Where an account is written to, and in which language."""

    address: str
    language: Language


async def mail_box_of(account: UUID) -> MailBox | None:
    """Return the confirmed e-mail address of an open account, or None."""
    row = (
        await Account.objects()
        .where(
            Account.id == account,
            Account.email.is_not_null(),
            Account.email_confirmed_at.is_not_null(),
            Account.closed_at.is_null(),
        )
        .first()
    )
    return MailBox(str(row.email), cast(Language, row.language)) if row else None


async def remember_residence(account: UUID, residence: dict[str, str] | None) -> None:
    """Keep where a person lives (an address by its parts), to fill in the next form."""
    await Account.update({Account.residence: residence}).where(Account.id == account)
