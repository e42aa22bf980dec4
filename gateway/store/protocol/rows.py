"""What a store gives and takes: mails, tokens, letters and lines of the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from gateway.admission.case.model import Letter
from gateway.mail.address import Address
from gateway.mail.smtp.mailboxes import Purpose
from gateway.printing.fields import Fact


class StoreUnavailableError(Exception):
    """Nothing was recorded, and trying again later may help: locked, full or failing storage."""


class LetterState(StrEnum):
    """Queued and deferred letters are due, held ones need an operator, others are final."""

    QUEUED = "queued"
    DEFERRED = "deferred"
    HELD = "held"
    SENT = "sent"
    REFUSED = "refused"
    RECALLED = "recalled"


# Words of 0.1 that are still accepted; 0.3 removes them.
FORMER_STATES: Mapping[str, LetterState] = MappingProxyType({"owed": LetterState.QUEUED})
# Under which name it is kept when the last probe came.
LAST_PROBE = "probe"


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """A mail as recorded. `key` folds repeats (mail/duplicates); `verdict` is JSON, `raw` the octets."""

    key: str
    received_at: datetime
    client_ip: str
    helo: str
    reverse_path: str
    forward_path: str
    author: str
    subject: str
    message_id: str
    kind: str
    verdict: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class TokenRow:
    """What is known of a token: never the token itself. `shown`: the revisions that its letter told of,
    `listed`: the cases that it listed without 注意, `unread`: what it showed as not understood, `sent_at`:
    when it was handed over, `former`: by an earlier release."""

    purpose: Purpose
    addressee: Address
    letter: Letter
    revision: int
    expires_at: datetime
    case_id: int | None
    own_text: str
    shown: Mapping[str, int] = field(default_factory=dict)
    listed: tuple[str, ...] = ()
    sent_at: datetime | None = None
    former: bool = False
    subject: str = ""
    unread: tuple[str, ...] = ()
    letter_id: int = 0


@dataclass(frozen=True, slots=True)
class JournalLine:
    """A line of the journal as written; `number` is that of its case, or empty; each text in `detail` is
    from outside. `unit` is the organisation unit of the address that it names with `to`, or empty."""

    at: datetime
    event: str
    number: str
    detail: Mapping[str, Fact]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter in the outbox. `attempts` counts hand-overs begun, `failures` those in a row in which the
    letter could not be made or the process ended; `message_id` never changes. `references` are Message-IDs of
    the addressee's own mails, the newest last, known for a claimed letter."""

    id: int
    case_id: int | None
    letter: Letter
    to: Address
    facts: Mapping[str, object]
    revision: int
    message_id: str
    state: LetterState
    attempts: int
    queued_at: datetime
    not_before: datetime
    last_reply: str = ""
    sent_at: datetime | None = None
    subject: str = ""
    references: tuple[str, ...] = ()
    failures: int = 0

    @property
    def number(self) -> str:
        """The number of its case; empty where it is about none."""
        return str(self.facts.get("number", ""))
