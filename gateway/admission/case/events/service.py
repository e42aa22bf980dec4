"""What happens to a case without a mail that was read: time, operators, our own letters and restores."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.admission.case.deadlines import Deadline
from gateway.admission.case.model import Letter
from gateway.mail.address import Address


@dataclass(frozen=True, slots=True)
class DeadlinePassed:
    """A deadline of the case has passed."""

    deadline: Deadline


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A letter of ours did not arrive: `cause` is the remote system's words, cut and printable."""

    letter: Letter
    to: Address
    cause: str


@dataclass(frozen=True, slots=True)
class UnreadReport:
    """A mail about a letter of ours that is no delay and no vacation, and that nobody here can read: `words`
    are its first lines."""

    letter: Letter
    to: Address
    words: str


@dataclass(frozen=True, slots=True)
class InvitationSent:
    """The invitation was handed over to invitation sending."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The person is in the community; `by` is who says so."""

    by: str


@dataclass(frozen=True, slots=True)
class Resend:
    """A new invitation is wanted for somebody who was approved; `by` is who wants it."""

    by: str


@dataclass(frozen=True, slots=True)
class Revoke:
    """An operator takes an admission back when no reply can any more; `by` is the operator's name.
    `recallable`: the invitation has not begun to leave."""

    by: str
    reason: str
    recallable: bool


@dataclass(frozen=True, slots=True)
class TakeBack:
    """An operator takes the last word of the staff back, whatever it was; `by` is the operator's name.
    `recallable`: its letter has not begun to leave."""

    by: str
    recallable: bool


@dataclass(frozen=True, slots=True)
class VoidCall:
    """The mailbox that confirmed the affiliation by telephone was revoked: whoever stole it may have written
    that word; `by` is the operator's name."""

    by: str


@dataclass(frozen=True, slots=True)
class Renew:
    """The answers to all letters that left are void (the database was restored): what waits is asked again.

    `waiting` are letters of the case that have not left yet."""

    waiting: frozenset[Letter] = frozenset()
