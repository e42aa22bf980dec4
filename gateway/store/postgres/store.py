"""The store on PostgreSQL: what it keeps survives the loss of a machine. It offers that, not speed.

One node of a desk is active and writes; it holds the row `turn`.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from gateway.store.integrity.journal_head import HeadFile
from gateway.store.postgres.cluster import nodes
from gateway.store.postgres.cluster.nodes import Node
from gateway.store.postgres.connecting import session
from gateway.store.postgres.connecting.connection import PostgresConnection
from gateway.store.postgres.connecting.session import Place
from gateway.store.postgres.faults import describe_fault, is_misconfigured
from gateway.store.postgres.schema import VERSION
from gateway.store.postgres.writing import turn
from gateway.store.postgres.writing.connector import Guard
from gateway.store.postgres.writing.transaction import PostgresTransaction
from gateway.store.postgres.writing.turn import Seen, Turn
from gateway.store.postgres.writing.writer import ANSWER_S, Job, Writer
from gateway.store.privacy import tombstones
from gateway.store.protocol import StoreUnavailableError, Transaction
from gateway.store.protocol.opening import (
    DatabaseInUseError,
    OtherVersionError,
    ReplicaError,
    UnusableStoreError,
)
from gateway.store.tables.letters.outbox import make_message_id

T = TypeVar("T")
CLOCK_TOLERANCE = timedelta(seconds=2)


def _ignore() -> None:
    """Ignore the loss."""


class PostgresStore:
    """A store in its own schema. The node keeps its keys and sockets beside `path`.

    `on_lost` is called in another thread when another node has become active.
    """

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
        self._head = HeadFile(path)
        self.behind = ""
        self.differs: tuple[str, ...] = ()
        # Each process is another holder: one presumed dead does not continue beside its successor.
        self.holder = f"{node.name}/{secrets.token_hex(4)}"
        self._is_claimed = False
        self._waits_for_schema = False
        self._seen: Seen | None = None
        self._clock_lag = timedelta(0)  # how far the clock of this machine is behind that of the database
        self._writer: Writer | None = None

    def open(self, *, patient: bool = False) -> None:
        """Become the active node and start the writer; `patient`: as soon as the database is reachable.

        Raises DatabaseInUseError, UnusableStoreError, StoreUnavailableError or OSError, and nothing runs
        then.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._key = tombstones.load_or_create_key(self.path)
        self._is_claimed = False
        writer = Writer(self._connect, self._on_lost, lambda: self.behind, self._head, self._answer_s)
        error = writer.begin(lambda why: patient and isinstance(why, StoreUnavailableError | ReplicaError))
        if error is not None and not writer.is_alive():
            raise error
        self._writer = writer

    def tell_time(self, own: datetime) -> datetime:
        """Return the time by the database's clock, which all machines share, unless `own` is right."""
        return own + self._clock_lag if abs(self._clock_lag) > CLOCK_TOLERANCE else own

    def close(self) -> None:
        """Commit queued work and let another node become active."""
        if self._writer is not None:
            self._writer.close()
            self._head.write(at_once=True)
            self._writer = None

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a transaction; see `gateway.store.protocol.Store`."""
        return await self._do(work)

    async def accept_behind(self, work: Callable[[Transaction], T]) -> T:
        """Accept the present data; see `gateway.store.protocol.opening.OwnedStore`."""
        done = await self._do(work, accepts_behind=True)
        await asyncio.to_thread(self._head.write, at_once=True)
        self.behind = ""
        return done

    async def _do(self, work: Callable[[Transaction], T], *, accepts_behind: bool = False) -> T:
        if self._writer is None:
            raise RuntimeError("the store is not open")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._writer.put(
            Job(lambda connection, turn: work(self._begin(connection, turn)), future, accepts_behind)
        )
        return await future

    async def note_shared(self, shared: str) -> None:
        """Publish the hashes; see `gateway.store.protocol.opening.OwnedStore`."""
        self._node = replace(self._node, shared=shared)
        await self._do(lambda tx: nodes.note(tx.connection, self._node))

    async def compact(self) -> bool:
        """Do nothing: the server's autovacuum removes erased rows; its archives are its operator's."""
        return True

    def _begin(self, connection: PostgresConnection, turn: Turn) -> PostgresTransaction:
        self._clock_lag = turn.behind
        return PostgresTransaction(connection, turn, lambda: make_message_id(self._domain), self._key)

    def _connect(self, guard: Guard) -> psycopg.Connection[Any]:
        """Open a connection of the active node; the first one makes it the active node."""
        try:
            connection = session.connect(self._place, self.holder, guard=guard)
            try:
                with guard(connection.fileno()):
                    self._claim(connection)
                    with connection.transaction():
                        self.behind = self._head.find_missing(PostgresConnection(connection))
                    self._clock_lag = turn.measure_clock(connection)
            except BaseException:
                connection.close()
                raise
        except OtherVersionError as error:
            stands_by = self._stands_by(error)
            self._waits_for_schema |= stands_by and not error.is_newer
            if self._waits_for_schema:
                self._note_waiting(guard)
            if stands_by:
                raise DatabaseInUseError(str(error)) from error
            raise
        except psycopg.Error as error:
            kind = UnusableStoreError if is_misconfigured(error) else StoreUnavailableError
            raise kind(describe_fault(self.name, error)) from error
        return connection

    def _stands_by(self, error: OtherVersionError) -> bool:
        """Return whether to wait until the other one is stopped, or to end because this one was the other."""
        return self._is_claimed if error.is_newer else error.active not in ("", self._node.name)

    def _note_waiting(self, guard: Guard) -> None:
        """Let the others see that this machine was upgraded, if the table of machines is still the same.

        Nothing else is written to a schema of another version.
        """
        node = nodes.wait_for_schema(self._node, VERSION)
        with contextlib.suppress(psycopg.Error, UnusableStoreError):
            connection = session.connect(self._place, self.holder, guard=guard, any_version=True)
            with contextlib.closing(connection), guard(connection.fileno()), connection.transaction():
                nodes.note(PostgresConnection(connection), node)

    def _look(self, connection: psycopg.Connection[Any]) -> None:
        """Look at the active node from standby: what differs, and which line of the journal it has committed.

        A line that is visible may not be on the database's standby yet; before its next transaction, it is.
        """
        with connection.transaction():
            asking = PostgresConnection(connection)
            self.differs = nodes.find_differences(nodes.load(asking)).get(self._node.name, ())
            seen, before = turn.look(connection), self._seen
            is_continued = not self._head.find_missing(asking)
        if is_continued and before is not None and before.n < seen.n:
            self._head.note(before.head)
            self._head.write()
        self._seen = seen

    def _claim(self, connection: psycopg.Connection[Any]) -> None:
        if not self._is_claimed:
            session.check_rights(connection, self._place)
            key = hashlib.sha256(self._key).digest()
            try:
                turn.claim(connection, self._node, self.holder, key, self._place)
            except DatabaseInUseError:
                self._look(connection)
                raise
            self._is_claimed = True
