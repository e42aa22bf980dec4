"""The console's guide names its error pages by their titles, so that an operator finds the remedy."""

import re

from gateway.console.view.errors import TROUBLES
from tests.support.paths import ROOT

ROW = re.compile(r"^\| ([^|`]+?) \| [^|]+ \| [^|]+ \|$", re.MULTILINE)


def _read_titles(text: str) -> list[str]:
    table = text.partition("## Error pages\n")[2].partition("\n## ")[0]
    return [title for title in ROW.findall(table) if title not in {"page", "---"}]


def test_each_row_is_the_title_of_an_error_page() -> None:
    titles = _read_titles((ROOT / "docs" / "guide" / "console.md").read_text(encoding="utf-8"))
    known = {str(words[0].en) for words in TROUBLES.values()}
    assert titles
    assert not set(titles) - known
