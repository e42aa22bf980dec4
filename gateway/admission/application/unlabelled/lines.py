"""A form without its labels: one value per line, or all on one line, each only one item.

It counts only with at least four items, one of which no signature contains: a category, a code, or the
consent. Lines numbered from 1 as our form's items are in its order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import takewhile

from gateway.admission.application.consent.answers.reading import read_lines, speaks_of_consent
from gateway.admission.application.evidence.shapes import fits
from gateway.admission.application.items.fields import FORM_FIELDS, Consent
from gateway.admission.application.items.labels import Item, strip_bullets
from gateway.admission.application.items.values import clean_value
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.unlabelled import introduction
from gateway.admission.application.unlabelled.kinds import KINDS, is_bare_name, strip_told, take
from gateway.patterns import compile_later

MAX_LINES, MAX_BLOCK, MAX_LINE, LEAST = 60, 16, 200, 4
_BETWEEN = compile_later(r"[ 　]*[／/、,，;；|｜\t][ 　]*|　[ 　]*| {2,}")
_RULES = compile_later("規約|ルール")
_NO_SIGNATURE = frozenset({Item.CATEGORY, Item.CODE, Item.CONSENT})
_PLACES = frozenset({Item.ORGANISATION, Item.DEPARTMENT})
_LABELS = {entry.item: entry.japanese for entry in FORM_FIELDS}


def label_values(text: str) -> str:
    """Return the text with a label before each value of such a form; empty if there is none."""
    lines = [part for line in text.split("\n") for part in _split_numbered(line)]
    for at in range(min(len(lines), MAX_LINES)):
        if lines[at].lstrip(" \t　(（")[:1] in _FIRST and (
            numbered := _read_numbered(lines[at : at + MAX_BLOCK])
        ):
            return "\n".join((*lines[:at], *numbered, "", *lines[at + len(FORM_FIELDS) :]))
    parted = _Parted()
    for at in range(min(len(lines), MAX_LINES)):
        said, rest = _split_sentence(lines[at][:MAX_LINE].strip())
        words = _part_all(parted, said.split() if _BETWEEN.search(said) is None else _BETWEEN.split(said))
        if told := _name(_find_name(words)):
            return "\n".join((*lines[:at], *told, "", *rest, *lines[at + 1 :]))
        block = list(takewhile(partial(_may_hold_value, parted), lines[at : at + MAX_BLOCK]))
        if block and (told := _name(_part_all(parted, filter(str.strip, block)))):
            return "\n".join((*lines[:at], *told, "", *lines[at + len(block) :]))
    return ""


def _split_numbered(line: str) -> Sequence[str]:
    """Return the parts of a line with all numbers of our form's items: ①自治体 ②見本町 ③…."""
    parts = _CIRCLED_NUMBER.split(line.strip(" \t　")) if len(line) <= MAX_LINE and "①" in line else []
    signs = [part[:1] for part in parts]
    return parts if signs == [chr(_CIRCLED + count + 1) for count in range(len(FORM_FIELDS))] else (line,)


_CIRCLED_NUMBER = compile_later(r"[ \t　、,/]+(?=[②-⑳])|(?<=[^ \t　、,/])(?=[②-⑳])")
_ENDS = compile_later(r"[、,][ 　]*(?:以上)?(?:です|となります|でございます)$")


def _split_sentence(line: str) -> tuple[str, list[str]]:
    """Return the first sentence of a line without its copula, and the rest, if there is any."""
    first, _, rest = line.partition("。")
    return _ENDS.sub("", first), [rest] if rest.strip() else []


_WIDE, _CIRCLED = 0xFF10, 0x245F  # the signs before １ and ①


_FIRST = frozenset("1１①")


def _follow(count: int) -> re.Pattern[str]:
    """Return the pattern of a line that begins with a number."""
    number = rf"[(（]?[{count}{chr(_WIDE + count)}](?![0-9０-９])[)）.．、:：]?|{chr(_CIRCLED + count)}"
    return re.compile(rf"[ \t　]*(?:{number})[ \t　]*(.*)")


_NUMBERED = tuple(map(_follow, range(1, len(FORM_FIELDS) + 1)))


