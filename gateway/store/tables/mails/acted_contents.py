"""Digests of mails that were acted on: the same content acts once, whatever route it takes.

The time of the newest mail of an author about a case is also stored here, under a digest as its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gateway.store.protocol import Connection
from gateway.store.tables import rows


def has_acted(connection: Connection, contents: Iterable[str]) -> bool:
    """Return whether a mail with one of these digests (hexadecimal) was acted on."""
    marks, digests = rows.to_marks(bytes.fromhex(one) for one in contents)
    sql = f"SELECT 1 FROM acted_contents WHERE content IN ({marks}) LIMIT 1"  # noqa: S608 - placeholders only
    return connection.execute(sql, digests).fetchone() is not None


def record_acted(connection: Connection, contents: Iterable[str], now: datetime) -> None:
    """Record these digests; a known one keeps its time."""
    connection.executemany(
        "INSERT INTO acted_contents (content, at) VALUES (:content, :at) ON CONFLICT DO NOTHING",
        [{"content": bytes.fromhex(one), "at": rows.to_text(now)} for one in contents],
    )


def record_newest(connection: Connection, name: str, at: datetime) -> None:
    """Record a time under a digest, unless it is earlier than the recorded one."""
    connection.execute(
        "INSERT INTO acted_contents (content, at) VALUES (:content, :at) "
        "ON CONFLICT (content) DO UPDATE SET at = excluded.at WHERE acted_contents.at < excluded.at",
        {"content": bytes.fromhex(name), "at": rows.to_text(at)},
    )


def find_newest(connection: Connection, name: str) -> datetime | None:
    """Return the time recorded under a digest; None if there is none."""
    found = connection.execute(
        "SELECT at FROM acted_contents WHERE content = :content", {"content": bytes.fromhex(name)}
    ).fetchone()
    return rows.from_text(found["at"]) if found else None
