"""Console actions other than decisions: the review request to oneself, and an expired claim."""

from __future__ import annotations

from dataclasses import replace

from gateway.admission.case import letters
from gateway.admission.case.events import LetGo, SendMe
from gateway.admission.case.model import DECIDABLE, Case, Desk, JournalEntry, Letter, Transition
from gateway.admission.case.own_person import find_tie
from gateway.admission.replies.reading import Decision
from gateway.printing.fields import ours


def send_me(case: Case, event: SendMe, desk: Desk) -> Transition:
    """Send the member a review request with a new token and code, or the status if undecidable.

    Nothing is sent to members about their own matters.
    """
    member = desk.member(event.by)
    if member is None or find_tie(member, case) is not None:
        return Transition(case)
    is_decidable = case.state in DECIDABLE
    letter = Letter.REVIEW_REQUEST if is_decidable else Letter.CASE_STATUS
    why = {"occasion": "renewed"} if is_decidable else {"asked": Decision.STATUS.value}
    entry = JournalEntry("case.shown", event.by, {"via": ours("web")})
    return Transition(case, letters.to_staff(case, letter, [member], **why), (entry,))


def let_go(case: Case, event: LetGo) -> Transition:
    """Clear the handler of the case, unless somebody else has taken it since."""
    if case.handler.lower() != event.member.key:
        return Transition(case)
    entry = JournalEntry("case.let_go", detail={"by": event.member})
    return Transition(replace(case, handler=""), journal=(entry,))
