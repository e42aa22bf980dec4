"""`gateway console`: web pages for the staff."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.shared import loading, options, output
from gateway.cli.shared.options import SuggestingGroup

if TYPE_CHECKING:
    from gateway.admission.case.model import Letter
    from gateway.console.site import Ask, Sample, Site
    from gateway.net.control.client import NotAnsweredError, RefusedError
    from gateway.settings import Settings
    from gateway.store.protocol import Source, Trouble

EPILOG = """\b
Examples:
  gateway console --config /etc/gateway
  gateway console --config var/demo --port 8025
  gateway console code sato@example.go.jp
  gateway console code sato@example.go.jp --json
"""

_CODE_COLUMNS: Mapping[str, output.Cell] = {
    "code": "code",
    "requested": lambda one: output.format_short_time(one["asked_at"]),
    "valid until": lambda one: output.format_short_time(one["expires_at"]),
}


@click.group(cls=SuggestingGroup, invoke_without_command=True, epilog=EPILOG)
@options.config_option
@click.option(
    "--port",
    default=0,
    type=click.IntRange(0, 65535),
    help="Port on 127.0.0.1 (default: the port in console.public_url).",
)
@click.pass_context
def console(context: click.Context, config_path: Path | None, port: int) -> None:
    """Serve the web console for staff.

    Listens on the systemd socket or on 127.0.0.1. SIGTERM or Ctrl-C stops it.

    The console only reads the database; any changes are made by the running gateway. Staff
    can decide cases there only if console.decisions = "confirmed". Requires the `console` extra.
    """
    if context.invoked_subcommand is None:
        _serve(config_path, port)


@console.command("code", epilog=EPILOG)
@click.argument("address")
@options.config_option
@options.json_option
@click.pass_context
def show_code(context: click.Context, address: str, config_path: Path | None, as_json: bool) -> None:
    """Print a member's sign-in code when mail is down.

    The member first requests a code on the console's sign-in page. This is the code that was mailed: it is
    valid only in the browser that requested it, and its limits of 20 minutes and five attempts still apply.
    Give it only to the member, in person or by calling a telephone number you know. The journal records this.
    """
    from gateway.cli.shared.context import find_operator
    from gateway.net.control import client

    of_console = context.parent.params["config_path"] if context.parent else None
    config, _ = loading.load_settings(config_path or of_console)
    asking = {"address": address, "by": find_operator()}
    try:
        found = client.ask(Path(config.store.path), "console_code", asking)
    except client.RefusedError as error:
        loading.fail(str(error), loading.EXIT_NOT_FOUND)
    except client.NotAnsweredError as error:
        loading.fail(f"no code was printed: {error}", loading.EXIT_TEMPORARY)
    output.print_rows(found, _CODE_COLUMNS, as_json)


def _serve(config_path: Path | None, port: int) -> None:
    """Serve until stopped. Exits if the settings are wrong or the extra is missing."""
    from gateway.log import handlers
    from gateway.settings import SettingsError

    handlers.configure_logging("info")
    config, path = loading.load_settings(config_path)
    if not config.console.public_url:
        loading.fail(
            "console.public_url is not set, so the gateway does not open a socket for the console",
            loading.EXIT_CONFIG,
        )
    try:
        from gateway.console.asgi.serving import serve
    except ModuleNotFoundError as error:
        loading.fail(
            f"{error.name} is not installed: pip install 'intake-gateway[console]'", loading.EXIT_CONFIG
        )
    try:
        site = build_site(config, path.parent)
    except SettingsError as error:
        loading.fail(str(error), loading.EXIT_CONFIG)
    try:
        serve(site, open_sockets(site, port))
    except OSError as error:
        loading.fail(f"cannot listen: {error.strerror or error}", loading.EXIT_TEMPORARY)


def open_sockets(site: Site, port: int) -> list[socket.socket]:
    """Return the sockets passed by systemd, or one on loopback. Raises OSError."""
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


def build_site(config: Settings, folder: Path) -> Site:
    """Build the console for these settings, with the files of their folder. Raises SettingsError."""
    from datetime import timedelta

    from gateway.app.wiring.database.source import find_trouble
    from gateway.app.wiring.desk import build_plain_desk, utc_now
    from gateway.app.wiring.files.resources import load_directory
    from gateway.console.site import Site
    from gateway.store.console.sessions import SessionTimes

    times = SessionTimes(
        timedelta(minutes=config.console.idle_minutes), timedelta(hours=config.console.hours)
    )
    return Site(
        source=build_source(config),
        ask=build_asking(Path(config.store.path), is_shared=bool(config.store.url)),
        public_url=config.console.public_url,
        office=config.desk.name,
        desk=build_plain_desk(config),
        times=times,
        now=utc_now,
        decides=config.console.decisions == "confirmed",
        is_openid=config.console.login == "openid",
        proxy_header=config.console.proxy_header if config.console.login == "proxy" else "",
        directory=load_directory(folder),
        find_trouble=find_trouble,
        render_samples=build_sampling(config, folder),
    )


def build_source(config: Settings) -> Source:
    """Build the source that the console reads. Raises SettingsError, also for an unreadable password."""
    from gateway.app.wiring.database.source import build_console_source
    from gateway.settings import SettingsError

    try:
        return build_console_source(config)
    except OSError as error:
        key = "store.reader_password_file" if config.store.reader else "store.password_file"
        advice = "give the console its own database role (docs/guide/machines.md)"
        raise SettingsError(f"{key}: {error.filename}: {error.strerror}; {advice}") from error


def build_sampling(config: Settings, folder: Path | None) -> Callable[[Letter], list[Sample]]:
    """Build the function that words a letter with sample facts."""
    from gateway.console.site import Sample, UnavailableError

    def render_samples(letter: Letter) -> list[Sample]:
        from jinja2 import TemplateError

        from gateway.preview.rendered import render_letter
        from gateway.templating.renderer import InvalidTemplateError

        try:
            found = list(render_letter(config, folder, letter))
        except (TemplateError, InvalidTemplateError) as error:
            raise UnavailableError(f"a template cannot be used: {error}") from error
        return [Sample(occasion, made.subject, made.text) for occasion, made in found]

    return render_samples


def build_asking(database: Path, *, is_shared: bool) -> Ask:
    """Build the function that sends requests to the gateway's console socket.

    `is_shared`: other machines use the database too, so it can be read where no gateway is active.
    """
    from gateway.console.site import UnavailableError
    from gateway.net.control import client
    from gateway.net.control.protocol import CONSOLE
    from gateway.net.openid.protocol import ASKING_ELSEWHERE, PATIENCE_S

    def ask(verb: str, arguments: Mapping[str, object]) -> object:
        try:
            patience = PATIENCE_S if verb in ASKING_ELSEWHERE else client.PATIENCE_S
            answer: object = client.ask(database, verb, arguments, patience, door=CONSOLE)
        except client.RefusedError as error:
            raise UnavailableError(str(error), _read_trouble(error)) from error
        except client.NotAnsweredError as error:
            raise UnavailableError(str(error), _find_trouble(error, is_shared=is_shared)) from error
        return answer

    return ask


def _find_trouble(error: NotAnsweredError, *, is_shared: bool) -> Trouble:
    from gateway.net.control import client
    from gateway.store.protocol import Trouble

    if isinstance(error, client.HungError):
        return Trouble.BUSY
    if not isinstance(error, client.NotRunningError | client.NotPermittedError):
        return Trouble.UNANSWERED
    return Trouble.INACTIVE if is_shared else Trouble.STOPPED


def _read_trouble(error: RefusedError) -> Trouble:
    from gateway.store.protocol import Trouble

    known = {one.value: one for one in Trouble}
    return known.get(error.trouble, Trouble.BROKEN)
