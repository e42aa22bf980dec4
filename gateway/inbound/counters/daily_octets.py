"""Daily storage quotas: octets per mailbox for unauthenticated mail, per sender for the rest.

A bounce address, an organisation unit and a member of staff each use only their own quota, so that a flood
cannot lock out decisions, bounces or other organisations.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.admission.authority import tokens
from gateway.admission.case.model import Desk
from gateway.admission.intake.mail_facts import MailFacts, find_proven_member
from gateway.auth.dmarc import organizational_domain
from gateway.inbound.record import mail_record
from gateway.inbound.record.submission import MailRecord
from gateway.mail.address import Address
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.store.protocol import Transaction

# One letter bounces once or twice, but everybody who received it knows its bounce address.
BOUNCE_BYTES_PER_DAY = 200_000


@dataclass(frozen=True, slots=True)
class DailyOctets:
    """Maximum octets stored per day, database rows included: per mailbox for unauthenticated mail, per
    sender for authenticated mail.
    """

    unproven: int = 10_000_000
    proven: int = 100_000_000


DEFAULT = DailyOctets()


def find_reply(tx: Transaction, record: MailRecord, most: DailyOctets, desk: Desk) -> SmtpReply | None:
    """Return the reply to a mail whose quota is used up; otherwise count it and return None."""
    octets = len(record.row.raw) + mail_record.ROW_BYTES
    now = record.envelope.received_at
    author = record.mail.author
    if record.verdict is None or author is None:
        mailbox, limit = _find_mailbox(record, most.unproven)
        return None if tx.add_unproven(mailbox, octets, now, limit) else smtp_reply.MAILBOX_FULL
    has_room = tx.add_proven(_find_sender(author, record.mail, desk), octets, now, most.proven)
    return None if has_room else smtp_reply.DOMAIN_QUOTA_EXCEEDED


def find_unit(author: Address) -> str:
    """Return the organisation unit of an authenticated author, which shares one quota and one rate limit."""
    return organizational_domain.organizational_domain(author.domain) or author.domain


def _find_mailbox(record: MailRecord, most: int) -> tuple[str, int]:
    route = record.route
    mailbox = route.purpose.name.lower()
    if not route.token:
        return mailbox, most
    return f"{mailbox}+{tokens.token_hash(route.token).hex()}", min(most, BOUNCE_BYTES_PER_DAY)


def _find_sender(author: Address, mail: MailFacts, desk: Desk) -> str:
    """Return the quota key: an address hash for staff, so that no row names a person, otherwise the unit."""
    if find_proven_member(mail, desk) is None:
        return find_unit(author)
    return f"member+{tokens.token_hash(author.key).hex()}"
