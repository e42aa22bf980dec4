"""Input of members whose session had ended: kept for the same browser, and shown again."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_KEPT = 200
MAX_OCTETS = 8_000


@dataclass(frozen=True, slots=True)
class Drafts:
    """Forms in memory, by the secret of a cookie: their page and fields. Thread-safe."""

    _kept: dict[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, page: str, fields: Mapping[str, str]) -> str:
        """Keep a form, unless it is larger than any of ours; return its secret, empty if not kept."""
        if sum(len(name) + len(text) for name, text in fields.items()) > MAX_OCTETS:
            return ""
        made = secrets.token_urlsafe(24)
        with self._lock:
            while len(self._kept) >= MAX_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[made] = (page, dict(fields))
        return made

    def find(self, made: str, page: str) -> Mapping[str, str]:
        """Return the fields for a page; empty if there are none."""
        with self._lock:
            of, fields = self._kept.get(made, ("", {}))
        return fields if of == page else {}
