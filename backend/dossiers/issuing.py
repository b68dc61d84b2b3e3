"""Statutory papers as they leave the office: filled from the dossier, numbered, frozen in the unit of work that issues them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from backend.agencies.officers import Officer
from backend.agencies.queries import AgencyInfo as Agency
from backend.agencies.queries import agency_by_id
from backend.dossiers import codes, slots
from backend.dossiers.papers import (
    Acknowledgement,
    Form01,
    Form03,
    Office,
    Paper,
    Person,
    Tracking,
    number_of,
)
from backend.dossiers.tables import ChannelOfFiling, Dossier, DossierPaper, PaperForm
from backend.dossiers.terms import Filed, counted
from backend.files.queries import files_of
from backend.forms.choices import Choices
from backend.forms.words import text_of
from backend.kit import clock, settings
from backend.kit.clock import local
from backend.kit.database import new_id
from backend.kit.formats import phone
from backend.kit.language import use_language
from backend.kit.seal import unseal, with_numbers_opened, with_numbers_sealed
from backend.procedures.outcome import Outcome

ELECTRONIC = "bản điện tử"
BY_NET = "Nộp trực tuyến, không ký giấy"
DELEGATED = "authorised"
AUTHORITY_PAPERS = ("authorisation", "authority")
"""As every form and the catalogue call them."""
DELIVERY = {
    "counter": "Nhận tại trung tâm",
    "post": "Nhận qua bưu điện",
    "electronic": "Nhận bản điện tử",
}


def tracking(token: str, secret: str | None) -> Tracking:
    """Return how the dossier is looked up: the QR's address and the page where a code is typed."""
    base = settings.current().public_url
    return Tracking(url=f"{base}/tra-cuu/{token}", address=f"{base.split('://', 1)[-1]}/tra-cuu", secret=secret)


def submitter(filed: Filed, choices: Choices) -> Person:
    """Return who hands the dossier in, as the first section of every form asks for it."""
    given: dict[str, Any] = filed.answers.get("submitter") or {}
    section = next((one for one in filed.form.sections if one.key == "submitter"), None)
    residence = next((one for one in section.fields if one.key == "residence"), None) if section else None
    with use_language("vi"):
        address = text_of(residence, given.get("residence"), choices, given) if residence else None
    return Person(
        name=submitter_name(filed),
        id_number=given.get("id_number"),
        address=address or None,
        phone=phone(given.get("phone") or filed.dossier.owner_phone) or None,
        email=given.get("email"),
    )


def submitter_name(filed: Filed) -> str:
    """Return the name of who hands the dossier in."""
    return str((filed.answers.get("submitter") or {}).get("full_name") or filed.dossier.owner_name)


def _office(agency: Agency) -> Office:
    return Office(
        superior=agency.superior_name or agency.name, unit=agency.centre_name or agency.name, place=agency.place
    )


async def _papers(filed: Filed, outcome: Outcome) -> list[str]:
    """Every paper that is there, with how it came: sent as files or counted on the counter; none that was only shown."""
    files = await files_of(slots.SUBJECT, filed.dossier.id)
    sent = {file.slot for file in files}
    lying = counted(filed.dossier) if filed.dossier.channel != ChannelOfFiling.ONLINE else {}
    found = [
        f"{paper.name} ({', '.join(ways)})"
        for paper in outcome.papers_that_are(*slots.HANDED_IN)
        if (ways := [*_counted(lying.get(paper.id, {})), *([ELECTRONIC] if paper.id in sent else [])])
    ]
    with_the_form = {
        slots.slot_of(path): field.label for path, field in slots.file_questions(filed.form, filed.answers)
    }
    return found + [f"{label} ({ELECTRONIC})" for slot, label in with_the_form.items() if slot in sent]


def _counted(noted: dict[str, Any]) -> list[str]:
    """How many of a paper lay on the counter; seen and not counted, it is one paper."""
    numbers = [(noted.get("originals", 0), "bản chính"), (noted.get("copies", 0), "bản sao")]
    words = [f"{number} {kind}" for number, kind in numbers if number]
    return words or (["1 bản"] if noted.get("seen") else [])


