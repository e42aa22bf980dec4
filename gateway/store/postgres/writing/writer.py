"""The single writer on PostgreSQL: runs waiting jobs in one transaction, in its own thread.

Every statement is a round trip, so none of it runs in the event loop's thread. A batch is short: others wait
while it has its turn. The waiters are notified once COMMIT was answered without a warning: a WARNING says
that the standby does not have it. Whatever is unclear is reported as not done; the client retries.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

import psycopg
from psycopg.errors import Diagnostic

from gateway.store.integrity.journal_head import HeadFile
from gateway.store.postgres import faults
from gateway.store.postgres.connecting.connection import PostgresConnection
from gateway.store.postgres.faults import is_away
from gateway.store.postgres.writing import turn as turns
from gateway.store.postgres.writing.connector import Connector, Guard
from gateway.store.postgres.writing.turn import Turn, TurnLostError
from gateway.store.postgres.writing.watchdog import Watchdog
from gateway.store.protocol import StoreUnavailableError
from gateway.store.protocol.opening import DatabaseInUseError

MAX_BATCH = 10
ANSWER_S = 10.0  # maximum time for a batch, and for a client to wait at the end of its DATA
RENEWAL_S = turns.RENEWAL.total_seconds()
Work = Callable[[PostgresConnection, Turn], Any]


@dataclass(slots=True)
class Job:
    """Work, the future that waits for it, and its result."""

    work: Work
    future: asyncio.Future[Any]
    accepts_behind: bool = False
    result: Any = None
    error: BaseException | None = None


class UnclearCommitError(Exception):
    """Raised if the answer to COMMIT is not one that counts."""


@dataclass
class Writer(threading.Thread):
    """The thread that owns the writing connection, reopens it if it is lost, and closes it.

    `on_lost` is called once, in this thread, when another node is active; `refuse` returns why no work may be
    done now (empty: all may); `head` records what was committed.
    """

    connect: Callable[[Guard], psycopg.Connection[Any]]
    on_lost: Callable[[], None]
    refuse: Callable[[], str]
    head: HeadFile
    answer_s: float = ANSWER_S
    _connection: psycopg.Connection[Any] | None = None
    _is_lost: bool = False
    _jobs: SimpleQueue[Job | None] = field(default_factory=SimpleQueue)
    _warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(name="store-writer", daemon=True)
        self._watchdog = Watchdog()
        self._connector = Connector(self.connect)

    __hash__ = threading.Thread.__hash__

    def begin(self, can_wait: Callable[[Exception], bool]) -> Exception | None:
        """Start, and return the error of the first attempt; nothing runs unless `can_wait` accepts it."""
        error = self._connector.wait_for_first()
        if error is None or can_wait(error):
            self._watchdog.start()
            self.start()
        else:
            self._connector.end()
        return error

    def put(self, job: Job) -> None:
        """Queue a job; its future is resolved after the commit."""
        self._jobs.put(job)

    def close(self) -> None:
        """Finish queued jobs, let another node become active, end the thread."""
        self._jobs.put(None)
        self.join()
        self._watchdog.end()

    def run(self) -> None:
        """Run waiting jobs until closed; when idle, stay the active node."""
        while True:
            jobs, ends = self._gather()
            if jobs:
                self._do(jobs)
            elif not ends:
                self._guarded(turns.renew)
                self.head.write()
            if ends:
                break
        self._guarded(turns.release)
        self._connector.end()
        self._drop()

    def _gather(self) -> tuple[list[Job], bool]:
        """Return the waiting jobs, at most a batch, and whether there will be no more."""
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
            jobs += self._take_waiting()  # no job has to wait for the next attempt to fail as well
            for job in jobs:
                job.error = _tell(error)
        self._wake(jobs)

    def _guarded(self, act: Callable[[psycopg.Connection[Any]], None]) -> Exception | None:
        """Act on a working connection, under the watchdog; return the error, if any."""
        if self._is_lost:
            return TurnLostError("another node is active")
        try:
            connection = self._connected()
            with self._watchdog.watch(connection.fileno(), self.answer_s):
                act(connection)
        except (TurnLostError, DatabaseInUseError) as error:
            self._is_lost = True
            self._drop()
            self.on_lost()
            return error
        except Exception as error:  # whatever it is, nobody waits forever, and the thread continues
            self._drop()
            return error
        return None

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            self._connection = self._connector.take()
            self._connection.add_notice_handler(self._hear)
        return self._connection

    def _drop(self) -> None:
        """Drop a connection in an unknown state: its socket is closed without a query."""
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                self._connection.close()
            self._connector.want()
        self._connection = None

    def _hear(self, notice: Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            self._warnings.append(notice.message_primary or "")

    def _commit(self, connection: psycopg.Connection[Any], jobs: list[Job]) -> None:
        """Run all jobs in one transaction; if one fails by its own fault, again with a savepoint for each."""
        if why := self.refuse():
            for job in jobs:
                job.error = None if job.accepts_behind else StoreUnavailableError(why)
            jobs = [job for job in jobs if job.accepts_behind]
        if not jobs:
            turns.renew(connection)
            return
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
        self._end(connection, turn)

    def _commit_apart(self, connection: psycopg.Connection[Any], jobs: list[Job], error: Exception) -> None:
        if len(jobs) == 1:
            jobs[0].error = error
            return
        turn = turns.take(connection)
        for job in jobs:
            _run_in_savepoint(connection, job, turn)
        self._end(connection, turn)

    def _end(self, connection: psycopg.Connection[Any], turn: Turn) -> None:
        self._warnings.clear()
        done = connection.execute("COMMIT").statusmessage
        if self._warnings or done != "COMMIT":
            raise UnclearCommitError(f"COMMIT returned {done}: {'; '.join(self._warnings)}")
        self.head.note(turn.head)
        self.head.write()

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
            with contextlib.suppress(RuntimeError):  # the loop was closed, with all its waiters
                loop.call_soon_threadsafe(_resolve, done)


def _tell(error: Exception) -> StoreUnavailableError:
    """Return a new exception for each waiter."""
    if isinstance(error, StoreUnavailableError):
        return StoreUnavailableError(str(error), error.trouble)
    said = f"{type(error).__name__}: {' '.join(str(error).split())}"
    remedy = faults.find_remedy(error) if isinstance(error, psycopg.Error) else ""
    return StoreUnavailableError(f"{said}; {remedy}" if remedy else said, faults.find_trouble(error))


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
