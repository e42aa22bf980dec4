"""Commands through the folder beside the database: done once, answered, and never by two writers."""

import asyncio
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.admission.case.model import JournalEntry
from gateway.printing.fields import to_facts
from gateway.printing.outside import Outside
from gateway.store.commands import queue, run
from gateway.store.commands.queue import Answer, CommandQueue, RefusedError, Request
from gateway.store.protocol import StoreUnavailableError, Transaction
from gateway.store.sqlite.store import SqliteStore
from gateway.store.sqlite.transaction import get_connection
from tests.support.factories import NOW

SOON = NOW + timedelta(seconds=5)


def now() -> datetime:
    return SOON


def note(tx: Transaction, request: Request, at: datetime) -> Mapping[str, object]:
    tx.journal((JournalEntry("noted", Outside(request.by), to_facts(request.arguments)),), at, None, None)
    return {"noted": request.arguments.get("text")}


def refuse(tx: Transaction, request: Request, at: datetime) -> Mapping[str, object]:
    note(tx, request, at)
    raise RefusedError("text = 'x': allowed is y")


def break_down(tx: Transaction, request: Request, at: datetime) -> Mapping[str, object]:
    note(tx, request, at)
    raise LookupError("something is wrong with a@b.example")


HANDLERS = {"note": note, "refuse": refuse, "break": break_down}


@pytest.fixture
def folder(store: SqliteStore) -> Path:
    return queue.queue_folder(store.path)


@pytest.fixture
def inbox(store: SqliteStore, folder: Path) -> CommandQueue:
    return CommandQueue(store, folder, HANDLERS, now)


def request(name: str = "note", text: str = "見本") -> Request:
    return queue.new_request(name, "operator:rei", {"text": text}, NOW)


async def noted(store: SqliteStore) -> list[str]:
    return await store.transact(
        lambda tx: [row["actor"] for row in get_connection(tx).execute("SELECT actor FROM journal")]
    )


def names(folder: Path) -> list[str]:
    return sorted(place.suffix for place in folder.iterdir())


async def test_a_request_is_carried_out_journalled_and_answered(
    store: SqliteStore, folder: Path, inbox: CommandQueue
) -> None:
    asked = request()
    queue.submit(folder, asked)
    assert 1 == await inbox.drain()
    assert ["operator:rei"] == await noted(store)
    assert Answer(True, {"noted": "見本"}) == queue.poll(folder, asked)
    assert [] == names(folder)


async def test_requests_are_carried_out_in_the_order_of_their_times(
    store: SqliteStore, folder: Path, inbox: CommandQueue
) -> None:
    for second in (2, 1, 3):
        queue.submit(
            folder, queue.new_request("note", f"operator:{second}", {}, NOW + timedelta(seconds=second))
        )
    await inbox.drain()
    assert ["operator:1", "operator:2", "operator:3"] == await noted(store)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("refuse", "text = 'x': allowed is y"),
        ("break", "LookupError in the gateway, see its log"),
        ("unknown", "'unknown' is no command of this gateway"),
    ],
)
async def test_what_is_not_done_is_answered_and_records_nothing(
    store: SqliteStore, folder: Path, inbox: CommandQueue, name: str, error: str
) -> None:
    asked = request(name)
    queue.submit(folder, asked)
    await inbox.drain()
    assert Answer(False, error=error) == queue.poll(folder, asked)
    assert [] == await noted(store)


async def test_a_crash_between_commit_and_answer_does_nothing_twice(
    store: SqliteStore, folder: Path, inbox: CommandQueue
) -> None:
    asked = request()
    queue.submit(folder, asked)
    kept = (folder / f"{asked.id}.json").read_bytes()
    await inbox.drain()
    (folder / f"{asked.id}.done").unlink()
    (folder / f"{asked.id}.taken").write_bytes(kept)
    late = CommandQueue(store, folder, HANDLERS, lambda: NOW + timedelta(days=1))
    assert 1 == await late.drain()
    assert ["operator:rei"] == await noted(store)
    assert Answer(True, {"noted": "見本"}) == queue.poll(folder, asked)


async def test_a_request_that_nobody_waits_for_any_more_is_not_carried_out(
    store: SqliteStore, folder: Path
) -> None:
    asked = request()
    queue.submit(folder, asked)
    await CommandQueue(store, folder, HANDLERS, lambda: asked.expires_at).drain()
    answer = queue.poll(folder, asked)
    assert answer is not None
    assert "too late" in answer.error
    assert [] == await noted(store)


async def test_a_request_can_be_taken_back_until_it_is_taken(folder: Path, inbox: CommandQueue) -> None:
    asked = request()
    queue.submit(folder, asked)
    assert queue.withdraw(folder, asked)
    assert 0 == await inbox.drain()
    queue.submit(folder, asked)
    await inbox.drain()
    assert not queue.withdraw(folder, asked)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff" * 10, b"x" * 70_000])
