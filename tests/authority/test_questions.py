"""A note that reaches the applicant asks the applicant about the application, in words that are all known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from gateway.admission.replies.context import build_slots
from gateway.admission.replies.decision import Decision, parse
from gateway.admission.replies.grammar.beside.questions import is_for_applicant
from tests.support.replies import CONTEXT

SLOTS = build_slots(CONTEXT)
WORD = st.one_of(
    st.sampled_from(
        ("この人", "怪しい", "鈴木さん", "通して", "断って", "誰か", "たぶん", "前例", "営業", "嘘")
    ),
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA0), min_size=2, max_size=5),
    st.text(st.characters(min_codepoint=0x30A1, max_codepoint=0x30F6), min_size=3, max_size=6),
)
FRAMES = (
    "{}の所属を教えてください。",
    "{}ので、課名をご記入ください。",
    "課名は{}ですか？",
    "{}は役職ですか。",
    "{}に課名を教えてください。",
    "課名が{}です。",
)


@given(
    WORD, st.sampled_from(FRAMES), st.sampled_from(("照会します。", "照会: ", "照会\n", "差し戻します。\n"))
)
@example("通していい", "{}ので、課名をご記入ください。", "照会します。")
def test_a_word_more_makes_a_question_unclear(word: str, frame: str, asking: str) -> None:
    assume(
        not is_for_applicant(f"{word}、課名", SLOTS) and not is_for_applicant(f"課名は{word}ですか", SLOTS)
    )
    got = parse(asking + frame.format(word), "", CONTEXT)
    assert (Decision.NONE, "") == (got.decision, got.note)


@given(st.text(st.characters(min_codepoint=0x61, max_codepoint=0x7A), min_size=3, max_size=9))
def test_a_word_more_makes_an_english_question_unclear(word: str) -> None:
    assume(not is_for_applicant(f"please tell us your {word} name", SLOTS))
    assert Decision.NONE is parse(f"Ask: what is your {word} department?", "", CONTEXT).decision


@pytest.mark.parametrize("said", ["姉妹都市はどこですか。", "研修は受けられましたか。"])
def test_an_unusual_question_goes_by_word_and_code(said: str) -> None:
    context = replace(CONTEXT, code="4F7K")
    assert Decision.NONE is parse(f"照会します。{said}", "", context).decision
    got = parse(f"照会 4F7K\n\n{said}", "", context)
    assert (Decision.ASK, said) == (got.decision, got.note)
