"""Administrative units, agencies, officers and their roles, working-time calendars."""

from enum import StrEnum

from piccolo.columns import JSONB, Array, Date, Integer, Text
from piccolo.table import Table

from backend.agencies.office_hours import DayKind
from backend.kit.columns import key, moment, one_of, reference, word
from backend.kit.database import DB


class UnitKind(StrEnum):
    """The two tiers since 1/7/2025 and the three kinds of the lower one."""

    PROVINCE = "province"
    COMMUNE = "commune"
    WARD = "ward"
    SPECIAL_ZONE = "special_zone"


class AgencyKind(StrEnum):
    """Where an agency stands: department is part of a commune's or province's office."""

    PROVINCE = "province"
    COMMUNE = "commune"
    DEPARTMENT = "department"


class Role(StrEnum):
    """What an officer may do (domain.md §3); one officer may hold several."""

    RECEPTIONIST = "receptionist"
    PROCESSOR = "processor"
    APPROVER = "approver"
    LEADER = "leader"
    CLERK = "clerk"
    CASHIER = "cashier"
    ADMINISTRATOR = "administrator"


class AdministrativeUnit(Table, tablename="administrative_unit", db=DB):
    """A province or commune as the law names it, for as long as it exists."""

    id = key()
    code = Text(default=None, index=True, help_text="official code: 2 digits for provinces, 5 for communes")
    kind = word(UnitKind)
    name = Text(default=None, help_text="with its kind: Xã Mai Khê")
    province_code = Text(default=None, null=True, index=True)
    valid_from = Date(default=None)
    valid_to = Date(default=None, null=True)
    successor = Text(default=None, null=True, help_text="code of the unit that took over")

    kind_known = one_of("kind", UnitKind)


class Agency(Table, tablename="agency", db=DB):
    """An office of the state that receives or decides dossiers."""

    id = key()
    kind = word(AgencyKind)
    code = Text(default=None, unique=True, help_text="identification code that begins dossier codes: H71.104.26")
    unit_code = Text(default=None, null=True, index=True, help_text="the administrative unit it serves")
    parent = reference(null=True, index=True)
    name = Text(default=None, help_text="Ủy ban nhân dân xã Mai Khê")
    short_name = Text(default=None, help_text="Xã Mai Khê")
    superior_name = Text(default="", help_text="first line of the head of papers")
    centre_name = Text(default="", help_text="Trung tâm Phục vụ hành chính công xã Mai Khê")
    place = Text(default="", help_text="Mai Khê, before the date on papers")
    address = Text(default="")
    phone = Text(default="")
    email = Text(default=None, null=True)
    cutoff = Text(default="15:00", help_text="intake after this counts from the next working day (15:00:00 is in time)")
    intake_hours = Integer(default=8, help_text="working hours in which online filings are answered [K]")
    opened_at = moment(null=False)
    closed_at = moment()

    kind_known = one_of("kind", AgencyKind)


class Officer(Table, tablename="officer", db=DB):
    """A person who works for an agency, with roles, from one moment to another."""

    id = key()
    agency = reference(index=True)
    account = reference(index=True)
    department = reference(null=True)
    full_name = Text(default=None)
    title = Text(default="", help_text="Chuyên viên hộ tịch")
    roles = Array(base_column=Text(), default=list, help_text="words of Role")
    appointed_at = moment(null=False)
    ended_at = moment()


class OfficeWeek(Table, tablename="office_week", db=DB):
    """The office hours an agency set for itself, from a day on. Never changed: a new row follows, or it is withdrawn."""

    id = key()
    agency = reference(index=True)
    since = Date(default=None, help_text="the first day by these hours")
    hours = JSONB(default="{}", help_text="weekday 1-7 → [[from, to], …]; on a day of rest people are only received")
    entered_by = reference(help_text="officer")
    entered_at = moment(null=False)
    withdrawn_by = reference(null=True, help_text="officer")
    withdrawn_at = moment()


class CalendarDay(Table, tablename="calendar_day", db=DB):
    """A day that differs from the weekly rule; without an agency it holds for all. Never changed, only withdrawn."""

    id = key()
    agency = reference(null=True)
    date = Date(default=None, index=True)
    kind = word(DayKind)
    name = Text(default=None)
    status = Text(default="confirmed")
    basis = Text(default="")
    swaps_for = Date(
        default=None, null=True, help_text="the other side of a swap: whose hours a make-up day is worked by"
    )
    entered_by = reference(null=True, help_text="officer; none: it came with the national calendar")
    entered_at = moment()
    withdrawn_by = reference(null=True, help_text="officer; none: another national calendar came")
    withdrawn_at = moment()

    kind_known = one_of("kind", DayKind)


class CalendarYear(Table, tablename="calendar_year", db=DB):
    """A year whose holidays are known; the others count weekends only and administrators are warned."""

    year = Integer(primary_key=True, default=None)
    status = Text(default="confirmed")
