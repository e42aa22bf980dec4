"""`gateway calendar`: whether the office works on a day, and the open days that follow."""

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

Closings of the office count if its settings are given with --config or are in the default place.
"""
AHEAD = (1, 2, 3)
COLUMNS = {"received": "received", "open day": "open_day", **{f"+{count}": f"plus{count}" for count in AHEAD}}


@click.command(epilog=EPILOG)
@click.argument("dates", nargs=-1, required=True, metavar="DATE...")
@options.config_option
@options.json_option
@options.wide_option
def calendar(dates: tuple[str, ...], config_path: Path | None, as_json: bool) -> None:
    """Show business days and due dates.

    For each DATE of receipt: whether the office works on it, and the next three business days.

    A DATE is YYYY-MM-DD, or - for lines of standard input; --json gives one object on a line.
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
        raise click.BadParameter(f"{text!r}: allowed is a day such as 2026-04-01") from error
    return {
        "received": day.isoformat(),
        "open_day": "yes" if is_business_day(day, closings) else "no",
        **after,
    }
