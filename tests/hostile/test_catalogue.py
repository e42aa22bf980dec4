"""The lists of hostile cases name tests that exist, and leave no case out.

`sessions.tsv` is about the listener, `messages.tsv` about mails: id, outcome, test; a line for each test.
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
T01 T02 T04 T05 T06 T07 T08 T09 R05 R06 R08 R09 R10 R12 R13
D01 D02 D03 D05 D07 D08 D09 D10 D11 D12 D16 D17 X01 X02 X03 X05 X07
"""
MESSAGES = """
F01 F04 F05 F09 F12 F13 F18 F20 F21 F23 F26 F27 F28 F29 F30 F31 F34 F35 F38 F39 F40 A03 A04 A06
A07 A08 A10 A13 A15 A16 A18 A20 A21 A22 A24 A28 A29 A30 A31 M02 M04 M05 M06 M07 M08 M09 M10 M12
M13 M14 M16 M17 M18 M19 M20 M21 M25 M26 M28 M30 M31 M33 M35 M36 U02 U03 U05 U06 U08 U10 U13 O01
O08 O09 O11 O13 O14 L05 L06 L09 L10 L11 L12 L13 L14 L15 L16 L17 L18 L19 L20 L21 L22 P02 P03 P06
P09 P10 P11 P12 P14 P15 P18 P19 P20 P21 P22 P24 P27 P28 P29 P31 P32
"""
OWED = {"sessions.tsv": SESSIONS, "messages.tsv": MESSAGES}


def rows(name: str) -> list[list[str]]:
    """The lines of a list, without its heading."""
    heading, *lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    assert "id\toutcome\ttest" == heading
    return [line.split("\t") for line in lines]


@cache
def collected() -> frozenset[str]:
    """Every test of the files that the lists name, with and without its parameters."""
    files = sorted({test.partition("::")[0] for name in OWED for _, _, test in rows(name)})
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-q",
        "-n",
        "0",
        "--disable-warnings",
        *files,
    ]
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


def test_the_page_about_security_holds_the_table_of_today() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "security", "--check"], check=False, capture_output=True
    )
    assert (0, b"") == (done.returncode, done.stderr)
