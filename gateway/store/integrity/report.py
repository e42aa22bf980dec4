"""Findings of the checks of a database, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.store.integrity import hash_chain
from gateway.store.integrity.hash_chain import Head

MAX_FOUND = 20

# Called with the name of what is checked, and its progress (a count that only grows).
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Check:
    """A check: `found` is what is wrong, `advice` is what to do about it."""

    name: str
    what: str
    found: tuple[str, ...] = ()
    advice: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.found


@dataclass(frozen=True, slots=True)
class Report:
    """All checks that could be made, and the last journal line."""

    checks: tuple[Check, ...]
    head: Head = hash_chain.NOTHING

    @property
    def is_sound(self) -> bool:
        """Whether no check found anything."""
        return all(check.is_sound for check in self.checks)
