"""A case as a row of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.admission.case.model import Case, Level, State, find_attention
from gateway.console.view import words
from gateway.printing.bilingual import Text, both
from gateway.printing.fields import Ours
from gateway.store.rows import from_text


def tell_case(row: Mapping[str, Any]) -> dict[str, object]:
    """Return what every list shows of a case: number, link, state, and opening time."""
    return {
        "number": Ours(row["number"]),
        "href": Ours(f"/cases/{row['number']}"),
        "state": words.STATES[State(row["state"])],
        "at": from_text(row["opened_at"]),
    }


def tell_verdict(case: Case) -> Text:
    """Return a summary of the automatic checks."""
    found = find_attention(case)
    if found.level is Level.CLEAR:
        return both("○ 問題なし", "○ no warnings")
    if found.level is Level.UNLISTED:
        return both("－ 登録簿にない団体", "－ not in the register")
    points = len(found.points)
    return Text(Ours(f"△ 注意{points}点"), Ours(f"△ {words.count(points, 'warning')}"))
