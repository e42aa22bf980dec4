"""The desk in numbers: counted right, told without anybody's name, and readable as a page."""

import csv
import io
import json
import re
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from gateway.admission.business_days import tokyo_date
from gateway.admission.case.model import State
from gateway.cli import main
from gateway.html import charts
from gateway.printing.fields import ours
from gateway.reports.labels import KINDS, REASON_CLASSES, classify_reason, organisation_kind
from gateway.reports.page import KINDS as KIND_WORDS
from gateway.reports.page import REASONS, render_report
from gateway.reports.statistics import build_report, count_open_days, number_open_days
from gateway.store.queries.history import CaseHistory
from tests.support.generated_cases import fill
from tests.support.screenshots import needs_browser, overflows, screenshot

COUNT = 120
SINCE, UNTIL = date(2026, 1, 1), date(2026, 12, 31)


def at(text: str) -> datetime:
    """A time in Japan."""
    return datetime.fromisoformat(f"{text}+09:00").astimezone(UTC)


PAST = CaseHistory(
    at("2026-11-20T10:00"), State.UNDER_REVIEW, False, at("2026-11-20T10:00"), None, "", False, "", "", ""
)
INVITED = replace(PAST, state=State.INVITED, decided=True, invited_at=at("2026-11-24T16:00"))
DECLINED = replace(PAST, state=State.DECLINED, decided=True, reason="民間企業の方のため")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import asyncio

    path = tmp_path_factory.mktemp("report") / "gateway.db"
    asyncio.run(fill(path, COUNT))
    return path


def command(database: Path, *words: str) -> Result:
    return CliRunner().invoke(
        main,
        ["report", "--database", str(database), "--since", "2026-01-01", "--until", "2026-12-31", *words],
    )


@pytest.mark.parametrize(
    ("begin", "end", "days"),
    [
        ("2026-11-20T10:00", "2026-11-20T17:00", 0),  # Friday
        ("2026-11-20T10:00", "2026-11-22T10:00", 0),  # Sunday
        ("2026-11-20T10:00", "2026-11-23T10:00", 0),  # Monday, a holiday
        ("2026-11-20T10:00", "2026-11-24T10:00", 1),
        ("2026-11-21T10:00", "2026-11-24T10:00", 1),
        ("2026-12-28T10:00", "2027-01-04T10:00", 1),  # over the New Year
        ("2026-11-24T23:59", "2026-11-25T00:01", 1),
    ],
)
def test_open_days_are_counted_from_the_day_after(begin: str, end: str, days: int) -> None:
    assert days == count_open_days(tokyo_date(at(begin)), tokyo_date(at(end)), frozenset())


def test_a_closing_of_the_office_is_no_open_day() -> None:
    closed = frozenset({date(2026, 11, 25)})
    assert 1 == count_open_days(date(2026, 11, 24), date(2026, 11, 26), closed)


DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(
    DAYS, st.lists(st.timedeltas(timedelta(0), timedelta(60)), min_size=2, max_size=2), st.frozensets(DAYS)
)
def test_numbered_days_count_the_same(base: date, spans: list[timedelta], closed: frozenset[date]) -> None:
    begin, end = base + min(spans), base + max(spans)
    numbers = number_open_days(base, end, closed)
    assert count_open_days(begin, end, closed) == numbers[end] - numbers[begin]


def test_each_step_of_the_funnel_holds_those_who_came_further() -> None:
    waiting = replace(PAST, state=State.NEEDS_INFORMATION, complete_at=None)
    past = [waiting, PAST, INVITED, replace(INVITED, state=State.JOINED), DECLINED]
    made = build_report(past, SINCE, UNTIL, open_days=3)
    told = {"applied": 5, "complete": 4, "decided": 3, "approved": 2, "invited": 2, "joined": 1}
    assert told == dict(made.funnel)
    numbers = [n for _, n in made.funnel]
    assert sorted(numbers, reverse=True) == numbers


