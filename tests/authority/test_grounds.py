"""A refusal in natural words counts with a reason of the closed kinds; any other text is shown, and wants
the code."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.replies.context import build_slots
from gateway.admission.replies.decision import parse
from gateway.admission.replies.grammar.grounds import english, japanese
from gateway.admission.replies.reading import Decision
from tests.support.replies import CONTEXT

CODED = replace(CONTEXT, code="4F7K")
SLOTS = build_slots(CONTEXT)
FAULTS = (
    "対象外",
    "対象外の団体",
    "民間企業",
    "退職済み",
    "所属が不明",
    "重複申請",
    "規約不同意",
    "虚偽",
    "部署名が空欄",
)
ENDS = ("のため", "です", "でした", "")
LIMITS = (
    *(
        "だったら",
        "なら",
        "であれば",
        "の場合",
        "と分かり次第",
        "な限り",
        "の際は",
        "のときは",
        "と判明した段階で",
    ),
    *(
        "の時点で",
        "に限り",
        "だけ",
        "のみ",
        "（仮）",
        "（案）",
        "（要再確認）",
        "※確認待ち",
        "／要確認",
        "→確認",
    ),
    *("かどうか不明", "または重複", "か否か", "は誤記でした", "は解消", "だが特例で可", "だったが今は違う"),
    *("は来年から", "と鈴木の見立て", "のもう片方", "とは限らない", "？", "のはず", "っぽい"),
)
# One row of each kind and of each way in which its sentence may end.
READ = (
    *(
        "却下します。所属する団体が参加の対象ではないためです。",
        "却下します。指定管理者の職員の方は対象外です。",
    ),
    *("却下します。3月末で退職されているとのことでした。", "却下します。職員ではないことが確認されたため。"),
    *("却下します。団体名の記載に誤りがあり、所属が特定できませんでした。", "却下　在籍確認できず"),
    *("却下します。申請内容に虚偽の記載がありました。", "却下します。規約に同意いただけていないため。"),
    *("却下します。氏名と所属が名簿と一致しませんでした。", "却下します。重複申請のため。"),
    *("不承認\n理由　在籍確認が取れないため", "却下\n対象外", "却下（重複のため）"),
    *("Rejected. Not a government employee.", "Declined: he has left the organisation."),
)
ENGLISH_LIMITS = (" if", " unless confirmed", " maybe", " for now", " or a duplicate", " until then", "?")


@pytest.mark.parametrize("text", READ)
def test_a_refusal_with_its_reason_is_read(text: str) -> None:
    assert Decision.DECLINE is parse(text, "", CONTEXT).decision


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("end", ENDS)
def test_each_fault_is_a_reason_as_a_fact(fault: str, end: str) -> None:
    assert japanese.is_ground(fault + end, SLOTS)


@given(
    st.sampled_from(("却下します。", "却下：", "却下します。\n理由：", "不承認とします。\n")),
    st.sampled_from(FAULTS),
    st.sampled_from(LIMITS),
)
def test_a_limit_makes_it_unclear(word: str, fault: str, limit: str) -> None:
    assert Decision.NONE is parse(f"{word}{fault}{limit}。", "", CONTEXT).decision


@given(
    st.sampled_from(FAULTS), st.sampled_from(ENDS), st.text("あかさたなはまやらわをんがでとのだ", min_size=3)
)
def test_nothing_else_stands_in_a_reason(fault: str, end: str, rest: str) -> None:
    for said in (f"{fault}{end}{rest}", f"{rest}{fault}{end}"):
        assert not japanese.is_ground(said, SLOTS)


@given(
    st.sampled_from(("not eligible", "private company", "he has retired")), st.sampled_from(ENGLISH_LIMITS)
)
def test_a_limit_in_english_is_no_reason(fault: str, limit: str) -> None:
    assert english.is_ground(fault)
    assert not english.is_ground(fault + limit)


def test_another_reason_counts_by_the_code_and_is_passed_on() -> None:
    said = "申請者の所属は当会の定める地域にありません。"
    read = parse(f"却下します。{said}", "", CODED)
    assert (Decision.NONE, (said,)) == (read.decision, read.unread)
    coded = parse(f"却下 4F7K\n\n{said}", "", CODED)
    assert (Decision.DECLINE, said, True) == (coded.decision, coded.note, coded.by_code)
