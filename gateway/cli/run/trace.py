"""`gateway trace`: shows the dialog of a client with the running gateway as it happens."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import click

from gateway.cli.shared import loading, options, output

EPILOG = """\b
Examples:
  gateway trace 192.0.2.25
  gateway trace 2001:db8::25 > dialogue.txt
"""
# Longer than the ten minutes of a trace, because a client may be silent during all of it.
PATIENCE_S = 660.0


@click.command(epilog=EPILOG)
@click.argument("client", metavar="ADDRESS")
@options.config_option
def trace(client: str, config_path: Path | None) -> None:
    """Trace a client's SMTP sessions.

    ADDRESS is the client's IP address. Stops on Ctrl-C, after 10 minutes or after 1 MB.

    C is the client; S is the gateway. Message content is not shown, only its length. Recipient addresses
    include their tokens, so do not share the output.
    """
    from gateway.net.control.client import NotAnsweredError, RefusedError, follow

    try:
        wanted = str(ip_address(client))
    except ValueError as error:
        raise click.BadParameter(f"{client!r} is not an IP address", param_hint="ADDRESS") from error
    database = loading.find_database(config_path, None)
    output.echo(f"Waiting for {wanted}; press Ctrl-C to stop.", err=True)
    try:
        for line in follow(database, "trace", {"client": wanted}, PATIENCE_S):
            output.echo(str(line))
    except (NotAnsweredError, RefusedError) as error:
        loading.fail(str(error), loading.EXIT_UNKNOWN)
