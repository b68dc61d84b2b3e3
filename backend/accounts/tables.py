"""People who have an account, the devices they are signed in on, what they agreed to, codes given once."""

from enum import StrEnum

from piccolo.columns import JSONB, Bytea, Date, Integer, Text
from piccolo.table import Table

from backend.kit.columns import key, moment, one_of, reference, word
from backend.kit.database import DB


class CodePurpose(StrEnum):
    """What a code that is given once is good for."""

    RECOVERY = "recovery"
    EMAIL = "email"


class Account(Table, tablename="account", db=DB):
    """One person's account. Registering proves nothing: only `identity_verified_at` does."""

    id = key()
    phone = Text(default=None, index=True, help_text="national form, 0912345678; several accounts may share one")
    personal_id_sealed = Text(default=None, secret=True, help_text="12 digits, sealed")
    personal_id_print = Bytea(default=None, index=True, help_text="keyed digest; unique among verified accounts only")
    password_hash = Text(default=None, secret=True, help_text="three letters of a keyed digest, argon2id")
    full_name = Text(default=None)
    birth_date = Date(default=None, null=True)
    sex = Text(default=None, null=True)
    email = Text(default=None, null=True)
    email_confirmed_at = moment()
    residence = JSONB(default=None, null=True)
    language = Text(default="vi")
    identity_verified_at = moment(help_text="an officer saw the card")
    identity_verified_by = reference(null=True, help_text="that officer's account")
    officer_since = moment(help_text="set by the agencies room: may enter staff mode")
    created_at = moment(null=False)
    closed_at = moment()


class Session(Table, tablename="session", db=DB):
    """One device that is, or was, signed in."""

    id = key()
    account = reference(index=True)
    token_hash = Bytea(default=None, unique=True, secret=True)
    device = Text(default="", help_text="browser and system in words, for the person to recognise")
    known = reference(null=True, help_text="the known device it was opened on")
    created_at = moment(null=False)
    seen_at = moment(null=False)
    expires_at = moment(null=False)
    revoked_at = moment()


class KnownDevice(Table, tablename="known_device", db=DB):
    """A browser on which somebody has signed in: the wrong guesses of strangers do not stop it."""

    id = key()
    account = reference(index=True)
    token_hash = Bytea(default=None, index=True, secret=True, help_text="of one browser; its accounts share it")
    last_hash = Bytea(
        default=None, null=True, index=True, secret=True, help_text="the token before, if the answer was lost"
    )
    made_at = moment(null=False)
    used_at = moment(null=False)
    expires_at = moment(null=False)
    revoked_at = moment()


class Consent(Table, tablename="consent", db=DB):
    """One agreement to something beyond the procedure (Law 91/2025): which words, when given, when withdrawn."""

    id = key()
    account = reference(index=True)
    purpose = Text(default=None)
    version = Integer(default=1)
    given_at = moment(null=False)
    withdrawn_at = moment()


class OneTimeCode(Table, tablename="one_time_code", db=DB):
    """A code that works once: to confirm an e-mail address, or to set a new password."""

    id = key()
    account = reference(index=True)
    purpose = word(CodePurpose)
    code_hash = Bytea(default=None, secret=True)
    target = Text(default=None, null=True, help_text="the address it confirms")
    made_by = reference(null=True, help_text="the officer's account, for codes given at the counter")
    made_at = moment(null=False)
    expires_at = moment(null=False)
    tries = Integer(default=0)
    used_at = moment()

    purpose_known = one_of("purpose", CodePurpose)
