"""A form without its labels: one value a line, or all on one, each nothing but one item.

Counts only where four items or more are told so, one of them what no signature holds: a category, a code, or
the consent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile

from gateway.admission.application.consent.answer import Consent
from gateway.admission.application.consent.reading import read_lines, speaks_of_consent
from gateway.admission.application.labels import FORM_FIELDS, Item, strip_bullets
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.unlabelled import introduction
from gateway.admission.application.unlabelled.kinds import KINDS, strip_told, take

MAX_LINES, MAX_BLOCK, MAX_LINE, LEAST = 60, 16, 200, 4
_BETWEEN = re.compile(r"[ 　]*[／/、,，;；|｜\t][ 　]*|　[ 　]*| {2,}")
_RULES = re.compile("規約|ルール")
_NO_SIGNATURE = frozenset({Item.CATEGORY, Item.CODE, Item.CONSENT})
_PLACES = frozenset({Item.ORGANISATION, Item.DEPARTMENT})
_LABELS = {entry.item: entry.japanese for entry in FORM_FIELDS}


def label_values(text: str) -> str:
    """The text with a label before each value of such a form; empty where it holds none."""
    lines = text.split("\n")
    for at in range(min(len(lines), MAX_LINES)):
        if told := _name(_part_all(_BETWEEN.split(lines[at][:MAX_LINE].strip()))):
            return "\n".join((*lines[:at], *told, "", *lines[at + 1 :]))
        block = list(takewhile(_may_hold_value, lines[at : at + MAX_BLOCK]))
        if block and (told := _name(_part_all(filter(str.strip, block)))):
            return "\n".join((*lines[:at], *told, "", *lines[at + len(block) :]))
    return ""


_Values = list[tuple[Item | None, str]]


def _may_hold_value(line: str) -> bool:
    """Whether a line is blank, or holds values."""
    return not line.strip() or all(kind is not None for kind, _ in _part(line))


def _part_all(lines: Iterable[str]) -> _Values:
    return [one for line in lines for one in _part(line)]


def _part(line: str) -> _Values:
    """The kind and value of a line; of one that says who writes, body, section and name."""
    kind = find_kind(line)
    said = introduction.read_line(line) if kind is None else None
    if said is None or not (said.organisation and said.name):
        return [(kind, _bare(line))]
    found = (
        (Item.ORGANISATION, said.organisation),
        (Item.DEPARTMENT, said.department),
        (Item.NAME, said.name),
    )
    return [(item, value) for item, value in found if value]


def _name(values: _Values) -> list[str]:
    """The values with their labels; empty where one is not known, or stands twice."""
    kinds = [kind for kind, _ in values] if LEAST <= len(values) <= len(Item) else []
    items = {kind for kind in kinds if kind is not None}
    if not kinds or len(items) < len(kinds) or not (items & _NO_SIGNATURE and items & _PLACES):
        return []
    return [f"{_LABELS[kind]}：{value}" for kind, value in values if kind]


def find_kind(text: str) -> Item | None:
    """The item that a text can be nothing but the value of."""
    value = _bare(text)
    if not value or len(value) > MAX_LINE:
        return None
    if _RULES.search(value) and "。" not in value:
        return Item.CONSENT if read_lines([value]) is Consent.YES else None
    if speaks_of_consent(value):
        return Item.CONSENT if read_lines([value]) is Consent.YES else None
    return next((item for item in KINDS if take(item, value)), None)


def _bare(text: str) -> str:
    """A value without bullets, the verb that tells it, or the label of a code: コード 000000."""
    held = parse_line(text)
    if held is not None and held[0] is Item.CODE and take(Item.CODE, held[1].strip()):
        return held[1].strip()
    return strip_told(strip_bullets(text).strip(" \t　"))
