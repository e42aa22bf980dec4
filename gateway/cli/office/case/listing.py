"""`gateway case list`: the open cases, or those that match a filter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click

from gateway.cli.shared import loading, options, output

EPILOG = """\b
Examples:
  gateway case list
  gateway case list --state under_review --state awaiting_affiliation
  gateway case list --all --applicant tanaka@city.example.lg.jp
  gateway case list --org 見本市 --since 2026-04-01
  gateway case list --text 広報 --handler sato@example.go.jp
  gateway case list --decided-by sato@example.go.jp --since 2026-11-28T09:00
"""
STATES = (
    "received", "needs_information", "awaiting_affiliation", "under_review", "on_hold", "approved", "invited",
    "joined", "declined", "withdrawn", "expired", "undeliverable",
)  # fmt: skip
OPEN = (*STATES[:5], "undeliverable")


@click.command("list", epilog=EPILOG)
@click.option("--all", "every", is_flag=True, help="Include closed cases.")
@click.option(
    "--applicant", default="", metavar="TEXT", help="Show cases whose applicant's address contains TEXT."
)
@click.option(
    "--org", default="", metavar="TEXT", help="Show cases whose organisation or code contains TEXT."
)
@click.option(
    "--handler", default="", metavar="TEXT", help="Show cases whose handler's address contains TEXT."
)
@click.option(
    "--text", default="", metavar="TEXT", help="Show cases whose form, reason or memo contains TEXT."
)
@click.option(
    "--since", metavar="WHEN", help="Show cases opened since this date (or date and time), Japan time."
)
@click.option(
    "--decided-by",
    "member",
    metavar="ADDRESS",
    help=(
        "Show cases decided by this staff member, open or closed; --since then applies to the decision date."
    ),
)
@options.list_options(STATES)
def list_cases(
    *,
    every: bool,
    applicant: str,
    org: str,
    handler: str,
    text: str,
    since: str | None,
    member: str | None,
    states: tuple[str, ...],
    limit: int,
    config_path: Path | None,
    database: Path | None,
    as_json: bool,
) -> None:
    """List cases by due date.

    Shows only open cases unless --all, --state or --decided-by is given.

    If several filters are given, all of them must match. Matching is case-insensitive and ignores character
    width.
    """
    from gateway.store.queries.case_list import CaseFilter, CaseListReader

    reader = loading.open_reader(config_path, database, CaseListReader)
    moment = _read_moment(since) if since else None
    if member is not None:
        found = reader.cases_decided_by(member, moment, limit)
        shown = [row for row in found if not states or row["state"] in states]
        output.print_rows(shown, DECIDED_COLUMNS, as_json, empty="No cases.")
        return
    wanted = CaseFilter(states or (() if every else OPEN), applicant, org, handler, text, moment)
    empty = "No cases." if every or states else "No open cases; use --all to include closed ones."
    output.print_rows(reader.find_cases(wanted, limit), CASE_COLUMNS, as_json, empty=empty)


def _read_moment(text: str) -> datetime:
    """Parse a date or a time; without a zone it is in Japan."""
    from gateway.admission.business_days import TOKYO

    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r}: expected 2026-11-28 or 2026-11-28T15:00", param_hint="--since"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=TOKYO)


_WHO: Mapping[str, output.Cell] = {"address": "applicant", "name": "name", "organisation": "organisation"}
CASE_COLUMNS: Mapping[str, output.Cell] = {
    "case": "number",
    "state": "state",
    "due": "due_on",
    **_WHO,
    "decided by": "decided_by",
}
DECIDED_COLUMNS: Mapping[str, output.Cell] = {
    "case": "number",
    "state": "state",
    "said": "said",
    "at": lambda row: output.format_short_time(row["said_at"]),
    **_WHO,
}
