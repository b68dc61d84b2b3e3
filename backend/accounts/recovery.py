"""A forgotten password: a code by the confirmed e-mail address, else one given at the counter to whom the card shows."""

from uuid import UUID

from backend.accounts import passwords, throttle
from backend.accounts.codes import code_of, make_code, use_code
from backend.accounts.profiles import account_of
from backend.accounts.signing_in import Opened, candidates, open_for, read_identifier, set_password
from backend.accounts.tables import CodePurpose
from backend.kit import mail
from backend.kit.database import unit_of_work
from backend.kit.errors import Invalid
from backend.kit.jobs import enqueue
from backend.kit.language import _


async def ask_for_code(text: str, *, address: str) -> None:
    """Mail a code to every account somebody may mean by `text` that has a confirmed e-mail address.

    Nothing is returned: the answer to the person is the same whether there is such an account or not.

    Raises:
        Invalid: `text` is neither a phone nor a personal number.
        TooMany: asked too often.
    """
    named = read_identifier(text)
    await throttle.recovery_asked(named, address)
    if not mail.configured():
        return
    for row in await candidates(named):
        if row["email"] and row["email_confirmed_at"]:
            async with unit_of_work():
                code, _ends = await make_code(UUID(str(row["id"])), CodePurpose.RECOVERY, target=row["email"])
                await enqueue("accounts.code_mail", {"code": str(code)}, key=f"code-mail:{code}")


async def give_code(account: UUID, by: UUID) -> str:
    """Make the code an officer (the account `by`) reads out to a person whose card they have seen; return it.

    Raises:
        NotFound: no such account.
    """
    await account_of(account)
    async with unit_of_work():
        code, _ends = await make_code(account, CodePurpose.RECOVERY, by=by)
    return code_of(code)


async def recover(text: str, code: str, new: str, *, address: str, user_agent: str) -> Opened:
    """Set a new password by a one-time code, sign all devices out and this one in.

    Raises:
        Invalid: a wrong or outdated code (never says which), or a weak password: that costs no try.
        TooMany: too many tries from this address.
    """
    named = read_identifier(text)
    # Judged without the account's facts: a code tells nobody whose name or number goes with it.
    weak = passwords.weakness(new, (named.value,))
    if weak:
        raise Invalid(_("Còn chỗ cần sửa."), fields={"password": weak})
    await throttle.code_tried(address)
    rows = {UUID(str(row["id"])): row for row in await candidates(named)}
    used = await use_code(rows, CodePurpose.RECOVERY, code)
    if used is None:
        sentence = _("Mã chưa đúng, đã dùng hoặc đã hết hạn. Xem lại, hoặc xin mã mới.")
        raise Invalid(sentence, fields={"code": sentence})
    row = rows[used.account]
    await set_password(used.account, new)
    return await open_for(used.account, row["officer"], row["language"], user_agent)
