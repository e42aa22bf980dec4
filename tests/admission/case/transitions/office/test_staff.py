"""The words of the staff: what each does, who may say it, and what it leaves alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gateway.admission import business_days
from gateway.admission.application.items.fields import Form
from gateway.admission.case.decide import decide
from gateway.admission.case.events import Decide, DigestRequest, Supplement
from gateway.admission.case.model import OPEN, Case, Desk, Letter, Role, Staff, State, Transition
from gateway.admission.organisations.domains import Standing
from gateway.admission.replies import decision
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.mail.address import Address, parse
from gateway.printing.statement import Statement
from tests.support.factories import APPLICANT, DESK, NOW, SATO, SUZUKI, background, case, form, letters

TANAKA = parse("tanaka@kyoso.mihon.go.jp")
QUESTION = "課名を教えてください"
ASKED = case(State.NEEDS_INFORMATION, question=QUESTION)
HELD = case(State.ON_HOLD, held_until=date(2026, 12, 1))
PRIVATE = background(Standing.CONFIRM, "personal")
UNREAD = Statement("no_decision")
TWO = replace(DESK, second_approval=True)


ON_DAY = ReplyContext(today=business_days.tokyo_date(NOW))


def says(text: str, by: Address = SATO, **changes: object) -> Decide:
    """A reply as it is read."""
    values: dict[str, object] = {
        "by": by,
        "reply": decision.parse(text, "", ON_DAY),
        "revision": 1,
        "recallable": True,
    }
    return Decide(**(values | changes))  # type: ignore[arg-type]


def done(before: Case, text: str, by: Address = SATO, desk: Desk = DESK, **changes: object) -> Transition:
    return decide(before, says(text, by, **changes), NOW, desk)


def after(transition: Transition) -> Case:
    assert transition.case is not None
    return transition.case


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("担当", Decision.TAKE),
        ("担当します。", Decision.TAKE),
        ("私が担当いたします。\nよろしくお願いします。", Decision.TAKE),
        ("本件を担当します", Decision.TAKE),
        ("take", Decision.TAKE),
        ("I'll take this.", Decision.TAKE),
        ("一覧", Decision.LIST),
        ("一覧を送ってください。", Decision.LIST),
        ("list", Decision.LIST),
        ("状況", Decision.STATUS),
        ("本件の状況を教えてください", Decision.STATUS),
        ("Status", Decision.STATUS),
        ("ヘルプ", Decision.HELP),
        ("ﾍﾙﾌﾟ", Decision.HELP),
        ("使い方を教えてください。", Decision.HELP),
        ("help", Decision.HELP),
        ("担当です", Decision.NONE),
        ("担当は誰ですか?", Decision.NONE),
        ("担当 見本", Decision.NONE),
        ("状況は?", Decision.NONE),
        ("一覧\nに載せてください", Decision.NONE),
        ("承認します。\n担当します。", Decision.NONE),
        ("Help me decide", Decision.NONE),
        ("The status is unclear.", Decision.NONE),
    ],
)
def test_the_word_of(text: str, word: Decision) -> None:
    assert word is decision.parse(text).decision


@pytest.mark.parametrize("text", [f"照会\n{QUESTION}", f"照会: {QUESTION}", f"Ask: {QUESTION}"])
def test_a_question_goes_to_the_applicant_and_nothing_is_decided(text: str) -> None:
    transition = done(case(), text)
    assert (State.NEEDS_INFORMATION, QUESTION) == (after(transition).state, after(transition).question)
    assert "" == after(transition).decided_by
    letter = next(outgoing for outgoing in transition.letters if outgoing.letter is Letter.QUESTION)
    assert (APPLICANT, NOW + timedelta(minutes=10)) == (letter.to, letter.not_before)
    assert [SATO, SUZUKI] == [
        outgoing.to for outgoing in transition.letters if outgoing.letter is Letter.DECISION_RECEIPT
    ]


@pytest.mark.parametrize("text", ["承認", "却下\n対象外です。", "照会: 課名も教えてください"])
def test_while_a_question_is_open_nothing_can_be_decided(text: str) -> None:
    transition = done(ASKED, text)
    assert ASKED == transition.case
    assert Statement("asked") == transition.letters[0].facts["why"]


def test_the_answer_brings_the_case_back_with_question_and_answer_for_all_staff() -> None:
    transition = decide(ASKED, Supplement(Form(), "総務課です。"), NOW, DESK)
    assert (State.UNDER_REVIEW, 2, "") == (
        after(transition).state,
        after(transition).revision,
        after(transition).question,
    )
    shown = [outgoing for outgoing in transition.letters if outgoing.letter is Letter.REVIEW_REQUEST]
    assert [SATO, SUZUKI] == [outgoing.to for outgoing in shown]
    assert ("answered", QUESTION, "総務課です。") == tuple(
        shown[0].facts[key] for key in ("occasion", "asked", "text")
    )
    assert Letter.QUESTION in transition.recalled


def test_an_answer_with_a_form_is_taken_over_too() -> None:
    transition = decide(ASKED, Supplement(form("部署名: 総務課"), "部署名: 総務課"), NOW, DESK)
    assert ("総務課", State.UNDER_REVIEW) == (after(transition).form.department, after(transition).state)


def test_after_the_answer_an_older_review_letter_decides_nothing() -> None:
    back = after(decide(ASKED, Supplement(Form(), "総務課です。"), NOW, DESK))
    transition = done(back, "承認")
    assert (back, [Letter.REVIEW_REQUEST]) == (transition.case, letters(transition))


def test_the_due_day_is_counted_anew_from_the_answer() -> None:
    later = NOW + timedelta(days=7)
    transition = decide(ASKED, Supplement(Form(), "総務課です。"), later, DESK)
    assert date(2026, 12, 4) == after(transition).due_on


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("保留 12月1日", date(2026, 12, 1)),
        ("12月1日まで保留します。", date(2026, 12, 1)),
        ("保留\n11月28日まで", date(2026, 11, 30)),  # a Saturday: the next open day
        ("hold until 1 Dec", date(2026, 12, 1)),
        ("保留: 来週", date(2026, 11, 30)),
        ("保留", date(2026, 11, 27)),
        ("保留\n上司に確認します。", date(2026, 11, 27)),
    ],
)
def test_a_hold_ends_on_an_open_day(text: str, until: date) -> None:
    transition = done(case(), text)
    assert (State.ON_HOLD, until) == (after(transition).state, after(transition).held_until)
    assert {Letter.DECISION_RECEIPT} == set(letters(transition))


def test_a_case_on_hold_can_be_decided() -> None:
    transition = done(HELD, "承認")
    assert (State.APPROVED, None) == (after(transition).state, after(transition).held_until)


@pytest.mark.parametrize(
    ("before", "recalled"),
    [
        (case(State.APPROVED), {Letter.INVITATION}),
        (case(State.DECLINED), {Letter.DECLINE}),
        (ASKED, {Letter.QUESTION}),
        (HELD, set()),
    ],
    ids=lambda value: getattr(value, "state", ""),
)
@pytest.mark.parametrize("text", ["取消", "undo"])
def test_undo_brings_back_to_review(before: Case, recalled: set[Letter], text: str) -> None:
    transition = done(before, text, by=SUZUKI)
    assert (State.UNDER_REVIEW, recalled) == (after(transition).state, set(transition.recalled))
    assert ("", None) == (after(transition).question, after(transition).held_until)


def test_a_question_that_has_left_cannot_be_taken_back() -> None:
    assert ASKED == done(ASKED, "取消", recallable=False).case


def test_a_case_that_waited_for_its_affiliation_goes_back_to_waiting() -> None:
    transition = done(case(State.APPROVED, background=PRIVATE), "取消")
    assert State.AWAITING_AFFILIATION is after(transition).state


def test_taking_a_case_tells_all_and_decides_nothing() -> None:
    transition = done(case(), "担当します。")
    assert (State.UNDER_REVIEW, str(SATO)) == (after(transition).state, after(transition).handler)
    assert [SATO, SUZUKI] == [outgoing.to for outgoing in transition.letters]
    assert State.APPROVED is after(done(after(transition), "承認", by=SUZUKI)).state


@pytest.mark.parametrize("text", ["状況", "ヘルプ", "status", "help"])
@pytest.mark.parametrize("where", sorted(State))
def test_looking_changes_nothing(where: State, text: str) -> None:
    before = case(where)
    transition = done(before, text, revision=7)
    assert (before, [(Letter.CASE_STATUS, SATO)]) == (
        transition.case,
        [(outgoing.letter, outgoing.to) for outgoing in transition.letters],
    )


def test_the_overview_lists_open_cases_by_due_day_without_ones_own() -> None:
    late = case(number="AAAA-AA", due_on=date(2026, 11, 20))
    own = case(number="BBBB-BB", applicant=SATO)
    closed = case(State.INVITED, number="CCCC-CC")
    transition = decide(None, DigestRequest(SATO, (case(), late, own, closed)), NOW, DESK)
    lines = transition.letters[0].facts["cases"]
    assert ["AAAA-AA", "K7QM-4T"] == [line["number"] for line in lines]  # type: ignore[attr-defined]


MAY = {
    Role.DECIDE: {"承認", "却下\n対象外", "照会\n課名は", "保留", "担当", "状況"},
    Role.ASK: {"照会\n課名は", "担当", "状況"},
    Role.READ: {"状況"},
}


@pytest.mark.parametrize("role", sorted(Role))
@pytest.mark.parametrize("text", sorted(MAY[Role.DECIDE]))
def test_a_role_may_say(role: Role, text: str) -> None:
    desk = Desk((Staff(SATO, "佐藤", role), Staff(SUZUKI, "鈴木")))
    transition = done(case(), text, desk=desk)
    assert (text in MAY[role]) == (Letter.UNCLEAR_DECISION not in letters(transition))
    assert text in MAY[role] or case() == transition.case


@pytest.mark.parametrize("text", ["承認", "却下\n対象外", "照会\n課名は", "保留", "担当", "取消"])
def test_nobody_handles_their_own_application(text: str) -> None:
    before = case(applicant=SATO)
    transition = done(before, text)
    assert (before, [Letter.UNCLEAR_DECISION]) == (transition.case, letters(transition))


def test_who_is_no_longer_staff_decides_nothing() -> None:
    assert case() == done(case(), "承認", by=TANAKA).case


def test_two_must_approve_whom_no_domain_proves() -> None:
    before = case(State.UNDER_REVIEW, background=PRIVATE, confirmed_by="dokyo@town.mihon.lg.jp")
    first = done(before, "承認", desk=TWO)
    assert (State.UNDER_REVIEW, SATO.key) == (after(first).state, after(first).first_approval)
    assert Letter.INVITATION not in letters(first)
    assert [SUZUKI] == [outgoing.to for outgoing in first.letters if outgoing.letter is Letter.REVIEW_REQUEST]
    again = done(after(first), "承認", desk=TWO)
    assert (first.case, [Letter.UNCLEAR_DECISION]) == (again.case, letters(again))
    assert State.APPROVED is after(done(after(first), "承認", by=SUZUKI, desk=TWO)).state


def test_one_approval_is_enough_for_an_own_domain() -> None:
    assert State.APPROVED is after(done(case(), "承認", desk=TWO)).state


@pytest.mark.parametrize("by", [SATO, SUZUKI])
def test_a_first_approval_can_be_taken_back(by: Address) -> None:
    before = case(background=PRIVATE, confirmed_by="x@town.mihon.lg.jp", first_approval=SATO.key)
    assert "" == after(done(before, "取消", by=by, desk=TWO)).first_approval


def test_a_change_by_the_applicant_makes_a_first_approval_void() -> None:
    before = case(background=PRIVATE, confirmed_by="x@town.mihon.lg.jp", first_approval=SATO.key)
    transition = decide(before, Supplement(form("部署名: 総務課"), ""), NOW, TWO)
    assert "" == after(transition).first_approval


@pytest.mark.parametrize("by", [SATO, SUZUKI])
def test_a_hold_makes_a_first_approval_void(by: Address) -> None:
    before = case(background=PRIVATE, first_approval=SATO.key)
    assert "" == after(done(before, "保留", by=by, desk=TWO)).first_approval


def test_a_second_approver_may_decline_alone() -> None:
    before = case(background=PRIVATE, first_approval=SATO.key)
    assert State.DECLINED is after(done(before, "却下\n対象外", by=SUZUKI, desk=TWO)).state


@pytest.mark.parametrize("where", sorted(OPEN))
def test_any_open_case_can_be_taken(where: State) -> None:
    assert str(SATO) == after(done(case(where), "担当")).handler


def test_a_reading_that_is_none_is_answered_with_its_reason() -> None:
    transition = decide(
        case(),
        Decide(SATO, ParsedReply(Decision.NONE, "", Statement("no_decision")), 1, recallable=True),
        NOW,
        DESK,
    )
    assert UNREAD == transition.letters[0].facts["why"]
