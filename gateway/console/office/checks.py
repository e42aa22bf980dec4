"""The last results of the gateway's own checks of certificate, DNS and network, for operators.

Only the gateway can read them. If it does not answer, the page of which they are a part says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.console.asgi.visit import Visit
from gateway.console.site import UnavailableError
from gateway.console.view import words
from gateway.printing.bilingual import EMPTY, Text, both
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside

LAST_CHECKS = "console.last_checks"
STALE = timedelta(hours=13)  # they run every six hours
GOOD = "ok"
LEVELS: Mapping[str, Text] = {
    "error": both("× 対応が必要", "× must be fixed"),
    "warning": both("△ 確認が必要", "△ needs attention"),
    "unknown": both("？ 点検できませんでした", "? could not be checked"),
    GOOD: both("○ 問題なし", "○ OK"),
}
_AWAY = both(
    "受付サービスが答えないため、点検の結果を読めません。",
    "The gateway does not answer, so the results cannot be read.",
)
_NONE = both(
    "点検の結果は、まだありません。受付サービスは、起動の1分後に最初の点検をします。",
    "No results yet. The gateway first checks one minute after it was started.",
)
_OLD = both(
    "6時間ごとのはずの点検が、止まっています。サーバーの記録を見てください。",
    "The checks run every six hours, but have stopped: see the gateway's log.",
)


def tell_checks(visit: Visit) -> dict[str, object] | None:
    """Return what the page says about the last checks; None for members who are not operators."""
    if not visit.is_operator:
        return None
    try:
        given = visit.site.ask(LAST_CHECKS, {"session": visit.secret})
    except UnavailableError:
        given = None
    if not isinstance(given, dict):
        return _tell(_AWAY)
    if not given:
        return _tell(_NONE)
    at = datetime.fromisoformat(given["at"]).astimezone(UTC)
    said = _OLD if visit.now - at > STALE else EMPTY
    return {**_tell(said, given["findings"]), "at": words.show_moment(at)}


def _tell(said: Text, findings: list[Mapping[str, Any]] | None = None) -> dict[str, object]:
    """Return the findings, the worst first, and the number of problems."""
    order = list(LEVELS)
    rows = [
        {**each, "level": each["level"] if each["level"] in LEVELS else "unknown"} for each in findings or ()
    ]
    rows.sort(key=lambda row: order.index(row["level"]))
    return {
        "said": said,
        "at": None,
        "rows": [_tell_one(row) for row in rows],
        "bad_words": _count_bad(sum(row["level"] != GOOD for row in rows)),
    }


def _count_bad(bad: int) -> Text:
    if not bad:
        return both("すべて問題ありません。", "No problems found.")
    return Text(Ours(f"問題なしでないもの: {bad}件"), Ours(f"Problems: {bad}"))


def _tell_one(row: Mapping[str, Any]) -> dict[str, object]:
    return {
        "check": Outside(str(row["check"])),
        "level": LEVELS[row["level"]],
        "is_good": row["level"] == GOOD,
        "text": Outside(str(row["text"])),
        "to_do": Outside(str(row["to_do"])),
    }
