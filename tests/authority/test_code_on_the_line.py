"""Word and code as people write them, the text behind them, and what is asked only behind the code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.decision import parse
from gateway.admission.replies.reading import Decision
from tests.support.replies import CONTEXT

CODED = replace(CONTEXT, code="4F7K")


def show(*unread: str) -> ReplyContext:
    """The context of a reply to our answer that showed these sentences."""
    return replace(CODED, shown_unread=unread)


@pytest.mark.parametrize(
    "text",
    [
        *("承認 4F7K", "承認します 4F7K", "承認：4F7K", "承認: 4F7K", "4F7K 承認", "承認いたします 4F7K"),
        *("承認 符号4F7K", "承認 確認符号: 4F7K", "承認 4F7K 佐藤", "承認 ４Ｆ７Ｋ", "承認【4F7K】"),
    ],
)
def test_word_and_code(text: str) -> None:
    got = parse(text, "", CODED)
    assert (Decision.APPROVE, True) == (got.decision, got.by_code)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "承認しません 4F7K",
            "承認？ 4F7K",
            "4F7K 承認？",
            "承認 4F7K 取消",
            "承認 4F7K 12月1日以降",
            "承認 4F7K？",
        ),
        *(
            "承認 4F7K 却下",
            "承認待ち 4F7K",
            "4F7K",
            "承認 4F7J",
            "承認 4F7J 佐藤",
            "承認：4F7J",
            "4F7J 承認",
        ),
        *(
            "承認 4F7K ただし在籍確認後",
            "承認予定です 4F7K",
            "「承認 4F7K」",
            "> 承認 4F7K",
            "承認 4F7K 佐藤\n続き",
        ),
    ],
)
def test_no_word_and_code(text: str) -> None:
    assert Decision.NONE is parse(text, "", CODED).decision


@pytest.mark.parametrize("text", ["承認 4F7J 佐藤", "却下 4F7J 対象外のため", "4F7J 承認", "承認します 4F7J"])
def test_every_wrong_code_is_counted(text: str) -> None:
    assert "code" == parse(text, "", CODED).kind


@pytest.mark.parametrize(
    ("text", "decision", "note"),
    [
        ("却下 4F7K 対象外の団体のため", Decision.DECLINE, "対象外の団体のため"),
        ("却下 4F7K\n\n対象外の団体のため", Decision.DECLINE, "対象外の団体のため"),
        ("照会 4F7K 部署名を教えてください", Decision.ASK, "部署名を教えてください"),
        ("照会　4F7K　部署名を教えてください。", Decision.ASK, "部署名を教えてください。"),
        ("保留 4F7K 12月10日", Decision.HOLD, "12月10日"),
    ],
)
def test_the_text_behind_the_code_is_the_note(text: str, decision: Decision, note: str) -> None:
    got = parse(text, "", CODED)
    assert (decision, note, True) == (got.decision, got.note, got.by_code)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "照会：4F7Kの部署名を教えてください",
            "保留 12月10日 4F7K",
            "照会します。\n部署名を教えてください 4F7K",
        ),
        *("照会 4F7K\n\n部署名は4F7Kですか", "返信 4F7K\n\n符号は 4f7k です", "却下：対象外のため 4F7K"),
    ],
)
def test_no_text_holds_the_code(text: str) -> None:
    got = parse(text, "", CODED)
    assert "4F7K" not in got.note.upper()


LEADING = (
    "部署名を https://evil.example/form に入力してください。",
    "部署名を evil@evil.example に送ってください。",
    "www.evil.example に部署名を入力してください。",
    "パスワードを教えてください。",
    "暗証番号を教えてください。",
    "マイナンバーを教えてください。",
    "クレジットカード番号を教えてください。",
    "口座番号を教えてください。",
)


@pytest.mark.parametrize("question", LEADING)
@pytest.mark.parametrize("word", ["照会：", "照会します。\n", "照会 4F7K\n\n"])
def test_what_leads_elsewhere_is_shown_first(word: str, question: str) -> None:
    got = parse(f"{word}{question}", "", CODED)
    assert (Decision.NONE, True) == (got.decision, bool(got.unread))
    again = parse(f"照会 4F7K\n\n質問：{question}", "", show(*got.unread))
    assert (Decision.ASK, question) == (again.decision, again.note)


@pytest.mark.parametrize(
    "question", ["電話番号を教えてください。", "職員番号と団体コードを教えてください。", "内線番号は？"]
)
def test_what_an_application_is_made_of_is_asked(question: str) -> None:
    assert Decision.ASK is parse(f"照会：{question}", "", CODED).decision


def test_a_reason_that_was_shown_goes_with_the_code() -> None:
    said = "申請者の所属は当会の定める地域にありません。"
    shown = parse(f"却下します。{said}", "", CODED).unread
    got = parse(f"却下 4F7K\n\n{said}", "", show(*shown))
    assert (Decision.DECLINE, said) == (got.decision, got.note)


def test_a_doubt_that_was_shown_is_left_out_and_named() -> None:
    shown = parse("却下します。まだ迷っています。", "", CODED).unread
    got = parse("却下 4F7K\n\nまだ迷っています。", "", show(*shown))
    assert (Decision.DECLINE, "", ("まだ迷っています。",)) == (got.decision, got.note, got.left_out)
