"""`gateway config`: whether the settings are usable, and what they are."""

from __future__ import annotations

from pathlib import Path

import click

from gateway.cli import common
from gateway.cli.common import Aliased

EPILOG = """\b
Examples:
  gateway config check --config /etc/gateway
  gateway config show --config ./gateway.toml --json
"""


@click.group(cls=Aliased, epilog=EPILOG)
def config() -> None:
    """Check and show the settings."""


@config.command("check", epilog=EPILOG)
@common.config_option
def check(config_path: Path | None) -> None:
    """Check the settings and the templates; ends with 78 when they cannot be used."""
    from gateway import app, settings
    from gateway.net.render import TemplateTroubleError

    loaded, path = common.load_settings(config_path)
    try:
        app.App(loaded, path.parent)
    except settings.SettingsError as error:
        common.fail(f"{path}: {error}", common.EXIT_CONFIG)
    except TemplateTroubleError as error:
        common.fail(f"template {error}", common.EXIT_CONFIG)
    click.echo(f"{path}: the settings can be used.")


@config.command("show", epilog=EPILOG)
@common.config_option
@common.json_option
def show(config_path: Path | None, as_json: bool) -> None:
    """Show every setting in force, defaults included. Secrets stay in their files and are not shown."""
    import msgspec

    loaded, path = common.load_settings(config_path)
    values = msgspec.to_builtins(loaded)
    if as_json:
        common.print_json(values)
        return
    rows = [
        (f"{section}.{key}", value)
        for section, table in values.items()
        if isinstance(table, dict)
        for key, value in table.items()
    ]
    rows += [("staff", f"{person['name']} <{person['address']}>") for person in values["staff"]]
    common.print_table(str(path), ("key", "value"), rows)
