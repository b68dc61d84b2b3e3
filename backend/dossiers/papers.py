"""The papers a dossier gives out, as snapshots of what was true when they were made; in Vietnamese, by law.

Forms 01 and 03: TT 03/2025/TT-VPCP, Annex I. A snapshot holds words ready to print, so that the same paper
can be printed again years later, after names, fees and catalogue have changed.
"""

from datetime import date, datetime
from pathlib import Path

import msgspec

from backend.kit import qr
from backend.kit.clock import local
from backend.kit.typesetting import typeset

TEMPLATES = Path(__file__).parent / "paper_templates"
SIGN_BY_HAND = "(Ký và ghi rõ họ tên)"


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """Who issues a paper: the agency above, the one-stop unit, and the place written before the date."""

    superior: str
    unit: str
    place: str


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A person or organisation as printed; what is missing becomes a dotted line."""

    name: str | None
    id_number: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None


class Tracking(msgspec.Struct, frozen=True, kw_only=True):
    """How to look the dossier up: `url` is in the QR code, `address` is typed by hand, `secret` is the second factor."""

    url: str
    address: str
    secret: str | None = None


class Form01(msgspec.Struct, frozen=True, kw_only=True, tag_field="paper", tag="form_01"):
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả (form 01).

    `person` hands the dossier in; on delegation `principal` is the one they act for and `authority_paper` proves it.
    `limit` says its unit ("3 ngày làm việc"). Without `due_at` the line is left to be filled in by hand.
    `submitter_note` and `receiver_note` stand in place of "(Ký và ghi rõ họ tên)" where nobody signs in ink.
    """

    office: Office
    number: int | None
    issued_on: date
    code: str
    person: Person
    request: str
    papers: list[str]
    limit: str
    received_at: datetime
    due_at: datetime | None
    result_at: str
    receiver_name: str | None
    submitter_name: str | None = None
    submitter_note: str | None = None
    receiver_note: str | None = None
    sets: int = 1
    principal: Person | None = None
    authority_paper: str | None = None
    register_volume: str | None = None
    register_line: str | None = None
    tracking: Tracking | None = None


class Form03(msgspec.Struct, frozen=True, kw_only=True, tag_field="paper", tag="form_03"):
    """Phiếu từ chối tiếp nhận giải quyết hồ sơ (form 03); `reason` is concrete; line breaks part its paragraphs."""

    office: Office
    number: int | None
    issued_on: date
    code: str | None
    person: Person
    request: str
    reason: str
    receiver_name: str | None
    submitter_name: str | None = None
    submitter_note: str | None = None
    receiver_note: str | None = None


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True, tag_field="paper", tag="acknowledgement"):
    """Xác nhận đã nộp hồ sơ trực tuyến: proof of filing, never an appointment.

    `expected_at` is counted as if the commune received the dossier now; its day is printed, and that it is only expected;
    `answer_by` is when the commune answers at the latest whether it receives the dossier.
    """

    office: Office
    code: str
    procedure_name: str
    procedure_code: str
    submitter_name: str
    submitted_at: datetime
    expected_at: datetime | None
    answer_by: datetime | None
    papers: list[str]
    tracking: Tracking


Paper = Form01 | Form03 | Acknowledgement

NUMBER_MARKS = {"form_01": "TTPVHCC", "form_03": "PTC-TTPVHCC"}


def number_of(form: str, running: int | None) -> str:
    """Return the number on a form: `number_of("form_03", 7)` is "07/PTC-TTPVHCC" (leading nought: Decree 30/2020)."""
    return f"{'……' if running is None else f'{running:02d}'}/{NUMBER_MARKS[form]}"


async def render(paper: Paper) -> bytes:
    """Return the paper as a PDF (PDF/A-2a, PDF/UA-1). Raises `TypesettingError`."""
    match paper:
        case Form01():
            return await typeset(TEMPLATES / "form_01.typ", _form_01(paper))
        case Form03():
            return await typeset(TEMPLATES / "form_03.typ", _form_03(paper))
        case Acknowledgement():
            return await typeset(TEMPLATES / "acknowledgement.typ", _acknowledgement(paper))


def _form_01(paper: Form01) -> dict[str, object]:
    return {
        **msgspec.structs.asdict(paper),
        **_issued(paper, "form_01"),
        "received_at": _minute(paper.received_at),
        "due_at": _minute(paper.due_at),
        "tracking": _tracking(paper.tracking),
    }


def _form_03(paper: Form03) -> dict[str, object]:
    return {**msgspec.structs.asdict(paper), **_issued(paper, "form_03")}


def _acknowledgement(paper: Acknowledgement) -> dict[str, object]:
    return {
        **msgspec.structs.asdict(paper),
        **_office(paper.office, local(paper.submitted_at).date()),
        "submitted_at": _minute(paper.submitted_at),
        "answer_by": _minute(paper.answer_by),
        "expected_at": _day(paper.expected_at),
        "tracking": _tracking(paper.tracking),
    }


def _issued(paper: Form01 | Form03, form: str) -> dict[str, object]:
    return {
        **_office(paper.office, paper.issued_on),
        "number": number_of(form, paper.number),
        "submitter_how": paper.submitter_note or SIGN_BY_HAND,
        "receiver_how": paper.receiver_note or SIGN_BY_HAND,
    }


def _office(office: Office, on: date) -> dict[str, object]:
    return {"superior": office.superior, "unit": office.unit, "place_and_date": f"{office.place}, {_long_date(on)}"}


def _long_date(on: date) -> str:
    # Decree 30/2020: days below ten and months 1 and 2 are written with a leading nought
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    return f"ngày {on.day:02d} tháng {month} năm {on.year}"


def _minute(moment: datetime | None) -> str | None:
    return None if moment is None else local(moment).strftime("%H giờ %M phút, ngày %d/%m/%Y")


def _day(moment: datetime | None) -> str | None:
    return None if moment is None else local(moment).strftime("%d/%m/%Y")


def _tracking(tracking: Tracking | None) -> dict[str, object] | None:
    return None if tracking is None else {**msgspec.structs.asdict(tracking), "qr": qr.svg(tracking.url, border=2)}
