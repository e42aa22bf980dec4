"""`gateway store copy`: copies everything to an empty database of the other kind, and verifies it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.run.recovery.verify import build_progress
from gateway.cli.shared import loading, options, output
from gateway.printing.terminal import count

if TYPE_CHECKING:
    from gateway.store.copying.copy import CopyResult
    from gateway.store.postgres.connecting.session import Place

EPILOG = """\b
Examples:
  gateway store sql | sudo -u postgres psql -v ON_ERROR_STOP=1 desk
  systemctl stop gateway.socket gateway.service
  gateway store copy --to postgresql://gateway@db1.example.lg.jp/desk --dry-run
  gateway store copy --to postgresql://gateway@db1.example.lg.jp/desk
  gateway store copy --from postgresql://gateway@db1.example.lg.jp/desk

\b
The password is read from ~/.pgpass or PGPASSWORD, so that it does not appear in process lists.
Exit codes: 0 copied and verified, 75 nothing was copied, 78 the settings are invalid, or the database
was written by a newer gateway.
"""
_FAILED = "nothing was copied"
_EXTRA = "PostgreSQL support is not installed: pip install 'intake-gateway[postgres]'"


@click.command("copy", epilog=EPILOG)
@click.option(
    "--to", "to_url", metavar="URL", help="Copy from the SQLite file to an empty PostgreSQL schema."
)
@click.option(
    "--from", "from_url", metavar="URL", help="Copy from the PostgreSQL schema to a new SQLite file."
)
@click.option("--schema", default="gateway", show_default=True, help="PostgreSQL schema.")
@click.option(
    "--dry-run", is_flag=True, help="Read and count everything and check the target, but write nothing."
)
@options.read_options
@options.wide_option
def copy(
    to_url: str | None,
    from_url: str | None,
    schema: str,
    dry_run: bool,
    config_path: Path | None,
    database: Path | None,
    as_json: bool,
) -> None:
    """Copy a desk's data to another store and verify the copy.

    Everything is copied in one step. Each table is verified by its SHA-256 hash, the journal by its last
    hash; if anything differs, the copy is discarded. Stop the gateway first, except with --dry-run. The
    source is not changed, and the target must be empty.
    """
    if (to_url is None) == (from_url is None):
        raise click.UsageError("specify either --to URL or --from URL")
    place = _parse_place(to_url or from_url or "", schema)
    path = loading.find_source(config_path, database).path
    with _failing(path):
        if to_url is not None:
            done = _try_to_postgres(path, place) if dry_run else _copy_to_postgres(path, place)
        else:
            done = _try_to_sqlite(place, path) if dry_run else _copy_to_sqlite(place, path)
    _print(done, str(place) if to_url else str(path), dry_run=dry_run, as_json=as_json)


def _parse_place(url: str, schema: str) -> Place:
    from gateway.settings import database_url

    try:
        from gateway.store.postgres.connecting.session import SCHEMA, Place
    except ImportError:
        loading.fail(f"{_FAILED}: {_EXTRA}", loading.EXIT_CONFIG)
    if not database_url.is_database(url):
        raise click.BadParameter(f"expected {database_url.SHAPE}", param_hint="URL")
    if (unusable := database_url.find_unusable(url)) is not None:
        raise click.BadParameter(f"{unusable[0]}: expected {unusable[1]}", param_hint="URL")
    if not SCHEMA.fullmatch(schema):
        raise click.BadParameter(f"{schema!r}: expected a-z, 0-9 and _", param_hint="--schema")
    return Place(url, schema)


@contextmanager
def _failing(path: Path) -> Iterator[None]:
    from gateway.store.copying.copy import CopyError
    from gateway.store.protocol import StoreUnavailableError

    try:
        with loading.using_database(path, _FAILED):
            yield
    except (CopyError, StoreUnavailableError) as error:
        loading.fail(f"{_FAILED}: {error}", loading.EXIT_TEMPORARY)


def _copy_to_postgres(path: Path, place: Place) -> CopyResult:
    from gateway.store.postgres import copying
    from gateway.store.privacy import tombstones
    from gateway.store.queries.reader import open_current
    from gateway.store.sqlite.source import SqliteSource
    from gateway.store.sqlite.store import lock

    with contextlib.closing(open_current(SqliteSource(path))) as source, lock(path):
        source.begin_view()
        return copying.fill(source, place, tombstones.load_key(path), build_progress())


def _copy_to_sqlite(place: Place, path: Path) -> CopyResult:
    from gateway.store.postgres import copying
    from gateway.store.postgres.source import PostgresSource
    from gateway.store.sqlite.copying import write_file

    with (
        copying.standing_still(place, path),
        contextlib.closing(PostgresSource(place, path).open()) as source,
    ):
        return write_file(source, path, build_progress())[0]


def _try_to_postgres(path: Path, place: Place) -> CopyResult:
    from gateway.store.copying.copy import survey
    from gateway.store.postgres import copying
    from gateway.store.queries.reader import open_current
    from gateway.store.sqlite.source import SqliteSource

    copying.check_target(place)
    with contextlib.closing(open_current(SqliteSource(path))) as source:
        source.begin_view()
        return survey(source, build_progress(), holds_nul=False)


def _try_to_sqlite(place: Place, path: Path) -> CopyResult:
    from gateway.store.copying.copy import survey
    from gateway.store.postgres.source import PostgresSource
    from gateway.store.sqlite.copying import check_target

    check_target(path)
    with contextlib.closing(PostgresSource(place, path).open()) as source:
        return survey(source, build_progress(), holds_nul=True)


def _print(done: CopyResult, target: str, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        tables = [{"table": one.table, "rows": one.rows, "sha256": one.digest} for one in done.tables]
        head = {"lines": done.head.number, "head": done.head.hash.hex()}
        output.print_json({"copied": not dry_run, "to": target, "tables": tables, **head})
        return
    output.print_table(
        target, ("table", "rows", "SHA-256"), ((one.table, one.rows, one.digest[:16]) for one in done.tables)
    )
    said = "would be copied; nothing was written" if dry_run else "copied, and verified on both sides"
    output.echo(f"{count(done.rows, 'row')} {said}.")
    output.echo(f"Head: line {done.head.number}, {done.head.hash.hex()}")
