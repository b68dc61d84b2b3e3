"""Bringing the database to the present shape: Piccolo's migrations as the owner, then the rights of the role that runs."""

import os
from typing import Any

import asyncpg
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager

from backend.kit import settings
from backend.kit.database import DB
from backend.kit.postgres import address

APPEND_ONLY = (
    "history_entry",
    "dossier_paper",
    "dossier_fees",
    "dossier_foreign_code",
    "dossier_foreign_code_withdrawal",
)

_RIGHTS = """
grant usage on schema public to {app};
grant select, insert, update, delete on all tables in schema public to {app};
grant usage, select on all sequences in schema public to {app};
revoke update, delete, truncate on {append_only} from {app};
revoke insert, update, delete on migration from {app};
"""


async def migrate(owner: dict[str, Any] | None = None, app: dict[str, Any] | None = None) -> None:
    """Run the migrations that are missing, as role `owner`, and give role `app` exactly its rights.

    Args:
        owner, app: asyncpg keyword arguments; by default those of the settings.

    Raises:
        RuntimeError: a migration failed.
    """
    os.environ.setdefault("PICCOLO_CONF", "backend.piccolo_conf")
    owner = owner or address(settings.current(), "owner")
    app = app or address(settings.current(), "app")
    before, DB.config = DB.config, owner
    try:
        result = await ForwardsMigrationManager(app_name="motcua", migration_id="all").run()
    finally:
        DB.config = before
    if not result.success:
        raise RuntimeError(result.message)
    await _give_rights(owner, app)


async def _give_rights(owner: dict[str, Any], app: dict[str, Any]) -> None:
    name = await _role_of(app)
    connection = await asyncpg.connect(**owner)
    try:
        if name != await connection.fetchval("select quote_ident(current_user)"):
            await connection.execute(_RIGHTS.format(app=name, append_only=", ".join(APPEND_ONLY)))
    finally:
        await connection.close()


async def _role_of(dsn: dict[str, Any]) -> str:
    connection = await asyncpg.connect(**dsn)
    try:
        return str(await connection.fetchval("select quote_ident(current_user)"))
    finally:
        await connection.close()


async def empty(owner: dict[str, Any] | None = None) -> None:
    """Empty every table, the append-only ones too, as role `owner`: for a database that nobody has used yet.

    Args:
        owner: asyncpg keyword arguments; by default those of the settings.
    """
    connection = await asyncpg.connect(**(owner or address(settings.current(), "owner")))
    try:
        names = await connection.fetch(
            "select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'migration'"
        )
        async with connection.transaction():
            for table in APPEND_ONLY:
                await connection.execute(f"alter table {table} disable trigger {table}_not_emptied")
            await connection.execute("truncate " + ", ".join(row["name"] for row in names))
            for table in APPEND_ONLY:
                await connection.execute(f"alter table {table} enable always trigger {table}_not_emptied")
    finally:
        await connection.close()
