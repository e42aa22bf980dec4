"""Caches SPF results with the DNS answers that they depend on, so that nothing is evaluated twice.

check_host() of RFC 7208 section 4 is a function of the client, the identity and the DNS answers. A result is
reused only if DNS returns the same answers now, so it never outlives a change of the zone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.auth.dns.octet_cache import OctetCache, cost_of
from gateway.auth.dns.resolver import Answer, Resolver, TempFail
from gateway.auth.results import Result, Spf

# A hostile zone decides how many queries an evaluation makes; long evaluations are not cached.
MAX_ANSWERS = 20
MAX_CHARS = 4096
CACHE_BYTES = 4_194_304
# RFC 7208 section 7.2: the macros that use the local part, which differs from mail to mail.
_LOCAL_PART = re.compile(r"%\{[sl]", re.IGNORECASE)

Questions = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _CachedResult:
    result: Spf
    questions: Questions
    answers: tuple[Answer, ...]


class SpfCache:
    """The most recently used results, up to `max_bytes`.

    A key contains everything that an evaluation depends on, except DNS and the local part.
    """

    def __init__(self, max_bytes: int) -> None:
        self._kept: OctetCache[tuple[str, ...], _CachedResult] = OctetCache(max_bytes)

    async def get(self, key: tuple[str, ...], resolver: Resolver) -> Spf | None:
        """Return the result for `key` if all its queries are answered as before, without a wait; else None.

        The queries are made in their old order, so that there are none that an evaluation would not make.
        """
        kept = self._kept.get(key)
        if kept is None or not resolver.has_cached(kept.questions):
            return None
        try:
            for (name, rtype), answer in zip(kept.questions, kept.answers, strict=True):
                if await resolver.resolve(name, rtype) != answer:
                    return None
        except TempFail:
            return None
        return kept.result

    def put(self, key: tuple[str, ...], result: Spf, asked: list[tuple[str, str, Answer]]) -> None:
        """Store a result with all its queries, if it may be reused."""
        if result.result is Result.TEMPERROR or not _is_cacheable(asked):
            return
        questions = tuple((name, rtype) for name, rtype, _ in asked)
        kept = _CachedResult(result, questions, tuple(answer for *_, answer in asked))
        texts = [text for name, _, answer in asked for text in (name, *answer.records)]
        self._kept.put(key, kept, cost_of((*key, *texts)))


def _is_cacheable(asked: list[tuple[str, str, Answer]]) -> bool:
    records = [record for *_, answer in asked for record in answer.records]
    return (
        len(asked) <= MAX_ANSWERS
        and sum(map(len, records)) <= MAX_CHARS
        and not any(_LOCAL_PART.search(record) for record in records)
    )
