"""The report in Japanese: one page with charts and tables, and the words that terminal and page share."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.admission.case.model import STATE_WORDS, State
from gateway.html.charts import bar_chart, line_chart
from gateway.html.page import render_page
from gateway.reports.statistics import Report, Times

FUNNEL: Mapping[str, str] = {
    "applied": "申請",
    "complete": "記入がそろった",
    "decided": "判断された",
    "approved": "承認",
    "invited": "招待を送信",
    "joined": "参加",
}
REASONS: Mapping[str, str] = {
    "not_eligible": "参加の対象外",
    "affiliation": "所属を確認できない",
    "duplicate": "重複した申請",
    "mistake": "誤り・試験の送信",
    "incomplete": "記入の不備・無回答",
    "address": "メールアドレス",
    "other": "そのほか",
    "revoked": "承認後の取り消し",
}
CONFIRMATIONS: Mapping[str, str] = {"letter": "団体の方の返事", "telephone": "電話(在籍確認済)"}
KINDS: Mapping[str, str] = {
    "municipality": "市町村",
    "ward": "特別区",
    "prefecture": "都道府県",
    "association": "広域連合・一部事務組合など",
    "national": "政府機関",
    "other": "そのほか・不明",
}


def render_report(report: Report, office: str) -> str:
    """The page; `office` is the name of the desk."""
    weeks = [f"{week.monday.month}/{week.monday.day}" for week in report.weeks]
    series = [
        ("申請", [week.applied for week in report.weeks]),
        ("招待", [week.invited for week in report.weeks]),
    ]
    return render_page(
        "report",
        report=report,
        office=office,
        funnel=[(FUNNEL[name], n) for name, n in report.funnel],
        ends=[(STATE_WORDS[State(name)], n) for name, n in report.ends],
        reasons=[(REASONS[name], n) for name, n in report.reasons],
        confirmations=[(CONFIRMATIONS[name], n) for name, n in report.confirmations],
        kinds=[(KINDS[kind.name], kind) for kind in report.kinds],
        days=group_days(report.from_application),
        funnel_chart=bar_chart("申請から参加まで", [(FUNNEL[name], n) for name, n in report.funnel]),
        times_chart=_times_chart(report.from_application, report.open_days),
        weeks_chart=line_chart("週ごとの申請と招待", weeks, series),
        reasons_chart=bar_chart("お断りの理由", [(REASONS[name], n) for name, n in report.reasons]),
        kinds_chart=bar_chart(
            "団体の種類ごとの申請", [(KINDS[kind.name], kind.applied) for kind in report.kinds]
        ),
    )


MAX_DAYS = 15


def group_days(times: Times) -> list[tuple[str, int]]:
    """How many took how many open days; what took very long stands in one row."""
    rows = [(f"{day}開庁日" if day else "当日", n) for day, n in times.by_days if day < MAX_DAYS]
    rest = sum(n for day, n in times.by_days if day >= MAX_DAYS)
    return [*rows, (f"{MAX_DAYS}開庁日以上", rest)] if rest else rows


def _times_chart(times: Times, promised: int) -> str:
    return bar_chart("申請から招待までの開庁日", group_days(times), marked=promised + 1)
