"""Replays DNS as it was when a mail was checked: the answers in the stored verdict, and no others."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.auth.dns.query_log import CUT, show_name
from gateway.auth.dns.resolver import Answer, TempFail
from gateway.auth.results import AnswerStatus, QueryLogEntry

Question = tuple[str, str]


class StoredAnswers:
    """A Resolver without network. An answer that is missing or truncated is TempFail: unknown, not absent.

    The AD bit is not stored, so that no answer has it.
    """

    def __init__(self, entries: Iterable[QueryLogEntry]) -> None:
        self._entries = {(one.name, one.rtype): one for one in entries}
        self._missed: dict[Question, None] = {}
        self._cut: dict[Question, None] = {}

    async def resolve(self, name: str, rtype: str) -> Answer:
        """Return the answer of that time. Raises nothing but TempFail."""
        question = (show_name(name), rtype)
        entry = self._entries.get(question)
        if entry is None:
            self._missed[question] = None
            raise TempFail(f"{rtype} {question[0]}: no answer is stored")
        if any(texts and texts[-1].endswith(CUT) for texts in (entry.records, entry.aliases)):
            self._cut[question] = None
            raise TempFail(f"{rtype} {question[0]}: the stored answer is incomplete")
        return _to_answer(entry)

    def has_cached(self, questions: Iterable[Question]) -> bool:
        """Return True, because there is never a wait."""
        return True

    @property
    def missed(self) -> tuple[Question, ...]:
        """(name, type) of the queries without a stored answer, in the order asked."""
        return tuple(self._missed)

    @property
    def cut(self) -> tuple[Question, ...]:
        """(name, type) of the queries whose stored answer was truncated, in the order asked."""
        return tuple(self._cut)


def _to_answer(entry: QueryLogEntry) -> Answer:
    match entry.status:
        case AnswerStatus.TEMPFAIL:
            raise TempFail(f"{entry.rtype} {entry.name}: DNS did not answer when the message was received")
        case AnswerStatus.NXDOMAIN:
            return Answer(exists=False, aliases=entry.aliases)
        case AnswerStatus.OVERSIZED:
            return Answer(oversized=True, aliases=entry.aliases)
        case AnswerStatus.LOOPED:
            return Answer(looped=True, aliases=entry.aliases)
        case AnswerStatus.RECORDS | AnswerStatus.NOTHING:
            return Answer(entry.records, aliases=entry.aliases)
