"""`gateway restore --rehearse`: a backup is tried as a whole restore would, and nothing is touched."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.cli import main
from tests.store.filled import settings_folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    (tmp_path / "desk").mkdir()
    return settings_folder(tmp_path / "desk")


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--config", str(folder)])


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """All files with their times and octets; SQLite makes and removes -shm when somebody reads."""
    return {
        str(place): (place.stat().st_mtime_ns, place.read_bytes())
        for place in sorted(folder.rglob("*"))
        if place.is_file() and not place.name.endswith(("-shm", "-wal"))
    }


def test_the_newest_backup_is_tried_beside_a_gateway_and_nothing_changes(folder: Path) -> None:
    made = json.loads(run(folder, "backup", "--json").output)["backup"]
    before = state(folder)
    result = run(folder, "restore", "--rehearse")
    assert 0 == result.exit_code, result.output
    assert "can be restored" in result.output
    assert made in result.output.replace("\n", "")
    assert before == state(folder)
    assert not any((folder.parent / "tmp").iterdir())


def test_a_damaged_backup_is_found_and_nothing_stays_behind(folder: Path) -> None:
    made = Path(json.loads(run(folder, "backup", "--json").output)["backup"])
    octets = bytearray(made.read_bytes())
    octets[4096 * 2 : 4096 * 12] = bytes(4096 * 10)
    made.write_bytes(octets)
    result = run(folder, "restore", "--rehearse")
    assert (1, True) == (result.exit_code, "damaged" in result.output), result.output
    assert not any((folder.parent / "tmp").iterdir())


def test_a_backup_with_a_fault_of_ours_ends_with_1_and_names_it(folder: Path) -> None:
    made = Path(json.loads(run(folder, "backup", "--json").output)["backup"])
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("UPDATE cases SET state = 'lost' WHERE id = 1")
        connection.commit()
    result = run(folder, "restore", "--rehearse", "--json")
    assert 1 == result.exit_code
    assert json.loads(result.output)["sound"] is False


def test_without_a_backup_it_says_so(folder: Path) -> None:
    result = run(folder, "restore", "--rehearse")
    assert (1, True) == (result.exit_code, "run gateway backup" in result.output)


@pytest.mark.parametrize("other", [["--release"], ["--replay-applications", "mails"]])
def test_it_goes_with_nothing_that_changes(folder: Path, other: list[str]) -> None:
    assert 2 == run(folder, "restore", "--rehearse", *other).exit_code
