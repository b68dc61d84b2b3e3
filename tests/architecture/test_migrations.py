"""Tables and migrations agree, and every migration goes back the way it came."""

from pathlib import Path

import pytest
from piccolo.apps.migrations.auto.diffable_table import DiffableTable
from piccolo.apps.migrations.auto.schema_differ import SchemaDiffer
from piccolo.apps.migrations.auto.schema_snapshot import SchemaSnapshot
from piccolo.apps.migrations.commands.backwards import BackwardsMigrationManager
from piccolo.apps.migrations.commands.base import BaseMigrationManager

from backend.kit.database import DB
from backend.kit.migrating import APPEND_ONLY, migrate
from backend.kit.postgres import Embedded
from migrations.piccolo_app import APP_CONFIG

pytestmark = pytest.mark.anyio


async def test_auto_migration_finds_nothing_left_to_do() -> None:
    found = BaseMigrationManager()
    modules = found.get_migration_modules(APP_CONFIG.resolved_migrations_folder_path)
    managers = [await module.forwards() for _name, module in sorted(modules.items())]
    snapshot = SchemaSnapshot(managers=managers).get_snapshot()
    today = [
        DiffableTable(
            class_name=table.__name__,
            tablename=table._meta.tablename,
            schema=table._meta.schema,
            columns=table._meta.non_default_columns,
            constraints=table._meta.constraints,
        )
        for table in APP_CONFIG.table_classes
    ]
    differ = SchemaDiffer(schema=today, schema_snapshot=snapshot, auto_input="y")
    statements = [statement for group in differ.get_alter_statements() for statement in group.statements]
    assert statements == []


async def test_migrations_go_back_to_nothing_and_forward_again(tmp_path: Path) -> None:
    server = Embedded(tmp_path, durable=False)
    server.start()
    try:
        owner, app = server.dsn("owner"), server.dsn("app")
        await migrate(owner, app)
        before, DB.config = DB.config, owner
        try:
            await BackwardsMigrationManager(app_name="motcua", migration_id="all", auto_agree=True).run()
        finally:
            DB.config = before
        assert server.query("select count(*) from pg_tables where schemaname = 'public'", "motcua").strip() == "1"
        await migrate(owner, app)
        guards = "select distinct tgrelid::regclass::text from pg_trigger where tgenabled = 'A'"
        assert set(server.query(guards, "motcua").split()) == set(APPEND_ONLY)
    finally:
        server.stop()
        server.discard()
