"""What the pages show: a hit in a list, and one procedure's page with the outcome of the case asked about."""

from collections.abc import Sequence
from datetime import date, datetime
from math import ceil

import msgspec

from backend.forms.answers import leaves
from backend.forms.choices import Offered
from backend.forms.controls import Control
from backend.forms.definition import Field, FieldType, Form, Section
from backend.forms.facts import Facts
from backend.forms.paths import Answers, join
from backend.forms.reading import Posted
from backend.forms.rendering import step_view
from backend.forms.steps import Step as FormStep
from backend.kit import formats
from backend.kit.clock import local
from backend.kit.language import N_, _
from backend.procedures import checklist
from backend.procedures.definition import Channel, PaperRule, Procedure, ServiceLevel, Version
from backend.procedures.fees import Standing, is_free
from backend.procedures.limits import describe_open
from backend.procedures.matter import Matter, Office
from backend.procedures.offerings import Offering
from backend.procedures.outcome import Outcome, PaperStanding, reckon
from backend.procedures.queries import Published, form_of
from backend.procedures.words import (
    ComeBy,
    FeeWords,
    PaperWords,
    come_by,
    cost_words,
    fee_words,
    paper_words,
    takes_words,
)
from backend.procedures.workflow import main_path

_MOST_CIRCLES = 4
_SECONDS_A_QUESTION, _SECONDS_A_PAPER, _MINUTES_STEP = 10, 60, 5

LEVELS = {
    ServiceLevel.FULL: N_("Làm hết trên mạng"),
    ServiceLevel.PARTIAL: N_("Nộp trên mạng, có việc phải đến nơi"),
    ServiceLevel.INFORMATION: N_("Làm tại quầy, ở đây có hướng dẫn"),
}
CHANNELS = {Channel.ONLINE: N_("Nộp trên mạng"), Channel.COUNTER: N_("Nộp tại quầy"), Channel.POST: N_("Gửi bưu chính")}
_DOUBTS = {
    "service_level": N_("làm trên mạng đến đâu"),
    "fee_rules": N_("mức thu"),
    "fees": N_("mức thu"),
    "time_limit": N_("thời hạn"),
    "channels": N_("thời hạn"),
    "linked": N_("thời hạn"),
    "budget": N_("thời hạn"),
    "documents": N_("giấy tờ"),
    "legal_basis": N_("căn cứ pháp lý"),
    "result": N_("giá trị của kết quả"),
    "decision": N_("quyết định công bố"),
    "conditions": N_("điều kiện"),
    "deciding_authority": N_("người quyết định"),
}
_ROLES = {
    "receptionist": N_("Cán bộ một cửa"),
    "processor": N_("Cán bộ chuyên môn"),
    "approver": N_("Người được giao ký"),
    "leader": N_("Lãnh đạo xã"),
    "clerk": N_("Văn thư"),
}


def usual_channel(procedure: Procedure, offering: Offering) -> Channel:
    """Return how the procedure is usually filed with this office: online where it is open, else at the counter."""
    if offering.online and procedure.channel(Channel.ONLINE):
        return Channel.ONLINE
    return Channel.COUNTER if procedure.channel(Channel.COUNTER) else procedure.channels[0].channel


def outcome_of(version: Version, channel: Channel, answers: Answers, office: Office, at: datetime) -> Outcome:
    """Return what a case of which only some answers are known needs, costs and takes, filed at `at`."""
    return reckon(version, Matter(channel, at, answers, whole=False), office)


class Case(msgspec.Struct, frozen=True):
    """The part of the page that follows the answers."""

    cost: str
    takes: str
    minutes: int
    expected: str
    needed: tuple[PaperWords, ...]
    not_needed: tuple[PaperWords, ...]
    fees: tuple[FeeWords, ...]
    total: str
    longer_if: tuple[str, ...]
    milestones: tuple[str, ...]
    come_by: ComeBy | None


