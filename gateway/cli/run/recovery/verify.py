"""`gateway verify`: verifies the integrity of the database."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.shared import loading, options, output

if TYPE_CHECKING:
    from gateway.store.integrity.report import Report

EPILOG = """\b
Examples:
  gateway verify
  gateway verify --database /var/lib/gateway/backups/gateway-20261125T030000Z.db
  gateway verify --head 3f1c9a...      check that a hash recorded earlier is still there
  gateway verify --json

\b
Exit codes: 0 sound, 1 inconsistent, 75 unreadable, 78 written by a newer gateway or not a gateway database.
"""
_SIGN_OF_LIFE_S = 2.0
_HASH_BYTES = 32


def _parse_hashes(
    _context: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> tuple[bytes, ...]:
    """Parse SHA-256 hashes in hexadecimal."""
    allowed = "expected the 64-digit head hash printed by gateway verify"
    found = []
    for text in given:
        try:
            found.append(bytes.fromhex(text.strip()))
        except ValueError as error:
            raise click.BadParameter(f"{text!r}: {allowed}") from error
        if len(found[-1]) != _HASH_BYTES:
            raise click.BadParameter(f"{text!r}: {allowed}")
    return tuple(found)


@click.command(epilog=EPILOG)
@click.option(
    "--head",
    "heads",
    multiple=True,
    metavar="HASH",
    callback=_parse_hashes,
    help="Head hash recorded earlier; may be repeated.",
)
@options.read_options
@options.wide_option
def verify(heads: tuple[bytes, ...], config_path: Path | None, database: Path | None, as_json: bool) -> None:
    """Verify database integrity.

    Checks database pages, the schema, the journal's hash chain, and references.

    The check is read-only and can be run while the gateway is running. Record the printed head on another
    machine: passing it as --head later proves that nothing before it has been altered or removed.
    """
    source = loading.find_source(config_path, database)
    with loading.using_database(source):
        loading.require_source(source)
        report = source.verify(heads, build_progress())
    if as_json:
        output.print_json(report_facts(report))
    else:
        print_report(source, report)
    sys.exit(0 if report.is_sound else 1)


def report_facts(report: Report) -> dict[str, object]:
    """Return a report as JSON facts."""
    return {
        "sound": report.is_sound,
        "checks": [
            {"check": one.name, "sound": one.is_sound, "what": one.what, "found": list(one.found)}
            for one in report.checks
        ],
        "lines": report.head.number,
        "head": report.head.hash.hex(),
    }


def print_report(place: object, report: Report) -> None:
    """Print a report for people."""
    output.print_table(
        str(place),
        ("check", "what", "found"),
        ((one.name, one.what, "\n".join(one.found) or "sound") for one in report.checks),
    )
    for one in report.checks:
        if not one.is_sound:
            output.echo(f"{one.name}: {one.advice}.")
    if any(one.name == "chain" for one in report.checks):
        output.echo(f"Head: line {report.head.number}, {report.head.hash.hex()}")


def build_progress() -> Callable[[str, int], None]:
    """Build a function that prints the progress on a terminal, at most every two seconds."""
    last = time.monotonic()

    def tell(what: str, count: int) -> None:
        nonlocal last
        if sys.stderr.isatty() and time.monotonic() - last > _SIGN_OF_LIFE_S:
            last = time.monotonic()
            output.echo(f"  {what} {count} ...", err=True)

    return tell
