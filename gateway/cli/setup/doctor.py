"""`gateway doctor`: checks the installation and suggests fixes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from gateway.cli.shared import loading, options, output
from gateway.printing import terminal

if TYPE_CHECKING:
    from gateway.app.doctor import Check, CheckResult
    from gateway.settings import Settings

EPILOG = """\b
Examples:
  gateway doctor
  gateway doctor --only dns. --only tls
  gateway doctor --by-service --quiet
  gateway doctor --json
  gateway doctor --send-test operator@example.jp
  gateway doctor --send-test me@example.jp --returned /home/me/Maildir
  gateway doctor --send-test postmaster@gw.example.go.jp

\b
Exit codes (Nagios convention): 0 OK, 1 warnings, 2 errors, 3 something could not be
checked, 78 the settings are invalid.
"""
# The check under which the service reports its own results.
TOLD = "service"
_COLOURS = {"ok": "green", "warning": "yellow", "error": "red", "unknown": "magenta"}


@click.command(epilog=EPILOG)
@options.config_option
@click.option(
    "--only",
    multiple=True,
    metavar="CHECK",
    help="Run only checks whose names start with CHECK; may be repeated.",
)
@click.option(
    "--by-service",
    is_flag=True,
    help="Offline: reuse the results of the service's last network check (run every six hours).",
)
@click.option("--quiet", is_flag=True, help="Show problems only.")
@click.option(
    "--send-test",
    "send_to",
    metavar="ADDRESS",
    help="Send a test message to ADDRESS instead of running the checks.",
)
@click.option(
    "--returned",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="MAILDIR",
    help="Maildir in which the test message will arrive, so that the delivered copy can be checked.",
)
@click.option(
    "--wait",
    "wait_s",
    default=120.0,
    show_default=True,
    metavar="SECONDS",
    help="Maximum time to wait for the test message to arrive.",
)
@options.json_option
def doctor(
    config_path: Path | None,
    only: tuple[str, ...],
    by_service: bool,
    quiet: bool,
    send_to: str | None,
    returned: Path | None,
    wait_s: float,
    as_json: bool,
) -> None:
    """Check the installation and suggest fixes.

    Checks DNS, certificate, ports, resolver, outgoing mail, clock, disk, database, backups and staff. No
    changes are made, and no mail is sent unless --send-test is given.

    The test message is sent like any other mail, by the running gateway if there is one. The command shows
    the next hop's reply and whether the DKIM signature verifies. If the message arrives in the
    --returned Maildir or in one of the desk's mailboxes, its HELO, SPF, DKIM and TLS are checked too.
    """
    from gateway.app import doctor as looking
    from gateway.net.host.event_loop import run

    config, path = loading.load_settings(config_path)
    if send_to is not None:
        from gateway.cli.setup.sending import send_test

        _tell(send_test(config, send_to, returned, wait_s), quiet=quiet, as_json=as_json)
    known = looking.BY_SERVICE if by_service else _without_secrets(config, looking.CHECKS)
    told = {name for name, _ in looking.NETWORK} if by_service else set()
    checks = tuple(
        (name, check)
        for name, check in known
        if not only or name.startswith(only) or (name == TOLD and any(one.startswith(only) for one in told))
    )
    if not checks:
        names = ", ".join(sorted({*(name for name, _ in known), *told}))
        raise click.BadParameter(f"no such check; available checks: {names}", param_hint="--only")
    ran = run(_run_checks(config, path.parent, checks))
    found = [one for one in ran if not only or one.check.startswith((*only, TOLD))]
    _tell(found, quiet=quiet, as_json=as_json)


def _tell(found: list[CheckResult], *, quiet: bool, as_json: bool) -> NoReturn:
    from gateway.app import doctor as looking

    shown = [one for one in found if not quiet or one.level is not looking.Level.OK]
    level = looking.worst(found)
    if as_json:
        output.print_json({"level": level.value, "findings": [_as_json(one) for one in shown]})
    else:
        _print(shown)
        click.echo(_format_summary(found))
    sys.exit(looking.EXIT_CODES[level])


def _without_secrets(
    config: Settings, checks: tuple[tuple[str, Check], ...]
) -> tuple[tuple[str, Check], ...]:
    """Replace checks that need files this user may not read by the results of the service."""
    from gateway.app.doctor import WITH_SECRETS, background
    from gateway.settings.secret_files import list_unreadable

    if not list_unreadable(config):
        return checks
    return tuple(
        (name, background.read_told(name) if name in WITH_SECRETS else check) for name, check in checks
    )


async def _run_checks(
    config: Settings, folder: Path, checks: tuple[tuple[str, Check], ...]
) -> list[CheckResult]:
    """Return all findings in the order of the checks; show the progress on a terminal."""
    from gateway.app import doctor as looking
    from gateway.app.doctor.network import is_clock_synchronised
    from gateway.app.wiring.desk import utc_now
    from gateway.app.wiring.values import build_resolver

    subject = looking.Subject(config, folder, build_resolver(config), utc_now(), is_clock_synchronised)
    by_check: dict[str, tuple[CheckResult, ...]] = {}
    waiting = dict(checks)
    async for name, findings in looking.run_checks(subject, checks):
        by_check[name] = findings
        waiting.pop(name, None)
        _show_progress(list(waiting))
    return [one for name, _ in checks for one in by_check[name]]


def _show_progress(waiting: list[str]) -> None:
    if sys.stderr.isatty():
        line = f"checking {', '.join(waiting)}"[:78] if waiting else ""
        click.echo(f"\r{line:<78}" + ("" if waiting else "\r"), err=True, nl=False)


def _print(shown: list[CheckResult]) -> None:
    width = max((len(one.check) for one in shown), default=0)
    for one in shown:
        mark = click.style(f"{one.level.value:<8}", fg=_COLOURS[one.level.value])
        click.echo(f"{mark} {one.check:<{width}}  {terminal.clean(one.text)}")
        if one.to_do:
            output.echo(f"{'':<8} {'':<{width}}  -> {one.to_do}")


def _format_summary(found: list[CheckResult]) -> str:
    counts = {level: sum(one.level == level for one in found) for level in ("error", "warning", "unknown")}
    said = [
        f"{count} {level}{'s' if count > 1 and level != 'unknown' else ''}"
        for level, count in counts.items()
        if count
    ]
    return f"{len(found)} checked: {', '.join(said) or 'no problems'}."


def _as_json(one: CheckResult) -> dict[str, str]:
    return {"check": one.check, "level": one.level.value, "text": one.text, "to_do": one.to_do}
