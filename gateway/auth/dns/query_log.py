"""Keep what DNS said while one mail was checked, so that the verdict can be understood later.

Bounded: a stranger's zone decides how long answers are, and how many are asked for. One mail has a budget
for all its answers together; what goes beyond it is not asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from gateway.auth.dns.resolver import Answer, Resolver, TempFail
from gateway.auth.results import AnswerStatus, QueryLogEntry

MAX_ANSWERS = 100
MAX_ANSWER_CHARS = 1000
# An answer costs its octets on the wire, and what the work on a record and on a question comes to in octets.
# 75 questions of SPF with a kilobyte each fit in; eight answers of the largest kind do.
BUDGET_BYTES = 131_072
QUESTION_COST = 256
RECORD_COST = 64
_MAX_NAME = 255
# At the end of what was cut. Records are octets as latin-1: no character of theirs.
CUT = "…"


class QueryLog:
    """A Resolver for one mail that passes questions on and notes the answers."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._answers: dict[tuple[str, str], Answer | None] = {}
        self._left = BUDGET_BYTES

    async def resolve(self, name: str, rtype: str) -> Answer:
        """As the resolver behind it, raising TempFail only; oversized when the budget is spent."""
        if self.is_spent:
            return Answer(oversized=True)
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
        return tuple([_build_entry(name, rtype, answer) for (name, rtype), answer in self._answers.items()])

    def find_aliases(self, name: str) -> tuple[str, ...]:
        """Where CNAMEs led when TXT, MX or an address of the very name was asked for."""
        found = (answer.aliases for (asked, _), answer in self._answers.items() if asked == name and answer)
        return tuple(dict.fromkeys(alias for aliases in found for alias in aliases))

    @property
    def is_spent(self) -> bool:
        """Whether the answers so far took all that one mail may take."""
        return self._left < 0

    @property
    def faults(self) -> Mapping[str, str]:
        """The questions whose answers can never be used (`TXT a.example`), with the reason."""
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
    """A name as it is kept. A macro can put octets of HELO into it; any encoder must take what is kept."""
    return name[:_MAX_NAME].encode("ascii", "backslashreplace").decode("ascii")


def _status(answer: Answer | None) -> AnswerStatus:
    """The status of an answer without records."""
    if answer is None:
        return AnswerStatus.TEMPFAIL
    if answer.looped:
        return AnswerStatus.LOOPED
    if answer.oversized:
        return AnswerStatus.OVERSIZED
    return AnswerStatus.NOTHING if answer.exists else AnswerStatus.NXDOMAIN


def _truncate_records(records: tuple[str, ...]) -> tuple[str, ...]:
    """The records as far as they fit; the first that does not is cut, with a mark, and is the last."""
    if sum(map(len, records)) + len(records) <= MAX_ANSWER_CHARS:
        return records  # as nearly always
    kept: list[str] = []
    left = MAX_ANSWER_CHARS
    for record in records:
        # An empty record takes a place too, so that their number is bounded.
        cost = max(len(record), 1)
        if cost > left:
            return (*kept, record[: max(left - 1, 0)] + CUT)
        kept.append(record)
        left -= cost
    return tuple(kept)
