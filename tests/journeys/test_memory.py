"""Memory runs out: 451 for the mail in hand, and the service goes on."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from gateway.demo.sandbox import open_sandbox
from gateway.inbound import screening
from gateway.store.tables import transaction
from tests.journeys.world import FORM, HANAKO, write


class Forgetful(sqlite3.Connection):
    """A connection that runs out of memory at a statement, so many times."""

    fails: ClassVar[dict[str, int]] = {}

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:  # type: ignore[override]
        if self.fails.get(sql, 0) > 0:
            self.fails[sql] -= 1
            raise MemoryError
        return super().execute(sql, *values)


def failing(real: Callable[..., Any], error: type[Exception], times: int = 1) -> Callable[..., Any]:
    """The function, which fails so many times when it is called."""
    left = [error() for _ in range(times)]

    def function(*given: Any, **named: Any) -> Any:
        if left:
            raise left.pop()
        return real(*given, **named)

    return function


@pytest.mark.parametrize("error", [MemoryError, RecursionError])
@pytest.mark.parametrize("place", ["parse", "authenticate"])
@pytest.mark.parametrize("front_processes", [0], indirect=True)  # the same code as in a front, within reach
async def test_d16_memory_that_runs_out_over_a_mail_is_451_for_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, error: type[Exception]
) -> None:
    async with open_sandbox(tmp_path) as desk:
        monkeypatch.setattr(screening, place, failing(getattr(screening, place), error))
        assert 451 == (await write(desk, HANAKO, desk.request, FORM)).code
        assert await desk.find_case(HANAKO) is None
        assert 250 == (await write(desk, HANAKO, desk.request, FORM)).code


async def test_d16_memory_that_runs_out_within_a_transaction_undoes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when it runs out again as the work is done once more."""
    async with open_sandbox(tmp_path) as desk:
        journal = transaction.SqlTransaction.journal
        monkeypatch.setattr(transaction.SqlTransaction, "journal", failing(journal, MemoryError, 2))
        assert 451 == (await write(desk, HANAKO, desk.request, FORM)).code
        assert await desk.find_case(HANAKO) is None
        assert 250 == (await write(desk, HANAKO, desk.request, FORM)).code


@pytest.mark.parametrize("at", ["BEGIN IMMEDIATE", "SAVEPOINT job", "RELEASE job", "COMMIT", "ROLLBACK"])
async def test_d16_memory_that_runs_out_in_sqlite_does_not_end_the_thread_that_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """SQLITE_NOMEM is a MemoryError and no sqlite3.Error."""
    connect = sqlite3.connect
    made = lambda *given, **named: connect(*given, **{"factory": Forgetful, **named})  # noqa: E731 - readers have their own
    monkeypatch.setattr(sqlite3, "connect", made)
    async with open_sandbox(tmp_path) as desk:
        fails = dict.fromkeys((at, *(["COMMIT"] if at == "ROLLBACK" else [])), 1000)
        journal = transaction.SqlTransaction.journal
        if at.endswith(" job"):  # savepoints are for what failed once
            monkeypatch.setattr(transaction.SqlTransaction, "journal", failing(journal, MemoryError))
        monkeypatch.setattr(Forgetful, "fails", fails)
        assert 451 == (await asyncio.wait_for(write(desk, HANAKO, desk.request, FORM), 5)).code
        monkeypatch.setattr(Forgetful, "fails", {})
        # A transaction that could not even be rolled back is so by the next attempt.
        codes = [(await asyncio.wait_for(write(desk, HANAKO, desk.request, FORM), 5)).code for _ in range(2)]
        assert 250 == codes[-1]
        await desk.letter(HANAKO.address, "受付")
