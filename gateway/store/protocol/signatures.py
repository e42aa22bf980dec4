"""Signatures of staff in a store; part of every transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from gateway.mail.address import Address


class SignatureLines(Protocol):
    """The known signature lines of members, and who passed the practice."""

    def known_lines(self, member: Address, letter_id: int) -> tuple[str, ...]:
        """Return the known lines of a member's signature.

        They are from the last practice reply, or were seen in replies to two letters other than `letter_id`.
        """
        ...

    def keep_lines(self, member: Address, lines: Iterable[str], letter_id: int, now: datetime) -> None:
        """Record lines seen in the place of a signature in a member's reply to a letter."""
        ...

    def keep_practice(self, member: Address, lines: Iterable[str], now: datetime, *, passed: bool) -> None:
        """Replace the lines of the previous practice reply, and record whether this one passed."""
        ...

    def forget_signature(self, member: Address) -> None:
        """Forget everything about a member's signature and practice."""
        ...
