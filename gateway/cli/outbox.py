"""`gateway outbox`: the letters that the desk owes."""

from __future__ import annotations

from pathlib import Path

import click

from gateway.cli import common
from gateway.cli.common import Aliased

EPILOG = """\b
Examples:
  gateway outbox list
  gateway outbox list --state deferred --state refused
  gateway outbox list --json
"""
STATES = ("owed", "deferred", "sent", "refused", "recalled")


@click.group(cls=Aliased, epilog=EPILOG)
def outbox() -> None:
    """Look at letters owed, sent and failed."""


@outbox.command("list", epilog=EPILOG)
@click.option(
    "--state", "states", multiple=True, type=click.Choice(STATES), help="Only this state; may be repeated."
)
@click.option(
    "--limit", default=100, show_default=True, type=click.IntRange(min=1), help="At most so many rows."
)
@common.config_option
@common.database_option
@common.json_option
def list_letters(
    states: tuple[str, ...], limit: int, config_path: Path | None, database: Path | None, as_json: bool
) -> None:
    """List letters, the next to leave first."""
    rows = common.open_reader(config_path, database).letters(states, limit)
    if as_json:
        common.print_json(rows)
        return
    if not rows:
        click.echo("No letters.")
        return
    common.print_table(
        "",
        ("id", "case", "letter", "to", "state", "tries", "leaves or left", "last answer"),
        (
            (
                row["id"],
                row["case"],
                row["letter"],
                row["recipient"],
                row["state"],
                row["attempts"],
                common.short_time(row["sent_at"] or row["not_before"]),
                row["last_reply"][:60],
            )
            for row in rows
        ),
    )
