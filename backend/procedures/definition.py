"""A procedure as its published definition states it. Decoded strictly: an unknown key or a wrong type names its place.

Files split it by trait: time limits in `limits.py`, the form in the forms room; workflow and linked procedures in `workflow.py`.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from backend.forms.definition import Field, Form, Option, Reuse
from backend.forms.facts import Expression
from backend.kit.text import slug
from backend.procedures.limits import TimeLimit
from backend.procedures.workflow import Linked, Step

Code = Annotated[str, Meta(pattern=r"^\d\.\d{6}$")]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")]
Vnd = Annotated[int, Meta(ge=0, le=100_000_000_000)]
Text = Annotated[str, Meta(min_length=1, max_length=4000)]


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of the shapes: unknown keys are refused, nothing changes afterwards."""


class ServiceLevel(StrEnum):
    """How much can be done online (NĐ 224/2026 Art 14)."""

    FULL = "full"
    PARTIAL = "partial"
    INFORMATION = "information"


class Channel(StrEnum):
    """How a filing reaches the office."""

    ONLINE = "online"
    COUNTER = "counter"
    POST = "post"


class Audience(StrEnum):
    """Whom a procedure is for."""

    CITIZEN = "citizen"
    BUSINESS = "business"
    ORGANISATION = "organisation"


class Authority(StrEnum):
    """Who decides: the commune, its police (another agency), or several together."""

    COMMUNE = "commune"
    COMMUNE_POLICE = "commune_police"
    SHARED = "shared"


class Status(StrEnum):
    """`expiring` receives until `valid_to`."""

    ACTIVE = "active"
    EXPIRING = "expiring"


class PaperKind(StrEnum):
    """`present`: shown to the officer, never kept."""

    SUBMIT = "submit"
    PRESENT = "present"


class Need(StrEnum):
    """Whether a paper is needed; conditional: by `required_if`, else as `condition` says in words."""

    REQUIRED = "required"
    CONDITIONAL = "conditional"
    OPTIONAL = "optional"


class FeeKind(StrEnum):
    """charge = phí (for a service), fee = lệ phí (for a state act)."""

    CHARGE = "charge"
    FEE = "fee"


class SetBy(StrEnum):
    """Who sets the amount; tax: notified and paid elsewhere."""

    MINISTRY = "ministry"
    PROVINCE = "province"
    COMMUNE = "commune"
    TAX = "tax"


class FeeDue(StrEnum):
    """When a fee is to be paid."""

    SUBMISSION = "submission"
    ACCEPTANCE = "acceptance"
    RESULT = "result"


class FieldOfWork(Strict, frozen=True, kw_only=True):
    """The field a procedure belongs to: Hộ tịch, Chứng thực …"""

    slug: Slug
    name: Text
    count: int | None = None


class Case(Strict, frozen=True, kw_only=True):
    """One of the ways a matter can stand. `when` null: a person chooses it."""

    key: Key
    label: Text
    when: Expression | None


class ChannelRule(Strict, frozen=True, kw_only=True):
    """What holds when filed through one channel; `fees` are ids of fee rules."""

    channel: Channel
    time_limit: TimeLimit
    fees: tuple[Key, ...]
    note: str = ""


class Template(Strict, frozen=True, kw_only=True):
    """The official template of a paper."""

    name: Text
    code: str | None
    basis: str


class PaperRule(Strict, frozen=True, kw_only=True):
    """One paper of the procedure."""

    id: Key
    name: Text
    kind: PaperKind
    originals: Annotated[int, Meta(ge=0, le=20)]
    copies: Annotated[int, Meta(ge=0, le=20)]
    required: Need
    required_if: Expression | None
    condition: str
    template: Template | None
    reuse: Reuse | None
    accepts: tuple[str, ...]
    max_mb: Annotated[int, Meta(ge=1, le=500)]
    max_files: Annotated[int, Meta(ge=1, le=100)]
    channels: tuple[Channel, ...] | None
    note: str = ""


class Tier(Strict, frozen=True, kw_only=True):
    """A price by page of the original; `to_page` null: to the last."""

    from_page: Annotated[int, Meta(ge=1)]
    to_page: Annotated[int, Meta(ge=1)] | None
    amount_vnd: Vnd


class Quantity(Strict, frozen=True, kw_only=True):
    """How many units are charged: one of value, sum, count (paths), each with pages and copies, or ask (a question)."""

    value: str | None = None
    sum: str | None = None
    count: str | None = None
    each: str | None = None
    pages: str | None = None
    copies: str | None = None
    ask: str | None = None

    def __post_init__(self) -> None:
        """Refuse none or several ways of counting at once."""
        ways = [self.value, self.sum, self.count, self.each, self.ask]
        if sum(way is not None for way in ways) != 1:
            raise ValueError("`quantity` needs exactly one of value, sum, count, each, ask")
        if (self.each is None) != (self.pages is None) or (self.each is None) != (self.copies is None):
            raise ValueError("`each` goes with `pages` and `copies`")


class Exemption(Strict, frozen=True, kw_only=True):
    """Who pays less: everything, or `percent`. Holds by `when`, else when the person says so."""

    id: Key
    name: Text
    proof: str
    basis: str
    valid_from: date | None = None
    valid_to: date | None = None
    channels: tuple[Channel, ...] | None = None
    percent: Annotated[int, Meta(ge=1, le=100)] | None = None
    when: Expression | None = None
    unconfirmed: bool = False


class LocalExample(Strict, frozen=True, kw_only=True):
    """What one province set, as an example; `online_vnd` when filed online."""

    place: Text
    amount_vnd: Vnd | None
    online_vnd: Vnd | None = None
    basis: str
    note: str = ""


