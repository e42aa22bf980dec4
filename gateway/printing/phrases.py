"""Finds places to break a Japanese line: between phrases, never inside a date.

The phrases are found by BudouX, a small model without dependencies. Without this package, a line can break
between any two characters, as before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

from gateway.memoize import memoize

MAX_LINE = 1_000  # a longer line is not a sentence
_WHOLE = re.compile(
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:[（(][月火水木金土日][）)])?(?:\d{1,2}時(?:\d{2}分)?)?[、。，．,.）)]*"
)


def split_phrases(text: str) -> Sequence[str]:
    """Split the text into phrases; a text that is too long is split into characters."""
    if len(text) > MAX_LINE or text.isascii():
        return text
    ends = set(accumulate(map(len, _load_parser()(text))))
    for found in _WHOLE.finditer(text):
        ends -= set(range(found.start() + 1, found.end()))
        ends |= {found.start(), found.end()} - {0}
    return [text[start:end] for start, end in pairwise([0, *sorted(ends)])]


@memoize(maxsize=1, why="computed once: the model is read from a file")
def _load_parser() -> Callable[[str], Sequence[str]]:
    try:
        import budoux  # noqa: PLC0415 - only a letter with a long line needs it
    except ModuleNotFoundError:  # an environment that was created before this package was required
        return list
    return budoux.load_default_japanese_parser().parse
