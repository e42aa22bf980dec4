"""`gateway pause` and `gateway resume`: stop decisions or invitations, and resume them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.shared import options, output

if TYPE_CHECKING:
    from gateway.admission.case.model import Desk
    from gateway.store.commands.requests import Handler

EPILOG = """\b
Examples:
  gateway pause --invitations
  gateway pause --decisions --invitations
  gateway resume --invitations
  gateway resume
"""


@click.command("pause", epilog=EPILOG)
@click.option("--decisions", is_flag=True, help="Do not execute staff decisions, except 取消.")
@click.option("--invitations", is_flag=True, help="Do not send invitations.")
@options.config_option
@options.json_option
def pause(decisions: bool, invitations: bool, config_path: Path | None, as_json: bool) -> None:
    """Pause decisions or invitations.

    The pause lasts until gateway resume is run.

    Mail is still accepted, and nothing in the queue is lost. The pause survives reloads and restarts; the
    staff are notified, and gateway status shows it. Staff can also pause sending by replying 停止.
    """
    wanted = [name for name, given in (("decisions", decisions), ("invitations", invitations)) if given]
    if not wanted:
        raise click.UsageError("specify what to pause: --decisions, --invitations, or both")
    facts = _run_brake_command("desk.pause", config_path, wanted)
    said = f"Paused: {', '.join(facts['paused'])}; run gateway resume to end the pause."
    output.print_result(facts, said, as_json)


@click.command("resume", epilog=EPILOG)
@click.option("--decisions", is_flag=True, help="Execute staff decisions again.")
@click.option("--invitations", is_flag=True, help="Send invitations again.")
@click.option("--stop", is_flag=True, help="Lift a stop requested by a staff member (停止).")
@options.config_option
@options.json_option
def resume(decisions: bool, invitations: bool, stop: bool, config_path: Path | None, as_json: bool) -> None:
    """Resume after a pause or a stop.

    Without options, resumes decisions and invitations and lifts any stop requested by a staff member."""
    given = (("decisions", decisions), ("invitations", invitations), ("stop", stop))
    facts = _run_brake_command("desk.resume", config_path, [name for name, wanted in given if wanted])
    said = f"Resumed: {', '.join(facts['resumed'])}; anything that was waiting will now be processed."
    output.print_result(facts, said, as_json)


def _run_brake_command(name: str, config_path: Path | None, brakes: Sequence[str]) -> dict[str, Any]:
    """Run the command, in the running gateway or here."""
    from gateway.cli.shared import context

    return context.run_desk_command(name, {"brakes": list(brakes)}, config_path, _build_handlers)


def _build_handlers(desk: Desk, _: object) -> Mapping[str, Handler]:
    from gateway.store.commands import brakes as commands

    return commands.build_handlers(desk)
