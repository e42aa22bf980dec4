"""A form without its labels: one value a line, or all on one, each nothing but one item.

Counts only where four items or more are told so, one of them what no signature holds: a category, a code, or
the consent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from gateway.admission.application.consent.answer import Consent
from gateway.admission.application.consent.reading import read_lines, speaks_of_consent
from gateway.admission.application.kinds import KINDS, strip_told, take
from gateway.admission.application.labels import FORM_FIELDS, Item, strip_bullets

MAX_LINES, MAX_BLOCK, MAX_LINE, LEAST = 60, 16, 200, 4
_BETWEEN = re.compile(r"[ 　]*[／/、,，;；|｜\t][ 　]*|　[ 　]*| {2,}")
_NO_SIGNATURE = frozenset({Item.CATEGORY, Item.CODE, Item.CONSENT})
_PLACES = frozenset({Item.ORGANISATION, Item.DEPARTMENT})
_LABELS = {entry.item: entry.japanese for entry in FORM_FIELDS}


def label_values(text: str) -> str:
    """The text with a label before each value of such a form; empty where it holds none."""
    lines = text.split("\n")
    for at in range(min(len(lines), MAX_LINES)):
        if told := _name(_BETWEEN.split(lines[at][:MAX_LINE].strip())):
            return "\n".join((*lines[:at], *told, "", *lines[at + 1 :]))
        block = list(takewhile(_may_hold_value, lines[at : at + MAX_BLOCK]))
        if block and (told := _name([line for line in block if line.strip()])):
            return "\n".join((*lines[:at], *told, "", *lines[at + len(block) :]))
    return ""


def _may_hold_value(line: str) -> bool:
    """Whether a line is blank, or a value."""
    return not line.strip() or find_kind(line) is not None


def _name(values: Sequence[str]) -> list[str]:
    """The values with their labels; empty where one is not known, or stands twice."""
    kinds = [find_kind(value) for value in values] if LEAST <= len(values) <= len(Item) else []
    items = {kind for kind in kinds if kind is not None}
    if not kinds or len(items) < len(kinds) or not (items & _NO_SIGNATURE and items & _PLACES):
        return []
    return [f"{_LABELS[kind]}：{_bare(value)}" for kind, value in zip(kinds, values, strict=True) if kind]


def find_kind(text: str) -> Item | None:
    """The item that a text can be nothing but the value of."""
    value = _bare(text)
    if not value or len(value) > MAX_LINE:
        return None
    if speaks_of_consent(value):
        return Item.CONSENT if read_lines([value]) is Consent.YES else None
    return next((item for item in KINDS if take(item, value)), None)


def _bare(text: str) -> str:
    return strip_told(strip_bullets(text).strip(" \t　"))
