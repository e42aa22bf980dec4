"""`gateway mail`: received mail, unhandled mail first, and its content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.shared import loading, options, output
from gateway.cli.shared.options import SuggestingGroup

if TYPE_CHECKING:
    from gateway.admission.case.model import Desk
    from gateway.admission.eligibility.assess import Rules
    from gateway.store.commands.requests import Handler

EPILOG = """\b
Examples:
  gateway mail list
  gateway mail list --no-case --limit 20 --json
  gateway mail list --case K7QM-4T
  gateway mail show 314
  gateway mail show 314 --json
  gateway mail take 314
  gateway mail take 314 --json
"""
COLUMNS: Mapping[str, output.Cell] = {
    "id": "id",
    "received": lambda one: output.format_short_time(one["received_at"]),
    "from": lambda one: one["author"] or "-",
    "holds": lambda one: "" if one["holds"] == "mail" else one["holds"],
    "class": "kind",
    "subject": "subject",
}
ANY_COLUMNS: Mapping[str, output.Cell] = {
    **COLUMNS,
    "case": lambda one: one["case"] or "-",
}


@click.group(cls=SuggestingGroup, epilog=EPILOG)
def mail() -> None:
    """List, show and process unhandled mail."""


@mail.command("list", epilog=EPILOG)
@click.option(
    "--limit", default=100, show_default=True, type=click.IntRange(min=1), help="Maximum number of rows."
)
@click.option("--all", "every", is_flag=True, help="List all mail.")
@click.option("--case", "number", metavar="NUMBER", help="List mail about this case.")
@click.option("--no-case", "loose", is_flag=True, help="List mail that belongs to no case.")
@options.read_options
@options.wide_option
def list_mails(
    *,
    limit: int,
    every: bool,
    number: str | None,
    loose: bool,
    config_path: Path | None,
    database: Path | None,
    as_json: bool,
) -> None:
    """List unhandled mail, newest first.

    Unhandled mail is mail that changed no case and was not answered. The options below select other mail.

    The Holds column shows whether an automatic message contains a form, a decision or other text.
    """
    if every + loose + (number is not None) > 1:
        raise click.UsageError("use only one of --all, --case and --no-case")
    reader = loading.open_reader(config_path, database)
    if every or loose or number:
        rows = reader.mails("" if loose else number and number.upper(), limit)
        output.print_rows(rows, ANY_COLUMNS, as_json, empty="No matching mail.")
    else:
        output.print_rows(reader.unheard_mails(limit), COLUMNS, as_json, empty="No matching mail.")


@mail.command("show", epilog=EPILOG)
@click.argument("mail_id", metavar="ID", type=click.IntRange(1))
@options.read_options
@options.wide_option
def show_mail(mail_id: int, config_path: Path | None, database: Path | None, as_json: bool) -> None:
    """Show a message: sender, class, authentication and text."""
    found = loading.open_reader(config_path, database).mail(mail_id)
    if found is None:
        loading.fail(
            f"there is no message with id {mail_id}; see gateway mail list --all", loading.EXIT_NOT_FOUND
        )
    words = _read_words(found.pop("raw"))
    if as_json:
        output.print_json({**found, "words": words})
        return
    proof = found["verdict"]["grade"] if found["verdict"] else ""
    facts = {key: found[key] for key in ("author", "subject", "kind", "case", "holds", "client_ip")}
    received = output.format_short_time(found["received_at"])
    rows = {"received": received, **facts, "proof": proof, "sent to": found["forward_path"]}
    output.print_table(f"Mail {mail_id}", ("", ""), [(key, value) for key, value in rows.items() if value])
    output.echo("(text erased)" if words is None else words)


def _read_words(raw: bytes) -> str | None:
    """Return the text of a mail as the desk extracts it; None if its octets were erased."""
    from gateway.mail import message
    from gateway.mail.mime import content

    return content.extract(message.parse(raw)).text if raw else None


@mail.command("take", epilog=EPILOG)
@click.argument("mail_id", metavar="ID", type=click.IntRange(1))
@options.config_option
@options.json_option
def take(mail_id: int, config_path: Path | None, as_json: bool) -> None:
    """Process a message as an application.

    The author is notified as for any other application."""
    facts = _run_mail_command("mail.take", config_path, mail_id)
    output.print_result(
        facts, f"Message {mail_id} is now an application: {facts['number']} is {facts['is']}.", as_json
    )


def _run_mail_command(name: str, config_path: Path | None, mail_id: int) -> dict[str, Any]:
    """Run the command, in the running gateway or here."""
    from gateway.cli.shared import context

    return context.run_desk_command(name, {"mail": mail_id}, config_path, _build_handlers)


def _build_handlers(desk: Desk, load_rules: Callable[[], Rules]) -> Mapping[str, Handler]:
    from gateway.store.commands import cases

    return cases.build_mail_handlers(desk, load_rules)
