"""CSV for spreadsheets: a byte order mark, CRLF, and no cell that is evaluated as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from starlette.responses import StreamingResponse

from gateway.printing import forms
from gateway.printing.bilingual import Language, Text
from gateway.printing.fields import Field, show_field
from gateway.printing.outside import Outside

BOM = "\ufeff"
# The beginnings of a formula for spreadsheets, including full-width ones.
_BEGINS = tuple("=+-@\t\r＝＋－＠")
Cell = Field | Text


def write_rows(rows: Iterable[Iterable[Cell]], language: Language) -> bytes:
    """Return lines of CSV; outside text is on one line, without control characters."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(
        [[print_cell(cell, language) for cell in row] for row in rows]
    )
    return text.getvalue().encode()


def print_cell(cell: Cell, language: Language) -> str:
    """Return a cell as text; one that could be a formula begins with an apostrophe."""
    if isinstance(cell, Outside):
        text = forms.remove_signs(forms.inline(cell))
        return f"'{text}" if text.startswith(_BEGINS) else text
    return show_field(cell.choose(language) if isinstance(cell, Text) else cell)


def send(name: str, parts: Iterator[bytes]) -> StreamingResponse:
    """Send a file to the browser in parts."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}

    def begin() -> Iterator[bytes]:
        yield BOM.encode()
        yield from parts

    return StreamingResponse(begin(), media_type="text/csv; charset=utf-8", headers=headers)
