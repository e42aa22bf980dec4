"""The lists of hostile cases name tests that exist, and leave no case out.

`sessions.tsv` is about the listener: id, outcome, test; one line for each test.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# The ids of the catalogue of hostile input, by the list that answers for them; a list may hold more.
SESSIONS = """
S01 S02 S03 S04 S05 S06 S07 S08 S10 S12 S13 S14 S15 S16 S17 S18 S19 S20 S22 S23
C02 C03 C04 C06 C08 C09 C10 C13 C14 C15 E02 E03 E06 E08 E10 E11 E13 E14 E16
T01 T02 T04 T05 T06 T07 T08 T09 R05 R06 R08 R09 R10 R12 R13 D05 D07 D17 X01 X02 X03 X05 X07
"""
OWED = {"sessions.tsv": SESSIONS}


def rows(name: str) -> list[list[str]]:
    """The lines of a list, without its heading."""
    heading, *lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    assert "id\toutcome\ttest" == heading
    return [line.split("\t") for line in lines]


@cache
def collected() -> frozenset[str]:
    """Every test of the files that the lists name, with and without its parameters."""
    files = sorted({test.partition("::")[0] for name in OWED for _, _, test in rows(name)})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--disable-warnings", *files]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    nodes = [line for line in found if "::" in line]
    return frozenset(nodes) | {node.partition("[")[0] for node in nodes}


@pytest.mark.parametrize("name", OWED)
def test_every_case_is_answered_for(name: str) -> None:
    assert set(OWED[name].split()) <= {row[0] for row in rows(name)}


@pytest.mark.parametrize("name", OWED)
def test_every_line_is_whole_and_stands_once(name: str) -> None:
    lines = rows(name)
    assert [] == [line for line in lines if len(line) != 3 or not all(line)]
    assert len(lines) == len({(line[0], line[2]) for line in lines})


@pytest.mark.parametrize("name", OWED)
def test_every_named_test_exists(name: str) -> None:
    assert [] == sorted({row[2] for row in rows(name)} - collected())


def test_every_dialog_is_in_the_list() -> None:
    named = {row[2].rpartition("[")[2].rstrip("]") for row in rows("sessions.tsv")}
    assert [] == sorted({path.stem for path in (ROOT / "tests" / "dialogs").glob("*.smtp")} - named)
