"""`gateway store sql`: what the owner of a database runs once, before a gateway works on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.shared import loading, options, output

if TYPE_CHECKING:
    from gateway.settings import Settings

EPILOG = """\b
Examples:
  gateway store sql | sudo -u postgres psql -v ON_ERROR_STOP=1 desk
  gateway store sql --schema city --writer gateway_city
"""
_NAME = r"[a-z_][a-z0-9_]{0,62}"


def _check_name(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    import re

    if given is not None and not re.fullmatch(_NAME, given):
        raise click.BadParameter(f"{given!r}: allowed are small letters, digits and _")
    return given


@click.command(epilog=EPILOG)
@options.config_option
@click.option("--schema", callback=_check_name, help="The schema (default: store.schema of the settings).")
@click.option("--owner", callback=_check_name, default="gateway_owner", help="The role that owns the tables.")
@click.option("--writer", callback=_check_name, help="The gateway's role (default: the user in store.url).")
@click.option("--reader", callback=_check_name, default="gateway_console", help="The role that only reads.")
def sql(config_path: Path | None, schema: str | None, owner: str, writer: str | None, reader: str) -> None:
    """Print the SQL for schema, roles and rights.

    For the owner of the database on PostgreSQL.

    It runs in one transaction and only once. The gateway's role may change rows, and nothing else.
    """
    from gateway.store.postgres.schema import WRITER, build_sql

    config = _load_settings(config_path)
    named = schema or (config.store.schema if config is not None else "gateway")
    role = writer or (_find_user(config) if config is not None else "") or WRITER
    output.echo(build_sql(named, owner, role, reader))


def _load_settings(config_path: Path | None) -> Settings | None:
    from gateway import settings

    if config_path is None and not settings.find_settings_file(None).is_file():
        return None
    return loading.load_settings(config_path)[0]


def _find_user(config: Settings) -> str:
    from urllib.parse import unquote, urlsplit

    return unquote(urlsplit(config.store.url).username or "")
