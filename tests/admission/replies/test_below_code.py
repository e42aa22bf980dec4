"""Words that count beside the code alone: what they take, and that nothing beside them decides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.replies.decision import parse
from gateway.admission.replies.notes.correction import read_correction
from gateway.admission.replies.reading import Decision
from tests.support.replies import CONTEXT, ROWS

CODED = replace(CONTEXT, code="4F7K")
WORDS = {
    "返信": (Decision.REPLY, "資料は、来週お送りします。"),
    "メモ": (Decision.MEMO, "総務課に電話で伺いました。"),
    "取り下げ": (Decision.WITHDRAW, ""),
    "審査再開": (Decision.REOPEN, ""),
    "訂正": (Decision.CORRECT, "団体: 見本町\n理由: 電話で確かめました"),
}
EACH = pytest.mark.parametrize(("word", "said", "text"), [(w, d, t) for w, (d, t) in WORDS.items()])


@EACH
def test_word_and_code_on_the_first_line_count(word: str, said: Decision, text: str) -> None:
    for body in (
        f"{word} 4F7K\n\n{text}\n",
        f"{word}4f7k\n\n{text}\n\n佐藤 一郎\n",
        f"{word} [4F7K]\n\n{text}",
    ):
        got = parse(body, "", CODED)
        assert (said, True, text) == (got.decision, got.by_code, got.note)


@EACH
@pytest.mark.parametrize(
    "body",
    [
        "{word}\n\n{text}",  # no code
        "{word}: {text}",
        "{word}します。\n\n{text}",
        "{word} 4F7M\n\n{text}",  # another code
        "{word}しません 4F7K\n\n{text}",  # negated
        "{word} 4F7Kではありません\n\n{text}",
        "{word}? 4F7K\n\n{text}",  # a question
        "> {word} 4F7K\n>\n> {text}",  # a quotation
        "お世話になっております。\n{word} 4F7K\n\n{text}",  # not the first line
        "{word} 4F7K\n承認します。\n\n{text}",
        "{word} 4F7K\n\n{text}\n\n承認します。",  # a second sentence, which decides
        "{word} 4F7K\n\n却下\n\n{text}",
        "承認 4F7K\n\n{word} 4F7K\n{text}",
        "{word} 4F7K 取り下げ 4F7K\n\n{text}",
    ],
)
def test_what_is_near_it_does_nothing(word: str, said: Decision, text: str, body: str) -> None:
    assert Decision.NONE is parse(body.format(word=word, text=text), "", CODED).decision, said


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("返信", "やはり送らないでください。"),
        ("返信", "テストです。"),
        ("返信", "承認してよいですか。"),
        ("取り下げ", "まだ迷っています。"),
        ("取り下げ", "申請者に確認中です。"),
        ("審査再開", "たぶん。"),
        ("訂正", "団体: 見本町"),
        ("訂正", "理由: 電話で確かめました"),
        ("訂正", "団体: 見本町\n団体: 見本市\n理由: 電話で確かめました"),
        ("訂正", "団体: 見本町?\n理由: 電話で確かめました"),
        ("訂正", "区分: 民間\n理由: 電話で確かめました"),
        ("訂正", "団体: 見本町\n理由: やっぱり間違いかもしれません"),
        ("訂正", "団体: 見本町\n理由: 電話で確かめました\n別の方の分です。"),
    ],
)
def test_doubt_or_an_incomplete_text_changes_nothing(word: str, text: str) -> None:
    got = parse(f"{word} 4F7K\n\n{text}", "", CODED)
    assert got.decision is Decision.NONE or (word == "訂正" and not got.note)


@pytest.mark.parametrize("html", ["承認 4F7K", "メモ 4F7K\n\n却下します。", "何か別の文です。"])
def test_html_that_shows_something_else_leaves_all_as_it_is(html: str) -> None:
    assert Decision.NONE is parse("メモ 4F7K\n\n電話済み。", "", CODED, html_text=html).decision


_BESIDE = st.sampled_from([row["body"] for row in ROWS]) | st.text(max_size=80)
_CHANGES_NOTHING_ELSE = {said for said, _ in WORDS.values()} | {Decision.NONE}


@given(word=st.sampled_from(sorted(WORDS)), beside=_BESIDE, own=st.booleans())
def test_no_sentence_beside_such_a_word_decides_a_case(word: str, beside: str, own: bool) -> None:
    text = WORDS[word][1] if own else ""
    got = parse(f"{word} 4F7K\n\n{text}\n{beside}", "", CODED)
    assert got.decision in _CHANGES_NOTHING_ELSE


@given(st.sampled_from(sorted(WORDS)), _BESIDE)
def test_without_the_code_none_of_them_counts(word: str, beside: str) -> None:
    got = parse(f"{word}\n\n{beside}", "", CODED)
    assert got.decision not in _CHANGES_NOTHING_ELSE - {Decision.NONE}


@given(st.sampled_from(["取り下げ", "審査再開"]), st.text("あいうえお漢字。、?", min_size=2, max_size=40))
def test_what_is_not_understood_beside_a_word_without_text_stops_it(word: str, beside: str) -> None:
    got = parse(f"{word} 4F7K\n\nただし{beside}", "", CODED)
    assert Decision.NONE is got.decision


def test_a_correction_names_what_changes_and_why() -> None:
    found = read_correction("団体名：見本県見本町\n区分: 自治体\n理由: 電話")
    assert found is not None
    assert ("見本県見本町", "local", "電話") == (found.organisation, found.category, found.reason)
    assert read_correction("団体: <b>見本</b>\n理由: 電話") is None
