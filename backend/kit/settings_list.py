"""The list of all settings: each an environment variable, with its default, its meaning and how its text is read."""

import re
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit


class Variable(NamedTuple):
    """One environment variable: how its text is read, what it means, what is shown as its default."""

    name: str
    field: str
    default: str
    meaning: str
    expected: str
    read: Callable[[str], object]
    confidential: bool = False


def _matching(pattern: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(text)
        return text

    return read


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ValueError(text)
        return number

    return read


def _switch(on: str, off: str) -> Callable[[str], bool]:
    return lambda text: {on: True, off: False}[text]


def _postgres_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ValueError(text)
    return text


def _public_url(text: str) -> str:
    parts = urlsplit(text.rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.username:
        raise ValueError(text)
    _ = parts.port  # raises ValueError on a port that is no number
    return text.rstrip("/")


def _smtp_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/"):
        raise ValueError(text)
    _ = parts.port
    return text


def _networks(text: str) -> str:
    for part in text.split(","):
        ip_network(part.strip())
    return text


def _folder(text: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_absolute() or (path.exists() and not path.is_dir()):
        raise ValueError(text)
    return path


POSTGRES_URL = "a URL like postgresql://user:password@host:5432/database"

VARIABLES = (
    Variable(
        "DATABASE_URL",
        "database_url",
        "(PostgreSQL started by the app)",
        "The PostgreSQL server (15 or newer) the app runs on, as a role without rights over the tables' shape.",
        POSTGRES_URL,
        _postgres_url,
        confidential=True,
    ),
    Variable(
        "MOTCUA_OWNER_DATABASE_URL",
        "owner_database_url",
        "(only with DATABASE_URL)",
        "The same database as the role that owns it: only migrations use it.",
        POSTGRES_URL,
        _postgres_url,
        confidential=True,
    ),
    Variable(
        "MOTCUA_PORT",
        "port",
        "8000",
        "The port the server listens on.",
        "a number from 1 to 65535",
        _number(1, 65535),
    ),
    Variable(
        "MOTCUA_HOST",
        "host",
        "127.0.0.1",
        "The address the server listens on; 0.0.0.0 lets other machines in.",
        "an IP address or a host name",
        _matching(r"[0-9A-Za-z.:_-]+"),
    ),
    Variable(
        "MOTCUA_PUBLIC_URL",
        "public_url",
        "http://localhost:<port>",
        "Where people reach the app: written into links and QR codes; https makes cookies Secure and sends HSTS.",
        "http:// or https:// and a host, without a path",
        _public_url,
    ),
    Variable(
        "MOTCUA_VAR",
        "var",
        "<project>/var",
        "The folder for what the app keeps: its database, attachments, secret, logs.",
        "an absolute path to a folder",
        _folder,
    ),
    Variable(
        "MOTCUA_SECRET",
        "secret",
        "(made once, kept in <var>/secret)",
        "The key that seals drafts and signs links; the same on every process. Changing it voids what was sealed.",
        "at least 32 characters",
        lambda text: _matching(r".{32,}")(text).encode(),
        confidential=True,
    ),
    Variable(
        "MOTCUA_STORAGE_PATH",
        "storage_path",
        "<var>/storage",
        "The folder for attachments and issued papers.",
        "an absolute path to a folder",
        _folder,
    ),
    Variable(
        "MOTCUA_SMTP_URL",
        "smtp_url",
        "(no e-mail is sent)",
        "The mail server. smtps:// speaks TLS from the start, smtp:// turns to TLS when the server offers it.",
        "a URL like smtp://user:password@host:587",
        _smtp_url,
        confidential=True,
    ),
    Variable(
        "MOTCUA_MAIL_FROM",
        "mail_from",
        "(needed with MOTCUA_SMTP_URL)",
        "The sender's address of e-mails.",
        "an e-mail address",
        _matching(r"[^@\s<>]+@[^@\s<>]+"),
    ),
    Variable(
        "MOTCUA_WORKER",
        "worker_beside",
        "beside",
        "Whether `run` starts the worker beside the server; none: `motcua worker` runs elsewhere.",
        "beside or none",
        _switch("beside", "none"),
    ),
    Variable(
        "MOTCUA_PROCESSES",
        "processes",
        "1",
        "The number of server processes; one for each core is a good choice.",
        "a number from 1 to 64",
        _number(1, 64),
    ),
    Variable(
        "MOTCUA_POOL_SIZE",
        "pool_size",
        "10",
        "The most database connections one process holds for requests.",
        "a number from 2 to 200",
        _number(2, 200),
    ),
    Variable(
        "MOTCUA_TRUSTED_PROXIES",
        "trusted_proxies",
        "(none: whoever connects is the client)",
        "The reverse proxies whose X-Forwarded-For is believed when tries are limited per address.",
        "IP addresses or networks, separated by commas",
        _networks,
    ),
    Variable(
        "MOTCUA_LOG_LEVEL",
        "log_level",
        "info",
        "The least important kind of line that is logged.",
        "debug, info, warning or error",
        _matching("debug|info|warning|error"),
    ),
    Variable(
        "MOTCUA_LOG_FORMAT",
        "log_format",
        "json",
        "json: one object per line, for machines; text: for reading.",
        "json or text",
        _matching("json|text"),
    ),
    Variable(
        "MOTCUA_DEMO",
        "demo",
        "yes",
        "Whether `run` fills an empty database with the demo office.",
        "yes or no",
        _switch("yes", "no"),
    ),
)
