"""What each event does to a case: states, letters, and nothing else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gateway.admission.application.items.fields import Consent, Form
from gateway.admission.application.writer import find_in_prose
from gateway.admission.case import caps
from gateway.admission.case.decide import decide
from gateway.admission.case.events import (
    Apply,
    CaseEvent,
    Decide,
    InvitationSent,
    Misuse,
    Note,
    Supplement,
    Undelivered,
    Unknown,
    Withdraw,
)
from gateway.admission.case.model import (
    ADMITTED,
    DECIDABLE,
    OPEN,
    STAFF_LETTERS,
    Case,
    Letter,
    State,
    Transition,
)
from gateway.admission.organisations.domains import Standing
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.mail.address import parse
from gateway.printing.sentences.stating import say
from gateway.printing.statement import Statement, from_stored
from tests.support.factories import APPLICANT, DESK, NOW, SATO, SUZUKI, background, case, form, letters

COLLEAGUE = parse("dokyo@town.mihon.lg.jp")


def application(
    text: str | None = None, standing: Standing = Standing.OWN, kind: str = "local_gov_lg"
) -> Apply:
    filled = form() if text is None else form(text)
    return Apply(APPLICANT, filled, background(standing, kind), "K7QM-4T")


def decision(kind: Decision, note: str = "", **changes: object) -> Decide:
    values: dict[str, object] = {
        "by": SATO,
        "reply": ParsedReply(kind, note, Statement("no_decision")),
        "revision": 1,
        "recallable": True,
    }
    return Decide(**(values | changes))  # type: ignore[arg-type]


def hold(until: date) -> Decide:
    return decision(
        Decision.HOLD, reply=ParsedReply(Decision.HOLD, "", Statement("no_decision"), until=until)
    )


def state(transition: Transition) -> State:
    assert transition.case is not None
    return transition.case.state


@pytest.mark.parametrize(
    ("event", "expected", "sent"),
    [
        pytest.param(
            application(),
            State.UNDER_REVIEW,
            [Letter.ACKNOWLEDGMENT, Letter.REVIEW_REQUEST, Letter.REVIEW_REQUEST],
            id="own-domain",
        ),
        pytest.param(
            application(standing=Standing.CONFIRM, kind="personal"),
            State.AWAITING_AFFILIATION,
            [Letter.AFFILIATION_REQUEST, Letter.REVIEW_REQUEST, Letter.REVIEW_REQUEST],
            id="other-domain",
        ),
        pytest.param(
            application("団体名: 見本町\n氏名: 見本 花子\n"),
            State.NEEDS_INFORMATION,
            [Letter.MISSING_FIELDS],
            id="incomplete",
        ),
    ],
)
def test_an_application_leads_to(event: CaseEvent, expected: State, sent: list[Letter]) -> None:
    transition = decide(None, event, NOW, DESK)
    assert expected == state(transition)
    assert sent == letters(transition)


def test_the_due_day_counts_open_days_from_the_day_after_receipt() -> None:
    transition = decide(None, application(), NOW, DESK)
    assert transition.case is not None
    assert date(2026, 11, 27) == transition.case.due_on


def test_the_letter_asks_for_exactly_what_is_missing() -> None:
    transition = decide(None, application("団体名: 見本町\n氏名: 見本 花子\n"), NOW, DESK)
    assert ["code", "department", "consent"] == transition.letters[0].facts["missing"]


def test_a_code_that_is_not_known_is_asked_for_only_once() -> None:
    transition = decide(None, application("団体名: 見本町\n氏名: 見本 花子\n"), NOW, DESK)
    rest = Supplement(form("部署名: 住民課\n規約への同意: 同意する\n"), "")
    transition = decide(transition.case, rest, NOW, DESK)
    assert State.UNDER_REVIEW == state(transition)


def test_nobody_is_asked_to_review_their_own_application() -> None:
    own = replace(application(), applicant=SATO)
    transition = decide(None, own, NOW, DESK)
    asked = [outgoing.to for outgoing in transition.letters if outgoing.letter is Letter.REVIEW_REQUEST]
    assert [SUZUKI] == asked


def test_approval_queues_the_invitation_after_the_undo_window() -> None:
    transition = decide(case(), decision(Decision.APPROVE), NOW, DESK)
    assert State.APPROVED == state(transition)
    invitation = next(outgoing for outgoing in transition.letters if outgoing.letter is Letter.INVITATION)
    assert NOW + timedelta(minutes=10) == invitation.not_before
    assert APPLICANT == invitation.to
    assert {SATO, SUZUKI} == {
        outgoing.to for outgoing in transition.letters if outgoing.letter is Letter.DECISION_RECEIPT
    }


def test_decline_carries_the_reason_to_the_applicant() -> None:
    transition = decide(case(), decision(Decision.DECLINE, "対象外です"), NOW, DESK)
    assert State.DECLINED == state(transition)
    letter = next(outgoing for outgoing in transition.letters if outgoing.letter is Letter.DECLINE)
    assert "対象外です" == letter.facts["reason"]


@pytest.mark.parametrize(
    ("changes", "event"),
    [
        pytest.param({}, decision(Decision.NONE), id="unclear"),
        pytest.param({}, decision(Decision.ASK), id="ask-without-question"),
        pytest.param({}, hold(date(2026, 11, 1)), id="hold-until-yesterday"),
        pytest.param({}, hold(date(2029, 11, 1)), id="hold-for-years"),
        pytest.param({}, decision(Decision.DECLINE), id="decline-without-reason"),
        pytest.param({}, decision(Decision.UNDO), id="nothing-to-undo"),
        pytest.param({"applicant": SATO}, decision(Decision.APPROVE), id="own-application"),
        pytest.param({"state": State.NEEDS_INFORMATION}, decision(Decision.APPROVE), id="incomplete"),
        pytest.param(
            {"state": State.APPROVED, "decided_by": str(SUZUKI)},
            decision(Decision.DECLINE, "x"),
            id="second-decider",
        ),
        pytest.param({"state": State.INVITED}, decision(Decision.APPROVE), id="already-invited"),
        pytest.param(
            {"state": State.APPROVED}, decision(Decision.UNDO, recallable=False), id="undo-after-it-left"
        ),
    ],
)
def test_changes_nothing_and_is_answered(changes: dict[str, object], event: Decide) -> None:
    before = case(**changes)  # type: ignore[arg-type]
    transition = decide(before, event, NOW, DESK)
    assert before == transition.case
    assert [Letter.UNCLEAR_DECISION] == letters(transition)
    assert event.by == transition.letters[0].to
    assert transition.letters[0].facts["why"]


def test_the_second_decider_is_told_who_was_first() -> None:
    before = case(State.APPROVED, decided_by=str(SUZUKI), decided_at=NOW)
    transition = decide(before, decision(Decision.APPROVE), NOW, DESK)
    said = say(from_stored(transition.letters[0].facts["why"]))
    assert str(SUZUKI) in said
    assert "11月24日10時00分に判断しています" in said


def test_an_approval_of_an_older_content_shows_the_new_one_instead() -> None:
    before = case(revision=2)
    transition = decide(before, decision(Decision.APPROVE, revision=1), NOW, DESK)
    assert before == transition.case
    assert [Letter.REVIEW_REQUEST] == letters(transition)
    assert [SATO] == [outgoing.to for outgoing in transition.letters]


@pytest.mark.parametrize(
    ("was", "letter"), [(State.APPROVED, Letter.INVITATION), (State.DECLINED, Letter.DECLINE)]
)
def test_undo_returns_the_case_to_review_and_recalls_the_letter(was: State, letter: Letter) -> None:
    before = case(was, decided_by=str(SATO), decided_at=NOW, reason="x")
    transition = decide(before, decision(Decision.UNDO), NOW, DESK)
    assert State.UNDER_REVIEW == state(transition)
    assert frozenset({letter}) == transition.recalled
    assert transition.case is not None
    assert "" == transition.case.decided_by


def test_staff_may_approve_before_the_confirmation_comes() -> None:
    transition = decide(case(State.AWAITING_AFFILIATION), decision(Decision.APPROVE), NOW, DESK)
    assert State.APPROVED == state(transition)


def test_an_applicants_correction_makes_a_new_revision_and_asks_again() -> None:
    transition = decide(case(), Supplement(form("部署名: 総務課\n"), "部署名: 総務課"), NOW, DESK)
    assert transition.case is not None
    assert (2, "総務課") == (transition.case.revision, transition.case.form.department)
    assert [Letter.ACKNOWLEDGMENT, Letter.REVIEW_REQUEST, Letter.REVIEW_REQUEST] == letters(transition)


def test_an_applicants_free_text_goes_to_the_staff() -> None:
    before = case()
    transition = decide(before, Supplement(Form(), "いつ頃になりますか"), NOW, DESK)
    assert before == transition.case
    *notices, told = transition.letters
    assert ["wrote", "wrote"] == [outgoing.facts["kind"] for outgoing in notices]
    assert (Letter.PASSED_ON, APPLICANT, []) == (told.letter, told.to, told.facts["missing"])


def test_what_could_not_be_read_is_asked_for_when_words_are_passed_on() -> None:
    before = replace(case(State.NEEDS_INFORMATION), form=form("団体名: 見本町\n氏名: 見本 花子\n区分: 国"))
    told = decide(before, Supplement(Form(), "まだ決まりません"), NOW, DESK).letters[-1]
    assert ["department", "consent"] == told.facts["missing"]


def test_how_to_apply_comes_with_what_prose_says_and_without_a_consent() -> None:
    text = "見本町危機管理室の試作 葉子と申します。規約に同意するつもりです。参加したいです。"
    known = replace(DESK, find_code=lambda name: "990019" if name == "見本町" else "")
    (told,) = decide(None, Unknown(APPLICANT, found=find_in_prose(text)), NOW, known).letters
    said = told.facts["form"]
    assert isinstance(said, dict)
    assert ("見本町", "危機管理室", "試作 葉子", "990019") == tuple(
        said[name] for name in ("organisation", "department", "name", "code")
    )
    assert "absent" == said["consent"]


def test_a_second_unreadable_mail_of_a_day_is_shown_to_the_staff_alone() -> None:
    told = decide(None, Unknown(APPLICANT, words="参加したい", again=True), NOW, DESK).letters
    assert [("unreadable", "参加したい", str(APPLICANT))] * 2 == [
        (one.facts["kind"], one.facts["text"], one.facts["by"]) for one in told
    ]


def test_words_beside_a_form_stand_in_the_first_review_request_and_questions_are_marked() -> None:
    said = replace(application(), words="休職のため早めにお願いします。費用はかかりますか。")
    asked = [one for one in decide(None, said, NOW, DESK).letters if one.letter is Letter.REVIEW_REQUEST]
    assert {said.words} == {one.facts["text"] for one in asked}
    assert all(["費用はかかりますか"] == one.facts["questions"] for one in asked)


def test_words_beside_a_form_that_lacks_items_are_told_at_once() -> None:
    said = replace(application(), form=form("団体名: 見本町"), words="休職のため早めにお願いします。")
    told = decide(None, said, NOW, DESK).letters
    assert [said.words] * 2 == [one.facts["text"] for one in told if one.letter is Letter.CASE_NOTICE]


@pytest.mark.parametrize("text", ["部署名: 総務課", "部署名: 防災課"])
@pytest.mark.parametrize("state", [State.NEEDS_INFORMATION, State.UNDER_REVIEW])
def test_words_beside_more_of_a_form_reach_the_staff_whatever_the_form_says(text: str, state: State) -> None:
    lacking = replace(form(), consent=Consent.ABSENT) if state is State.NEEDS_INFORMATION else form()
    words = "休職のため早めにお願いします。"
    said = Supplement(form(text), f"{text}\n{words}", words)
    told = decide(case(state, form=lacking), said, NOW, DESK).letters
    seen = {one.facts["text"] for one in told if one.letter in {Letter.CASE_NOTICE, Letter.REVIEW_REQUEST}}
    assert {said.text} == seen


def test_a_changed_form_shows_what_it_said_before() -> None:
    before = case()
    told = decide(before, Supplement(form("部署名: 総務課\n"), ""), NOW, DESK).letters
    changes = [one.facts["changes"] for one in told if one.letter is Letter.REVIEW_REQUEST]
    assert [[{"item": "department", "old": before.form.department, "new": "総務課"}]] * 2 == changes


def _told_of_the_form(said: str, before: Case) -> tuple[object, object]:
    """Changes and additions of the review request that follows."""
    told = decide(before, Supplement(form(said), said), NOW, DESK).letters
    facts = next(one.facts for one in told if one.letter is Letter.REVIEW_REQUEST)
    return facts.get("changes"), facts.get("additions")


def test_an_item_that_was_empty_is_new_and_no_change() -> None:
    before = replace(case(), form=replace(case().form, title=""))
    changes, additions = _told_of_the_form("役職: 主査\n部署名: 総務課\n", before)
    assert [{"item": "department", "old": before.form.department, "new": "総務課"}] == changes
    assert [{"item": "title", "new": "主査"}] == additions


def test_an_answer_with_a_form_shows_what_changed() -> None:
    before = replace(case(State.NEEDS_INFORMATION), question="部署名はどちらですか。")
    changes, additions = _told_of_the_form("部署名: 総務課\n", before)
    assert ([{"item": "department", "old": before.form.department, "new": "総務課"}], []) == (
        changes,
        additions,
    )


def test_requests_that_become_one_tell_each_item_once() -> None:
    def told(changes: list[dict[str, str]], additions: list[dict[str, str]]) -> dict[str, object]:
        return {"occasion": "changed", "changes": changes, "additions": additions}

    first = told(
        [{"item": "department", "old": "総務課", "new": "財政課"}], [{"item": "title", "new": "主事"}]
    )
    second = told(
        [
            {"item": "department", "old": "財政課", "new": "税務課"},
            {"item": "title", "old": "主事", "new": "主査"},
        ],
        [],
    )
    merged = caps.merge_request(first, second)
    assert [{"item": "department", "old": "総務課", "new": "税務課"}] == merged["changes"]
    assert [{"item": "title", "new": "主査"}] == merged["additions"]
    back = told([{"item": "department", "old": "財政課", "new": "総務課"}], [])
    assert [] == caps.merge_request(first, back)["changes"]


@pytest.mark.parametrize("admitted", sorted(ADMITTED))
def test_who_was_admitted_is_told_so_and_gets_no_second_case(admitted: State) -> None:
    before = case(admitted)
    transition = decide(before, application(), NOW, DESK)
    assert before == transition.case
    assert [Letter.ALREADY_ADMITTED] == letters(transition)


@pytest.mark.parametrize("closed", sorted(set(State) - OPEN - ADMITTED))
def test_after_a_closed_case_one_may_apply_again(closed: State) -> None:
    transition = decide(case(closed, id=7), application(), NOW, DESK)
    assert transition.case is not None
    assert (0, State.UNDER_REVIEW) == (transition.case.id, transition.case.state)


def test_withdrawal_recalls_the_invitation() -> None:
    transition = decide(case(State.APPROVED), Withdraw(), NOW, DESK)
    assert State.WITHDRAWN == state(transition)
    assert Letter.INVITATION in transition.recalled


def test_the_invitation_is_handed_over_once() -> None:
    transition = decide(case(State.APPROVED), InvitationSent(), NOW, DESK)
    assert State.INVITED == state(transition)
    assert State.INVITED == state(decide(transition.case, InvitationSent(), NOW, DESK))


@pytest.mark.parametrize("where", sorted(set(State) - {State.APPROVED}))
def test_nobody_is_invited_who_was_not_approved(where: State) -> None:
    assert where == state(decide(case(where), InvitationSent(), NOW, DESK))


def test_a_lost_letter_stops_the_case_and_tells_the_staff() -> None:
    transition = decide(case(), Undelivered(Letter.ACKNOWLEDGMENT, APPLICANT, "550 no such user"), NOW, DESK)
    assert State.UNDELIVERABLE == state(transition)
    assert {Letter.CASE_NOTICE} == set(letters(transition))


def test_an_applicant_who_writes_again_brings_an_undeliverable_case_back() -> None:
    transition = decide(case(State.UNDELIVERABLE), Supplement(Form(), "メールが復旧しました"), NOW, DESK)
    assert State.UNDER_REVIEW == state(transition)
    assert "メールが復旧しました" == transition.letters[1].facts["text"]


@pytest.mark.parametrize("letter", sorted(STAFF_LETTERS))
def test_a_lost_staff_letter_causes_no_other_letter(letter: Letter) -> None:
    before = case()
    transition = decide(before, Undelivered(letter, SATO, "550 no such user"), NOW, DESK)
    assert (before, ()) == (transition.case, transition.letters)


def test_a_token_in_other_hands_changes_nothing_and_the_staff_are_told() -> None:
    before = case()
    transition = decide(before, Misuse(COLLEAGUE), NOW, DESK)
    assert before == transition.case
    assert ["misuse", "misuse"] == [outgoing.facts["kind"] for outgoing in transition.letters]


@pytest.mark.parametrize("where", sorted(State))
def test_automatic_mail_changes_nothing_and_is_not_answered(where: State) -> None:
    before = case(where)
    transition = decide(before, Note("automatic", "Auto-Submitted"), NOW, DESK)
    assert (before, ()) == (transition.case, transition.letters)


def test_unknown_mail_is_answered_with_how_to_apply_and_opens_no_case() -> None:
    transition = decide(None, Unknown(APPLICANT), NOW, DESK)
    assert transition.case is None
    assert [(Letter.HOW_TO_APPLY, APPLICANT)] == [
        (outgoing.letter, outgoing.to) for outgoing in transition.letters
    ]


@pytest.mark.parametrize("where", sorted(set(State) - DECIDABLE))
def test_only_decidable_states_can_be_approved(where: State) -> None:
    assert where == state(decide(case(where), decision(Decision.APPROVE), NOW, DESK))
