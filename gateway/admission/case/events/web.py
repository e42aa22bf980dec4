"""A member's actions in the console other than decisions, and their expiry."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.mail.address import Address


@dataclass(frozen=True, slots=True)
class SendMe:
    """A member requests the review request of a case again, for themselves only."""

    by: Address


@dataclass(frozen=True, slots=True)
class LetGo:
    """The time for which `member` took the case is over."""

    member: Address
