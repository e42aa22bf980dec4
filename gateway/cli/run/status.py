"""`gateway status`: one screen for people, and a check for Nagios and similar programs."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from gateway.cli.shared import loading, options, output
from gateway.printing.terminal import count

if TYPE_CHECKING:
    from gateway.app.health import HealthProblem
    from gateway.store.queries.statistics import Statistics

EPILOG = """\b
Examples:
  gateway status
  gateway status --warn-age 30 --critical-age 120
  gateway status --database /var/lib/gateway/gateway.db --backup-hours 26
  gateway status --json
"""


@click.command(epilog=EPILOG)
@click.option(
    "--warn-age",
    default=60.0,
    show_default=True,
    metavar="MINUTES",
    help="Warn if an outgoing message has been delayed for this long.",
)
@click.option(
    "--critical-age",
    default=360.0,
    show_default=True,
    metavar="MINUTES",
    help="Critical if an outgoing message has been delayed for this long.",
)
@click.option("--warn-overdue", default=1, show_default=True, help="Warn at this many overdue cases.")
@click.option(
    "--critical-overdue", default=10, show_default=True, help="Critical at this many overdue cases."
)
@click.option(
    "--backup-hours", type=float, metavar="HOURS", help="Warn if the latest backup is older than this."
)
@options.read_options
def status(
    warn_age: float,
    critical_age: float,
    warn_overdue: int,
    critical_overdue: int,
    backup_hours: float | None,
    config_path: Path | None,
    database: Path | None,
    as_json: bool,
) -> None:
    """Show service status (also works as a Nagios check).

    Exit codes: 0 OK, 1 warning, 2 critical, 3 unknown.

    Nagios shows the first line. Backups are expected in the default directory next to the database.
    """
    from gateway.app.health import HealthThresholds, find_problems, worst_level
    from gateway.app.wiring.database.source import find_source
    from gateway.cli.shared.running import load_figures
    from gateway.net.control.client import NotAnsweredError
    from gateway.net.host.desk_units import find_units
    from gateway.store.protocol import NoDatabaseError
    from gateway.store.sqlite.faults import describe_fault
    from gateway.store.sqlite.migrations.schema import SchemaError

    limits = HealthThresholds(warn_age, critical_age, warn_overdue, critical_overdue, backup_hours)
    # If a database is given, the settings are not read.
    config = loading.load_settings(config_path)[0] if database is None else None
    source, hold = find_source(database, config), config is not None and config.delivery.hold
    copies = config.store.copies if config is not None else "one"
    try:
        figures, answers = load_figures(source)
    except (NoDatabaseError, NotAnsweredError) as error:
        _end_unknown(str(error), as_json=as_json)
    except SchemaError as error:
        _end_unknown(f"{source}: {error}", as_json=as_json)
    except sqlite3.Error as error:
        _end_unknown(describe_fault(source, error), as_json=as_json)
    unit = find_units(source.path.absolute()).name()
    found = find_problems(figures, limits, hold=hold, answers=answers, unit=unit, copies=copies)
    if as_json:
        _print_json(figures, found)
    else:
        output.echo(_format_headline(figures, found))
        output.echo(_format_screen(figures, found))
    sys.exit(worst_level(found))


def _end_unknown(why: str, *, as_json: bool) -> NoReturn:
    from gateway.app.health import Level

    if as_json:
        word = Level.UNKNOWN.word
        output.print_json({"level": word, "remarks": [{"level": word, "text": why}]})
    else:
        output.echo(f"GATEWAY UNKNOWN - {why}")
    sys.exit(Level.UNKNOWN)


def _format_headline(figures: Statistics, found: list[HealthProblem]) -> str:
    from gateway.app.health import worst_level

    letters = sum(waiting.letters for waiting in figures.outbox.values())
    oldest_s = max(waiting.oldest_s for waiting in figures.outbox.values())
    what = (
        found[0].text
        if found
        else f"{count(_count_open(figures), 'open case')}, {count(letters, 'message')} to send"
    )
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    cases = f"open={_count_open(figures)} overdue={figures.overdue}"
    numbers = f"{cases} letters={letters} oldest={max(0.0, oldest_s):.0f}s"
    return f"GATEWAY {worst_level(found).name} - {what}{more} | {numbers}"


def _count_open(figures: Statistics) -> int:
    from gateway.admission.case.model import OPEN

    return sum(figures.cases.get(state.value, 0) for state in OPEN)


def _format_screen(figures: Statistics, found: list[HealthProblem]) -> str:
    from gateway.app.health import format_duration

    service = {True: "running", False: "not running", None: "unknown"}[figures.running]
    oldest = figures.oldest
    waits = (
        f"{oldest.number}, {oldest.state}, since {_format_time(oldest.opened_at)}, due {oldest.due_on}"
        if oldest
        else "-"
    )
    outbox = [
        f"{state} {one.letters}"
        + (f" (oldest {format_duration(max(0.0, one.oldest_s))})" if one.letters else "")
        for state, one in figures.outbox.items()
    ]
    rows = [
        ("service", service),
        ("paused", ", ".join(f"{one.brake.value} (by {one.by})" for one in figures.brakes) or "-"),
        ("cases", _format_counts(figures.cases)),
        ("overdue", str(figures.overdue)),
        ("oldest case", waits),
        ("outbox", ", ".join(outbox)),
        ("letters, 24 h", _format_counts(figures.letters_day)),
        ("mails, 24 h", _format_counts(figures.mails_day)),
        ("refused, 24 h", _format_counts(figures.refusals_day)),
        ("unclear, 24 h", _format_counts(figures.unclear_day)),
        ("unhandled mail", str(figures.unread)),
        ("last digest", _format_time(figures.last_digest_at)),
        ("last backup", _format_time(figures.last_backup_at)),
        ("database", f"{figures.database_bytes / 1_000_000:.1f} MB"),
    ]
    lines = [f"  {name:<14} {text}" for name, text in rows]
    return "\n".join([*lines, *(f"  {remark.level.name.lower():<14} {remark.text}" for remark in found)])


def _format_counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in counts.items() if n) or "-"


def _format_time(moment: object) -> str:
    return output.format_short_time(str(moment)) if moment else "-"


def _print_json(figures: Statistics, found: list[HealthProblem]) -> None:
    import msgspec

    from gateway.app.health import worst_level

    values = msgspec.to_builtins(figures)
    values["level"] = worst_level(found).word
    values["remarks"] = [{"level": remark.level.word, "text": remark.text} for remark in found]
    output.print_json(values)
