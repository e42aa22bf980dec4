"""Facts that are ours or from outside: a field of a log event, a value in the journal, a cell of a page.

The type says what is ours: an enum, a number, a date, a parsed address, a sentence of the catalogue, a
literal. Everything else is `Outside`. A bare `str` is a value that somebody forgot to type. Tests and `python
-X dev` reject it (UnprintedError). The service treats it as text from outside, because a lost log line would
help nobody.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import LiteralString, Union

from gateway.mail.address import Address
from gateway.printing.outside import Outside, UnprintedError
from gateway.printing.statement import Statement, from_stored, is_stored, to_stored


class Ours(str):
    """A text made by the code alone: a literal, or built from enums and numbers."""

    __slots__ = ()


Field = Ours | Outside | Enum | Address | date | int | float
# Made once: a union within `isinstance` is made anew at each call.
_Single = Ours | Outside | Enum | Address | Statement | date | int | float | None
Fact = Union[Field, Statement, None, "tuple[Fact, ...]", "Mapping[str, Fact]"]
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")


class Strictness:
    """Whether bare text is rejected; the tests set it."""

    refuses = bool(sys.flags.dev_mode)


def ours(text: LiteralString) -> Ours:
    """Mark a literal in the code as ours."""
    return Ours(text)


def slug(text: str) -> Ours | Outside:
    """Return a name of ours (a kind, a case number) as `Ours` if it looks like one; `-` if empty."""
    if not text:
        return Ours("-")
    return Ours(text) if _SLUG.fullmatch(text) else Outside(text)


def to_typed(value: object) -> Fact:
    """Convert a value to a fact: bare text and values of unknown types become `Outside`.

    Raises UnprintedError if bare text is rejected.
    """
    if isinstance(value, _Single):
        return value
    if isinstance(value, Mapping):
        return {str(key): to_typed(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return tuple(map(to_typed, value))
    if Strictness.refuses:
        raise UnprintedError
    return Outside(str(value))


def show_field(value: Field) -> str:
    """Return the text of a field. Raises UnprintedError if bare text is rejected."""
    fact = to_typed(value)
    return fact.reveal() if isinstance(fact, Outside) else str(fact)


def to_plain(fact: object) -> object:
    """Convert a fact for JSON: numbers, texts, lists and objects."""
    if isinstance(fact, Statement):
        fact = to_stored(fact)
    if isinstance(fact, Mapping):
        return {key: to_plain(one) for key, one in fact.items()}
    if isinstance(fact, list | tuple):
        return [to_plain(one) for one in fact]
    return fact if isinstance(fact, int | float | None) else _to_text(fact)


def _to_text(fact: object) -> str:
    if isinstance(fact, Outside):
        return fact.reveal()
    if isinstance(fact, date):
        return fact.isoformat()
    return str(fact.value if isinstance(fact, Enum) else fact)


def from_plain(value: object) -> Fact:
    """Convert a stored value to a fact: numbers unchanged, sentences typed again, other text from outside."""
    if is_stored(value):
        return from_stored(value)
    if isinstance(value, Mapping):
        return to_facts(value)
    if isinstance(value, list | tuple):
        return tuple(map(from_plain, value))
    return value if isinstance(value, int | float | None) else Outside(str(value))


def to_facts(values: Mapping[str, object]) -> dict[str, Fact]:
    """Convert named values of the store or of a command to facts; all text is from outside."""
    return {str(name): from_plain(value) for name, value in values.items()}
