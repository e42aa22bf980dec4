"""`gateway trace`: what a client and the running gateway say to each other, as it happens."""

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
# Beyond the ten minutes that the gateway watches; a client may be silent all the while.
PATIENCE_S = 660.0


@click.command(epilog=EPILOG)
@click.argument("client", metavar="ADDRESS")
@options.config_option
def trace(client: str, config_path: Path | None) -> None:
    """Show the SMTP dialogue with one client.

    By its IP address, until Ctrl-C: at most 10 minutes and 1 MB.

    C is the client, S the gateway. Messages are not shown, only their length. Recipients are shown with
    their tokens, so do not pass the output on.
    """
    from gateway.net.control.client import NotAnsweredError, RefusedError, follow

    try:
        wanted = str(ip_address(client))
    except ValueError as error:
        raise click.BadParameter(f"{client!r} is no IP address", param_hint="ADDRESS") from error
    database = loading.find_database(config_path, None)
    output.echo(f"Waiting for {wanted}; Ctrl-C ends it.", err=True)
    try:
        for line in follow(database, "trace", {"client": wanted}, PATIENCE_S):
            output.echo(str(line))
    except (NotAnsweredError, RefusedError) as error:
        loading.fail(str(error), loading.EXIT_UNKNOWN)
