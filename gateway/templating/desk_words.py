"""Texts of the desk in letters: its current notices, and its rules on one page.

The operator wrote them, and they were not verified, so decision words in them are broken as in outside text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from gateway.admission.case.model import (
    CONSOLE_LETTERS,
    GENERAL_LETTERS,
    PRACTICE_LETTERS,
    STAFF_LETTERS,
    Letter,
)
from gateway.mail.text import wrap
from gateway.printing.forms import BEGIN, CONTROL, END
from gateway.printing.phrases import split_phrases
from gateway.templating.dates import format_japanese_date

# Without those with a code for the console: an imitation of them could have a link to a foreign page.
LINKED_LETTERS = STAFF_LETTERS - GENERAL_LETTERS - PRACTICE_LETTERS - CONSOLE_LETTERS.keys()
_INDENT = "  "
_COLUMNS = 68


def list_desk_words(office: Mapping[str, object], today: date) -> dict[str, object]:
    """Return `notices` and `rules` as lines of a letter; each is empty if there are none."""
    return {"notices": print_notices(office, today), "rules": print_page(str(office.get("rules", "")))}


def leave_link_out(letter: Letter, office: Mapping[str, object]) -> dict[str, object]:
    """Return the facts about the office; the link to the console is only in letters to staff about a case."""
    link = office.get("console_link", "") if letter in LINKED_LETTERS else ""
    return {**office, "console_link": link}


def print_notices(office: Mapping[str, object], today: date) -> str:
    """Return the notices of the last `notice_days` days, the newest first, without future ones."""
    given, days = office.get("notices", ()), office.get("notice_days", 0)
    if not isinstance(given, list | tuple) or not isinstance(days, int):
        return ""
    young = [(day, text) for day, text in given if day <= today <= day + timedelta(days=days)]
    lines = (f"{format_japanese_date(day.isoformat())}　{text}" for day, text in sorted(young, reverse=True))
    return "\n".join(map(print_page, lines))


def print_page(text: str) -> str:
    """Wrap the desk's lines to 70 columns, indented and marked as outside text."""
    plain = CONTROL.sub("", text.replace("\t", " "))
    lines = wrap(plain, _COLUMNS, split_phrases).split("\n") if text else []
    return "\n".join(f"{_INDENT}{BEGIN}{line}{END}" if line.strip() else "" for line in lines)
