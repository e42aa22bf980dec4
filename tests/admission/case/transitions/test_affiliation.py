"""The round trip of an affiliation: whom we write to, what an answer does, and the telephone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission import business_days
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Form
from gateway.admission.case import deadlines
from gateway.admission.case.deadlines import DeadlineKind
from gateway.admission.case.decide import decide
from gateway.admission.case.events import (
    CaseEvent,
    Confirm,
    DeadlinePassed,
    Decide,
    NameColleague,
    Supplement,
    Undelivered,
)
from gateway.admission.case.model import Case, Letter, OutgoingLetter, State, Transition
from gateway.admission.case.model.affiliation import Confirmer, ConfirmerLoad, Place, claim_of
from gateway.admission.organisations.domains import Standing
from gateway.admission.replies.outsiders.confirmation import Confirmation
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.mail.address import Address, parse
from gateway.printing.outside import Outside
from gateway.printing.statement import Statement
from tests.support.factories import DESK as PLAIN
from tests.support.factories import NOW, SATO, SUZUKI, background, case, letters

COLLEAGUE = parse("dokyo@town.mihon.lg.jp")
OTHER = parse("uketsuke@town.mihon.lg.jp")
FOREIGN = parse("dareka@city.betsu.lg.jp")
APPLICANT = parse("hanako@jitaku.example")
PLACES = {COLLEAGUE: Place.BODY, OTHER: Place.WITH_CALL}


def judge(_: Case, address: Address) -> Confirmer:
    """The claimed body is the town."""
    own = address.domain == "town.mihon.lg.jp"
    return Confirmer(PLACES.get(address, Place.BODY if own else Place.ELSEWHERE), address.domain)


DESK = replace(PLAIN, confirmer=judge, claimed_domains=lambda _: ("town.mihon.lg.jp",))


def waiting(**changes: object) -> Case:
    """A case from a private address."""
    private = background(Standing.CONFIRM, "personal")
    return case(State.AWAITING_AFFILIATION, applicant=APPLICANT, background=private, **changes)


def step(before: Case, *events: CaseEvent) -> Case:
    """The case after these events."""
    for event in events:
        before = decide(before, event, NOW, DESK).case or before
    return before


def answer(kind: Confirmation = Confirmation.CONFIRM, by: Address = COLLEAGUE, **changes: object) -> Confirm:
    """An answer to the letter that went to `by`."""
    values: dict[str, object] = {"asked": by, "name": "同僚 三郎", "words": "はい", "is_vouched": True}
    return Confirm(by, kind, background(), **(values | changes))  # type: ignore[arg-type]


def to(transition: Transition, address: Address) -> list[OutgoingLetter]:
    """The letters to one address."""
    return [one for one in transition.letters if one.to == address]


ASKED = step(waiting(), NameColleague((COLLEAGUE,)))


def test_the_applicant_names_a_colleague_who_gets_a_letter() -> None:
    after = decide(waiting(), NameColleague((COLLEAGUE,)), NOW, DESK)
    (letter,) = to(after, COLLEAGUE)
    assert Letter.AFFILIATION_CHECK is letter.letter
    assert {"name": "見本 花子", "organisation": "見本町"} == letter.facts["asked_about"]
    assert str(APPLICANT) not in str(letter.facts)
    (told,) = to(after, APPLICANT)
    assert (Letter.AFFILIATION_REQUEST, "sent") == (told.letter, told.facts["outcome"])


def test_a_yes_from_the_address_that_we_wrote_to_confirms() -> None:
    after = decide(ASKED, answer(), NOW, DESK)
    assert after.case is not None
    assert (State.UNDER_REVIEW, str(COLLEAGUE)) == (after.case.state, after.case.confirmed_by)
    (request,) = to(after, SATO)
    (shown,) = request.facts["affiliation"]["checks"]  # type: ignore[index]
    assert (str(COLLEAGUE), "town.mihon.lg.jp", "dmarc", "はい", True) == (
        *(shown[key] for key in ("address", "organisation", "grade", "words", "counts")),
    )


@pytest.mark.parametrize(
    ("event", "because"),
    [
        (answer(mark="Sender: differs from the From address"), "mark"),
        (replace(answer(), is_vouched=False), "proof"),
        (replace(answer(), background=replace(background(), anybody=True)), "proof"),
        (answer(name="見本花子"), "own"),
        (answer(name="見本 花子 (私用)"), "own"),
        (answer(load=ConfirmerLoad(is_waiting=True)), "barred"),
        (answer(asked=None), "asked"),
        (answer(asked=OTHER), "asked"),
        (answer(by=parse("Dokyo@town.mihon.lg.jp"), asked=COLLEAGUE), "asked"),
        (answer(by=FOREIGN, asked=COLLEAGUE), "elsewhere"),
        (answer(by=FOREIGN, asked=None), "elsewhere"),
        (answer(by=SATO, asked=COLLEAGUE), "elsewhere"),
        (answer(by=parse("hanako+2@jitaku.example"), asked=COLLEAGUE), "own"),
    ],
)
def test_anything_else_is_shown_to_the_staff_and_changes_nothing(event: Confirm, because: str) -> None:
    after = decide(ASKED, event, NOW, DESK)
    assert after.case is not None
    assert (State.AWAITING_AFFILIATION, "") == (after.case.state, after.case.confirmed_by)
    assert not to(after, event.by) or event.by == SATO
    notice = next(one for one in after.letters if one.to == SUZUKI)
    assert (str(event.by), because) == (notice.facts["by"], notice.facts["because"])
    assert "見本町" == notice.facts["form"]["organisation"]  # type: ignore[index]


def test_what_cannot_be_read_is_asked_once_more() -> None:
    after = decide(ASKED, answer(Confirmation.NONE), NOW, DESK)
    assert [Letter.AFFILIATION_CHECK] == letters(after)
    assert "unread" == after.letters[0].facts["occasion"]


def test_a_colleague_who_writes_first_gets_the_letter_and_confirms_only_by_it() -> None:
    first = decide(waiting(), answer(asked=None), NOW, DESK)
    assert [Letter.AFFILIATION_CHECK] == letters(first)
    assert first.case is not None
    assert "" == first.case.confirmed_by
    assert str(COLLEAGUE) == step(first.case, answer()).confirmed_by


def test_an_answer_about_another_claim_confirms_nothing() -> None:
    changed = step(ASKED, Supplement(parse_form("団体名: 別町"), ""))
    after = decide(changed, answer(), NOW, DESK)
    assert "changed" == to(after, SATO)[0].facts["because"]


def test_another_claim_is_not_confirmed_by_what_confirmed_the_first() -> None:
    confirmed = step(ASKED, answer())
    assert State.UNDER_REVIEW is step(confirmed, Supplement(parse_form("部署名: 総務課"), "")).state
    changed = step(confirmed, Supplement(parse_form("団体名: 別町"), ""))
    assert (State.AWAITING_AFFILIATION, "") == (changed.state, changed.confirmed_by)


def test_no_is_told_and_the_same_person_cannot_say_yes_later() -> None:
    denied = decide(ASKED, answer(Confirmation.DENY), NOW, DESK)
    assert "denied" == to(denied, SATO)[0].facts["occasion"]
    assert denied.case is not None
    after = decide(denied.case, answer(), NOW, DESK)
    assert "contradiction" == to(after, SATO)[0].facts["because"]


def test_who_does_not_know_the_applicant_stops_the_letters_to_the_domain() -> None:
    unknown = decide(ASKED, answer(Confirmation.UNKNOWN), NOW, DESK)
    assert "unknown" == to(unknown, SATO)[0].facts["occasion"]
    assert unknown.case is not None
    named = decide(unknown.case, NameColleague((parse("x@town.mihon.lg.jp"),)), NOW, DESK)
    assert Letter.AFFILIATION_CHECK not in letters(named)
    assert "stopped" == to(named, APPLICANT)[0].facts["outcome"]
    assert () == deadlines.unanswered_checks(unknown.case, business_days.tokyo_date(NOW))


@pytest.mark.parametrize(
    ("names", "load", "outcome"),
    [
        (["dokyo@town.mihon.lg.jp"], ConfirmerLoad(), "asked"),
        (["DOKYO@town.mihon.lg.jp"], ConfirmerLoad(), "asked"),
        (["dokyo+2@town.mihon.lg.jp"], ConfirmerLoad(), "asked"),
        (["x@town.mihon.lg.jp", "y@town.mihon.lg.jp"], ConfirmerLoad(), "several"),
        (["x@town.mihon.lg.jp"], ConfirmerLoad(letters=2), "busy"),
        (["x@town.mihon.lg.jp"], ConfirmerLoad(open_checks=20), "busy"),
        (["x@town.mihon.lg.jp"], ConfirmerLoad(is_waiting=True), "busy"),
        (["x@town.mihon.lg.jp"], ConfirmerLoad(letters=1, open_checks=19), "sent"),
        (["hanako+mado@jitaku.example"], ConfirmerLoad(), "own"),
        ([str(SATO)], ConfirmerLoad(), "elsewhere"),
        (["dareka@city.betsu.lg.jp"], ConfirmerLoad(), "elsewhere"),
    ],
)
def test_the_bounds_of_asking(names: list[str], load: ConfirmerLoad, outcome: str) -> None:
    named = tuple(parse(name) for name in names)
    after = decide(ASKED, NameColleague(named, load=load), NOW, DESK)
    assert outcome == to(after, APPLICANT)[0].facts["outcome"]
    assert (Letter.AFFILIATION_CHECK in letters(after)) is (outcome == "sent")


@pytest.mark.parametrize(
    ("most", "letters_of_today", "outcome"), [(1, 1, "busy"), (3, 2, "sent"), (3, 3, "busy")]
)
def test_how_many_letters_a_day_one_address_gets_is_a_setting(
    most: int, letters_of_today: int, outcome: str
) -> None:
    desk = replace(DESK, caps=replace(DESK.caps, checks_per_address=most))
    named = NameColleague((parse("x@town.mihon.lg.jp"),), load=ConfirmerLoad(letters=letters_of_today))
    after = decide(ASKED, named, NOW, desk)
    assert outcome == to(after, APPLICANT)[0].facts["outcome"]


def test_three_addresses_a_case() -> None:
    full = step(waiting(), *(NameColleague((parse(f"{one}@town.mihon.lg.jp"),)) for one in "abc"))
    after = decide(full, NameColleague((parse("d@town.mihon.lg.jp"),)), NOW, DESK)
    assert "many" == to(after, APPLICANT)[0].facts["outcome"]


def test_one_reminder_after_two_open_days() -> None:
    reminders = [one for one in deadlines.all_deadlines(ASKED, DESK) if one.kind is DeadlineKind.CHECK_REMIND]
    assert [business_days.add_business_days(business_days.tokyo_date(NOW), 2, frozenset())] == [
        one.day for one in reminders
    ]
    after = decide(ASKED, DeadlinePassed(reminders[0]), NOW + timedelta(days=3), DESK)
    assert [(Letter.AFFILIATION_CHECK, COLLEAGUE)] == [(one.letter, one.to) for one in after.letters]
    assert after.case is not None
    again = decide(after.case, DeadlinePassed(reminders[0]), NOW + timedelta(days=4), DESK)
    assert () == again.letters


def test_a_letter_that_does_not_reach_the_colleague_leaves_the_case_as_it_is() -> None:
    after = decide(ASKED, Undelivered(Letter.AFFILIATION_CHECK, COLLEAGUE, "550 5.1.1"), NOW, DESK)
    assert ASKED == after.case
    assert {SATO, SUZUKI} == {one.to for one in after.letters}


def test_the_form_in_the_same_mail_counts_too() -> None:
    after = decide(
        waiting(), NameColleague((COLLEAGUE,), parse_form("部署名: 総務課"), "異動予定です"), NOW, DESK
    )
    assert after.case is not None
    assert "総務課" == after.case.form.department
    assert [Letter.AFFILIATION_CHECK] == [one.letter for one in to(after, COLLEAGUE)]
    assert any("異動予定です" == one.facts.get("text") for one in to(after, SATO))


# --- by telephone -----------------------------------------------------------------------------

NOTE = "03-0000-0000 総務課 山田様"


def said(decision: Decision, note: str = "", by: Address = SATO, revision: int = 1) -> Decide:
    """A member's word."""
    return Decide(by, ParsedReply(decision, note, Statement("doubt")), revision, recallable=True)


