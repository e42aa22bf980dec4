"""Text for a terminal and for JSON: nothing that moves the cursor, sets colours or reorders the line.

rich and click write control characters through; so every command prints through here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from gateway.printing.forms import CONTROL
from gateway.printing.outside import reveal
from gateway.printing.statement import Statement, from_stored, is_stored
from gateway.printing.stating import say, spell

_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def clean(text: str) -> str:
    """The text with line ends and tabs, and without any other control or format character."""
    return CONTROL.sub("", text)


def show(value: object) -> str:
    """Any value of a cell: a sentence of the desk, also a stored one, in words; names with values
    as `name=value`; nothing as nothing."""
    if isinstance(value, Statement) or is_stored(value):
        return say(from_stored(value))
    if isinstance(value, list | tuple):
        return ", ".join(map(show, value))
    if isinstance(value, Mapping):
        return " ".join(f"{key}={show(one)}" for key, one in value.items())
    return "" if value is None else clean(reveal(value))


def to_json(value: object, indent: int | None = None) -> str:
    """JSON with Japanese left readable; C0, DEL, C1 and characters that reorder are escaped.

    A sentence of the desk has its `text` beside id and arguments.
    """
    text = json.dumps(spell(value), ensure_ascii=False, indent=indent, default=str)
    return _UNSAFE_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def count(number: int, noun: str) -> str:
    """So many of something: `1 letter`, `2 letters`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
