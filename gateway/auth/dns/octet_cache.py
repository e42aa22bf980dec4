"""A cache limited by octets, because remote parties determine the length of each entry."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# The memory that CPython needs for an entry besides its text, and for each further string: measured, rounded
# up.
ENTRY_BYTES = 512
STRING_BYTES = 80


def cost_of(texts: Iterable[str]) -> int:
    """Return the size in octets that is counted for an entry with these texts."""
    return ENTRY_BYTES + sum(len(text) + STRING_BYTES for text in texts)


class OctetCache(Generic[K, V]):
    """An LRU cache of at most `max_bytes`; the caller gives the size of each entry.

    An entry larger than that is not stored.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self.held_bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K) -> V | None:
        """Return the value for `key` and mark it as used."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V, size_bytes: int) -> None:
        """Store `value`, replacing the previous value for `key`."""
        if (old := self._kept.pop(key, None)) is not None:
            self.held_bytes -= old[1]
        if size_bytes > self._max_bytes:
            return
        self._kept[key] = (value, size_bytes)
        self.held_bytes += size_bytes
        while self.held_bytes > self._max_bytes:
            _, (_, gone) = self._kept.popitem(last=False)
            self.held_bytes -= gone