def test_a_telephone_call_confirms_and_every_later_letter_to_the_staff_says_so() -> None:
    after = decide(waiting(), said(Decision.AFFILIATED, NOTE), NOW, DESK)
    assert after.case is not None
    assert State.UNDER_REVIEW is after.case.state
    assert [("affiliation.telephone", SATO, {"note": Outside(NOTE)})] == [
        (entry.name, entry.actor, entry.detail) for entry in after.journal
    ]
    later = decide(after.case, said(Decision.APPROVE), NOW, DESK)
    for one in (*after.letters, *later.letters):
        assert NOTE == one.facts["affiliation"]["call"]["note"]  # type: ignore[index]


@pytest.mark.parametrize("note", ["", "電話で確認", "03-0000-0000", "123 山田様", "03-0000-0000 山", "はい"])
def test_a_call_names_number_and_person(note: str) -> None:
    after = decide(waiting(), said(Decision.AFFILIATED, note), NOW, DESK)
    assert waiting() == after.case
    assert [Letter.UNCLEAR_DECISION] == letters(after)


def test_a_yes_from_a_role_mailbox_counts_only_beside_a_call() -> None:
    asked = step(waiting(), NameColleague((OTHER,)))
    after = decide(asked, answer(by=OTHER), NOW, DESK)
    assert "with_call" == to(after, SATO)[0].facts["because"]
    assert after.case is not None
    assert "" == after.case.confirmed_by
    called = step(after.case, said(Decision.AFFILIATED, NOTE))
    assert State.UNDER_REVIEW is called.state


