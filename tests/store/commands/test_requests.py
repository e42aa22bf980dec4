"""Commands that write: carried out once, answered, journalled with who asked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from gateway.admission.case.model import JournalEntry
from gateway.printing.fields import to_facts
from gateway.printing.outside import Outside
from gateway.store.commands.requests import Answer, CommandRunner, RefusedError, Request, new_request
from gateway.store.protocol import StoreUnavailableError, Transaction
from gateway.store.sqlite.store import SqliteStore
from tests.support.factories import NOW

SOON = NOW + timedelta(seconds=5)


def now() -> datetime:
    return SOON


def note(tx: Transaction, request: Request, at: datetime) -> Mapping[str, object]:
    tx.journal((JournalEntry("noted", Outside(request.by), to_facts(request.arguments)),), at, None, None)
    return {"noted": request.arguments.get("text")}


def refuse(tx: Transaction, request: Request, at: datetime) -> Mapping[str, object]:
    note(tx, request, at)
    raise RefusedError("text = 'x': expected y")


def break_down(tx: Transaction, request: Request, at: datetime) -> Mapping[str, object]:
    note(tx, request, at)
    raise LookupError("something is wrong with a@b.example")


HANDLERS = {"note": note, "refuse": refuse, "break": break_down}
DONE = Answer(True, {"noted": "見本"})


@pytest.fixture
def runner(store: SqliteStore) -> CommandRunner:
    return CommandRunner(store, HANDLERS, now)


def request(name: str = "note", text: str = "見本") -> Request:
    return new_request(name, "operator:rei", {"text": text}, NOW)


async def noted(store: SqliteStore) -> list[str]:
    return await store.transact(
        lambda tx: [row["actor"] for row in tx.connection.execute("SELECT actor FROM journal")]
    )


async def test_a_request_is_carried_out_and_journalled(store: SqliteStore, runner: CommandRunner) -> None:
    assert DONE == await runner.carry_out(request())
    assert ["operator:rei"] == await noted(store)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("refuse", "text = 'x': expected y"),
        ("break", "LookupError in the gateway; see its log"),
        ("unknown", "'unknown' is not a gateway command"),
    ],
)
async def test_what_is_not_done_is_answered_and_records_nothing(
    store: SqliteStore, runner: CommandRunner, name: str, error: str
) -> None:
    assert Answer(False, error=error) == await runner.carry_out(request(name))
    assert [] == await noted(store)


async def test_a_request_that_comes_again_gets_the_same_answer_and_is_not_done_twice(
    store: SqliteStore, runner: CommandRunner
) -> None:
    asked = request()
    late = CommandRunner(store, HANDLERS, lambda: NOW + timedelta(days=1))
    assert [DONE, DONE] == [await runner.carry_out(asked), await late.carry_out(asked)]
    assert DONE == await runner.carry_out(replace(asked, arguments={"text": "other"}))
    assert ["operator:rei"] == await noted(store)


async def test_a_request_that_nobody_waits_for_any_more_is_not_carried_out(store: SqliteStore) -> None:
    asked = request()
    answer = await CommandRunner(store, HANDLERS, lambda: asked.expires_at).carry_out(asked)
    assert "too late" in answer.error
    assert [] == await noted(store)


async def test_others_hear_of_the_change_before_the_answer_and_of_nothing_else(store: SqliteStore) -> None:
    seen: list[list[str]] = []

    async def changed() -> None:
        seen.append(await noted(store))

    runner = CommandRunner(store, HANDLERS, now, on_change=changed)
    await runner.carry_out(request("refuse"))
    assert [] == seen
    await runner.carry_out(request())
    assert [["operator:rei"]] == seen


class Full:
    """A store whose disk is full."""

    async def transact(self, work: object) -> object:
        raise StoreUnavailableError("disk full")


async def test_a_full_disk_is_not_an_answer() -> None:
    with pytest.raises(StoreUnavailableError):
        await CommandRunner(Full(), HANDLERS, now).carry_out(request())  # type: ignore[arg-type]  # as much as is used
