"""docs/faults.md names a test for every fault, `path`<!-- name -->, and each of them exists."""

import re

import pytest

from tests.support.paths import ROOT

TEXT = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and "---" not in line]
FAULTS = [line for line in ROWS if not line.startswith("| fault |")]


def test_there_are_faults() -> None:
    assert len(FAULTS) > 15


@pytest.mark.parametrize("row", FAULTS, ids=[row.split("|")[1].strip() for row in FAULTS])
def test_the_test_of_a_fault_exists(row: str) -> None:
    named = [
        (path, name)
        for path, names in re.findall(r"`(tests/[\w/]+\.py)`((?:<!-- test_\w+ -->)+)", row)
        for name in re.findall(r"test_\w+", names)
    ]
    assert named
    for path, name in named:
        assert re.search(rf"^(async )?def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
