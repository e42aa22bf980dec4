"""What spoke for an affiliation and does no more: nobody approves by a request that still showed it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.case.events import CaseEvent, Decide, NameColleague, VoidCall
from gateway.admission.case.model import State, is_confirmed
from gateway.admission.replies.outsiders.confirmation import Confirmation
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.printing.statement import Statement
from tests.authority.test_affiliation import DESK, INSIDE, opened, run, yes
from tests.support.factories import SATO, SUZUKI

READ = Statement("read_as", word="approve")


def word(said: Decision, revision: int, note: str = "") -> Decide:
    return Decide(SATO, ParsedReply(said, note, READ), revision, recallable=False)


@pytest.mark.parametrize("answer", [Confirmation.DENY, Confirmation.UNKNOWN])
def test_a_yes_that_is_taken_back_outdates_the_request_that_showed_it(answer: Confirmation) -> None:
    shown = run(opened(), NameColleague((INSIDE,)), yes(INSIDE))
    assert State.UNDER_REVIEW is shown.state
    after = run(shown, replace(yes(INSIDE), answer=answer))
    assert (State.AWAITING_AFFILIATION, "") == (after.state, after.confirmed_by)
    assert State.AWAITING_AFFILIATION is run(after, word(Decision.APPROVE, shown.revision)).state
    assert State.APPROVED is run(after, word(Decision.APPROVE, after.revision)).state


def test_a_call_that_is_taken_back_outdates_it_too() -> None:
    called = run(opened(), word(Decision.AFFILIATED, 1, "03-0000-0000 総務課 山田様"))
    assert State.UNDER_REVIEW is called.state
    after = run(called, word(Decision.UNDO, called.revision))
    assert State.AWAITING_AFFILIATION is run(after, word(Decision.APPROVE, called.revision)).state


STEPS = st.sampled_from(["yes", "deny", "unknown", "call", "undo", "void", "look", "first", "approve"])


@given(st.lists(STEPS, max_size=10), st.booleans())
def test_no_approval_rests_on_support_that_was_shown_and_is_gone(steps: list[str], two: bool) -> None:
    """A member who looked once answers that request later, whatever came between."""
    desk = replace(DESK, second_approval=two)
    now = run(opened(), NameColleague((INSIDE,)))
    shown = now
    for step in steps:
        if step == "look":
            shown = now
            continue
        before = now
        now = run(now, build_step(step, now.revision, shown.revision), desk=desk)
        if now.state is State.APPROVED:
            # Who answers what is shown now, as the first one does, has seen that it is gone.
            assert step == "first" or is_confirmed(before) or not is_confirmed(shown)
            return
        if is_confirmed(before) and not is_confirmed(now):
            assert before.revision < now.revision
            assert "" == now.first_approval


def build_step(step: str, revision: int, shown: int) -> CaseEvent:
    answers = {"yes": Confirmation.CONFIRM, "deny": Confirmation.DENY, "unknown": Confirmation.UNKNOWN}
    if step in answers:
        return replace(yes(INSIDE), answer=answers[step])
    if step == "void":
        return VoidCall("operator:rei")
    if step == "call":
        return word(Decision.AFFILIATED, revision, "03-0000-0000 総務課 山田様")
    if step == "undo":
        return word(Decision.UNDO, revision)
    by = SUZUKI if step == "first" else SATO
    return replace(word(Decision.APPROVE, shown if step == "approve" else revision), by=by)
