"""The command `gateway`. A module is loaded when its command is called, so that `--help` answers at once."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import click

from gateway import __version__
from gateway.cli.shared.options import SuggestingGroup

GROUPS = {
    "Set up": {
        "init": ("gateway.cli.setup.init:init", "Set up a new gateway: settings, keys, next steps."),
        "dns": ("gateway.cli.setup.dns:dns", "Print the DNS records to publish."),
        "doctor": ("gateway.cli.setup.doctor:doctor", "Check the installation and suggest fixes."),
        "probe": ("gateway.cli.setup.probe:probe", "Test a mail server by talking SMTP to it."),
        "config": ("gateway.cli.setup.config:config", "Check, show and describe settings."),
        "templates": ("gateway.cli.setup.templates:templates", "Copy, compare and check letter templates."),
        "preview": ("gateway.cli.setup.preview:preview", "Render all letters as HTML for preview."),
        "completion": ("gateway.cli.setup.completion:completion", "Print a shell completion script."),
    },
    "Run": {
        "serve": ("gateway.cli.run.service:serve", "Run the gateway in the foreground."),
        "console": ("gateway.cli.run.console:console", "Serve web pages for the staff (read-only)."),
        "reload": ("gateway.cli.run.reload:reload", "Reload the settings of the running gateway."),
        "status": ("gateway.cli.run.status:status", "Show service status (also works as a Nagios check)."),
        "metrics": ("gateway.cli.run.metrics:metrics", "Print metrics for Prometheus."),
        "trace": ("gateway.cli.run.trace:trace", "Show the SMTP dialogue with one client."),
        "store": ("gateway.cli.run.store:store", "Keep the desk on PostgreSQL: schema, copy, way back."),
        "node": ("gateway.cli.run.store.node:node", "List the machines of a desk, switch the active one."),
        "verify": ("gateway.cli.run.verify:verify", "Verify database integrity."),
        "backup": ("gateway.cli.run.backup:backup", "Back up the database (the copy is verified)."),
        "restore": ("gateway.cli.run.backup:restore", "Restore the database from a backup."),
    },
    "Desk": {
        "case": ("gateway.cli.office.case:case", "List, show and manage cases."),
        "mail": ("gateway.cli.office.mail:mail", "List unhandled mail, show it, process it."),
        "person": ("gateway.cli.office.person:person", "Handle data-subject requests: show, correct, erase."),
        "outbox": ("gateway.cli.office.outbox:outbox", "Inspect and manage outgoing mail."),
        "staff": ("gateway.cli.office.staff:staff", "Manage staff mailboxes and practice requests."),
        "org": ("gateway.cli.office.org:org", "Search and extend the register of organisations."),
        "pause": ("gateway.cli.office.brakes:pause", "Pause decisions or invitations."),
        "resume": ("gateway.cli.office.brakes:resume", "Resume what was paused or stopped."),
        "report": ("gateway.cli.office.report:report", "Report on applications: text, HTML, CSV, JSON."),
    },
    "Try": {
        "demo": ("gateway.cli.trial.demo:demo", "Run a self-contained demo with sample applicants."),
        "explain": ("gateway.cli.trial.explain:explain", "Dry-run a message and explain the result."),
        "reply": ("gateway.cli.trial.reply:reply", "Test how a staff reply would be parsed."),
        "eligibility": (
            "gateway.cli.trial.eligibility:eligibility",
            "Test which eligibility rule applies to an address.",
        ),
        "calendar": ("gateway.cli.trial.calendar:calendar", "Show business days and due dates."),
    },
}
COMMANDS = {name: row for rows in GROUPS.values() for name, row in rows.items()}

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
        """In the order of the table: what is needed first comes first."""
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
        """Write a table for each group from what is known here."""
        for title, rows in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name, text) for name, (_, text) in rows.items()], col_max=12)


# https://no-color.org: set and not empty means no colours; rich knows it, click does not.
_SETTINGS = {"help_option_names": ["-h", "--help"], "color": False if os.environ.get("NO_COLOR") else None}


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings=_SETTINGS)
@click.version_option(__version__, prog_name="gateway")
def main() -> None:
    """Intake gateway: the admission desk of an online community, by mail."""
