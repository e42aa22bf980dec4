"""`gateway staff`: what an operator can do about the mailboxes of the staff."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gateway.cli.shared import loading, options, output
from gateway.cli.shared.options import SuggestingGroup

EPILOG = """\b
Examples:
  gateway staff revoke sato@example.go.jp
  gateway staff restore sato@example.go.jp
"""


@click.group(cls=SuggestingGroup, epilog=EPILOG)
def staff() -> None:
    """Stop a stolen mailbox of the staff, and trust it again."""


@staff.command("revoke", epilog=EPILOG)
@click.argument("address")
@options.config_option
@options.json_option
def revoke_staff(address: str, config_path: Path | None, as_json: bool) -> None:
    """Take no word of a mailbox any more: its tokens and codes are void, it gets no letters.

    It stays so over reloads and restarts, until gateway staff restore. First approvals of it are void; what
    it decided before stays: gateway case list shows by whom, gateway case revoke takes admissions back.
    """
    facts = _run_staff_command("staff.revoke", config_path, address)
    if as_json:
        output.print_json(facts)
    else:
        output.echo(f"{facts['address']} decides nothing any more; {facts['tokens']} tokens were voided.")


@staff.command("restore", epilog=EPILOG)
@click.argument("address")
@options.config_option
@options.json_option
def restore_staff(address: str, config_path: Path | None, as_json: bool) -> None:
    """Trust a mailbox again, from its next letter on; older tokens stay void."""
    facts = _run_staff_command("staff.restore", config_path, address)
    if as_json:
        output.print_json(facts)
    else:
        output.echo(f"{facts['address']} decides again, by replies to letters from now on.")


def _run_staff_command(name: str, config_path: Path | None, address: str) -> dict[str, Any]:
    """Have the command carried out, by the running gateway or here."""
    from gateway.app.wiring.resources import load_active_rules, load_directory
    from gateway.app.wiring.values import build_desk
    from gateway.cli.shared import context
    from gateway.store.commands import staff as commands

    config, path = loading.load_settings(config_path)
    active_rules = load_active_rules(config, path.parent, load_directory(path.parent))
    handlers = commands.build_handlers(build_desk(config, active_rules))
    return context.run_command(
        Path(config.store.path), name, {"address": address}, handlers, config.desk.domain
    )
