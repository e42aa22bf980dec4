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

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        """Compile it. From then on, its attributes are those of the compiled pattern, found without this."""
        if name not in _OFFERED:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        self.__dict__ |= {each: getattr(compiled, each) for each in _OFFERED}
        return self.__dict__[name]


def compile_later(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what behaves like `re.compile(pattern, flags)`; raises `re.error` at the first use only."""
    return cast("re.Pattern[str]", LazyPattern(pattern, flags))
