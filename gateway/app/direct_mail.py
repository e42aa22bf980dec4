"""A mail about the gateway itself, sent as every letter is, but past the outbox and the store."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from gateway.app.wiring.transports import build_courier, build_keyring
from gateway.app.wiring.values import build_mailboxes
from gateway.auth.dns.resolver import Resolver
from gateway.mail import compose
from gateway.mail.address import Address
from gateway.mail.smtp.mailboxes import Purpose
from gateway.outbound.protocols import Delivery
from gateway.settings import Settings


@dataclass(frozen=True, slots=True)
class DirectMail:
    """A text to one person. `message_id` includes the angle brackets; `date` is aware."""

    to: Address
    subject: str
    text: str
    message_id: str
    date: datetime


def make_message_id(config: Settings, kind: str) -> str:
    """Return a new Message-ID that begins with a word for its kind."""
    return f"<{kind}.{secrets.token_hex(12)}@{config.desk.domain}>"


async def send_direct(config: Settings, resolver: Resolver, mail: DirectMail) -> tuple[bytes, Delivery]:
    """Sign and deliver a mail once. Return its octets (CRLF), and the next hop's reply.

    Raises SettingsError if key, password or transport is unusable, OSError if one cannot be read.
    """
    raw = _write(config, mail)
    keyring = build_keyring(config)
    if keyring is not None:
        raw = keyring.sign(raw) + raw
    courier = build_courier(config, resolver)
    try:
        sender = build_mailboxes(config).address(Purpose.POSTMASTER)
        return raw, await courier.deliver(sender, mail.to, raw)
    finally:
        await courier.close()


def _write(config: Settings, mail: DirectMail) -> bytes:
    mailboxes = build_mailboxes(config)
    return compose.compose(
        compose.MessageDraft(
            from_name=config.desk.name,
            from_address=mailboxes.address(Purpose.REQUEST),
            to_address=mail.to,
            subject=mail.subject,
            text=mail.text,
            message_id=mail.message_id,
            date=mail.date,
            reply_to=mailboxes.address(Purpose.POSTMASTER),
        )
    )
