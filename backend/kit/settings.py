"""Settings: every one an environment variable, checked at start, refused by name."""

import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from backend.kit.settings_list import POSTGRES_URL, VARIABLES, Variable

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


class Row(NamedTuple):
    """One line of `motcua settings`; `value` is None when the default holds."""

    name: str
    default: str
    value: str | None
    meaning: str
    expected: str


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
            f"{missing}: expected {POSTGRES_URL}; DATABASE_URL (the role that runs) and "
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


def doubts(settings: Settings) -> list[str]:
    """Return what works but is hardly meant, a sentence each, for whoever starts the app."""
    found = []
    if settings.secure and settings.trusted_proxies is None:
        found.append(
            "MOTCUA_TRUSTED_PROXIES is not given although MOTCUA_PUBLIC_URL is https: everybody who comes through the "
            "proxy shares its address, and one limit of tries"
        )
    return found


def describe(environ: Mapping[str, str]) -> list[Row]:
    """What `motcua settings` lists: one row per variable, secrets hidden, nothing checked."""
    return [
        Row(v.name, v.default, _shown(v, environ.get(v.name, "").strip()), v.meaning, v.expected) for v in VARIABLES
    ]


def _shown(variable: Variable, text: str) -> str | None:
    if not text:
        return None
    return "(given, not shown)" if variable.confidential else text
