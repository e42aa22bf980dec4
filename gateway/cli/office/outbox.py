"""`gateway outbox`: the letters that the desk sends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from gateway.cli.shared import loading, options, output
from gateway.cli.shared.options import RenamedChoice, SuggestingGroup

EPILOG = """\b
Examples:
  gateway outbox list
  gateway outbox list --state deferred --state held
  gateway outbox show 17
  gateway outbox show 17 --json
  gateway outbox retry 17 18
  gateway outbox retry --state deferred --all
  gateway outbox hold K7QM-4T --reason "asked by telephone to wait"
  gateway outbox hold --all --state queued
  gateway outbox release --all
  gateway outbox release K7QM-4T
  gateway outbox drop 17 --reason "written by mistake"
  gateway outbox drop K7QM-4T --state held --reason "no longer true"
"""
STATES = ("queued", "deferred", "held", "sent", "refused", "recalled")
CHANGEABLE = ("queued", "deferred", "held", "refused")
FORMER_STATES = {"owed": "queued"}
REMOVED_IN = "0.3"
F = TypeVar("F", bound=Callable[..., Any])


@click.group(cls=SuggestingGroup, epilog=EPILOG)
def outbox() -> None:
    """Inspect and manage outgoing mail."""


@outbox.command("list", epilog=EPILOG)
@options.list_options(RenamedChoice(STATES, FORMER_STATES, REMOVED_IN))
def list_letters(
    states: tuple[str, ...], limit: int, config_path: Path | None, database: Path | None, as_json: bool
) -> None:
    """List outgoing messages in the order they will be sent."""
    rows = loading.open_reader(config_path, database).letters(states, limit)
    output.print_rows(
        rows, {"id": "id", "case": "case", **output.LETTER_COLUMNS}, as_json, empty="No messages."
    )


@outbox.command("show", epilog=EPILOG)
@click.argument("number", metavar="ID", type=click.IntRange(min=1))
@options.read_options
@options.wide_option
def show_letter(number: int, config_path: Path | None, database: Path | None, as_json: bool) -> None:
    """Show a message: headers, body and delivery attempts.

    Tokens in reply addresses are masked, because only their hashes are stored.
    """
    found = loading.open_reader(config_path, database).letter(number)
    if found is None:
        loading.fail(
            f"there is no message with id {number}; see gateway outbox list",
            loading.EXIT_NOT_FOUND,
        )
    if as_json:
        output.print_json(found)
        return
    facts = [
        ("letter", found["letter"]),
        ("case", found["case"]),
        ("to", found["recipient"]),
        ("subject", found["subject"]),
        ("Message-ID", found["message_id"]),
        ("state", found["state"]),
        ("queued since", output.format_short_time(found["queued_at"])),
        ("not sent before", output.format_short_time(found["not_before"])),
        ("left", output.format_short_time(found["sent_at"])),
        ("attempts", found["attempts"]),
        ("last reply", found["last_reply"]),
    ]
    output.print_table(f"Message {number}", ("", ""), ((k, v) for k, v in facts if v not in {None, ""}))
    if found["history"]:
        rows = ((output.format_short_time(one["at"]), one["state"], one["reply"]) for one in found["history"])
        output.print_table("Failed attempts", ("time", "outcome", "answer"), rows)
    output.echo(
        found["sent_text"] or "The message has not been rendered yet; it is rendered when it is sent."
    )


def selection_options(command: F) -> F:
    """Add the options shared by the commands that change letters."""
    taken = (
        click.argument("which", nargs=-1, metavar="[ID|CASE]..."),
        click.option("--state", "states", multiple=True,
                     type=RenamedChoice(CHANGEABLE, FORMER_STATES, REMOVED_IN),
                     help="Select only messages in this state; may be repeated."),
        click.option("--all", "everything", is_flag=True, help="Select all messages the command applies to."),
        options.config_option,
        options.json_option,
    )  # fmt: skip
    return options.apply_options(command, taken)


@outbox.command("retry", epilog=EPILOG)
@selection_options
@click.option("--reason", default="", help="Reason, recorded in the journal.")
def retry(**given: Any) -> None:
    """Retry deferred or refused messages now."""
    _change_letters("outbox.retry", "to be retried now", **given)


@outbox.command("drop", epilog=EPILOG)
@selection_options
@click.option("--reason", required=True, help="Reason, recorded in the journal.")
def drop(**given: Any) -> None:
    """Remove messages that have not been sent.

    For invitations, use gateway case revoke."""
    _change_letters("outbox.drop", "dropped", **given)


@outbox.command("hold", epilog=EPILOG)
@selection_options
@click.option("--reason", default="", help="Reason, recorded in the journal.")
def hold(**given: Any) -> None:
    """Hold messages until they are released."""
    _change_letters("outbox.hold", "on hold", **given)


@outbox.command("release", epilog=EPILOG)
@selection_options
@click.option("--reason", default="", help="Reason, recorded in the journal.")
def release(**given: Any) -> None:
    """Release held messages.

    Invitations still wait for their undo window to end."""
    _change_letters("outbox.release", "released", **given)


def _change_letters(
    name: str,
    said: str,
    *,
    which: tuple[str, ...],
    states: tuple[str, ...],
    everything: bool,
    config_path: Path | None,
    as_json: bool,
    reason: str,
) -> None:
    from gateway.cli.shared import context
    from gateway.store.commands import outbox as outbox_commands

    config, _ = loading.load_settings(config_path)
    if not which and not everything:
        raise click.UsageError("No messages selected: specify IDs, case numbers or --all.")
    facts = context.run_command(
        context.find_store(config),
        name,
        {
            "ids": [int(text) for text in which if text.isdecimal()],
            "numbers": [text for text in which if not text.isdecimal()],
            "states": list(states),
            "all": everything,
            "reason": reason,
        },
        outbox_commands.build_handlers(),
    )
    if as_json:
        output.print_json(facts)
        return
    changed = facts["changed"]
    output.echo(f"{len(changed)} message{'' if len(changed) == 1 else 's'} {said}: {_format_ids(changed)}")
    for one in facts["passed_over"]:
        output.echo(f"skipped: {one['why']}")


def _format_ids(ids: list[int]) -> str:
    return ", ".join(map(str, ids[:20])) + (" ..." if len(ids) > 20 else "")
