"""Settings: every one an environment variable, checked at start, refused by name."""

import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

import msgspec

PROJECT = Path(__file__).resolve().parents[2]
TIME_ZONE = "Asia/Ho_Chi_Minh"


class SettingsError(Exception):
    """A setting is wrong; the text names the variable and says what is expected."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the environment decides; one value for the whole process."""

    database_url: str | None
    owner_database_url: str | None
    port: int
    host: str
    public_url: str
    var: Path
    secret: bytes
    smtp_url: str | None
    mail_from: str | None
    storage_path: Path
    worker_beside: bool
    processes: int
    pool_size: int
    trusted_proxies: str | None
    log_level: str
    log_format: Literal["json", "text"]
    demo: bool

    @property
    def time_zone(self) -> str:
        """The zone of the law and of every office: fixed, so no variable sets it."""
        return TIME_ZONE

    @property
    def secure(self) -> bool:
        """True when people reach the app by https: cookies are Secure then and HSTS is sent."""
        return self.public_url.startswith("https://")

    @property
    def embedded(self) -> bool:
        """True when the app starts its own PostgreSQL."""
        return self.database_url is None


class Variable(NamedTuple):
    """One environment variable: how its text is read, what it means, what is shown as its default."""

    name: str
    field: str
    default: str
    meaning: str
    expected: str
    read: Callable[[str], object]
    confidential: bool = False


class Row(NamedTuple):
    """One line of `motcua settings`; `value` is None when the default holds."""

    name: str
    default: str
    value: str | None
    meaning: str
    expected: str


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


_POSTGRES = "a URL like postgresql://user:password@host:5432/database"

VARIABLES = (
    Variable(
        "DATABASE_URL",
        "database_url",
        "(PostgreSQL started by the app)",
        "The PostgreSQL server (15 or newer) the app runs on, as a role without rights over the tables' shape.",
        _POSTGRES,
        _postgres_url,
        confidential=True,
    ),
    Variable(
        "MOTCUA_OWNER_DATABASE_URL",
        "owner_database_url",
        "(only with DATABASE_URL)",
        "The same database as the role that owns it: only migrations use it.",
        _POSTGRES,
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


def load(environ: Mapping[str, str]) -> Settings:
    """Read all settings from `environ`; an empty variable counts as not given.

    Makes the secret's file when neither the variable nor the file is there. Raises SettingsError.
    """
    known = {variable.name for variable in VARIABLES}
    for name in environ:
        if name.startswith("MOTCUA_") and name not in known:
            raise SettingsError(f"{name}: there is no such setting; `motcua settings` lists them all")
    values: dict[str, object] = {variable.field: _read(variable, environ) for variable in VARIABLES}
    _complete(values)
    return msgspec.convert(values, Settings)


def _read(variable: Variable, environ: Mapping[str, str]) -> object:
    text = environ.get(variable.name, "").strip()
    if not text and re.search("[(<]", variable.default):  # depends on others: _complete knows
        return None
    try:
        return variable.read(text or variable.default)
    except (ValueError, KeyError):
        shown = "" if variable.confidential else f", not {text!r}"
        raise SettingsError(f"{variable.name}: expected {variable.expected}{shown}") from None


def _complete(values: dict[str, object]) -> None:
    """Fill in the defaults that depend on other settings and refuse combinations that cannot work."""
    if bool(values["database_url"]) != bool(values["owner_database_url"]):
        missing = "DATABASE_URL" if values["owner_database_url"] else "MOTCUA_OWNER_DATABASE_URL"
        raise SettingsError(
            f"{missing}: expected {_POSTGRES}; DATABASE_URL (the role that runs) and "
            "MOTCUA_OWNER_DATABASE_URL (the role that migrates) are given together"
        )
    if values["smtp_url"] and not values["mail_from"]:
        raise SettingsError("MOTCUA_MAIL_FROM: expected an e-mail address, because MOTCUA_SMTP_URL is given")
    var = values["var"] or PROJECT / "var"
    assert isinstance(var, Path)
    if values["public_url"] is None:
        values["public_url"] = f"http://localhost:{values['port']}"
    values["var"] = var
    values["storage_path"] = values["storage_path"] or var / "storage"
    values["secret"] = values["secret"] or _kept_secret(var)


def _kept_secret(var: Path) -> bytes:
    path = var / "secret"
    try:
        var.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            fresh = path.with_name(f"secret.{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
            try:
                os.link(fresh, path)  # of two processes starting at once the first decides, whole or not at all
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_bytes().strip()
    except OSError as error:
        raise SettingsError(
            f"MOTCUA_VAR: expected a folder this user may write to, but {error.filename}: {error.strerror}"
        ) from None


_used: list[Settings] = []


def current() -> Settings:
    """The settings of this process, read from the environment once. Raises SettingsError."""
    if not _used:
        _used.append(load(os.environ))
    return _used[-1]


@contextmanager
def use(settings: Settings) -> Iterator[Settings]:
    """Let `current()` answer `settings` inside the block: for tests and throw-away databases."""
    _used.append(settings)
    try:
        yield settings
    finally:
        _used.pop()


def describe(environ: Mapping[str, str]) -> list[Row]:
    """What `motcua settings` lists: one row per variable, secrets hidden, nothing checked."""
    return [
        Row(v.name, v.default, _shown(v, environ.get(v.name, "").strip()), v.meaning, v.expected) for v in VARIABLES
    ]


def _shown(variable: Variable, text: str) -> str | None:
    if not text:
        return None
    return "(given, not shown)" if variable.confidential else text
