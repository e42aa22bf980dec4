"""Invitation senders that use mail, and code shared by all senders; the others are `webhook` and `slack`.

An error on our side (a token, a limit, an outage) is retried later. Only an error about the person refuses
the invitation, and the staff are notified.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from gateway.admission.case.letters import handoff_facts
from gateway.admission.case.model import Letter
from gateway.mail.address import Address
from gateway.outbound.protocols import Courier, Delivery
from gateway.store.protocol import LetterRow

LONGEST_WAIT = timedelta(days=1)
NO_WAIT = timedelta(0)


class MailInvitation:
    """Invitation by mail: the invitation letter itself carries the join link."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier

    def prepare_letter(self, row: LetterRow) -> LetterRow:
        """See `gateway.outbound.protocols.InvitationSender`."""
        return row

    async def invite(self, row: LetterRow, reverse_path: Address, raw: bytes) -> Delivery:
        """See `gateway.outbound.protocols.InvitationSender`."""
        return await self._courier.deliver(reverse_path, row.to, raw)


class HandoffInvitation:
    """A letter to a desk that sends invitations, with text for people and the same data as marked JSON."""

    def __init__(self, courier: Courier, desk: Address) -> None:
        self._courier = courier
        self._desk = desk

    def prepare_letter(self, row: LetterRow) -> LetterRow:
        """See `gateway.outbound.protocols.InvitationSender`."""
        return build_handoff_letter(row, self._desk)

    async def invite(self, row: LetterRow, reverse_path: Address, raw: bytes) -> Delivery:
        """See `gateway.outbound.protocols.InvitationSender`."""
        return await self._courier.deliver(reverse_path, self._desk, raw)


def build_handoff_letter(row: LetterRow, to: Address) -> LetterRow:
    """Build the letter with the data that is submitted; for webhook and Slack it is only stored."""
    payload = handoff_facts(row.facts, row.message_id)
    facts = {
        **row.facts,
        "to_name": "招待担当",
        "payload": json.dumps(payload, indent=1).replace("-----", "\\u002d----"),
    }
    return replace(row, letter=Letter.HANDOFF, to=to, facts=facts)


def parse_retry_after(text: str) -> timedelta:
    """Parse a Retry-After field in seconds, at most a day (RFC 9110 section 10.2.3).

    A date or an invalid value gives zero.
    """
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        return NO_WAIT
    return min(timedelta(seconds=int(text)), LONGEST_WAIT)
