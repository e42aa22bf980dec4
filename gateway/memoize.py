"""All caches of function results: one decorator, so that all are known, counted and cleared in one place.

A cache is justified if it saves at least one hundredth of the work for a mail (`tests/bench/caches.py`), or
if its content is computed once. Text from strangers is cached only up to a maximum length.
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
    """The number of entries in a cache, its maximum, and its hits and misses since it was cleared."""

    name: str
    entries: int
    maxsize: int
    hits: int
    misses: int


@dataclass(frozen=True, slots=True)
class Cache:
    """A function with cached results: `plain` is the function, `call` is what its callers use.

    `max_key` is the maximum length of a cached text; 0 if the argument is already bounded. `is_made_once`
    says that it has a single value, which cannot change while the process runs.
    """

    name: str
    why: str
    maxsize: int
    max_key: int
    plain: Callable[..., Any]
    call: Callable[..., Any]
    figures: Callable[[], CacheFigures]
    clear: Callable[[], None]
    is_made_once: bool


_CACHES: dict[str, Cache] = {}


def memoize(*, maxsize: int, why: str, max_key: int = 0) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Cache the last `maxsize` results of a pure function of hashable arguments; `why` gives the reason.

    `max_key` is for a function whose first argument is text from strangers: longer text (characters or
    octets) is computed each time, so that nobody can fill the memory.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        name = f"{function.__module__}.{function.__qualname__}".removeprefix("gateway.")
        stored = lru_cache(maxsize)(function)

        def figures() -> CacheFigures:
            seen = stored.cache_info()
            return CacheFigures(name, seen.currsize, maxsize, seen.hits, seen.misses)

        call = cast("Callable[P, R]", _bound_key(function, stored, max_key) if max_key else stored)
        is_made_once = not signature(function).parameters
        _CACHES[name] = Cache(
            name, why, maxsize, max_key, function, call, figures, stored.cache_clear, is_made_once
        )
        return call

    return decorate


def _bound_key(function: Callable[..., R], stored: Callable[..., R], max_key: int) -> Callable[..., R]:
    @wraps(function)
    def call(text: str | bytes, *others: object) -> R:
        return stored(text, *others) if len(text) <= max_key else function(text, *others)

    @wraps(function)
    def call_with_text(text: str | bytes) -> R:  # hundreds of calls a mail; `others` costs a third
        return stored(text) if len(text) <= max_key else function(text)

    return call if len(signature(function).parameters) > 1 else call_with_text


def list_caches() -> tuple[Cache, ...]:
    """Return the caches of all loaded modules, by name."""
    return tuple(_CACHES[name] for name in sorted(_CACHES))


def read_cache_figures() -> tuple[CacheFigures, ...]:
    """Return the figures of all caches."""
    return tuple(cache.figures() for cache in list_caches())


def clear_all(*, made_once: bool = True) -> None:
    """Clear all caches, as in a new process, or all except those that are computed once."""
    for cache in _CACHES.values():
        if made_once or not cache.is_made_once:
            cache.clear()
