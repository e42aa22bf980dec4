"""Text for a terminal and for JSON, without characters that move the cursor, set colours or reorder the line.

rich and click write control characters unchanged, so all commands print through this module.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from gateway.printing.forms import CONTROL
from gateway.printing.outside import reveal
from gateway.printing.sentences.stating import say, spell
from gateway.printing.statement import Statement, from_stored, is_stored

_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def clean(text: str) -> str:
    """Return the text with line ends and tabs, but no other control or format characters."""
    return CONTROL.sub("", text)


def show(value: object) -> str:
    """Return any value as text for a cell.

    A sentence of the catalogue, also a stored one, is written out; a mapping becomes `name=value`, None
    becomes empty.
    """
    if isinstance(value, Statement) or is_stored(value):
        return say(from_stored(value))
    if isinstance(value, list | tuple):
        return ", ".join(map(show, value))
    if isinstance(value, Mapping):
        return " ".join(f"{key}={show(one)}" for key, one in value.items())
    return "" if value is None else clean(reveal(value))


def to_json(value: object, indent: int | None = None) -> str:
    """Return JSON with readable Japanese; C0, DEL, C1 and bidi characters are escaped.

    A sentence of the catalogue has its `text` besides id and arguments.
    """
    text = json.dumps(spell(value), ensure_ascii=False, indent=indent, default=str)
    return _UNSAFE_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def count(number: int, noun: str) -> str:
    """Format a count with its noun: `1 letter`, `2 letters`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
