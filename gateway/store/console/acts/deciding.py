"""Decisions about a case in the console, executed by the same rules as a reply by mail.

First it is proposed: the letters that would be sent are shown, and nothing changes. Then it is confirmed for
the case as shown. Notes, claims and review requests to oneself need no code.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from gateway.admission import business_days
from gateway.admission.authority.conduct import Conduct
from gateway.admission.case.decide import decide
from gateway.admission.case.events import Decide, SendMe
from gateway.admission.case.model import (
    RECALLABLE_LETTERS,
    STAFF_LETTERS,
    Case,
    Desk,
    Memo,
    Transition,
)
from gateway.admission.case.model.shown import make_mark
from gateway.admission.case.own_person import find_tie
from gateway.admission.case.transitions.office import watching
from gateway.admission.intake.staff.reply_context import add_application, add_member
from gateway.admission.replies.commands.typed import read_typed
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.reading import Decision
from gateway.store.console import takes
from gateway.store.console.acts import confirming
from gateway.store.console.acts.confirming import About, Act, Browser
from gateway.store.console.outcome import Member, Outcome, What
from gateway.store.protocol import Transaction
from gateway.store.repositories import case_repository

# Confirmed by a code; the others have no effect outside of the office.
CONFIRMED = frozenset(
    {Decision.APPROVE, Decision.DECLINE, Decision.ASK, Decision.HOLD, Decision.UNDO, Decision.REPLY}
)
UNCONFIRMED = frozenset({Decision.TAKE, Decision.MEMO})
_HOUR = timedelta(hours=1)
_UNCLEAR = "decision.unclear"


@dataclass(frozen=True, slots=True)
class Said:
    """A form about a case: number, mark of what was shown, command, text, end date of a hold."""

    number: str
    shown: str
    word: Decision
    text: str = ""
    until: date | None = None

    def to_act(self) -> Act:
        """Return the act to confirm."""
        day = self.until.isoformat() if self.until else ""
        return Act(self.word.value, self.number, self.shown, self.text, day)


def propose(
    tx: Transaction, member: Member, said: Said, browser: Browser, now: datetime, desk: Desk
) -> Outcome:
    """Plan the transition, and register it for confirmation; a code is mailed if one is needed.

    The case does not change.
    """
    case, refused = find(tx, said, CONFIRMED)
    if case is None or refused is not None:
        return refused or Outcome(What.GONE)
    planned = plan(tx, case, member, said, now, desk)
    if isinstance(planned, Outcome):
        return planned
    about = About(case=case, body=case.background.register_name)
    coded = confirming.let_wait(tx, member, said.to_act(), about, browser, now, desk)
    if coded is None:
        return Outcome(What.FULL)
    return replace(tell(What.READY, case, planned), is_coded=coded)


def carry_out(
    tx: Transaction,
    member: Member,
    said: Said,
    browser: Browser,
    code: str,
    now: datetime,
    desk: Desk,
) -> Outcome:
    """Execute a confirmed proposal, once, if the case has not changed since it was shown."""
    case, refused = find(tx, said, CONFIRMED)
    if case is None or refused is not None:
        return refused or Outcome(What.GONE)
    by_code = confirming.confirm(tx, member.session, said.to_act(), browser, code, now)
    if by_code is None:
        return Outcome(What.WRONG)
    planned = plan(tx, case, member, said, now, desk)
    if isinstance(planned, Outcome):
        return replace(planned, is_granted=by_code)
    write(tx, case, planned, member, now, desk)
    return replace(tell(What.DONE, case, planned), is_granted=by_code)


def say(tx: Transaction, member: Member, said: Said, now: datetime, desk: Desk) -> Outcome:
    """Add a note or a claim, immediately; a claim of one's own is renewed without letters.

    A form that is sent again, such as by a double click, adds no second note.
    """
    case = tx.case_by_number(said.number)
    if case is None or said.word not in UNCONFIRMED:
        return Outcome(What.GONE)
    planned = plan(tx, case, member, said, now, desk)
    if isinstance(planned, Outcome):
        return planned
    if said.word is Decision.TAKE and case.handler == str(member.staff.address):
        takes.renew(tx, case, member.staff.address, now, desk)
        return Outcome(What.DONE)
    if planned.case is not None and _is_repeated(case.memos, planned.case.memos):
        return Outcome(What.DONE)
    write(tx, case, planned, member, now, desk)
    if said.word is Decision.TAKE and planned.case is not None:
        takes.note(tx, planned.case, member.staff.address, now, desk)
    return tell(What.DONE, case, planned)


def _is_repeated(before: tuple[Memo, ...], after: tuple[Memo, ...]) -> bool:
    """Return whether the same member has recently added this note, and it is still the newest."""
    if not before or len(after) <= len(before):
        return False
    newest, added = before[-1], after[-1]
    return (newest.by, newest.text) == (added.by, added.text) and added.at - newest.at < _HOUR


def send_me(tx: Transaction, member: Member, number: str, now: datetime, desk: Desk) -> Outcome:
    """Send the review request again, to the member's own mailbox."""
    case = tx.case_by_number(number)
    if case is None:
        return Outcome(What.GONE)
    if (tie := find_tie(member.staff, case)) is not None:
        return Outcome(What.REFUSED, why=tie)
    write(tx, case, decide(case, SendMe(member.staff.address), now, desk), member, now, desk)
    return Outcome(What.DONE)


