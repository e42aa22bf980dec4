"""Actions on a case that decide nothing: reply to the applicant, note, withdraw, reopen, correct.

Each needs the code. None of them approves: a reopened or corrected case waits for a new decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from gateway.admission.application.items.fields import Category, Form
from gateway.admission.case import deadlines, letters
from gateway.admission.case.events import Decide
from gateway.admission.case.model import (
    OPEN,
    Case,
    Desk,
    JournalEntry,
    Letter,
    Memo,
    OutgoingLetter,
    State,
    Transition,
    awaiting_applicant,
    awaiting_review,
    with_state,
)
from gateway.admission.case.transitions import affiliation, applicant
from gateway.admission.case.transitions.office.undoing import receipts
from gateway.admission.replies.notes.correction import Correction, read_correction
from gateway.admission.replies.reading import Decision
from gateway.printing.outside import Outside
from gateway.printing.statement import Statement

WORDS = frozenset({Decision.REPLY, Decision.MEMO, Decision.WITHDRAW, Decision.REOPEN, Decision.CORRECT})
CLOSED = frozenset({State.DECLINED, State.WITHDRAWN, State.EXPIRED})
MAX_MEMOS = 50
_WANTED = {
    Decision.REPLY: Statement("reply_wanted"),
    Decision.MEMO: Statement("memo_wanted"),
    Decision.CORRECT: Statement("correction_wanted"),
}
# These depend on what the member was shown.
_SHOWN = frozenset({Decision.WITHDRAW, Decision.REOPEN, Decision.CORRECT})


def find_refusal(case: Case, event: Decide) -> Statement | None:
    """Return why the action cannot be carried out; None if it can."""
    wanted = event.reply.decision
    if not event.reply.by_code:
        return Statement("code_word_wanted")
    unread = wanted is Decision.CORRECT and read_correction(event.reply.note) is None
    if wanted in _WANTED and (unread or not event.reply.note):
        return _WANTED[wanted]
    if wanted is Decision.MEMO and len(case.memos) >= MAX_MEMOS:
        return Statement("memos_full")
    if wanted in _SHOWN and event.revision != case.revision:
        return Statement("changed_since")
    return _find_state_refusal(case, event)


def _find_state_refusal(case: Case, event: Decide) -> Statement | None:
    wanted = event.reply.decision
    if wanted is Decision.REOPEN:
        if case.state not in CLOSED:
            return Statement("not_closed")
        return Statement("undo_instead") if event.recallable else None
    if wanted in _SHOWN and case.state not in OPEN:
        return Statement("not_open")
    return None


def carry_out(case: Case, event: Decide, now: datetime, desk: Desk) -> Transition:
    """Carry out an action for which `find_refusal` returned None."""
    if event.reply.decision is Decision.REPLY:
        return _reply(case, event, desk)
    if event.reply.decision is Decision.MEMO:
        return _write_memo(case, event, now, desk)
    if event.reply.decision is Decision.WITHDRAW:
        return _withdraw(case, event, desk)
    if event.reply.decision is Decision.REOPEN:
        return _reopen(case, event, now, desk)
    found = read_correction(event.reply.note)
    if event.reply.decision is not Decision.CORRECT or found is None:
        raise ValueError(f"decision not allowed in this state: {event.reply.decision}")
    return _correct(case, event, found, desk)


def _reply(case: Case, event: Decide, desk: Desk) -> Transition:
    """Send the text at once; the applicant's answer is assigned to this case."""
    said = event.reply.note
    letter = letters.to_applicant(case, Letter.DESK_REPLY, text=said)
    entry = JournalEntry("case.replied", event.by, {"text": Outside(said)})
    return Transition(case, (letter, *receipts(case, desk, "reply", event)), (entry,))


def _write_memo(case: Case, event: Decide, now: datetime, desk: Desk) -> Transition:
    noted = replace(case, memos=(*case.memos, Memo(str(event.by), now, event.reply.note)))
    entry = JournalEntry("case.memo", event.by, {"text": Outside(event.reply.note)})
    return Transition(noted, receipts(noted, desk, "memo", event), (entry,))


def _withdraw(case: Case, event: Decide, desk: Desk) -> Transition:
    """Record a withdrawal made by telephone or similar; the applicant gets a written confirmation."""
    gone = with_state(case, State.WITHDRAWN, first_approval="")
    told = letters.to_applicant(gone, Letter.WITHDRAWAL_RECEIPT)
    entry = JournalEntry("withdrawal", event.by, {"was": case.state})
    recalled = applicant.RECALLED_WHEN_WITHDRAWN
    return Transition(gone, (told, *receipts(gone, desk, "withdraw", event)), (entry,), recalled=recalled)


def _reopen(case: Case, event: Decide, now: datetime, desk: Desk) -> Transition:
    """Return a closed case to the staff, or to the applicant if the application is incomplete."""
    entry = JournalEntry("case.reopened", event.by, {"was": case.state})
    back = awaiting_review(
        case,
        revision=case.revision + 1,
        first_approval="",
        waits_since=now,
        invited_at=None,
        due_on=deadlines.renewed_due_date(case, now, desk),
    )
    if items := applicant.items_to_request(back):
        waiting = awaiting_applicant(back, State.NEEDS_INFORMATION, now)
        told = letters.missing_fields(waiting, items, desk)
        return Transition(waiting, (told, *receipts(waiting, desk, "reopen", event)), (entry,))
    asked = letters.review_requests(back, desk, "reopened", by=str(event.by))
    own = receipts(back, desk, "reopen", event, to=event.by)
    return Transition(
        back, (letters.to_applicant(back, Letter.REOPENED, occasion="reopened"), *own, *asked), (entry,)
    )


def _correct(case: Case, event: Decide, said: Correction, desk: Desk) -> Transition:
    """Correct the form and reassess it; earlier confirmations and first approvals are void."""
    form = _apply(case.form, said, desk)
    claimed = affiliation.renew_claim(replace(case, form=form), desk)
    seen = replace(claimed, background=desk.review(claimed), revision=case.revision + 1, first_approval="")
    undecided = case.state in {State.UNDER_REVIEW, State.AWAITING_AFFILIATION}
    corrected = awaiting_review(seen) if undecided else seen
    entry = JournalEntry("case.corrected", event.by, _tell_changes(case.form, form, said))
    differences = applicant.tell_differences(case.form, form)
    facts = {"by": str(event.by), "text": said.reason, **differences}
    return Transition(corrected, (*_tell(corrected, event, desk, facts),), (entry,))


def _apply(form: Form, said: Correction, desk: Desk) -> Form:
    """Apply a correction; a new organisation gets the code from the register, or none."""
    if said.organisation and said.organisation != form.organisation:
        code = desk.find_code(said.organisation)
        form = replace(form, organisation=said.organisation, code=code)
    return replace(form, category=Category(said.category) if said.category else form.category)


def _tell_changes(old: Form, new: Form, said: Correction) -> dict[str, Outside]:
    told = {"reason": said.reason, "organisation": old.organisation, "now": new.organisation}
    kind = {"category": str(old.category), "category_now": str(new.category)}
    return {name: Outside(text) for name, text in (told | kind).items()}


def _tell(case: Case, event: Decide, desk: Desk, facts: Mapping[str, object]) -> tuple[OutgoingLetter, ...]:
    """Notify all staff; those who may decide get the request again."""
    asked = letters.review_requests(case, desk, "corrected", **facts) if case.state in OPEN else ()
    readers = {one.to.key for one in asked}
    others = desk.without(frozenset(readers))
    return (*asked, *letters.notices(case, others, "corrected", by=str(event.by)))
