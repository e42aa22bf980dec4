"""`gateway serve`: runs the service."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import click

from gateway.cli.shared import loading, options

EPILOG = """\b
Examples:
  gateway serve --config /etc/gateway
  gateway serve --config var/demo --log-level debug
"""


@click.command(epilog=EPILOG)
@options.config_option
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    help="Log level for standard error (default: log.level from the settings).",
)
def serve(config_path: Path | None, log_level: str | None) -> None:
    """Run the gateway in the foreground.

    SIGTERM or Ctrl-C stops it, SIGHUP reloads the settings.

    Exits with 78 if the settings are invalid and with 75 if the port or the database is in use.
    """
    from gateway import settings
    from gateway.app.service import Gateway
    from gateway.app.serving.serve import serve as serve_until_stopped
    from gateway.app.serving.standby import NotActiveError
    from gateway.app.wiring.log import apply_log_settings
    from gateway.log import handlers
    from gateway.net.host import event_loop
    from gateway.preview.proof import choose_templates
    from gateway.store.protocol import StoreUnavailableError
    from gateway.store.protocol.opening import DatabaseInUseError, UnusableStoreError
    from gateway.store.sqlite.backup import BackupError
    from gateway.store.sqlite.faults import describe_fault
    from gateway.store.sqlite.migrations.schema import SchemaError
    from gateway.templating.renderer import InvalidTemplateError

    handlers.configure_logging(log_level or "info")
    loaded, path = loading.load_settings(config_path, serving=True)
    apply_log_settings(loaded, log_level)

    def read() -> settings.Settings:
        found = settings.load(path)
        apply_log_settings(found, log_level)
        return found

    try:
        gateway = Gateway(loaded, path.parent, check_templates=choose_templates)
        event_loop.run(serve_until_stopped(gateway, read))
    except settings.SettingsError as error:
        loading.fail(f"{path}: {error}", loading.EXIT_CONFIG)
    except (InvalidTemplateError, SchemaError, UnusableStoreError) as error:
        loading.fail(str(error), loading.EXIT_CONFIG)
    except NotActiveError as error:
        loading.fail(f"ended: {error}", loading.EXIT_TEMPORARY)
    except (DatabaseInUseError, StoreUnavailableError, BackupError) as error:
        loading.fail(f"cannot start: {error}", loading.EXIT_TEMPORARY)
    except sqlite3.Error as error:
        why = describe_fault(Path(loaded.store.path), error)
        loading.fail(f"cannot start: {why}", loading.EXIT_TEMPORARY)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        loading.fail(f"cannot start: {where}{error.strerror or error}", loading.EXIT_TEMPORARY)
