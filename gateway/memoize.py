"""Every cache of what functions give: one decorator, so that all are known, counted and emptied in one place.

A cache is worth its place where it saves one hundredth of the work for a mail (`tests/bench/caches.py`), or
where what it holds is made once. A stranger's text is remembered up to a bounded length only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class CacheFigures:
    """What a cache holds, of at most `maxsize` results, and how often it was asked since it was emptied."""

    name: str
    entries: int
    maxsize: int
    hits: int
    misses: int


@dataclass(frozen=True, slots=True)
class Cache:
    """A function that remembers its results: `plain` is the function, `call` what its callers use.

    `max_key` is the longest text that is remembered; 0 where the argument is bounded already.
    """

    name: str
    why: str
    maxsize: int
    max_key: int
    plain: Callable[..., Any]
    call: Callable[..., Any]
    figures: Callable[[], CacheFigures]
    clear: Callable[[], None]

    @property
    def is_made_once(self) -> bool:
        """Whether it holds one value, which hangs on nothing that can change while the process runs."""
        return not signature(self.plain).parameters


_CACHES: dict[str, Cache] = {}


def memoize(*, maxsize: int, why: str, max_key: int = 0) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Remember the last `maxsize` results of a pure function of hashable arguments; `why` says what for.

    `max_key` is for a function whose first argument is the text of a stranger: what has more characters or
    octets is worked out anew each time, so that nobody can fill the memory.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        name = f"{function.__module__}.{function.__qualname__}".removeprefix("gateway.")
        stored = lru_cache(maxsize)(function)

        def figures() -> CacheFigures:
            seen = stored.cache_info()
            return CacheFigures(name, seen.currsize, maxsize, seen.hits, seen.misses)

        call = cast("Callable[P, R]", _bound_key(function, stored, max_key) if max_key else stored)
        _CACHES[name] = Cache(name, why, maxsize, max_key, function, call, figures, stored.cache_clear)
        return call

    return decorate


def _bound_key(function: Callable[..., R], stored: Callable[..., R], max_key: int) -> Callable[..., R]:
    @wraps(function)
    def call(text: str | bytes, *others: object) -> R:
        return stored(text, *others) if len(text) <= max_key else function(text, *others)

    return call


def list_caches() -> tuple[Cache, ...]:
    """The caches of all modules that are loaded, by name."""
    return tuple(_CACHES[name] for name in sorted(_CACHES))


def read_cache_figures() -> tuple[CacheFigures, ...]:
    """What all caches hold, and how often they were asked."""
    return tuple(cache.figures() for cache in list_caches())


def clear_all(*, made_once: bool = True) -> None:
    """Forget everything, as a process that has just begun; or all but what is made once."""
    for cache in _CACHES.values():
        if made_once or not cache.is_made_once:
            cache.clear()
