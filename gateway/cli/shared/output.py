"""Output of commands: JSON, tables that align Japanese, times."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import click


def print_json(value: object) -> None:
    """JSON with Japanese left readable."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table that aligns Japanese; control characters were taken out before anything was stored."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
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
