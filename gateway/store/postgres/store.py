"""The store on PostgreSQL: what is kept goes on when a machine is lost. It buys that, and not speed.

One node of a desk is active and writes; it holds the row `turn`.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from gateway.store.postgres import session
from gateway.store.postgres.connection import PostgresConnection
from gateway.store.postgres.faults import describe_fault
from gateway.store.postgres.nodes import Node
from gateway.store.postgres.session import Place
from gateway.store.postgres.writing import turn
from gateway.store.postgres.writing.transaction import PostgresTransaction
from gateway.store.postgres.writing.turn import Turn
from gateway.store.postgres.writing.writer import ANSWER_S, Job, Writer
from gateway.store.protocol import StoreUnavailableError, Transaction
from gateway.store.tables import tombstones
from gateway.store.tables.letters.outbox import make_message_id

T = TypeVar("T")


def _ignore() -> None:
    """Nobody asked to hear of it."""


class PostgresStore:
    """A store in a schema of its own. `path` is the file beside which the node keeps its keys and sockets;
    `on_lost` is called in another thread when another node became active."""

    def __init__(
        self,
        place: Place,
        path: Path,
        domain: str,
        node: Node,
        on_lost: Callable[[], None] = _ignore,
        answer_s: float = ANSWER_S,
    ) -> None:
        self.path = path
        self.name = str(place)
        self._place = place
        self._domain = domain
        self._answer_s = answer_s
        self._on_lost = on_lost
        self._node = node
        self._key = b""
        # Each process is another holder: one that was thought dead does not go on beside its successor.
        self.holder = f"{node.name}/{secrets.token_hex(4)}"
        self._writer: Writer | None = None

    def open(self) -> None:
        """Become the active node and start the writer.

        Raises DatabaseInUseError, UnusableStoreError, StoreUnavailableError or OSError, and
        nothing runs then.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._key = tombstones.load_or_create_key(self.path)
        try:
            connection = self._claim()
        except psycopg.Error as error:
            raise StoreUnavailableError(describe_fault(self.name, error)) from error
        self._writer = Writer(self._connect, self._on_lost, self._answer_s)
        self._writer.begin(connection)

    def close(self) -> None:
        """Commit what is queued and let another node be active."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        """See `gateway.store.protocol.Store`."""
        if self._writer is None:
            raise RuntimeError("the store is not open")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._writer.put(Job(lambda connection, turn: work(self._begin(connection, turn)), future))
        return await future

    async def compact(self) -> bool:
        """Rows that were erased go with the server's own autovacuum; its archives are its operator's."""
        return True

    def _claim(self) -> psycopg.Connection[Any]:
        connection = self._connect()
        try:
            turn.claim(connection, self._node, self.holder, hashlib.sha256(self._key).digest(), self._place)
        except BaseException:
            connection.close()
            raise
        return connection

    def _begin(self, connection: PostgresConnection, turn: Turn) -> PostgresTransaction:
        return PostgresTransaction(connection, turn, lambda: make_message_id(self._domain), self._key)

    def _connect(self) -> psycopg.Connection[Any]:
        return session.connect(self._place, self.holder)
