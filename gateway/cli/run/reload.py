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
# Checking many templates of the operator's own takes some seconds; systemd waits 90.
PATIENCE_S = 75.0


@click.command(epilog=EPILOG)
@options.config_option
def reload(config_path: Path | None) -> None:
    """Reload the settings of the running gateway.

    Also templates, the register and certificate files. The unit's ExecReload.

    All of it or nothing: if validation fails, the previous configuration stays active, and this exits
    with 78. A credential that was changed since the start needs a restart, and is rejected here.
    """
    from gateway.net.control import client
    from gateway.net.host.desk_units import find_units

    config, path = loading.load_settings(config_path, failing="not reloaded")
    database = Path(config.store.path)
    try:
        _refuse_changed_credentials(config, find_units(path.absolute()), database)
        client.ask(database, "reload", timeout_s=PATIENCE_S)
    except client.RefusedError as error:
        loading.fail(f"not reloaded, works on as before: {error}", loading.EXIT_CONFIG)
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
            f"{', '.join(changed)}: changed since the start, and systemd hands credentials over at the start "
            f"only: systemctl restart {units.name()} (no connection is lost)"
        )
