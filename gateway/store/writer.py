"""The one thread that writes: it gathers what waits into one transaction and commits once.

Group commit: a savepoint for each piece of work, one fsync for all of them, and only then does
anyone hear that it is done. https://sqlite.org/wal.html and https://sqlite.org/pragma.html#pragma_synchronous
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from gateway.store.port import StoreUnavailableError

MAX_BATCH = 256
# A corrupt page is a plain DatabaseError; its other subclasses are mistakes of the work itself.
_OF_THE_STORAGE = {sqlite3.OperationalError, sqlite3.InternalError, sqlite3.DatabaseError}


@dataclass(slots=True)
class Job:
    """Work, the future that waits for it, and what came of it. `alone`: not inside a transaction."""

    work: Callable[[sqlite3.Connection], Any]
    future: asyncio.Future[Any]
    alone: bool = False
    result: Any = None
    error: BaseException | None = None


class Writer(threading.Thread):
    """Owns the read-write connection, and closes it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(name="store-writer", daemon=True)
        self._connection = connection
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()

    def put(self, job: Job) -> None:
        """Queue a job; its future is resolved on its own loop after the commit."""
        self._jobs.put(job)

    def close(self) -> None:
        """Finish what is queued, close the connection, end the thread."""
        self._jobs.put(None)
        self.join()

    def run(self) -> None:
        """Take jobs in batches until told to stop."""
        stopping = False
        while not stopping:
            batch = [self._jobs.get()]
            while len(batch) < MAX_BATCH and batch[-1] is not None:
                try:
                    batch.append(self._jobs.get_nowait())
                except Empty:
                    break
            stopping = batch[-1] is None
            jobs = [job for job in batch if job is not None]
            together = [job for job in jobs if not job.alone]
            if together:
                _commit(self._connection, together)
            for job in jobs:
                if job.alone:
                    _run_alone(self._connection, job)
            _release(jobs)
        self._connection.close()


def _commit(connection: sqlite3.Connection, jobs: list[Job]) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
        for job in jobs:
            _run_in_savepoint(connection, job)
        connection.execute("COMMIT")
    except (sqlite3.Error, MemoryError) as error:  # SQLITE_NOMEM is a MemoryError
        with contextlib.suppress(sqlite3.Error, MemoryError):  # this may fail too; the thread must go on
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        if type(error) is sqlite3.DatabaseError and len(jobs) > 1:
            for job in jobs:  # a corrupt page is the trouble of those who need it, not of their neighbours
                job.error = None
                _commit(connection, [job])
            return
        for job in jobs:
            job.error = StoreUnavailableError(f"{type(error).__name__}: {error}")


def _run_alone(connection: sqlite3.Connection, job: Job) -> None:
    try:
        job.result = job.work(connection)
    except sqlite3.Error as error:
        job.error = StoreUnavailableError(f"{type(error).__name__}: {error}")
    except Exception as error:
        job.error = error


def _run_in_savepoint(connection: sqlite3.Connection, job: Job) -> None:
    connection.execute("SAVEPOINT job")
    try:
        job.result = job.work(connection)
    except Exception as error:
        # Disk full, I/O error, locked, a corrupt page: SQLite may have ended the whole transaction already.
        if type(error) in _OF_THE_STORAGE:
            raise
        connection.execute("ROLLBACK TO job")
        job.error = error
    connection.execute("RELEASE job")


def _release(jobs: list[Job]) -> None:
    """Wake the waiters, once per event loop rather than once per job."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Job]] = {}
    for job in jobs:
        by_loop.setdefault(job.future.get_loop(), []).append(job)
    for loop, done in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, done)


def _resolve(jobs: list[Job]) -> None:
    for job in jobs:
        if job.future.done():  # the waiter gave up; the work is on disk all the same
            continue
        if job.error is None:
            job.future.set_result(job.result)
        else:
            job.future.set_exception(job.error)
