"""What the checks of a database found, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.store import hash_chain
from gateway.store.hash_chain import Head

MAX_FOUND = 20

# Told what is looked at, and how far that has come (a count that only grows).
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Check:
    """One check: `found` is what does not fit, `advice` what to do about it."""

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
    """All checks that could be made, and the last line of the journal."""

    checks: tuple[Check, ...]
    head: Head = hash_chain.NOTHING

    @property
    def is_sound(self) -> bool:
        """Whether every check found nothing."""
        return all(check.is_sound for check in self.checks)
