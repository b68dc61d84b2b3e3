"""Papers, fees and sums as the page says them."""

from datetime import date

import msgspec

from backend.kit import formats
from backend.kit.language import _, in_vietnamese, with_vietnamese
from backend.procedures.counting import Unit
from backend.procedures.definition import Channel, Procedure
from backend.procedures.fees import FeeLine, Standing, counted, total
from backend.procedures.limits import length_words
from backend.procedures.outcome import Outcome, Paper, PaperStanding, Why


def takes_words(outcome: Outcome) -> str:
    """Return how long it takes, in as few words as a list has room for."""
    if outcome.limit.same_day and not outcome.due.applied:
        return _("Trong ngày")
    return formats.capital(outcome.limit_words)


def cost_words(outcome: Outcome) -> str:
    """Return the cost in a word or two: "Miễn phí", "24.000 đ", "Tùy trường hợp"."""
    return sum_words(outcome.fees)


def sum_words(lines: tuple[FeeLine, ...]) -> str:
    """Return what fee lines come to, in a word or two; an amount nobody has set is never called free."""
    due = total(lines)
    if due is None:
        return _("Xã báo mức thu")
    if any(line.standing is Standing.MAYBE and (line.amount_vnd is None or line.amount_vnd > 0) for line in lines):
        return _("Từ %(sum)s") % {"sum": formats.money(due)} if due else _("Tùy trường hợp")
    if due == 0 and any(line.standing is Standing.ELSEWHERE for line in lines):
        return _("Thuế nộp riêng")
    if any(line.unconfirmed for line in lines):
        return _("%(sum)s, chờ xã xác nhận") % {"sum": formats.fee(due)}
    return formats.fee(due)


class FeeWords(msgspec.Struct, frozen=True):
    """A fee as the page says it."""

    name: str
    amount: str
    counted: str
    notes: tuple[str, ...]


def fee_words(line: FeeLine) -> FeeWords:
    """Return how a fee reads: its amount, how it was counted, why less is paid, what is not sure."""
    notes = [line.note] if line.note else []
    if line.waiver:
        percent = "" if line.waiver.percent == 100 else f" {line.waiver.percent}%"
        said = _("Xin giảm%(percent)s: %(who)s") if line.unconfirmed else _("Được giảm%(percent)s: %(who)s")
        notes.append(said % {"percent": percent, "who": line.waiver.name})
    if line.example:
        notes.append(_("Mức tham khảo, xã báo mức chính thức khi tiếp nhận: %(basis)s") % {"basis": line.basis})
    elif line.basis:
        notes.append(line.basis)
    match line.standing:
        case Standing.UNSET:
            amount = _("Xã báo khi tiếp nhận")
        case Standing.ELSEWHERE:
            amount = _("Nộp ở nơi khác")
        case Standing.MAYBE if line.amount_vnd is None:
            amount = _("Tùy số lượng")
        case Standing.MAYBE:
            amount = _("Có thể: %(sum)s") % {"sum": formats.fee(line.amount_vnd or 0)}
        case _:
            amount = formats.fee(line.amount_vnd or 0)
    if line.unconfirmed:
        amount = _("%(sum)s, chờ xã xác nhận") % {"sum": amount}
    words = counted(line) if (line.full_vnd or line.unit_vnd) and _worth_saying(line) else ""
    return FeeWords(line.name, amount, words, tuple(notes))


def _worth_saying(line: FeeLine) -> bool:
    """One unit of one price says no more than the amount."""
    return len(line.counts) != 1 or line.counts[0].quantity != 1 or line.counts[0].pages is not None


class PaperWords(msgspec.Struct, frozen=True):
    """A paper as the page says it."""

    id: str
    name: str
    how: str
    note: str
    template: bool
    icon: str


def paper_words(paper: Paper, channel: Channel) -> PaperWords:
    """Return how a paper reads: original or copy, photographed or shown, or why it is not needed."""
    match paper.standing:
        case PaperStanding.SHOW:
            how = _("Chỉ cần xuất trình, không phải nộp")
        case PaperStanding.OPTIONAL:
            how = _("Có thì nộp thêm, không bắt buộc")
        case PaperStanding.MAYBE:
            how = with_vietnamese(_("Có thể cần. {when}"), when=paper.condition)
        case PaperStanding.NOT_NEEDED:
            how = _why_not(paper)
        case _:
            how = _kinds(paper, channel)
    icon = {PaperStanding.SHOW: "id-card", PaperStanding.NOT_NEEDED: "minus"}.get(paper.standing, "file-text")
    return PaperWords(paper.id, paper.name, how, paper.note, paper.template, icon)


def _kinds(paper: Paper, channel: Channel) -> str:
    kinds = []
    if paper.originals:
        kinds.append(_("%(n)s bản chính") % {"n": paper.originals} if paper.originals > 1 else _("bản chính"))
    if paper.copies:
        kinds.append(_("%(n)s bản sao") % {"n": paper.copies} if paper.copies > 1 else _("bản sao"))
    words = formats.capital(", ".join(kinds) or _("một bản"))
    return _("%(kinds)s. Chụp ảnh hoặc quét") % {"kinds": words} if channel is Channel.ONLINE else words


def _why_not(paper: Paper) -> str:
    match paper.why:
        case Why.FORM_INSTEAD:
            return in_vietnamese(paper.note) if paper.note else _("Điền trên màn hình, không nộp tờ giấy")
        case Why.FOUND:
            return _("Không phải nộp, xã đã tra được")
        case Why.LOOKED_UP:
            return with_vietnamese(_("Không phải nộp, xã tự tra. {when}"), when=paper.condition)
        case _:
            return with_vietnamese(_("Không cần trong trường hợp này. {when}"), when=paper.condition)


class ComeBy(msgspec.Struct, frozen=True):
    """By when the person has to come, and what follows if they do not; `late`: that day is over."""

    words: str
    consequence: str
    late: bool = False


def come_by(procedure: Procedure, outcome: Outcome, today: date) -> ComeBy | None:
    """Return the person's own deadline: its day where the answers tell it, else the rule; None where there is none."""
    rule = procedure.deadline_for_citizen
    if rule is None:
        return None
    if outcome.come_by is not None:
        late = today > outcome.come_by
        words = _("Đã qua ngày phải nộp: %(day)s.") if late else _("Nộp chậm nhất ngày %(day)s.")
        return ComeBy(words % {"day": formats.full_date(outcome.come_by)}, rule.consequence, late)
    length = length_words(rule.value, Unit(rule.unit)) if rule.value and rule.unit else ""
    if rule.event:
        event = rule.event[0].lower() + rule.event[1:] if length else rule.event
        return ComeBy(in_vietnamese(f"{length} {event}".strip()), rule.consequence)
    label = _label(procedure, rule.counted_from or "")
    if not length or not label:
        return None
    words = _("Nộp trong {length}, tính từ: {event}").replace("{length}", length)
    return ComeBy(with_vietnamese(words, event=f"{label[0].lower()}{label[1:]}"), rule.consequence)


def _label(procedure: Procedure, path: str) -> str:
    """What the form calls the answer at `path`; empty where it asks for no such thing."""
    key, _dot, name = path.partition(".")
    sections = procedure.form.sections if procedure.form else []
    return next((one.label for part in sections if part.key == key for one in part.fields if one.key == name), "")