async def acknowledgement(
    filed: Filed, outcome: Outcome, *, code: str, now: datetime, answer_by: datetime, token: str, secret: str
) -> Acknowledgement:
    """Return the acknowledgement of a filing: proof of filing with the expected date, never an appointment."""
    agency = await agency_by_id(filed.dossier.agency)
    return Acknowledgement(
        office=_office(agency),
        code=code,
        procedure_name=filed.procedure.name,
        procedure_code=filed.procedure.code,
        submitter_name=submitter_name(filed),
        submitted_at=now,
        expected_at=outcome.expected,
        answer_by=answer_by,
        papers=await _papers(filed, outcome),
        tracking=tracking(token, secret),
    )


async def form_01(
    filed: Filed,
    outcome: Outcome,
    officer: Officer,
    choices: Choices,
    *,
    now: datetime,
    number: int,
    token: str,
    secret: str,
) -> Form01:
    """Return form 01, receipt and appointment: the clock started at `now`, due as `outcome` says."""
    agency = await agency_by_id(filed.dossier.agency)
    delegated = (filed.answers.get("submitter") or {}).get("capacity") == DELEGATED
    method = (filed.answers.get("delivery") or {}).get("method", "counter")
    on_net = filed.dossier.channel == ChannelOfFiling.ONLINE
    return Form01(
        office=_office(agency),
        number=number,
        issued_on=local(now).date(),
        code=filed.dossier.code or "",
        person=submitter(filed, choices),
        request=filed.procedure.name,
        papers=await _papers(filed, outcome),
        limit=outcome.limit_words,
        received_at=now,
        due_at=outcome.expected,
        result_at=DELIVERY.get(method, DELIVERY["counter"]),
        receiver_name=officer.name,
        submitter_name=submitter_name(filed),
        submitter_note=BY_NET if on_net else None,
        # Forms do not ask for whom a delegate acts: the lines stand on the paper, to be filled in by hand.
        principal=Person(name=None) if delegated else None,
        authority_paper=_authority(outcome) if delegated else None,
        tracking=tracking(token, secret),
    )


def _authority(outcome: Outcome) -> str | None:
    """The name of the paper by which a delegate acts, as the catalogue has it."""
    return next((paper.name for paper in outcome.papers if paper.id in AUTHORITY_PAPERS), None)


async def form_03(
    filed: Filed, officer: Officer, choices: Choices, *, now: datetime, number: int, reason: str
) -> Form03:
    """Return form 03, refusal at intake, with its concrete reason."""
    agency = await agency_by_id(filed.dossier.agency)
    on_net = filed.dossier.channel == ChannelOfFiling.ONLINE
    return Form03(
        office=_office(agency),
        number=number,
        issued_on=local(now).date(),
        code=filed.dossier.code,
        person=submitter(filed, choices),
        request=filed.procedure.name,
        reason=reason,
        receiver_name=officer.name,
        submitter_name=submitter_name(filed),
        submitter_note=BY_NET if on_net else None,
    )


async def issue(
    dossier: Dossier, form: PaperForm, paper: Paper, *, number: int | None = None, by: UUID | None = None
) -> None:
    """Freeze a paper with the dossier; inside the unit of work of its cause."""
    await DossierPaper.insert(
        DossierPaper(
            id=new_id(),
            agency=dossier.agency,
            dossier=dossier.id,
            form=form,
            number="" if number is None else number_of(f"form_{form}", number),
            data=msgspec.json.encode(with_numbers_sealed(msgspec.to_builtins(_without_secrets(paper)))).decode(),
            issued_at=clock.now(),
            issued_by=by,
        )
    )


def _without_secrets(paper: Paper) -> Paper:
    """What opens the tracking page stays sealed in the dossier; it is printed again from there."""
    return paper if isinstance(paper, Form03) else msgspec.structs.replace(paper, tracking=tracking("", None))


async def issued(dossier: Dossier, form: PaperForm) -> Paper | None:
    """Return the newest paper of a kind as it was issued, None when there is none."""
    row = (
        await DossierPaper.objects()
        .where(DossierPaper.dossier == dossier.id, DossierPaper.form == form)
        .order_by(DossierPaper.issued_at, ascending=False)
        .first()
    )
    if row is None:
        return None
    paper: Paper = msgspec.convert(with_numbers_opened(msgspec.json.decode(row.data)), type=Paper)
    if isinstance(paper, Form03):
        return paper
    token, secret = unseal(dossier.tracking_token or ""), unseal(dossier.slip_secret or "")
    return msgspec.structs.replace(paper, tracking=tracking(token, secret))


async def next_number(dossier: Dossier, form: PaperForm) -> int:
    """Take the next number of a form in the agency's year."""
    return await codes.next_paper_number(dossier.agency, form)
