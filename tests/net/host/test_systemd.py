"""What the unit of the service says of its memory, as systemd.unit(5) puts it together."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.net.host import systemd
from tests.support.paths import ROOT


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, ...]:
    made = tuple(tmp_path / name for name in ("etc", "run", "usr"))
    for each in made:
        (each / "gateway.service.d").mkdir(parents=True)
    return made


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("MemoryMax=512M", 536_870_912),
        ("MemoryMax = 1G", 1_073_741_824),
        ("MemoryMax=1000", 1000),
        ("MemoryMax=infinity", None),
        ("MemoryMax=50%", None),
        ("MemoryMax=", None),
        ("#MemoryMax=1G", None),
        ("MemoryMax=1G\nMemoryMax=2G", 2_147_483_648),
    ],
)
def test_memory_max_is_read_in_octets(folders: tuple[Path, ...], text: str, octets: int | None) -> None:
    (folders[0] / "gateway.service").write_text(f"[Service]\n{text}\n", encoding="utf-8")
    assert octets == systemd.unit_memory_max(folders)


def test_drop_ins_count_by_name_behind_the_first_unit(folders: tuple[Path, ...]) -> None:
    (folders[0] / "gateway.service").write_text("MemoryMax=1M", encoding="utf-8")
    (folders[2] / "gateway.service").write_text("MemoryMax=2M", encoding="utf-8")
    assert 1024**2 == systemd.unit_memory_max(folders)
    (folders[2] / "gateway.service.d" / "10-a.conf").write_text("MemoryMax=3M", encoding="utf-8")
    (folders[1] / "gateway.service.d" / "05-b.conf").write_text("MemoryMax=4M", encoding="utf-8")
    assert 3 * 1024**2 == systemd.unit_memory_max(folders)
    (folders[0] / "gateway.service.d" / "10-a.conf").write_text("MemoryMax=5M", encoding="utf-8")
    assert 5 * 1024**2 == systemd.unit_memory_max(folders), "the same name nearer to the operator"


def test_without_a_unit_nothing_is_known(tmp_path: Path) -> None:
    assert systemd.unit_memory_max((tmp_path,)) is None


def test_the_shipped_unit_says_it() -> None:
    unit = (ROOT / "systemd" / "gateway.service").parent
    assert 768 * 1024**2 == systemd.unit_memory_max((unit,))
