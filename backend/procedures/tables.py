"""The catalogue: procedures, their versions, the words they are found by, and which agency takes them online."""

from enum import StrEnum

from piccolo.columns import JSONB, BigInt, Boolean, Bytea, Date, Integer, SmallInt, Text
from piccolo.constraints import Unique
from piccolo.table import Table

from backend.kit.columns import key, moment, one_of, reference, word
from backend.kit.database import DB


class Connection(StrEnum):
    """Through which front door a filing comes, and so who owns its state (domain.md §1)."""

    LOCAL = "local"
    PROVINCIAL = "provincial"
    MINISTRY = "ministry"
    PORTAL = "portal"


class Procedure(Table, tablename="procedure", db=DB):
    """One administrative procedure under its national code; what lists and search need of its present version."""

    code = Text(primary_key=True, default=None, help_text="1.004873")
    slug = Text(default=None)
    name = Text(default=None)
    plain_name = Text(default=None)
    field_slug = Text(default=None, index=True)
    field_name = Text(default=None)
    synonyms = JSONB(default="[]", help_text="what people say, as written")
    audience = JSONB(default="[]")
    channels = JSONB(default="[]", help_text="online, counter, post")
    service_level = Text(default=None)
    status = Text(default=None)
    frequency = SmallInt(default=1)
    current_version = reference()


class ProcedureVersion(Table, tablename="procedure_version", db=DB):
    """A procedure as published at one time; a dossier keeps the version it was filed under."""

    id = key()
    code = Text(default=None)
    number = Integer(default=1)
    digest = Bytea(default=None, help_text="sha256 of the canonical definition: an unchanged one makes no version")
    definition = JSONB(default=None)
    valid_from = Date(default=None, null=True)
    valid_to = Date(default=None, null=True)
    imported_at = moment(null=False)

    version_in_order = Unique(["code", "number"])


class CatalogueState(Table, tablename="catalogue_state", db=DB):
    """One row: when the catalogue last changed, and what its documents share (default form, option sets)."""

    id = SmallInt(primary_key=True, default=1)
    stamp = reference(help_text="new with every change: by it each process sees that the index in its memory has aged")
    commons = JSONB(default="{}", help_text="for JSON Lines, which carry procedures only")


class ProcedureOffering(Table, tablename="procedure_offering", db=DB):
    """One agency's word on one procedure: taken online or not, through which connection."""

    id = key()
    agency = reference()
    code = Text(default=None)
    online = Boolean(default=False)
    connection = word(Connection)
    changed_at = moment(null=False)
    changed_by = reference(null=True, help_text="officer")

    connection_known = one_of("connection", Connection)
    offering_once = Unique(["agency", "code"])


class LocalTariff(Table, tablename="local_tariff", db=DB):
    """An amount the province or the office set for a fee that the catalogue leaves open."""

    id = key()
    agency = reference()
    code = Text(default=None)
    fee = Text(default=None, help_text="the fee rule's id")
    amount_vnd = BigInt(default=None)
    online_vnd = BigInt(default=None, null=True)
    basis = Text(default="")
    valid_from = Date(default=None)
    set_at = moment(null=False)
    set_by = reference(null=True, help_text="officer")

    tariff_once_a_day = Unique(["agency", "code", "fee", "valid_from"])