def test_the_promise_is_held_against_open_days() -> None:
    late = replace(INVITED, invited_at=at("2026-11-27T16:00"))
    made = build_report([INVITED, INVITED, late], SINCE, UNTIL, open_days=3).from_application
    assert (3, 2, 1, 4) == (made.count, made.within, made.median, made.p90)
    assert ((0, 0), (1, 2), (2, 0), (3, 0), (4, 1)) == made.by_days
    assert 2 / 3 == made.share


def test_the_time_also_counts_from_the_day_on_which_the_form_was_complete() -> None:
    one = replace(INVITED, opened_at=at("2026-11-02T10:00"))
    made = build_report([one], SINCE, UNTIL, open_days=3)
    assert (0, 1) == (made.from_application.within, made.from_complete.within)


def test_nothing_at_all_can_be_told() -> None:
    made = build_report([], SINCE, UNTIL, open_days=3)
    assert (0, None, None) == (
        made.from_application.count,
        made.from_application.share,
        made.from_application.p90,
    )
    assert () == made.weeks
    assert "ありません" in render_report(made, "窓口")


def test_weeks_begin_on_monday_with_the_first_application_and_have_no_gap() -> None:
    first = replace(INVITED, opened_at=at("2026-11-01T23:00"))  # a Sunday
    made = build_report([first, INVITED], SINCE, date(2026, 11, 30), open_days=3).weeks
    assert [
        date(2026, 10, 26),
        date(2026, 11, 2),
        date(2026, 11, 9),
        date(2026, 11, 16),
        date(2026, 11, 23),
        date(2026, 11, 30),
    ] == [week.monday for week in made]
    assert [(1, 0), (0, 0), (0, 0), (1, 0), (0, 2), (0, 0)] == [(week.applied, week.invited) for week in made]


@pytest.mark.parametrize(
    ("reason", "name"),
    [
        ("民間企業にお勤めの方は、参加の対象ではないためです。", "not_eligible"),
        ("独立行政法人の方は対象外です", "not_eligible"),
        ("所属を確認できませんでした。", "affiliation"),
        ("在籍の確認がとれないため", "affiliation"),
        ("すでに別のアドレスで参加されています。", "duplicate"),
        ("誤って送信されたため", "mistake"),
        ("記入に不備があるため", "incomplete"),
        ("団体のアドレスからお申し込みください", "address"),
        ("Your organisation is not eligible", "not_eligible"),
        ("ＤＵＰＬＩＣＡＴＥ", "duplicate"),
        ("ご事情により見送ります", "other"),
        ("", "other"),
    ],
)
def test_a_reason_falls_into_a_class(reason: str, name: str) -> None:
    assert name == classify_reason(replace(DECLINED, reason=reason))


def test_what_was_revoked_is_told_apart() -> None:
    assert "revoked" == classify_reason(replace(DECLINED, reason="誤って承認したため", revoked=True))


@pytest.mark.parametrize(
    ("code", "category", "domain", "kind"),
    [
        ("271004", "local", "", "municipality"),
        ("131016", "local", "", "ward"),
        ("270008", "local", "", "prefecture"),
        ("138002", "local", "", "association"),
        ("", "national", "", "national"),
        ("", "", "national_gov", "national"),
        ("", "local", "local_gov_lg", "local"),
        ("", "", "lg_service", "local"),
        ("", "local", "local_gov_regional", "local"),
        ("", "local", "personal", "other"),
        ("999999", "national", "", "national"),
        ("271004", "national", "national_gov", "municipality"),
    ],
)
def test_a_case_falls_into_a_kind_of_organisation(code: str, category: str, domain: str, kind: str) -> None:
    from gateway.admission.organisations import codes

    one = replace(PAST, code=code, category=category, domain_kind=domain)
    assert kind == organisation_kind(one, lambda text: codes.parse(text).kind.value)


def test_every_class_and_kind_has_words() -> None:
    assert (set(REASON_CLASSES), set(KINDS)) == (set(REASONS), set(KIND_WORDS))


