"""`gateway pause` and `gateway resume`: what stands still, and goes on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from gateway.cli.shared import options, output

EPILOG = """\b
Examples:
  gateway pause --invitations
  gateway pause --decisions --invitations
  gateway resume --invitations
  gateway resume
"""


@click.command("pause", epilog=EPILOG)
@click.option("--decisions", is_flag=True, help="Execute no staff decision except 取消.")
@click.option("--invitations", is_flag=True, help="Send no invitations.")
@options.config_option
@options.json_option
def pause(decisions: bool, invitations: bool, config_path: Path | None, as_json: bool) -> None:
    """Pause decisions or invitations.

    Until gateway resume, also across reloads and restarts.

    Mail comes in as before, and nothing that waits is lost. It stays so over reloads and restarts; the staff
    are notified, and gateway status shows it. A member of staff stops all letters by the reply 停止.
    """
    wanted = [name for name, given in (("decisions", decisions), ("invitations", invitations)) if given]
    if not wanted:
        raise click.UsageError("name what to pause: --decisions, --invitations, or both")
    facts = _run_brake_command("desk.pause", config_path, wanted)
    said = f"Paused: {', '.join(facts['paused'])}; gateway resume ends it."
    output.print_result(facts, said, as_json)


@click.command("resume", epilog=EPILOG)
@click.option("--decisions", is_flag=True, help="Execute staff decisions again.")
@click.option("--invitations", is_flag=True, help="Send invitations again.")
@click.option("--stop", is_flag=True, help="End a staff member's stop (停止).")
@options.config_option
@options.json_option
def resume(decisions: bool, invitations: bool, stop: bool, config_path: Path | None, as_json: bool) -> None:
    """Resume what was paused or stopped.

    Without options: decisions, invitations, and a staff member's stop."""
    given = (("decisions", decisions), ("invitations", invitations), ("stop", stop))
    facts = _run_brake_command("desk.resume", config_path, [name for name, wanted in given if wanted])
    said = f"Goes on: {', '.join(facts['resumed'])}; what waited leaves now."
    output.print_result(facts, said, as_json)


def _run_brake_command(name: str, config_path: Path | None, brakes: Sequence[str]) -> dict[str, Any]:
    """Have the command carried out, by the running gateway or here."""
    from gateway.cli.shared import context
    from gateway.store.commands import brakes as commands

    return context.run_desk_command(
        name, {"brakes": list(brakes)}, config_path, lambda desk, _: commands.build_handlers(desk)
    )
