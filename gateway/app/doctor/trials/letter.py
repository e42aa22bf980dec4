"""A test letter over the true way out: what the next server said, and whether our signature verifies."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime

from gateway.app.doctor.check import CheckResult, Level, error, ok, warning
from gateway.app.wiring.transports import build_courier, build_keyring
from gateway.app.wiring.values import build_mailboxes
from gateway.auth.dkim import verify
from gateway.auth.dns.resolver import Resolver
from gateway.auth.results import Result
from gateway.mail import compose
from gateway.mail.address import Address
from gateway.mail.message import parse
from gateway.mail.smtp.mailboxes import Purpose
from gateway.outbound.protocols import Delivery, Outcome
from gateway.settings import Settings

CHECK, DKIM = "test letter", "test letter.dkim"
SUBJECT = "gateway doctor: test letter 送信試験"
TEXT = """\
This is a test letter of the intake gateway at {domain}. Nobody needs to answer it.
これは {domain} の受付窓口からの送信試験です。返信は不要です。

Sent at {at}, as {message_id}
"""
WAY_OUT = "gateway doctor --only 'way out'; the settings of delivery"
KEY = "gateway doctor --only dns.dkim"


async def send_test_letter(
    config: Settings, resolver: Resolver, to: Address, now: datetime
) -> dict[str, object]:
    """Send one letter as every letter leaves. Gives its `message_id` and the `findings`, as JSON.

    Raises SettingsError where key, password or way out cannot be used, OSError where one cannot be read.
    """
    message_id = f"<test.{secrets.token_hex(12)}@{config.desk.domain}>"
    raw = _write(config, to, message_id, now)
    keyring = build_keyring(config)
    if keyring is not None:
        raw = keyring.sign(raw) + raw
    courier = build_courier(config, resolver)
    try:
        sender = build_mailboxes(config).address(Purpose.POSTMASTER)
        delivery = await courier.deliver(sender, to, raw)
    finally:
        await courier.close()
    findings = [_judge_delivery(config, to, delivery), *await judge_signatures(DKIM, raw, resolver, now)]
    return {"message_id": message_id, "findings": [asdict(one) for one in findings]}


def read_findings(facts: Mapping[str, object]) -> list[CheckResult]:
    """The findings again, as they came through the control socket."""
    found = facts["findings"]
    assert isinstance(found, list)  # noqa: S101 - as written above
    return [CheckResult(**{**one, "level": Level(one["level"])}) for one in found]


def _write(config: Settings, to: Address, message_id: str, now: datetime) -> bytes:
    mailboxes = build_mailboxes(config)
    text = TEXT.format(domain=mailboxes.domain, at=f"{now:%Y-%m-%d %H:%M:%S} UTC", message_id=message_id)
    return compose.compose(
        compose.MessageDraft(
            from_name=config.desk.name,
            from_address=mailboxes.address(Purpose.REQUEST),
            to_address=to,
            subject=SUBJECT,
            text=text,
            message_id=message_id,
            date=now,
            reply_to=mailboxes.address(Purpose.POSTMASTER),
        )
    )


def _judge_delivery(config: Settings, to: Address, delivery: Delivery) -> CheckResult:
    transport = config.delivery.transport
    way = f"a server of {to.domain}" if transport == "mx" else f"the {transport}"
    if delivery.outcome is Outcome.SENT:
        return ok(CHECK, f"{way} took it: {delivery.reply}")
    if delivery.outcome is Outcome.DEFERRED:
        to_do = f"{WAY_OUT}; letters wait meanwhile"
        return error(CHECK, f"{way} did not take it now: {delivery.reply}", to_do)
    return error(CHECK, f"{way} refused it: {delivery.reply}", f"{WAY_OUT}; is {to} right?")


async def judge_signatures(
    check: str, raw: bytes, resolver: Resolver, now: datetime
) -> Iterable[CheckResult]:
    """Our own signatures of a message (CRLF), each by the key that DNS has now (RFC 6376)."""
    found = await verify.verify(parse(raw), resolver, now)
    if not found:
        return [warning(check, "it bears no DKIM signature", "delivery.dkim_key: gateway init makes one")]
    return [_judge_signature(check, one.result, f"{one.selector}.{one.domain}", one.reason) for one in found]


def _judge_signature(check: str, result: Result, name: str, reason: str) -> CheckResult:
    if result is Result.PASS:
        return ok(check, f"the signature of {name} verifies")
    if result is Result.TEMPERROR:
        return CheckResult(check, Level.UNKNOWN, f"DNS gives no key for {name}: {reason}", KEY)
    return error(check, f"the signature of {name} is {result.value}: {reason}", KEY)
