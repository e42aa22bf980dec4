"""What becomes of an invitation: used, sent again, run out; and who may say so."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gateway.admission.case import deadlines
from gateway.admission.case.deadlines import DeadlineKind
from gateway.admission.case.decide import decide
from gateway.admission.case.events import DeadlinePassed, Decide, InvitationSent, Joined, Resend
from gateway.admission.case.model import Case, Letter, Role, Staff, State, Transition
from gateway.admission.replies.decision import parse
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.printing.statement import Statement
from tests.support.factories import DESK, NOW, SATO, case, letters

INVITED = case(State.INVITED, decided_by=str(SATO), decided_at=NOW, invited_at=NOW)
SLACK = replace(DESK, invites_by="slack")
READ = Statement("read_as", word="resend")


def word(of: Case, decision: Decision) -> Transition:
    return decide(of, Decide(SATO, ParsedReply(decision, "", READ), of.revision, recallable=False), NOW, DESK)


def test_the_handing_over_is_dated_and_needs_no_other_letter_when_it_was_one() -> None:
    transition = decide(case(State.APPROVED, decided_by=str(SATO)), InvitationSent(), NOW, DESK)
    assert transition.case is not None
    assert (State.INVITED, NOW, []) == (
        transition.case.state,
        transition.case.invited_at,
        letters(transition),
    )


def test_the_applicant_is_told_when_somebody_else_sends_the_invitation() -> None:
    transition = decide(case(State.APPROVED, decided_by=str(SATO)), InvitationSent(), NOW, SLACK)
    assert [Letter.INVITATION_NOTICE] == letters(transition)
    assert "slack" == transition.letters[0].facts["sender"]


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("参加", Decision.JOINED), ("参加しました。", Decision.JOINED), ("参加済みです。", Decision.JOINED),
        ("参加を確認しました。", Decision.JOINED), ("joined", Decision.JOINED),
        ("She has joined.", Decision.JOINED),
        ("再送", Decision.RESEND), ("再送をお願いします。", Decision.RESEND),
        ("招待を再送してください。", Decision.RESEND),
        ("招待メールを再送します。", Decision.RESEND), ("resend", Decision.RESEND),
        ("resend the invitation", Decision.RESEND),
        ("参加?", Decision.NONE), ("参加していません。", Decision.NONE),
        ("参加しませんでした。", Decision.NONE), ("招待を再送しません。", Decision.NONE),
        ("再送しないでください。", Decision.NONE), ("承認します。\n参加", Decision.NONE),
    ],
)  # fmt: skip
def test_the_words(text: str, decision: Decision) -> None:
    assert decision is parse(text).decision


@pytest.mark.parametrize("state", [State.INVITED, State.EXPIRED, State.UNDELIVERABLE])
def test_whoever_was_invited_can_have_joined(state: State) -> None:
    transition = decide(replace(INVITED, state=state), Joined("operator:rei"), NOW, DESK)
    assert transition.case is not None
    assert State.JOINED is transition.case.state
    assert ("invitation.joined", "operator:rei") == (transition.journal[0].name, transition.journal[0].actor)


@pytest.mark.parametrize("state", [state for state in State if state is not State.INVITED])
def test_nobody_joins_without_an_invitation(state: State) -> None:
    before = case(state)
    assert before == decide(before, Joined("x"), NOW, DESK).case


@pytest.mark.parametrize("state", [State.INVITED, State.EXPIRED, State.UNDELIVERABLE])
def test_a_new_invitation_is_a_new_letter_and_the_old_one_never_leaves(state: State) -> None:
    transition = decide(replace(INVITED, state=state), Resend("operator:rei"), NOW, DESK)
    assert transition.case is not None
    assert (State.APPROVED, None) == (transition.case.state, transition.case.invited_at)
    assert [Letter.INVITATION] == letters(transition)
    assert Letter.INVITATION in transition.recalled
    assert transition.case == decide(transition.case, Resend("operator:rei"), NOW, DESK).case
    assert [] == letters(decide(transition.case, Resend("operator:rei"), NOW, DESK))


@pytest.mark.parametrize("state", [state for state in State if state is not State.INVITED])
def test_no_invitation_without_an_approval(state: State) -> None:
    transition = decide(case(state), Resend("x"), NOW, DESK)
    assert (case(state), []) == (transition.case, letters(transition))


@pytest.mark.parametrize(
    ("decision", "state", "outgoing"),
    [
        (Decision.JOINED, State.JOINED, [Letter.DECISION_RECEIPT] * 2),
        (Decision.RESEND, State.APPROVED, [Letter.INVITATION, *[Letter.DECISION_RECEIPT] * 2]),
    ],
)
def test_staff_say_it_by_a_word(decision: Decision, state: State, outgoing: list[Letter]) -> None:
    transition = word(INVITED, decision)
    assert transition.case is not None
    assert (state, outgoing) == (transition.case.state, letters(transition))


@pytest.mark.parametrize("decision", [Decision.JOINED, Decision.RESEND])
def test_a_word_too_early_changes_nothing_and_is_explained(decision: Decision) -> None:
    transition = word(case(), decision)
    assert (case(), [Letter.UNCLEAR_DECISION]) == (transition.case, letters(transition))


def test_who_may_only_ask_cannot_invite() -> None:
    desk = replace(DESK, staff=(Staff(SATO, "佐藤", Role.ASK),))
    event = Decide(SATO, ParsedReply(Decision.RESEND, "", READ), 1, recallable=False)
    assert INVITED == decide(INVITED, event, NOW, desk).case


def test_an_invitation_has_a_reminder_and_an_end() -> None:
    both = deadlines.all_deadlines(INVITED, DESK)
    # Handed over on 24 November, valid 30 days: the last day is 24 December.
    assert [
        (DeadlineKind.INVITATION_REMIND, date(2026, 12, 17)),
        (DeadlineKind.INVITATION_OVER, date(2026, 12, 25)),
    ] == [(deadline.kind, deadline.day) for deadline in both]
    assert [DeadlineKind.INVITATION_OVER] == [
        deadline.kind for deadline in deadlines.all_deadlines(INVITED, replace(DESK, remind_before=0))
    ]
    assert () == deadlines.all_deadlines(replace(INVITED, invited_at=None), DESK)


def test_the_reminder_goes_to_the_applicant_alone() -> None:
    transition = decide(INVITED, DeadlinePassed(deadlines.all_deadlines(INVITED, DESK)[0]), NOW, DESK)
    assert (INVITED, [Letter.INVITATION_REMINDER]) == (transition.case, letters(transition))
    assert "2026-12-24" == transition.letters[0].facts["last_day"]


def test_an_invitation_that_was_not_used_runs_out_and_can_be_sent_again() -> None:
    transition = decide(
        INVITED, DeadlinePassed(deadlines.all_deadlines(INVITED, DESK)[1]), NOW + timedelta(days=31), DESK
    )
    assert transition.case is not None
    assert State.EXPIRED is transition.case.state
    assert [Letter.EXPIRED, Letter.CASE_NOTICE, Letter.CASE_NOTICE] == letters(transition)
    assert "invited" == transition.letters[0].facts["was"]
    again = decide(transition.case, Resend("operator:rei"), NOW, DESK)
    assert [Letter.INVITATION] == letters(again)


def test_who_has_joined_is_not_reminded() -> None:
    joined = replace(INVITED, state=State.JOINED)
    deadline = deadlines.all_deadlines(INVITED, DESK)[1]
    assert (joined, []) == (
        decide(joined, DeadlinePassed(deadline), NOW, DESK).case,
        letters(decide(joined, DeadlinePassed(deadline), NOW, DESK)),
    )
