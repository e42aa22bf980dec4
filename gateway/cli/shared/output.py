"""Output of commands: JSON, tables that align Japanese text, times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import click

from gateway.printing import terminal

Row = Mapping[str, Any]
# The cell below a heading: the value of a key, or a function of the whole row.
Cell = str | Callable[[Row], object]
# Where `--wide` is stored for print_table, and the maximum table width in a pipe before text is wrapped.
WIDE = "gateway.wide"
PIPE_COLUMNS = 200


def echo(text: str = "", *, err: bool = False, nl: bool = True) -> None:
    """Print text that may come from outside, without terminal control characters."""
    click.echo(terminal.clean(text), err=err, nl=nl)


def print_json(value: object) -> None:
    """Print JSON, with Japanese text readable."""
    click.echo(terminal.to_json(value, indent=2))


def print_result(facts: object, sentence: str, as_json: bool) -> None:
    """Print the result of a command: its facts as JSON, or one sentence."""
    if as_json:
        print_json(facts)
    else:
        echo(sentence)


def print_line(value: object) -> None:
    """Print one object on one line, with Japanese text readable."""
    click.echo(terminal.to_json(value))


def print_rows(
    rows: Sequence[Row],
    columns: Mapping[str, Cell],
    as_json: bool = False,
    *,
    title: str = "",
    empty: str = "",
) -> None:
    """Print a list as JSON, as a table of `columns` (by heading), or `empty` if it has no rows."""
    if as_json:
        print_json(rows)
    elif empty and not rows:
        echo(empty)
    else:
        print_table(
            title, tuple(columns), ([_read_cell(row, cell) for cell in columns.values()] for row in rows)
        )


def print_stream(rows: Iterable[Row], columns: Mapping[str, Cell], as_json: bool) -> None:
    """Print rows as they arrive as JSON, one per line, or all of them as a table."""
    if not as_json:
        print_rows(tuple(rows), columns)
        return
    for row in rows:
        print_line(row)


def _read_cell(row: Row, cell: Cell) -> object:
    return row[cell] if isinstance(cell, str) else cell(row)


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table that aligns Japanese and breaks no date or address; name the columns that do not fit.

    Pass columns in order of importance. `--wide` shows all of them, and so does a pipe. rich supports
    NO_COLOR but does not remove control characters: they are removed here.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from gateway.cli.shared import table_layout

    console = Console()
    cells = [[*map(_format_cell, row)] for row in rows]
    layout = table_layout.lay_out(
        [[column, *(row[place] for row in cells)] for place, column in enumerate(columns)],
        console.width if console.is_terminal else PIPE_COLUMNS,
        wide=is_wide() or not console.is_terminal,
    )
    table = Table(title=title or None, title_justify="left", header_style="bold")
    for place, width in zip(layout.shown, layout.widths, strict=True):
        table.add_column(table_layout.break_lines(columns[place], width), width=width, no_wrap=True)
    for row in cells:
        pairs = zip(layout.shown, layout.widths, strict=True)
        table.add_row(*(Text(table_layout.break_lines(row[place], width)) for place, width in pairs))
    console.width = max(console.width, layout.total)
    console.print(table)
    left_out = [column for place, column in enumerate(columns) if place not in layout.shown]
    if left_out:
        echo(
            f"Columns left out because the terminal is too narrow: {', '.join(left_out)}. --wide shows all "
            "columns."
        )


def _format_cell(value: object) -> str:
    return "" if value is None else terminal.show(value).replace("\t", " ")


def is_wide() -> bool:
    """Return whether the current command was given `--wide` (options.wide_option)."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(WIDE))


def format_short_time(text: str | None) -> str:
    """Format a stored time in Japan time, to the minute."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    if not text:
        return ""
    return datetime.fromisoformat(text).astimezone(ZoneInfo("Asia/Tokyo")).strftime("%Y-%m-%d %H:%M")


# Columns of letters in `gateway outbox` and in their case.
LETTER_COLUMNS: Mapping[str, Cell] = {
    "letter": "letter",
    "state": "state",
    "to": "recipient",
    "sent or due": lambda letter: format_short_time(letter["sent_at"] or letter["not_before"]),
    "attempts": "attempts",
    "last reply": lambda letter: letter["last_reply"][:60],
}
