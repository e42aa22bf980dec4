"""Output of commands: JSON, tables that align Japanese, times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import click

from gateway.printing import terminal

Row = Mapping[str, Any]
# What stands below a heading: the value of a key, or what is made of the whole row.
Cell = str | Callable[[Row], object]


def echo(text: str = "", *, err: bool = False, nl: bool = True) -> None:
    """Print a text that may hold what others wrote: without characters that a terminal would obey."""
    click.echo(terminal.clean(text), err=err, nl=nl)


def print_json(value: object) -> None:
    """JSON with Japanese left readable."""
    click.echo(terminal.to_json(value, indent=2))


def print_line(value: object) -> None:
    """One object on one line, Japanese left readable."""
    click.echo(terminal.to_json(value))


def print_rows(
    rows: Sequence[Row],
    columns: Mapping[str, Cell],
    as_json: bool = False,
    *,
    title: str = "",
    empty: str = "",
) -> None:
    """A list: as JSON whole, else its `columns` (by heading) as a table, or `empty` when it holds nothing."""
    if as_json:
        print_json(rows)
    elif empty and not rows:
        echo(empty)
    else:
        print_table(
            title, tuple(columns), ([_read_cell(row, cell) for cell in columns.values()] for row in rows)
        )


def print_stream(rows: Iterable[Row], columns: Mapping[str, Cell], as_json: bool) -> None:
    """Rows that come one by one: as JSON each on its line as soon as it is there, else a table of all."""
    if not as_json:
        print_rows(tuple(rows), columns)
        return
    for row in rows:
        print_line(row)


def _read_cell(row: Row, cell: Cell) -> object:
    return row[cell] if isinstance(cell, str) else cell(row)


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table that aligns Japanese. rich obeys NO_COLOR but lets control characters through: they go here."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else terminal.clean(str(cell))) for cell in row))
    console = Console()
    # A pipe has no width of its own: give the table the room it wants rather than fold at 80.
    if not console.is_terminal:
        console = Console(width=200)
    console.print(table)


def format_short_time(text: str | None) -> str:
    """A stored time in Japan, to the minute."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    if not text:
        return ""
    return datetime.fromisoformat(text).astimezone(ZoneInfo("Asia/Tokyo")).strftime("%Y-%m-%d %H:%M")


# Letters are listed by `gateway outbox` and with their case.
LETTER_COLUMNS: Mapping[str, Cell] = {
    "letter": "letter",
    "to": "recipient",
    "state": "state",
    "tries": "attempts",
    "leaves or left": lambda letter: format_short_time(letter["sent_at"] or letter["not_before"]),
    "last answer": lambda letter: letter["last_reply"][:60],
}
