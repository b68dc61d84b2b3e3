"""One Piccolo app for the whole product: every room's tables, one ordered history."""

from importlib.util import find_spec
from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

from backend import ROOMS

APP_CONFIG = AppConfig(
    app_name="motcua",
    migrations_folder_path=str(Path(__file__).parent),
    table_classes=table_finder(
        modules=[f"backend.{room}.tables" for room in ROOMS if find_spec(f"backend.{room}.tables")],
        exclude_imported=True,
    ),
    migration_dependencies=[],
    commands=[],
)
