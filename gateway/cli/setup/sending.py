"""The test letter of `gateway doctor --send-test`: sending it, and finding the delivered copy."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from gateway.app.doctor import CheckResult
    from gateway.app.doctor.trials.returned import Look
    from gateway.auth.dns.resolver import Resolver
    from gateway.mail.address import Address
    from gateway.settings import Settings

# A slow server has a minute; the running gateway enforces that limit itself.
PATIENCE_S = 90.0


def send_test(config: Settings, to: str, maildir: Path | None, wait_s: float) -> list[CheckResult]:
    """Return all findings about a letter to `to`; exit if it is not an address."""
    from gateway.mail import address
    from gateway.net.host.event_loop import run

    try:
        wanted = address.parse(to)
    except ValueError as error:
        raise click.BadParameter(f"{to!r}: {error}", param_hint="--send-test") from error
    look = _find_place(config, wanted, maildir)
    return run(_send_and_compare(config, wanted, look, wait_s))


def _find_place(config: Settings, to: Address, maildir: Path | None) -> Look | None:
    """Return where to look for the delivered letter, if that is possible from here."""
    from gateway.app.doctor.trials.returned import look_into_database, look_into_maildir
    from gateway.app.wiring.database.source import build_source

    if maildir is not None:
        return partial(look_into_maildir, maildir)
    if to.domain == config.desk.domain:
        return partial(look_into_database, build_source(config))
    return None


async def _send_and_compare(
    config: Settings, to: Address, look: Look | None, wait_s: float
) -> list[CheckResult]:
    from gateway.app.doctor import Level
    from gateway.app.wiring.values import build_resolver

    resolver = build_resolver(config)
    try:
        facts, found = await _send(config, resolver, to)
        if look is None or found[0].level is not Level.OK:
            return found
        return found + await _compare(config, resolver, look, facts["message_id"], wait_s)
    finally:
        await resolver.close()


async def _send(
    config: Settings, resolver: Resolver, to: Address
) -> tuple[dict[str, Any], list[CheckResult]]:
    """Send by the running gateway, which has the keys; without one, send directly."""
    import asyncio

    from gateway.app.doctor import CheckResult, Level
    from gateway.app.doctor.trials import letter
    from gateway.app.serving.control import SEND_TEST
    from gateway.app.wiring.desk import utc_now
    from gateway.net.control.client import NotAnsweredError, RefusedError, ask
    from gateway.settings import SettingsError
    from gateway.settings.secret_files import list_unreadable

    try:
        facts = await asyncio.to_thread(ask, Path(config.store.path), SEND_TEST, {"to": str(to)}, PATIENCE_S)
    except NotAnsweredError as error:
        if list_unreadable(config):
            return {}, [CheckResult(letter.CHECK, Level.UNKNOWN, f"not sent: {error}", "try again as root")]
        try:
            facts = await letter.send_test_letter(config, resolver, to, utc_now())
        except (SettingsError, OSError) as trouble:
            return {}, [CheckResult(letter.CHECK, Level.ERROR, f"not sent: {trouble}", letter.OUTBOUND)]
    except RefusedError as error:
        return {}, [CheckResult(letter.CHECK, Level.ERROR, f"not sent: {error}", letter.OUTBOUND)]
    return facts, letter.read_findings(facts)


async def _compare(
    config: Settings, resolver: Resolver, look: Look, message_id: str, wait_s: float
) -> list[CheckResult]:
    from gateway.app.doctor import CheckResult, Level
    from gateway.app.doctor.trials import returned
    from gateway.app.wiring.desk import utc_now

    try:
        found = await returned.wait_for_letter(look, message_id, wait_s)
    except OSError as trouble:
        text = f"{trouble.filename}: {trouble.strerror or trouble}"
        return [CheckResult(returned.CHECK, Level.UNKNOWN, text, "--returned must be a Maildir (new, cur)")]
    if found is None:
        text = f"the message {message_id} did not arrive within {wait_s:g} s"
        to_do = "check the next hop's log, or wait longer with --wait"
        return [CheckResult(returned.CHECK, Level.ERROR, text, to_do)]
    return list(await returned.judge_returned(config, found, resolver, utc_now()))
