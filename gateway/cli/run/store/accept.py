"""`gateway store accept --behind`: continue from a database that lacks recent changes."""

from __future__ import annotations

from pathlib import Path

import click

from gateway.cli.shared import loading, options, output
from gateway.printing.terminal import count

EPILOG = """\b
Examples:
  gateway store accept --behind
  gateway store accept --behind --json --config /etc/gateway

\b
Exit codes: 0 accepted, 1 nothing to accept (the database is not behind), 75 temporary failure.
"""


@click.command("accept", epilog=EPILOG)
@click.option("--behind", is_flag=True, required=True, help="Accept that journal entries are missing.")
@options.config_option
@options.json_option
def accept(behind: bool, config_path: Path | None, as_json: bool) -> None:
    """Accept a database with missing journal entries.

    Mail is deferred until the database has been accepted. Waiting messages are then held, because
    they may already have been sent: release them once you know which ones have arrived.

    Before you accept it, check whether the newer database can be recovered.
    """
    from gateway.cli.shared import context
    from gateway.store.commands import behind as commands

    config = loading.load_settings(config_path)[0]
    handlers = commands.build_handlers()
    facts = context.run_command(context.find_store(config), commands.ACCEPT, {}, handlers)
    if as_json:
        output.print_json(facts)
        return
    output.echo(f"The desk continues with this database. Held: {count(len(facts['held']), 'message')}.")
    if facts["held"]:
        output.echo("Ask the recipients which messages arrived.")
        output.echo("Then run gateway outbox release ID (or --all), or gateway outbox drop ID.")
