"""A fact of ours or of somebody else: a field of a log event, a value in the journal, a cell of a page.

Ours is what its type says (an enum, a number, a date, an address that was read, a sentence of the desk, a
literal); all else is `Outside`. A bare `str` is what somebody forgot to type. Tests and `python -X dev`
refuse it (UnprintedError); in service it counts as text from outside, because a line that is lost helps
nobody.
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
    """A text that the code alone made: a literal, or of enums and numbers."""

    __slots__ = ()


Field = Ours | Outside | Enum | Address | date | int | float
Fact = Union[Field, Statement, None, "tuple[Fact, ...]", "Mapping[str, Fact]"]
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


def to_typed(value: object) -> Fact:
    """A fact with each bare text in it, and what is of no type of ours, as `Outside`.

    Raises UnprintedError where bare text is refused.
    """
    if isinstance(value, Ours | Outside | Enum | Address | Statement | date | int | float | None):
        return value
    if isinstance(value, Mapping):
        return {str(key): to_typed(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return tuple(map(to_typed, value))
    if Strictness.refuses:
        raise UnprintedError
    return Outside(str(value))


def show_field(value: Field) -> str:
    """The text of a field. Raises UnprintedError where bare text is refused."""
    fact = to_typed(value)
    return fact.reveal() if isinstance(fact, Outside) else str(fact)


def to_plain(fact: object) -> object:
    """A fact as JSON holds it: numbers, texts, lists and objects."""
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
    """A fact out of the store: numbers as they are, sentences typed again, each text from outside."""
    if is_stored(value):
        return from_stored(value)
    if isinstance(value, Mapping):
        return to_facts(value)
    if isinstance(value, list | tuple):
        return tuple(map(from_plain, value))
    return value if isinstance(value, int | float | None) else Outside(str(value))


def to_facts(values: Mapping[str, object]) -> dict[str, Fact]:
    """Named values of the store or of a command as facts, each text from outside."""
    return {str(name): from_plain(value) for name, value in values.items()}
