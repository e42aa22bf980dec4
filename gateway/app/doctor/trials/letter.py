"""A test letter over the real transport: the next hop's reply, and whether our signature verifies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime

from gateway.app.direct_mail import DirectMail, make_message_id, send_direct
from gateway.app.doctor.check import CheckResult, Level, error, ok, warning
from gateway.auth.dkim import verify
from gateway.auth.dns.resolver import Resolver
from gateway.auth.results import Result
from gateway.mail.address import Address
from gateway.mail.message import parse
from gateway.outbound.protocols import Delivery, Outcome
from gateway.settings import Settings

CHECK, DKIM = "test letter", "test letter.dkim"
SUBJECT = "gateway doctor: test message 送信試験"
TEXT = """\
This is a test message from the intake gateway at {domain}. No reply is needed.
これは {domain} の受付窓口からの送信試験です。返信は不要です。

Sent at {at}, as {message_id}
"""
OUTBOUND = "check the delivery settings: gateway doctor --only outbound"
KEY = "gateway doctor --only dns.dkim"


async def send_test_letter(
    config: Settings, resolver: Resolver, to: Address, now: datetime
) -> dict[str, object]:
    """Send one letter as every letter is sent. Returns its `message_id` and the `findings`, as JSON.

    Raises SettingsError if key, password or transport is unusable, OSError if one cannot be read.
    """
    message_id = make_message_id(config, "test")
    text = TEXT.format(domain=config.desk.domain, at=f"{now:%Y-%m-%d %H:%M:%S} UTC", message_id=message_id)
    raw, delivery = await send_direct(config, resolver, DirectMail(to, SUBJECT, text, message_id, now))
    findings = [_judge_delivery(config, to, delivery), *await judge_signatures(DKIM, raw, resolver, now)]
    return {"message_id": message_id, "findings": [asdict(one) for one in findings]}


def read_findings(facts: Mapping[str, object]) -> list[CheckResult]:
    """Parse the findings that came through the control socket."""
    found = facts["findings"]
    assert isinstance(found, list)  # noqa: S101 - as written above
    return [CheckResult(**{**one, "level": Level(one["level"])}) for one in found]


def _judge_delivery(config: Settings, to: Address, delivery: Delivery) -> CheckResult:
    transport = config.delivery.transport
    way = f"a server of {to.domain}" if transport == "mx" else f"the {transport}"
    if delivery.outcome is Outcome.SENT:
        return ok(CHECK, f"{way} accepted it: {delivery.reply}")
    if delivery.outcome is Outcome.DEFERRED:
        to_do = f"{OUTBOUND}; until then, outgoing mail stays queued"
        return error(CHECK, f"{way} deferred it: {delivery.reply}", to_do)
    return error(CHECK, f"{way} rejected it: {delivery.reply}", f"{OUTBOUND}; also check the address {to}")


async def judge_signatures(
    check: str, raw: bytes, resolver: Resolver, now: datetime
) -> Iterable[CheckResult]:
    """Judge our own signatures of a message (CRLF), each by the present key in DNS (RFC 6376)."""
    found = await verify.verify(parse(raw), resolver, now)
    if not found:
        return [
            warning(
                check,
                "the message has no DKIM signature",
                "set delivery.dkim_key; gateway init creates a key",
            )
        ]
    return [_judge_signature(check, one.result, f"{one.selector}.{one.domain}", one.reason) for one in found]


def _judge_signature(check: str, result: Result, name: str, reason: str) -> CheckResult:
    if result is Result.PASS:
        return ok(check, f"the DKIM signature by {name} verifies")
    if result is Result.TEMPERROR:
        return CheckResult(check, Level.UNKNOWN, f"DNS has no key for {name}: {reason}", KEY)
    return error(check, f"the DKIM signature by {name} evaluates to {result.value}: {reason}", KEY)