def case_of(version: Version, channel: Channel, answers: Answers, office: Office, at: datetime) -> Case:
    """Return the outcome of a case in words."""
    outcome = outcome_of(version, channel, answers, office, at)
    papers = [(paper, paper_words(paper, channel)) for paper in outcome.papers]
    lines = [line for line in outcome.fees if line.standing is not Standing.MAYBE or line.amount_vnd != 0]
    if outcome.expected:
        expected = formats.due(outcome.expected)
    else:
        expected = describe_open(outcome.due.open) if outcome.due.open else ""
    return Case(
        cost=cost_words(outcome),
        takes=takes_words(outcome),
        minutes=_minutes(form_of(version, channel), outcome),
        expected=expected,
        needed=tuple(words for paper, words in papers if paper.standing is not PaperStanding.NOT_NEEDED),
        not_needed=tuple(words for paper, words in papers if paper.standing is PaperStanding.NOT_NEEDED),
        fees=tuple(fee_words(line) for line in lines),
        total=cost_words(outcome) if sum(line.standing is Standing.DUE for line in lines) > 1 else "",
        longer_if=tuple(f"{one.condition}: {one.words}" for one in outcome.longer_if),
        milestones=tuple(
            f"{one.name}: {formats.due(one.at)}" if one.at else f"{one.name} ({_after(one.after)})"
            for one in outcome.due.milestones
        ),
        come_by=come_by(version, outcome, local(at).date()),
    )


def _after(event: str | None) -> str:
    return _("tính từ: %(event)s") % {"event": event} if event else ""


def _minutes(form: Form, outcome: Outcome) -> int:
    """How long filling in takes, in steps of five minutes; hidden sections are not counted."""
    shown = [section for section in form.sections if section.visible_if is None]
    required = sum(
        1
        for section in shown
        for field in section.fields
        if field.visible_if is None
        for _path, leaf in leaves(field, join(section.key, field.key))
        if leaf.required or leaf.source is None
    )
    papers = len(outcome.papers_that_are(PaperStanding.NEEDED))
    seconds = required * _SECONDS_A_QUESTION + papers * _SECONDS_A_PAPER
    return max(_MINUTES_STEP, ceil(seconds / 60 / _MINUTES_STEP) * _MINUTES_STEP)


def controls_of(asked: Sequence[checklist.Question], answers: Answers, kept: Answers, at: datetime) -> list[Control]:
    """Return the checklist's questions as the form macros draw them, hidden ones with their condition for the browser."""
    labels = [question.field.label for question in asked]
    fields = [_control_field(question, labels) for question in asked]
    section = Section(key="", title=_("Trường hợp của mình"), fields=fields)
    step = FormStep(key="checklist", title=section.title, section=section, fields=tuple(fields))
    case = answers.get("case")
    facts = Facts(today=local(at).date(), case=case if isinstance(case, str) else None)
    view = step_view(Form(version=1, sections=[section]), step, answers, kept, facts, Offered())
    return view.controls


def _control_field(question: checklist.Question, labels: Sequence[str]) -> Field:
    """The field under its full path: its label says whose it is where that is not plain, and it is never obligatory here."""
    field = question.field
    inside_item = ".0." in question.path
    conditions = [one for one in (question.section.visible_if, None if inside_item else field.visible_if) if one]
    vague = field.type is FieldType.DATE or labels.count(field.label) > 1
    label = f"{question.section.title}: {field.label[0].lower()}{field.label[1:]}" if vague else field.label
    return msgspec.structs.replace(
        field,
        key=question.path,
        type=FieldType.SELECT if field.type is FieldType.RADIO and len(field.options) > _MOST_CIRCLES else field.type,
        label=label,
        help=None,
        required=True,
        visible_if={"all": conditions} if len(conditions) > 1 else conditions[0] if conditions else None,
    )


