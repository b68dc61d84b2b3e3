"""Where Piccolo's command line and migrations find the engine and the one app of the whole product."""

from piccolo.conf.apps import AppRegistry

from backend.kit.database import DB

__all__ = ["APP_REGISTRY", "DB"]

APP_REGISTRY = AppRegistry(apps=["migrations.piccolo_app"])
