"""Search patterns that are compiled when they are first used.

Compiling all patterns that read text takes about a second, and a message needs a fifth of them. A command
that reads no message needs none.
"""

from __future__ import annotations

import re
from typing import Any, cast

# What a compiled pattern offers, besides its text and flags.
_OFFERED = (
    "search",
    "match",
    "fullmatch",
    "finditer",
    "findall",
    "sub",
    "subn",
    "split",
    "groups",
    "groupindex",
)


class LazyPattern:
    """A pattern in the place of a compiled one, with the same methods."""

    __slots__ = ("flags", "pattern", *_OFFERED)


class _Uncompiled(LazyPattern):
    """One that has not been used yet. Without `__getattr__`, the interpreter finds a method faster."""

    __slots__ = ()

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        """Compile it. From then on, its attributes are those of the compiled pattern, found without this."""
        if name not in _OFFERED:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        for each in _OFFERED:
            setattr(self, each, getattr(compiled, each))
        self.__class__ = LazyPattern  # type: ignore[assignment]  # its attributes are in the same slots
        return getattr(compiled, name)


def compile_later(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what behaves like `re.compile(pattern, flags)`; raises `re.error` at the first use only."""
    return cast("re.Pattern[str]", _Uncompiled(pattern, flags))
