"""The generated regions of the pages, and the function that makes each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from tools.pages import (
    cases,
    commands,
    console_figures,
    copies,
    figures,
    observability,
    replies,
    rfcs,
    settings,
)

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
# A region is not indented; its marks are comments, which Markdown does not show.
REGION = re.compile(r"(?ms)^<!-- generated: ([a-z-]+) -->\n(.*?)^<!-- /generated -->$")
MAKERS: Mapping[str, Callable[[], str]] = {
    "changelog": partial(copies.copy_page, ROOT / "CHANGELOG.md", DOCS),
    "commands": commands.list_commands,
    "console-figures": console_figures.show_console,
    "contributing": partial(copies.copy_page, ROOT / "CONTRIBUTING.md", DOCS / "contributing"),
    "durability": figures.show_durability,
    "durability-nodes": figures.show_nodes,
    "durability-away": figures.show_away,
    "events": observability.list_events,
    "letters": cases.show_letters,
    "metrics": observability.list_metrics,
    "rfcs": rfcs.list_rfcs,
    "scale": figures.show_scale,
    "settings": settings.list_settings,
    "smtp-replies": replies.list_replies,
    "states": cases.draw_states,
    "transitions": cases.list_transitions,
}


class UnknownRegionError(Exception):
    """A mark that names no known region, or a region that no page has."""


def fill_page(text: str, name: str) -> str:
    """Return a page with its regions filled in. Raises UnknownRegionError."""

    def fill(found: re.Match[str]) -> str:
        if found[1] not in MAKERS:
            raise UnknownRegionError(f"{name}: no part is called {found[1]}")
        return f"<!-- generated: {found[1]} -->\n{MAKERS[found[1]]().strip()}\n<!-- /generated -->"

    return REGION.sub(fill, text)


def find_stale() -> dict[Path, str]:
    """Return the pages that are out of date, with their correct text. Raises UnknownRegionError."""
    pages = {page: page.read_text(encoding="utf-8") for page in sorted(DOCS.rglob("*.md"))}
    marked = {name for text in pages.values() for name, _ in REGION.findall(text)}
    if missing := MAKERS.keys() - marked:
        raise UnknownRegionError(f"no page has the parts {sorted(missing)}")
    wanted = {page: fill_page(text, page.name) for page, text in pages.items()}
    return {page: text for page, text in wanted.items() if text != pages[page]}
