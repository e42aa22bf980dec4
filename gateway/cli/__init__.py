"""The command `gateway`. Command modules are loaded on demand, so that `--help` responds at once."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import click

from gateway import __version__
from gateway.cli.shared.options import SuggestingGroup

GROUPS = {
    "Set up": {
        "init": ("gateway.cli.setup.init:init", "Create settings and keys for a new gateway."),
        "dns": ("gateway.cli.setup.dns:dns", "Print the DNS records to publish."),
        "doctor": ("gateway.cli.setup.doctor:doctor", "Check the installation and suggest fixes."),
        "probe": ("gateway.cli.setup.probe:probe", "Test a mail server over SMTP."),
        "config": ("gateway.cli.setup.config:config", "Check, show and describe settings."),
        "templates": ("gateway.cli.setup.templates:templates", "Copy, compare and check letter templates."),
        "preview": ("gateway.cli.setup.preview:preview", "Render all letters as HTML for preview."),
        "completion": ("gateway.cli.setup.completion:completion", "Print a shell completion script."),
    },
    "Run": {
        "serve": ("gateway.cli.run.service:serve", "Run the gateway in the foreground."),
        "console": ("gateway.cli.run.console:console", "Serve the web console for staff."),
        "reload": ("gateway.cli.run.reload:reload", "Reload the running gateway's settings."),
        "status": ("gateway.cli.run.status:status", "Show service status (also works as a Nagios check)."),
        "metrics": ("gateway.cli.run.metrics:metrics", "Print metrics for Prometheus."),
        "trace": ("gateway.cli.run.trace:trace", "Trace a client's SMTP sessions."),
        "store": ("gateway.cli.run.store:store", "Set up PostgreSQL and copy data to or from it."),
        "node": ("gateway.cli.run.store.node:node", "List a desk's machines and switch between them."),
        "verify": ("gateway.cli.run.recovery.verify:verify", "Verify database integrity."),
        "backup": ("gateway.cli.run.recovery.backup:backup", "Back up the database and verify the copy."),
        "restore": ("gateway.cli.run.recovery.backup:restore", "Restore the database from a backup."),
    },
    "Desk": {
        "case": ("gateway.cli.office.case:case", "List, show and manage cases."),
        "mail": ("gateway.cli.office.mail:mail", "List, show and process unhandled mail."),
        "person": ("gateway.cli.office.person:person", "Handle data-subject requests: show, correct, erase."),
        "outbox": ("gateway.cli.office.outbox:outbox", "Inspect and manage outgoing mail."),
        "staff": (
            "gateway.cli.office.staff:staff",
            "Manage staff mailboxes, practice requests and sign-in accounts.",
        ),
        "org": ("gateway.cli.office.org:org", "Search and extend the register of organisations."),
        "pause": ("gateway.cli.office.brakes:pause", "Pause decisions or invitations."),
        "resume": ("gateway.cli.office.brakes:resume", "Resume after a pause or a stop."),
        "report": ("gateway.cli.office.report:report", "Report on applications as text, HTML, CSV or JSON."),
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
        """Return the commands in table order: those needed first come first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Invoke the command; a permission error exits with 3 (unknown) and no traceback."""
        try:
            return super().invoke(ctx)
        except PermissionError as error:
            from pathlib import Path

            from gateway.cli.shared import loading
            from gateway.net.host.desk_units import find_units

            place = error.filename or "a file"
            user = find_units(Path(str(place)).absolute()).user
            text = f"{place}: permission denied: run it as root or {user} (sudo -u {user} gateway ...)"
            loading.fail(text, loading.EXIT_UNKNOWN)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a table for each group, without loading the commands."""
        for title, rows in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name, text) for name, (_, text) in rows.items()], col_max=12)


# https://no-color.org: a non-empty value disables colours; rich supports it, click does not.
_SETTINGS = {"help_option_names": ["-h", "--help"], "color": False if os.environ.get("NO_COLOR") else None}


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings=_SETTINGS)
@click.version_option(__version__, prog_name="gateway")
def main() -> None:
    """Intake gateway: an online community's admission desk, run by mail."""
