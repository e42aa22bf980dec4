"""Ends the sign-in codes that a mail may quote: a reply, an automatic answer, or a bounce of the letter.

The console shows such mails to everybody who may read there. Whoever had a code sent to a colleague would
otherwise find it quoted, in whatever form, and sign in with it.
"""

from __future__ import annotations

from datetime import datetime

from gateway.admission.authority import tokens
from gateway.admission.case.model import Desk, Staff
from gateway.inbound.record.submission import MailRecord
from gateway.mail.address import Address
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.protocol import Transaction


def void(tx: Transaction, record: MailRecord, desk: Desk, now: datetime) -> None:
    """End the sign-in codes of each member whose letter this mail may quote."""
    bounced = _find_addressee(tx, record)
    for member in desk.staff:
        if _may_quote(record, member, bounced):
            tx.void_sign_in_codes(member.address, now)


def _find_addressee(tx: Transaction, record: MailRecord) -> Address | None:
    """Return to whom the letter went that a bounce is about."""
    if record.route.purpose is not Purpose.BOUNCE:
        return None
    row = tx.token(tokens.token_hash(record.route.token))
    return row.addressee if row is not None else None


def _may_quote(record: MailRecord, member: Staff, bounced: Address | None) -> bool:
    """Return whether a mail is the member's, or a program's at their domain, or their bounce."""
    author, own = record.mail.author, member.address
    if bounced is not None and bounced.key == own.key:
        return True
    if author is None:
        return False
    is_machine = record.envelope.reverse_path is None or record.mail.automatic is not None
    return author.key == own.key or (is_machine and author.domain == own.domain)
