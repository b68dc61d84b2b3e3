"""A forgotten password: a code by the confirmed e-mail address, else one given at the counter to whom the card shows."""

from uuid import UUID

from backend.accounts import known_devices, passwords, throttle
from backend.accounts.codes import code_of, make_code, use_code
from backend.accounts.happenings import Act, Hand, Happening, happened
from backend.accounts.identifiers import Identifier, identifier
from backend.accounts.profiles import account_of
from backend.accounts.signing_in import Opened, claiming, open_on, read_identifier, set_password
from backend.accounts.tables import CodePurpose
from backend.kit import clock, mail
from backend.kit.database import unit_of_work
from backend.kit.errors import Invalid
from backend.kit.jobs import enqueue
from backend.kit.language import _

WITH_CODE = """exists (
    select from one_time_code c
    where c.account = account.id and c.purpose = 'recovery' and c.used_at is null and c.expires_at > $2
)"""


async def asked_for_code(text: str, *, address: str) -> Identifier:
    """Read whose password is forgotten and count the asking; `mail_codes` does the rest, for everybody alike.

    Raises:
        Invalid: `text` is neither a phone nor a personal number.
        TooMany: asked too often.
    """
    named = read_identifier(text)
    await throttle.recovery_asked(named, address)
    return named


async def mail_codes(named: Identifier) -> None:
    """Mail a code to every account somebody may mean by `named` that has a confirmed e-mail address.

    To be called when the person has their answer: neither its words nor its time tell whether there is an account.
    """
    if not mail.configured():
        return
    for row in await claiming(named, "email is not null and email_confirmed_at is not null"):
        async with unit_of_work():
            code, _ends = await make_code(UUID(str(row["id"])), CodePurpose.RECOVERY, target=row["email"])
            await enqueue("accounts.code_mail", {"code": str(code)}, key=f"code-mail:{code}")


async def give_code(account: UUID, by: UUID, hand: Hand | None = None) -> str:
    """Make the code an officer reads out to a person they have seen; return it. The person is told.

    Args:
        account: whose password it sets.
        by: the officer's account.
        hand: as whom the officer acts, for history.

    Raises:
        NotFound: no such account.
    """
    await account_of(account)
    async with unit_of_work():
        code, _ends = await make_code(account, CodePurpose.RECOVERY, by=by)
        await happened(Happening(Act.CODE_GIVEN, account, hand))
    return code_of(code)


async def recover(text: str, code: str, new: str, *, address: str, user_agent: str, device: str = "") -> Opened:
    """Set a new password by a one-time code, sign all devices out and this one in.

    Args:
        text: phone or personal number, as typed.
        code: as typed.
        new: the new password.
        address: the network address the try comes from.
        user_agent: the browser's own description.
        device: the token by which the browser may be known.

    Raises:
        Invalid: a wrong or outdated code (never says which), or a weak password: that costs no try.
        TooMany: too many tries from this address.
    """
    # Judged without the account's facts: a code tells nobody whose name or number goes with it.
    typed = identifier(text)
    weak = passwords.weakness(new, (typed.value,) if typed else ())
    named = read_identifier(text, {"code": None if code.strip() else _("Chưa điền mã."), "password": weak})
    await throttle.code_tried(address)
    rows = {UUID(str(row["id"])): row for row in await claiming(named, WITH_CODE, clock.now())}
    # Before the code is looked at: a right one takes as long as a wrong one, and no row is locked meanwhile.
    kept = await passwords.hashed(new)
    async with unit_of_work():
        used = await use_code(rows, CodePurpose.RECOVERY, code)
        if used is not None:
            row = rows[used.account]
            await set_password(used.account, kept)
            await happened(Happening(Act.PASSWORD_RESET, used.account))
            known = await known_devices.remember(used.account, device)
            return await open_on(known, used.account, row["officer"], row["language"], user_agent)
    sentence = _("Mã chưa đúng, đã dùng hoặc đã hết hạn. Xem lại, hoặc xin mã mới.")
    raise Invalid(sentence, fields={"code": sentence})
