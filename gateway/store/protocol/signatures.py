"""What a store remembers of the signatures of staff: a part of every transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from gateway.mail.address import Address


class SignatureLines(Protocol):
    """The known lines of members, and who passed the practice."""

    def known_lines(self, member: Address, letter_id: int) -> tuple[str, ...]:
        """The lines of a member's signature, from the last practice reply, or seen in replies to two letters
        other than `letter_id`."""
        ...

    def keep_lines(self, member: Address, lines: Iterable[str], letter_id: int, now: datetime) -> None:
        """Remember lines that stood where a signature does in a member's reply to a letter."""
        ...

    def keep_practice(self, member: Address, lines: Iterable[str], now: datetime, *, passed: bool) -> None:
        """Remember the lines of a practice reply in place of those of the one before, and that it passed."""
        ...

    def forget_signature(self, member: Address) -> None:
        """Remember nothing of a member's signature or practice any more."""
        ...
