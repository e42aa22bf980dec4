"""Sentences are split and folded as by a plain reading, one sign after another."""

from __future__ import annotations

import sys
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from gateway.admission.case.transitions.applicant import find_questions
from gateway.admission.replies.text import sentences
from gateway.admission.replies.text.sentences import fold_phrase, split_sentences

SIGNS = "。．.!？⁉️\ufe0e「」『』()（）【】[]“”かabe.g1 、はいか\N{SQUARE HIRAGANA HOKA}\u200bé\n"
TEXTS = st.text(st.sampled_from(SIGNS) | st.characters(exclude_categories=("Cs",)), max_size=60)
LINES = TEXTS.map(lambda text: text.replace("\n", ""))


def spans_sign_by_sign(line: str) -> list[tuple[int, int, int]]:
    parts: list[tuple[int, int, int]] = []
    start = at = depth = 0
    while at < len(line):
        depth = max(0, depth + (line[at] in sentences._PAIRS) - (line[at] in sentences._CLOSERS))
        if line[at] not in sentences._ENDS or depth:
            at += 1
            continue
        stop = at
        while stop < len(line) and (line[stop] in sentences._ENDS or line[stop] in "\ufe0e\ufe0f"):
            stop += 1
        if sentences._is_boundary(line, start, at, stop):
            parts.append((start, at, stop))
            start = stop
        at = stop
    return [*parts, (start, len(line), len(line))] if line[start:].strip() else parts


def folded_sign_by_sign(text: str) -> str:
    composed = unicodedata.normalize("NFKC", text)
    seen = (sign for sign in composed if unicodedata.category(sign) not in {"Mn", "Me", "Cf"})
    return "".join(seen).casefold().translate(str.maketrans("’‘〜−‐‑–—―", "''~------"))


@given(LINES)
@example("はい。(いいえ。)です。")
@example("(。")
@example("。\ufe0f！）か？")
def test_a_line_is_split_as_sign_by_sign(line: str) -> None:
    assert sentences._sentence_spans(line) == spans_sign_by_sign(line)


@given(TEXTS)
def test_a_text_is_folded_as_sign_by_sign(text: str) -> None:
    assert fold_phrase(text) == folded_sign_by_sign(text)


def test_every_sign_is_folded_as_by_itself() -> None:
    signs = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    assert not [hex(ord(sign)) for sign in signs if fold_phrase(sign) != folded_sign_by_sign(sign)]


@given(TEXTS)
@example("いつですか")
@example("\N{SQUARE HIRAGANA HOKA}")
@example("1)はい\nよいでしょうか (至急)\nはい？")
def test_the_questions_are_those_of_all_sentences(text: str) -> None:
    asked = [one for one in split_sentences(text) if one.is_question or one.bare.endswith("か")]
    assert find_questions(text) == [one.raw.strip() for one in asked][:10]
