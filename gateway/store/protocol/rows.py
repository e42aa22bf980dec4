"""The values that a store returns and accepts: mails, tokens, letters and journal lines."""

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
from gateway.store.protocol.trouble import Trouble


class StoreUnavailableError(Exception):
    """Raised if nothing was recorded, and a retry may help: storage locked, full or failing."""

    def __init__(self, message: str = "", trouble: Trouble = Trouble.BUSY) -> None:
        super().__init__(message)
        self.trouble = trouble


class LetterState(StrEnum):
    """State of a letter: queued and deferred ones are due, held ones need an operator, others are final."""

    QUEUED = "queued"
    DEFERRED = "deferred"
    HELD = "held"
    SENT = "sent"
    REFUSED = "refused"
    RECALLED = "recalled"


# Names from 0.1 that are still accepted; 0.3 removes them.
FORMER_STATES: Mapping[str, LetterState] = MappingProxyType({"owed": LetterState.QUEUED})
# The name under which the time of the last probe is recorded.
LAST_PROBE = "probe"


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """A mail as recorded. `key` detects duplicates (mail/duplicates); `verdict` is JSON, `raw` the octets."""

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
    """The stored facts about a token, never the token itself.

    `shown`: the revisions in its letter; `listed`: the cases it listed without 注意; `unread`: what it
    reported as not understood; `sent_at`: when it was handed over; `former`: by an earlier release.
    """

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
    """A journal line as written.

    `number` is that of its case, or empty; each text in `detail` is from outside. `unit` is the organisation
    unit of the address in `to`, or empty.
    """

    at: datetime
    event: str
    number: str
    detail: Mapping[str, Fact]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter in the outbox.

    `attempts` counts hand-overs begun; `failures` counts consecutive ones in which the letter could not be
    built or the process ended. `message_id` never changes. `references` are Message-IDs of the addressee's
    own mails, the newest last; they are set for a claimed letter.
    """

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
        """The number of its case; empty if there is none."""
        return str(self.facts.get("number", ""))
