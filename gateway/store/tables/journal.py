"""The SQL of the journal: lines appended to the hash chain, and what is counted and listed from them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from gateway.admission.case.model import JournalEntry
from gateway.printing.fields import to_plain
from gateway.store.integrity import hash_chain
from gateway.store.protocol import Connection, JournalLine
from gateway.store.tables import case_sql, rows


def append(
    connection: Connection,
    head: hash_chain.Head | None,
    entry: JournalEntry,
    now: datetime,
    case_id: int | None,
    mail_id: int | None,
) -> hash_chain.Head:
    """Append a line after `head` (None: after the last line of the database); return the new head."""
    facts = {
        "at": rows.to_text(now),
        "event": entry.name,
        "actor": to_plain(entry.actor),
        "case_id": case_id,
        "mail_id": mail_id,
        "detail": rows.to_json(to_plain(entry.detail)),
    }
    before = head or hash_chain.read_head(connection)
    line = hash_chain.link_line(before, facts, secrets.token_bytes(hash_chain.SALT_BYTES))
    connection.execute(case_sql.INSERT_LINE, line)
    return hash_chain.Head(line["id"], line["hash"])


def since(
    connection: Connection, after: datetime, events: Iterable[str], limit: int
) -> tuple[JournalLine, ...]:
    """Return the newest lines of these events after a time, newest first."""
    marks, names = rows.to_marks(events)
    found = connection.execute(
        f"""
        SELECT j.at, j.event, j.detail, c.number FROM journal j LEFT JOIN cases c ON c.id = j.case_id
        WHERE j.at > :since AND j.event IN ({marks})
        ORDER BY j.at DESC, j.id DESC LIMIT :limit
        """,  # noqa: S608 - placeholders only
        {**names, "since": rows.to_text(after), "limit": limit},
    )
    return tuple(rows.to_journal_line(row) for row in found)


def count_said(connection: Connection, actor: str, events: Iterable[str], after: datetime) -> int:
    """Return how many lines of these events an actor caused after a time."""
    marks, names = rows.to_marks(sorted(events))
    row = connection.execute(
        f"""
        SELECT count(*) AS n FROM journal
        WHERE event IN ({marks}) AND at > :since AND actor = :actor
        """,  # noqa: S608 - placeholders only
        {**names, "since": rows.to_text(after), "actor": actor},
    ).fetchone()
    return int(row["n"]) if row is not None else 0
