"""`gateway reload`: have the running gateway reload its settings, and print the result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.shared import loading, options, output

if TYPE_CHECKING:
    from gateway.net.host.desk_units import DeskUnits
    from gateway.settings import Settings

EPILOG = """\b
Examples:
  gateway reload
  gateway reload --config /etc/gateway
"""
# Checking many custom templates takes some seconds; systemd waits 90.
PATIENCE_S = 75.0


@click.command(epilog=EPILOG)
@options.config_option
def reload(config_path: Path | None) -> None:
    """Reload the running gateway's settings.

    Also reloads templates, the register and certificate files. The systemd unit runs this command as
    ExecReload.

    All or nothing: if validation fails, the previous configuration stays active and the command exits with
    78. Credentials that have changed since startup are rejected: they require a restart.
    """
    from gateway.net.control import client
    from gateway.net.host.desk_units import find_units

    config, path = loading.load_settings(config_path, failing="not reloaded")
    database = Path(config.store.path)
    try:
        _refuse_changed_credentials(config, find_units(path.absolute()), database)
        client.ask(database, "reload", timeout_s=PATIENCE_S)
    except client.RefusedError as error:
        loading.fail(f"reload failed; previous configuration still active: {error}", loading.EXIT_CONFIG)
    except client.NotAnsweredError as error:
        loading.fail(f"not reloaded: {error}", loading.EXIT_TEMPORARY)
    output.echo("Reloaded.")


def _refuse_changed_credentials(config: Settings, units: DeskUnits, database: Path) -> None:
    from gateway.net.control import client
    from gateway.net.control.protocol import QUERY
    from gateway.settings.secret_files import changed_since

    changed = changed_since(config, float(client.ask(database, "started", door=QUERY)), units)
    if changed:
        raise client.RefusedError(
            f"{', '.join(changed)}: changed since startup, but systemd passes credentials only at "
            f"startup: systemctl restart {units.name()} (drops no connections)"
        )
