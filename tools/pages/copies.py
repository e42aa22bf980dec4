"""Top-level pages as pages of the site: the same text, with links relative to the new place."""

from __future__ import annotations

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Where a top-level page is on the site; any other file outside docs/ is not on the site.
PLACES = {
    "CHANGELOG.md": "docs/changelog.md",
    "CONTRIBUTING.md": "docs/contributing/index.md",
    "README.md": "docs/index.md",
}
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s:#]+)(#[^)\s]*)?\)")


def copy_page(page: Path, folder: Path) -> str:
    """Return the text of a page below its title, for a page in `folder`."""
    body = page.read_text(encoding="utf-8").split("\n", 1)[1]
    return _LINK.sub(lambda found: _relocate(found, folder), body)


def _relocate(found: re.Match[str], folder: Path) -> str:
    """Relocate a link; return only its text if the target is not on the site."""
    words, target, heading = found[1], PLACES.get(found[2], found[2]), found[3] or ""
    if not target.startswith("docs/"):
        return f"`{target}`"
    return f"[{words}]({os.path.relpath(ROOT / target, folder)}{heading})"
