"""Mails that changed no case and queued no letter: what the office can see of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gateway.mail.address import Address


@dataclass(frozen=True, slots=True)
class UnheardMail:
    """A mail that nobody was told of. `holds`: `form`, `decision` or `words`, `mail` for nothing of these."""

    id: int
    author: str
    holds: str


@dataclass(frozen=True, slots=True)
class KeptMail:
    """The same with what can be read again: `verdict` is JSON, `raw` the octets that were kept."""

    id: int
    author: Address
    verdict: str
    raw: bytes


class UnheardMails(Protocol):
    """The mails that nobody was told of: a part of every transaction."""

    def mark_unheard(self, mail_id: int, what: str) -> None:
        """Note what a mail holds that nobody was told of; empty when somebody was."""
        ...

    def count_unheard(self, since: datetime) -> int:
        """How many of them came since then."""
        ...

    def unheard_mails(self, since: datetime, limit: int) -> tuple[UnheardMail, ...]:
        """Those since then that hold a form, a word of decision or words, the newest at the front."""
        ...

    def unheard_mail(self, mail_id: int) -> KeptMail | None:
        """One of them by its row number; None for any other, and for one without a proven author."""
        ...
