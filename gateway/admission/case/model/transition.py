"""What one step of a case sends to the world: letters and lines of the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway.admission.authority.brakes import BrakeChange
from gateway.admission.case.model.case import Case
from gateway.admission.case.model.desk import Absence
from gateway.admission.case.model.letter import Letter, OutgoingLetter
from gateway.mail.address import Address
from gateway.printing.fields import Fact, Ours, ours, to_typed
from gateway.printing.outside import Outside

GATEWAY = ours("gateway")


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A line of the journal: what happened, by whom (an address, an operator's name, or `gateway`), with
    details. Its values are facts of ours or `Outside`; a bare text is refused (`printing.fields`)."""

    name: str
    actor: Ours | Address | Outside = GATEWAY
    detail: Mapping[str, Fact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "actor", to_typed(self.actor))
        object.__setattr__(self, "detail", to_typed(self.detail))


@dataclass(frozen=True, slots=True)
class Transition:
    """The outcome of one event: the case afterwards (None: none exists), letters, journal.

    `recalled` names letters that must not leave any more if they have not left yet; `postponed_to` is
    when those of the staff's last word leave that wait; `brakes` is what stands still from now on, or no
    longer, `absence` who of the staff is away.
    """

    case: Case | None
    letters: tuple[OutgoingLetter, ...] = ()
    journal: tuple[JournalEntry, ...] = ()
    recalled: frozenset[Letter] = frozenset()
    postponed_to: datetime | None = None
    brakes: BrakeChange | None = None
    absence: Absence | None = None
