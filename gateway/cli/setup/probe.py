"""`gateway probe`: tests the running gateway or any mail server over SMTP, and submits an application."""

from __future__ import annotations

import socket
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.shared import loading, options, output
from gateway.printing import terminal

if TYPE_CHECKING:
    from gateway.app.doctor.trials.conversation import Step, Target
    from gateway.settings import Settings

EPILOG = """\b
Examples:
  gateway probe
  gateway probe --require-tls --json
  gateway probe mx.example.jp --application
  gateway probe mail.example.jp --domain example.jp --no-application

\b
Exit codes (Nagios convention): 0 OK, 1 warnings, 2 errors, 3 something could not be
tested, 78 the settings are invalid.
"""
COLOURS = {"ok": "green", "warning": "yellow", "error": "red", "unknown": "magenta"}


@click.command(epilog=EPILOG)
@click.argument("host", required=False, metavar="[HOST]")
@options.config_option
@click.option("--port", type=click.IntRange(1, 65535), help="Port (default: the gateway's own or 25).")
@click.option(
    "--domain", metavar="DOMAIN", help="Domain for which the server accepts mail (default: desk.domain)."
)
@click.option(
    "--application/--no-application",
    "applies",
    default=None,
    help="Submit a test application, which is then discarded (default: only to the local gateway).",
)
@click.option("--require-tls", is_flag=True, help="Require STARTTLS with a valid certificate.")
@click.option(
    "--timeout",
    "timeout_s",
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="Timeout for each step.",
)
@options.json_option
def probe(
    host: str | None,
    config_path: Path | None,
    port: int | None,
    domain: str | None,
    applies: bool | None,
    require_tls: bool,
    timeout_s: float,
    as_json: bool,
) -> None:
    """Test a mail server over SMTP.

    Reports each step: greeting, STARTTLS, certificate, message size, recipients that must be rejected and one
    that must be accepted.

    Without HOST, tests the running gateway and also submits an application. The application is authenticated,
    parsed and recorded like any other, then rolled back before anybody is notified: no case is opened and
    no mail is sent. This requires root or the gateway's own user. With HOST, the application takes the same
    route as any other mail.
    """
    from gateway.app.doctor.check import EXIT_CODES, worst
    from gateway.net.host.desk_units import find_units

    applies = host is None if applies is None else applies
    config = _load(config_path, needed=host is None or applies)
    target = _build_target(config, host, port, domain, require_tls, timeout_s)
    if config is not None:
        target = replace(target, unit=find_units(Path(config.store.path)).name())
    steps = _take_steps(config, target, applies=applies, quiet=as_json)
    level = worst(step.found for step in steps)
    if as_json:
        where = {"host": target.host, "port": target.port}
        output.print_json({"level": level.value, **where, "steps": [_as_json(step) for step in steps]})
    sys.exit(EXIT_CODES[level])


def _load(config_path: Path | None, *, needed: bool) -> Settings | None:
    """Load the settings; return None if they are missing and not needed."""
    from gateway import settings

    if needed or config_path is not None or settings.find_settings_file(None).is_file():
        return loading.load_settings(config_path)[0]
    return None


def _build_target(
    config: Settings | None,
    host: str | None,
    port: int | None,
    domain: str | None,
    require_tls: bool,
    timeout_s: float,
) -> Target:
    """Build the target from the options, or from the settings for our own gateway."""
    from gateway.app.doctor.network import find_own_place
    from gateway.app.doctor.trials.conversation import Target
    from gateway.app.wiring.values import build_mailboxes, hostname
    from gateway.mail.smtp.mailboxes import Purpose

    name, needs_tls, mailbox = host or "", require_tls, ""
    if config is not None and domain in {None, config.desk.domain}:
        domain = config.desk.domain
        mailbox = str(build_mailboxes(config).address(Purpose.REQUEST))
    if host is None:
        assert config is not None  # noqa: S101 - loaded where no host is named
        _refuse_proxy(config)
        host, port, name = find_own_place(config), port or config.listen.port, hostname(config)
        needs_tls = require_tls or bool(config.listen.tls_certificate)
    return Target(host, port or 25, name, domain or "", mailbox, needs_tls, require_tls, timeout_s=timeout_s)


def _refuse_proxy(config: Settings) -> None:
    from gateway.app.doctor.network import find_own_place, is_taken_for_proxy

    place = find_own_place(config)
    if is_taken_for_proxy(config, place):
        text = f"the gateway treats {place} as its proxy; test through the proxy itself: gateway probe HOST"
        loading.fail(text, loading.EXIT_UNKNOWN)


def _take_steps(config: Settings | None, target: Target, *, applies: bool, quiet: bool) -> list[Step]:
    """Run all steps and print each; an application that cannot be obtained is reported as unknown."""
    from gateway.app.wiring.values import hostname
    from gateway.net.host.event_loop import run

    refused: list[Step] = []
    if applies and config is not None:
        application, refused = _ask_for_application(Path(config.store.path))
        target = replace(target, application=application)
    own_name = hostname(config) if config else socket.getfqdn()
    steps = run(_converse(target, own_name, quiet=quiet))
    if not quiet:
        for step in refused:
            _print(step)
    return steps + refused


def _ask_for_application(database: Path) -> tuple[Mapping[str, str], list[Step]]:
    """Return a probe's application from the running gateway, or the step that explains why there is none."""
    from gateway.app.doctor.check import CheckResult, Level
    from gateway.app.doctor.trials.conversation import Step
    from gateway.app.serving.control import PROBE
    from gateway.net.control.client import NotAnsweredError, RefusedError, ask

    try:
        return ask(database, PROBE), []
    except (NotAnsweredError, RefusedError) as error:
        found = CheckResult("application", Level.UNKNOWN, f"none was sent: {error}", "or --no-application")
        return {}, [Step(found)]


async def _converse(target: Target, own_name: str, *, quiet: bool) -> list[Step]:
    from gateway.app.doctor.trials import dialogue
    from gateway.app.wiring.desk import utc_now

    steps = []
    async for step in dialogue.converse(target, own_name, utc_now()):
        steps.append(step)
        if not quiet:
            _print(step)
    return steps


def _print(step: Step) -> None:
    found = step.found
    mark = click.style(f"{found.level.value:<8}", fg=COLOURS[found.level.value])
    click.echo(f"{mark} {found.check:<17}  {terminal.clean(found.text)}")
    indent = f"{'':<8} {'':<17} "
    if step.reply:
        output.echo(f"{indent} {step.reply} ({step.took_ms:.0f} ms)")
    if found.to_do:
        output.echo(f"{indent} -> {found.to_do}")


def _as_json(step: Step) -> dict[str, Any]:
    found = step.found
    facts = {"step": found.check, "level": found.level.value, "text": found.text, "to_do": found.to_do}
    return {**facts, "reply": step.reply, "ms": round(step.took_ms, 1)}