def find(tx: Transaction, said: Said, words: frozenset[Decision]) -> tuple[Case | None, Outcome | None]:
    """Return the case of a form, if unchanged since it was shown; otherwise the outcome to report."""
    case = tx.case_by_number(said.number)
    if case is None or said.word not in words:
        return None, Outcome(What.GONE)
    return (case, None) if make_mark(case) == said.shown else (case, Outcome(What.CHANGED))


def plan(
    tx: Transaction, case: Case, member: Member, said: Said, now: datetime, desk: Desk
) -> Transition | Outcome:
    """Plan the transition for a form by the rules of the desk; nothing is written."""
    by = member.staff.address
    context = add_member(ReplyContext(today=business_days.tokyo_date(now)), by, (), desk)
    reply = read_typed(
        said.word, said.text, said.until, add_application(context, case.number, case.form, desk)
    )
    if reply.decision is Decision.NONE:
        return Outcome(What.REFUSED, reply.why, reply.unread)
    event = Decide(
        by=by,
        reply=reply,
        revision=case.revision,
        recallable=tx.can_recall(case.id, RECALLABLE_LETTERS),
        conduct=Conduct(tx.count_said(str(by), watching.APPROVALS, now - _HOUR)),
        by_web=True,
    )
    transition = decide(case, event, now, desk)
    unclear = next((line for line in transition.journal if line.name == _UNCLEAR), None)
    if unclear is None:
        return transition
    why = unclear.detail.get("why")
    return Outcome(What.REFUSED, why if isinstance(why, type(reply.why)) else reply.why, reply.unread)


def write(
    tx: Transaction, case: Case, transition: Transition, member: Member, now: datetime, desk: Desk
) -> None:
    """Save a transition, and queue its letters."""
    saved = case_repository.save(tx, case, transition)
    case_repository.enqueue(tx, saved, transition, now, None, desk.caps)
    if saved is not None and saved.handler == str(member.staff.address) == case.handler:
        takes.renew(tx, saved, member.staff.address, now, desk)


def tell(what: What, case: Case, transition: Transition) -> Outcome:
    """Return a transition as an outcome: the letters to people outside the office, and the new state."""
    after = transition.case or case
    leaving = tuple(one for one in transition.letters if one.letter not in STAFF_LETTERS)
    is_first = bool(after.first_approval) and not case.first_approval
    return Outcome(what, letters=leaving, state=after.state, is_first=is_first)
