"""Texts of the office by number: they go to the applicant, a bare number never does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.case.decide import decide
from gateway.admission.case.digest import lines
from gateway.admission.case.events import Decide
from gateway.admission.case.model import Letter, State
from gateway.admission.replies import decision
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.notes.snippets import expand
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.printing.statement import Statement
from tests.support.factories import DESK, NOW, SATO, case

CONTEXT = ReplyContext(code="4F7K")
REASON, QUESTION = "参加の対象ではないためです。", "課の正式な名前を教えてください。"
KNOWN = replace(DESK, snippets={"decline": (REASON,), "ask": (QUESTION, "電話番号を教えてください。")})


@pytest.mark.parametrize(
    ("text", "state", "told"),
    [
        ("却下 1", State.DECLINED, REASON),
        ("却下: 1", State.DECLINED, REASON),
        ("却下　１", State.DECLINED, REASON),
        ("却下 定型1", State.DECLINED, REASON),
        ("却下 4F7K\n\n1", State.DECLINED, REASON),
        ("照会 1", State.NEEDS_INFORMATION, QUESTION),
        ("照会: 2", State.NEEDS_INFORMATION, "電話番号を教えてください。"),
        ("照会 4F7K\n\n1\n\n", State.NEEDS_INFORMATION, QUESTION),
        ("却下 2", State.UNDER_REVIEW, ""),  # no such text
        ("照会 3", State.UNDER_REVIEW, ""),
        ("照会 0", State.UNDER_REVIEW, ""),
        ("承認 1", State.UNDER_REVIEW, ""),
        ("却下 1?", State.UNDER_REVIEW, ""),
        ("却下 1\n承認", State.UNDER_REVIEW, ""),
        ("却下 1かもしれません", State.UNDER_REVIEW, ""),
        ("> 却下 1", State.UNDER_REVIEW, ""),
    ],
)
def test_a_number_stands_for_a_text(text: str, state: State, told: str) -> None:
    event = Decide(SATO, decision.parse(text, "", CONTEXT), 1, recallable=False)
    transition = decide(case(), event, NOW, KNOWN)
    assert transition.case is not None
    after = transition.case
    assert (state, told) == (after.state, after.reason or after.question)
    kinds = {one.letter for one in transition.letters}
    assert (Letter.UNCLEAR_DECISION in kinds) is (state is State.UNDER_REVIEW)


def test_a_line_of_a_digest_may_name_one() -> None:
    found = lines.parse(
        SATO, "K7QM-4T 却下 4F7K 1\nAB12-CD 照会 4F7K 2", CONTEXT, {"K7QM-4T": 1, "AB12-CD": 1}
    )
    said = [(entry.reply.decision, expand(entry.reply, KNOWN.snippets).note) for entry in found.entries]
    assert [(Decision.DECLINE, REASON), (Decision.ASK, "電話番号を教えてください。")] == said


@given(
    word=st.sampled_from(sorted(set(Decision))),
    note=st.from_regex(r"[ 　]?(定型)?[0-9０-９]{1,3}。?", fullmatch=True),
    known=st.lists(st.sampled_from([REASON, QUESTION]), max_size=3),
)
def test_no_bare_number_reaches_an_applicant(word: Decision, note: str, known: list[str]) -> None:
    desk = replace(DESK, snippets={"decline": tuple(known), "ask": tuple(known)})
    reply = ParsedReply(word, note, Statement("read_as", word="decline"))
    transition = decide(case(), Decide(SATO, reply, 1, recallable=False), NOW, desk)
    assert transition.case is not None
    said = {transition.case.reason, transition.case.question} - {""}
    assert said <= {
        *known,
        note if len(note.strip("。 　定型")) > 2 else "",
    }  # three digits are no number of a text
