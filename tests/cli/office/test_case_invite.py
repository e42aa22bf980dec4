"""`gateway case joined` and `gateway case invite`: the end of an invitation, by command."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.admission.case.model import State
from gateway.cli import main
from gateway.store.sqlite.store import SqliteStore
from tests.cli.office.test_case_revoke import SETTINGS, shown
from tests.support.factories import NOW, SATO, case


async def made(folder: Path, state: State) -> Path:
    path = folder / "gateway.db"
    (folder / "gateway.toml").write_text(SETTINGS.format(path=path), encoding="utf-8")
    store = SqliteStore(path, "gw.example.go.jp")
    store.open()
    await store.transact(lambda tx: tx.save(case(state, decided_by=str(SATO), invited_at=NOW)))
    store.close()
    return path


def run(folder: Path, command: str, number: str = "k7qm-4t") -> Result:
    return CliRunner().invoke(main, ["case", command, number, "--config", str(folder), "--json"])


@pytest.mark.parametrize("state", [State.INVITED, State.EXPIRED])
def test_joined_is_recorded(tmp_path: Path, state: State) -> None:
    path = asyncio.run(made(tmp_path, state))
    result = run(tmp_path, "joined")
    assert 0 == result.exit_code, result.output
    assert {"number": "K7QM-4T", "was": state.value, "is": "joined"} == json.loads(result.output)
    found = shown(path)
    assert ("joined", ["invitation.joined"]) == (found["state"], [line["event"] for line in found["journal"]])


def test_a_new_invitation_is_queued_once(tmp_path: Path) -> None:
    path = asyncio.run(made(tmp_path, State.INVITED))
    assert 0 == run(tmp_path, "invite").exit_code
    again = run(tmp_path, "invite")
    assert (1, True) == (again.exit_code, "K7QM-4T is approved" in again.output)
    found = shown(path)
    assert ("approved", ["invitation"]) == (found["state"], [one["letter"] for one in found["letters"]])


@pytest.mark.parametrize("command", ["joined", "invite"])
@pytest.mark.parametrize("state", [State.UNDER_REVIEW, State.DECLINED, State.JOINED])
def test_what_cannot_be_is_refused_and_nothing_changes(tmp_path: Path, command: str, state: State) -> None:
    path = asyncio.run(made(tmp_path, state))
    result = run(tmp_path, command)
    assert (1, True) == (result.exit_code, f"K7QM-4T is {state.value}" in result.output)
    assert (state.value, [], []) == tuple(shown(path)[key] for key in ("state", "letters", "journal"))
    assert 1 == run(tmp_path, command, "ZZZZ-ZZ").exit_code


@pytest.mark.parametrize(
    ("command", "state", "why"),
    [
        ("joined", State.JOINED, "already recorded"),
        ("joined", State.DECLINED, "no invitation was sent"),
        ("invite", State.JOINED, "needs no invitation"),
        ("invite", State.APPROVED, "has not been sent yet"),
        ("invite", State.DECLINED, "only an approved person"),
    ],
)
def test_a_refusal_says_why(tmp_path: Path, command: str, state: State, why: str) -> None:
    asyncio.run(made(tmp_path, state))
    assert why in run(tmp_path, command).output
