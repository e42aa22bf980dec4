"""How the lines of a text are split, compared and told apart."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail import lines as mail_lines
from gateway.mail.lines import (
    find_head,
    find_mark,
    fold_line,
    has_sentence_end,
    is_plain,
    is_quoted,
    is_rule,
    split_lines,
)
from tests.support.mail_texts import MAIL_TEXTS


@pytest.mark.parametrize(
    "head",
    [
        "2026年11月20日(金) 10:05 招待受付 <desk@example.go.jp>:",
        "2026年11月20日(金) 10:05 招待受付窓口(事務局)\n<desk@example.go.jp>:",
        "2026-11-20 10:05 に 招待受付 さんは書きました:",
        "-----元のメッセージ-----",
        "-----Original Message-----",
        "---------- Forwarded message ---------",
        "-------- 転送メッセージ --------",
        "差出人: 招待受付 <desk@example.go.jp>\n送信日時: 2020年5月21日 16:15\n宛先: 担当\n件名: 申請",
        "*差出人:* 招待受付\n*送信日時:* 2020年5月21日 16:15",
        "From: desk <desk@example.go.jp>\nSent: Friday, November 20, 2026 10:05 AM\nTo: staff",
        "On 2026/11/20 10:05, 招待受付 wrote:",
        "On Fri, Nov 20, 2026 at 10:05 AM 招待受付\n<desk@example.go.jp> wrote:",
        "(2014/08/05 3:51), Taro wrote:",
        "2026/11/20 10:05、招待受付 <desk@example.go.jp>のメール:",
        "招待受付 <desk@example.go.jp> wrote:",
    ],
)
def test_the_head_of_an_old_mail_is_known(head: str) -> None:
    assert len(head.split("\n")) == find_head([*map(fold_line, head.split("\n")), "", "承認"], 0)


@pytest.mark.parametrize(
    "line",
    [
        "差出人: のことですが、却下します。",
        "2026年11月20日に確認しました。",
        "課名は 10:05 のとおりです:",
        "a - b",
    ],
)
def test_ordinary_lines_are_no_heads_and_no_marks(line: str) -> None:
    assert (0, "") == (find_head([fold_line(line), "", "承認"], 0), find_mark(line))


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("-- ", "signature"),
        ("--", "signature"),
        ("iPhoneから送信", "signature"),
        ("Sent from my iPhone", "signature"),
        ("────────────", "footer"),
        ("=====================", "footer"),
        ("-*-*-*-*-*-*-", "footer"),
        ("承認", ""),
    ],
)
def test_a_mark_announces_what_follows(line: str, mark: str) -> None:
    assert mark == find_mark(line)
    assert is_rule(line) == (mark == "footer")


@pytest.mark.parametrize("mark", [">", "> ", "＞", "| ", "｜", " > ", "&gt; "])
def test_marks_of_quotation(mark: str) -> None:
    assert is_quoted(f"{mark}承認")
    assert not is_quoted(f"承認{mark}")


@pytest.mark.parametrize("word", ["YT> ", "PS> ", "But>", "訂正> "])
def test_a_word_with_a_sign_is_no_mark_of_quotation(word: str) -> None:
    assert not is_quoted(f"{word}承認")


def test_only_cr_and_lf_end_a_line() -> None:
    assert ["承認\u2028> x", "> y。", "z"] == split_lines("承認\u2028> x\r\n> y。\rz")


def test_folding_makes_white_space_and_width_equal() -> None:
    assert fold_line(" ａ　 b\u200b ") == "a b"


def test_the_end_of_a_sentence_may_stand_before_a_bracket() -> None:
    assert has_sentence_end("終わりです。」 ")
    assert not has_sentence_end("続き、")


@settings(max_examples=1_000)
@given(MAIL_TEXTS)
def test_no_line_of_a_plain_text_is_a_mark_or_a_quotation_or_a_head(text: str) -> None:
    if not is_plain(text):
        return
    lines = split_lines(text)
    folded = list(map(fold_line, lines))
    assert not any(map(is_quoted, lines))
    assert not any(find_mark(line) for line in lines)
    assert not any(find_head(folded, at) for at in range(len(lines)))


@pytest.mark.parametrize(
    "text",
    [
        "参加を申請します。\n\n団体名: 例示市\n氏名: 見本 花子\n規約への同意: 同意する\n",
        "見本です。\n\n総務課（内線 12）\n・業務で使います。",
        "- Name: Hanako Mihon\n- Consent: I agree",
    ],
)
def test_most_texts_are_plain(text: str) -> None:
    assert is_plain(text)


def test_a_line_that_is_cut_is_not_plain() -> None:
    assert not is_plain("あ" * 1_001)


NEAR = st.lists(
    st.lists(
        st.sampled_from(
            ("2026年11月20日 10:05", "招待受付 <desk@example.go.jp>", "On ", " wrote", ":", "あ" * 90)
        ),
        max_size=4,
    ).map("".join),
    min_size=1,
    max_size=4,
)


@settings(max_examples=1_000)
@given(NEAR)
def test_an_attribution_is_found_as_by_joining_line_after_line(lines: list[str]) -> None:
    folded = list(map(fold_line, lines))
    joined, found = "", 0
    for reach, line in enumerate(folded[:3], start=1):
        joined = f"{joined} {line}".strip()
        if found or not line or len(joined) > 250:
            break
        found = reach if mail_lines._ATTRIBUTION.fullmatch(joined) else 0
    assert found == find_head(folded, 0)


_SENT_WORDS = """
    sent from via my get outlook mail for ios iphone Android 私の から送信 版 を入手
"""
SENT = st.lists(
    st.sampled_from((*_SENT_WORDS.split(), " ")) | st.text(max_size=1),
    max_size=7,
).map("".join)


@settings(max_examples=1_000)
@given(SENT)
def test_a_line_that_no_device_adds_at_a_glance_is_none_for_the_pattern(text: str) -> None:
    folded = fold_line(text)
    if not mail_lines.may_be_sent_from(folded):
        assert mail_lines._SENT_FROM.fullmatch(folded) is None


@settings(max_examples=3_000)
@given(
    st.sampled_from(
        (
            "スマートフォン",
            "ス",
            "モ",
            "私の",
            "携帯電話",
            "あ",
            "ガ",
            "カ\u3099",
            "見",
            "ー",
            "一",
            "―― ",
            "　--",
        )
    ),
    SENT,
    st.sampled_from(("", " ", "　", "\u3000\x1f")),
)
def test_a_line_of_prose_is_no_mark(begun: str, rest: str, blank: str) -> None:
    line = f"{blank}{begun}{rest}"
    if mail_lines._PROSE.match(line) is not None:
        assert mail_lines._DELIMITER.fullmatch(line.strip("　")) is None
        assert mail_lines._SENT_FROM.fullmatch(fold_line(line)) is None
        assert not mail_lines.is_rule(line)


def test_no_format_character_is_printable() -> None:
    found = mail_lines._FORMAT.findall("".join(map(chr, range(sys.maxunicode + 1))))
    assert found
    assert not any(map(str.isprintable, found))
