"""Hooks of `mkdocs build`: what Python-Markdown and a browser need, and other readers of the pages do not."""

from __future__ import annotations

import re
from typing import Any

# `tests/box` runs blocks by marks behind the language of their fence, which Python-Markdown does not take.
_MARKS = re.compile(r"(?m)^(\s*```[a-z]+) +\S+=.*$")
_BLOCKS = re.compile(r"(?ms)^(\s*(?P<fence>`{3,}).*?^\s*(?P=fence) *$)")
_WIDE = r"[\u3000-\u30ff\u3400-\u9fff\uff01-\uff60]"
# Browsers print the end of a line as a space. Japanese has none between words. A heading is its own line.
_BROKEN = re.compile(rf"(?m)^(?! *#)(?P<line>.*{_WIDE})\n *(?={_WIDE})")


def on_page_markdown(markdown: str, **_: object) -> str:
    """Return the text of a page with plain fences, and Japanese sentences without the ends of their lines."""
    # With two groups, every third part is text, the next one a block, and then its fence.
    parts = _BLOCKS.split(_MARKS.sub(r"\1", markdown))
    return "".join(
        part if place % 3 else join_japanese(part) for place, part in enumerate(parts) if place % 3 < 2
    )


def join_japanese(text: str) -> str:
    """Join lines that were broken between two Japanese characters."""
    while (joined := _BROKEN.sub(r"\g<line>", text)) != text:
        text = joined
    return text


def on_post_page(output: str, *, page: Any, **_: object) -> str:
    """Return a page with the language of its text, for fonts and screen readers."""
    is_japanese = page.file.src_uri.endswith(".ja.md")
    return output.replace("<article ", '<article lang="ja" ', 1) if is_japanese else output