def doubtful(procedure: Procedure) -> list[str]:
    """Return what is unconfirmed, each thing once, in words."""
    found = []
    for doubt in procedure.unconfirmed:
        head = doubt.partition(":")[0].partition(".")[0].strip()
        words = _(_DOUBTS[head]) if head in _DOUBTS else ""
        if words and words not in found:
            found.append(words)
    return found


def steps_of(procedure: Procedure, channel: Channel) -> list[dict[str, str]]:
    """Return the way of a matter as the citizen sees it: what they do first, then who does what."""
    if channel is Channel.ONLINE:
        first = {
            "title": _("Điền tờ khai, chụp giấy tờ"),
            "text": _("Trên điện thoại, lưu dần, nghỉ lúc nào cũng được."),
        }
    else:
        first = {
            "title": _("Mang giấy tờ đến quầy hoặc gửi bưu chính"),
            "text": _("Chuẩn bị trước ở đây thì tại quầy nhanh hơn."),
        }
    return [first, *({"title": step.name, "text": _(_ROLES[step.role])} for step in main_path(procedure.steps))]


class Page(msgspec.Struct, frozen=True):
    """One procedure's page."""

    procedure: Version
    address: str
    level: str
    level_note: str
    channels: tuple[tuple[str, str, bool], ...]
    channel: Channel
    files_here: bool
    controls: list[Control]
    case: Case
    steps: list[dict[str, str]]
    doubts: list[str]
    templates: tuple[PaperRule, ...]


def procedure_page(
    published: Published, given: Posted, chosen: str, offering: Offering, office: Office, at: datetime
) -> Page:
    """Return everything the page of a procedure shows.

    Args:
        published: the version in force.
        given: answers to the checklist by name.
        chosen: the channel asked for; anything unknown: the usual one.
        offering: the office's word on online filing.
        office: its settings.
        at: now.
    """
    version = published.version
    offered = [rule.channel for rule in version.channels if rule.channel is not Channel.ONLINE or offering.online] or [
        version.channels[0].channel
    ]
    channel = Channel(chosen) if chosen in offered else usual_channel(version, offering)
    channel = channel if channel in offered else offered[0]
    asked = checklist.questions(version, channel)
    answers = checklist.answers_from(asked, given)
    worth, kept = _worth_asking(version, channel, asked, answers, office, local(at).date())
    address = f"/thu-tuc/{published.slug}"
    return Page(
        procedure=version,
        address=address,
        level=_(LEVELS[version.service_level]),
        level_note="" if offering.online else _not_online(version),
        channels=tuple((one, _(CHANNELS[one]), one is channel) for one in offered),
        channel=channel,
        files_here=channel is Channel.ONLINE and offering.online,
        controls=controls_of(worth, answers, kept, at),
        case=case_of(version, channel, kept, office, at),
        steps=steps_of(version, channel),
        doubts=doubtful(version),
        templates=tuple(paper for paper in version.documents if paper.template),
    )


def _worth_asking(
    version: Version,
    channel: Channel,
    asked: Sequence[checklist.Question],
    answers: Answers,
    office: Office,
    today: date,
) -> tuple[Sequence[checklist.Question], Answers]:
    """Leave exemptions out where nothing is ever paid; return the questions and the answers that count."""
    rule = version.channel(channel)
    fees = [version.fee(identity) for identity in (rule.fees if rule else ())]
    payable = {fee.id for fee in fees if fee and not is_free(version, fee, office, channel)}
    worth = [
        question
        for question in asked
        if not question.exempts or (payable if question.of_form else question.path.partition(".")[2] in payable)
    ]
    return worth, checklist.visible(worth, answers, today)[1]


def _not_online(version: Version) -> str:
    if version.channel(Channel.ONLINE):
        return _("Xã chưa mở nộp trên mạng cho thủ tục này. Có thể điền trước ở đây rồi nộp tại quầy.")
    return _("Thủ tục này nộp tại quầy. Có thể điền trước ở đây cho nhanh.")
