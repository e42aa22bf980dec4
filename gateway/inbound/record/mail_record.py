"""The stored form of a received mail: what is kept of it, and the key that detects duplicates."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from gateway.admission.intake import confidentiality
from gateway.admission.intake.mail_facts import MailFacts
from gateway.auth.authentication_results import write
from gateway.auth.results import Verdict
from gateway.inbound.record import fingerprint
from gateway.inbound.screening import Screened
from gateway.mail.header import fields
from gateway.mail.message import Message
from gateway.mail.mime.content import MAX_READ_BYTES
from gateway.store.protocol import ReceivedMail

MAX_UNPROVEN_BYTES = 16_384
# Storage used by a mail besides its octets: the other columns, the journal entry, the indexes.
ROW_BYTES = 2_048


def duplicate_key(screened: Screened) -> str:
    """Return a key that is the same for every copy of a mail to a mailbox, through any relay."""
    domain = screened.verdict.author_domain if screened.verdict else ""
    route = screened.arrival.route
    return fingerprint.message_fingerprint(
        domain,
        screened.arrival.message,
        str(screened.mail.author or ""),
        f"{route.purpose.name}+{route.token}",
    )


def leave_answers_out(verdict: Verdict | None) -> Verdict | None:
    """Return the verdict without the DNS answers, which are in the row and not needed for decisions."""
    return replace(verdict, answers=()) if verdict else None


def build_received_mail(screened: Screened, authserv_id: str) -> ReceivedMail:
    """Build the row of a mail, without its kind.

    Of its forward-path only the purpose is kept, not the token.
    """
    arrival, mail, verdict = screened.arrival, screened.mail, screened.verdict
    envelope = arrival.envelope
    message_ids = fields.message_ids(arrival.message.first("message-id"))
    return ReceivedMail(
        key=duplicate_key(screened),
        received_at=envelope.received_at,
        client_ip=envelope.client_ip,
        helo=envelope.helo,
        reverse_path=str(envelope.reverse_path or ""),
        forward_path=arrival.route.purpose.name.lower(),
        author=str(mail.author or ""),
        subject=mail.subject,
        message_id=message_ids[0] if message_ids else "",
        kind="",
        verdict=msgspec.json.encode(verdict).decode(),
        raw=_octets(arrival.message, mail, verdict, authserv_id),
    )


def _octets(message: Message, mail: MailFacts, verdict: Verdict | None, authserv_id: str) -> bytes:
    """Prepend our Authentication-Results and remove forged ones (RFC 8601 section 5).

    An authenticated mail is truncated to the part that is read, any other to what shows a person what it is.
    """
    # Deviates from RFC 5321 section 4.4: no Received or Return-Path field is added; the envelope is stored
    # in database columns instead.
    ours = write.format_results_field(verdict, authserv_id) if verdict else b""
    kept = write.remove_foreign_results(message, authserv_id)
    header = b"".join(field.raw + b"\r\n" for field in kept)
    body = confidentiality.body_to_store(message, mail)[:MAX_READ_BYTES]
    octets = ours + header + b"\r\n" + body
    return octets if verdict else octets[:MAX_UNPROVEN_BYTES]
