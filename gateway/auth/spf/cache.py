"""SPF results kept with the DNS answers they rest on, so that nothing is worked out twice.

check_host() of RFC 7208 section 4 is a function of the client, the identity and what DNS says. A result is
taken again only where DNS gives all the same answers now; it never outlives a change in the zone.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass

from gateway.auth.dns.resolver import Answer, Resolver, TempFail
from gateway.auth.results import Result, Spf

# A stranger's zone decides how much an evaluation asks; what is long is not kept.
MAX_ANSWERS = 20
MAX_CHARS = 4096
# RFC 7208 section 7.2: the macros that look at the local part, which is another in every mail.
_LOCAL_PART = re.compile(r"%\{[sl]", re.IGNORECASE)

Questions = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _CachedResult:
    result: Spf
    questions: Questions
    answers: tuple[Answer, ...]


class SpfCache:
    """The results of the last `size` keys that were kept or recalled.

    A key holds all that an evaluation depends on beside DNS and the local part.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[tuple[str, ...], _CachedResult] = OrderedDict()

    async def get(self, key: tuple[str, ...], resolver: Resolver) -> Spf | None:
        """The result of `key` if every question it took is answered as before, at once; else None.

        The questions are asked in their old order, so none is asked that an evaluation would not ask.
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
        self._kept.move_to_end(key)
        return kept.result

    def put(self, key: tuple[str, ...], result: Spf, asked: list[tuple[str, str, Answer]]) -> None:
        """Keep a result with all questions that it took, if it may be taken again."""
        if result.result is Result.TEMPERROR or not _is_cacheable(asked):
            return
        questions = tuple((name, rtype) for name, rtype, _ in asked)
        self._kept[key] = _CachedResult(result, questions, tuple(answer for *_, answer in asked))
        self._kept.move_to_end(key)
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)


def _is_cacheable(asked: list[tuple[str, str, Answer]]) -> bool:
    records = [record for *_, answer in asked for record in answer.records]
    return (
        len(asked) <= MAX_ANSWERS
        and sum(map(len, records)) <= MAX_CHARS
        and not any(_LOCAL_PART.search(record) for record in records)
    )
