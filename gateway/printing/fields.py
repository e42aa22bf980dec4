"""A field of a log event: ours by its type, or `Outside`; never a bare text.

A bare `str` is what somebody forgot to type. Tests and `python -X dev` refuse it (UnprintedError);
in service it is printed as text from outside, because a line that is lost helps nobody.
"""

from __future__ import annotations

import re
import sys
from datetime import date
from enum import Enum
from typing import LiteralString

from gateway.printing.outside import Outside, UnprintedError


class Ours(str):
    """A text that the code alone made: a literal, or of enums and numbers."""

    __slots__ = ()


Field = Ours | Outside | Enum | date | int | float
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")


class Strictness:
    """Whether a bare text is refused; the tests set it."""

    refuses = bool(sys.flags.dev_mode)


def ours(text: LiteralString) -> Ours:
    """A literal of the code."""
    return Ours(text)


def slug(text: str) -> Ours | Outside:
    """A name of ours (a kind, a case number, a version) while it looks like one; `-` for none."""
    if not text:
        return Ours("-")
    return Ours(text) if _SLUG.fullmatch(text) else Outside(text)


def show_field(value: Field) -> str:
    """The text of a field. Raises UnprintedError where bare text is refused."""
    if isinstance(value, Outside):
        return value.reveal()
    if Strictness.refuses and isinstance(value, str) and not isinstance(value, Ours | Enum):
        raise UnprintedError
    return str(value)