class FeeRule(Strict, frozen=True, kw_only=True):
    """One fee. Priced by tiers, else `amount_vnd`, else locally."""

    id: Key
    kind: FeeKind
    name: Text
    amount_vnd: Vnd | None
    unit: Text
    set_by: SetBy
    applies_if: Expression | None
    quantity: Quantity | None
    tiers: tuple[Tier, ...]
    cap_vnd: Vnd | None
    exemptions: tuple[Exemption, ...]
    channels: tuple[Channel, ...] | None
    local_examples: tuple[LocalExample, ...]
    refundable: bool
    valid_from: date | None
    valid_to: date | None
    due: FeeDue = FeeDue.ACCEPTANCE
    note: str = ""

    @property
    def local(self) -> bool:
        """Whether the amount is left to the province or the office."""
        return not self.tiers and self.amount_vnd is None and self.set_by is not SetBy.TAX


class Result(Strict, frozen=True, kw_only=True):
    """What the procedure gives, and for how long it holds."""

    name: Text
    validity: str


class Law(Strict, frozen=True, kw_only=True):
    """One text of the legal basis."""

    number: Text
    title: Text
    issued: date | None
    article: str | None = None


class PostingRule(Strict, frozen=True, kw_only=True):
    """What must be posted publicly, where and for how long."""

    required_if: Expression | None
    days: Annotated[int, Meta(ge=1)]
    unit: str
    where: Text
    what: Text


class Secrecy(Strict, frozen=True, kw_only=True):
    """Who must stay unseen, and when."""

    level: str
    when: Expression | None
    rule: Text


class CitizenDeadline(Strict, frozen=True, kw_only=True):
    """By when the citizen has to come; `from` null: only `event` tells, nothing is computed."""

    value: Annotated[int, Meta(ge=1)] | None
    unit: str | None
    counted_from: str | None = msgspec.field(name="from")
    consequence: str
    event: str | None = None


class Term(Strict, frozen=True, kw_only=True):
    """An office word in plain words."""

    term: Text
    meaning: Text


class Procedure(Strict, frozen=True, kw_only=True):
    """One procedure, whole."""

    code: Code
    name: Text
    plain_name: Text
    synonyms: tuple[Text, ...]
    field: FieldOfWork
    audience: Annotated[tuple[Audience, ...], Meta(min_length=1)]
    level_of_authority: Authority
    agency: Text
    deciding_authority: Text
    service_level: ServiceLevel
    service_level_old: Annotated[int, Meta(ge=1, le=4)] | None = None
    status: Status
    valid_from: date | None
    valid_to: date | None
    replaces: tuple[Code, ...]
    replaced_by: tuple[Code, ...]
    decision: str | None
    cases: tuple[Case, ...]
    channels: Annotated[tuple[ChannelRule, ...], Meta(min_length=1)]
    documents: tuple[PaperRule, ...]
    fee_rules: tuple[FeeRule, ...]
    result: tuple[Result, ...]
    legal_basis: tuple[Law, ...]
    conditions: str
    steps: Annotated[tuple[Step, ...], Meta(min_length=1)]
    linked: Linked | None
    posting: PostingRule | None
    secrecy: Secrecy | None
    deadline_for_citizen: CitizenDeadline | None
    refusal_reasons: tuple[Text, ...]
    tips: tuple[Text, ...]
    glossary: tuple[Term, ...]
    frequency: Annotated[int, Meta(ge=1, le=5)]
    notes: str
    form: Form | None
    sources: tuple[str, ...]
    unconfirmed: tuple[str, ...]
    budget_hours_total: Annotated[float, Meta(ge=0)]

    @property
    def slug(self) -> str:
        """The last part of its address: dang-ky-khai-sinh-1.001193."""
        return f"{slug(self.plain_name)}-{self.code}"

    def channel(self, channel: str) -> ChannelRule | None:
        """Return the rule of one channel; None where it cannot be filed that way."""
        return next((rule for rule in self.channels if rule.channel == channel), None)

    def fee(self, identity: str) -> FeeRule | None:
        """Return a fee rule by its id."""
        return next((rule for rule in self.fee_rules if rule.id == identity), None)

    def step(self, key: str) -> Step | None:
        """Return a step of the workflow by its key."""
        return next((step for step in self.steps if step.key == key), None)

    def chosen_cases(self) -> tuple[Case, ...]:
        """Return the cases a person chooses; the others follow from the answers."""
        return tuple(case for case in self.cases if case.when is None)

    def doubts(self, about: str) -> tuple[str, ...]:
        """Return what is unconfirmed about one part: doubts("fee_rules") → reasons ("" where none is given)."""
        found = []
        for doubt in self.unconfirmed:
            path, _, reason = doubt.partition(":")
            if path == about or path.startswith(f"{about}.") or path.endswith(f".{about}"):
                found.append(reason.strip())
        return tuple(found)


class Version(Procedure, frozen=True, kw_only=True):
    """A procedure as one version of it is kept: with the default form of its day where it has none of its own."""

    default_form: Form | None = None


class Composite(Strict, frozen=True, kw_only=True):
    """The parts of a person or an address, as the document explains them; the form engine brings its own."""

    note: str = ""
    parts: tuple[Field, ...] = ()


class Source(Strict, frozen=True, kw_only=True):
    """The top of a document: what its procedures share."""

    schema_version: int = 1
    as_of: date | None = None
    language: str = "vi"
    sources: dict[str, str] = {}
    fields: tuple[FieldOfWork, ...] = ()
    composites: dict[str, Composite] = {}
    option_sets: dict[str, tuple[Option, ...]] = {}
    default_form: Form | None = None


class Document(Source, frozen=True, kw_only=True):
    """A whole document: what is shared, then the procedures."""

    procedures: tuple[Procedure, ...]
