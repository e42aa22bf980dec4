"""Closed sets of words that a text is read with from left to right, the longest word first.

A word that was read is not read again in another way, so the effort is one pass over the text.
"""

from __future__ import annotations

import re


def any_of(*lists: str) -> str:
    """The words of these lists, parted by white space, as alternatives of a pattern, longest first."""
    words = {word for each in lists for word in each.split()}
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


def read_on(word: re.Pattern[str], text: str) -> int:
    """How far a text is made of words, from its beginning; a word is never empty."""
    at = 0
    while (found := word.match(text, at)) is not None:
        at = found.end()
    return at
