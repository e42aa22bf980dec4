"""What applicants ask about the own case, and the second look at a decline: once, in time, by others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.case.decide import decide
from gateway.admission.case.events import Decide, Inquire
from gateway.admission.case.model import ADMITTED, OPEN, Case, Letter, Staff, State, Transition
from gateway.admission.case.transitions.inquiry import shown_state
from gateway.admission.replies import decision
from gateway.admission.replies.outsiders.inquiry import find_inquiry
from gateway.admission.replies.outsiders.moving import is_move
from gateway.mail.address import Address, parse
from gateway.printing.statement import Statement
from tests.support.factories import APPLICANT, DESK, NOW, SATO, SUZUKI, case, letters

TOLD = NOW - timedelta(days=1)
DECLINED = case(State.DECLINED, decided_by=str(SATO), decided_at=TOLD, reason="対象外")
LOOK = Inquire("look", "再検討をお願いします。出向中です。")


def look(before: Case = DECLINED, desk: object = DESK) -> Transition:
    return decide(before, LOOK, NOW, desk)  # type: ignore[arg-type]


def says(before: Case, text: str, by: Address) -> Transition:
    return decide(before, Decide(by, decision.parse(text), before.revision, recallable=True), NOW, DESK)


def after(transition: Transition) -> Case:
    assert transition.case is not None
    return transition.case


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("status", "状況"),
        ("status", "申請の状況を教えてください。"),
        ("status", "お世話になっております。\n審査の進捗をお知らせください。\nよろしくお願いいたします。"),
        ("status", "Status, please".replace(",", "")),
        ("look", "再検討\n現在は市に出向しています。"),
        ("look", "再審査をお願いします。"),
        ("look", "Please take a second look."),
        ("held", "登録内容"),
        ("held", "私の個人情報の開示を請求します。"),
        ("", "状況が変わりました。"),
        ("", "状況を教えてください。課名は総務課に直してください。"),
        ("", "再検討は不要です。"),
        ("", "状況\n登録内容"),
        ("", "> 状況"),
        ("", ""),
    ],
)
def test_what_an_applicant_asks_is_read_as_a_whole(asked: str, text: str) -> None:
    assert asked == find_inquiry(text)


def test_the_state_goes_to_the_applicant_and_changes_nothing() -> None:
    told = decide(case(), Inquire("status"), NOW, DESK)
    assert (case(), [(Letter.OWN_STATUS, APPLICANT)]) == (told.case, [(o.letter, o.to) for o in told.letters])


@pytest.mark.parametrize(
    ("shown", "before"),
    [
        (State.UNDER_REVIEW, case(State.APPROVED, decided_by=str(SATO), decided_at=TOLD)),
        (State.UNDER_REVIEW, replace(DECLINED, decided_at=NOW - timedelta(minutes=9))),
        (State.DECLINED, replace(DECLINED, decided_at=NOW - timedelta(minutes=10))),
        (State.UNDER_REVIEW, case(State.NEEDS_INFORMATION, question="課名は", waits_since=NOW)),
        (State.NEEDS_INFORMATION, case(State.NEEDS_INFORMATION, question="課名は", waits_since=TOLD)),
        (State.NEEDS_INFORMATION, case(State.NEEDS_INFORMATION, waits_since=NOW)),
    ],
)
def test_nobody_learns_a_decision_before_its_letter_leaves(shown: State, before: Case) -> None:
    assert shown is shown_state(before, NOW, DESK)


def test_what_is_held_is_told_to_the_applicant() -> None:
    assert [Letter.HELD_DATA] == letters(decide(case(), Inquire("held"), NOW, DESK))


def test_a_decline_is_looked_at_again_by_all_but_who_declined() -> None:
    again = look()
    assert (State.UNDER_REVIEW, str(SATO), 2) == (
        after(again).state,
        after(again).second_look,
        after(again).revision,
    )
    asked = {o.to.key for o in again.letters if o.letter is Letter.REVIEW_REQUEST}
    assert {SUZUKI.key} == asked


@pytest.mark.parametrize("word", ["承認", "却下: 対象外", "照会: 課名は", "保留 12月1日"])
def test_who_declined_decides_nothing_in_the_second_look(word: str) -> None:
    again = after(look())
    refused = says(again, word, SATO)
    assert again == refused.case
    assert [Letter.UNCLEAR_DECISION] == letters(refused)
    assert Statement("second_look_other") == refused.letters[0].facts["why"]
    assert again.state is not after(says(again, word, SUZUKI)).state or word.startswith("照会") is False


@pytest.mark.parametrize(
    ("before", "days", "staff"),
    [
        (replace(DECLINED, second_look=str(SUZUKI)), 30, DESK.staff),  # once
        (replace(DECLINED, decided_at=NOW - timedelta(days=31)), 30, DESK.staff),
        (DECLINED, 0, DESK.staff),
        (DECLINED, 30, (Staff(SATO, "佐藤"),)),  # nobody else could decide
        (case(), 30, DESK.staff),
        (case(State.INVITED, decided_by=str(SATO), decided_at=TOLD), 30, DESK.staff),
    ],
)
def test_otherwise_the_case_stays_and_the_staff_read_the_words(
    before: Case, days: int, staff: tuple[Staff, ...]
) -> None:
    refused = look(before, replace(DESK, second_look_days=days, staff=staff))
    assert before == refused.case
    assert {Letter.OWN_STATUS, Letter.CASE_NOTICE} == set(letters(refused))


def test_the_decline_says_until_when() -> None:
    (told,) = (o for o in says(case(), "却下: 対象外", SATO).letters if o.letter is Letter.DECLINE)
    assert told.facts["look_until"] > NOW.date().isoformat()  # type: ignore[operator]


NEW = parse("hanako@city.mihon.lg.jp")


@pytest.mark.parametrize(
    ("said", "new"),
    [
        ("異動", ""),
        ("異動 hanako@city.mihon.lg.jp", "hanako@city.mihon.lg.jp"),
        ("異動\n新しいアドレス：hanako@city.mihon.lg.jp", "hanako@city.mihon.lg.jp"),
        (
            "お世話になっております。\n人事異動により、"
            "メールアドレスが hanako@city.mihon.lg.jp に変わります。\nよろしくお願いいたします。",
            "hanako@city.mihon.lg.jp",
        ),
        (
            "異動になりました。\n変更後のアドレスは<hanako@city.mihon.lg.jp>です。",
            "hanako@city.mihon.lg.jp",
        ),
        (
            "メールアドレスの変更をお願いします。\nhanako@city.mihon.lg.jp",
            "hanako@city.mihon.lg.jp",
        ),
        ("Change of address: hanako@city.mihon.lg.jp", "hanako@city.mihon.lg.jp"),
        ("Please change my address to Hanako@city.mihon.lg.jp", "hanako@city.mihon.lg.jp"),
    ],
)
def test_a_change_of_address_is_read_as_a_whole(said: str, new: str) -> None:
    assert is_move(said, new)


@pytest.mark.parametrize(
    "said",
    [
        "hanako@city.mihon.lg.jp",
        "メールアドレスは hanako@city.mihon.lg.jp です。",
        "来月、異動するかもしれません。",
        "異動しません。",
        "異動したら、hanako@city.mihon.lg.jp に変わりますか。",
        "同僚の田中の異動により、メールアドレスが hanako@city.mihon.lg.jp に変わります。",
        "異動 hanako@city.mihon.lg.jp\n課名は財政課に直してください。",
        "> 異動 hanako@city.mihon.lg.jp",
        "異動 hanako@city.mihon.lg.jp\n取り下げます。",
        "アドレスは変わりません。新しいアドレスは hanako@city.mihon.lg.jp ではありません。",
        "",
    ],
)
def test_anything_else_is_no_change_of_address(said: str) -> None:
    assert not is_move(said, "hanako@city.mihon.lg.jp")


@pytest.mark.parametrize("state", sorted({*OPEN, *ADMITTED}))
def test_the_new_address_is_noted_and_written_to_by_nobody(state: State) -> None:
    noted = decide(case(state), Inquire("move", "異動", NEW), NOW, DESK)
    assert replace(case(state), moves_to=str(NEW)) == noted.case
    (told,) = (o for o in noted.letters if o.letter is Letter.OWN_STATUS)
    assert (APPLICANT, "move", str(NEW)) == (told.to, told.facts["occasion"], told.facts["new_address"])
    assert (state in ADMITTED) == (Letter.CASE_NOTICE in letters(noted))
    assert NEW not in {o.to for o in noted.letters}


@pytest.mark.parametrize(
    ("before", "new"),
    [
        (case(), None),
        (case(), APPLICANT),
        (case(), parse(f"{APPLICANT.local_part}+2@{APPLICANT.domain}")),
        (case(State.DECLINED, decided_by=str(SATO), decided_at=TOLD), NEW),
        (case(State.WITHDRAWN), NEW),
    ],
)
def test_without_a_new_address_or_an_open_case_the_way_is_shown(before: Case, new: Address | None) -> None:
    told = decide(before, Inquire("move", "異動", new), NOW, DESK)
    assert (before, ["move_how"]) == (told.case, [o.facts["occasion"] for o in told.letters])


@given(st.sampled_from(list(State)), st.sampled_from(["status", "held", "look", "move"]), st.booleans())
def test_no_inquiry_admits_anybody_or_writes_to_a_stranger(state: State, kind: str, looked: bool) -> None:
    before = case(state, decided_by=str(SATO), decided_at=TOLD, second_look=str(SATO) if looked else "")
    told = decide(before, Inquire(kind), NOW, DESK)  # type: ignore[arg-type]
    assert after(told).state in {state, State.UNDER_REVIEW}
    assert after(told).state is state or (state is State.DECLINED and not looked)
    known = {APPLICANT.key, SATO.key, SUZUKI.key}
    assert {o.to.key for o in told.letters} <= known