def test_a_call_is_taken_back_and_leaves_what_a_letter_confirmed() -> None:
    called = step(waiting(), said(Decision.AFFILIATED, NOTE))
    undone = step(called, said(Decision.UNDO))
    assert (State.AWAITING_AFFILIATION, "", None) == (
        undone.state,
        undone.confirmed_by,
        undone.affiliation.call,
    )
    both = step(ASKED, answer(), said(Decision.AFFILIATED, NOTE), said(Decision.UNDO))
    assert (State.UNDER_REVIEW, str(COLLEAGUE)) == (both.state, both.confirmed_by)


def test_who_telephoned_does_not_also_give_both_approvals() -> None:
    desk = replace(DESK, second_approval=True)
    called = step(waiting(), said(Decision.AFFILIATED, NOTE))
    once = decide(called, said(Decision.APPROVE), NOW, desk).case
    assert once is not None
    assert State.UNDER_REVIEW is once.state
    twice = decide(once, said(Decision.APPROVE), NOW, desk)
    assert (once, [Letter.UNCLEAR_DECISION]) == (twice.case, letters(twice))
    other = decide(once, said(Decision.APPROVE, by=SUZUKI), NOW, desk).case
    assert other is not None
    assert State.APPROVED is other.state


def test_a_claim_is_name_organisation_and_code() -> None:
    form = parse_form("氏名: 見本 花子\n団体名: 見本町")
    assert claim_of(form) == claim_of(parse_form("氏名: 見本花子\n団体名: 見本町\n部署名: 総務課"))
    assert claim_of(form) != claim_of(Form())


