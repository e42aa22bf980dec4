"""Words taken back: in time, in doubt, and too late."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from gateway.admission.case.decide import decide
from gateway.admission.case.events import Decide, Revoke
from gateway.admission.case.model import Letter, State, Transition
from gateway.admission.replies import decision
from gateway.admission.replies.context import ReplyContext
from gateway.mail.address import Address
from tests.support.factories import DESK, NOW, SATO, SUZUKI, case, letters

CODED = ReplyContext(code="4F7K")
APPROVED = case(State.APPROVED, decided_by=str(SATO), decided_at=NOW)
ASKED = case(State.NEEDS_INFORMATION, question="課名は", waits_since=NOW)
LONGEST = NOW + DESK.undo_window + timedelta(hours=1)


def says(text: str, by: Address = SATO, *, recallable: bool = True) -> Transition:
    reply = decision.parse(text, "", CODED)
    return decide(APPROVED, Decide(by, reply, 1, recallable), NOW, DESK)


@pytest.mark.parametrize(
    "text",
    [
        "取り消します。却下でお願いします。",
        "取消\n承認",
        "取り消してください。送り先が違うようです。",
        "先ほどの承認を取り消して却下します。",
        "取消 4F7X",
        "undo this. Declined: not a public body",
    ],
)
@pytest.mark.parametrize("by", [SATO, SUZUKI])
def test_undo_in_doubt_lets_the_letter_wait_for_an_hour_at_most(text: str, by: Address) -> None:
    transition = says(text, by)
    assert (APPROVED, LONGEST) == (transition.case, transition.postponed_to)
    assert [Letter.UNCLEAR_DECISION] == letters(transition)
    assert {by.key} == {one.to.key for one in transition.letters}
    assert LONGEST.isoformat() == transition.letters[0].facts["waits_until"]
    assert frozenset() == transition.recalled


def test_later_doubts_do_not_make_the_letter_wait_longer() -> None:
    reply = decision.parse("取消\n承認")
    later = NOW + timedelta(minutes=40)
    assert LONGEST == decide(APPROVED, Decide(SATO, reply, 1, True), later, DESK).postponed_to


@pytest.mark.parametrize("text", ["了解です。", "ありがとうございました。", "取消", "状況"])
def test_other_words_let_no_letter_wait(text: str) -> None:
    assert says(text).postponed_to is None


def test_nothing_waits_once_the_letter_has_begun_to_leave() -> None:
    assert says("取消\n却下", recallable=False).postponed_to is None


def test_a_question_waits_too() -> None:
    reply = decision.parse("取消\n却下")
    assert LONGEST == decide(ASKED, Decide(SATO, reply, 1, True), NOW, DESK).postponed_to


@pytest.mark.parametrize(
    ("text", "state", "recalled"),
    [
        ("却下 4F7K\n\n所属が確認できません。", State.DECLINED, {Letter.INVITATION}),
        ("保留 4F7K", State.ON_HOLD, {Letter.INVITATION}),
        ("取消 4F7K", State.UNDER_REVIEW, {Letter.INVITATION}),
        ("承認 4F7K", State.APPROVED, set()),
    ],
)
def test_the_deciders_word_with_the_code_takes_the_place_of_the_first(
    text: str, state: State, recalled: set[Letter]
) -> None:
    transition = says(text)
    assert transition.case is not None
    assert (state, recalled) == (transition.case.state, set(transition.recalled))


def test_the_same_word_again_lets_the_letter_go_in_its_time() -> None:
    assert NOW + DESK.undo_window == says("承認 4F7K").postponed_to


@pytest.mark.parametrize(
    ("text", "waits_until"), [("却下 4F7K\n\n所属が確認できません。", LONGEST), ("承認 4F7K", None)]
)
def test_a_colleagues_word_does_not(text: str, waits_until: datetime | None) -> None:
    """Another word lets the letter wait."""
    transition = says(text, SUZUKI)
    assert (APPROVED, waits_until) == (transition.case, transition.postponed_to)
    assert [Letter.UNCLEAR_DECISION] == letters(transition)


@pytest.mark.parametrize("text", ["却下: 所属が確認できません。", "承認"])
def test_nor_does_one_without_the_code(text: str) -> None:
    assert (APPROVED, [Letter.UNCLEAR_DECISION]) == (says(text).case, letters(says(text)))


@pytest.mark.parametrize("state", [State.APPROVED, State.DECLINED, State.INVITED])
def test_undo_after_the_letter_left_needs_the_code_and_tells_the_applicant(state: State) -> None:
    before = case(state, decided_by=str(SATO), decided_at=NOW, invited_at=NOW)
    plain, coded = (
        decide(before, Decide(SUZUKI, decision.parse(text, "", CODED), 1, False), NOW, DESK)
        for text in ("取消", "取消 4F7K")
    )
    assert (before, [Letter.UNCLEAR_DECISION]) == (plain.case, letters(plain))
    assert coded.case is not None
    assert (State.UNDER_REVIEW, "", None) == (
        coded.case.state,
        coded.case.decided_by,
        coded.case.invited_at,
    )
    assert Letter.REOPENED in letters(coded)
    told = next(one for one in coded.letters if one.letter is Letter.REOPENED)
    assert before.applicant == told.to


def test_who_has_joined_is_not_taken_back_by_reply() -> None:
    before = case(State.JOINED)
    reply = decision.parse("取消 4F7K", "", CODED)
    assert before == decide(before, Decide(SATO, reply, 1, False), NOW, DESK).case


def test_the_last_wrong_code_brings_a_new_request() -> None:
    reply = decision.parse("承認 4F7X", "", CODED)
    before = case(State.UNDER_REVIEW)
    transition = decide(before, Decide(SATO, reply, 1, False, code_void=True), NOW, DESK)
    assert (before, [Letter.REVIEW_REQUEST]) == (transition.case, letters(transition))
    assert "code_void" == transition.letters[0].facts["occasion"]


@pytest.mark.parametrize(
    ("state", "recallable", "left"),
    [
        (State.APPROVED, True, ""),
        (State.APPROVED, False, "approved"),
        (State.INVITED, False, "invited"),
        (State.JOINED, False, "joined"),
    ],
)
def test_a_revoked_admission_says_whether_the_invitation_had_left(
    state: State, recallable: bool, left: str
) -> None:
    told = decide(case(state), Revoke("operator:rei", "誤り", recallable), NOW, DESK).letters
    assert {left} == {letter.facts["left"] for letter in told}
