"""One style of signs in the letters to applicants: full-width brackets and colons beside Japanese text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2.nodes import Const, TemplateData

from gateway.admission.case.model import STAFF_LETTERS, Letter
from gateway.app.wiring.resources import resource_dir
from gateway.templating.dates import format_japanese_date
from gateway.templating.renderer import build_environment

FOLDER = resource_dir("templates")
ENVIRONMENT = build_environment([FOLDER])
OURS = [
    *(f"{letter.value}.txt.j2" for letter in Letter if letter not in STAFF_LETTERS),
    *("_applicant.txt.j2", "_echo.txt.j2", "affiliation_check.html.j2"),
]
JAPANESE = "\u3000-\u30ff\u3400-\u9fff\uff01-\uff60"
HALF_WIDTH = re.compile(f"[{JAPANESE}] ?[(:]|[):][{JAPANESE}]|\\([^)]*[{JAPANESE}]")


def find_half_width(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if HALF_WIDTH.search(line)]


@pytest.mark.parametrize("name", OURS)
def test_brackets_and_colons_of_japanese_text_are_full_width(name: str) -> None:
    tree = ENVIRONMENT.parse((FOLDER / name).read_text(encoding="utf-8"))
    said = [node.data for node in tree.find_all(TemplateData)]
    said += [node.value for node in tree.find_all(Const) if isinstance(node.value, str)]
    assert [] == [found for text in said for found in find_half_width(text)]


def test_a_day_has_them_too() -> None:
    assert "2026年12月2日（水）" == format_japanese_date("2026-12-02")


@pytest.mark.parametrize("text", ["受付番号: 1", "団体(自治体)", "はい (yes)", "(再送)"])
def test_half_width_signs_are_found(text: str) -> None:
    assert [text] == find_half_width(text)


def test_every_template_of_applicants_exists() -> None:
    assert [] == [name for name in OURS if not Path(FOLDER / name).is_file()]
