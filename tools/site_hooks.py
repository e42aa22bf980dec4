"""Hooks of `mkdocs build`: what pages carry for other readers is taken away before they are rendered."""

from __future__ import annotations

import re

# `tests/box` runs blocks by marks behind the language of their fence, which Python-Markdown does not take.
_MARKS = re.compile(r"(?m)^(\s*```[a-z]+) +\S+=.*$")


def on_page_markdown(markdown: str, **_: object) -> str:
    """Return the text of a page with the language of a block alone behind its fence."""
    return _MARKS.sub(r"\1", markdown)
