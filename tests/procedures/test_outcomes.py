"""Cases filled in by hand; papers, fee and date stated by hand from the published rules, not from what the program says."""

import json
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.agencies.office_hours import SHIPPED
from backend.agencies.working_time import WorkingCalendar
from backend.forms.paths import Answers
from backend.kit.clock import VN
from backend.kit.errors import Refused
from backend.procedures.definition import Channel
from backend.procedures.fees import Standing, counted
from backend.procedures.matter import Matter, Office, Tariff
from backend.procedures.outcome import Outcome, PaperStanding, Why, citizens_last_day, reckon
from backend.procedures.words import come_by
from tests.procedures.real import procedure

CALENDAR = WorkingCalendar.from_document(json.loads(SHIPPED.read_bytes()))
HAI_PHONG = Office(CALENDAR, "Hải Phòng")
HA_NOI = Office(CALENDAR, "Hà Nội")


def vn(day: int, month: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=VN)


def handed_in(outcome: Outcome) -> set[str]:
    return {paper.id for paper in outcome.papers_that_are(PaperStanding.NEEDED)}


def shown(outcome: Outcome) -> set[str]:
    return {paper.id for paper in outcome.papers_that_are(PaperStanding.SHOW)}


def amounts(outcome: Outcome) -> dict[str, int | None]:
    return {line.id: line.amount_vnd for line in outcome.fees}


def test_a_foundling_of_a_poor_household_registered_late_at_the_counter_after_three() -> None:
    answers = {
        "submitter": {"capacity": "caretaker"},
        "case": {"kind": "abandoned"},
        "child": {"birth_date": "2026-09-01"},
        "copies": {"count": 3, "fee_exemption": "poor"},
    }
    outcome = reckon(procedure("1.001193"), Matter(Channel.COUNTER, vn(25, 11, 15, 30), answers), HAI_PHONG)
    assert handed_in(outcome) == {"application", "abandoned_record"}
    assert shown(outcome) == {"identity"}
    assert amounts(outcome) == {"civil_charge": 0, "extract_copy": 0}
    assert [line.full_vnd for line in outcome.fees] == [8000, 24000]
    assert [line.waiver.id for line in outcome.fees if line.waiver] == ["poor", "poor"]
    # After 15:00 it counts from Thursday 26/11; seven days of posting follow that day.
    assert outcome.expected == vn(3, 12, 17)
    assert outcome.posting


def test_a_newborn_registered_online_by_someone_asked_to_with_two_copies() -> None:
    answers = {
        "submitter": {"capacity": "authorised"},
        "case": {"kind": "normal", "parents_known": "both"},
        "child": {"birth_date": "2026-11-01"},
        "copies": {"count": 2, "fee_exemption": "none"},
    }
    outcome = reckon(procedure("1.001193"), Matter(Channel.ONLINE, vn(20, 11, 14, 59), answers), HAI_PHONG)
    assert handed_in(outcome) == {"birth_certificate", "authorisation"}
    assert amounts(outcome) == {"extract_copy": 16000}
    assert counted(outcome.fees[0]) == "2 bản × 8.000\N{NO-BREAK SPACE}đ"
    assert outcome.total_vnd == 16000
    assert outcome.expected == vn(20, 11, 17)
    not_needed = {paper.id: paper.why for paper in outcome.papers_that_are(PaperStanding.NOT_NEEDED)}
    assert not_needed["application"] is Why.FORM_INSTEAD
    assert not_needed["residence"] is Why.LOOKED_UP
    assert not_needed["birth_oath"] is Why.OTHER_CASE
    assert not outcome.posting


def test_two_certified_copies_of_a_diploma_and_one_of_a_thick_file() -> None:
    answers = {"papers": {"items": [{"pages": 5, "copies": 2}, {"pages": 300, "copies": 1}]}}
    outcome = reckon(procedure("2.000815"), Matter(Channel.COUNTER, vn(23, 11, 15, 30), answers), HAI_PHONG)
    # 5 pages: 2 × 2.000 + 3 × 1.000 = 7.000 a copy; 300 pages would be 302.000, at most 200.000 a copy.
    assert outcome.total_vnd == 14_000 + 200_000
    assert shown(outcome) == {"original"}
    assert handed_in(outcome) == set()
    # Tuesday 24/11 is Vietnam Culture Day.
    assert outcome.expected == vn(25, 11, 17)


