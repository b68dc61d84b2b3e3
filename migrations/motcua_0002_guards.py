"""What Piccolo's tables cannot say: extensions, append-only guards, indexes over expressions, queues and buckets."""

from pgqueuer import Queries
from pgqueuer.db import AsyncpgDriver
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-24T20:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Guards, indexes, queues"

FORWARDS = """
create extension if not exists unaccent;
create extension if not exists pg_trgm;

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;

create trigger history_entry_kept before update or delete on history_entry
    for each row execute function refuse_change();
create trigger history_entry_not_emptied before truncate on history_entry
    for each statement execute function refuse_change();
alter table history_entry enable always trigger history_entry_kept;
alter table history_entry enable always trigger history_entry_not_emptied;

create trigger dossier_paper_kept before update or delete on dossier_paper
    for each row execute function refuse_change();
create trigger dossier_paper_not_emptied before truncate on dossier_paper
    for each statement execute function refuse_change();
alter table dossier_paper enable always trigger dossier_paper_kept;
alter table dossier_paper enable always trigger dossier_paper_not_emptied;

create trigger dossier_foreign_code_kept before update or delete on dossier_foreign_code
    for each row execute function refuse_change();
create trigger dossier_foreign_code_not_emptied before truncate on dossier_foreign_code
    for each statement execute function refuse_change();
alter table dossier_foreign_code enable always trigger dossier_foreign_code_kept;
alter table dossier_foreign_code enable always trigger dossier_foreign_code_not_emptied;

create trigger dossier_foreign_code_withdrawal_kept before update or delete on dossier_foreign_code_withdrawal
    for each row execute function refuse_change();
create trigger dossier_foreign_code_withdrawal_not_emptied before truncate on dossier_foreign_code_withdrawal
    for each statement execute function refuse_change();
alter table dossier_foreign_code_withdrawal enable always trigger dossier_foreign_code_withdrawal_kept;
alter table dossier_foreign_code_withdrawal enable always trigger dossier_foreign_code_withdrawal_not_emptied;

create trigger dossier_fees_kept before update or delete on dossier_fees
    for each row execute function refuse_change();
create trigger dossier_fees_not_emptied before truncate on dossier_fees
    for each statement execute function refuse_change();
alter table dossier_fees enable always trigger dossier_fees_kept;
alter table dossier_fees enable always trigger dossier_fees_not_emptied;

create unique index account_verified_number on account (personal_id_print)
    where identity_verified_at is not null and closed_at is null;
create unique index officer_once on officer (account, agency) where ended_at is null;
create unique index calendar_day_once on calendar_day (agency, date) nulls not distinct where withdrawn_at is null;
create unique index office_week_once on office_week (agency, since) where withdrawn_at is null;

-- By when the office acts: null before filing and after the end; what has no date, or only waits to be fetched, is last.
alter table dossier add column act_by timestamptz generated always as (
    case
        when state = 'submitted' then coalesce(intake_due_at, 'infinity'::timestamptz)
        when state in ('received', 'in_process', 'awaiting_supplement', 'awaiting_fee', 'decided')
            then coalesce(due_at, 'infinity'::timestamptz)
        when state = 'issued' then 'infinity'::timestamptz
    end
) stored;
create index dossier_work on dossier (agency, act_by, id) where act_by is not null;
create index dossier_ended on dossier (agency, ended_at desc, id desc) where ended_at is not null;
create index dossier_running_number on dossier (agency, (split_part(code, '-', 3))) where code is not null;
create index dossier_at_counter on dossier (assignee) where state in ('draft', 'prepared') and assignee is not null;
create index dossier_of_account on dossier (account, updated_at desc) where account is not null;
create index dossier_owner_name on dossier using gin (owner_search gin_trgm_ops);
create index dossier_owner_phone on dossier (owner_phone);
create index dossier_owner_number on dossier (agency, owner_number) where owner_number is not null;
create index notification_recent on notification (account, at desc);

create table live_event (
    id bigint generated always as identity primary key,
    xact xid8 not null default pg_current_xact_id(),
    at timestamptz not null default now(),
    topic text not null,
    subject text not null
);
create index live_event_since on live_event (xact);

create unlogged table rate_bucket (key text primary key, until timestamptz not null);
create table job_start (job bigint primary key, starts integer not null);
"""

BACKWARDS = """
drop table job_start, rate_bucket, live_event;
drop index account_verified_number, officer_once, calendar_day_once, office_week_once, dossier_work, dossier_ended,
    dossier_running_number, dossier_at_counter, dossier_of_account, dossier_owner_name, dossier_owner_phone,
    dossier_owner_number, notification_recent;
alter table dossier drop column act_by;
drop trigger history_entry_kept on history_entry;
drop trigger history_entry_not_emptied on history_entry;
drop trigger dossier_paper_kept on dossier_paper;
drop trigger dossier_paper_not_emptied on dossier_paper;
drop trigger dossier_foreign_code_kept on dossier_foreign_code;
drop trigger dossier_foreign_code_not_emptied on dossier_foreign_code;
drop trigger dossier_foreign_code_withdrawal_kept on dossier_foreign_code_withdrawal;
drop trigger dossier_foreign_code_withdrawal_not_emptied on dossier_foreign_code_withdrawal;
drop trigger dossier_fees_kept on dossier_fees;
drop trigger dossier_fees_not_emptied on dossier_fees;
drop function refuse_change();
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="motcua", description=DESCRIPTION)

    async def run() -> None:
        connection = engine_finder().current_transaction.get().connection
        await connection.execute(FORWARDS)
        await Queries(AsyncpgDriver(connection)).install()

    async def run_back() -> None:
        connection = engine_finder().current_transaction.get().connection
        await Queries(AsyncpgDriver(connection)).uninstall()
        await connection.execute(BACKWARDS)

    manager.add_raw(run)
    manager.add_raw_backwards(run_back)
    return manager
