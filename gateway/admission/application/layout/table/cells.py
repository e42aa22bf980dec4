"""Cells of a plain-text row, separated by bars, tabs, wide gaps or commas; multi-line cells are joined."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from gateway.admission.application.items.labels import find_item
from gateway.patterns import compile_later

MAX_CELLS = 40
MAX_ROW = 2_000
MAX_CELL_LINES = 5

Row = list[str]

_OPEN_CELL = compile_later(r'[^"]*\t"[^"\t]*')
_HINT_BELOW = compile_later(r"[ 　]*[(（【][^()（）【】\t]{0,60}[)）】][ 　]*\t")
BARS = compile_later(r"[│┃║|｜]")
_GAPS = compile_later(r"　[ 　]*|[ ]{2,}")
_COMMAS = compile_later(r"[,，、;；]")


def join_cells(lines: Sequence[str]) -> list[str]:
    """Join the lines of each spreadsheet cell; line breaks are in quotation marks (RFC 4180 section 2)."""
    if "\t" not in "".join(lines):
        return list(lines)
    told: list[str] = []
    rest = 0
    for at, line in enumerate(lines):
        if rest:
            rest -= 1
            continue
        if _HINT_BELOW.match(line) and told and "\t" not in told[-1] and find_item(told[-1]) is not None:
            told[-1] += line  # a label and its hint, below each other in one cell
            continue
        cell = _OPEN_CELL.fullmatch(line) if '\t"' in line and len(line) <= MAX_ROW else None
        rest = _count_rest(lines[at + 1 : at + 1 + MAX_CELL_LINES]) if cell is not None else 0
        told.append(" ".join((line, *lines[at + 1 : at + 1 + rest])).replace('"', "") if rest else line)
    return told


def _count_rest(following: Sequence[str]) -> int:
    """Return how many more lines a cell has, the last one ending in a quotation mark; 0 if none closes it."""
    for count, line in enumerate(following, start=1):
        if "\t" in line or len(line) > MAX_ROW:
            return 0
        if '"' in line:
            return count if line.rstrip().endswith('"') and line.count('"') == 1 else 0
    return 0


def split_at_bars(body: str) -> Row:
    """Return the cells between bars; none if the line has no bar."""
    if BARS.search(body) is None:
        return []
    cells = BARS.split(body.strip(), maxsplit=MAX_CELLS)
    if len(cells) > 1 and not cells[0].strip():
        cells = cells[1:]
    return strip_cells(cells[:-1] if len(cells) > 1 and not cells[-1].strip() else cells)


def split_at_tabs(body: str) -> Row:
    """Return the cells between tabs; rows of an HTML table end in one."""
    return strip_cells(body.rstrip("\t").split("\t", maxsplit=MAX_CELLS)) if "\t" in body else []


def split_at_gaps(body: str) -> Row:
    """Return the words between wide gaps, into which a mail program turns tabs."""
    return strip_cells(_GAPS.split(body.strip(), maxsplit=MAX_CELLS))


def split_at_commas(body: str) -> Row:
    """Return the words between commas, each possibly in quotation marks (RFC 4180 section 2)."""
    if '"' in body:
        return strip_cells(next(csv.reader([body[:MAX_ROW]], skipinitialspace=True), []))[:MAX_CELLS]
    return strip_cells(_COMMAS.split(body.strip(), maxsplit=MAX_CELLS))


def strip_cells(cells: Sequence[str]) -> Row:
    """Return the cells without surrounding blanks."""
    return [cell.strip() for cell in cells]
