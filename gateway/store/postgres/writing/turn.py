"""The row `turn`: the first statement of every transaction, and so the order of all of them.

It tells whether this node still is the active one, gives the head of the journal's chain, and is a write: the
COMMIT of a transaction that only found something out waits for the standby too, as its answer counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from gateway.store import rows
from gateway.store.hash_chain import Head
from gateway.store.postgres import nodes
from gateway.store.postgres.nodes import Node
from gateway.store.protocol.opening import DatabaseInUseError, UnusableStoreError

HELD = timedelta(seconds=15)
RENEWAL = timedelta(seconds=5)


class TurnLostError(Exception):
    """Another node is active: this one writes nothing more."""


@dataclass(slots=True)
class Turn:
    """What a transaction knows from its first statement. `head` moves on with the lines that it writes."""

    n: int
    head: Head
    last_at: datetime | None


def claim(
    connection: psycopg.Connection[Any], node: Node, holder: str, key_digest: bytes, place: object
) -> None:
    """Become the active node, in one transaction: what the one before had in hand is due again.

    Raises DatabaseInUseError where another is active, UnusableStoreError for another tombstone key.
    """
    nodes.note(connection, node)
    with connection.transaction():
        values = {"holder": holder, "key": key_digest}
        if connection.execute(_CLAIM, values).fetchone() is None:
            found: Any = connection.execute(_HOLDER).fetchone()
            name, until = found["holder"].partition("/")[0], found["held_until"]
            raise DatabaseInUseError(
                f"{place}: node {name} is active, until {until:%H:%M:%S} UTC at least; stop it first, or wait"
            )
        if connection.execute(_KEY, values).fetchone() is None:
            raise UnusableStoreError(
                f"{place}: another tombstone key is in use: copy the file gateway.db.key of the other node"
            )
        connection.execute(_END_LEASES)


def take(connection: psycopg.Connection[Any]) -> Turn:
    """Begin a transaction and have its turn; others wait until it ends. Raises TurnLostError."""
    cursor = connection.execute(_TAKE)
    cursor.nextset()
    row = cursor.fetchone()
    if row is None:
        raise TurnLostError
    last_at = rows.from_text(row["last_at"]) if row["last_at"] else None
    return Turn(row["n"], Head(row["head_number"], row["head_hash"]), last_at)


def renew(connection: psycopg.Connection[Any]) -> None:
    """Stay the active node where nothing else is to be written. Raises TurnLostError."""
    if connection.execute(_RENEW).rowcount != 1:
        raise TurnLostError


def release(connection: psycopg.Connection[Any]) -> None:
    """Let another node be active at once."""
    connection.execute(_RELEASE)


_MINE = "id = 1 AND holder = current_setting('gateway.holder')"
_UNTIL = f"clock_timestamp() + interval '{HELD.total_seconds():.0f} seconds'"
# Who holds it until a time of the database's clock; a node that comes back before another took it goes on.
_CLAIM = f"""
UPDATE turn SET n = n + 1, holder = %(holder)s, held_until = {_UNTIL}
WHERE id = 1 AND (holder = '' OR holder = %(holder)s OR held_until < clock_timestamp()) RETURNING n
"""  # noqa: S608 - our own constants
_HOLDER = "SELECT holder, held_until FROM turn WHERE id = 1"
_KEY = """
UPDATE turn SET key_digest = %(key)s WHERE id = 1 AND coalesce(key_digest, %(key)s) = %(key)s RETURNING n
"""
_END_LEASES = """
UPDATE letters SET failures = failures + 1, leased_until = NULL WHERE leased_until IS NOT NULL
"""
# One round trip for both.
_TAKE = f"""
BEGIN;
UPDATE turn SET n = n + 1, held_until = {_UNTIL} WHERE {_MINE} RETURNING n, head_number, head_hash, last_at
"""  # noqa: S608 - our own constants
_RENEW = f"UPDATE turn SET held_until = {_UNTIL} WHERE {_MINE}"  # noqa: S608 - our own constants
_RELEASE = f"UPDATE turn SET holder = '', held_until = 'epoch' WHERE {_MINE}"  # noqa: S608 - our own constants
