"""Who runs a piece of work, in which order, and that nobody is held up: the writer by itself."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.store.protocol import LongWorkError, StoreUnavailableError
from gateway.store.sqlite import writer as writer_module
from gateway.store.sqlite.writer import MAX_BATCH, MAX_BRIEF, Job, Writer

Work = Callable[[sqlite3.Connection], Any]


def made(folder: Path) -> Path:
    """A database with one table."""
    path = folder / "written.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE notes (word TEXT NOT NULL UNIQUE)")
    connection.close()
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return made(tmp_path)


def begun(path: Path, busy_timeout_s: float = 10) -> Writer:
    """A writer at work."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    writer = Writer(connection, busy_timeout_s)
    writer.start()
    return writer


@pytest.fixture
def writer(path: Path) -> Iterator[Writer]:
    writer = begun(path)
    yield writer
    writer.close()


def put(writer: Writer, work: Work, *, brief: bool = True, alone: bool = False) -> asyncio.Future[Any]:
    """Queue work; its future."""
    future = asyncio.get_running_loop().create_future()
    writer.put(Job(work, future, brief, alone))
    return future


def note(word: str) -> Work:
    """Work that writes a word and tells the name of its thread."""

    def work(connection: sqlite3.Connection) -> str:
        connection.execute("INSERT INTO notes (word) VALUES (?)", (word,))
        return threading.current_thread().name

    return work


def words(path: Path) -> list[str]:
    """What is on disk, in the order written."""
    connection = sqlite3.connect(path)
    try:
        return [word for (word,) in connection.execute("SELECT word FROM notes ORDER BY rowid")]
    finally:
        connection.close()


async def test_brief_work_runs_in_the_thread_of_the_loop_and_other_work_beside_it(writer: Writer) -> None:
    assert threading.current_thread().name == await put(writer, note("brief"))
    assert "store-writer" == await put(writer, note("long"), brief=False)
    assert "store-writer" == await put(writer, note("alone"), brief=False, alone=True)


async def test_work_is_done_in_the_order_in_which_it_came(writer: Writer, path: Path) -> None:
    asked = [put(writer, note(f"{number}"), brief=number % 5 != 3) for number in range(MAX_BATCH + 50)]
    await asyncio.gather(*asked)
    assert [f"{number}" for number in range(MAX_BATCH + 50)] == words(path)


async def test_what_is_told_is_on_disk(writer: Writer, path: Path) -> None:
    for number in range(20):
        await put(writer, note(f"{number}"), brief=number % 2 == 0)
        assert f"{number}" == words(path)[-1]


