"""Parses the date on which a hold ends, such as 12月1日まで, 月末, 来週いっぱい or `until 1 Dec`.

A date without a year is the next one of that name. A span up to its end (来週いっぱい, 来月中) is its last
day, for a week the Friday. Text that cannot be parsed gives no date, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from gateway.admission.business_days import is_business_day
from gateway.admission.replies.text.sentences import fold_phrase
from gateway.patterns import compile_later

_MAX_NOTE = 300
_REIWA = 2018  # the first year of Reiwa is 2019
_FISCAL_END = (3, 31)
_PART = {"上旬": 10, "中旬": 20, "初め": 1}
ANY_DAY = date(2000, 1, 1)  # with this date it only matters whether a date can be parsed
LONGEST_HOLD = timedelta(days=366)  # a longer hold is a mistake
_FAR_DAYS = 275  # a date without a year that is further away is a mistake
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<name>" + "|".join(_MONTHS) + r")[a-z]{0,6}\.?"

_Find = Callable[[re.Match[str], date], date]


def read_hold_date(text: str, today: date) -> date | None:
    """Return the date if `text` is one and nothing else (12月1日まで, 2週間); otherwise None."""
    folded = fold_phrase(text[:_MAX_NOTE]).strip(" 。.,、:")
    if _DAY_OR_SPAN.fullmatch(folded):
        return None
    said = _AROUND.sub("", folded)
    weekday = _NAMED_WEEKDAY.search(said)
    day = _read_form(_NAMED_WEEKDAY.sub("", said), today)
    if weekday is None or day is None or today == ANY_DAY:
        return day
    # If the weekday does not match the date, one of them is wrong.
    return day if "月火水木金土日"[day.weekday()] == weekday["w"] else None


def _read_form(said: str, today: date) -> date | None:
    for pattern, find in _FORMS:
        match = pattern.fullmatch(said)
        if match is not None:
            try:
                return find(match, today)
            except ValueError:
                return None
    return None


# 保留 3日: until the third, or for three days.
_DAY_OR_SPAN = compile_later(r"\d{1,2} ?日")
_NAMED_WEEKDAY = compile_later(r"\s*\((?P<w>[月火水木金土日])(?:曜日?)?\)")


def can_hold_until(day: date, today: date) -> bool:
    """Return whether a date is in the future, and not further away than a hold may last."""
    return today < day <= today + LONGEST_HOLD


# What may surround a date without changing it.
_AROUND = compile_later(
    r"^(?:until|till|by) |(?<=日)(?:の間|いっぱい|一杯)(?=(?:まで)?(?:は|に)?\s*$)"
    r"|(?:頃|ごろ)?(?:まで)?(?:は|に)?\s*$"
)


def _full(match: re.Match[str], _today: date) -> date:
    return date(int(match["y"]), int(match["m"]), int(match["d"]))


def _reiwa(match: re.Match[str], _today: date) -> date:
    year = 1 if match["y"] == "元" else int(match["y"])
    return date(_REIWA + year, int(match["m"]), int(match["d"]))


def _month_day(match: re.Match[str], today: date) -> date:
    return _coming(today, int(match["m"]), int(match["d"]))


def _part_of_month(match: re.Match[str], today: date) -> date:
    part = match["part"] or ""
    month = int(match["m"])
    first = date(today.year, month, 1)
    year = today.year if _last_day_of_month(first) > today else today.year + 1
    day = date(year, month, _PART[part]) if part in _PART else _last_day_of_month(date(year, month, 1))
    return _require_near(day, today)


def _day_only(match: re.Match[str], today: date) -> date:
    day = int(match["d"])
    month = today if day > today.day else _last_day_of_month(today) + timedelta(days=1)
    return month.replace(day=day)


def _english(match: re.Match[str], today: date) -> date:
    month = _MONTHS.index(match["name"]) + 1
    if match["y"]:
        return date(int(match["y"]), month, int(match["d"]))
    return _coming(today, month, int(match["d"]))


def _weekday(match: re.Match[str], today: date) -> date:
    name = match["w"]
    wanted = "月火水木金土日".index(name) if name in "月火水木金土日" else _WEEKDAYS.index(name)
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)


def _day_of_next_month(match: re.Match[str], today: date) -> date:
    return (_last_day_of_month(today) + timedelta(days=1)).replace(day=int(match["d"]))


def _in_weeks(match: re.Match[str], today: date) -> date:
    return today + timedelta(weeks="一二三四".index(match["n"]) + 1)


def _next_week(_match: re.Match[str], today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _weekday_of_next_week(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=7 - today.weekday() + "月火水木金土日".index(match["w"]))


def _end_of_week(match: re.Match[str], today: date) -> date:
    """Return the Friday of this week, the next one, or the one after."""
    weeks = ("今", "来", "再来").index(match["which"])
    return today + timedelta(days=4 - today.weekday() + 7 * weeks)


def _after_weekend(_match: re.Match[str], today: date) -> date:
    """Return the next Monday, or the first business day after it."""
    day = _next_week(_match, today)
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


def _week_after_next(match: re.Match[str], today: date) -> date:
    return _next_week(match, today) + timedelta(days=7)


def _end_of_month(match: re.Match[str], today: date) -> date:
    """Return the last day of this month, the next one, or the one after."""
    day = today
    for _ in range(("今", "来", "再来").index(match["which"])):
        day = _last_day_of_month(day) + timedelta(days=1)
    return _last_day_of_month(day)


def _next_month(_match: re.Match[str], today: date) -> date:
    return _last_day_of_month(today) + timedelta(days=1)


def _tomorrow(_match: re.Match[str], today: date) -> date:
    return today + timedelta(days=1)


def _month_end(_match: re.Match[str], today: date) -> date:
    return _last_day_of_month(today)


def _year_end(_match: re.Match[str], today: date) -> date:
    return date(today.year, 12, 28)  # the last working day of the year


def _fiscal_end(_match: re.Match[str], today: date) -> date:
    return _next_occurrence(today, *_FISCAL_END)


def _next_fiscal_year(_match: re.Match[str], today: date) -> date:
    return _fiscal_end(_match, today) + timedelta(days=1)


def _next_fiscal_end(match: re.Match[str], today: date) -> date:
    """Return 31 March after the next one: the current fiscal year ends on the next."""
    this = _this_fiscal_end(match, today)
    return this.replace(year=this.year + 1)


def _this_fiscal_end(_match: re.Match[str], today: date) -> date:
    return date(today.year + (today.month > _FISCAL_END[0]), *_FISCAL_END)


def _day_after_tomorrow(_match: re.Match[str], today: date) -> date:
    return today + timedelta(days=2)


def _in_months(match: re.Match[str], today: date) -> date:
    months = today.month - 1 + int(match["n"])
    last = _last_day_of_month(date(today.year + months // 12, months % 12 + 1, 1))
    return last.replace(day=min(today.day, last.day))


def _in_days(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=int(match["n"]) * (1 if match["unit"] == "日" else 7))


def _coming(today: date, month: int, day: int) -> date:
    """Return the next date with month and day; one that has just passed is a mistake, not next year's."""
    return _require_near(_next_occurrence(today, month, day), today)


