"""Reads the database beside the running gateway, on any kind of store, without delaying a writer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from gateway.admission.case.model import State
from gateway.store.protocol import LetterState, NoDatabaseError, ReadConnection, Source, Trouble
from gateway.store.tables import rows

Row = dict[str, Any]


def open_current(source: Source) -> ReadConnection:
    """Open a connection to a database of this version. Raises NoDatabaseError, SchemaError."""
    found = source.open()
    try:
        check_version(source, found)
    except BaseException:
        found.close()
        raise
    return found


def check_version(source: Source, connection: ReadConnection) -> None:
    """Check that a connection reads a database of this version. Raises NoDatabaseError, SchemaError."""
    if connection.find_lacking():
        raise NoDatabaseError(
            f"{source}: the database was written by an earlier version; start the gateway once to upgrade it",
            Trouble.OLDER,
        )


class Reader:
    """Queries of the commands. Rows are plain dictionaries with JSON columns decoded.

    `owed_at` is the name of `queued_at` in 0.1, given in addition until 0.3. Raises NoDatabaseError;
    SchemaError for a database that is not ours, or of a newer gateway.
    """

    def __init__(self, source: Source) -> None:
        self._db = open_current(source)

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def _query(self, sql: str, values: Mapping[str, object] | None = None) -> Iterator[Row]:
        return (dict(row) for row in self._db.execute(sql, values or {}))

    def cases(self, states: Sequence[str] = (), limit: int = 100) -> list[Row]:
        """Return cases, those due first at the top; with `states` empty, all of them."""
        due, values = _one_by_one(_CASES_DUE, states or [state.value for state in State])
        return list(
            self._query(
                f"""
                SELECT number, state, name, organisation, applicant, opened_at, due_on, decided_by
                FROM cases WHERE id IN (SELECT id FROM ({due}) each ORDER BY due_on, id LIMIT :limit)
                ORDER BY due_on, id
                """,  # noqa: S608 - `ids` is made of placeholders
                {**values, "limit": limit},
            )
        )

    def cases_decided_by(self, address: str, since: datetime | None = None, limit: int = 100) -> list[Row]:
        """Return the cases in which a member's reply had an effect, the latest reply first.

        `said_at` and `said` are time and event of that reply.
        """
        values = {"by": address.lower(), "since": rows.to_text(since) if since else "", "limit": limit}
        return list(self._query(_DECIDED_BY, values))

    def case(self, number: str) -> Row | None:
        """Return everything about a case: authenticated mails, letters, journal. None if absent."""
        row = next(iter(self._query("SELECT * FROM cases WHERE number = :number", {"number": number})), None)
        if row is None:
            return None
        case = _decode_json(row, "form", "background", "affiliation", "memos")
        by_case = {"case": case.pop("id")}
        case.pop("applicant_key")
        mails = self._query(_MAILS, by_case)
        case["mails"] = [_decode_json(mail, "verdict") for mail in mails]
        case["letters"] = list(self._query(_LETTERS, by_case))
        case["journal"] = [rows.type_journal_row(line) for line in self._query(_JOURNAL, by_case)]
        return case

    def letters(self, states: Sequence[str] = (), limit: int = 100) -> list[Row]:
        """Return letters of the outbox, the next to be sent first, then the finished ones, newest first."""
        wanted = [each for each in LetterState if not states or each.value in states]
        waiting, values = _one_by_one(_WAITS, [each.value for each in wanted if each in _WAITING])
        found = self._letters(waiting, values, limit, "l.not_before, l.id")
        over, values = _one_by_one(_OVER, [each.value for each in wanted if each in _ENDED])
        newest = [over] if over else []
        if LetterState.SENT in wanted:
            newest.append(_SENT)
        return found + self._letters(" UNION ALL ".join(newest), values, limit - len(found), "l.id DESC")

    def _letters(self, ids: str, values: dict[str, str], limit: int, order: str) -> list[Row]:
        if not ids or limit <= 0:
            return []
        return list(
            self._query(
                f"""
                SELECT l.id, c.number AS "case", l.letter, l.recipient, l.state, l.attempts, l.queued_at,
                       l.queued_at AS owed_at, l.not_before, l.sent_at, l.last_reply
                FROM letters l LEFT JOIN cases c ON c.id = l.case_id
                WHERE l.id IN (SELECT id FROM ({ids}) one)
                ORDER BY {order} LIMIT :limit
                """,  # noqa: S608 - `ids` is made of placeholders
                {**values, "limit": limit},
            )
        )

    def unheard_mails(self, limit: int = 100) -> list[Row]:
        """Return mails that nobody was notified of, the newest first, with what they hold."""
        return list(
            self._query(
                """
                SELECT id, received_at, author, subject, kind, unheard AS holds
                FROM mails INDEXED BY mails_unheard WHERE unheard <> '' ORDER BY id DESC LIMIT :limit
                """,
                {"limit": limit},
            )
        )

    def mails(self, number: str | None = None, limit: int = 100) -> list[Row]:
        """Return mails, the newest first: all, those of a case, or (empty number) those without a case."""
        of = {None: "1 = 1", "": "m.case_id IS NULL"}.get(number, "c.number = :number")
        sql = f"{_ANY_MAILS} WHERE {of} ORDER BY m.id DESC LIMIT :limit"
        return list(self._query(sql, {"number": number, "limit": limit}))

    def mail(self, mail_id: int) -> Row | None:
        """Return everything about one mail, with its raw message (empty if erased); None if absent."""
        found = next(iter(self._query(_MAIL, {"id": mail_id})), None)
        return None if found is None else _decode_json(found, "verdict")

    def letter(self, letter_id: int) -> Row | None:
        """Return everything about a letter, with its last sent text and failed attempts; None if absent."""
        found = next(iter(self._query(_LETTER, {"id": letter_id})), None)
        return None if found is None else _decode_json(found, "history")


_CASES_DUE = """
SELECT * FROM (SELECT id, due_on FROM cases WHERE state = {0} ORDER BY due_on, id LIMIT :limit) due
"""
_WAITING = frozenset({LetterState.QUEUED, LetterState.DEFERRED, LetterState.HELD})
_ENDED = frozenset({LetterState.REFUSED, LetterState.RECALLED})
# By the partial indexes of waiting, leased, held or ended letters; sent ones from the newest on.
_WAITS = """
SELECT * FROM (SELECT id FROM letters WHERE state = {0} AND state IN ('queued', 'deferred')
  AND leased_until IS NULL ORDER BY not_before, id LIMIT :limit) due
