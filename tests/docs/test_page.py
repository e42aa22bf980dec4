"""docs/page.md: each line of the desk's public page is in a letter or a setting, and the letters say it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from gateway import settings
from gateway.demo.fixtures import settings_text
from gateway.preview.rendered import render_samples
from gateway.settings.model import Desk
from tests.support.paths import ROOT

PAGE = (ROOT / "tests" / "data" / "page.txt").read_text(encoding="utf-8")


class Row(NamedTuple):
    """A line of the table."""

    line: str
    letters: tuple[str, ...]
    setting: str
    words: str


def read_rows() -> list[Row]:
    lines = (ROOT / "docs" / "page.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [
        Row(line, tuple(filter(None, letters.split(", "))), setting.strip("`"), words)
        for line, letters, setting, words in cells[1:]
    ]


ROWS = read_rows()


@pytest.fixture(scope="module")
def said() -> dict[str, list[str]]:
    """The texts of each letter, without line ends."""
    config = settings.parse(settings_text(Path("demo"), 25, 53).encode(), "demo")
    found: dict[str, list[str]] = {}
    for one in render_samples(config, None):
        text = "".join(line.strip() for line in one.rendered.text.splitlines())
        found.setdefault(one.outgoing.letter.value, []).append(text)
    return found


@pytest.mark.parametrize("row", ROWS, ids=[row.line[:40] for row in ROWS])
def test_a_line_of_the_page_is_said_by_the_letters_that_the_table_names(
    row: Row, said: dict[str, list[str]]
) -> None:
    assert row.line in PAGE
    for letter in row.letters if row.words else ():
        assert any(row.words in text for text in said[letter]), letter
    if row.setting:
        assert row.setting.partition(".")[2] in {field.name for field in msgspec.structs.fields(Desk)}


def test_every_sentence_of_the_page_has_a_row() -> None:
    """A sentence that asks something of a reader is found by one of the rows, or is one of the known rest."""
    asked = [line for line in PAGE.splitlines() if line.startswith(("- ", "*"))]
    unsaid = [line for line in asked if not any(row.line in line for row in ROWS)]
    assert [] == [line for line in unsaid if not line.startswith(REST)]


# Dates of other notices, definitions of the classes, headings of parts and titles of files.
REST = (
    "- Last Updated",
    "- Updated March 17, 2025",
    "- February 4, 2025",
    "- December 13, 2024",
    "- It is also described",
    "- Please note the following",
    "*Classification of",
    "- Enrollment Manual",
    "- Slack basics",
)
