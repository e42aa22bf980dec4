"""Members' queries and statements that decide nothing: 一覧, 状況, 検索, 不在, 戻りました.

They must be the entire own text: one such sentence, with harmless sentences only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from gateway.admission.authority import tokens
from gateway.admission.replies.context import ReplyContext, build_slots
from gateway.admission.replies.outsiders.understanding import is_all_understood, read_answer
from gateway.admission.replies.text import own_words
from gateway.admission.replies.text.sentences import strip_decoration
from gateway.mail.text import fold
from gateway.patterns import compile_later

MAX_ABSENCE = timedelta(days=92)
_SOON = timedelta(days=366)
QueryKind = Literal["list", "help", "status", "search", "away", "back", "mail"]
_PLEASE = r"(?:を?(?:見せて|送って|教えて|表示して)(?:ください|下さい)|を?お願い(?:いた|致)?します)?"
_NUMBER = r"[\[【(]?(?P<number>[0-9a-z]{4}-[0-9a-z]{2})[\]】)]?"
_UNTIL = r"(?:[~〜ー–—‐−-]|から)"
_DAYS = (
    r"(?P<month>\d{1,2})[月/](?P<day>\d{1,2})日?"
    rf"(?:{_UNTIL}(?:(?P<last_month>\d{{1,2}})[月/])?(?P<last_day>\d{{1,2}})日?(?:まで)?)?"
)
_JAPANESE: dict[str, re.Pattern[str]] = {
    "list": compile_later(rf"(?:一覧|リスト){_PLEASE}"),
    "help": compile_later(rf"(?:ヘルプ|使い方|定型){_PLEASE}"),
    "status": compile_later(rf"(?:状況|状態):?{_NUMBER}{_PLEASE}"),
    "search": compile_later(r"検索:?(?P<text>[^、。,?「」『』:]{2,40})"),
    "away": compile_later(rf"不在:?{_DAYS}(?:です)?"),
    "back": compile_later(r"戻りました"),
}
_ENGLISH: dict[str, re.Pattern[str]] = {
    "list": compile_later(r"list"),
    "help": compile_later(r"help"),
    "status": compile_later(rf"status:? {_NUMBER}"),
    "search": compile_later(r"search:? (?P<text>[^,?:.]{2,40})"),
    "back": compile_later(r"(?:i am |i'm )?back"),
}
_GRAMMAR = (_JAPANESE, _ENGLISH)


@dataclass(frozen=True, slots=True)
class Query:
    """A query; `text` is the number, the search text, or the dates as written, otherwise empty."""

    kind: QueryKind
    text: str = ""


def read_query(text: str, context: ReplyContext) -> Query | None:
    """Return the query in the own text; None if the text is something else or contains more."""
    own = own_words.split(text, context.letter_lines, context.known_lines, build_slots(context))
    units = read_answer(own, context, _GRAMMAR)
    said = [unit for unit in units if unit.match is not None]
    if len(said) != 1 or said[0].line.label or not is_all_understood(units, context):
        return None
    for patterns, words in zip(_GRAMMAR, (said[0].sentence.bare, said[0].sentence.spaced), strict=True):
        for kind, pattern in patterns.items():
            if found := pattern.fullmatch(strip_decoration(words)):
                return _build_query(kind, found, said[0].sentence.spaced)
    return None


def _build_query(kind: str, found: re.Match[str], spaced: str) -> Query | None:
    groups = found.groupdict()
    if kind == "status":
        number = tokens.find_number(groups["number"])
        return Query("status", number) if number else None
    if kind == "search":
        said = re.sub(r"\A(?:検索|search) ?:? ?", "", strip_decoration(spaced))
        return Query("search", said)
    if kind == "away":
        return Query("away", found.group())
    return Query("list" if kind == "list" else "back" if kind == "back" else "help")


def read_days(text: str, today: date) -> tuple[date, date] | None:
    """Return the first and last day of an absence; None if there are no dates, or they are too far apart.

    Dates without a year are the next ones of that name.
    """
    found = re.search(_DAYS, fold(text))
    if found is None:
        return None
    month, day, last_month, last_day = (int(group) if group else 0 for group in found.groups())
    first = _next_day(month, day, today)
    last = _next_day(last_month or month, last_day or day, first) if first else None
    if first is None or last is None or not fits_absence(first, last, today):
        return None
    return first, last


def fits_absence(first: date, last: date, today: date) -> bool:
    """Return whether an absence is in order, not over, begins within a year, and is not too long."""
    return today <= last and first <= last <= first + MAX_ABSENCE and first - today <= _SOON


def _next_day(month: int, day: int, since: date) -> date | None:
    """Return the first date with this month and day that is not before `since`."""
    for year in (since.year, since.year + 1):
        try:
            named = date(year, month, day)
        except ValueError:
            continue
        if named >= since:
            return named
    return None
