"""`gateway status`: one screen for people, and a check for Nagios and its kin."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.shared import loading, options, output

if TYPE_CHECKING:
    from gateway.app.health import Remark
    from gateway.store.queries.statistics import Figures

EPILOG = """\b
Examples:
  gateway status
  gateway status --warn-age 30 --critical-age 120
  gateway status --database /var/lib/gateway/gateway.db --backup-hours 26
  gateway status --json
"""


@click.command(epilog=EPILOG)
@click.option(
    "--warn-age", default=60.0, show_default=True, metavar="MINUTES", help="A letter is late: warning."
)
@click.option("--critical-age", default=360.0, show_default=True, metavar="MINUTES", help="... critical.")
@click.option("--warn-overdue", default=1, show_default=True, help="So many overdue cases: warning.")
@click.option("--critical-overdue", default=10, show_default=True, help="... critical.")
@click.option("--backup-hours", type=float, metavar="HOURS", help="Warn when the newest backup is older.")
@options.config_option
@options.database_option
@options.json_option
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
    """Tell on one screen how the desk is. Ends with 0 OK, 1 warning, 2 critical, 3 unknown.

    The first line is what Nagios shows; the last backup is looked for beside the database.
    """
    from gateway.app.health import Level, Limits, level, remarks
    from gateway.app.wiring.metrics import figures_of
    from gateway.app.wiring.values import utc_now
    from gateway.store.queries.reader import NoDatabaseError
    from gateway.store.sqlite.migrations.schema import SchemaError

    limits = Limits(warn_age, critical_age, warn_overdue, critical_overdue, backup_hours)
    hold = False
    if database is None:  # else nothing is known of the settings
        config, _ = loading.load_settings(config_path)
        database, hold = Path(config.store.path), config.delivery.hold
    try:
        figures = figures_of(database, utc_now())
    except (NoDatabaseError, SchemaError, sqlite3.Error) as error:
        click.echo(f"GATEWAY UNKNOWN - {error}")
        sys.exit(Level.UNKNOWN)
    found = remarks(figures, limits, hold=hold)
    if as_json:
        _print_json(figures, found)
    else:
        click.echo(_headline(figures, found))
        click.echo(_screen(figures, found))
    sys.exit(level(found))


def _headline(figures: Figures, found: list[Remark]) -> str:
    from gateway.app.health import level

    letters = sum(waiting.letters for waiting in figures.outbox.values())
    oldest_s = max(waiting.oldest_s for waiting in figures.outbox.values())
    what = found[0].text if found else f"{_open(figures)} open cases, {letters} letters to send"
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    numbers = (
        f"open={_open(figures)} overdue={figures.overdue} letters={letters} oldest={max(0.0, oldest_s):.0f}s"
    )
    return f"GATEWAY {level(found).name} - {what}{more} | {numbers}"


def _open(figures: Figures) -> int:
    from gateway.admission.case.model import OPEN

    return sum(figures.cases.get(state.value, 0) for state in OPEN)


def _screen(figures: Figures, found: list[Remark]) -> str:
    from gateway.app.health import span

    service = {True: "running", False: "not running", None: "cannot be known from here"}[figures.running]
    oldest = figures.oldest
    waits = (
        f"{oldest.number}, {oldest.state}, since {_when(oldest.opened_at)}, due {oldest.due_on}"
        if oldest
        else "-"
    )
    outbox = [
        f"{state} {one.letters}" + (f" (oldest {span(max(0.0, one.oldest_s))})" if one.letters else "")
        for state, one in figures.outbox.items()
    ]
    rows = [
        ("service", service),
        ("cases", _listed(figures.cases)),
        ("overdue", str(figures.overdue)),
        ("waits longest", waits),
        ("outbox", ", ".join(outbox)),
        ("letters, 24 h", _listed(figures.letters_day)),
        ("mails, 24 h", _listed(figures.mails_day)),
        ("refused, 24 h", _listed(figures.refusals_day)),
        ("last digest", _when(figures.last_digest_at)),
        ("last backup", _when(figures.last_backup_at)),
        ("database", f"{figures.database_bytes / 1_000_000:.1f} MB"),
    ]
    lines = [f"  {name:<14} {text}" for name, text in rows]
    return "\n".join([*lines, *(f"  {remark.level.name.lower():<14} {remark.text}" for remark in found)])


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in counts.items() if n) or "-"


def _when(moment: object) -> str:
    return output.short_time(str(moment)) if moment else "-"


def _print_json(figures: Figures, found: list[Remark]) -> None:
    import msgspec

    values = msgspec.to_builtins(figures)
    values["remarks"] = [{"level": remark.level.name.lower(), "text": remark.text} for remark in found]
    output.print_json(values)
