"""From invitation to membership: sent, joined, sent again, expired.

Only approved cases are invited, and each invitation is a separate letter: its Message-ID is the key by which
an invitation sender distinguishes a repeated delivery from a new invitation.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.admission.case import letters
from gateway.admission.case.events import Joined, Resend
from gateway.admission.case.model import (
    Case,
    Desk,
    JournalEntry,
    Letter,
    OutgoingLetter,
    State,
    Transition,
    with_state,
)
from gateway.printing.fields import slug
from gateway.printing.outside import Outside
from gateway.printing.statement import Statement

# By mail, the invitation letter itself reaches the applicant; otherwise another service contacts them.
BY_MAIL = "mail"
_INVITABLE = frozenset({State.INVITED, State.EXPIRED, State.UNDELIVERABLE})


def record_sent(case: Case, now: datetime, desk: Desk) -> Transition:
    """Change an approved case to invited; a repeat changes nothing."""
    if case.state is not State.APPROVED:
        return Transition(case, journal=(JournalEntry("invitation.repeated"),))
    invited = replace(case, state=State.INVITED, invited_at=now)
    outgoing: tuple[OutgoingLetter, ...] = ()
    if desk.invites_by != BY_MAIL:
        outgoing = (letters.to_applicant(invited, Letter.INVITATION_NOTICE, sender=desk.invites_by),)
    return Transition(
        invited, outgoing, (JournalEntry("invitation.handed", detail={"by": slug(desk.invites_by)}),)
    )


def joined_refusal(case: Case) -> Statement | None:
    """Return why the person cannot have joined; None if they can."""
    if case.state is State.JOINED:
        return Statement("joined_already")
    if not _was_invited(case):
        return Statement("never_invited")
    return None


def record_joined(case: Case, event: Joined) -> Transition:
    """Record that the person has joined, even late or by an invitation from elsewhere."""
    if joined_refusal(case):
        return Transition(case)
    there = with_state(case, State.JOINED)
    entry = JournalEntry("invitation.joined", Outside(event.by))
    return Transition(
        there, journal=(entry,), recalled=frozenset({Letter.INVITATION, Letter.INVITATION_REMINDER})
    )


def resend_refusal(case: Case) -> Statement | None:
    """Return why no new invitation can be sent; None if one can."""
    if case.state is State.APPROVED:
        return Statement("invitation_waits")
    if case.state is State.JOINED:
        return Statement("joined_already")
    if case.state not in _INVITABLE or not _was_approved(case):
        return Statement("never_approved")
    return None


def resend(case: Case, event: Resend, now: datetime) -> Transition:
    """Send a new invitation with a separate key; recall a queued earlier one."""
    if resend_refusal(case):
        return Transition(case)
    approved = with_state(case, State.APPROVED, invited_at=None, waits_since=None)
    invitation = letters.to_applicant(approved, Letter.INVITATION, not_before=now, again=True)
    entry = JournalEntry("invitation.again", Outside(event.by), {"was": case.state})
    recalled = frozenset({Letter.INVITATION, Letter.INVITATION_REMINDER})
    return Transition(approved, (invitation,), (entry,), recalled=recalled)


def remind_applicant(case: Case, desk: Desk, last_day: str, journal: tuple[JournalEntry, ...]) -> Transition:
    """Remind the applicant, once, until when the invitation can be used."""
    reminder = letters.to_applicant(
        case, Letter.INVITATION_REMINDER, sender=desk.invites_by, last_day=last_day
    )
    return Transition(case, (reminder,), journal)


def expire_invitation(case: Case, desk: Desk, journal: tuple[JournalEntry, ...]) -> Transition:
    """Expire an unused invitation; tell the applicant how to get a new one, the staff how to send it."""
    expired = with_state(case, State.EXPIRED)
    told = letters.to_applicant(expired, Letter.EXPIRED, was=State.INVITED.value)
    outgoing = (told, *letters.notices(expired, desk, "invitation_expired"))
    return Transition(expired, outgoing, journal, recalled=frozenset({Letter.INVITATION_REMINDER}))


def _was_approved(case: Case) -> bool:
    """Return whether the case was approved.

    A return to review clears `decided_by`; a refusal has its own state.
    """
    return bool(case.decided_by)


def _was_invited(case: Case) -> bool:
    return case.invited_at is not None and case.state in _INVITABLE
