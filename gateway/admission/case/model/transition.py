"""The result of one step of a case: letters and journal entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway.admission.authority.brakes import BrakeChange
from gateway.admission.case.model.case import Case
from gateway.admission.case.model.desk import Absence, MailWish
from gateway.admission.case.model.letter import Letter, OutgoingLetter
from gateway.mail.address import Address
from gateway.printing.fields import Fact, Ours, ours, to_typed
from gateway.printing.outside import Outside

GATEWAY = ours("gateway")


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A journal entry: what happened, by whom (an address, an operator's name, or `gateway`), with details.

    Values are our own facts or `Outside`; a plain string is rejected (`printing.fields`).
    """

    name: str
    actor: Ours | Address | Outside = GATEWAY
    detail: Mapping[str, Fact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "actor", to_typed(self.actor))
        object.__setattr__(self, "detail", to_typed(self.detail))


@dataclass(frozen=True, slots=True)
class Transition:
    """The outcome of one event: the new case (None: no case), letters, journal entries.

    `recalled` lists letters that must not be sent if they are still queued; `postponed_to` is the new time of
    queued letters of the last staff decision; `brakes` is a change of the brakes, `absence` of a member's
    absence, `mail_wish` of the letters that a member receives.
    """

    case: Case | None
    letters: tuple[OutgoingLetter, ...] = ()
    journal: tuple[JournalEntry, ...] = ()
    recalled: frozenset[Letter] = frozenset()
    postponed_to: datetime | None = None
    brakes: BrakeChange | None = None
    absence: Absence | None = None
    mail_wish: MailWish | None = None