async def test_rubbish_in_the_folder_is_answered_and_harmless(
    store: SqliteStore, folder: Path, inbox: CommandQueue, content: bytes
) -> None:
    asked = request()
    queue.submit(folder, asked)
    (folder / f"{asked.id}.json").write_bytes(content)
    await inbox.drain()
    answer = queue.poll(folder, asked)
    assert answer is not None
    assert "cannot be read" in answer.error


async def test_links_and_strange_names_are_not_followed(
    store: SqliteStore, folder: Path, inbox: CommandQueue, tmp_path: Path
) -> None:
    asked, secret = request(), tmp_path / "secret"
    secret.write_bytes(b"{}")
    queue.submit(folder, asked)
    (folder / f"{asked.id}.json").unlink()
    (folder / f"{asked.id}.json").symlink_to(secret)
    (folder / "README").write_text("x")
    os.mkfifo(folder / f"{request().id}.json")
    assert 2 == await inbox.drain()
    answer = queue.poll(folder, asked)
    assert answer is not None
    assert not answer.done
    assert b"{}" == secret.read_bytes()


async def test_old_answers_that_nobody_fetched_are_removed(store: SqliteStore, folder: Path) -> None:
    queue.submit(folder, request())
    for hours, left in ((0, [".done"]), (0.9, [".done"]), (1.1, [])):
        later = NOW + timedelta(hours=hours)
        await CommandQueue(store, folder, HANDLERS, lambda later=later: later).drain()  # type: ignore[misc]  # bound now
        assert left == names(folder)


async def test_the_register_is_refreshed_before_the_answer(store: SqliteStore, folder: Path) -> None:
    asked, seen = request(), []

    async def changed() -> None:
        seen.append(queue.poll(folder, asked))

    queue.submit(folder, asked)
    await CommandQueue(store, folder, HANDLERS, now, on_change=changed).drain()
    assert [None] == seen


class Full:
    """A store whose disk is full."""

    async def transact(self, work: object) -> object:
        raise StoreUnavailableError("disk full")


async def test_a_full_disk_leaves_the_request_for_later(
    store: SqliteStore, folder: Path, inbox: CommandQueue
) -> None:
    asked = request()
    queue.submit(folder, asked)
    with pytest.raises(StoreUnavailableError):
        await CommandQueue(Full(), folder, HANDLERS, now).drain()  # type: ignore[arg-type]  # as much of a store as is used
    assert queue.poll(folder, asked) is None
    await inbox.drain()
    assert Answer(True, {"noted": "見本"}) == queue.poll(folder, asked)


def test_files_and_folder_are_for_their_owner_only(tmp_path: Path) -> None:
    folder = queue.queue_folder(tmp_path / "gateway.db")
    queue.submit(folder, request())
    assert (0o700, 0o600) == (folder.stat().st_mode & 0o777, next(folder.iterdir()).stat().st_mode & 0o777)


# --- the side that asks -----------------------------------------------------------------------


async def test_a_command_is_carried_out_by_the_running_gateway(
    store: SqliteStore, inbox: CommandQueue
) -> None:
    running = asyncio.create_task(inbox.run(poll_s=0.01))
    answer = await run.run_command(store.path, request(), {}, now)
    inbox.stop()
    await running
    assert Answer(True, {"noted": "見本"}) == answer
    assert ["operator:rei"] == await noted(store)


async def test_a_command_takes_the_lock_when_nobody_holds_it(store: SqliteStore, folder: Path) -> None:
    store.close()
    answers = await asyncio.gather(
        *(run.run_command(store.path, request(text=str(at)), HANDLERS, now) for at in range(4))
    )
    assert ["0", "1", "2", "3"] == [answer.facts["noted"] for answer in answers]
    assert [] == names(folder)
    store.open()
    assert 4 == len(await noted(store))


async def test_without_an_answer_nothing_was_changed(store: SqliteStore, folder: Path) -> None:
    with pytest.raises(run.NoAnswerError, match="nothing was changed"):
        await run.run_command(store.path, request(), HANDLERS, now, timeout_s=0.1)
    assert [] == names(folder)
    assert [] == await noted(store)


async def test_a_gateway_that_took_the_command_and_fell_silent_is_said_so(
    store: SqliteStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = request()

    def take(_: object, seen: Request) -> None:
        (folder / f"{seen.id}.json").rename(folder / f"{seen.id}.taken")

    monkeypatch.setattr(queue, "poll", take)
    with pytest.raises(run.NoAnswerError, match="did not answer in time"):
        await run.run_command(store.path, asked, HANDLERS, now, timeout_s=0)
