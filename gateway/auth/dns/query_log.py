"""Records the DNS answers during the check of a mail, so that the verdict can be explained later.

Limited, because a hostile zone decides how long answers are and how many are needed. Each mail has a budget
for all its answers; once it is spent, there are no further queries.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from gateway.auth.dns.resolver import Answer, Resolver, TempFail
from gateway.auth.results import AnswerStatus, QueryLogEntry

MAX_ANSWERS = 100
MAX_ANSWER_CHARS = 1000
# An answer costs its octets on the wire, plus octets that stand for the work per record and per query. The
# budget is enough for 75 queries of SPF with a kilobyte each, or eight answers of the largest kind.
BUDGET_BYTES = 131_072
QUESTION_COST = 256
RECORD_COST = 64
_MAX_NAME = 255
# Marks the end of a truncated record. Records are octets as latin-1, which does not have this character.
CUT = "…"


class QueryLog:
    """A Resolver for one mail that forwards queries and records the answers."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._answers: dict[tuple[str, str], Answer | None] = {}
        self._left = BUDGET_BYTES

    async def resolve(self, name: str, rtype: str) -> Answer:
        """Forward the query, raising only TempFail; return an oversized answer once the budget is spent."""
        if self.is_spent:
            return Answer(oversized=True)
        try:
            answer = await self._resolver.resolve(name, rtype)
        except (TempFail, asyncio.CancelledError):
            # A query that the deadline cancelled was not answered either.
            self._record(name, rtype, None)
            raise
        self._record(name, rtype, answer)
        return answer

    def has_cached(self, questions: Iterable[tuple[str, str]]) -> bool:
        """Return what the underlying resolver returns."""
        return self._resolver.has_cached(questions)

    @property
    def answers(self) -> tuple[QueryLogEntry, ...]:
        """One entry for each query, in the order of the first answers."""
        return tuple([_build_entry(name, rtype, answer) for (name, rtype), answer in self._answers.items()])

    def find_aliases(self, name: str) -> tuple[str, ...]:
        """Return the CNAME targets seen when TXT, MX or an address of exactly this name was queried."""
        found = (answer.aliases for (asked, _), answer in self._answers.items() if asked == name and answer)
        return tuple(dict.fromkeys(alias for aliases in found for alias in aliases))

    @property
    def is_spent(self) -> bool:
        """Whether the answers so far exceed the budget of one mail."""
        return self._left < 0

    @property
    def faults(self) -> Mapping[str, str]:
        """The queries with unusable answers (`TXT a.example`), with the reason."""
        return {
            f"{rtype} {show_name(name)}": answer.fault
            for (name, rtype), answer in self._answers.items()
            if answer is not None and answer.fault
        }

    def _record(self, name: str, rtype: str, answer: Answer | None) -> None:
        key = (name, rtype)
        self._left -= _cost(answer) if key not in self._answers else 0
        if len(self._answers) < MAX_ANSWERS or key in self._answers:
            self._answers[key] = answer


def _cost(answer: Answer | None) -> int:
    if answer is None:
        return QUESTION_COST
    octets = max(answer.wire_bytes, sum(map(len, answer.records)))
    return QUESTION_COST + octets + RECORD_COST * len(answer.records)


def _build_entry(name: str, rtype: str, answer: Answer | None) -> QueryLogEntry:
    shown = show_name(name)
    aliases = _truncate_records(answer.aliases) if answer is not None else ()
    if answer is not None and answer.records:
        return QueryLogEntry(shown, rtype, _truncate_records(answer.records), AnswerStatus.RECORDS, aliases)
    return QueryLogEntry(shown, rtype, (), _status(answer), aliases)


def show_name(name: str) -> str:
    """Return a name in ASCII for storage, because a macro can insert octets of HELO."""
    return name[:_MAX_NAME].encode("ascii", "backslashreplace").decode("ascii")


def _status(answer: Answer | None) -> AnswerStatus:
    """Return the status of an answer without records."""
    if answer is None:
        return AnswerStatus.TEMPFAIL
    if answer.looped:
        return AnswerStatus.LOOPED
    if answer.oversized:
        return AnswerStatus.OVERSIZED
    return AnswerStatus.NOTHING if answer.exists else AnswerStatus.NXDOMAIN


def _truncate_records(records: tuple[str, ...]) -> tuple[str, ...]:
    """Return the records that fit; the first one that does not is truncated and marked, and is the last."""
    if sum(map(len, records)) + len(records) <= MAX_ANSWER_CHARS:
        return records  # nearly always
    kept: list[str] = []
    left = MAX_ANSWER_CHARS
    for record in records:
        # An empty record counts as well, so that their number is limited.
        cost = max(len(record), 1)
        if cost > left:
            return (*kept, record[: max(left - 1, 0)] + CUT)
        kept.append(record)
        left -= cost
    return tuple(kept)
