"""Which lines of a reply become known lines of its writer's signature, and what they may never be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.intake.staff.known_lines import can_be_known, find_signature_lines
from gateway.admission.replies.decision import parse
from gateway.admission.replies.grammar.parsing.explanation import explain
from gateway.admission.replies.grammar.vocabulary import TERMINALS
from gateway.admission.replies.reading import Decision
from gateway.admission.replies.text.own_words import has_stem, split
from tests.support.authority import load
from tests.support.replies import CONTEXT

SLOGAN = "ふるさと納税受付中！"
FOLDED = "ふるさと納税受付中!"


@pytest.mark.parametrize(
    ("text", "learned"),
    [
        (f"承認します。\n\n佐藤 一郎\n{SLOGAN}", (FOLDED,)),
        (f"承認します。\n\n見本省 情報政策課\n{SLOGAN}\n佐藤", (FOLDED,)),
        (f"承認します。\n\n-- \n{SLOGAN}", (FOLDED,)),
        (f"承認します。\n─────\n{SLOGAN}\n─────", (FOLDED,)),
        (f"よろしいですか\n\n佐藤 一郎\n{SLOGAN}", (FOLDED,)),  # decides nothing, and is signed
        ("承認します。\n\n佐藤 一郎\n見本省 情報政策課\nTEL 03-0000-0000", ()),  # known already
        (f"承認します。\n\n{SLOGAN}", ()),
        (f"承認します。\n\n{SLOGAN}\n佐藤 一郎", ()),  # above every sign of a signature
        (f"承認します。\n{SLOGAN}", ()),  # at the word
        (f"{SLOGAN}\n\n承認します。", ()),  # above it
        (f"佐藤 一郎\n{SLOGAN}\n\n承認します。", ()),
        (f"承認します。\n\n> 佐藤 一郎\n> {SLOGAN}", ()),
        (f"承認します。\n\n2026/11/28 10:05、鈴木 <suzuki@staff.example>のメール:\n\n{SLOGAN}", ()),
        ("承認します。\n\n佐藤\n先に在籍確認をしてください。", ()),
        ("承認します。\n\n佐藤\n招待はまだ送らないでください。", ()),
        ("承認します。\n\n佐藤\nこれでよいですか?", ()),
        ("承認します。\n\n佐藤\nやはり迷っています", ()),
    ],
)
def test_lines_are_learned_where_a_signature_stands(text: str, learned: tuple[str, ...]) -> None:
    assert learned == find_signature_lines(text, CONTEXT)


@pytest.mark.parametrize("text", load("hostile/approvals.txt"))
def test_what_takes_an_approval_back_is_never_learned_and_decides_nothing(text: str) -> None:
    """The worst habit: the same second thought in a practice reply and in every reply after it."""
    learned = find_signature_lines(text, CONTEXT)
    assert Decision.NONE is parse(text, "", replace(CONTEXT, known_lines=learned)).decision


@pytest.mark.parametrize("text", load("hostile/approvals.txt"))
def test_the_same_below_a_blank_line(text: str) -> None:
    apart = text.replace("。", "。\n\n", 1)
    learned = find_signature_lines(apart, CONTEXT)
    before = parse(apart, "", CONTEXT).decision
    assert before is parse(apart, "", replace(CONTEXT, known_lines=learned)).decision


WORDS = sorted(word for words in TERMINALS.values() for word in words if has_stem(word))


@given(st.sampled_from(WORDS), st.text(max_size=20), st.text(max_size=20))
def test_a_line_with_a_stem_is_never_known(word: str, above: str, below: str) -> None:
    line = f"{above} {word} {below}"
    assert not can_be_known(line)
    reply = f"見ました。\n\n{line}"
    assert split(reply).text == split(reply, known_lines=[line]).text


@given(st.text(alphabet="ふるさと納税受付中！。 \n>-承認", max_size=60))
def test_what_is_learned_was_the_writers_own(text: str) -> None:
    own = {"".join(line.text.split()) for line in split(text, CONTEXT.letter_lines).lines}
    for line in find_signature_lines(text, CONTEXT):
        assert not has_stem(line)
        assert any("".join(line.split()) == each.replace("！", "!") for each in own)


def test_known_lines_count_below_a_blank_line_only() -> None:
    known = replace(CONTEXT, known_lines=(SLOGAN,))
    assert Decision.APPROVE is parse(f"承認します。\n\n佐藤\n{SLOGAN}", "", known).decision
    assert Decision.NONE is parse(f"承認します。\n{SLOGAN}", "", known).decision
    assert Decision.NONE is parse(f"{SLOGAN}\n承認します。", "", known).decision


def test_known_lines_that_are_all_there_is_are_what_the_writer_said() -> None:
    assert "".join(split(SLOGAN, known_lines=[SLOGAN]).text.split()) == SLOGAN


def test_each_sentence_is_told_with_how_it_was_read() -> None:
    text = (
        "お世話になっております。佐藤です。\n承認します。問題ありません。\n先に電話してください。\n\n"
        f"佐藤 一郎\n{SLOGAN}\n節電にご協力ください\n※このメールは無害化処理されています。\n> 前のメール"
    )
    known = replace(CONTEXT, known_lines=(FOLDED, "節電にご協力ください"))
    told = explain(text, known, frozenset({FOLDED}))
    assert [
        ("お世話になっております。", "greeting"),
        ("佐藤です。", "signature"),
        ("承認します。", "word"),
        ("問題ありません。", "support"),
        ("先に電話してください。", "unread"),
        ("佐藤 一郎", "signature"),
        (SLOGAN, "remembered"),
        ("節電にご協力ください", "known"),
        ("※このメールは無害化処理されています。", "footer"),
    ] == [(one.said, one.what) for one in told]


def test_word_and_code_are_told() -> None:
    coded = replace(CONTEXT, code="4F7K")
    assert ["code"] == [one.what for one in explain("承認 4F7K", coded, frozenset())]
    assert ["unread"] == [one.what for one in explain("承認 4F7J", coded, frozenset())]