CALLED = said(Decision.AFFILIATED, "03-0000-0000 総務課 山田")
ANSWERS = st.builds(
    answer,
    st.sampled_from(Confirmation),
    st.sampled_from([COLLEAGUE, OTHER, FOREIGN]),
    is_vouched=st.booleans(),
)
EVENTS = st.one_of(ANSWERS, st.sampled_from([CALLED, said(Decision.UNDO)]))


@given(st.lists(EVENTS, max_size=8))
def test_whoever_confirmed_still_counts_whatever_follows(events: list[CaseEvent]) -> None:
    """No confirmation outlives the yes or the telephone call that it rests on."""
    before = step(waiting(), *(NameColleague((who,)) for who in (COLLEAGUE, OTHER)))
    after = step(before, *events)
    known = after.affiliation
    counting = {str(check.address) for check in known.checks if check.counts}
    assert {"confirm"} >= {check.answer for check in known.checks if check.counts}
    assert after.confirmed_by in ({*counting, str(SATO)} if known.call else counting or {""})
    assert known.call or str(OTHER) not in counting


@pytest.mark.parametrize("kind", [Confirmation.DENY, Confirmation.UNKNOWN])
def test_a_no_that_is_proven_badly_stops_nothing_and_is_told(kind: Confirmation) -> None:
    after = decide(ASKED, answer(kind, is_vouched=False), NOW, DESK)
    assert ASKED.affiliation == (after.case or ASKED).affiliation
    assert {"proof"} == {letter.facts["because"] for letter in after.letters}


def test_a_member_whose_mailbox_was_stolen_confirms_nothing() -> None:
    gone = replace(DESK, staff=DESK.staff[1:], revoked=DESK.staff[:1])
    desk = replace(gone, confirmer=lambda _case, address: Confirmer(Place.BODY, address.domain))
    after = decide(waiting(), NameColleague((SATO,)), NOW, desk)
    assert not to(after, SATO)


@pytest.mark.parametrize(
    ("own", "theirs", "barred"),
    [
        ("私用 次郎", "私用次郎", True),
        ("私用 次郎", "次郎 私用", True),
        ("私用 次郎", "私用・次郎（総務課）", True),
        ("髙﨑 むつみ", "高崎むつみ", True),
        ("Jiro Shiyo", "SHIYO, Jiro", True),
        ("Jiro Shiyo", "ＳＨＩＹＯ Ｊｉｒｏ", True),
        ("Jiro Shiyo", "Jiro Shiyokawa", False),
        ("私用 次郎", "私用 三郎", False),
        ("私用 次郎", "", False),
    ],
)
def test_nobody_confirms_under_the_name_of_the_applicant(own: str, theirs: str, barred: bool) -> None:
    asked = step(waiting(form=replace(waiting().form, name=own)), NameColleague((COLLEAGUE,)))
    after = decide(asked, answer(name=theirs), NOW, DESK).case
    assert after is not None
    assert barred == (not after.confirmed_by)