def test_an_employer_registers_four_workers_online_before_a_worked_saturday() -> None:
    answers = {"submitter": {"capacity": "employer"}, "people": {"items": [{}, {}, {}, {}]}}
    outcome = reckon(procedure("1.004194"), Matter(Channel.ONLINE, vn(21, 8, 10), answers), HAI_PHONG)
    assert "list" in handed_in(outcome)
    assert amounts(outcome) == {"residence_list_online": 20_000}
    # Saturday 22/08 is worked for Monday 31/08.
    assert outcome.expected == vn(25, 8, 17)


def test_birth_and_residence_and_citizen_card_in_one_filing() -> None:
    answers = {
        "submitter": {"capacity": "mother"},
        "case": {"kind": "oath"},
        "residence": {"with_whom": "other"},
        "wanted": {"services": ["birth", "residence", "id_card"]},
        "child": {"birth_date": "2026-09-26"},
        "copies": {"count": 0, "fee_exemption": "none"},
    }
    outcome = reckon(procedure("3.000722"), Matter(Channel.ONLINE, vn(25, 11, 9), answers), HAI_PHONG)
    assert handed_in(outcome) == {"birth_oath", "residence_consent"}
    # Sixty days after 26/09 end on 25/11, so the late fee does not apply yet.
    assert amounts(outcome) == {}
    assert outcome.total_vnd == 0
    assert outcome.limit_words == "5 ngày làm việc"
    assert outcome.expected == vn(2, 12, 17)


def test_a_father_recognised_by_witnesses_in_hanoi_where_the_fee_is_not_set() -> None:
    answers = {"case": "no_proof", "ask": {"extract_copy": 2}, "exempt": {"extract_copy": "merit"}}
    matter = Matter(Channel.COUNTER, vn(25, 11, 9), answers)
    outcome = reckon(procedure("1.001022"), matter, HA_NOI)
    assert "oath_two_witnesses" in handed_in(outcome)
    assert "proof" not in handed_in(outcome)
    assert {line.id: line.standing for line in outcome.fees} == {
        "civil_charge": Standing.UNSET,
        "extract_copy": Standing.DUE,
    }
    assert outcome.total_vnd is None
    set_here = Office(CALENDAR, "Hà Nội", tariffs={("1.001022", "civil_charge"): Tariff(12_000)})
    assert amounts(reckon(procedure("1.001022"), matter, set_here)) == {"civil_charge": 12_000, "extract_copy": 0}


@pytest.mark.parametrize(
    ("day", "month", "year", "channel", "expected"),
    [
        (14, 8, 2026, Channel.ONLINE, 8000),
        (15, 8, 2026, Channel.ONLINE, 0),
        (15, 8, 2026, Channel.COUNTER, 8000),
        (28, 2, 2027, Channel.ONLINE, 0),
        (1, 3, 2027, Channel.ONLINE, 8000),
    ],
)
def test_digital_citizens_pay_nothing_for_extracts_while_the_circular_holds_and_online_only(
    day: int, month: int, year: int, channel: Channel, expected: int
) -> None:
    answers: dict[str, Any] = {"records": {"items": [{"copies": 1}]}}
    at = datetime(year, month, day, 9, tzinfo=VN)
    matter = Matter(channel, at, answers, digital_citizen=True)
    assert reckon(procedure("2.000635"), matter, HAI_PHONG).total_vnd == expected


def test_a_complaint_has_no_date_before_it_is_accepted() -> None:
    matter = Matter(Channel.ONLINE, vn(25, 11, 9), {"submitter": {"capacity": "self"}})
    assert reckon(procedure("2.002409"), matter, HAI_PHONG).expected is None
    accepted = Matter(Channel.ONLINE, vn(25, 11, 9), {}, accepted_at=vn(25, 11, 9))
    assert reckon(procedure("2.002409"), accepted, HAI_PHONG).expected == vn(25, 12, 17)


def test_what_a_database_has_is_not_asked_for() -> None:
    answers = {"case": {"kind": "normal"}, "copies": {"count": 0}}
    matter = Matter(Channel.COUNTER, vn(25, 11, 9), answers, found=frozenset({"social_insurance"}))
    outcome = reckon(procedure("1.001193"), matter, HAI_PHONG)
    assert "birth_certificate" not in handed_in(outcome)


