"""A reply to a digest: each line by itself, with the same authority as a reply about one case."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.case.digest import lines as digest_lines
from gateway.admission.case.digest import reply as digest_reply
from gateway.admission.case.digest.reply import DigestCase
from gateway.admission.case.events import DigestReply
from gateway.admission.case.model import Case, Letter, Role, Staff, State, Transition
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.reading import CHANGING, Decision
from gateway.mail.address import Address
from gateway.printing.statement import Statement
from tests.support.factories import DESK, NOW, SATO, SUZUKI, case

FIRST, SECOND = case(id=1), case(number="AB12-CD", id=2)
CONTEXT = ReplyContext(member_names=("佐藤",), code="4F7K")
SHOWN = {"K7QM-4T": 1, "AB12-CD": 1}


def read(text: str, shown: dict[str, int] | None = None) -> DigestReply:
    """A reply with the code of the digest behind the word of each line."""
    return digest_lines.parse(SATO, with_code(text), CONTEXT, SHOWN if shown is None else shown)


def with_code(text: str) -> str:
    lines = (re.sub(r"^(\W*\S{7}\W*[\s:]+\S+)(.*)$", r"\1 4F7K\2", line) for line in text.split("\n"))
    return "\n".join(lines)


def words(text: str) -> list[tuple[str, str, str]]:
    return [(one.number, one.reply.decision.value, one.reply.note) for one in read(text).entries]


def test_a_reply_of_a_length_that_nobody_writes_is_not_read() -> None:
    found = read("K7QM-4T 承認\n" + "ﷺ" * 20_000)
    assert ((), Statement("too_long")) == (found.entries, found.why)


def carried_out(
    text: str, *cases: Case, by: Address = SATO, shown: dict[str, int] | None = None
) -> tuple[dict[str, Transition], list[dict[str, str]]]:
    """The transitions by number, and the lines of the answer."""
    found = {one.number: DigestCase(one, True) for one in cases or (FIRST, SECOND)}
    *done, (none, last) = digest_reply.decide(replace(read(text, shown), by=by), found, NOW, DESK)
    assert none is None
    (answer,) = last.letters
    assert (Letter.TRANSCRIPT, by) == (answer.letter, answer.to)
    return {before.number: transition for before, transition in done if before}, answer.facts["lines"]  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("K7QM-4T 承認", [("K7QM-4T", "approve", "")]),
        ("Ｋ７ＱＭ－４Ｔ　承認します。", [("K7QM-4T", "approve", "")]),
        ("k7qm-4t: approve", [("K7QM-4T", "approve", "")]),
        ("・K7QM-4T 承認\n・AB12-CD 承認", [("K7QM-4T", "approve", ""), ("AB12-CD", "approve", "")]),
        ("K7QM-4T 却下 民間企業のため", [("K7QM-4T", "decline", "民間企業のため")]),
        ("K7QM-4T 却下\n理由: 対象外\nです", [("K7QM-4T", "decline", "対象外\nです")]),
        ("K7QM-4T declined not a body", [("K7QM-4T", "decline", "not a body")]),
        ("K7QM-4T 照会 課名は?", [("K7QM-4T", "ask", "課名は?")]),
        ("K7QM-4T 保留 12月1日", [("K7QM-4T", "hold", "12月1日")]),
        ("K7QM-4T 担当", [("K7QM-4T", "take", "")]),
        (
            "お世話になります。\n\nK7QM-4T 承認\nよろしくお願いします。\n\n-- \n佐藤",
            [("K7QM-4T", "approve", "")],
        ),
        ("K7QM-4T 承認しますか?", [("K7QM-4T", "none", "")]),
        ("K7QM-4T 承認\nただし条件があります", [("K7QM-4T", "none", "")]),
        ("K7QM-4T 承認\n\nやっぱり待ってください", [("K7QM-4T", "none", "")]),
        ("K7QM-4T 承認\n\nこれでよいですか?", [("K7QM-4T", "none", "")]),
        ("K7QM-4T 承認 AB12-CD 承認", [("K7QM-4T", "none", "")]),
        ("K7QM-4T 見本町 見本 花子 承認", [("K7QM-4T", "none", "")]),
        ("> K7QM-4T 承認", []),
        ("承認", []),
        ("申請 K7QM-4T を承認", []),
    ],
)
def test_the_lines_of(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert expected == words(text)


def test_each_line_is_decided_and_a_wrong_one_changes_nothing_else() -> None:
    transitions, lines = carried_out("K7QM-4T 承認\nAB12-CD 却下\nZZZZ-ZZ 承認")
    assert State.APPROVED is transitions["K7QM-4T"].case.state  # type: ignore[union-attr]
    assert SECOND == transitions["AB12-CD"].case
    assert [None, Statement("reason_wanted"), Statement("line_not_shown")] == [line["why"] for line in lines]
    letters = [outgoing.letter for transition in transitions.values() for outgoing in transition.letters]
    assert Letter.UNCLEAR_DECISION not in letters


def test_a_case_that_the_digest_did_not_show_is_not_decided() -> None:
    transitions, lines = carried_out("AB12-CD 承認", shown={"K7QM-4T": 1})
    assert {} == transitions
    assert lines[0]["why"]


def test_a_case_that_changed_since_is_shown_again_and_not_decided() -> None:
    changed = replace(FIRST, revision=2)
    transitions, lines = carried_out("K7QM-4T 承認", changed)
    assert changed == transitions["K7QM-4T"].case
    assert [(Letter.REVIEW_REQUEST, SATO)] == [
        (outgoing.letter, outgoing.to) for outgoing in transitions["K7QM-4T"].letters
    ]
    assert Statement("line_changed") == lines[0]["why"]


def test_a_number_that_stands_twice_is_not_decided() -> None:
    transitions, lines = carried_out("K7QM-4T 承認\nK7QM-4T 却下 対象外")
    assert {} == transitions
    assert 2 == len([line for line in lines if line["why"] == Statement("line_twice")])


def test_nobody_decides_their_own_application_in_a_digest() -> None:
    own = replace(FIRST, applicant=SATO)
    transitions, lines = carried_out("K7QM-4T 承認", own)
    assert own == transitions["K7QM-4T"].case
    assert Statement("own_application") == lines[0]["why"]


def test_a_reader_decides_nothing_in_a_digest() -> None:
    desk = replace(DESK, staff=(Staff(SATO, "佐藤", Role.READ), Staff(SUZUKI, "鈴木")))
    (before, transition), (_, answer) = digest_reply.decide(
        read("K7QM-4T 承認"), {"K7QM-4T": DigestCase(FIRST, True)}, NOW, desk
    )
    assert before == transition.case
    assert answer.letters


def test_the_lines_of_the_digest_itself_are_not_the_answer() -> None:
    text = "K7QM-4T 承認 4F7K\n\nK7QM-4T  見本町 見本 花子\n  状態: 担当者の判断を待っています"
    got = digest_lines.parse(
        SATO,
        text,
        ReplyContext(
            code="4F7K", letter_lines=("K7QM-4T  見本町 見本 花子", "状態: 担当者の判断を待っています")
        ),
        SHOWN,
    )
    assert [Decision.APPROVE] == [one.reply.decision for one in got.entries]


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert len(read(text).entries) <= digest_lines.MAX_ENTRIES


@given(
    st.lists(
        st.sampled_from(["K7QM-4T", "AB12-CD", " ", "承認", "却下", "\n", "\n\n", "?", "ただし", "> "]),
        max_size=12,
    )
)
def test_an_approval_stands_alone_behind_its_number(pieces: list[str]) -> None:
    text = "".join(pieces)
    for one in read(text).entries:
        if one.reply.decision is Decision.APPROVE:
            said = [line for line in text.split("\n") if line.strip().startswith(one.number)]
            assert any(not any(word in line for word in ("?", "ただし", "却下")) for line in said)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("K7QM-4T 承認 4F7K", "approve"),
        ("K7QM-4T 承認4F7K", "approve"),
        ("K7QM-4T 承認　４ｆ７ｋ", "approve"),
        ("K7QM-4T 承認 [4F7K]", "approve"),
        ("K7QM-4T approve 4F7K", "approve"),
        ("K7QM-4T 却下 4F7K 民間企業のため", "decline"),
        ("K7QM-4T 状況", "status"),
        ("K7QM-4T 承認", "none"),
        ("K7QM-4T 承認します。", "none"),
        ("K7QM-4T 承認 4F7X", "none"),
        ("K7QM-4T 4F7K 承認", "none"),
        ("4F7K K7QM-4T 承認", ""),
        ("K7QM-4T 却下 民間企業のため 4F7K", "none"),
        ("K7QM-4T 承認 4F7KX", "none"),
    ],
)
def test_a_line_changes_something_only_with_the_code_behind_its_word(line: str, expected: str) -> None:
    entries = digest_lines.parse(SATO, line, CONTEXT, SHOWN).entries
    assert expected == (entries[0].reply.decision.value if entries else "")


@given(st.text("承認却下4F7K K7QM-4T\n>", max_size=60))
def test_without_a_code_no_line_changes_anything(text: str) -> None:
    entries = digest_lines.parse(SATO, text, replace(CONTEXT, code=None), SHOWN).entries
    assert not {one.reply.decision for one in entries} & CHANGING