UNION ALL
SELECT * FROM (SELECT id FROM letters WHERE state = {0} AND leased_until IS NOT NULL LIMIT :limit) leased
UNION ALL
SELECT * FROM (SELECT id FROM letters WHERE state = {0} AND state = 'held'
  ORDER BY queued_at LIMIT :limit) held
"""
_OVER = """
SELECT * FROM (SELECT id FROM letters WHERE state = {0} AND state IN ('refused', 'recalled')
  ORDER BY id DESC LIMIT :limit) ended
"""
_SENT = "SELECT * FROM (SELECT id FROM letters WHERE state = 'sent' ORDER BY id DESC LIMIT :limit) sent"


def _one_by_one(each: str, values: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return a query for each value, each with its own limit.

    An index on the column then answers it with one range scan, however many rows there are.
    """
    names = {f"v{place}": value for place, value in enumerate(values)}
    return " UNION ALL ".join(each.format(f":{name}") for name in names), names


def _decode_json(row: Row, *columns: str) -> Row:
    return row | {column: json.loads(row[column]) for column in columns}


_MAILS = """
SELECT id, received_at, kind, author, subject, client_ip, helo, reverse_path, message_id, verdict
FROM mails WHERE case_id = :case ORDER BY id
"""
_ANY_MAILS = """
SELECT m.id, m.received_at, m.author, m.subject, m.kind, c.number AS "case", m.unheard AS holds
FROM mails m LEFT JOIN cases c ON c.id = m.case_id
"""
_MAIL = """
SELECT m.id, m.received_at, m.kind, m.author, m.subject, m.client_ip, m.helo, m.reverse_path, m.forward_path,
       m.message_id, m.verdict, m.unheard AS holds, m.raw, c.number AS "case"
FROM mails m LEFT JOIN cases c ON c.id = m.case_id WHERE m.id = :id
"""
_LETTER = """
SELECT l.id, c.number AS "case", l.letter, l.recipient, l.state, l.attempts, l.queued_at,
       l.queued_at AS owed_at, l.not_before, l.sent_at, l.subject, l.message_id, l.last_reply, l.history,
       l.sent_text
FROM letters l LEFT JOIN cases c ON c.id = l.case_id WHERE l.id = :id
"""
_LETTERS = """
SELECT id, letter, recipient, state, attempts, queued_at, queued_at AS owed_at, not_before, sent_at,
       subject, last_reply
FROM letters WHERE case_id = :case ORDER BY id
"""
_WORDS = ", ".join(
    f"'{event}'"
    for event in (
        *(f"decision.{word}" for word in ("approve", "decline", "ask", "hold", "undo")),
        *("decision.first_approval", "decision.confirmed", "affiliation.telephone", "invitation.again"),
    )
)
_DECIDED_BY = f"""
SELECT c.number, c.state, c.name, c.organisation, c.applicant, c.opened_at, c.due_on, c.decided_by,
       said.at AS said_at, said.event AS said
FROM (SELECT case_id, at, event, row_number() OVER (PARTITION BY case_id ORDER BY at DESC, id DESC) AS place
      FROM journal WHERE event IN ({_WORDS}) AND at >= :since AND lower(actor) = :by) said
JOIN cases c ON c.id = said.case_id
WHERE said.place = 1 ORDER BY said.at DESC, c.id DESC LIMIT :limit
"""  # noqa: S608 - our own constants
_JOURNAL = "SELECT at, event, actor, detail FROM journal WHERE case_id = :case ORDER BY id"
