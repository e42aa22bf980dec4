"""Beside a refusal only what says how things are, and of the application, is a reason."""

from __future__ import annotations

import string

from hypothesis import example, given
from hypothesis import strategies as st

from gateway.admission.replies.decision import parse
from gateway.admission.replies.reading import Decision
from tests.support.replies import CONTEXT

# No word of these sets is one that reasons are about.
_KANJI = st.text("山川空海花鳥風月石木犬猫雨雪星光春夏秋冬朝夜赤青白黒", min_size=1, max_size=6)
_HIRAGANA = st.text("あいうえおさすせそなにねのまみむめもやゆよらりるれろ", max_size=8)
_ABOUT_THE_CASE = st.sampled_from(
    ["申請", "所属", "在籍", "対象", "要件", "申請者の職員証", "団体のアドレス"]
)
_PARTICLE = st.sampled_from(["を", "は", "に", "の件を", "について"])
# Verbs by their stem before ます, and what people want, plan, guess or ask.
_DOES = st.sampled_from(
    ["調べ", "尋ね", "聞き", "見", "進め", "問い合わせ", "呼び", "話し", "読み", "整理し"]
)
_PLANS = st.sampled_from(
    [
        "ます",
        "たいです",
        "てください",
        "てほしいです",
        "ましょう",
        "るつもりです",
        "る予定です",
        "るでしょう",
        "そうです",
    ]
)
_OPEN = ("却下します。", "却下します。\n", "却下とします。\n\n", "却下\n")
_WORDS = (*_OPEN, "却下: ")


@given(st.sampled_from(_OPEN), _KANJI, _HIRAGANA)
@example("却下します。", "猫", "がのりました")
def test_a_sentence_that_is_not_about_the_application_is_no_reason(word: str, what: str, rest: str) -> None:
    assert Decision.DECLINE is not parse(f"{word}{what}{rest}。", "", CONTEXT).decision


@given(st.sampled_from(_WORDS), _ABOUT_THE_CASE, _PARTICLE, _DOES, _PLANS)
def test_a_plan_a_wish_or_a_request_is_no_reason(
    word: str, what: str, particle: str, does: str, plan: str
) -> None:
    assert Decision.DECLINE is not parse(f"{word}{what}{particle}{does}{plan}。", "", CONTEXT).decision


@given(st.lists(st.text(string.ascii_lowercase, min_size=6, max_size=9), min_size=1, max_size=6))
@example(["nothing", "settled"])
def test_unknown_english_is_no_reason(said: list[str]) -> None:
    sentence = " ".join(f"q{each}" for each in said)
    assert Decision.NONE is parse(f"Declined. {sentence.capitalize()}.", "", CONTEXT).decision


_FAULTS = st.sampled_from(
    ["満員", "禁止事項", "欠格", "未提出の書類", "無断", "営業目的", "不審", "違反", "滞納", "重複", "虚偽"]
)
_DENY = st.sampled_from(
    [
        "ではありません",
        "に該当しません",
        "はありません",
        "は確認できません",
        "は見つかりませんでした",
        "とは認められません",
        "の申請ではないため",
        "をしていないことを確認しました",
        "がない者です",
    ]
)


@given(st.sampled_from((*_WORDS, "却下 理由：")), _FAULTS, _DENY)
def test_a_fault_that_is_denied_is_no_reason(word: str, fault: str, denied: str) -> None:
    for said in (f"{fault}{denied}", f"申請者は{fault}{denied}", f"本件は、{fault}{denied}"):
        assert Decision.DECLINE is not parse(f"{word}{said}。", "", CONTEXT).decision


@given(
    st.sampled_from((*_WORDS, "却下 理由：")),
    st.sampled_from(["私", "担当者", "上司", "課長", "同僚", "窓口", "当課", "後任"]),
    st.sampled_from(["は", "が", "の家族が", "の個人的な都合で", "も"]),
    st.sampled_from(
        ["退職しました", "異動したため", "民間企業に転職しました", "個人の意見です", "対象外です"]
    ),
)
def test_what_is_said_of_the_desk_is_no_reason(word: str, who: str, particle: str, what: str) -> None:
    assert Decision.DECLINE is not parse(f"{word}{who}{particle}{what}。", "", CONTEXT).decision


@given(
    st.sampled_from((*_WORDS, "却下 理由：", "却下します。\n理由：")),
    st.sampled_from(["所属が不明", "対象外", "申請書が不備", "要件を満たさない", "勤務先が違う"]),
    st.sampled_from(
        [
            *(
                "らしいです",
                "と聞きました",
                "と聞いています",
                "のようです",
                "だと思います",
                "のおそれがあります",
            ),
            *("かもしれません", "の予定です", "という噂です", "でも構いません", "でしたが、解消しました"),
            *("と鈴木が言っています", "でしたが直しました", "でも参加できます", "と誤解していました"),
        ]
    ),
)
def test_hearsay_a_guess_and_what_is_gone_are_no_reason(word: str, fault: str, turned: str) -> None:
    assert Decision.DECLINE is not parse(f"{word}{fault}{turned}。", "", CONTEXT).decision


@given(
    st.sampled_from(["承認できません。", "却下します。", "承認いたしかねます。"]),
    st.sampled_from(["権限", "時間", "決裁権", "人手", "知識", "パスワード", "余裕", "判断材料"]),
    st.sampled_from(["がないため", "がないので", "がわからないため", "が足りないので"]),
)
def test_who_cannot_decide_declines_nobody(word: str, means: str, lack: str) -> None:
    assert Decision.NONE is parse(f"{means}{lack}{word}", "", CONTEXT).decision


@given(
    st.sampled_from(["却下します。", "保留します。", "照会："]),
    st.sampled_from(["本人", "申請者", "手書さん", "先方"]),
    st.sampled_from(["言わ", "伝え", "知らせ", "話さ", "見せ", "教え"]),
    st.sampled_from(["ないで。", "ないでください。", "ないようにお願いします。", "ずにおいてください。"]),
)
def test_what_asks_for_silence_is_sent_to_nobody(word: str, who: str, tell: str, end: str) -> None:
    said = f"{word}所属が不明です。{who}には{tell}{end}"
    assert Decision.NONE is parse(said, "", CONTEXT).decision
