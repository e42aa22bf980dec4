"""`gateway pause` and `gateway resume`: what stands still is in the store, is told, and is shown."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.admission.case.model import State
from gateway.cli import main
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from tests.cli.office.test_case_revoke import made


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--config", str(folder)])


def brakes(folder: Path) -> list[str]:
    shown = json.loads(run(folder, "status", "--json").output)
    return [one["brake"] for one in shown["brakes"]]


def test_what_is_paused_stays_so_until_it_is_resumed(tmp_path: Path) -> None:
    path = made(tmp_path, State.UNDER_REVIEW)
    paused = run(tmp_path, "pause", "--decisions", "--invitations", "--json")
    assert {"paused": ["decisions", "invitations"]} == json.loads(paused.output)
    assert ["decisions", "invitations"] == brakes(tmp_path)
    screen = run(tmp_path, "status")
    assert "no invitations are sent, by operator:" in screen.output
    assert 'gateway_brake{brake="decisions"} 1.0' in run(tmp_path, "metrics").output
    assert 0 == run(tmp_path, "resume", "--decisions").exit_code
    assert ["invitations"] == brakes(tmp_path)
    assert {"resumed": ["invitations"]} == json.loads(run(tmp_path, "resume", "--json").output)
    assert [] == brakes(tmp_path)
    lines = Reader(SqliteSource(path))._query("SELECT event, actor FROM journal ORDER BY id")
    found = [(line["event"], line["actor"].partition(":")[0]) for line in lines]
    assert [("desk.pause", "operator")] * 2 + [("desk.resume", "operator")] * 2 == found
    assert {"case_notice"} == {row["letter"] for row in Reader(SqliteSource(path)).letters()}


def test_a_second_pause_tells_nobody_again(tmp_path: Path) -> None:
    path = made(tmp_path, State.UNDER_REVIEW)
    for _ in range(2):
        assert 0 == run(tmp_path, "pause", "--decisions").exit_code
    assert 1 == len(Reader(SqliteSource(path)).letters())


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("pause",), "specify what to pause"),
        (("resume",), "nothing to resume"),
        (("resume", "--stop"), "nothing to resume"),
    ],
)
def test_what_cannot_be_done_says_why(tmp_path: Path, arguments: tuple[str, ...], why: str) -> None:
    made(tmp_path, State.UNDER_REVIEW)
    result = run(tmp_path, *arguments)
    assert result.exit_code != 0
    assert why in result.output
