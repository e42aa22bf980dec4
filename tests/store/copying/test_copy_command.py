"""`gateway store copy` as an operator meets it: what it says, how it ends, what it leaves alone."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.cli import main
from gateway.store.privacy import tombstones
from gateway.store.sqlite.store import lock
from tests.store.filled import settings_folder

pytest.importorskip("psycopg", reason="the extra postgres is not installed")

from gateway.store.postgres.connecting.session import Place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return settings_folder(tmp_path)


def copy(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["store", "copy", *arguments, "--config", str(folder)])


def head_of(database: Path) -> str:
    told = CliRunner().invoke(main, ["verify", "--database", str(database), "--json"]).output
    return str(json.loads(told)["head"])


def test_a_desk_moves_and_comes_back(folder: Path, place: Place, tmp_path: Path) -> None:
    there = copy(folder, "--to", place.url, "--json")
    assert 0 == there.exit_code, there.output
    told = json.loads(there.output)
    assert (True, head_of(folder / "gateway.db")) == (told["copied"], told["head"])
    back = tmp_path / "back.db"
    shown = copy(folder, "--from", place.url, "--database", str(back))
    assert 0 == shown.exit_code, shown.output
    assert "copied, and verified on both sides." in shown.output
    assert told["head"] == head_of(back)


@pytest.mark.parametrize("other", ["--to", "--from"])
def test_a_trial_counts_and_writes_nothing(folder: Path, place: Place, tmp_path: Path, other: str) -> None:
    target = tmp_path / "new.db"
    more = ("--database", str(target)) if other == "--from" else ()
    for _ in range(2):
        result = copy(folder, other, place.url, "--dry-run", *more)
        assert (0, True) == (result.exit_code, "nothing was written" in result.output), result.output
    assert not target.exists()


def test_a_running_gateway_keeps_its_database(folder: Path, place: Place) -> None:
    with lock(folder / "gateway.db"):
        result = copy(folder, "--to", place.url)
        assert (75, True) == (result.exit_code, "nothing was copied: another gateway has" in result.output)
        assert 0 == copy(folder, "--to", place.url, "--dry-run").exit_code


def test_what_is_there_is_not_overwritten(folder: Path, place: Place) -> None:
    assert 0 == copy(folder, "--to", place.url).exit_code
    again, back = copy(folder, "--to", place.url), copy(folder, "--from", place.url)
    assert (75, True) == (again.exit_code, "will not be overwritten" in again.output)
    assert (75, True) == (back.exit_code, "a database already exists" in back.output)


def test_the_key_of_the_nodes_has_to_lie_beside_the_file(folder: Path, place: Place, tmp_path: Path) -> None:
    tombstones.load_or_create_key(folder / "gateway.db")
    assert 0 == copy(folder, "--to", place.url).exit_code
    target = tmp_path / "new.db"
    tombstones.load_or_create_key(target)
    refused = copy(folder, "--from", place.url, "--database", str(target))
    assert (75, True) == (refused.exit_code, "the nodes use a different key" in refused.output), (
        refused.output
    )
    assert not target.exists()
    tombstones.locate(target).write_bytes(tombstones.load_key(folder / "gateway.db"))
    assert 0 == copy(folder, "--from", place.url, "--database", str(target)).exit_code


def test_an_earlier_version_is_not_copied(folder: Path, place: Place) -> None:
    with sqlite3.connect(folder / "gateway.db") as connection:
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'v0027_case_figures'")
    connection.close()
    result = copy(folder, "--to", place.url)
    assert (75, True) == (result.exit_code, "start the gateway once" in result.output), result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "specify either --to URL or --from URL"),
        (("--to", "postgresql://a/b", "--from", "postgresql://a/b"), "specify either"),
        (("--to", "mysql://a/b"), "expected postgresql://"),
        (("--to", "postgresql://a/b", "--schema", "a b"), "expected a-z, 0-9 and _"),
    ],
)
def test_what_cannot_be_meant_is_refused(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    result = copy(folder, *arguments)
    assert (2, True) == (result.exit_code, said in result.output), result.output


def test_a_password_is_printed_nowhere(folder: Path) -> None:
    result = copy(folder, "--to", "postgresql://gateway:geheim@127.0.0.1:1/desk")
    assert (75, False) == (result.exit_code, "geheim" in result.output)