def test_text_page_csv_and_json_tell_the_same(database: Path, tmp_path: Path) -> None:
    values = json.loads(command(database, "--json").stdout)
    rows = list(csv.DictReader(io.StringIO(command(database, "--csv").stdout)))
    table = {(row["section"], row["label"], row["name"]): row["value"] for row in rows}
    assert len(rows) == len(table)
    assert COUNT / 2 < values["funnel"]["invited"] < COUNT
    assert COUNT == values["funnel"]["applied"] == int(table["funnel", "applied", "cases"])
    assert values["from_application"]["within"] == int(table["times", "from_application", "within"])
    assert COUNT == sum(
        int(row["value"]) for row in rows if (row["section"], row["name"]) == ("weeks", "applied")
    )
    assert COUNT == sum(kind["applied"] for kind in values["kinds"])
    assert COUNT == sum(values["ends"].values())
    text = command(database).stdout
    share = f"{values['from_application']['within']} of {values['from_application']['count']} on time"
    assert share in text
    assert 0 == command(database, "--html", str(tmp_path)).exit_code
    assert f"{COUNT}件" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_nothing_personal_is_told(database: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    said = "".join(
        command(database, *words).output for words in ((), ("--json",), ("--csv",), ("--html", str(page)))
    )
    said += page.read_text(encoding="utf-8")
    connection = sqlite3.connect(database)
    for row in connection.execute(
        "SELECT number, applicant, name, organisation, reason, decided_by FROM cases"
    ):
        assert [] == [text for text in row if text and text in said]
    connection.close()


def test_each_chart_is_described_and_its_numbers_stand_in_a_table(database: Path, tmp_path: Path) -> None:
    command(database, "--html", str(tmp_path))
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    figures = text.split("<figure>")[1:]
    assert 5 == len(figures)
    for figure in figures:
        chart, _, after = figure.partition("</figure>")
        assert re.search(r'<svg role="img".*<title>[^<]+</title><desc>[^<]+</desc>', chart)
        assert "<table>" in after
        told = re.search(r"<desc>([^<]+)</desc>", chart)
        assert told
        for n in re.findall(r" (\d+)(?:[,;]|$)", told[1]):
            assert f'<td class="n">{n}</td>' in after
    assert not re.search(r"<(script|link|img|iframe)\b|@import|url\((?!#)", text)


def test_labels_of_a_chart_are_escaped() -> None:
    drawn = charts.bar_chart(ours("<b>"), [(ours("<script>"), 1)]) + charts.line_chart(
        ours("&"), [ours("<i>")], [(ours("<u>"), [1])]
    )
    assert not re.search(r"<(b|script|i|u)>", drawn)
    assert str(escape("<script>")) in drawn


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--csv", "--json"), 2, "not both"),
        (("--since", "2027-01-01"), 2, "is after --until"),
        (("--since", "yesterday"), 2, "expected a date such as 2026-04-01"),
        (("--html", "/dev/null/x"), 75, "cannot be written"),
    ],
)
def test_what_cannot_be_told_is_said(database: Path, words: tuple[str, ...], code: int, says: str) -> None:
    result = command(database, *words)
    assert (code, True) == (result.exit_code, says in result.output)


def test_a_missing_database_ends_with_75(tmp_path: Path) -> None:
    assert 75 == command(tmp_path / "none.db").exit_code


@needs_browser
def test_the_page_is_readable_on_a_phone(database: Path, tmp_path: Path) -> None:
    command(database, "--html", str(tmp_path))
    page = tmp_path / "report.html"
    assert [] == overflows([page], tmp_path)
    assert 100 < len(screenshot(page, tmp_path))


def test_affiliations_are_counted_by_how_they_were_confirmed() -> None:
    past = [replace(PAST, confirmed=how) for how in ("telephone", "letter", "telephone", "")]
    assert (("letter", 1), ("telephone", 2)) == build_report(past, SINCE, UNTIL, open_days=3).confirmations
