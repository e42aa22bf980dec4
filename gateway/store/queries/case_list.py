"""Case search for the lists of operators.

Without conditions, the index on states is used. A text condition reads the cases of the wanted states one by
one; these are few as long as only open ones are wanted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from gateway.admission.case.model import State
from gateway.mail.text import fold
from gateway.store.queries.reader import Reader, Row
from gateway.store.tables import rows

MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Conditions on cases; empty means any. Texts match anywhere, folded (case, width)."""

    states: tuple[str, ...] = ()
    applicant: str = ""
    organisation: str = ""
    handler: str = ""
    text: str = ""
    since: datetime | None = None


class CaseListReader(Reader):
    """The reader that searches for cases."""

    def find_cases(self, wanted: CaseFilter, limit: int = 100) -> list[Row]:
        """Return the matching cases, those due first at the top."""
        if wanted == CaseFilter(wanted.states):
            return self.cases(wanted.states, limit)
        sought = {name: fold(text[:MAX_TEXT]) for name in _PLACES if (text := getattr(wanted, name))}
        fitting = (row for row in self._read_cases(wanted) if _fits(row, sought))
        return [{name: row[name] for name in _SHOWN} for row in islice(fitting, limit)]

    def _read_cases(self, wanted: CaseFilter) -> Iterator[Row]:
        """Yield the cases of the wanted states and time, those due first at the top, read in chunks."""
        values = {
            "since": rows.to_text(wanted.since) if wanted.since else "",
            "states": json.dumps(wanted.states or [state.value for state in State]),
        }
        ids = [row["id"] for row in self._query(_IDS, values)]
        for start in range(0, len(ids), _CHUNK):
            yield from self._query(_CASES, {"ids": json.dumps(ids[start : start + _CHUNK])})


def _fits(row: Row, sought: Mapping[str, str]) -> bool:
    return all(any(folded in fold(text) for text in _PLACES[name](row)) for name, folded in sought.items())


def _list_texts(row: Row) -> Iterator[str]:
    """Yield every text of a case that a search covers."""
    columns = ("number", "applicant", "name", "organisation", "reason", "question")
    yield from (row[column] or "" for column in columns)
    yield from (value for value in json.loads(row["form"]).values() if isinstance(value, str))
    yield from (memo["text"] for memo in json.loads(row["memos"]))


_PLACES: Mapping[str, Callable[[Row], Iterable[str]]] = {
    "applicant": lambda row: (row["applicant"],),
    "organisation": lambda row: (row["organisation"], json.loads(row["form"]).get("code") or ""),
    "handler": lambda row: (row["handler"],),
    "text": _list_texts,
}
_CHUNK = 500
_SHOWN = ("number", "state", "name", "organisation", "applicant", "opened_at", "due_on", "decided_by")
_IDS = """
SELECT id FROM cases WHERE opened_at >= :since AND state IN (SELECT value FROM json_each(:states))
ORDER BY due_on, id
"""
_CASES = """
SELECT number, state, name, organisation, applicant, opened_at, due_on, decided_by, handler, reason, question,
       form, memos
FROM cases WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(:ids)) ORDER BY due_on, id
"""
