"""Markdown helpers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def format_cell(text: str) -> str:
    """Format a text for a table cell: on one line, with bars escaped."""
    return " ".join(text.split()).replace("|", "\\|")


def format_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Format a table; its cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(format_cell, line))} |\n" for line in lines)


def format_block(text: str, language: str = "") -> str:
    """Format a code block; its fence is longer than any inside."""
    fence = "````" if "```" in text else "```"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}\n"
