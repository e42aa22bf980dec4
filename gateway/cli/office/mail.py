"""`gateway mail`: the mails that nobody was told of, and one of them taken as an application."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from gateway.cli.shared import loading, options, output
from gateway.cli.shared.options import SuggestingGroup

EPILOG = """\b
Examples:
  gateway mail list
  gateway mail list --limit 20 --json
  gateway mail take 314
"""
COLUMNS: Mapping[str, output.Cell] = {
    "id": "id",
    "received": lambda one: output.format_short_time(one["received_at"]),
    "from": lambda one: one["author"] or "-",
    "holds": lambda one: "" if one["holds"] == "mail" else one["holds"],
    "class": "kind",
    "subject": "subject",
}


@click.group(cls=SuggestingGroup, epilog=EPILOG)
def mail() -> None:
    """Look at mails that nobody was told of, and take one as an application."""


@mail.command("list", epilog=EPILOG)
@click.option(
    "--limit", default=100, show_default=True, type=click.IntRange(min=1), help="At most so many rows."
)
@options.read_options
@options.wide_option
def list_mails(limit: int, config_path: Path | None, database: Path | None, as_json: bool) -> None:
    """List mails that changed nothing and were not answered, newest first.

    Holds: a form, a word of decision, or words, beside the mark of a machine.
    """
    rows = loading.open_reader(config_path, database).unheard_mails(limit)
    output.print_rows(rows, COLUMNS, as_json, empty="No such mails.")


@mail.command("take", epilog=EPILOG)
@click.argument("mail_id", metavar="ID", type=click.IntRange(1))
@options.config_option
@options.json_option
def take(mail_id: int, config_path: Path | None, as_json: bool) -> None:
    """Take a mail as an application: its author hears of it as of any other."""
    facts = _run_mail_command("mail.take", config_path, mail_id)
    output.print_result(
        facts, f"Mail {mail_id} is an application now: {facts['number']} is {facts['is']}.", as_json
    )


def _run_mail_command(name: str, config_path: Path | None, mail_id: int) -> dict[str, Any]:
    """Have the command carried out, by the running gateway or here."""
    from gateway.cli.shared import context
    from gateway.store.commands import cases

    return context.run_desk_command(name, {"mail": mail_id}, config_path, cases.build_mail_handlers)
