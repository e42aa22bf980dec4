"""The one who writes to PostgreSQL: what waits is done in one transaction, in a thread of its own.

Every statement is a round trip, so nothing of it runs in the loop's thread. A batch is short: others stand by
while it has its turn. The waiters hear of it when COMMIT was answered, and answered without a warning: a
WARNING says that the standby does not have it. Whatever is unclear is told as not done; who asked asks again.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

import psycopg
from psycopg.errors import Diagnostic

from gateway.store.postgres.connection import PostgresConnection
from gateway.store.postgres.faults import is_away
from gateway.store.postgres.writing import turn as turns
from gateway.store.postgres.writing.turn import Turn, TurnLostError
from gateway.store.postgres.writing.watchdog import Watchdog
from gateway.store.protocol import StoreUnavailableError
from gateway.store.protocol.opening import UnusableStoreError

MAX_BATCH = 10
ANSWER_S = 10.0  # so long may a batch take, and a client wait for the end of its DATA
PAUSE_S = 1.0  # after a connection that failed, while whoever asks is told so at once
RENEWAL_S = turns.RENEWAL.total_seconds()
Work = Callable[[PostgresConnection, Turn], Any]


@dataclass(slots=True)
class Job:
    """Work, the future that waits for it, and what came of it."""

    work: Work
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class UnclearCommitError(Exception):
    """COMMIT was answered, and not as one that counts."""


@dataclass
class Writer(threading.Thread):
    """Owns the connection that writes, makes it anew when it was lost, and closes it.

    `on_lost` is called once, in this thread, when another node is active.
    """

    connect: Callable[[], psycopg.Connection[Any]]
    on_lost: Callable[[], None]
    answer_s: float = ANSWER_S
    _connection: psycopg.Connection[Any] | None = None
    _closed_until: float = 0.0
    _is_lost: bool = False
    _jobs: SimpleQueue[Job | None] = field(default_factory=SimpleQueue)
    _warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(name="store-writer", daemon=True)
        self._watchdog = Watchdog()

    __hash__ = threading.Thread.__hash__

    def begin(self, connection: psycopg.Connection[Any]) -> None:
        """Go to work with a first connection, which is the writer's from now on."""
        self._adopt(connection)
        self._watchdog.start()
        self.start()

    def put(self, job: Job) -> None:
        """Queue a job; its future is resolved after the commit."""
        self._jobs.put(job)

    def close(self) -> None:
        """Finish what is queued, let another node be active, end the thread."""
        self._jobs.put(None)
        self.join()
        self._watchdog.end()

    def run(self) -> None:
        """Do what waits until told to stop; with nothing to do, stay the active node."""
        while True:
            jobs, ends = self._gather()
            if jobs:
                self._do(jobs)
            elif not ends:
                self._guarded(turns.renew)
            if ends:
                break
        self._guarded(turns.release)
        self._drop()

    def _gather(self) -> tuple[list[Job], bool]:
        """What waits, at most a batch, and whether that is all there will be."""
        jobs: list[Job] = []
        with contextlib.suppress(Empty):
            while len(jobs) < MAX_BATCH:
                job = self._jobs.get_nowait() if jobs else self._jobs.get(timeout=RENEWAL_S)
                if job is None:
                    return jobs, True
                jobs.append(job)
        return jobs, False

    def _do(self, jobs: list[Job]) -> None:
        error = self._guarded(lambda connection: self._commit(connection, jobs))
        if error is not None:
            jobs += self._take_waiting()  # nobody waits for the next attempt to fail as well
            for job in jobs:
                job.error = StoreUnavailableError(f"{type(error).__name__}: {error}")
        self._wake(jobs)

    def _guarded(self, act: Callable[[psycopg.Connection[Any]], None]) -> Exception | None:
        """Act on a connection that is whole, under the watchdog's eyes; gives why it did not succeed."""
        if self._is_lost:
            return TurnLostError("another node is active")
        try:
            connection = self._connected()
            with self._watchdog.watch(connection.fileno(), self.answer_s):
                act(connection)
        except TurnLostError as error:
            self._is_lost = True
            self._drop()
            self.on_lost()
            return error
        except Exception as error:  # whatever it is, nobody waits for ever, and the thread goes on
            self._drop()
            return error
        return None

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is not None:
            return self._connection
        if time.monotonic() < self._closed_until:
            raise UnusableStoreError("the database was away a moment ago")
        try:
            return self._adopt(self.connect())
        except BaseException:
            self._closed_until = time.monotonic() + PAUSE_S
            raise

    def _adopt(self, connection: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
        connection.add_notice_handler(self._hear)
        self._connection = connection
        return connection

    def _drop(self) -> None:
        """Let go of a connection of which nothing more is known; its socket is closed, nothing is asked."""
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                self._connection.close()
        self._connection = None

    def _hear(self, notice: Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            self._warnings.append(notice.message_primary or "")

    def _commit(self, connection: psycopg.Connection[Any], jobs: list[Job]) -> None:
        """All jobs in one transaction; where one fails by its own fault, again with a savepoint for each."""
        try:
            turn = turns.take(connection)
            for job in jobs:
                job.result = job.work(PostgresConnection(connection), turn)
        except TurnLostError:
            raise
        except Exception as error:
            if is_away(error):
                raise
            connection.execute("ROLLBACK")
            self._commit_apart(connection, jobs, error)
            return
        self._end(connection)

    def _commit_apart(self, connection: psycopg.Connection[Any], jobs: list[Job], error: Exception) -> None:
        if len(jobs) == 1:
            jobs[0].error = error
            return
        turn = turns.take(connection)
        for job in jobs:
            _run_in_savepoint(connection, job, turn)
        self._end(connection)

    def _end(self, connection: psycopg.Connection[Any]) -> None:
        self._warnings.clear()
        done = connection.execute("COMMIT").statusmessage
        if self._warnings or done != "COMMIT":
            raise UnclearCommitError(f"COMMIT was answered {done}: {'; '.join(self._warnings)}")

    def _take_waiting(self) -> list[Job]:
        found: list[Job] = []
        for _ in range(self._jobs.qsize()):
            job = self._jobs.get()
            if job is None:
                self._jobs.put(None)
                break
            found.append(job)
        return found

    def _wake(self, jobs: list[Job]) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[Job]] = {}
        for job in jobs:
            by_loop.setdefault(job.future.get_loop(), []).append(job)
        for loop, done in by_loop.items():
            with contextlib.suppress(RuntimeError):  # the loop was closed, with all who waited
                loop.call_soon_threadsafe(_resolve, done)


def _resolve(jobs: list[Job]) -> None:
    for job in jobs:
        if job.future.done():  # the waiter gave up; the work is on disk all the same
            continue
        if job.error is None:
            job.future.set_result(job.result)
        else:
            job.future.set_exception(job.error)


def _run_in_savepoint(connection: psycopg.Connection[Any], job: Job, turn: Turn) -> None:
    connection.execute("SAVEPOINT job")
    head = turn.head
    try:
        job.result = job.work(PostgresConnection(connection), turn)
    except Exception as error:
        if is_away(error):
            raise
        connection.execute("ROLLBACK TO SAVEPOINT job")
        turn.head, job.error = head, error
    connection.execute("RELEASE SAVEPOINT job")
