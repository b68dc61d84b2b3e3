"""A dossier as a screen shows it: its chip, its clock, what comes next and who has it."""

from datetime import datetime
from uuid import UUID

import msgspec
from markupsafe import Markup

from backend.agencies.calendars import calendar_of
from backend.agencies.officers import name_of
from backend.agencies.queries import AgencyInfo, agency_by_id
from backend.agencies.working_time import WorkingCalendar
from backend.dossiers import chips, foreign, moves
from backend.dossiers.deadline_words import Deadline, promise_of
from backend.dossiers.lifecycle import current_step
from backend.dossiers.tables import Dossier, State
from backend.dossiers.terms import Filed, fees_of, papers_of, read
from backend.forms.paths import find
from backend.kit import clock, formats
from backend.kit.language import _, in_vietnamese
from backend.procedures.fees import FeeLine
from backend.procedures.outcome import Paper
from backend.procedures.words import sum_words
from backend.procedures.workflow import Step


class Next(msgspec.Struct, frozen=True):
    """What comes next: the act in one sentence, and whether the person has to do something."""

    act: str
    note: str = ""


class Overview(msgspec.Struct, frozen=True):
    """One dossier, ready for its page."""

    dossier: Dossier
    filed: Filed
    agency: AgencyInfo
    step: Step | None
    chip: chips.Chip
    deadline: Deadline | None
    next: Next | None
    holder: str
    fees: tuple[FeeLine, ...]
    papers: tuple[Paper, ...]
    state_owner: str
    foreign_codes: list[foreign.Given]

    @property
    def title(self) -> str:
        """What people call the procedure."""
        return self.filed.procedure.plain_name

    @property
    def cost(self) -> str:
        """What the frozen fee lines come to, in a word or two."""
        return sum_words(self.fees)


async def overview_of(dossier: Dossier, entered: datetime | None = None) -> Overview:
    """Return a dossier for its page.

    Args:
        dossier: found through whoever asks.
        entered: when it came into its present step, to say by when that step is done.
    """
    filed = await read(dossier, clock.now())
    calendar = await calendar_of(dossier.agency)
    agency = await agency_by_id(dossier.agency)
    step = current_step(dossier, filed.procedure.steps)
    holder = await name_of(UUID(str(dossier.assignee))) if dossier.assignee else ""
    return Overview(
        dossier=dossier,
        filed=filed,
        agency=agency,
        step=step,
        chip=chips.chip(dossier.state, step, bool(dossier.proposal)),
        deadline=promise_of(dossier, calendar),
        next=next_of(dossier, step, calendar, agency, filed, holder, entered),
        holder=holder,
        fees=fees_of(dossier),
        papers=papers_of(dossier),
        state_owner=foreign.state_owner(dossier),
        foreign_codes=await foreign.codes_of(dossier.id),
    )


def next_of(
    dossier: Dossier,
    step: Step | None,
    calendar: WorkingCalendar,
    agency: AgencyInfo,
    filed: Filed,
    holder: str,
    entered: datetime | None,
) -> Next | None:
    """Return what happens next, who does it and by when; None once it has ended."""
    nothing = _("Chưa cần làm gì thêm.")
    if dossier.state == State.SUBMITTED:
        if dossier.intake_due_at and dossier.intake_due_at > clock.now():
            by = formats.datetime(dossier.intake_due_at)
            return Next(_("Xã xem giấy tờ rồi trả lời trước {when}").format(when=by), nothing)
        return Next(_("Xã xem giấy tờ rồi tiếp nhận"), _("Đã quá giờ trả lời, xã xin lỗi. Có thể gọi xã để hỏi."))
    if dossier.state == State.ISSUED:
        return _collect(dossier, agency, filed)
    if dossier.state in moves.ENDED or step is None:
        return None
    by_when = step_due(dossier, step, calendar, entered)
    act = _done_by(step.name, formats.datetime(by_when)) if by_when else in_vietnamese(step.name)
    who = _("{name} đang giữ hồ sơ.").format(name=holder) if holder else _("Xã đang giữ hồ sơ.")
    return Next(act, f"{who} {nothing}")


def _done_by(step: str, when: str) -> str:
    return Markup(_("{step}, xong trước {when}")).format(step=in_vietnamese(step), when=when)


def step_due(dossier: Dossier, step: Step, calendar: WorkingCalendar, entered: datetime | None) -> datetime | None:
    """Return by when the present step should be done: its budget from when it was entered, within the due moment."""
    if entered is None or step.waits or not step.budget_hours:
        return None
    planned = calendar.add_working_hours(entered, step.budget_hours)
    if dossier.due_at is not None:
        planned = min(planned, dossier.due_at)
    return planned if planned > clock.now() else None


def _collect(dossier: Dossier, agency: AgencyInfo, filed: Filed) -> Next:
    match find(filed.answers, "delivery.method"):
        case "electronic":
            return Next(_("Kết quả đã có, tải về ở mục Kết quả"))
        case "post":
            return Next(_("Kết quả đã có, bưu điện sẽ mang đến"), _("Bưu tá gọi số đã ghi trong hồ sơ."))
        case _:
            place = agency.centre_name or agency.name
            return Next(
                _("Đến {place} nhận kết quả").format(place=place),
                _("Mang giấy hẹn hoặc căn cước."),
            )
