"""The row `turn`: the first statement of every transaction, which thereby defines their order.

It tells whether this node is still the active one, returns the head of the journal's chain, and is a write:
the COMMIT of a read-only transaction waits for the standby too, as its answer counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from gateway.store.integrity.hash_chain import Head
from gateway.store.postgres.cluster import nodes
from gateway.store.postgres.cluster.nodes import Node
from gateway.store.postgres.connecting.connection import PostgresConnection
from gateway.store.protocol.opening import DatabaseInUseError, UnusableStoreError
from gateway.store.tables import rows

HELD = timedelta(seconds=15)
RENEWAL = timedelta(seconds=5)


class TurnLostError(Exception):
    """Raised if another node is active: this one writes nothing more."""


@dataclass(slots=True)
class Turn:
    """The facts that a transaction knows from its first statement.

    `head` advances with the lines that it writes; `behind` is how far the clock of this machine is behind
    that of the database.
    """

    n: int
    head: Head
    last_at: datetime | None
    behind: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Seen:
    """The last line of the journal as another node sees it, and the number of transactions until then."""

    n: int
    head: Head


def claim(
    connection: psycopg.Connection[Any], node: Node, holder: str, key_digest: bytes, place: object
) -> None:
    """Become the active node, in one transaction: letters that the previous one had in hand are due again.

    Raises DatabaseInUseError if another is active, UnusableStoreError for another tombstone key.
    """
    values = {"holder": holder, "key": key_digest}
    with connection.transaction():  # apart: a machine on standby reports itself, although its claim fails
        _check_key(connection, key_digest, place)
        nodes.note(PostgresConnection(connection), node)
    with connection.transaction():
        taken: Any = connection.execute(_CLAIM, values).fetchone()
        if taken is None:
            found: Any = connection.execute(_HOLDER).fetchone()
            name, until = _name(found["holder"]), found["held_until"]
            raise DatabaseInUseError(
                f"{place}: node {name} is active until at least {until:%H:%M:%S} UTC; stop it first, or wait"
            )
        connection.execute(_KEY, values)
        _check_key(connection, key_digest, place)
        connection.execute(_END_LEASES)
        nodes.note_lost(PostgresConnection(connection), _name(taken["holder"]), taken["held_until"])


def _check_key(connection: psycopg.Connection[Any], key_digest: bytes, place: object) -> None:
    found: Any = connection.execute(_KNOWN_KEY).fetchone()
    if found["key_digest"] is not None and bytes(found["key_digest"]) != key_digest:
        raise UnusableStoreError(
            f"{place}: a different tombstone key is in use: copy gateway.db.key from the other node, or "
            "correct store.schema if this is another desk's schema"
        )


def look(connection: psycopg.Connection[Any]) -> Seen:
    """Return what a node on standby sees."""
    row: Any = connection.execute(_SEEN).fetchone()
    return Seen(row["n"], Head(row["head_number"], bytes(row["head_hash"])))


def take(connection: psycopg.Connection[Any]) -> Turn:
    """Begin a transaction and take its turn; others wait until it ends. Raises TurnLostError."""
    cursor = connection.execute(_TAKE)
    cursor.nextset()
    row = cursor.fetchone()
    if row is None:
        raise TurnLostError
    last_at = rows.from_text(row["last_at"]) if row["last_at"] else None
    behind = row["now"] - datetime.now(UTC)
    return Turn(row["n"], Head(row["head_number"], row["head_hash"]), last_at, behind)


def measure_clock(connection: psycopg.Connection[Any]) -> timedelta:
    """Return how far the clock of this machine is behind that of the database."""
    row: Any = connection.execute("SELECT clock_timestamp() AS now").fetchone()
    behind: timedelta = row["now"] - datetime.now(UTC)
    return behind


def renew(connection: psycopg.Connection[Any]) -> None:
    """Stay the active node when there is nothing else to write. Raises TurnLostError."""
    if connection.execute(_RENEW).rowcount != 1:
        raise TurnLostError


def release(connection: psycopg.Connection[Any]) -> None:
    """Let another node become active at once."""
    with connection.transaction():
        released: Any = connection.execute(_RELEASE).fetchone()
        if released is not None:
            nodes.note_end(PostgresConnection(connection), _name(released["me"]))


def _name(holder: str) -> str:
    """Return the name of the machine; what follows tells its processes apart."""
    return holder.partition("/")[0]


_MINE = "id = 1 AND holder = current_setting('gateway.holder')"
_UNTIL = f"clock_timestamp() + interval '{HELD.total_seconds():.0f} seconds'"
# Held until a time by the database's clock; a node that returns before another took it continues. `before`
# is the row as it was: UPDATE returns only new values (PostgreSQL 15).
_CLAIM = f"""
UPDATE turn SET n = turn.n + 1, holder = %(holder)s, held_until = {_UNTIL}
FROM turn AS before
WHERE turn.id = 1 AND before.id = 1
  AND (turn.holder = '' OR turn.holder = %(holder)s OR turn.held_until < clock_timestamp())
RETURNING before.holder, before.held_until
"""  # noqa: S608 - our own constants
_HOLDER = "SELECT holder, held_until FROM turn WHERE id = 1"
_SEEN = "SELECT n, head_number, head_hash FROM turn WHERE id = 1"
_KNOWN_KEY = "SELECT key_digest FROM turn WHERE id = 1"
_KEY = "UPDATE turn SET key_digest = %(key)s WHERE id = 1 AND key_digest IS NULL"
_END_LEASES = """
UPDATE letters SET failures = failures + 1, leased_until = NULL WHERE leased_until IS NOT NULL
"""
# One round trip for both.
_TAKE = f"""
BEGIN;
UPDATE turn SET n = n + 1, held_until = {_UNTIL} WHERE {_MINE}
RETURNING n, head_number, head_hash, last_at, clock_timestamp() AS now
"""  # noqa: S608 - our own constants
_RENEW = f"UPDATE turn SET held_until = {_UNTIL} WHERE {_MINE}"  # noqa: S608 - our own constants
_RELEASE = f"""
UPDATE turn SET holder = '', held_until = 'epoch' WHERE {_MINE}
RETURNING current_setting('gateway.holder') AS me
"""  # noqa: S608 - our own constants
