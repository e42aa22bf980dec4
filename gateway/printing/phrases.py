"""Where a Japanese line may end: between phrases, never inside a date.

The phrases are BudouX's, a small model without dependencies. Without the package a line ends between any two
characters, as before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

from gateway.memoize import memoize

MAX_LINE = 1_000  # a longer line is nobody's sentence
_WHOLE = re.compile(
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:[（(][月火水木金土日][）)])?(?:\d{1,2}時(?:\d{2}分)?)?[、。，．,.）)]*"
)


def split_phrases(text: str) -> Sequence[str]:
    """The text in phrases that belong together; each character by itself in a text that is too long."""
    if len(text) > MAX_LINE or text.isascii():
        return text
    ends = set(accumulate(map(len, _load_parser()(text))))
    for found in _WHOLE.finditer(text):
        ends -= set(range(found.start() + 1, found.end()))
        ends |= {found.start(), found.end()} - {0}
    return [text[start:end] for start, end in pairwise([0, *sorted(ends)])]


@memoize(maxsize=1, why="the model is a file")
def _load_parser() -> Callable[[str], Sequence[str]]:
    try:
        import budoux  # noqa: PLC0415 - only a letter with a long line needs it
    except ModuleNotFoundError:  # an environment that was made before the package was asked for
        return list
    return budoux.load_default_japanese_parser().parse
