"""The day of an answer, in brackets behind it: 同意する（R8.11.27）.

It has its year, because 1.1 may be a section of the rules. A day after that of the mail is a condition, which
`intake.applicants.withheld` knows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date

from gateway.patterns import compile_later

_DAY = compile_later(
    r"\s?(?P<era>令和|r)?\s?(?P<year>[0-9]{1,4})(?:\s?年\s?|[./-])(?P<month>[0-9]{1,2})(?:\s?月\s?|[./-])"
    r"(?P<day>[0-9]{1,2})(?:\s?日)?(?![0-9./-])"
)
_NOTE = compile_later(r"[(\[【]([^()\[\]【】]{6,40})[)\]】]")
_DIGIT = compile_later("[0-9０-９]")
_FIRST_YEAR, _BEFORE_REIWA = 2000, 2018


def read_day(folded: str) -> tuple[date, str] | None:
    """Return the day at the beginning of a folded text, and what follows it; None if there is none."""
    found = _DAY.match(folded)
    if found is None:
        return None
    year = int(found["year"]) + (_BEFORE_REIWA if found["era"] else 0)
    try:
        day = date(year, int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    return (day, folded[found.end() :].strip()) if year >= _FIRST_YEAR else None


def find_days(text: str) -> Iterator[date]:
    """Yield the days that stand in brackets in a text."""
    folded = unicodedata.normalize("NFKC", text).casefold() if _DIGIT.search(text) else ""
    for note in _NOTE.findall(folded):
        if (found := read_day(note)) is not None:
            yield found[0]
