"""Events without a mail: passed time, operators, our own letters and restores."""

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
    """A letter of ours was not delivered: `cause` is the remote system's text, truncated and printable."""

    letter: Letter
    to: Address
    cause: str


@dataclass(frozen=True, slots=True)
class UnreadReport:
    """A mail about one of our letters that is neither a delay nor an absence notice and cannot be parsed.

    `words` are its first lines.
    """

    letter: Letter
    to: Address
    words: str


@dataclass(frozen=True, slots=True)
class InvitationSent:
    """The invitation was passed to the invitation sender."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The person has joined the community; `by` is who reported it."""

    by: str


@dataclass(frozen=True, slots=True)
class Resend:
    """A new invitation is requested for an approved person; `by` is who requested it."""

    by: str


@dataclass(frozen=True, slots=True)
class Revoke:
    """An operator revokes an admission that no reply can undo any more; `by` is the operator's name.

    `recallable`: the invitation has not started to leave.
    """

    by: str
    reason: str
    recallable: bool


@dataclass(frozen=True, slots=True)
class TakeBack:
    """An operator undoes the last staff decision, whatever it was; `by` is the operator's name.

    `recallable`: its letter has not started to leave.
    """

    by: str
    recallable: bool


@dataclass(frozen=True, slots=True)
class VoidCall:
    """The mailbox that confirmed the affiliation by telephone was revoked, so the confirmation may be forged.

    `by` is the operator's name.
    """

    by: str


@dataclass(frozen=True, slots=True)
class Renew:
    """Replies to all sent letters are void (the database was restored): pending questions are asked again.

    `waiting` are letters of the case that are still queued.
    """

    waiting: frozenset[Letter] = frozenset()
