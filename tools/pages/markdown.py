"""Pieces of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def format_cell(text: str) -> str:
    """A text as a table takes it: in one line, and no bar that ends the cell."""
    return " ".join(text.split()).replace("|", "\\|")


def format_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, its cells made safe."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(format_cell, line))} |\n" for line in lines)


def format_block(text: str, language: str = "") -> str:
    """A block of code; its fence is longer than any inside."""
    fence = "````" if "```" in text else "```"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}\n"