@pytest.mark.parametrize("brief", [True, False])
async def test_work_that_fails_leaves_its_neighbours_alone(writer: Writer, path: Path, brief: bool) -> None:
    def half(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO notes (word) VALUES ('half')")
        raise LookupError("thought better of it")

    asked = [
        put(writer, work, brief=brief)
        for work in (note("first"), half, note("second"), note("first"), note("third"))
    ]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [str, LookupError, str, sqlite3.IntegrityError, str] == [type(answer) for answer in answers]
    assert ["first", "second", "third"] == words(path)


KINDS = st.sampled_from(["brief", "not brief", "long", "long after a change"])
JOBS = st.lists(st.tuples(KINDS, st.booleans(), st.integers(0, 2)), max_size=40)


@given(JOBS)
@settings(max_examples=60, deadline=None)
def test_whatever_comes_is_done_in_order_whole_or_not_at_all(jobs: list[tuple[str, bool, int]]) -> None:
    """Brief or not, long or not, failing or not, with turns of the loop in between."""

    def work(word: str, kind: str, *, fails: bool) -> Work:
        def run(connection: sqlite3.Connection) -> str:
            in_loop = threading.current_thread().name != "store-writer"
            if in_loop and kind == "long":
                raise LongWorkError
            connection.execute("INSERT INTO notes (word) VALUES (?)", (word,))
            if in_loop and kind == "long after a change":
                raise LongWorkError
            if fails:
                raise LookupError(word)
            return word

        return run

    async def play(writer: Writer) -> list[Any]:
        asked = []
        for number, (kind, fails, turns) in enumerate(jobs):
            asked.append(put(writer, work(f"{number}", kind, fails=fails), brief=kind != "not brief"))
            for _ in range(turns):
                await asyncio.sleep(0)
        return await asyncio.gather(*asked, return_exceptions=True)

    with TemporaryDirectory() as folder:
        path = made(Path(folder))
        writer = begun(path)
        answers = asyncio.run(play(writer))
        writer.close()
        expected = [(f"{number}", fails) for number, (_, fails, _) in enumerate(jobs)]
        assert [LookupError if fails else str for _, fails in expected] == [type(one) for one in answers]
        assert [word for word, fails in expected if not fails] == words(path)


async def test_one_turn_of_the_loop_takes_no_more_than_it_may(writer: Writer) -> None:
    in_hand: list[bool] = []

    def work(connection: sqlite3.Connection) -> bool:
        in_hand.append(connection.in_transaction)
        return True

    asked = [put(writer, work) for _ in range(MAX_BRIEF + 1)]
    await asyncio.sleep(0)
    assert MAX_BRIEF == len(in_hand)
    await asyncio.gather(*asked)
    assert [True] * (MAX_BRIEF + 1) == in_hand


async def test_long_work_does_not_hold_up_the_loop_and_brief_work_waits_for_it(
    writer: Writer, path: Path
) -> None:
    go_on = threading.Event()

    def long(connection: sqlite3.Connection) -> None:
        go_on.wait(10)
        note("long")(connection)

    first, second = put(writer, long, brief=False), put(writer, note("brief"))
    await asyncio.sleep(0.05)
    assert [False, False] == [first.done(), second.done()]
    go_on.set()
    await asyncio.gather(first, second)
    assert ["long", "brief"] == words(path)


def long_work(word: str, *, writes_first: bool = False) -> tuple[Work, list[str]]:
    """Work that finds itself long in the loop's thread, and the threads that it was begun in."""
    begun_in: list[str] = []

    def work(connection: sqlite3.Connection) -> str:
        begun_in.append(threading.current_thread().name)
        if writes_first:
            note(word)(connection)
        if begun_in[-1] != "store-writer":
            raise LongWorkError
        return begun_in[-1] if writes_first else note(word)(connection)

    return work, begun_in


async def test_long_work_goes_on_in_the_writers_thread_and_its_neighbours_are_done_once(
    writer: Writer, path: Path
) -> None:
    begun_in: list[str] = []

    def short(word: str) -> Work:
        def work(connection: sqlite3.Connection) -> str:
            begun_in.append(word)
            return note(word)(connection)

        return work

    here = threading.current_thread().name
    long, tried = long_work("long")
    answers = await asyncio.gather(*(put(writer, work) for work in (short("first"), long, short("second"))))
    assert [here, "store-writer"] == answers[:2]
    assert [here, "store-writer"] == tried
    assert ["first", "second"] == begun_in
    assert ["first", "long", "second"] == words(path)


async def test_long_work_that_has_written_is_undone_before_it_goes_on(writer: Writer, path: Path) -> None:
    long, tried = long_work("long", writes_first=True)
    await asyncio.gather(*(put(writer, work) for work in (note("first"), long, note("second"))))
    assert [threading.current_thread().name, "store-writer"] == tried
    assert ["first", "long", "second"] == words(path)


async def test_a_lock_of_another_process_holds_up_the_work_and_not_the_loop(
    writer: Writer, path: Path
) -> None:
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    asked = put(writer, note("late"))
    await asyncio.sleep(0.05)
    assert not asked.done()
    blocker.execute("ROLLBACK")  # by the loop, which would else wait for it
    blocker.close()
    assert "store-writer" == await asked
    assert ["late"] == words(path)


async def test_a_lock_that_stays_is_told_and_the_next_work_goes_on(path: Path) -> None:
    writer = begun(path, busy_timeout_s=0.05)
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailableError, match="locked"):
        await put(writer, note("never"))
    blocker.execute("ROLLBACK")
    blocker.close()
    await put(writer, note("next"))
    writer.close()
    assert ["next"] == words(path)


def test_what_waited_for_a_loop_that_has_ended_holds_up_nobody(writer: Writer, path: Path) -> None:
    async def leave_behind() -> None:
        put(writer, note("left behind"))
        put(writer, note("left behind too"), brief=False)

    async def come_later() -> None:
        await asyncio.wait_for(put(writer, note("later")), 5)

    asyncio.run(leave_behind())
    asyncio.run(come_later())
    assert ["left behind", "left behind too", "later"] == words(path)


def test_closing_finishes_what_is_queued(path: Path) -> None:
    writer = begun(path)

    async def ask() -> None:
        put(writer, note("brief"))
        put(writer, note("long"), brief=False)

    asyncio.run(ask())
    writer.close()
    assert ["brief", "long"] == words(path)


class Watched(sqlite3.Connection):
    """A connection that tells in which thread it commits and checkpoints."""

    told: list[tuple[str, str]]

    def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
        word = sql.partition("(")[0]
        if word in {"COMMIT", "PRAGMA wal_checkpoint"}:
            self.told.append((word, threading.current_thread().name))
        return super().execute(sql, *given)

    @property
    def committers(self) -> list[str]:
        """The threads of the commits, one after the other."""
        return [thread for word, thread in self.told if word == "COMMIT"]


def begin_watched(path: Path) -> tuple[Watched, Writer]:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Watched)
    connection.told = []
    writer = Writer(connection, 10)
    writer.start()
    return connection, writer


async def test_the_loop_never_commits_however_quick_the_disk_was(path: Path) -> None:
    connection, writer = begin_watched(path)
    for number in range(24):
        await put(writer, note(f"word {number}"))
    writer.close()
    assert ["store-writer"] * 24 == connection.committers
    assert [f"word {number}" for number in range(24)] == words(path)


async def test_checkpoints_are_made_in_the_thread_and_the_log_does_not_grow(path: Path) -> None:
    connection, writer = begin_watched(path)
    for number in range(3 * writer_module.CHECKPOINT_ROWS):
        await put(writer, note(f"word {number}"))
    log = path.with_name(f"{path.name}-wal").stat().st_size
    writer.close()
    checkpoints = [thread for word, thread in connection.told if word == "PRAGMA wal_checkpoint"]
    assert ["store-writer"] * 3 == checkpoints
    assert log < 3 * writer_module.CHECKPOINT_ROWS * 4096  # a page a commit, without any
    assert 3 * writer_module.CHECKPOINT_ROWS == len(words(path))
