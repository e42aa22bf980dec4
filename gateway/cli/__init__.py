"""The command `gateway`. A module is loaded when its command is called, so that `--help` answers at once."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import click

from gateway import __version__
from gateway.cli.shared.options import SuggestingGroup

COMMANDS = {
    "init": ("gateway.cli.setup.init:init", "Set up a new gateway: settings, keys, next steps."),
    "serve": ("gateway.cli.run.service:serve", "Run the gateway until it is told to stop."),
    "reload": ("gateway.cli.run.reload:reload", "Have the running gateway read its settings anew."),
    "dns": ("gateway.cli.setup.dns:dns", "Tell the DNS records to publish."),
    "doctor": ("gateway.cli.setup.doctor:doctor", "Look whether all is well, and say what to do."),
    "probe": ("gateway.cli.setup.probe:probe", "Talk to the gateway as a sender does, and try it."),
    "demo": ("gateway.cli.trial.demo:demo", "Play the whole desk on loopback, with made-up applicants."),
    "case": ("gateway.cli.office.case:case", "Look at cases, and take an admission back."),
    "mail": ("gateway.cli.office.mail:mail", "Look at mails that nobody was told of, and take one."),
    "person": ("gateway.cli.office.person:person", "Show, correct and erase what is held about a person."),
    "reply": ("gateway.cli.trial.reply:reply", "Try out how replies of the staff are read."),
    "outbox": (
        "gateway.cli.office.outbox:outbox",
        "Look at letters queued, sent and failed; try again, hold, drop.",
    ),
    "staff": (
        "gateway.cli.office.staff:staff",
        "Look at the staff, let them practise, stop a stolen mailbox.",
    ),
    "pause": ("gateway.cli.office.brakes:pause", "Let decisions or invitations stand still."),
    "resume": ("gateway.cli.office.brakes:resume", "End what is paused, and a member's stop."),
    "explain": ("gateway.cli.trial.explain:explain", "Tell what would become of a mail, and why."),
    "org": ("gateway.cli.office.org:org", "Look up and extend the register of organisations."),
    "eligibility": (
        "gateway.cli.trial.eligibility:eligibility",
        "Try the rules of eligibility on addresses.",
    ),
    "status": ("gateway.cli.run.status:status", "Tell on one screen how the desk is; a Nagios check."),
    "trace": ("gateway.cli.run.trace:trace", "Show the dialogue with one client, as it happens."),
    "metrics": ("gateway.cli.run.metrics:metrics", "Write the figures for Prometheus."),
    "report": ("gateway.cli.office.report:report", "Tell what became of applications: numbers, page, CSV."),
    "verify": ("gateway.cli.run.verify:verify", "Prove that the database is sound."),
    "backup": ("gateway.cli.run.backup:backup", "Make a proven copy of the database."),
    "restore": ("gateway.cli.run.backup:restore", "Put a backup in the place of the database."),
    "store": (
        "gateway.cli.run.store:store",
        "Move the desk from SQLite to PostgreSQL, and back.",
    ),
    "calendar": ("gateway.cli.trial.calendar:calendar", "Tell open days and due days."),
    "templates": ("gateway.cli.setup.templates:templates", "Change the wording of letters, and check it."),
    "preview": ("gateway.cli.setup.preview:preview", "Write every letter as a page to look at."),
    "config": ("gateway.cli.setup.config:config", "Check and show the settings."),
    "completion": ("gateway.cli.setup.completion:completion", "Let a shell complete commands and options."),
}

EPILOG = """\b
Examples:
  gateway demo
  gateway config check --config /etc/gateway
  gateway serve --config /etc/gateway
  gateway case list --state under_review
  gateway case show K7QM-4T --json
"""


class LazyGroup(SuggestingGroup):
    """A group whose help is known without loading its commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table: what is needed first stands first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """As click does; what this user may not read is unknown (3), and no traceback."""
        try:
            return super().invoke(ctx)
        except PermissionError as error:
            from pathlib import Path

            from gateway.cli.shared import loading
            from gateway.net.host.desk_units import find_units

            place = error.filename or "a file"
            user = find_units(Path(str(place)).absolute()).user
            text = f"{place}: this user may not do that: be root or {user} (sudo -u {user} gateway ...)"
            loading.fail(text, loading.EXIT_UNKNOWN)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands from what is known here."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


# https://no-color.org: set and not empty means no colours; rich knows it, click does not.
_SETTINGS = {"help_option_names": ["-h", "--help"], "color": False if os.environ.get("NO_COLOR") else None}


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings=_SETTINGS)
@click.version_option(__version__, prog_name="gateway")
def main() -> None:
    """Intake gateway: an admission desk that works by mail."""
