"""The reader's context in tests: two members, one case, and the letters of the labelled rows."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from gateway.admission.replies.context import ReplyContext
from tests.support.paths import DATA

ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for name in ("replies.jsonl", "replies2.jsonl")
    for line in (DATA / name).read_text(encoding="utf-8").splitlines()
]
FIRST_LETTER: str = next(row["body"] for row in ROWS if row["id"] == "R131").replace("> ", "")
SECOND_LETTER = """佐藤 様

参加申請が届きました。ご判断をお願いします。

  受付番号: K7QM-4T
  期限: 2026年12月2日(水)

申請の内容
| 区分: 地方公共団体
| 団体名: 見本市
| 部課名: 総務課
| 氏名: 手書 花子
| 規約への同意: 同意する

このメールに返信し、本文の先頭に、次のどれかを書いてください。
  承認 (approve) … 招待の手続へ進みます
  却下 (decline) … 「却下: 理由」のように書いた理由で、お断りします
  照会 (ask) … 「照会: 質問」のように書いた質問を、申請者に送ります
  保留 (hold) … 「保留 12月1日」のように、書いた日まで止めます
ほかの言葉では、何も変わりません。
"""
TODAY = date(2026, 11, 28)
CONTEXT = ReplyContext(
    member_names=("佐藤 一郎", "佐藤 健", "Ichiro Sato", "見本", "Taro", "Desk staff"),
    other_member_names=("鈴木 花",),
    case_number="K7QM-4T",
    applicant_name="手書 花子",
    organisation="見本市",
    department="総務課",
    today=TODAY,
    letter_lines=tuple(f"{FIRST_LETTER}\n{SECOND_LETTER}".split("\n")),
)


def is_automatic(row: dict[str, Any]) -> bool:
    """What the header of a row says, for these tests: a machine field that is not `no`, or a report."""
    headers = {name.lower(): value.lower() for name, value in row["headers"].items()}
    report = "multipart/report" in headers.get("content-type", "")
    return headers.get("auto-submitted", "no") != "no" or report