def test_an_open_answer_leaves_papers_and_fees_open_instead_of_dropping_them() -> None:
    outcome = reckon(procedure("1.001193"), Matter(Channel.COUNTER, vn(25, 11, 9), {}, whole=False), HAI_PHONG)
    maybe = {paper.id for paper in outcome.papers_that_are(PaperStanding.MAYBE)}
    assert {"birth_certificate", "birth_oath", "authorisation"} <= maybe
    assert {line.standing for line in outcome.fees} == {Standing.MAYBE}


def test_a_channel_the_procedure_does_not_have_is_refused() -> None:
    with pytest.raises(Refused):
        reckon(procedure("2.000815"), Matter(Channel.ONLINE, vn(25, 11, 9)), HAI_PHONG)


@pytest.mark.parametrize(
    ("born", "last"),
    [
        ("2026-09-26", "2026-11-25"),
        ("2026-09-25", "2026-11-25"),  # sixty days on is the 24th, Vietnam Culture Day
        ("2026-09-29", "2026-11-30"),  # a Saturday passes it on to Monday
        ("9999-12-01", "None"),
        ("", "None"),
    ],
)
def test_the_last_day_to_come_in_time_is_a_day_on_which_the_office_is_open(born: str, last: str) -> None:
    assert str(citizens_last_day(procedure("1.001193"), {"child": {"birth_date": born}}, CALENDAR)) == last


@given(born=st.dates(date(2026, 1, 1), date(2026, 10, 1)), wait=st.integers(55, 72))
@example(born=date(2026, 9, 25), wait=61)  # sixty days on is the 24th of November, Vietnam Culture Day
def test_the_fee_for_coming_late_begins_on_the_day_after_the_last_day_that_is_shown(born: date, wait: int) -> None:
    today = born + timedelta(days=wait)
    matter = Matter(Channel.COUNTER, vn(today.day, today.month, 9), {"child": {"birth_date": born.isoformat()}})
    outcome = reckon(procedure("1.001193"), matter, HAI_PHONG)
    assert outcome.come_by is not None
    assert ("civil_charge" in amounts(outcome)) is (today > outcome.come_by), (today, outcome.come_by)


@pytest.mark.parametrize(
    ("code", "answers", "words", "late"),
    [
        ("1.001193", {"child": {"birth_date": "2026-09-26"}}, "Nộp chậm nhất ngày 25/11/2026.", False),
        ("1.001193", {"child": {"birth_date": "2026-09-23"}}, "Đã qua ngày phải nộp: 23/11/2026.", True),
        ("1.001193", {"child": {"birth_date": "9999-12-31"}}, "Nộp trong 60 ngày, tính từ: ngày sinh", False),
        ("1.001193", {}, "Nộp trong 60 ngày, tính từ: ngày sinh", False),
        ("1.004222", {}, "12 tháng kể từ ngày chuyển đến chỗ ở mới", False),
        ("2.001159", {}, "Trước 23:00 ngày khách đến; khách đến sau 23:00 thì trước 08:00 hôm sau", False),
    ],
)
def test_the_person_reads_by_when_to_come(code: str, answers: Answers, words: str, late: bool) -> None:
    version = procedure(code)
    outcome = reckon(version, Matter(version.channels[0].channel, vn(25, 11, 16), answers, whole=False), HAI_PHONG)
    told = come_by(version, outcome, date(2026, 11, 25))
    assert told is not None and (re.sub(r"<[^>]+>|\s", " ", told.words), told.late) == (words, late)


def test_where_no_law_says_by_when_nothing_is_said() -> None:
    version = procedure("2.000635")
    outcome = reckon(version, Matter(Channel.ONLINE, vn(25, 11, 16), {}, whole=False), HAI_PHONG)
    assert come_by(version, outcome, date(2026, 11, 25)) is None


def test_what_was_due_on_the_day_of_filing_does_not_change_with_the_day_of_receipt() -> None:
    answers = {"child": {"birth_date": "2026-09-26"}}
    filed = Matter(Channel.COUNTER, vn(25, 11, 16), answers)
    received = Matter(Channel.COUNTER, vn(26, 11, 8), answers, filed_on=date(2026, 11, 25))
    anew = Matter(Channel.COUNTER, vn(26, 11, 8), answers)
    fees = [amounts(reckon(procedure("1.001193"), matter, HAI_PHONG)) for matter in (filed, received, anew)]
    assert fees == [{}, {}, {"civil_charge": 8000}]
