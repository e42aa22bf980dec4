"""A note that reaches the applicant asks what an applicant can answer, unlike what is said to a colleague."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from gateway.admission.replies.decision import Decision, parse
from gateway.admission.replies.grammar.beside.questions import asks_applicant
from gateway.admission.replies.text.own_words import has_stem
from tests.support.replies import CONTEXT

ASKING = st.sampled_from(("照会します。", "照会: ", "照会\n", "差し戻します。\n"))
WHAT = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA0), min_size=2, max_size=5)
# What the desk decides or does, asked of a colleague, and what is said of somebody who does not listen.
AMONG_COLLEAGUES = st.sampled_from(
    (
        *(
            "{}は通していいですか。",
            "{}なら断ってもいいですか？",
            "{}ですが落としますか。",
            "{}、進めましょうか。",
        ),
        *("{}については誰が確認しますか？", "もう{}を確認しましたか？", "{}に聞いてもらえますか。"),
        *(
            "{}に電話してもらえますか。",
            "{}を調べてください。",
            "{}に転送してください。",
            "{}は内緒にしてください。",
        ),
        *(
            "この人は{}ですか？",
            "この方の{}は何ですか。",
            "彼は{}ですか。",
            "たぶん{}です。",
            "{}っぽい申請です。",
        ),
        *("{}は対象ですか？", "{}の前例ありますか。", "{}はどう思いますか。"),
    )
)


@given(WHAT, AMONG_COLLEAGUES, ASKING)
@example("これ", "{}は対象ですか？", "照会します。")
def test_what_is_said_among_colleagues_reaches_no_applicant(what: str, said: str, asking: str) -> None:
    got = parse(asking + said.format(what), "", CONTEXT)
    assert (Decision.NONE, "") == (got.decision, got.note)


@given(
    WHAT, st.sampled_from(("{}です。", "{}な申請です。", "{}ですね。", "{}しました。", "{}でした。")), ASKING
)
def test_a_remark_alone_asks_nothing(what: str, said: str, asking: str) -> None:
    assume(not has_stem(what) and not asks_applicant(said.format(what)))  # 未記入です。 does
    assert Decision.NONE is parse(asking + said.format(what), "", CONTEXT).decision


@pytest.mark.parametrize(
    "said",
    ["shall we approve?", "who is this?", "he is a troublemaker", "can someone call HR?", "looks like spam"],
)
def test_english_among_colleagues(said: str) -> None:
    assert Decision.NONE is parse(f"Ask: {said}", "", CONTEXT).decision


@pytest.mark.parametrize(
    "said",
    [
        *("利用目的を教えてください。", "会計年度任用職員でしょうか。"),
        "部署名の正式名称",
    ],
)
def test_a_question_to_the_applicant(said: str) -> None:
    for text in (f"照会: {said}", f"照会します。\n{said}", f"照会 4F7K\n\n{said}"):
        got = parse(text, "", replace(CONTEXT, code="4F7K"))
        assert (Decision.ASK, said) == (got.decision, got.note)


@pytest.mark.parametrize("said", ["研修は受けられましたか。", "姉妹都市はどこですか。"])
def test_a_question_on_nothing_of_the_application_wants_the_code(said: str) -> None:
    context = replace(CONTEXT, code="4F7K")
    assert Decision.NONE is parse(f"照会: {said}", "", context).decision
    got = parse(f"照会 4F7K\n\n{said}", "", context)
    assert (Decision.ASK, said) == (got.decision, got.note)


def test_what_is_missing_in_a_form_asks_for_it() -> None:
    assert Decision.ASK is parse("照会します。\n添付の2枚目が白紙でした。", "", CONTEXT).decision
