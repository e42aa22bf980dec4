"""The breaking of words gives what a plain reading of a letter gives, one sign after another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.replies.grammar.vocabulary import Reader, reader_stems
from gateway.printing import breaking
from gateway.printing.breaking import Stems, build_stems
from gateway.printing.forms import BEGIN, END, EXACT_BEGIN, EXACT_END, remove_signs

READERS: tuple[Reader, ...] = ("staff", "applicant", "confirmer")
STEMS = {reader: build_stems(reader_stems(reader)) for reader in READERS}
WORDS = sorted({word for reader in READERS for word in reader_stems(reader)})
Sign = tuple[str, tuple[str, ...], bool]  # as written, as a parser may see it, whether it is outside text


def near(text: str) -> Iterator[str]:
    for chunk in re.split(f"({BEGIN}[^{END}]*{END})", text):
        if chunk[:1] == BEGIN or len(chunk) <= 3 * breaking._NEAR:
            yield from chunk
        else:
            yield from chunk[: breaking._NEAR]
            yield chunk[breaking._NEAR : -breaking._NEAR]
            yield from chunk[-breaking._NEAR :]


def units(page: str) -> Iterator[str]:
    yield from re.findall(r"<[^>]*>|&[#0-9A-Za-z]{1,32};|[^<&]|[<&]", page)


def signs(letter: Iterator[str], *, plain: bool) -> Iterator[Sign]:
    outside = exact = False
    for unit in letter:
        if unit in (BEGIN, END):
            outside = unit == BEGIN
        elif unit in (EXACT_BEGIN, EXACT_END):
            exact = unit == EXACT_BEGIN
        elif plain and len(unit) > 1:
            exact = False
            yield remove_signs(unit), ("/",) * 5, False
        elif not plain and len(unit) > 1 and unit[0] == "<":
            yield unit, ("",) * 5, False
        elif exact:
            yield unit, ("\n",) * 5, False
        else:
            yield unit, breaking._fold(unit if plain else unescape(unit)), outside


def cut(places: list[int], read: list[Sign], found: set[int]) -> None:
    outside = [at for at in places if read[at][2]]
    if not outside or any(at in found for at in places[1:]):
        return
    behind = next((at for at in places if at > places[0]), None)
    before = behind if read[places[0]][2] and behind is not None else outside[0]
    if before != places[0]:
        found.add(before)


def broken(read: list[Sign], stems: Stems) -> str:
    found: set[int] = set()
    ways: list[list[str]] = []
    for way in range(5):
        seen = [sign[1][way] for sign in read]
        if seen not in ways:
            ways.append(seen)
    for seen in ways:
        placed = [(one, at) for at, sign in enumerate(seen) for one in sign]
        for dropped in ("\n ", "\n", ""):
            kept = [(one, at) for one, at in placed if not dropped or one not in dropped]
            text = "".join(one for one, _ in kept)
            search = breaking._find_japanese if " " in dropped else breaking._find_latin
            for start, stop in search(text, stems):
                cut([at for _, at in kept[start:stop]], read, found)
    return "".join("/" * (at in found) + sign[0] for at, sign in enumerate(read))


def finish_plainly(text: str, stems: Stems) -> str:
    return broken(list(signs(near(text), plain=True)), stems) if BEGIN in text else remove_signs(text)


def finish_html_plainly(page: str, stems: Stems) -> str:
    return broken(list(signs(units(page), plain=False)), stems) if BEGIN in page else remove_signs(page)


PIECES = st.one_of(
    st.sampled_from([BEGIN, END, EXACT_BEGIN, EXACT_END]),
    st.sampled_from(
        ["\n", " ", "\u3000", "/", "\u200b", "か\u3099", "é", "ﬃ", "①", "は", "x" * 130, "文" * 400]
    ),
    st.sampled_from(["<b>", "</b>", f"<a href='{BEGIN}'>", "<", "&", "&amp;", "&#25215;", "&lt;"]),
    st.sampled_from(WORDS),
    st.sampled_from(WORDS).flatmap(lambda word: st.integers(1, len(word)).map(lambda at: word[:at])),
    st.text(max_size=3),
)
LETTERS = st.lists(PIECES, max_size=40).map("".join)


@given(LETTERS, st.sampled_from(READERS))
def test_a_text_is_broken_where_a_plain_reading_breaks_it(text: str, reader: Reader) -> None:
    assert finish_plainly(text, STEMS[reader]) == breaking.finish(text, STEMS[reader])


@given(LETTERS, st.sampled_from(READERS))
def test_a_page_is_broken_where_a_plain_reading_breaks_it(page: str, reader: Reader) -> None:
    assert finish_html_plainly(page, STEMS[reader]) == breaking.finish_html(page, STEMS[reader])


LATIN = sorted({"".join(word.split()) for word in WORDS if word.isascii()})


@given(st.lists(st.sampled_from([*LATIN, *"aes1", "あ", " ", "\n", "/", "."])).map("".join))
def test_latin_words_are_found_with_no_letter_beside_them(text: str) -> None:
    whole = re.compile(rf"(?<![a-z0-9])(?:{'|'.join(LATIN)})(?![a-z0-9])")
    expected = [found.span() for found in whole.finditer(text)]
    assert expected == [found.span() for found in build_stems(LATIN).latin.finditer(text)]


@pytest.mark.parametrize("word", WORDS)
def test_the_plain_reading_breaks_each_word_too(word: str) -> None:
    """Otherwise, that both give the same would say nothing."""
    text = f"{BEGIN}{word}{END}"
    reader = next(reader for reader in READERS if word in set(reader_stems(reader)))
    assert finish_plainly(text, STEMS[reader]) == breaking.finish(text, STEMS[reader]) != word
