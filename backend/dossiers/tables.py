"""A dossier from draft to archive, what officers write on it, the papers issued for it, and the counters of codes."""

from enum import StrEnum

from piccolo.columns import JSONB, BigInt, Boolean, Bytea, Date, Integer, Text
from piccolo.constraints import Unique
from piccolo.table import Table

from backend.kit.columns import key, moment, one_of, reference, word
from backend.kit.database import DB


class State(StrEnum):
    """The closed list of domain.md §4. `paused` and `extended` are facts of the clock, not states."""

    DRAFT = "draft"
    PREPARED = "prepared"
    SUBMITTED = "submitted"
    RECEIVED = "received"
    IN_PROCESS = "in_process"
    AWAITING_SUPPLEMENT = "awaiting_supplement"
    AWAITING_FEE = "awaiting_fee"
    DECIDED = "decided"
    ISSUED = "issued"
    DELIVERED = "delivered"
    ARCHIVED = "archived"
    REFUSED = "refused"
    REJECTED = "rejected"
    STOPPED = "stopped"
    FORWARDED = "forwarded"


class ChannelOfFiling(StrEnum):
    """How the dossier reached the office."""

    ONLINE = "online"
    COUNTER = "counter"
    POST = "post"


class StateOwner(StrEnum):
    """Whose word on the state holds: ours, or a foreign system's."""

    OURS = "ours"
    FOREIGN = "foreign"


class ForeignSystem(StrEnum):
    """Systems of others that give a dossier a code of their own."""

    PORTAL = "portal"
    PROVINCIAL = "provincial"
    MINISTRY = "ministry"


class PaperForm(StrEnum):
    """Papers the office issues on a dossier (TT 03/2025 Annex I, and our acknowledgement)."""

    ACKNOWLEDGEMENT = "acknowledgement"
    FORM_01 = "01"
    FORM_03 = "03"


class FeesCause(StrEnum):
    """Why the fee lines of a dossier are as they are: frozen at filing, then an officer's word on an exemption."""

    FILED = "filed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Dossier(Table, tablename="dossier", db=DB):
    """One matter of one person before one agency."""

    id = key()
    agency = reference()
    code = Text(default=None, null=True, unique=True, help_text="given once, on submission")
    prepared_code = Text(default=None, null=True, unique=True, help_text="by which the counter opens what was prepared")
    procedure_code = Text(default=None)
    version = reference(help_text="the procedure version it is filed under")
    case_key = Text(default=None, null=True)
    channel = word(ChannelOfFiling)
    connection = Text(default="local")
    state_owner = word(StateOwner)
    state = word(State)
    step = Text(default=None, null=True, help_text="key of the workflow step, once received")
    assignee = reference(null=True, help_text="officer who has it")
    account = reference(null=True, help_text="who filed it; none at the counter without an account")
    owner_name = Text(default="", help_text="as shown to officers")
    owner_search = Text(default="", help_text="folded name")
    owner_phone = Text(default="", help_text="national form")
    owner_number = Bytea(default=None, null=True, secret=True, help_text="fingerprint of the personal number")
    answers = JSONB(default="{}")
    revision = Integer(default=1, help_text="of the answers; a save carries the one it was made on")
    saved_step = Integer(default=1, help_text="where the person goes on")
    created_at = moment(null=False)
    updated_at = moment(null=False)
    submitted_at = moment()
    intake_due_at = moment(help_text="when an online filing must be answered")
    intake_reminded_at = moment(help_text="when the office was told that the answer is due")
    expected_at = moment(help_text="shown on the acknowledgement, counted from submission")
    received_at = moment()
    due_at = moment(help_text="fixed when received")
    decided_at = moment()
    issued_at = moment()
    ended_at = moment(help_text="delivered, refused, rejected, stopped or forwarded")
    fees = JSONB(default="[]", help_text="the fee lines that hold, VND; every version stands in dossier_fees")
    fee_total = BigInt(default=None, null=True, help_text="VND; none while an amount is not set")
    papers = JSONB(default="[]", help_text="required papers frozen at filing")
    proposal = JSONB(default=None, null=True, help_text="a proposal to reject that waits for the signer")
    counter = JSONB(default="{}", help_text="what the counter noted: papers seen and counted")
    slip_secret = Text(default=None, null=True, secret=True, help_text="sealed; 8 characters printed on the slip")
    tracking_token = Text(default=None, null=True, secret=True, help_text="sealed; in the QR")
    tracking_hash = Bytea(default=None, null=True, unique=True, secret=True)

    channel_known = one_of("channel", ChannelOfFiling)
    state_owner_known = one_of("state_owner", StateOwner)
    state_known = one_of("state", State)


