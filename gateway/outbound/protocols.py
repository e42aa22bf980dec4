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
    """The result of one attempt, by reply class of RFC 5321: 2yz, 4yz or 5yz."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of one attempt; `reply` is the remote system's reply, printable, at most 500 characters.

    - `retry_at`: the other side gave a time before which another attempt is useless.
    - `joined`: no invitation was needed, because the person is already in the community.
    - `auth_failed`: our token or secret was rejected; not a fault of the letter, and the staff are notified.
    """

    outcome: Outcome
    reply: str
    retry_at: datetime | None = None
    joined: bool = False
    auth_failed: bool = False


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A rendered letter; `html` is for staff only."""

    subject: str
    text: str
    html: str | None = None


class Renderer(Protocol):
    """Renders a letter from its facts."""

    def render(self, letter: Letter, facts: Mapping[str, object], reply_to: str) -> RenderedLetter:
        """Render a letter; `reply_to` is the address for the reply."""
        ...


class Signer(Protocol):
    """Signs outgoing messages (RFC 6376)."""

    def trouble(self) -> str:
        """Return why signing is impossible now; empty if it is possible."""
        ...

    def sign(self, raw: bytes) -> bytes:
        """Return the signature fields to put before `raw`. Raises OSError or ValueError."""
        ...


class Courier(Protocol):
    """Delivers one message to one mailbox; never raises, whatever the network or the remote side does."""

    async def deliver(self, reverse_path: Address, forward_path: Address, raw: bytes) -> Delivery:
        """Make one attempt, with a time limit."""
        ...


class InvitationSender(Protocol):
    """Sends invitations to approved people; `row.message_id` is the idempotency key."""

    def prepare_letter(self, row: LetterRow) -> LetterRow:
        """Return the letter to render: the invitation itself, or a letter to the person who invites."""
        ...

    async def invite(self, row: LetterRow, reverse_path: Address, raw: bytes) -> Delivery:
        """Make one attempt. `raw` is the letter of `prepare_letter`, for senders that use mail."""
        ...
