"""One style of signs in all letters: full-width brackets and colons beside Japanese text."""

from __future__ import annotations

import re

import pytest
from jinja2.nodes import Const, TemplateData

from gateway.admission.terms import wording
from gateway.app.wiring.files.resources import resource_dir
from gateway.printing.sentences import catalogue
from gateway.templating.dates import format_japanese_date
from gateway.templating.renderer import build_environment

FOLDER = resource_dir("templates")
ENVIRONMENT = build_environment([FOLDER])
# What the code says in letters of its own accord, and the words that stand in a table.
SAID = [
    *catalogue.TEXTS.values(),
    *(text for _, _, _, text in wording.DECISIONS),
    *(
        wording.PROOF
        | wording.KINDS
        | wording.LETTERS
        | wording.OUTCOMES
        | wording.ANSWERS
        | wording.REFUSALS
    ).values(),
]
NAMES = sorted(path.name for path in FOLDER.glob("*.j2"))
JAPANESE = "\u3000-\u30ff\u3400-\u9fff\uff01-\uff60"
EXPRESSION = re.compile(r"\{\{[^{}]*\}\} ?[(:]|[(:] ?\{\{[^{}]*\}\} ?\)")
HALF_WIDTH = re.compile(f"[{JAPANESE}] ?[(:]|[):][{JAPANESE}]|\\([^)]*[{JAPANESE}]")


def find_half_width(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if HALF_WIDTH.search(line)]


@pytest.mark.parametrize("name", NAMES)
def test_brackets_and_colons_of_japanese_text_are_full_width(name: str) -> None:
    tree = ENVIRONMENT.parse((FOLDER / name).read_text(encoding="utf-8"))
    said = [node.data for node in tree.find_all(TemplateData)]
    said += [node.value for node in tree.find_all(Const) if isinstance(node.value, str)]
    assert [] == [found for text in said for found in find_half_width(text)]


@pytest.mark.parametrize("name", NAMES)
def test_brackets_and_colons_around_a_value_are_full_width(name: str) -> None:
    """A value stands beside Japanese words; left out is the block in English, and what is no text."""
    text = (FOLDER / name).read_text(encoding="utf-8").partition("{% block english %}")[0]
    lines = [line for line in text.splitlines() if "style=" not in line and "[English]" not in line]
    assert [] == [line.strip() for line in lines if EXPRESSION.search(line)]


def test_a_day_has_them_too() -> None:
    assert "2026年12月2日（水）" == format_japanese_date("2026-12-02")


@pytest.mark.parametrize("text", ["受付番号: 1", "団体(自治体)", "はい (yes)", "(再送)"])
def test_half_width_signs_are_found(text: str) -> None:
    assert [text] == find_half_width(text)


def test_what_the_code_says_in_a_letter_has_them_too() -> None:
    assert [] == [found for text in SAID for found in find_half_width(text)]


PAGES = sorted(path.name for path in FOLDER.glob("*.html.j2") if not path.name.startswith("_"))


@pytest.mark.parametrize("name", PAGES)
def test_every_page_breaks_lines_alike(name: str) -> None:
    """A long address breaks before the page overflows, a Japanese word where the browser knows phrases."""
    (body,) = re.findall(r"<body [^>]*>", (FOLDER / name).read_text(encoding="utf-8"))
    assert "overflow-wrap: anywhere; word-break: auto-phrase;" in body
    assert {body} == {
        re.findall(r"<body [^>]*>", (FOLDER / page).read_text(encoding="utf-8"))[0] for page in PAGES
    }
