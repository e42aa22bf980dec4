"""The desk in figures, as in `gateway report`: charts with tables, without names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from starlette.responses import Response

from gateway.admission.business_days import tokyo_date
from gateway.console.asgi.visit import Visit
from gateway.console.view import sheet
from gateway.console.view.framing import frame_of
from gateway.console.view.rendering import render
from gateway.printing.bilingual import EMPTY, both
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.reports.labels import Labels, find_kind
from gateway.reports.page import build_values
from gateway.reports.statistics import Report, build_report, list_rows
from gateway.store.tables.days.totals import load_totals

DEFAULT = timedelta(weeks=13)
LONGEST = timedelta(days=1_096)
MAX_TYPED = 100
BAD_FILTER = both(
    "条件に読み取れないものがあります。日付は 2026-04-01 のように入れてください。",
    "A filter is not valid. Enter dates such as 2026-04-01.",
)
_HEAD = ("section", "label", "name", "value")


def show_figures(visit: Visit) -> Response:
    """Show the figures of a period."""
    made, bad = _build(visit), list_bad_days(visit.query)
    return render(
        "office/figures",
        frame_of(visit, "figures"),
        status=400 if bad else 200,
        error=BAD_FILTER if bad else EMPTY,
        typed={name: Outside(visit.query[name][:MAX_TYPED]) for name in bad},
        **build_values(made, visit.site.office, visit.language),
        csv=Ours(f"/figures.csv?from={made.since}&to={made.until}"),
    )


def send_figures(visit: Visit) -> Response:
    """Send the same figures as CSV."""
    if list_bad_days(visit.query):
        return show_figures(visit)
    made = _build(visit)
    rows = [_HEAD, *list_rows(made)]
    return sheet.send(
        f"figures-{made.since}-{made.until}.csv",
        iter([sheet.write_rows((_to_cells(row) for row in rows), visit.language)]),
    )


def _to_cells(row: tuple[object, ...]) -> list[sheet.Cell]:
    return [Ours(str(cell)) for cell in row]


def _build(visit: Visit) -> Report:
    since, until = read_span(visit.query, tokyo_date(visit.now), DEFAULT)
    since = max(since, until - LONGEST)
    desk, register = visit.site.desk, visit.site.load_register(visit.connection)
    labels = Labels(lambda code: find_kind(register, code))
    totals = load_totals(visit.connection, since, until, labels)
    return build_report(totals, since, until, open_days=desk.open_days, closings=desk.closings)


def read_span(query: Mapping[str, str], today: date, usual: timedelta) -> tuple[date, date]:
    """Return the days `from` and `to` of a query; otherwise the usual period until today."""
    until = read_day(query.get("to", "")) or today
    since = read_day(query.get("from", "")) or until - min(usual, until - date.min)
    return min(since, until), until


def list_bad_days(query: Mapping[str, str]) -> list[str]:
    """Return which of `from` and `to` were given but are not dates."""
    return [name for name in ("from", "to") if query.get(name) and read_day(query[name]) is None]


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # fromisoformat also takes 20261201 and 2026-W49-2


def read_day(text: str) -> date | None:
    """Parse a day as sent by a browser's form; None for anything else."""
    try:
        found = date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        return None
    return found if date(2000, 1, 1) <= found < date(2100, 1, 1) else None
