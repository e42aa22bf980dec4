"""`gateway case revoke`: an admission is taken back, by the running gateway or without one."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gateway.admission.case.model import ADMITTED, State
from gateway.cli import main
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import SETTINGS
from tests.support.factories import case


def made(folder: Path, state: State, **changes: object) -> Path:
    """A settings folder with a database that holds one case."""
    path = folder / "gateway.db"
    (folder / "gateway.toml").write_text(SETTINGS.format(path=path), encoding="utf-8")

    async def put() -> None:
        store = SqliteStore(path, "gw.example.go.jp")
        store.open()
        await store.transact(lambda tx: tx.save(case(state, **changes)))
        store.close()

    asyncio.run(put())
    return path


def revoke(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["case", "revoke", *arguments, "--config", str(folder)])


def shown(path: Path) -> dict[str, Any]:
    found = Reader(SqliteSource(path)).case("K7QM-4T")
    assert found is not None
    return found


@pytest.mark.parametrize("state", sorted(ADMITTED))
def test_an_admission_is_taken_back_and_the_staff_are_told(tmp_path: Path, state: State) -> None:
    path = made(tmp_path, state)
    result = revoke(tmp_path, "k7qm-4t", "--reason", "approved by mistake", "--json")
    assert 0 == result.exit_code, result.output
    assert state == json.loads(result.output)["was"]
    found = shown(path)
    assert ("declined", "approved by mistake") == (found["state"], found["reason"])
    assert found["decided_by"].startswith("operator:")
    assert [("case_notice", "sato@kyoso.mihon.go.jp")] == [
        (letter["letter"], letter["recipient"]) for letter in found["letters"]
    ]
    assert ["decision.revoke"] == [line["event"] for line in found["journal"]]


@pytest.mark.parametrize(
    ("state", "number", "reason", "says"),
    [
        (State.UNDER_REVIEW, "K7QM-4T", "x", "nothing to revoke"),
        (State.INVITED, "ZZZZ-ZZ", "x", "there is no case"),
        (State.INVITED, "K7QM-4T", " ", "expected a reason"),
    ],
)
def test_what_cannot_be_revoked_is_refused_and_nothing_changes(
    tmp_path: Path, state: State, number: str, reason: str, says: str
) -> None:
    path = made(tmp_path, state)
    result = revoke(tmp_path, number, "--reason", reason)
    assert (1, True) == (result.exit_code, says in result.output)
    assert (state, []) == (shown(path)["state"], shown(path)["journal"])


def test_a_reason_must_be_given(tmp_path: Path) -> None:
    made(tmp_path, State.INVITED)
    assert 2 == revoke(tmp_path, "K7QM-4T").exit_code
