"""Who carries out a command that writes: the running gateway, or whoever asks where none runs."""

from __future__ import annotations

import asyncio
import os
import pwd
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from gateway.admission.case.model import JournalEntry
from gateway.app.serving import commands
from gateway.app.serving.commands import COMMAND, NoAnswerError, name_operator, run_command
from gateway.demo.fixtures import settings_text
from gateway.net.control.protocol import CONTROL
from gateway.net.control.server import Asked, ControlSocket, RefusedQuestionError, answer_once
from gateway.printing.fields import to_facts
from gateway.printing.outside import Outside
from gateway.store.commands.requests import Answer, CommandRunner, Request, new_request
from gateway.store.protocol import Transaction
from gateway.store.sqlite.store import SqliteStore
from tests.support.process import run_command as run_program

ME = pwd.getpwuid(os.geteuid()).pw_name


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
    store.open()
    yield store
    store.close()


def now() -> datetime:
    return datetime.now(UTC)


def note(tx: Transaction, request: Request, at: datetime) -> Mapping[str, object]:
    tx.journal((JournalEntry("noted", Outside(request.by), to_facts(request.arguments)),), at, None, None)
    return {"noted": request.arguments["text"]}


HANDLERS = {"note": note}


def request(text: str = "見本") -> Request:
    return new_request("note", "operator:rei", {"text": text}, now())


async def test_a_gateway_that_waits_for_its_database_says_what_it_waits_for(store: SqliteStore) -> None:
    async def work(_: Asked) -> object:
        raise RefusedQuestionError("the disk of the database server is full; nothing was changed", "full")

    control = ControlSocket(store.path, CONTROL, {COMMAND: answer_once(work)})
    await control.start()
    try:
        with pytest.raises(NoAnswerError, match="the disk of the database server is full") as found:
            await run_command(store, request(), HANDLERS, now)
    finally:
        await control.stop(0)
    assert "restart" not in str(found.value)


def done(text: str = "見本") -> Answer:
    return Answer(True, {"noted": text})


def closed(store: SqliteStore) -> SqliteStore:
    """Another one of the same file, as a command has it."""
    return SqliteStore(store.path, "localhost")


async def noted(store: SqliteStore) -> list[str]:
    return await store.transact(
        lambda tx: [row["actor"] for row in tx.connection.execute("SELECT actor FROM journal")]
    )


def carry_out(store: SqliteStore) -> Callable[[Asked], Awaitable[object]]:
    async def work(asked: Asked) -> object:
        return await CommandRunner(store, HANDLERS, now).carry_out(msgspec.convert(asked.arguments, Request))

    return work


@asynccontextmanager
async def running(
    store: SqliteStore, work: Callable[[Asked], Awaitable[object]] | None = None
) -> AsyncIterator[None]:
    control = ControlSocket(store.path, CONTROL, {COMMAND: answer_once(work or carry_out(store))})
    await control.start()
    try:
        yield
    finally:
        await control.stop(0)


async def test_the_running_gateway_carries_it_out(store: SqliteStore) -> None:
    async with running(store):
        assert done() == await run_command(closed(store), request(), {}, now)
    assert ["operator:rei"] == await noted(store)


async def test_where_none_runs_whoever_asks_takes_the_lock(store: SqliteStore) -> None:
    store.close()
    texts = [str(at) for at in range(4)]
    answers = await asyncio.gather(
        *(run_command(closed(store), request(text), HANDLERS, now) for text in texts)
    )
    assert texts == [answer.facts["noted"] for answer in answers]
    store.open()
    assert 4 * [f"operator:rei as {ME}"] == await noted(store)


async def test_a_gateway_that_holds_the_lock_and_does_not_listen_changed_nothing(store: SqliteStore) -> None:
    with pytest.raises(NoAnswerError, match="nothing was changed"):
        await run_command(closed(store), request(), HANDLERS, now, timeout_s=0.2)
    assert [] == await noted(store)


async def test_a_gateway_that_took_it_and_fell_silent_is_said_so(store: SqliteStore) -> None:
    async def hang(_: Asked) -> object:
        await asyncio.sleep(60)
        return None

    async with running(store, hang):
        with pytest.raises(NoAnswerError, match="did not answer within"):
            await run_command(closed(store), request(), HANDLERS, now, timeout_s=0.3)


async def test_a_gateway_that_dies_behind_the_commit_does_nothing_twice(store: SqliteStore) -> None:
    """Its successor tells what was answered: the request comes again with the same id."""
    seen: list[object] = []

    async def die_once(asked: Asked) -> object:
        answer = await carry_out(store)(asked)
        seen.append(asked.arguments["id"])
        if len(seen) == 1:
            raise ConnectionAbortedError
        return answer

    async with running(store, die_once):
        assert done() == await run_command(closed(store), request(), HANDLERS, now)
    assert seen[:1] * 2 == seen
    assert ["operator:rei"] == await noted(store)


async def test_a_gateway_that_stops_meanwhile_leaves_it_to_whoever_asks(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "STEP_S", 0.01)
    asked = asyncio.create_task(run_command(closed(store), request(), HANDLERS, now))
    await asyncio.sleep(0.05)
    assert not asked.done()
    store.close()
    assert done() == await asked


async def test_a_refusal_of_the_gateway_is_the_answer(store: SqliteStore) -> None:
    async with running(store):
        answer = await run_command(closed(store), new_request("none", "operator:rei", {}, now()), {}, now)
    assert Answer(False, error="'none' is not a gateway command") == answer


@pytest.mark.parametrize(
    ("claimed", "account", "actor"),
    [
        ("operator:rei", "rei", "operator:rei"),
        ("operator:rei", "root", "operator:rei as root"),
        ("operator:root", "root", "operator:root"),
        ("operator:root", "gateway", "operator:root as gateway"),
    ],
)
def test_the_journal_names_the_account_that_the_kernel_saw(claimed: str, account: str, actor: str) -> None:
    assert actor == name_operator(claimed, account)


def test_a_list_of_organisations_fits_into_one_question() -> None:
    from gateway.admission.organisations.entries import import_list

    assert CONTROL.max_question > 6 * import_list.MAX_BYTES  # JSON needs at most six octets for one


_LIST_LOADED = """
import sys
from gateway.cli import main
try:
    main()
finally:
    print(*(name for name in sys.modules if name.startswith("gateway.")))
"""


async def test_a_command_that_the_running_gateway_executes_loads_nothing_of_the_desk(
    store: SqliteStore, tmp_path: Path
) -> None:
    """It starts in a fraction of the time: the patterns that read forms are made when they are loaded."""
    (tmp_path / "gateway.toml").write_text(settings_text(tmp_path, 25, 53), encoding="utf-8")

    async def answer(_: Asked) -> object:
        return Answer(True, {"paused": ["invitations"]})

    words = ("pause", "--invitations", "--config", str(tmp_path))
    async with running(store, answer):
        ended = await run_program(sys.executable, "-c", _LIST_LOADED, *words)
    assert (0, "Paused: invitations") == (ended.code, ended.stdout[:19]), ended
    loaded = ended.stdout.split()
    assert "gateway.net.control.commands" in loaded
    assert not {"gateway.admission.application.form", "gateway.store.protocol"} & set(loaded)
