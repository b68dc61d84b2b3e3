"""How much an account may hold that it has not filed yet: an office's disk and its drawing of pictures belong to everybody."""

from typing import NamedTuple
from uuid import UUID

from backend.accounts.profiles import account_of
from backend.dossiers import moves
from backend.dossiers.slots import SUBJECT
from backend.files.queries import held
from backend.kit.database import execute, fetch
from backend.kit.errors import Refused
from backend.kit.formats import MEGABYTE
from backend.kit.language import _


class Quota(NamedTuple):
    """How many dossiers that are not filed yet, and how many files and megabytes for all of them together."""

    dossiers: int
    files: int
    megabytes: int


# Anybody may register, and registering proves nothing. A household's papers fit: the thickest procedure asks for a
# dozen papers of two or three photographs, two megabytes each.
UNVERIFIED = Quota(dossiers=10, files=80, megabytes=160)
# Whose card an officer saw is a person who can be asked; who files for a whole company is well within it.
VERIFIED = Quota(dossiers=50, files=600, megabytes=1500)


async def one_at_a_time(account: UUID) -> None:
    """Let one unit of work at a time add to what an account holds; the lock comes before that of any dossier."""
    await execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"unfiled:{account}")


async def check_dossiers(account: UUID) -> None:
    """Raise `Refused` if one more dossier is one too many; inside `one_at_a_time`."""
    quota, verified = await _quota_of(account)
    if len(await _unfiled(account)) < quota.dossiers:
        return
    if verified:
        sentence = _("Đang có {most} hồ sơ chưa nộp, là mức tối đa. Nộp hoặc xóa bớt ở trang Hồ sơ rồi làm tiếp.")
    else:
        sentence = _(
            "Đang có {most} hồ sơ chưa nộp, là mức tối đa khi căn cước chưa xác minh. Nộp hoặc xóa bớt ở trang Hồ sơ, "
            "hoặc mang căn cước đến quầy để xác minh."
        )
    raise Refused(sentence.format(most=quota.dossiers))


async def check_files(account: UUID) -> None:
    """Raise `Refused` if what is kept by now, with the file just added, is too much; inside `one_at_a_time`."""
    quota, verified = await _quota_of(account)
    files, size = await held(SUBJECT, await _unfiled(account))
    if files <= quota.files and size <= quota.megabytes * MEGABYTE:
        return
    if verified:
        sentence = _(
            "Các hồ sơ chưa nộp giữ được tối đa {files} tệp, {megabytes} MB. "
            "Nộp hoặc xóa bớt một hồ sơ rồi gửi lại tệp này."
        )
    else:
        sentence = _(
            "Các hồ sơ chưa nộp giữ được tối đa {files} tệp, {megabytes} MB khi căn cước chưa xác minh. "
            "Nộp hoặc xóa bớt một hồ sơ, hoặc mang căn cước đến quầy để xác minh, rồi gửi lại tệp này."
        )
    raise Refused(sentence.format(files=quota.files, megabytes=quota.megabytes))


async def _quota_of(account: UUID) -> tuple[Quota, bool]:
    verified = (await account_of(account)).identity_verified_at is not None
    return (VERIFIED if verified else UNVERIFIED), verified


async def _unfiled(account: UUID) -> list[UUID]:
    rows = await fetch(
        "select id from dossier where account = $1 and state = any($2)",
        account,
        [str(state) for state in moves.PRIVATE],
    )
    return [row["id"] for row in rows]
