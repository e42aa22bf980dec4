"""A cache of what strangers made us ask: bounded by octets, since they decide how long each entry is."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# What CPython takes for an entry beside its text, and for each further string: measured, and rounded up.
ENTRY_BYTES = 512
STRING_BYTES = 80


def cost_of(texts: Iterable[str]) -> int:
    """The octets that an entry with these texts is counted as."""
    return ENTRY_BYTES + sum(len(text) + STRING_BYTES for text in texts)


class OctetCache(Generic[K, V]):
    """At most `max_bytes`, each entry with the size that is given for it; the longest unused goes first.

    An entry over that is not kept at all.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self.held_bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K) -> V | None:
        """What is kept under `key`; it then counts as used."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V, size_bytes: int) -> None:
        """Keep `value`, in the place of what was kept under `key`."""
        if (old := self._kept.pop(key, None)) is not None:
            self.held_bytes -= old[1]
        if size_bytes > self._max_bytes:
            return
        self._kept[key] = (value, size_bytes)
        self.held_bytes += size_bytes
        while self.held_bytes > self._max_bytes:
            _, (_, gone) = self._kept.popitem(last=False)
            self.held_bytes -= gone
