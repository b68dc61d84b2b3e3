"""Consents: asked only for what goes beyond a procedure, each with its words, version, moment and withdrawal (Law 91/2025)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from backend.accounts.tables import Consent
from backend.kit import clock
from backend.kit.database import Record, execute, fetch, new_id
from backend.kit.errors import NotFound
from backend.kit.language import N_, _


class Purpose(StrEnum):
    """What may be asked beyond a procedure."""

    TIPS = "sms_email_tips"


class Wording(msgspec.Struct, frozen=True):
    """The words a person agrees to. Changing them means a new version: who agreed to the old one is asked again."""

    version: int
    title: str
    text: str


WORDINGS = {
    Purpose.TIPS: Wording(
        version=1,
        title=N_("Nhắn tin hướng dẫn thêm"),
        text=N_(
            "Xã nhắn qua điện thoại hoặc e-mail khi có cách làm thủ tục nhanh hơn, rẻ hơn. "
            "Không đồng ý thì vẫn nhận đủ tin về hồ sơ của mình."
        ),
    ),
}


class Agreement(msgspec.Struct, frozen=True):
    """One purpose and where one person stands on it."""

    purpose: Purpose
    title: str
    text: str
    version: int
    given_at: datetime | None
    given_version: int | None
    withdrawn_at: datetime | None

    @property
    def holds(self) -> bool:
        """True while the present words are agreed to."""
        return self.given_at is not None and self.withdrawn_at is None and self.given_version == self.version


def words(purpose: Purpose) -> Wording:
    """Return the present words of `purpose` in the current language."""
    kept = WORDINGS[purpose]
    return Wording(kept.version, _(kept.title), _(kept.text))


async def agreements(account: UUID) -> list[Agreement]:
    """Return every purpose with the latest agreement of `account` to it, in the current language."""
    rows = await fetch(
        "select distinct on (purpose) purpose, version, given_at, withdrawn_at from consent "
        "where account = $1 order by purpose, given_at desc",
        account,
    )
    latest = {row["purpose"]: row for row in rows}
    return [_agreement(purpose, latest.get(purpose)) for purpose in Purpose]


def _agreement(purpose: Purpose, row: Record | None) -> Agreement:
    words, kept = WORDINGS[purpose], dict(row or {})
    return Agreement(
        purpose=purpose,
        title=_(words.title),
        text=_(words.text),
        version=words.version,
        given_at=kept.get("given_at"),
        given_version=kept.get("version"),
        withdrawn_at=kept.get("withdrawn_at"),
    )


def purpose_named(word: str) -> Purpose:
    """Return the purpose called `word`.

    Raises:
        NotFound: there is none.
    """
    if word not in {str(purpose) for purpose in Purpose}:
        raise NotFound(_("Không có mục này."))
    return Purpose(word)


async def agreed(account: UUID, purpose: Purpose) -> bool:
    """Say whether `account` agrees to the present words of `purpose`."""
    return next(one.holds for one in await agreements(account) if one.purpose is purpose)


async def give(account: UUID, purpose: Purpose) -> None:
    """Note that `account` agrees to the present words of `purpose`; once more changes nothing."""
    if await agreed(account, purpose):
        return
    await Consent.insert(
        Consent(id=new_id(), account=account, purpose=purpose, version=WORDINGS[purpose].version, given_at=clock.now())
    )


async def withdraw(account: UUID, purpose: Purpose) -> None:
    """Note that `account` no longer agrees to `purpose`; what was done before stays lawful."""
    await execute(
        "update consent set withdrawn_at = $3 where account = $1 and purpose = $2 and withdrawn_at is null",
        account,
        str(purpose),
        clock.now(),
    )
