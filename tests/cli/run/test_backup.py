"""`gateway verify`, `backup` and `restore` as an operator meets them: output, exit codes, clear errors."""

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.cli import main
from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import DOMAIN, settings_folder

NEWER = """
INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('intake-gateway', 'v9', '')
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return settings_folder(tmp_path)


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--config", str(folder)])


def change(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_verify_prints_a_head_that_still_stands_later(folder: Path) -> None:
    first = run(folder, "verify", "--json")
    assert 0 == first.exit_code, first.output
    head = json.loads(first.output)["head"]
    assert head in run(folder, "verify").output
    assert 0 == run(folder, "verify", "--head", head).exit_code
    other = run(folder, "verify", "--head", "ab" * 32)
    assert (1, True) == (other.exit_code, "no line has the hash" in other.output)


@pytest.mark.parametrize("head", ["", "xyz", "ab" * 31])
def test_a_head_that_is_none_is_refused(folder: Path, head: str) -> None:
    result = run(folder, "verify", "--head", head)
    assert (2, True) == (result.exit_code, "64-digit" in result.output)


def test_verify_says_what_is_wrong_and_what_to_do(folder: Path) -> None:
    change(folder / "gateway.db", "UPDATE cases SET state = 'lost' WHERE id = 1")
    result = run(folder, "verify")
    assert 1 == result.exit_code
    assert "unknown state 'lost'" in result.output
    assert "gateway case show" in result.output


@pytest.mark.parametrize("command", [["verify"], ["backup"], ["case", "list"], ["outbox", "list"]])
def test_a_database_of_a_newer_version_is_refused_with_78(folder: Path, command: list[str]) -> None:
    change(folder / "gateway.db", NEWER)
    result = run(folder, *command)
    assert (78, True) == (result.exit_code, "newer gateway" in result.output)


def test_the_service_refuses_a_database_of_a_newer_version_with_78(folder: Path) -> None:
    change(folder / "gateway.db", NEWER)
    with (folder / "gateway.toml").open("a") as file:
        file.write('[listen]\nhost = "127.0.0.1"\nport = 0\n')
    result = run(folder, "serve")
    assert (78, True) == (result.exit_code, "newer gateway" in result.output)


@pytest.mark.parametrize("command", [["verify"], ["backup"]])
def test_without_a_database_the_exit_code_is_75(folder: Path, command: list[str]) -> None:
    (folder / "gateway.db").unlink()
    assert 75 == run(folder, *command).exit_code


def test_a_backup_is_restored(folder: Path) -> None:
    made = run(folder, "backup", "--json")
    assert 0 == made.exit_code, made.output
    facts = json.loads(made.output)
    assert facts["sound"] is True
    change(folder / "gateway.db", "DELETE FROM tokens")
    result = run(folder, "restore", facts["backup"])
    assert 0 == result.exit_code, result.output
    assert "replaced database is at" in result.output
    connection = sqlite3.connect(folder / "gateway.db")
    assert connection.execute("SELECT count(*) FROM tokens").fetchone()[0] > 0
    connection.close()


def test_backups_go_where_they_are_wanted_and_old_ones_go(folder: Path) -> None:
    kept = folder / "elsewhere"
    kept.mkdir()
    for day in ("20260101", "20260102"):
        (kept / f"gateway-{day}T000000Z.db").touch()
    result = run(folder, "backup", "--to", str(kept))
    assert 0 == result.exit_code, result.output
    assert (1, 2) == (len(list(kept.iterdir())), result.output.count("removed"))


def test_a_restore_beside_a_running_gateway_is_refused(folder: Path) -> None:
    made = json.loads(run(folder, "backup", "--json").output)["backup"]
    store = SqliteStore(folder / "gateway.db", DOMAIN)
    store.open()
    result = run(folder, "restore", made)
    store.close()
    assert (75, True) == (result.exit_code, "stop it first" in result.output)


def test_a_backup_that_is_none_is_named(folder: Path) -> None:
    result = run(folder, "restore", str(folder / "nothing.db"))
    assert (1, True) == (result.exit_code, "nothing.db: the file does not exist" in result.output)
