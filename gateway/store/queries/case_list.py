"""Which cases fit: for the lists of operators.

Without conditions the index of states answers. A condition on a text reads the cases of the wanted states
one by one, which are few while only open ones are wanted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from gateway.mail.text import fold
from gateway.store import rows
from gateway.store.queries.reader import Reader, Row

MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What cases have to be; empty: whatever. Texts stand anywhere in theirs, folded (case, width)."""

    states: tuple[str, ...] = ()
    applicant: str = ""
    organisation: str = ""
    handler: str = ""
    text: str = ""
    since: datetime | None = None


class CaseListReader(Reader):
    """Asks the database for cases by what they are."""

    def find_cases(self, wanted: CaseFilter, limit: int = 100) -> list[Row]:
        """The cases that fit, those due first at the top."""
        if wanted == CaseFilter(wanted.states):
            return self.cases(wanted.states, limit)
        self._db.conn.create_function("holds", 2, _holds, deterministic=True)
        sought = {
            "applicant": wanted.applicant,
            "organisation": wanted.organisation,
            "handler": wanted.handler,
            "text": wanted.text,
        }
        values = {name: fold(text[:MAX_TEXT]) for name, text in sought.items() if text}
        conditions = [_CONDITIONS[name] for name in values]
        if wanted.since is not None:
            conditions.append("opened_at >= :since")
            values["since"] = rows.to_text(wanted.since)
        if wanted.states:
            conditions.append("state IN (SELECT value FROM json_each(:states))")
            values["states"] = json.dumps(wanted.states)
        sql = f"{_COLUMNS} WHERE {' AND '.join(conditions)} ORDER BY due_on, id LIMIT :limit"
        return list(self._db.query(sql, {**values, "limit": limit}))


def _holds(text: str | None, folded: str) -> bool:
    return folded in fold(text or "")


def _any_holds(columns: tuple[str, ...], name: str) -> str:
    return "(" + " OR ".join(f"holds({column}, :{name})" for column in columns) + ")"


def _list_conditions() -> Iterator[tuple[str, str]]:
    yield "applicant", _any_holds(("applicant",), "applicant")
    yield "organisation", _any_holds(("organisation", "json_extract(form, '$.code')"), "organisation")
    yield "handler", _any_holds(("handler",), "handler")
    # The form as JSON is escaped; its values are not.
    form = "EXISTS (SELECT 1 FROM json_each(form) f WHERE f.type = 'text' AND holds(f.value, :text))"
    memos = "EXISTS (SELECT 1 FROM json_each(memos) m WHERE holds(json_extract(m.value, '$.text'), :text))"
    columns = ("number", "applicant", "name", "organisation", "reason", "question")
    yield "text", f"({_any_holds(columns, 'text')} OR {form} OR {memos})"


_CONDITIONS = dict(_list_conditions())
_COLUMNS = "SELECT number, state, name, organisation, applicant, opened_at, due_on, decided_by FROM cases"
