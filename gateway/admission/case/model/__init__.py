"""The values of the desk: a case, its states, and the letters of a transition."""

from __future__ import annotations

from gateway.admission.case.model.attention import Attention, Level, find_attention
from gateway.admission.case.model.case import (
    APPLIED_BEFORE,
    Background,
    Case,
    Memo,
    awaiting_applicant,
    awaiting_review,
    is_confirmed,
    with_state,
)
from gateway.admission.case.model.desk import (
    Absence,
    Desk,
    LetterCaps,
    MailChoice,
    MailWish,
    Role,
    Staff,
    StaffWishes,
)
from gateway.admission.case.model.letter import (
    CODED_LETTERS,
    CONSOLE_LETTERS,
    GENERAL_LETTERS,
    PRACTICE_LETTERS,
    RECALLABLE_LETTERS,
    RECEIPTS,
    STAFF_LETTERS,
    Letter,
    OutgoingLetter,
)
from gateway.admission.case.model.states import (
    ADMITTED,
    DECIDABLE,
    OPEN,
    STATE_WORDS,
    State,
)
from gateway.admission.case.model.transition import (
    GATEWAY,
    JournalEntry,
    Transition,
)

__all__ = [
    "ADMITTED",
    "APPLIED_BEFORE",
    "CODED_LETTERS",
    "CONSOLE_LETTERS",
    "DECIDABLE",
    "GATEWAY",
    "GENERAL_LETTERS",
    "OPEN",
    "PRACTICE_LETTERS",
    "RECALLABLE_LETTERS",
    "RECEIPTS",
    "STAFF_LETTERS",
    "STATE_WORDS",
    "Absence",
    "Attention",
    "Background",
    "Case",
    "Desk",
    "JournalEntry",
    "Letter",
    "LetterCaps",
    "Level",
    "MailChoice",
    "MailWish",
    "Memo",
    "OutgoingLetter",
    "Role",
    "Staff",
    "StaffWishes",
    "State",
    "Transition",
    "awaiting_applicant",
    "awaiting_review",
    "find_attention",
    "is_confirmed",
    "with_state",
]
