"""The letters of the preview, one of each shape: what a template does hangs on which facts are there."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from gateway.admission.case.model import OutgoingLetter

Name = TypeVar("Name")
_IDENTIFIER = re.compile(r"[a-z_]{2,30}")


def one_of_each_shape(letters: Iterable[tuple[Name, OutgoingLetter]]) -> list[tuple[Name, OutgoingLetter]]:
    """The first of those that differ only in their texts, their numbers and how long their lists are.

    What looks like an identifier of ours (`kind`, `state`) is no text: a template asks for it.
    """
    found: dict[Hashable, tuple[Name, OutgoingLetter]] = {}
    for name, outgoing in letters:
        found.setdefault((outgoing.letter, _shape(outgoing.facts)), (name, outgoing))
    return list(found.values())


def _shape(value: object) -> Hashable:
    if isinstance(value, Mapping):
        return frozenset((key, _shape(each)) for key, each in value.items())
    if isinstance(value, list | tuple):
        return frozenset(_shape(each) for each in value)
    if isinstance(value, bool) or (isinstance(value, str) and _IDENTIFIER.fullmatch(value)):
        return value
    return type(value), bool(value)
