"""One plain-text e-mail over SMTP. Who gets it and what it says is decided by the rooms."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from backend.kit import clock, settings

_TIMEOUT_S = 20.0


class MailRefused(Exception):
    """The mail server will never take this message: an address that does not exist, a text it forbids."""


class MailDelayed(Exception):
    """The mail could not be handed over now; the same message is to be tried again later."""


def configured() -> bool:
    """Is there a mail server to hand messages to?"""
    return settings.current().smtp_url is not None


async def send(to: str, subject: str, text: str, message_id: str) -> None:
    """Hand one message over to the mail server of the settings.

    Args:
        to: one bare address.
        subject: one line.
        text: the whole body, plain text.
        message_id: the same for every try of the same message, so that a mailbox can drop a double; letters,
            digits, dots and hyphens. The domain of the sender is added.

    Raises:
        MailRefused: for good.
        MailDelayed: for now; the caller tries again.
        RuntimeError: no mail server is set: ask `configured()` first.
    """
    used = settings.current()
    if used.smtp_url is None or used.mail_from is None:
        raise RuntimeError("no mail server is set")
    parts = urlsplit(used.smtp_url)
    try:
        message = _compose(used.mail_from, to, subject, text, message_id)
    except (ValueError, IndexError):  # the address is none, or carries a line break
        raise MailRefused("the message cannot be written") from None
    try:
        await aiosmtplib.send(
            message,
            hostname=parts.hostname,
            port=parts.port or (465 if parts.scheme == "smtps" else 25),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=parts.scheme == "smtps",
            timeout=_TIMEOUT_S,
        )
    except aiosmtplib.SMTPRecipientsRefused as error:
        _judge(error.recipients[0].code if error.recipients else 0, error)
    except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
        _judge(error.code, error)
    except (aiosmtplib.SMTPException, OSError) as error:
        raise MailDelayed(type(error).__name__) from None


def _compose(sender: str, to: str, subject: str, text: str, message_id: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _judge(code: int, error: Exception) -> None:
    """Tell a refusal for good (5xx about this message) from one for now; 530, our missing password, is for now."""
    if 500 <= code < 600 and code != 530:
        raise MailRefused(f"the mail server answered {code}") from None
    raise MailDelayed(f"the mail server answered {code}") from None
