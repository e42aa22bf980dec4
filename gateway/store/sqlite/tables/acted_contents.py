"""Digests of what was carried out by mail: the same content acts once, by whatever route it comes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from gateway.store.sqlite import rows


def has_acted(connection: sqlite3.Connection, contents: Iterable[str]) -> bool:
    """Whether a mail with one of these digests (hexadecimal) was carried out."""
    sql = "SELECT 1 FROM acted_contents WHERE content = ?"
    return any(connection.execute(sql, (bytes.fromhex(one),)).fetchone() for one in contents)


def record_acted(connection: sqlite3.Connection, contents: Iterable[str], now: datetime) -> None:
    """Remember these digests; one that is known keeps its time."""
    connection.executemany(
        "INSERT INTO acted_contents (content, at) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(bytes.fromhex(one), rows.to_text(now)) for one in contents],
    )
