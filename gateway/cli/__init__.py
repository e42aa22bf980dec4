"""The command `gateway`. A module is loaded when its command is called, so that `--help` answers at once."""

from __future__ import annotations

from importlib import import_module

import click

from gateway import __version__
from gateway.cli.common import Aliased

COMMANDS = {
    "init": ("gateway.cli.init:init", "Set up a new gateway: settings, keys, next steps."),
    "serve": ("gateway.cli.service:serve", "Run the gateway until it is told to stop."),
    "dns": ("gateway.cli.dns:dns", "Tell the DNS records to publish."),
    "doctor": ("gateway.cli.doctor:doctor", "Look whether all is well, and say what to do."),
    "demo": ("gateway.cli.demo:demo", "Play the whole desk on loopback, with made-up applicants."),
    "case": ("gateway.cli.case:case", "Look at cases, and take an admission back."),
    "person": ("gateway.cli.person:person", "Show, correct and erase what is held about a person."),
    "reply": ("gateway.cli.reply:reply", "Try out how replies of the staff are read."),
    "outbox": ("gateway.cli.outbox:outbox", "Look at letters owed, sent and failed; try again, hold, drop."),
    "explain": ("gateway.cli.explain:explain", "Tell what would become of a mail, and why."),
    "org": ("gateway.cli.org:org", "Look up and extend the register of organisations."),
    "eligibility": ("gateway.cli.eligibility:eligibility", "Try the rules of eligibility on addresses."),
    "status": ("gateway.cli.status:status", "Tell on one screen how the desk is; a Nagios check."),
    "metrics": ("gateway.cli.metrics:metrics", "Write the figures for Prometheus."),
    "report": ("gateway.cli.report:report", "Tell what became of applications: numbers, page, CSV."),
    "verify": ("gateway.cli.verify:verify", "Prove that the database is sound."),
    "backup": ("gateway.cli.backup:backup", "Make a proven copy of the database."),
    "restore": ("gateway.cli.backup:restore", "Put a backup in the place of the database."),
    "calendar": ("gateway.cli.calendar:calendar", "Tell open days and due days."),
    "templates": ("gateway.cli.templates:templates", "Change the wording of letters, and check it."),
    "preview": ("gateway.cli.preview:preview", "Write every letter as a page to look at."),
    "config": ("gateway.cli.config:config", "Check and show the settings."),
}

EPILOG = """\b
Examples:
  gateway demo
  gateway config check --config /etc/gateway
  gateway serve --config /etc/gateway
  gateway case list --state under_review
  gateway case show K7QM-4T --json
"""


class Lazy(Aliased):
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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands from what is known here."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Lazy, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gateway")
def main() -> None:
    """Intake gateway: an admission desk that works by mail."""
