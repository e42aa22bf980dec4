"""`gateway console`: the pages on which the staff look at the desk."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.shared import loading, options, output

if TYPE_CHECKING:
    from gateway.console.site import Ask, Site
    from gateway.settings import Settings

EPILOG = """\b
Examples:
  gateway console --config /etc/gateway
  gateway console --config var/demo --port 8025
"""


@click.command(epilog=EPILOG)
@options.config_option
@click.option(
    "--port",
    default=0,
    type=click.IntRange(0, 65535),
    help="Listen on 127.0.0.1 (default: the port of console.public_url).",
)
def console(config_path: Path | None, port: int) -> None:
    """Serve web pages for the staff (read-only).

    On the socket of systemd or on 127.0.0.1, until SIGTERM or Ctrl-C.

    It reads the database and asks the running gateway; it writes nothing. Needs the extra `console`.
    """
    from gateway.log import handlers

    handlers.configure_logging("info")
    config, _ = loading.load_settings(config_path)
    if not config.console.public_url:
        loading.fail(
            "console.public_url is not set: the gateway opens no socket for the console without it",
            loading.EXIT_CONFIG,
        )
    try:
        from gateway.console.serving import serve
    except ModuleNotFoundError as error:
        loading.fail(f"{error.name} is missing: pip install 'intake-gateway[console]'", loading.EXIT_CONFIG)
    site = build_site(config)
    try:
        serve(site, open_sockets(site, port))
    except OSError as error:
        loading.fail(f"cannot listen: {error.strerror or error}", loading.EXIT_TEMPORARY)


def open_sockets(site: Site, port: int) -> list[socket.socket]:
    """The sockets of systemd, or one on loopback. Raises OSError."""
    from urllib.parse import urlsplit

    from gateway.net.host import systemd
    from gateway.net.host.sockets import bind

    inherited = systemd.inherited_sockets()
    if inherited:
        return inherited
    wanted = port or (0 if site.is_secure else urlsplit(site.public_url).port or 80)
    made = bind("127.0.0.1", wanted)
    output.echo("listening on {}:{}".format(*made.getsockname()[:2]), err=True)
    return [made]


def build_site(config: Settings) -> Site:
    """The console of these settings."""
    import sqlite3
    from datetime import timedelta

    from gateway.app.wiring.source import build_source
    from gateway.app.wiring.values import build_plain_desk, utc_now
    from gateway.console.site import Site, UnavailableError
    from gateway.store.console.sessions import SessionTimes
    from gateway.store.protocol import NoDatabaseError
    from gateway.store.sqlite.migrations.schema import SchemaError

    times = SessionTimes(
        timedelta(minutes=config.console.idle_minutes), timedelta(hours=config.console.hours)
    )
    return Site(
        source=build_source(config),
        ask=build_asking(Path(config.store.path)),
        public_url=config.console.public_url,
        office=config.desk.name,
        desk=build_plain_desk(config),
        times=times,
        now=utc_now,
        faults=(NoDatabaseError, SchemaError, UnavailableError, sqlite3.Error, OSError),
    )


def build_asking(database: Path) -> Ask:
    """Questions on the console's own socket of the gateway."""
    from gateway.console.site import UnavailableError
    from gateway.net.control import client
    from gateway.net.control.protocol import CONSOLE

    def ask(verb: str, arguments: Mapping[str, object]) -> object:
        try:
            answer: object = client.ask(database, verb, arguments, door=CONSOLE)
        except (client.NotAnsweredError, client.RefusedError) as error:
            raise UnavailableError(str(error)) from error
        return answer

    return ask
