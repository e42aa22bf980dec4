"""`gateway report`: statistics of the desk, for the people responsible for it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.shared import loading, options, output

if TYPE_CHECKING:
    from gateway.reports.statistics import Report, Times
    from gateway.settings import Settings
    from gateway.settings.model import Desk

EPILOG = """\b
Examples:
  gateway report
  gateway report --since 2026-04-01 --until 2026-09-30
  gateway report --html /var/www/report
  gateway report --csv > report.csv
  gateway report --json
"""
FILE_NAME = "report.html"
_DAY = options.Day()


@click.command(epilog=EPILOG)
@click.option(
    "--since",
    type=_DAY,
    metavar="DATE",
    help="First day, in Japan time (default: one year before the last day).",
)
@click.option("--until", type=_DAY, metavar="DATE", help="Last day, in Japan time (default: today).")
@click.option(
    "--html",
    "place",
    type=click.Path(path_type=Path),
    metavar="FOLDER|FILE",
    help=f"Write an HTML page ({FILE_NAME} if a directory is given).",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print all figures as CSV: section, label, name, value.")
@options.read_options
def report(
    since: datetime | None,
    until: datetime | None,
    place: Path | None,
    as_csv: bool,
    config_path: Path | None,
    database: Path | None,
    as_json: bool,
) -> None:
    """Report on applications as text, HTML, CSV or JSON.

    Shows how many people applied, how far their applications got, how long they took, and why applications
    were declined.

    Covers the cases opened in the period. The report contains no names, addresses, case numbers or message
    text.
    """
    if as_csv and as_json:
        raise click.UsageError("Use either --csv or --json, not both.")
    last = until.date() if until else None
    config, folder = _load_settings(config_path, database)
    made = _build_report(config, folder, database, since.date() if since else None, last)
    if place is not None:
        _write_page(made, _desk_settings(config).name, place)
    if as_json:
        output.print_json(_values(made))
    elif as_csv:
        from gateway.reports.statistics import list_rows

        lines = (",".join(map(str, row)) for row in list_rows(made))
        output.echo("section,label,name,value\n" + "\n".join(lines))
    elif place is None:
        _print(made)


def _load_settings(config_path: Path | None, database: Path | None) -> tuple[Settings | None, Path | None]:
    """Load the settings; with a database given they may be missing, and defaults apply."""
    from gateway.cli.shared import context

    if database is not None:
        return context.load_settings_if_any(config_path)
    loaded, path = loading.load_settings(config_path)
    return loaded, path.parent


def _desk_settings(config: Settings | None) -> Desk:
    from gateway.settings.model import Desk

    return config.desk if config is not None else Desk(domain="")


def _build_report(
    config: Settings | None, folder: Path | None, named: Path | None, since: date | None, until: date | None
) -> Report:
    from gateway.admission import business_days
    from gateway.app.wiring.database.source import find_source
    from gateway.app.wiring.desk import utc_now
    from gateway.cli.shared import context
    from gateway.reports.labels import Labels, find_kind
    from gateway.reports.statistics import build_report
    from gateway.store.tables.days.totals import TotalsReader

    until = until or business_days.tokyo_date(utc_now())
    since = since or until - timedelta(days=365)
    if since > until:
        raise click.UsageError(f"--since {since} is after --until {until}.")
    source = find_source(named, config)
    register = context.load_directory(config, folder, named).register
    with loading.using_database(source):
        reader = TotalsReader(source)
        totals = reader.totals(since, until, Labels(lambda code: find_kind(register, code)))
        reader.close()
    desk = _desk_settings(config)
    return build_report(totals, since, until, open_days=desk.open_days, closings=frozenset(desk.closings))


def _write_page(made: Report, office: str, place: Path) -> None:
    from gateway.reports.page import render_report

    try:
        if place.suffix not in {".html", ".htm"}:
            place.mkdir(parents=True, exist_ok=True)
            place /= FILE_NAME
        place.write_text(render_report(made, office), encoding="utf-8")
    except OSError as error:
        loading.fail(f"{place}: cannot be written ({error.strerror})", loading.EXIT_TEMPORARY)
    output.echo(f"{place}", err=True)


def _values(made: Report) -> dict[str, object]:
    import msgspec

    values: dict[str, object] = msgspec.to_builtins(made)
    for part in ("funnel", "ends", "reasons", "confirmations"):
        values[part] = dict(getattr(made, part))
    return values


def _print(made: Report) -> None:
    applied = made.funnel[0][1]
    output.echo(f"Cases opened from {made.since} to {made.until}: {applied}")
    if not applied:
        return
    _print_section(
        "Progress of the applications",
        [(name, n, _format_bar(n, applied), _format_percent(n, applied)) for name, n in made.funnel],
    )
    _print_section(
        "Current state of the applications",
        [(name, n, _format_bar(n, applied), _format_percent(n, applied)) for name, n in made.ends],
    )
    output.echo(f"\nBusiness days until the invitation (promised: {made.open_days})")
    for label, times in (
        ("from the application", made.from_application),
        ("from complete", made.from_complete),
    ):
        output.echo(f"  {label:<22} {_format_times(times)}")
    most = max((n for _, n in made.from_application.by_days), default=1)
    for day, n in made.from_application.by_days:
        if n:
            mark = "" if day <= made.open_days else "  later than promised"
            output.echo(f"  {day:>2} {'day ' if day == 1 else 'days'} {n:>14} {_format_bar(n, most)}{mark}")
    most = max((week.applied for week in made.weeks), default=1)
    _print_section(
        "By week (Monday): applied, invited",
        [
            (str(week.monday), week.applied, _format_bar(week.applied, most), week.invited)
            for week in made.weeks
        ],
    )
    declined = sum(n for _, n in made.reasons)
    _print_section(
        "Declined, by reason",
        [(name, n, _format_bar(n, declined), "") for name, n in made.reasons],
    )
    _print_section(
        "Affiliations confirmed",
        [(name, n, _format_bar(n, applied), "") for name, n in made.confirmations],
    )
    output.echo("\nKinds of organisation      applied  invited  declined")
    for kind in made.kinds:
        output.echo(f"  {kind.name:<22} {kind.applied:>9} {kind.invited:>8} {kind.declined:>9}")


def _format_times(times: Times) -> str:
    if not times.count:
        return "none yet"
    share = _format_percent(times.within, times.count)
    middle = f"median {times.median:g}, 90% within {times.p90}"
    return f"{times.within} of {times.count} on time ({share}), {middle}"


def _print_section(title: str, rows: list[tuple[str, int, str, object]]) -> None:
    if rows:
        output.echo(f"\n{title}")
    for name, n, bar, more in rows:
        output.echo(f"  {name:<22} {n:>5} {bar:<30} {more}".rstrip())


def _format_bar(n: int, most: int) -> str:
    return "#" * max(1 if n else 0, round(30 * n / (most or 1)))


def _format_percent(n: int, whole: int) -> str:
    return f"{100 * n / whole:.0f}%" if whole else "-"
