"""What has to agree on all machines of a desk changes its hash, and what belongs to one machine does not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gateway import settings
from gateway.app.wiring.files.shared_files import hash_shared
from gateway.demo.fixtures import settings_text

KEYS = '[delivery]\ndkim_selector = "one"\ndkim_key = "{key}"\n'


def lay_out(folder: Path) -> None:
    (folder / "templates").mkdir(parents=True)
    (folder / "dkim.key").write_text("a key")
    (folder / "dkim.key").chmod(0o600)
    (folder / "organisations.tsv").write_text("a register")
    (folder / "templates" / "digest.txt.j2").write_text("a template")


def hashes(folder: Path, old: str = "", new: str = "", port: int = 25) -> dict[str, str]:
    text = settings_text(Path("/shared"), port, 53).replace(
        "[delivery]\n", KEYS.format(key=folder / "dkim.key")
    )
    config = settings.parse(text.replace(old, new, 1).encode(), "gateway.toml", serving=False)
    return dict(word.split("=") for word in hash_shared(config, folder).split())


def test_each_part_is_seen_by_itself(tmp_path: Path) -> None:
    lay_out(tmp_path)
    before = hashes(tmp_path)
    assert ["settings", "keys", "files"] == list(before)
    assert {"settings"} == differing(before, hashes(tmp_path, "undo_minutes = 0", "undo_minutes = 7"))
    (tmp_path / "dkim.key").write_text("another")
    assert {"keys"} == differing(before, hashes(tmp_path))


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "templates" / "digest.txt.j2").write_text("another"),
        lambda folder: (folder / "templates" / "digest.txt.j2").rename(folder / "templates" / "n.txt.j2"),
        lambda folder: (folder / "templates" / "new.txt.j2").write_text(""),
        lambda folder: (folder / "organisations.tsv").unlink(),
        lambda folder: (folder / "eligibility.toml").write_text(""),
    ],
)
def test_any_file_of_the_operator_counts(tmp_path: Path, change: Callable[[Path], object]) -> None:
    lay_out(tmp_path)
    before = hashes(tmp_path)
    change(tmp_path)
    assert {"files"} == differing(before, hashes(tmp_path))


def test_what_belongs_to_the_machine_does_not_count(tmp_path: Path) -> None:
    lay_out(tmp_path)
    path = 'path = "/shared/gateway.db"'
    assert hashes(tmp_path) == hashes(tmp_path, path, 'path = "/elsewhere/gateway.db"', port=2525)


def test_of_a_key_that_cannot_be_read_nothing_is_said(tmp_path: Path) -> None:
    lay_out(tmp_path)
    (tmp_path / "dkim.key").unlink()
    assert {"settings", "files"} == set(hashes(tmp_path))


def differing(one: dict[str, str], other: dict[str, str]) -> set[str]:
    return {part for part in one if one[part] != other[part]}
