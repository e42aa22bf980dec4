"""A note that reaches the applicant asks what an applicant can answer, unlike what is said to a colleague."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from gateway.admission.replies.decision import parse
from gateway.admission.replies.grammar.beside.questions import asks_applicant
from gateway.admission.replies.grammar.parsing.matching import is_understood
from gateway.admission.replies.reading import Decision
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
    assume(not is_understood(said.format(what), CONTEXT))  # 佐藤です。 is the writer
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


# The work of the desk, somebody who does not listen, and a suspicion: each names a part of an application.
PARTS = st.sampled_from(("氏名", "団体名", "部課名", "電話番号", "メールアドレス", "所属"))
NOT_TO_APPLICANT = st.sampled_from(
    (
        *("{}の確認は済んでいますか", "{}の登録はどうなっていますか", "{}の照合はいつ終わりますか"),
        *("他の申請の{}を教えてください", "前回の{}を教えてください", "申請者の{}を教えてください"),
        *("本人に{}を連絡してもらえますか", "{}を調べて教えてください", "{}が偽物ではないですか"),
        *("{}は本当ですか", "{}に問題はありますか", "{}に見覚えはありますか", "{}は規約に合っていますか"),
        *("{}を登録しておいてもらえますか", "{}を印刷してもらえますか", "{}を所属長に連絡していただけますか"),
        *("{}を教えてもらうべきでしょうか", "{}を直してよいですか", "{}は聞くほうがよいですか"),
    )
)


@given(PARTS, NOT_TO_APPLICANT)
def test_a_part_of_an_application_makes_no_question_to_the_applicant(part: str, said: str) -> None:
    assert Decision.NONE is parse(f"照会: {said.format(part)}", "", CONTEXT).decision


@given(PARTS, st.sampled_from(("Suzuki", "Tanaka-san", "Ken")))
def test_a_colleague_called_in_english(part: str, name: str) -> None:
    assert Decision.NONE is parse(f"ask: {name}, could you check the department?", "", CONTEXT).decision


COLLEAGUES = (
    "課長の了承は取れていますか",
    "この人誰でしょう",
    "氏名を聞いてください",
    "規約を直してよいですか",
)
NO_TEXT = ("（質問を書く）", "同上", "文面は後で", "内部情報です")


@pytest.mark.parametrize("said", [*COLLEAGUES, *NO_TEXT])
def test_below_the_code_it_is_shown_once(said: str) -> None:
    context = replace(CONTEXT, code="4F7K")
    first = parse(f"照会 4F7K\n\n{said}", "", context)
    assert Decision.NONE is first.decision
    assert first.unread


LEADING = (
    "https://evil.example/ を開いてください。",
    "パスワードを送ってください。",
    "a@evil.example へお送りください。",
)


@pytest.mark.parametrize("said", [*LEADING, "（文面）", "鈴木さん、これ送ってよい？"])
def test_a_text_for_the_applicant_that_leads_elsewhere_is_shown_once(said: str) -> None:
    context = replace(CONTEXT, code="4F7K")
    first = parse(f"返信 4F7K\n\n{said}", "", context)
    assert (Decision.NONE, "") == (first.decision, first.note)
    assert Decision.REPLY is parse("返信 4F7K\n\n審査には5営業日ほどかかります。", "", context).decision


@pytest.mark.parametrize("said", LEADING)
def test_a_text_that_was_shown_is_sent(said: str) -> None:
    context = replace(CONTEXT, code="4F7K")
    shown = parse(f"返信 4F7K\n\n{said}", "", context).unread
    got = parse(f"返信 4F7K\n\n{said}", "", replace(context, shown_unread=shown))
    assert (Decision.REPLY, said) == (got.decision, got.note)
