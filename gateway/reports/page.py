"""The report page with charts and tables, and the labels shared by terminal and page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from gateway.admission.case.model import STATE_WORDS, State
from gateway.admission.terms import wording_english
from gateway.html.charts import bar_chart, line_chart
from gateway.html.page import render_page
from gateway.printing.bilingual import Language, Text, both
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.reports.statistics import Report, Times

FUNNEL: Mapping[str, Text] = {
    "applied": both("申請", "Applications"),
    "complete": both("記入がそろった", "Complete"),
    "decided": both("判断された", "Decided"),
    "approved": both("承認", "Approved"),
    "invited": both("招待を送信", "Invitations sent"),
    "joined": both("参加", "Joined"),
}
REASONS: Mapping[str, Text] = {
    "not_eligible": both("参加の対象外", "Not eligible"),
    "affiliation": both("所属を確認できない", "Affiliation not confirmed"),
    "duplicate": both("重複した申請", "Duplicate application"),
    "mistake": both("誤り・試験の送信", "Mistake or test"),
    "incomplete": both("記入の不備・無回答", "Incomplete or no answer"),
    "address": both("メールアドレス", "Email address"),
    "other": both("そのほか", "Other"),
    "revoked": both("承認後の取り消し", "Revoked after approval"),
}
CONFIRMATIONS: Mapping[str, Text] = {
    "letter": both("団体の方の返事", "Answer from the organisation"),
    "telephone": both("電話(在籍確認済)", "Telephone"),
}
KINDS: Mapping[str, Text] = {
    "municipality": both("市町村", "Municipalities"),
    "ward": both("特別区", "Special wards"),
    "prefecture": both("都道府県", "Prefectures"),
    "association": both("広域連合・一部事務組合など", "Unions of municipalities"),
    "local": both("地方公共団体(団体コードなし)", "Local government, no code"),
    "national": both("政府機関", "National government"),
    "other": both("そのほか・不明", "Other or unknown"),
}


def render_report(report: Report, office: str) -> str:
    """Render the page; `office` is the name of the desk."""
    return render_page("report", **build_values(report, office))


def build_values(report: Report, office: str, language: Language = Language.JA) -> dict[str, object]:
    """Return the values for `report_body.html.j2`, with the labels of the charts in a language."""
    bars, lines = partial(bar_chart, language=language), partial(line_chart, language=language)
    weeks = [Ours(f"{week.monday.month}/{week.monday.day}") for week in report.weeks]
    series = [
        (both("申請", "Applications"), [week.applied for week in report.weeks]),
        (both("招待", "Invitations"), [week.invited for week in report.weeks]),
    ]
    return {
        "report": report,
        "office": Outside(office),
        "origins": [
            (both("申請が届いた日", "Day of the application"), report.from_application),
            (both("記入がそろった日", "Day it was complete"), report.from_complete),
        ],
        "funnel": [(FUNNEL[name], n) for name, n in report.funnel],
        "ends": [(_name_state(State(name)), n) for name, n in report.ends],
        "reasons": [(REASONS[name], n) for name, n in report.reasons],
        "confirmations": [(CONFIRMATIONS[name], n) for name, n in report.confirmations],
        "kinds": [(KINDS[kind.name], kind) for kind in report.kinds],
        "days": group_days(report.from_application),
        "funnel_chart": bars(
            both("申請から参加まで", "From application to membership"),
            [(FUNNEL[name], n) for name, n in report.funnel],
        ),
        "times_chart": _times_chart(report.from_application, report.open_days, language),
        "weeks_chart": lines(
            both("週ごとの申請と招待", "Applications and invitations by week"), weeks, series
        ),
        "reasons_chart": bars(
            both("お断りの理由", "Reasons for declining"), [(REASONS[name], n) for name, n in report.reasons]
        ),
        "kinds_chart": bars(
            both("団体の種類ごとの申請", "Applications by kind of organisation"),
            [(KINDS[kind.name], kind.applied) for kind in report.kinds],
        ),
    }


MAX_DAYS = 15


def _name_state(state: State) -> Text:
    return Text(Ours(STATE_WORDS[state]), Ours(wording_english.STATES[state]))


def group_days(times: Times) -> list[tuple[Text, int]]:
    """Group cases by the number of business days; very long times share one row."""
    rows = [(_name_days(day), n) for day, n in times.by_days if day < MAX_DAYS]
    rest = sum(n for day, n in times.by_days if day >= MAX_DAYS)
    most = Text(Ours(f"{MAX_DAYS}開庁日以上"), Ours(f"{MAX_DAYS} or more business days"))
    return [*rows, (most, rest)] if rest else rows


def _name_days(day: int) -> Text:
    if not day:
        return both("当日", "Same day")
    return Text(Ours(f"{day}開庁日"), Ours(f"{day} business day{'' if day == 1 else 's'}"))


def _times_chart(times: Times, promised: int, language: Language) -> str:
    return bar_chart(
        both("申請から招待までの開庁日", "Business days from application to invitation"),
        group_days(times),
        marked=promised + 1,
        language=language,
    )
