"""Reading a staff reply: every labelled row, near misses, and no approval by accident."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.replies.decision import parse, parse_fresh
from gateway.admission.replies.reading import Decision
from gateway.printing.statement import Statement
from tests.support.replies import CONTEXT, FIRST_LETTER, ROWS, is_automatic

# Rows whose label differs from the rules: the rules count.
# R020: 「①番の方です」 is a sentence of no known kind beside an approval, so it is asked for again.
# R087: taking back in any clear form is an undo.
OTHERWISE = {"R020": Decision.NONE, "R087": Decision.UNDO}

LETTER_SUBJECTS = {
    "R": "【要確認】参加申請 [REQ-7F3K2A]",
    "T": "【審査依頼 K7QM-4T】見本市 手書 花子 様の参加申請",
}


def expected(row: dict[str, Any]) -> str:
    """What a row must be read as; `word` names what decides nothing about a case."""
    return OTHERWISE.get(row["id"], row.get("word", row["expected"]))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_labelled_reply(row: dict[str, Any]) -> None:
    context = replace(CONTEXT, letter_subject=LETTER_SUBJECTS[row["id"][0]])
    got = parse(row["body"], row["subject"], context, automatic=is_automatic(row))
    assert expected(row) == got.decision, row["why"]
    assert got.why
    # A day is told as it was written, and read as such.
    note = got.note if got.until is None else f"{got.note} {got.until}"
    assert row.get("note", "") in note


@pytest.mark.parametrize("row", [row for row in ROWS if not is_automatic(row)], ids=lambda row: row["id"])
def test_without_quote_cutting_nothing_is_read_wrongly(row: dict[str, Any]) -> None:
    assert parse_fresh(row["body"]).decision in {expected(row), Decision.NONE}


@pytest.mark.parametrize(
    "text",
    [
        "承認いたします",
        "許可します",
        "【承認】",
        "承認！",
        "1. 承認",
        "☑承認",
        "こちら承認します。",
        "お世話になっております。例示課の見本です。\n本申請を承認します。\n以上、よろしくお願いいたします。",
        "承認します\nよろしくお願いします",
        "事務局 御中\n承認します。",
        "【外部メール】\n承認します。",
        "【外部メール】 承認します。",
        "===========\nこのメールは外部から届きました。\n===========\n承認します。",
        "CAUTION: This email originated from outside of the organization. Do not click links or open\n"
        "attachments unless you recognize the sender and know the content is safe.\n\nApproved.",
        "> 承認するかどうか\n\n承認します。",
        "> ご判断をお願いします。\n承認します。\n> 期限: 2026年12月2日(水)",
        "承認します。\n\niPhoneから送信",
        "Hello,\nApproved.\nBest regards,\nTaro",
        "We approve the application.",
        "Approved, thanks.",
        "電話で本人に確認が取れました。承認します。",
        "市のホームページで課名を確認しました。承認します。",
        "町の代表番号に確認しました。承認します。",
        "審査しました。承認します。",
        "スマホから失礼します。承認です。",
        "外出先からすみません。承認します。",
    ],
)
def test_approving(text: str) -> None:
    assert parse(text, "", CONTEXT).decision is Decision.APPROVE


@pytest.mark.parametrize(
    "text",
    [
        "電話で本人に確認します。承認します。",
        "電話で本人に確認しましたか。承認します。",
        "本人が確認しました。承認します。",
        "町の代表番号に確認したら承認します。",
        "審査しましたら承認します。",
        "他市のホームページで承認を確認しました。承認します。",
        "スマホからの承認です、失礼します。",
        "外出先からすみません。承認しますか。",
        "課名に確認を求めました。承認します。",
    ],
)
def test_a_check_that_is_still_to_come_or_anothers_word_approves_nothing(text: str) -> None:
    assert parse(text, "", CONTEXT).decision is not Decision.APPROVE


@pytest.mark.parametrize(
    "text",
    [
        "承認してもよいですか",
        "承認予定です",
        "承認済みです",
        "承認したいと思います",
        "未承認",
        "□承認",
        "[ ] 承認",
        "承認\n却下\n照会\n保留",
        "承認願います",
        "承認...",
        "承認。。。",
        "承認…",
        "承認‥",
        "承認、、",
        "承認:",
        "承認、\n\nただし",
        "承認\u0336します",
        "~~承認~~",
        "\u0430pprove",
        "承認します\nが、条件があります",
        "承認します。とは言えません",
        "「承認します。」と書けばよいですか",
        "承認\n待ちです",
        "不\n承認",
        "明日\n承認します。",
        "承認します。\nただし条件付きです。",
        "承認します。これでよいですか？",
        "承認します。\nや\nっぱり待っ\nてください",
        "承認します!\n?",
        "承認します。\u2028ではない",
        "I never said\nI approve this application",
        "Not yet\napproved.",
        "Approved\nby mistake",
        "Mr. Approve",
        "承認の取消",
        "承認: 在籍確認済み",
        "このメールは自動応答です。\n承認します。",
        "却下しません",
        "却下\nしません",
        "保留解除",
        "照会済みです",
        "> 申請を\n承認\n> します",
        "承認します。" + "あ" * 30_000,
    ],
)
def test_deciding_nothing(text: str) -> None:
    assert parse(text).decision is Decision.NONE


@pytest.mark.parametrize(
    ("text", "decision", "note"),
    [
        ("却下\n所属が確認できません。", Decision.DECLINE, "所属が確認できません。"),
        ("却下: 所属が確認できません", Decision.DECLINE, "所属が確認できません"),
        ("却下します。理由：対象外の団体のため。", Decision.DECLINE, "対象外の団体のため。"),
        ("却下します。\nよろしくお願いします。", Decision.DECLINE, ""),
        ("却下します。\n\n-- \n見本", Decision.DECLINE, ""),
        (
            "却下します。\n理由: 団体コードを照会しましたが、該当がありません。",
            Decision.DECLINE,
            "団体コードを照会しましたが、該当がありません。",
        ),
        ("残念ながら却下します。", Decision.DECLINE, ""),
        ("却下します。①所属が確認できません。", Decision.DECLINE, "①所属が確認できません。"),
        (
            "Declined\nThe organisation is not eligible.",
            Decision.DECLINE,
            "The organisation is not eligible.",
        ),
        ("Decline\nReason: not eligible", Decision.DECLINE, "not eligible"),
        ("照会\n課名は？", Decision.ASK, "課名は？"),
        (
            "照会: 承認の前に確認です。\n団体コードは何ですか？",
            Decision.ASK,
            "承認の前に確認です。\n団体コードは何ですか？",
        ),
        ("差し戻し：課名が違います", Decision.ASK, "課名が違います"),
        ("保留 12/1まで", Decision.HOLD, "12/1まで"),
        ("12月1日まで保留します", Decision.HOLD, "12月1日まで"),
        ("保留（12月1日まで）", Decision.HOLD, "12月1日まで"),
        ("hold until 2026-12-01", Decision.HOLD, "until 2026-12-01"),
        ("取消", Decision.UNDO, ""),
        ("取り消します。", Decision.UNDO, ""),
        ("undo this", Decision.UNDO, ""),
    ],
)
def test_other_decisions_and_their_notes(text: str, decision: Decision, note: str) -> None:
    got = parse(text, "", CONTEXT)
    assert (decision, note) == (got.decision, got.note)


def test_a_note_is_bounded() -> None:
    assert Statement("too_long") == parse("却下: 対象外です。" + "\n対象外です。" * 200).why


@pytest.mark.parametrize(
    "subject", ["自動応答: 申請", "【自動返信】申請", "Automatic reply: x", "[外部] Re: 申請"]
)
def test_a_subject_does_not_make_a_reply_automatic_nor_decide(subject: str) -> None:
    assert "subject" == parse("承認します。", subject).kind
    assert Decision.NONE is parse("よろしくお願いします。", f"{subject} 承認").decision


def test_a_word_of_another_decision_in_the_subject_makes_the_mail_unclear() -> None:
    context = replace(CONTEXT, letter_subject="【承認のお願い K7QM-4T】")
    assert parse("却下します。", "Re: 【承認のお願い K7QM-4T】", context).decision is Decision.DECLINE
    assert parse("承認します。", "承認 Re: 【承認のお願い K7QM-4T】", context).decision is Decision.APPROVE
    assert parse("承認します。", "却下 Re: 【承認のお願い K7QM-4T】", context).kind == "subject"


def test_a_letter_of_ours_decides_nothing_and_is_taken_out() -> None:
    assert parse(FIRST_LETTER).decision is Decision.NONE
    assert parse(FIRST_LETTER, "", CONTEXT).decision is Decision.NONE
    assert parse(f"承認します。\n\n{FIRST_LETTER}", "", CONTEXT).decision is Decision.APPROVE


TRAPS = [row["body"] for row in ROWS if expected(row) != "approve" and not is_automatic(row)]
BANNERS = st.sampled_from(
    [
        "",
        "【外部メール】\n",
        "[EXTERNAL]\n\n",
        "※このメールは外部から届きました。\n",
        "CAUTION: external sender\n",
    ]
)
SIGNATURES = st.sampled_from(
    ["", "\n-- \n承認担当 見本", "\n\niPhoneから送信", "\n──────\n例示課\n承認", "\n\nよろしくお願いします。"]
)
QUOTES = st.sampled_from(["", "> ", "＞", "| ", "> > "])


def wrapped(text: str, width: int, letters: bool) -> str:
    """The text as a mailer wraps it: between words, or anywhere as in Japanese."""
    if letters:
        return "\n".join(
            "\n".join(line[at : at + width] for at in range(0, len(line), width)) for line in text.split("\n")
        )
    return "\n".join(
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )


@given(st.sampled_from(TRAPS), st.integers(1, 40), st.booleans(), QUOTES, BANNERS, SIGNATURES)
def test_no_mutation_of_another_reply_approves(
    text: str, width: int, letters: bool, quote: str, banner: str, signature: str
) -> None:
    body = "\n".join(quote + line for line in wrapped(text, width, letters).split("\n"))
    assert parse(banner + body + signature).decision is not Decision.APPROVE


@given(st.sampled_from(TRAPS), st.integers(1, 40), QUOTES)
def test_wrapping_a_quotation_afterwards_approves_nothing(text: str, width: int, quote: str) -> None:
    body = "\n".join(quote + line for line in text.split("\n"))
    assert parse(wrapped(body, width, letters=True)).decision is not Decision.APPROVE


@given(st.text(max_size=500), st.text(max_size=50), st.frozensets(st.text(max_size=20), max_size=3))
def test_any_text_is_read(text: str, subject: str, own_lines: frozenset[str]) -> None:
    got = parse(text, subject, replace(CONTEXT, letter_lines=tuple(own_lines)), html_text=text)
    assert got.why
    assert len(got.note) <= 1_000


PIECES = st.sampled_from(
    [
        "承認",
        "却下",
        "します",
        "。",
        "、",
        "\n",
        "\n\n",
        "「",
        "」",
        "(",
        ")",
        "?",
        "不",
        "ない",
        "照会:",
        "approve",
        " not ",
        "> ",
        "・",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_an_approval_is_a_sentence_of_its_own(text: str) -> None:
    if parse(text).decision is Decision.APPROVE:
        own = "\n".join(line for line in text.split("\n") if not line.startswith("> "))
        assert not any(other in own for other in ("却下", "照会", "不承認", "?", "承認ない", "「承認"))
