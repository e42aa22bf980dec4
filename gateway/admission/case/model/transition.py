"""What one step of a case sends to the world: letters and lines of the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway.admission.authority.brakes import BrakeChange
from gateway.admission.case.model.case import Case
from gateway.admission.case.model.letter import Letter, OutgoingLetter


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A line of the journal: what happened, by whom (an address, or `gateway`), with details."""

    name: str
    actor: str = "gateway"
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transition:
    """The outcome of one event: the case afterwards (None: none exists), letters, journal.

    `recalled` names letters that must not leave any more if they have not left yet; `postponed_to` is
    when those of the staff's last word leave that wait; `brakes` is what stands still from now on, or no
    longer.
    """

    case: Case | None
    letters: tuple[OutgoingLetter, ...] = ()
    journal: tuple[JournalEntry, ...] = ()
    recalled: frozenset[Letter] = frozenset()
    postponed_to: datetime | None = None
    brakes: BrakeChange | None = None
