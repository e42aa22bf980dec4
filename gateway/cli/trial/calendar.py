"""`gateway calendar`: whether the office works on a date, and the next business days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from gateway.cli.shared import context, options, output

EPILOG = """\b
Examples:
  gateway calendar 2026-11-20
  gateway calendar 2026-12-25 2026-12-29 --json
  cut -f1 days.tsv | gateway calendar - --json

The office's closing days are taken into account if a settings file is given with --config or found in
a default location.
"""
AHEAD = (1, 2, 3)
COLUMNS = {
    "received": "received",
    "business day": "open_day",
    **{f"+{count}": f"plus{count}" for count in AHEAD},
}


@click.command(epilog=EPILOG)
@click.argument("dates", nargs=-1, required=True, metavar="DATE...")
@options.config_option
@options.json_option
@options.wide_option
def calendar(dates: tuple[str, ...], config_path: Path | None, as_json: bool) -> None:
    """Show business days and due dates.

    Shows whether the office is open on DATE, and the next three business days.

    DATE has the form YYYY-MM-DD; - reads dates from standard input, one per line. --json prints one object
    per line.
    """
    config, _ = context.load_settings_if_any(config_path)
    closings = frozenset(config.desk.closings) if config is not None else frozenset()
    rows = (_row(text, closings) for text in context.iter_inputs(dates))
    output.print_stream(rows, COLUMNS, as_json)


def _row(text: str, closings: frozenset[date]) -> dict[str, str]:
    from gateway.admission.business_days import add_business_days, is_business_day

    try:
        day = date.fromisoformat(text.strip())
        after = {f"plus{count}": add_business_days(day, count, closings).isoformat() for count in AHEAD}
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(f"{text!r}: expected a date such as 2026-04-01") from error
    return {
        "received": day.isoformat(),
        "open_day": "yes" if is_business_day(day, closings) else "no",
        **after,
    }
