"""Reads what happened since the backup from a database that the backup replaces, as far as it is readable."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.admission.authority.brakes import PulledBrake
from gateway.store.copying.later_mails import LaterMail, find_later_mails
from gateway.store.sqlite.integrity.verify import open_read_only
from gateway.store.tables import brakes
from gateway.store.tables.staff import revocations


@dataclass(frozen=True, slots=True)
class ReplacedDatabase:
    """Events in the replaced database since the backup.

    Finished letters with their tokens, numbers of erased cases, later mails, content hashes of mails that
    were acted on, keys of revoked staff mailboxes, and the brakes that are on.
    """

    over: tuple[dict[str, Any], ...] = ()
    erased: tuple[str, ...] = ()
    later: tuple[LaterMail, ...] | None = None
    acted: tuple[str, ...] = ()
    revoked: frozenset[str] = frozenset()
    brakes: tuple[PulledBrake, ...] = ()


def read_replaced(database: Path, draft: Path) -> ReplacedDatabase:
    """Read what the replaced database knows about letters still waiting in the copy; empty if unreadable."""
    with contextlib.closing(open_read_only(draft)) as copied:
        waiting = copied.execute(
            "SELECT message_id FROM letters WHERE state IN ('queued', 'deferred')"
        ).fetchall()
    if not database.is_file():
        return ReplacedDatabase()
    try:
        with contextlib.closing(open_read_only(database)) as replaced:
            replaced.row_factory = sqlite3.Row
            over = tuple(found for (one,) in waiting if (found := _find_ended_letter(replaced, one)))
            erased = replaced.execute("SELECT number FROM cases WHERE erased_at IS NOT NULL").fetchall()
            with contextlib.closing(open_read_only(draft)) as copied:
                later = find_later_mails(replaced, copied)
            numbers = tuple(row["number"] for row in erased)
            acted, stands = _read_acted(replaced), _has_table(replaced, "brakes")  # 0.1 had no such tables
            revoked = revocations.load(replaced) if stands else frozenset()
            pulled = brakes.load(replaced) if stands else ()
            return ReplacedDatabase(over, numbers, later, acted, revoked, pulled)
    except sqlite3.Error:
        return ReplacedDatabase()


def _read_acted(replaced: sqlite3.Connection) -> tuple[str, ...]:
    """Return the content hashes of mails that were acted on; empty for a database of an earlier version."""
    if not _has_table(replaced, "acted_contents"):
        return ()
    return tuple(row[0].hex() for row in replaced.execute("SELECT content FROM acted_contents"))


def _has_table(connection: sqlite3.Connection, name: str) -> bool:
    sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = :name"
    return connection.execute(sql, {"name": name}).fetchone() is not None


def _find_ended_letter(replaced: sqlite3.Connection, message_id: str) -> dict[str, Any] | None:
    """Return the letter if it is not due any more; None otherwise.

    The replaced database may be of an earlier version, with other names for the states of letters that are
    due.
    """
    row = replaced.execute(
        """
        SELECT id, message_id, letter, state, attempts, last_reply, history, sent_at, subject, sent_text
        FROM letters
        WHERE message_id = :message_id AND state IN ('held', 'sent', 'refused', 'recalled')
        """,
        {"message_id": message_id},
    ).fetchone()
    if row is None:
        return None
    sql = "SELECT digest, purpose, expires_at FROM tokens WHERE letter_id = :id"
    tokens = [dict(token) for token in replaced.execute(sql, {"id": row["id"]})]
    return {**dict(row), "tokens": tokens}
