"""The grammar itself: no wildcard, no terminal in a slot, nothing understood that is of no known kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.admission.replies.context import MAX_SLOT, ReplyContext, build_slots
from gateway.admission.replies.decision import parse
from gateway.admission.replies.grammar import harmless
from gateway.admission.replies.grammar.decisions import build_grammar
from gateway.admission.replies.grammar.parsing.matching import is_understood
from gateway.admission.replies.grammar.vocabulary import TERMINALS, find_stems, reader_stems
from gateway.admission.replies.reading import Decision
from tests.support.replies import CONTEXT

SLOTS = build_slots(CONTEXT)
KINDS = harmless.build_grammar(SLOTS).kinds
OPEN = {op.ANY, op.NOT_LITERAL, op.CATEGORY}


def open_repeats(tree: Any, above: int = 1) -> Iterator[tuple[int, str]]:
    """(most signs, operator) of each repeat over an open class, nested repeats multiplied."""
    for name, value in tree:
        if name in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
            _, most, inner = value
            if any(is_open(each) for each in inner):
                yield int(most) * above, str(name)
            yield from open_repeats(inner, above * min(int(most), 1_000))
        elif name is op.SUBPATTERN:
            yield from open_repeats(value[3], above)
        elif name is op.BRANCH:
            for each in value[1]:
                yield from open_repeats(each, above)
        elif name in {op.ASSERT, op.ASSERT_NOT}:
            yield from open_repeats(value[1], above)


def is_open(node: Any) -> bool:
    """Whether a node matches signs that are not written out one by one."""
    name, value = node
    if name is op.IN:
        return any(each[0] in {op.RANGE, op.CATEGORY, op.NEGATE} for each in value)
    return name in OPEN


@pytest.mark.parametrize("name", sorted(KINDS))
def test_no_harmless_kind_holds_a_wildcard(name: str) -> None:
    assert not [each for each in open_repeats(parser.parse(KINDS[name][1].pattern)) if each[0] > MAX_SLOT]


def test_the_walk_finds_a_wildcard() -> None:
    assert list(open_repeats(parser.parse("a(?:b.{0,80}|c)")))
    assert list(open_repeats(parser.parse("[^a]*")))
    assert [(48, "MAX_REPEAT")] == list(open_repeats(parser.parse("(?:[a-z]{1,16}x){0,3}")))


def test_there_are_at_most_forty_kinds() -> None:
    assert 40 >= len(KINDS) + 1  # and the lines of a signature


WORDS = sorted(
    {word for words in TERMINALS.values() for word in words}
    | {"不", "仮", "見送り", "予定", "案", "取り消し", "不承認"}
)
SAID = (
    *(
        "承認",
        "承認します。",
        "{}承認",
        "承認{}",
        "承認（{}）",
        "承認 {}",
        "{} 承認",
        "{}承認します。",
        "{}\n承認",
        "承認\n{}",
    ),
    *(
        "承認します。\n{}",
        "{}の承認",
        "承認します（{}）",
        "承認【{}】",
        "【{}】承認",
        "{}、承認",
        "{}は承認",
        "{}: 承認",
        "承認: {}",
    ),
)


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("field", ["applicant_name", "organisation", "department"])
def test_a_word_as_a_name_changes_no_reading(word: str, field: str) -> None:
    """No value of an applicant makes a reply mean what it does not mean without that value."""
    named = replace(CONTEXT, **{field: word}, organisation_known=True)  # type: ignore[arg-type]
    without = replace(CONTEXT, **{field: ""})  # type: ignore[arg-type]
    for frame in SAID:
        text = frame.format(word)
        assert parse(text, "", without).decision == parse(text, "", named).decision


def test_a_name_of_an_applicant_that_is_a_members_is_the_members() -> None:
    named = replace(CONTEXT, applicant_name="佐藤 一郎")
    assert Decision.NONE is parse("佐藤一郎様の件、承認します。", "", named).decision
    assert Decision.APPROVE is parse("承認します。（佐藤）", "", named).decision


@given(st.data())
def test_every_sentence_of_the_grammar_holds_a_stem(data: st.DataObject) -> None:
    japanese, english = build_grammar(build_slots(ReplyContext()))
    name = data.draw(st.sampled_from(sorted(TERMINALS.keys() & japanese.keys())))
    stems = reader_stems("staff")
    for grammar in (japanese, english):
        pattern = re.sub(r"\(\?P<\w+>", "(?:", grammar[name].pattern).replace("(?!)", "☃")
        said = data.draw(st.from_regex(pattern, fullmatch=True))
        assert any(stem in said for stem in stems), said


SENTENCES = st.text(
    alphabet=st.sampled_from(
        "在籍確認先送待招待課長鈴木来週まだしてくださいのはがをにへとでもなかいた。、?()「」 1月abnot"
    ),
    min_size=1,
    max_size=24,
)


@given(
    SENTENCES,
    st.sampled_from(["承認します。", "承認", "Approved.", "許可します。"]),
    st.booleans(),
    st.booleans(),
)
def test_a_sentence_of_no_known_kind_beside_an_approval_makes_it_unclear(
    other: str, word: str, below: bool, blank: bool
) -> None:
    assume(other.strip() and not is_understood(other, CONTEXT))
    assume(not other.lstrip().startswith((">", "＞", "|")) and other.strip("。、 ") != "")
    gap = "\n\n" if blank else "\n"
    got = parse(f"{word}{gap}{other}" if below else f"{other}{gap}{word}", "", CONTEXT)
    assert got.decision is Decision.NONE


def test_a_longer_terminal_is_not_read_as_the_shorter_one() -> None:
    assert ("decline",) == find_stems("不承認")
    assert ("approve",) == find_stems("承認")