def _read_numbered(lines: Sequence[str]) -> list[str]:
    """Return the values of lines numbered as our form's items are, with their labels; otherwise empty."""
    found = [pattern.fullmatch(line) for pattern, line in zip(_NUMBERED, lines, strict=False)]
    values = [
        one[1].strip() if entry.item is Item.CONSENT else strip_told(one[1].strip())
        for entry, one in zip(FORM_FIELDS, found, strict=False)
        if one is not None
    ]
    if len(values) < len(FORM_FIELDS) or sum(map(bool, map(clean_value, values))) < LEAST:
        return []
    for entry, value in zip(FORM_FIELDS, values, strict=True):
        if clean_value(value) and find_kind(value) is not entry.item and not fits(entry.item, value):
            return []
    return [f"{entry.japanese}：{value}" for entry, value in zip(FORM_FIELDS, values, strict=True)]


_Values = list[tuple[Item | None, str]]


class _Parted(dict[str, _Values]):
    """The kinds and values of the lines of a text: its blocks overlap."""

    def __missing__(self, line: str) -> _Values:
        self[line] = found = _part(line)
        return found


def _may_hold_value(parted: _Parted, line: str) -> bool:
    """Return whether a line is blank, or contains values."""
    return not line.strip() or all(kind is not None for kind, _ in parted[line])


def _part_all(parted: _Parted, lines: Iterable[str]) -> _Values:
    return [one for line in lines for one in parted[line]]


def _part(line: str) -> _Values:
    """Return the kind and value of a line, or organisation, section and name if it says who writes."""
    kind = find_kind(line)
    said = introduction.read_line(line) if kind is None else None
    if said is None or not (said.organisation and said.name):
        return [(kind, _bare(line))]
    found = (
        (Item.ORGANISATION, said.organisation),
        (Item.DEPARTMENT, said.department),
        (Item.TITLE, said.title),
        (Item.NAME, said.name),
    )
    return [(item, value) for item, value in found if value]


# No post: 国際交流員.
_NAME = compile_later(r"[一-鿿々]{3,6}(?<![員官師士長任査事幹者家職手役])")


def _find_name(values: _Values) -> _Values:
    """Return the values with the only unknown one as the name, if the section is known and no name is."""
    kinds = [kind for kind, _ in values]
    if kinds.count(None) != 1 or Item.DEPARTMENT not in kinds or Item.NAME in kinds:
        return values
    at = kinds.index(None)
    value = values[at][1]
    is_name = is_bare_name(value) or (_NAME.fullmatch(value) is not None and fits(Item.NAME, value))
    return [*values[:at], (Item.NAME, value), *values[at + 1 :]] if is_name else values


def _name(values: _Values) -> list[str]:
    """Return the values with their labels; empty if one is unknown or repeated."""
    kinds = [kind for kind, _ in values] if LEAST <= len(values) <= len(Item) else []
    items = {kind for kind in kinds if kind is not None}
    if not kinds or len(items) < len(kinds) or not (items & _NO_SIGNATURE and items & _PLACES):
        return []
    return [f"{_LABELS[kind]}：{value}" for kind, value in values if kind]


def find_kind(text: str) -> Item | None:
    """Return the only item whose value a text can be; None if there is none."""
    value = _bare(text)
    if not value or len(value) > MAX_LINE:
        return None
    if _RULES.search(value) and "。" not in value:
        return Item.CONSENT if read_lines([value]) is Consent.YES else None
    if speaks_of_consent(value):
        return Item.CONSENT if read_lines([value]) is Consent.YES else None
    value = value.strip("()（）")
    return next((item for item in KINDS if take(item, value)), None) or next(
        (item for item in _SHAPED if fits(item, value)), None
    )


_SHAPED = (Item.ORGANISATION, Item.DEPARTMENT, Item.TITLE)


def _bare(text: str) -> str:
    """Return a value without bullets, copula, or the label of a code: コード 000000."""
    held = parse_line(text)
    if held is not None and held[0] is Item.CODE and take(Item.CODE, held[1].strip()):
        return held[1].strip()
    return strip_told(strip_bullets(text).strip(" \t　"))
