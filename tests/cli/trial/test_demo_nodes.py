"""`gateway demo --nodes 2`: the story goes to its end, though the active node is killed in the middle."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

import pytest

from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from tests.support.postgres import require_programs
from tests.support.preloaded.starts import COMMAND
from tests.support.process import run_gateway

LONG_S = 300.0


async def test_the_loss_of_the_active_node_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """What is left in the end is a file of all cases, for the commands."""
    pytest.importorskip("psycopg", reason="the extra postgres is not installed")
    require_programs()
    command = [*COMMAND, "demo", "--nodes", "2", "--json", "--folder", str(tmp_path)]
    done = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, timeout=LONG_S, check=False
    )
    assert (0, "") == (done.returncode, done.stderr.partition("\nLetters:")[0].strip())
    told = json.loads(done.stdout)
    assert [] == [one["who"] for one in told["applicants"] if not one["right"]]
    assert {"mx1", "mx2"} == {told["killed"], told["successor"]}
    assert 10 < told["takeover_s"] < 60
    assert told["mails_retried"]
    assert (0, 0, []) == (told["lost"], told["doubled"], told["faults"])
    assert told["accepted"] > 2 * len(told["applicants"])
    reader = Reader(SqliteSource(tmp_path / "gateway.db"))
    assert {one["case"] for one in told["applicants"]} - {"-"} == {row["number"] for row in reader.cases()}
    reader.close()


async def test_where_postgresql_is_missing_the_command_says_what_to_install(tmp_path: Path) -> None:
    nothing = str(tmp_path / "nothing")
    places = {"GATEWAY_POSTGRES_BIN": nothing, "PATH": nothing}
    done = await run_gateway("demo", "--nodes", "2", "--folder", str(tmp_path), **places)
    assert 78 == done.code
    assert "PostgreSQL is not installed: install PostgreSQL 15 or later (Debian 12:" in done.stderr
    assert 1 == len(done.stderr.strip().splitlines())


@pytest.mark.parametrize("more", [("--serve",), ("--port", "2525"), ("--serve", "--console")])
async def test_what_needs_one_gateway_is_refused_on_two(tmp_path: Path, more: tuple[str, ...]) -> None:
    done = await run_gateway("demo", "--nodes", "2", "--folder", str(tmp_path), *more)
    assert 2 == done.code
    assert "--nodes cannot be combined" in done.stderr
