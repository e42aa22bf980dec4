"""A form of the console is read as a reply by word and code: it says its own word, or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.admission.replies.commands.typed import WORDS, read_typed
from gateway.admission.replies.context import NO_CONTEXT, ReplyContext
from gateway.admission.replies.decision import parse
from gateway.admission.replies.grammar.vocabulary import CLOSED_WORDS, STEMS
from gateway.admission.replies.reading import Decision
from gateway.mail.text import fold

SENT = {Decision.DECLINE, Decision.ASK, Decision.REPLY, Decision.MEMO}
CONTEXT = ReplyContext(member_names=("佐藤",), case_number="K7QM-4T", today=date(2026, 11, 24))
NOTHING = Decision.NONE
_PIECES = st.sampled_from(
    [
        *sorted(CLOSED_WORDS),
        "対象の団体ではないためです。",
        "ただし",
        "しません",
        "4F7K",
        "\n",
        " ",
        "？",
        "1",
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=6).map("".join))


@given(word=st.sampled_from(sorted(WORDS)), text=TEXTS)
@settings(max_examples=300, deadline=None)
def test_a_form_says_its_own_word_or_nothing(word: Decision, text: str) -> None:
    reading = read_typed(word, text, None, CONTEXT)
    assert reading.decision in {word, NOTHING}
    assert reading.by_code or reading.decision is NOTHING


@given(word=st.sampled_from(sorted(WORDS)), text=TEXTS)
@settings(max_examples=200, deadline=None)
def test_no_form_says_more_than_the_same_reply_by_mail(word: Decision, text: str) -> None:
    """The code of a real letter in the place of the one that the form is read with."""
    code = "9ZQ8"
    reading = read_typed(word, text, None, CONTEXT)
    if reading.decision is NOTHING or code.casefold() in text.casefold():
        return
    mailed = parse(f"{WORDS[word]} {code}\n\n{text}", "", replace(CONTEXT, code=code))
    if reading.note == text.strip() and not STEMS.search(fold(text)) and word in SENT:
        return  # passed on as written
    assert (mailed.decision, mailed.note, mailed.until) == (reading.decision, reading.note, reading.until)


@pytest.mark.parametrize(
    ("word", "text", "until", "wanted"),
    [
        (Decision.APPROVE, "", None, Decision.APPROVE),
        (Decision.APPROVE, "却下", None, NOTHING),
        (Decision.DECLINE, "承認します。", None, NOTHING),
        (Decision.DECLINE, "対象の団体ではないためです。", None, Decision.DECLINE),
        (Decision.DECLINE, "承認 4F7K", None, NOTHING),
        (Decision.DECLINE, "職員でない方は参加できません。", None, Decision.DECLINE),
        (Decision.DECLINE, "対象外の団体です。\nお問い合わせは電話でお願いします。", None, Decision.DECLINE),
        (Decision.DECLINE, "やはり承 認してください。", None, NOTHING),
        (Decision.DECLINE, "この却下は取り消します。", None, NOTHING),
        (Decision.DECLINE, "please approve", None, NOTHING),
        (Decision.DECLINE, "…", None, NOTHING),
        (Decision.ASK, "もし異動があれば、新しい部署名を教えてください。", None, Decision.ASK),
        (Decision.REPLY, "条件が合えば来週ご連絡します。よろしいでしょうか？", None, Decision.REPLY),
        (Decision.MEMO, "ただし、町長の了解待ち。", None, Decision.MEMO),
        (Decision.MEMO, "x" * 1_001, None, NOTHING),
        (Decision.APPROVE, "ただし、来月からです。", None, NOTHING),
        (Decision.HOLD, "", date(2026, 12, 1), Decision.HOLD),
        (Decision.HOLD, "12月3日まで", date(2026, 12, 1), NOTHING),
        (Decision.HOLD, "12月1日まで", date(2026, 12, 1), Decision.HOLD),
        (Decision.MEMO, "電話しました。", None, Decision.MEMO),
        (Decision.TAKE, "", None, Decision.TAKE),
        (Decision.UNDO, "", None, Decision.UNDO),
    ],
)
def test_what_a_form_says(word: Decision, text: str, until: date | None, wanted: Decision) -> None:
    reading = read_typed(word, text, until, CONTEXT)
    assert wanted is reading.decision
    assert wanted is NOTHING or until == reading.until
    assert wanted is NOTHING or reading == read_typed(word, text, until, replace(CONTEXT, code="4F7K"))


@pytest.mark.parametrize("word", sorted(set(Decision) - set(WORDS)))
def test_no_form_has_another_word(word: Decision) -> None:
    with pytest.raises(KeyError):
        read_typed(word, "", None, NO_CONTEXT)
