"""Keep what DNS said while one mail was checked, so that the verdict can be understood later.

Bounded: a stranger's zone decides how long answers are, and how many are asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import lru_cache

from gateway.auth.dns.resolver import Answer, Resolver, TempFail
from gateway.auth.results import AnswerStatus, QueryLogEntry

MAX_ANSWERS = 100
MAX_ANSWER_CHARS = 1000
_MAX_NAME = 255
_CUT = "…"


class QueryLog:
    """A Resolver for one mail that passes questions on and notes the answers."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._answers: dict[tuple[str, str], Answer | None] = {}

    async def resolve(self, name: str, rtype: str) -> Answer:
        """As the resolver behind it; raises TempFail, and nothing else."""
        try:
            answer = await self._resolver.resolve(name, rtype)
        except (TempFail, asyncio.CancelledError):
            # A question that the deadline cut off was not answered either.
            self._record(name, rtype, None)
            raise
        self._record(name, rtype, answer)
        return answer

    def has_cached(self, questions: Iterable[tuple[str, str]]) -> bool:
        """As the resolver behind it."""
        return self._resolver.has_cached(questions)

    @property
    def answers(self) -> tuple[QueryLogEntry, ...]:
        """One for each question, in the order in which the first answers came."""
        return tuple(
            [_build_entry(name, rtype, *_parts(answer)) for (name, rtype), answer in self._answers.items()]
        )

    def _record(self, name: str, rtype: str, answer: Answer | None) -> None:
        key = (name, rtype)
        if len(self._answers) < MAX_ANSWERS or key in self._answers:
            self._answers[key] = answer


def _parts(answer: Answer | None) -> tuple[tuple[str, ...] | None, bool]:
    """Records (None: no answer) and existence: hashed several times as fast as the Answer."""
    return (answer.records, answer.exists) if answer is not None else (None, True)


@lru_cache(maxsize=4096)  # mail after mail of one domain brings the same answers
def _build_entry(name: str, rtype: str, records: tuple[str, ...] | None, exists: bool) -> QueryLogEntry:
    shown = name[:_MAX_NAME]
    if not shown.isascii():
        # A macro can put octets of HELO into a name; what is kept must be text that any encoder takes.
        shown = shown.encode("ascii", "backslashreplace").decode("ascii")
    if records is None:
        return QueryLogEntry(shown, rtype, (), AnswerStatus.TEMPFAIL)
    if records:
        return QueryLogEntry(shown, rtype, _truncate_records(records), AnswerStatus.RECORDS)
    return QueryLogEntry(shown, rtype, (), AnswerStatus.NOTHING if exists else AnswerStatus.NXDOMAIN)


def _truncate_records(records: tuple[str, ...]) -> tuple[str, ...]:
    """The records as far as they fit; the first that does not is cut, with a mark, and is the last."""
    kept: list[str] = []
    left = MAX_ANSWER_CHARS
    for record in records:
        # An empty record takes a place too, so that their number is bounded.
        cost = max(len(record), 1)
        if cost > left:
            return (*kept, record[: left - 1] + _CUT) if left else tuple(kept)
        kept.append(record)
        left -= cost
    return tuple(kept)
