"""News by e-mail: the words and a link, in plain text, to the confirmed address of the account."""

from uuid import UUID

import msgspec
from markupsafe import Markup

from backend.accounts.profiles import mail_box_of
from backend.agencies.queries import agency_by_id
from backend.kit import mail, settings
from backend.kit.language import Language, _, use_language
from backend.notifications.words import Data, spoken


class Reader(msgspec.Struct, frozen=True):
    """Whom a mail goes to, as it is at the moment of sending."""

    address: str
    language: Language
    office: str


async def reader(account: UUID, agency: UUID | None) -> Reader | None:
    """Return where and in which language `account` is written to, or None when it has no confirmed address now."""
    box = await mail_box_of(account)
    if box is None:
        return None
    return Reader(box.address, box.language, (await agency_by_id(agency)).short_name if agency else "")


def letter(event: str, data: Data, office: str) -> tuple[str, str]:
    """Return subject and text of the mail about `event`, in the current language."""
    words, site = spoken(event, data), settings.current().public_url
    title = Markup(words.title).striptags() if isinstance(words.title, Markup) else words.title
    subject = f"{title} · {office}" if office else title
    paragraphs = [
        title,
        words.line,
        _("Xem trên trang một cửa: %(link)s") % {"link": site + words.path},
        _("Không muốn nhận thư báo nữa: %(link)s") % {"link": f"{site}/thong-bao#cai-dat"},
    ]
    return subject, "\n\n".join(paragraph for paragraph in paragraphs if paragraph) + "\n"


async def send(to: Reader, event: str, data: Data, delivery: UUID) -> None:
    """Mail one piece of news; every try of the same delivery carries the same Message-ID.

    Raises:
        MailRefused: the mail server will never take it.
        MailDelayed: not now.
    """
    with use_language(to.language):
        subject, text = letter(event, data, to.office)
    await mail.send(to.address, subject, text, f"delivery-{delivery}")
