"""Forms shown as an example, below a line 【記入例】: nobody filled them in.

An example ends at the next heading or drawn line, before a label that it already contained, and at a blank
line unless the label below it is repeated further down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gateway.admission.application.items.labels import Item
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.no_value import is_headline
from gateway.mail.lines import is_rule
from gateway.patterns import compile_later

MAX_FORM = 60  # lines
_WORDS = ("例", "サンプル", "ample")
_OPEN = r"[\s　>|(（【\[〔<＜《■□●◆◇○▼▽※*=＝─―ー-]*"
_CLOSE = r"[\s　)）】\]〕>＞》*=＝─―ー:：↓-]*"
_HEAD = compile_later(
    rf"{_OPEN}"
    rf"(?:ご?(?:記入|入力|記載|回答|申請|作成)の?例|例|サンプル|(?:an? )?(?:example|sample)){_CLOSE}",
    re.IGNORECASE,
)
_OTHER_HEAD = compile_later(r"[\s　>|]*[【\[〔<＜《■□●◆◇▼▽][^:：\t]{1,20}[】\]〕>＞》]?[\s　]*")
# 例）氏名：山田 太郎: a single line of an example.
_MARKED = compile_later(
    r"[\s　>|・※*]*[(（【\[]?(?:(?:記入|入力|記載|回答)例|例)[)）】\]:：][\s　]*(?P<said>\S.*)"
)


def drop_examples(lines: Sequence[str]) -> list[str]:
    """Return the lines, with those of an example blanked."""
    text = "\n".join(lines)
    if not any(word in text for word in _WORDS):
        return list(lines)
    kept: list[str] = []
    end = 0
    for at, line in enumerate(lines):
        if at >= end and _HEAD.fullmatch(line) is not None:
            end = at + 1 + sum(1 for _ in _take_example(lines[at + 1 :]))
        kept.append("" if at < end or _is_marked(line) else line)
    return kept


def _take_example(following: Sequence[str]) -> Iterator[str]:
    seen: set[Item] = set()
    for at, line in enumerate(following[:MAX_FORM]):
        held = parse_line(line)
        if is_rule(line) or is_headline(line) or (held is None and _OTHER_HEAD.fullmatch(line)):
            return
        is_over = bool(seen) and not line.strip() and not _says_again(following[at : at + MAX_FORM])
        if is_over or (held is not None and held[0] in seen):
            return
        seen |= {held[0]} if held is not None else set()
        yield line


def _says_again(following: Sequence[str]) -> bool:
    """Return whether the next label is repeated further down: then the form itself is there."""
    items = [held[0] for held in map(parse_line, following) if held is not None]
    return bool(items) and items[0] in items[1:]


def _is_marked(line: str) -> bool:
    marked = _MARKED.fullmatch(line)
    return marked is not None and parse_line(marked["said"]) is not None