def _require_near(day: date, today: date) -> date:
    if today != ANY_DAY and (day - today).days > _FAR_DAYS:
        raise ValueError(day)
    return day


def _next_occurrence(today: date, month: int, day: int) -> date:
    this = date(today.year, month, day)
    return this if this > today else date(today.year + 1, month, day)


def _last_day_of_month(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - timedelta(days=1)


# Until the end of a span: 来週いっぱい, 来月中.
_WHOLE = r"(?:いっぱい|一杯|中|の間)"
_FORMS: tuple[tuple[re.Pattern[str], _Find], ...] = tuple(
    (compile_later(pattern), find)
    for pattern, find in (
        (
            r"(?P<y>\d{4}) ?(?:年|[/.-]) ?(?P<m>\d{1,2}) ?(?:月|[/.-]) ?(?P<d>\d{1,2})(?:日|(?!\d))",
            _full,
        ),
        (r"(?<!\d)(?P<y>20\d{2})(?P<m>\d{2})(?P<d>\d{2})(?!\d)", _full),
        (
            r"(?:令和|(?<![a-z])r) ?(?P<y>\d{1,2}|元) ?[./-] ?(?P<m>\d{1,2}) ?[./-] ?(?P<d>\d{1,2})(?!\d)",
            _reiwa,
        ),
        (r"(?:令和|(?<![a-z])r) ?(?P<y>\d{1,2}|元) ?年 ?(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?日", _reiwa),
        (r"(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?日", _month_day),
        (r"(?<!\d)(?P<m>\d{1,2})[/.](?P<d>\d{1,2})(?!\d)", _month_day),
        (rf"(?P<m>\d{{1,2}}) ?月(?:の?(?P<part>末|上旬|中旬|下旬|初め)|{_WHOLE})?", _part_of_month),
        (r"(?P<n>\d{1,2}) ?(?P<unit>日|週間)(?:後|間|ほど|程度|くらい|の間)", _in_days),
        (r"(?P<n>\d{1,2}) ?(?P<unit>週間)(?:の間)?", _in_days),
        (r"(?P<n>\d{1,2}) ?(?:か|ヶ|ヵ|カ|ケ|箇)月(?:後|間)?", _in_months),
        (r"(?<!\d)(?P<d>\d{1,2}) ?日", _day_only),
        (rf"(?<!\d)(?P<d>\d{{1,2}}) {_MONTH}(?:,? (?P<y>\d{{4}}))?", _english),
        (rf"{_MONTH} (?P<d>\d{{1,2}})(?!\d)(?:,? (?P<y>\d{{4}}))?", _english),
        (rf"来年度(?:末|{_WHOLE})", _next_fiscal_end),
        (r"来年度", _next_fiscal_year),
        (rf"(?:(?:今|本)?年度末|(?:今|本)年度{_WHOLE})", _this_fiscal_end),
        (rf"年内{_WHOLE}?|年末|(?:本年|今年){_WHOLE}", _year_end),
        (r"来週の?(?P<w>[月火水木金土日])曜日?", _weekday_of_next_week),
        (r"(?:(?:今|今度の|次の)?週?の?)(?P<w>[月火水木金土日])曜日?", _weekday),
        (r"(?:next )?(?P<w>mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?", _weekday),
        (r"来月の?(?P<d>\d{1,2}) ?日", _day_of_next_month),
        (r"(?P<n>[一二三四]) ?週間", _in_weeks),
        (rf"(?P<which>今|来|再来)週(?:末|の?金曜日?|{_WHOLE})", _end_of_week),
        (r"(?:来週)?(?:の)?(?:週明け|週初め)|来週早々", _after_weekend),
        (r"来週|next week", _next_week),
        (r"再来週", _week_after_next),
        (rf"(?P<which>今|来|再来)月(?:の?末日?|{_WHOLE})", _end_of_month),
        (r"来月|next month", _next_month),
        (r"(?:当)?月末", _month_end),
        (r"明後日|あさって", _day_after_tomorrow),
        (r"明日|tomorrow", _tomorrow),
    )
)
