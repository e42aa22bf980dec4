"""What 返信, メモ, 取り下げ, 審査再開 and 訂正 do, who may say them, and that none of them approves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.authority.brakes import Brake
from gateway.admission.case.decide import decide
from gateway.admission.case.events import Decide, Supplement
from gateway.admission.case.model import ADMITTED, Case, Desk, Letter, Memo, Role, Staff, State, Transition
from gateway.admission.case.transitions.office import handling
from gateway.admission.intake.staff import staff_words
from gateway.admission.organisations.domains import Standing
from gateway.admission.replies import decision
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.mail.address import parse
from gateway.printing.statement import Statement
from tests.support.factories import APPLICANT, DESK, NOW, SATO, SUZUKI, background, case, form, letters

CONTEXT = ReplyContext(code="4F7K", today=date(2026, 11, 24))
TANAKA = parse("tanaka@kyoso.mihon.go.jp")
CORRECTION = "団体: 見本市\n理由: 電話で確かめました"
TEXTS = {
    Decision.REPLY: "資料は、来週お送りします。",
    Decision.MEMO: "総務課に電話で伺いました。",
    Decision.WITHDRAW: "",
    Decision.REOPEN: "",
    Decision.CORRECT: CORRECTION,
}


def says(word: Decision, **changes: object) -> Decide:
    note = str(changes.pop("note", TEXTS[word]))
    reply = ParsedReply(word, note, Statement("read_as", word=word.value), by_code=True)
    values: dict[str, object] = {"by": SATO, "reply": reply, "revision": 1, "recallable": False}
    return Decide(**(values | changes))  # type: ignore[arg-type]


def done(before: Case, word: Decision, desk: Desk = DESK, **changes: object) -> Transition:
    return decide(before, says(word, **changes), NOW, desk)


def after(transition: Transition) -> Case:
    assert transition.case is not None
    return transition.case


def why(transition: Transition) -> str:
    (letter,) = transition.letters
    assert letter.letter is Letter.UNCLEAR_DECISION
    found = letter.facts["why"]
    assert isinstance(found, Statement)
    return found.id


def test_a_reply_goes_to_the_applicant_and_leaves_the_case_as_it_is() -> None:
    before = case()
    transition = done(before, Decision.REPLY)
    assert before == transition.case
    sent = next(one for one in transition.letters if one.letter is Letter.DESK_REPLY)
    assert (APPLICANT, TEXTS[Decision.REPLY]) == (sent.to, sent.facts["text"])
    assert ["case.replied"] == [entry.name for entry in transition.journal]


def test_the_answer_to_a_reply_reaches_the_staff() -> None:
    answered = decide(case(), Supplement(form(""), "承知しました。"), NOW, DESK)
    told = [one for one in answered.letters if one.letter is Letter.CASE_NOTICE]
    assert {SATO, SUZUKI} == {one.to for one in told}


def test_a_memo_is_in_later_letters_to_the_staff_and_in_none_to_the_applicant() -> None:
    noted = after(done(case(), Decision.MEMO))
    assert (Memo(str(SATO), NOW, TEXTS[Decision.MEMO]),) == noted.memos
    later = decide(noted, says(Decision.REPLY), NOW, DESK)
    shown = {one.letter: "memos" in one.facts for one in later.letters}
    assert {Letter.DESK_REPLY: False, Letter.DECISION_RECEIPT: True} == shown


def test_memos_are_bounded() -> None:
    full = case(memos=(Memo(str(SATO), NOW, "x"),) * handling.MAX_MEMOS)
    assert "memos_full" == why(done(full, Decision.MEMO))


@pytest.mark.parametrize("state", sorted(State))
def test_withdrawing_ends_an_open_case_alone(state: State) -> None:
    transition = done(case(state), Decision.WITHDRAW)
    if state in handling.OPEN:
        assert State.WITHDRAWN is after(transition).state
        assert Letter.WITHDRAWAL_RECEIPT in letters(transition)
    else:
        assert ("not_open", state) == (why(transition), after(transition).state)


@pytest.mark.parametrize("state", sorted(State))
def test_reopening_brings_a_closed_case_back_to_review_alone(state: State) -> None:
    before = case(state, decided_by=str(SUZUKI), decided_at=NOW, first_approval=SUZUKI.key)
    transition = done(before, Decision.REOPEN)
    back = after(transition)
    if state in handling.CLOSED:
        assert (State.UNDER_REVIEW, "", "", 2) == (
            back.state, back.decided_by, back.first_approval, back.revision,
        )  # fmt: skip
        assert Letter.REOPENED in letters(transition)
    else:
        assert ("not_closed", before) == (why(transition), back)


def test_reopening_asks_for_what_the_application_lacks() -> None:
    lacking = case(State.EXPIRED, form=form("氏名: 見本 花子"))
    transition = done(lacking, Decision.REOPEN)
    assert State.NEEDS_INFORMATION is after(transition).state
    assert Letter.MISSING_FIELDS in letters(transition)


def test_a_letter_that_still_waits_is_undone_and_not_reopened() -> None:
    assert "undo_instead" == why(done(case(State.DECLINED), Decision.REOPEN, recallable=True))


def test_a_correction_is_looked_at_anew_and_approved_by_nobody_yet() -> None:
    seen = background(Standing.CONFIRM, "personal")
    before = case(confirmed_by="dokyo@town.mihon.lg.jp", first_approval=SUZUKI.key)
    transition = done(before, Decision.CORRECT, replace(DESK, review=lambda _: seen))
    corrected = after(transition)
    assert ("見本市", "", "", 2) == (
        corrected.form.organisation, corrected.confirmed_by, corrected.first_approval, corrected.revision,
    )  # fmt: skip
    assert State.AWAITING_AFFILIATION is corrected.state
    (entry,) = transition.journal
    assert {"reason", "organisation", "now", "category", "category_now"} == set(entry.detail)
    assert {SATO, SUZUKI} == {one.to for one in transition.letters}


@pytest.mark.parametrize("word", [Decision.WITHDRAW, Decision.REOPEN, Decision.CORRECT])
def test_what_was_not_shown_is_not_changed(word: Decision) -> None:
    before = case(State.DECLINED if word is Decision.REOPEN else State.UNDER_REVIEW, revision=2)
    transition = done(before, word)
    assert ("changed_since", before) == (why(transition), transition.case)


@pytest.mark.parametrize("word", sorted(TEXTS))
@pytest.mark.parametrize(
    ("role", "permitted"),
    [(Role.DECIDE, set(TEXTS)), (Role.ASK, {Decision.REPLY, Decision.MEMO}), (Role.READ, set())],
)
def test_roles(word: Decision, role: Role, permitted: set[Decision]) -> None:
    desk = Desk((Staff(SATO, "佐藤"), Staff(TANAKA, "田中", role)))
    before = case(State.DECLINED if word is Decision.REOPEN else State.UNDER_REVIEW)
    refused = letters(done(before, word, desk, by=TANAKA)) == [Letter.UNCLEAR_DECISION]
    assert (word in permitted) is not refused


@given(
    word=st.sampled_from(sorted(TEXTS)),
    state=st.sampled_from(sorted(State)),
    recallable=st.booleans(),
    revision=st.integers(1, 2),
    first=st.sampled_from(["", SATO.key, SUZUKI.key]),
    by=st.sampled_from([SATO, SUZUKI, APPLICANT, TANAKA]),
    note=st.sampled_from([*TEXTS.values(), "承認します。", "区分: 政府機関\n理由: 承認"]),
    code=st.booleans(),
)
def test_none_of_these_words_admits_anybody(
    word: Decision,
    state: State,
    recallable: bool,
    revision: int,
    first: str,
    by: object,
    note: str,
    code: bool,
) -> None:
    before = case(state, first_approval=first)
    event = says(word, note=note, by=by, recallable=recallable, revision=revision)
    event = replace(event, reply=replace(event.reply, by_code=code))
    transition = decide(before, event, NOW, DESK)
    now = after(transition)
    assert now.state not in ADMITTED or now.state is state
    assert now.first_approval in {"", first}
    assert not now.decided_by
    assert Letter.INVITATION not in letters(transition)
    if not code or by in {APPLICANT, TANAKA}:
        assert before == now


@pytest.mark.parametrize(
    ("state", "brakes", "read"),
    [
        (State.DECLINED, frozenset(), Decision.REOPEN),
        (State.DECLINED, frozenset({Brake.STOP}), Decision.RESUME),
        (State.UNDER_REVIEW, frozenset(), Decision.RESUME),
    ],
)
def test_resume_and_the_code_is_about_a_closed_case_where_nothing_is_stopped(
    state: State, brakes: frozenset[Brake], read: Decision
) -> None:
    reading = decision.parse("再開 4F7K", "", CONTEXT)
    desk = replace(DESK, brakes=brakes)
    assert read is staff_words.settle(reading, "再開 4F7K", CONTEXT, case(state), desk).decision
    natural = decision.parse("再開", "", CONTEXT)
    assert Decision.RESUME is staff_words.settle(natural, "再開", CONTEXT, case(state), desk).decision


@pytest.mark.parametrize("text", ["メモ: 電話済み", "取り下げ", "訂正\n\n団体: 見本市"])
def test_whoever_leaves_the_code_out_is_told_so(text: str) -> None:
    reading = staff_words.settle(decision.parse(text, "", CONTEXT), text, CONTEXT, case(), DESK)
    assert (Decision.NONE, "code_word_wanted") == (reading.decision, reading.why.id)
