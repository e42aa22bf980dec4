"""`gateway store sql`: the SQL that the owner of a database runs once, before the first start."""

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
  gateway store sql --upgrade | sudo -u postgres psql -v ON_ERROR_STOP=1 desk

\b
Exit codes: 0 printed, 1 nothing to upgrade or no upgrade path, 75 the schema version cannot be read now,
78 the settings are invalid, or do not match the database.
"""
_NAME = r"[a-z_][a-z0-9_]{0,62}"


def _check_name(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    import re

    if given is not None and not re.fullmatch(_NAME, given):
        raise click.BadParameter(f"{given!r}: expected lower-case letters, digits and _")
    return given


@click.command(epilog=EPILOG)
@options.config_option
@click.option("--schema", callback=_check_name, help="Schema name (default: store.schema from the settings).")
@click.option("--owner", callback=_check_name, default="gateway_owner", help="Role that owns the tables.")
@click.option("--writer", callback=_check_name, help="The gateway's role (default: the user in store.url).")
@click.option("--reader", callback=_check_name, default="gateway_console", help="Read-only role.")
@click.option("--upgrade", is_flag=True, help="Upgrade a schema from an earlier version, keeping its data.")
@click.option(
    "--from", "since", metavar="VERSION", help="Version to upgrade from (default: read from the database)."
)
def sql(
    config_path: Path | None,
    schema: str | None,
    owner: str,
    writer: str | None,
    reader: str,
    upgrade: bool,
    since: str | None,
) -> None:
    """Print the SQL for the schema, roles and grants.

    Run the output as a PostgreSQL superuser: it creates the roles that do not exist yet. If they all exist,
    the owner of the database can run it as a member of the role that will own the tables.

    The SQL runs in one transaction and can be run only once. The gateway's role can read and change rows, but
    not the schema. With --upgrade, the SQL deactivates the active machine, so stop that machine first.
    """
    from gateway.store.postgres.schema import WRITER, build_sql

    if since and not upgrade:
        raise click.UsageError("--from needs --upgrade: a new schema is always of the current version")
    config = _load_settings(config_path)
    named = schema or (config.store.schema if config is not None else "gateway")
    role = writer or (_find_user(config) if config is not None else "") or WRITER
    if upgrade:
        output.echo(_build_upgrade(since or _ask_version(config), named, owner, role, reader))
    else:
        output.echo(build_sql(named, owner, role, reader))


def _build_upgrade(since: str, schema: str, owner: str, writer: str, reader: str) -> str:
    from gateway.store.postgres.schema.upgrade import UpgradeError, build_upgrade

    try:
        return build_upgrade(since, schema, owner, writer, reader)
    except UpgradeError as error:
        loading.fail(str(error), loading.EXIT_NOT_FOUND)


def _ask_version(config: Settings | None) -> str:
    """Return the version of the schema at store.url."""
    if config is None or not config.store.url:
        raise click.UsageError("specify the schema version with --from, or set store.url")
    from gateway.app.wiring.database.store import build_place
    from gateway.store.postgres.source import PostgresSource

    path = Path(config.store.path)
    with loading.using_database(path):
        return PostgresSource(build_place(config), path).find_version()


def _load_settings(config_path: Path | None) -> Settings | None:
    from gateway import settings

    if config_path is None and not settings.find_settings_file(None).is_file():
        return None
    return loading.load_settings(config_path)[0]


def _find_user(config: Settings) -> str:
    from urllib.parse import unquote, urlsplit

    return unquote(urlsplit(config.store.url).username or "")
