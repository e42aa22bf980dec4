"""The report in Japanese: one page with charts and tables, and the words that terminal and page share."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.admission.case.model import STATE_WORDS, State
from gateway.html.charts import bar_chart, line_chart
from gateway.html.page import render_page
from gateway.printing.fields import Ours, ours
from gateway.printing.outside import Outside
from gateway.reports.statistics import Report, Times

FUNNEL: Mapping[str, Ours] = {
    "applied": ours("申請"),
    "complete": ours("記入がそろった"),
    "decided": ours("判断された"),
    "approved": ours("承認"),
    "invited": ours("招待を送信"),
    "joined": ours("参加"),
}
REASONS: Mapping[str, Ours] = {
    "not_eligible": ours("参加の対象外"),
    "affiliation": ours("所属を確認できない"),
    "duplicate": ours("重複した申請"),
    "mistake": ours("誤り・試験の送信"),
    "incomplete": ours("記入の不備・無回答"),
    "address": ours("メールアドレス"),
    "other": ours("そのほか"),
    "revoked": ours("承認後の取り消し"),
}
CONFIRMATIONS: Mapping[str, Ours] = {"letter": ours("団体の方の返事"), "telephone": ours("電話(在籍確認済)")}
KINDS: Mapping[str, Ours] = {
    "municipality": ours("市町村"),
    "ward": ours("特別区"),
    "prefecture": ours("都道府県"),
    "association": ours("広域連合・一部事務組合など"),
    "local": ours("地方公共団体(団体コードなし)"),
    "national": ours("政府機関"),
    "other": ours("そのほか・不明"),
}


def render_report(report: Report, office: str) -> str:
    """The page; `office` is the name of the desk."""
    weeks = [Ours(f"{week.monday.month}/{week.monday.day}") for week in report.weeks]
    series = [
        (ours("申請"), [week.applied for week in report.weeks]),
        (ours("招待"), [week.invited for week in report.weeks]),
    ]
    return render_page(
        "report",
        report=report,
        office=Outside(office),
        origins=[
            (ours("申請が届いた日"), report.from_application),
            (ours("記入がそろった日"), report.from_complete),
        ],
        funnel=[(FUNNEL[name], n) for name, n in report.funnel],
        ends=[(Ours(STATE_WORDS[State(name)]), n) for name, n in report.ends],
        reasons=[(REASONS[name], n) for name, n in report.reasons],
        confirmations=[(CONFIRMATIONS[name], n) for name, n in report.confirmations],
        kinds=[(KINDS[kind.name], kind) for kind in report.kinds],
        days=group_days(report.from_application),
        funnel_chart=bar_chart(ours("申請から参加まで"), [(FUNNEL[name], n) for name, n in report.funnel]),
        times_chart=_times_chart(report.from_application, report.open_days),
        weeks_chart=line_chart(ours("週ごとの申請と招待"), weeks, series),
        reasons_chart=bar_chart(ours("お断りの理由"), [(REASONS[name], n) for name, n in report.reasons]),
        kinds_chart=bar_chart(
            ours("団体の種類ごとの申請"), [(KINDS[kind.name], kind.applied) for kind in report.kinds]
        ),
    )


MAX_DAYS = 15


def group_days(times: Times) -> list[tuple[Ours, int]]:
    """How many took how many open days; what took very long stands in one row."""
    rows = [(Ours(f"{day}開庁日") if day else ours("当日"), n) for day, n in times.by_days if day < MAX_DAYS]
    rest = sum(n for day, n in times.by_days if day >= MAX_DAYS)
    return [*rows, (Ours(f"{MAX_DAYS}開庁日以上"), rest)] if rest else rows


def _times_chart(times: Times, promised: int) -> str:
    return bar_chart(ours("申請から招待までの開庁日"), group_days(times), marked=promised + 1)
