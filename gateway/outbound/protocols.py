"""What the dispatcher needs from outside: rendered letters, signatures, couriers, invitation senders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from gateway.admission.case.model import Letter
from gateway.mail.address import Address
from gateway.store.protocol import LetterRow


class Outcome(StrEnum):
    """What became of one attempt, in the words of RFC 5321: 2yz, 4yz or 5yz."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of one attempt; `reply` is the remote system's answer, printable and cut to 500.

    `retry_at`: the other side named a time before which another attempt is useless. `joined`: the
    invitation was not needed, because the person is in the community already. `auth_failed`: our
    token or secret is not accepted; no fault of the letter, and the staff are told.
    """

    outcome: Outcome
    reply: str
    retry_at: datetime | None = None
    joined: bool = False
    auth_failed: bool = False


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A letter in words. `html` only for staff."""

    subject: str
    text: str
    html: str | None = None


class Renderer(Protocol):
    """Turns a letter's facts into words."""

    def render(self, letter: Letter, facts: Mapping[str, object], reply_to: str) -> RenderedLetter:
        """`reply_to` is the address that an answer must go to."""
        ...


class Signer(Protocol):
    """Puts our name to what leaves (RFC 6376)."""

    def trouble(self) -> str:
        """Why nothing can be signed now; empty when all is well."""
        ...

    def sign(self, raw: bytes) -> bytes:
        """The signature fields to put in front of `raw`. Raises OSError or ValueError."""
        ...


class Courier(Protocol):
    """Brings one message to one mailbox; never raises for what the network or the remote side does."""

    async def deliver(self, reverse_path: Address, forward_path: Address, raw: bytes) -> Delivery:
        """One attempt, bounded in time."""
        ...


class InvitationSender(Protocol):
    """Hands an approved person to invitation sending; `row.message_id` is the idempotency key."""

    def prepare_letter(self, row: LetterRow) -> LetterRow:
        """What is put into words for this sender: the invitation itself, or a letter to whoever invites."""
        ...

    async def invite(self, row: LetterRow, reverse_path: Address, raw: bytes) -> Delivery:
        """One attempt. `raw` is the letter of `prepare_letter`, for senders that work by mail."""
        ...