class DossierNote(Table, tablename="dossier_note", db=DB):
    """What an officer wrote on a dossier."""

    id = key()
    agency = reference()
    dossier = reference(index=True)
    officer = reference()
    text = Text(default=None)
    shown_to_citizen = Boolean(default=False)
    at = moment(null=False)


class DossierPresence(Table, tablename="dossier_presence", db=DB):
    """One page of a dossier that lies open before an officer, for as long as its stream lasts."""

    id = key()
    agency = reference()
    dossier = reference(index=True)
    officer = reference()
    seen_at = moment(null=False)


class DossierFees(Table, tablename="dossier_fees", db=DB):
    """One version of a dossier's fee lines; only ever added, the one of the highest turn holds."""

    id = key()
    agency = reference()
    dossier = reference()
    turn = Integer(default=1)
    lines = JSONB(default="[]", help_text="VND")
    total = BigInt(default=None, null=True, help_text="VND; none while an amount is not set")
    cause = word(FeesCause)
    at = moment(null=False)
    by = reference(null=True, help_text="officer")

    cause_known = one_of("cause", FeesCause)
    dossier_fees_once = Unique(["dossier", "turn"])


class ForeignCode(Table, tablename="dossier_foreign_code", db=DB):
    """A code another system gave the dossier; only ever added, a later one of the same system takes its place."""

    id = key()
    agency = reference()
    dossier = reference(index=True)
    system = word(ForeignSystem)
    code = Text(default=None)
    turn = Integer(default=0, help_text="how often this code was withdrawn before")
    since = moment(null=False)
    noted_by = reference(help_text="officer")

    system_known = one_of("system", ForeignSystem)
    foreign_code_once = Unique(["system", "code", "turn"])


class ForeignCodeWithdrawal(Table, tablename="dossier_foreign_code_withdrawal", db=DB):
    """That a noted code was a mistake; only ever added, the code itself stays to be read."""

    id = key()
    agency = reference()
    dossier = reference(index=True)
    foreign_code = reference()
    reason = Text(default=None)
    at = moment(null=False)
    withdrawn_by = reference(help_text="officer")

    foreign_code_withdrawal_once = Unique(["foreign_code"])


class DossierPaper(Table, tablename="dossier_paper", db=DB):
    """A statutory paper as issued: its data frozen, so that it prints the same for ever."""

    id = key()
    agency = reference()
    dossier = reference(index=True)
    form = word(PaperForm)
    number = Text(default="", help_text="12/TTPVHCC")
    data = JSONB(default=None)
    issued_at = moment(null=False)
    issued_by = reference(null=True, help_text="officer")

    form_known = one_of("form", PaperForm)


class DossierResult(Table, tablename="dossier_result", db=DB):
    """What the procedure gave: a file, or words where nothing is handed out."""

    id = key()
    agency = reference()
    dossier = reference(index=True)
    file = reference(null=True)
    number = Text(default="")
    summary = Text(default="")
    attached_by = reference()
    attached_at = moment(null=False)
    replaced_at = moment()


class CodeCounter(Table, tablename="code_counter", db=DB):
    """The last running number of an agency's day; its row lock gives codes without gaps or doubles."""

    id = key()
    agency = reference()
    day = Date(default=None)
    last = Integer(default=0)

    code_counter_once = Unique(["agency", "day"])


class PaperCounter(Table, tablename="paper_counter", db=DB):
    """The last number of one statutory form in an agency's year."""

    id = key()
    agency = reference()
    form = Text(default=None)
    year = Integer(default=None)
    last = Integer(default=0)

    paper_counter_once = Unique(["agency", "form", "year"])
