"""Search: sent as a form, so that no name is in a URL; the result has a temporary address.

The search text and the filters are kept in memory, under an id that only the same session can open.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from gateway.console.asgi.visit import Visit, read_number
from gateway.console.office.figures import read_day
from gateway.console.pages.queue import KINDS
from gateway.console.view import words
from gateway.console.view.cases.case_row import tell_case
from gateway.console.view.framing import frame_of, refuse
from gateway.console.view.rendering import render
from gateway.printing.bilingual import Text, both
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.store.queries.console.filters import Filters
from gateway.store.queries.console.lists import Row
from gateway.store.queries.console.search import Found, search

MAX_TEXT = 100
MAX_KEPT = 500
LABELS = {
    "state": both("状態", "State"),
    "kind": both("種類", "Kind"),
    "by": both("判断した人・担当", "Decided or claimed by"),
    "from": both("受付日: 最初の日", "Received: first day"),
    "to": both("受付日: 最後の日", "Received: last day"),
}
_NOT_LISTED = both("一覧から選んでください。", "Choose one from the list.")
_NO_DAY = both("日付を、2026-04-01 のように入力してください。", "Enter a date such as 2026-04-01.")
_REVERSED = both("最初の日か、それより後の日にしてください。", "It must not be before the first day.")
Choices = list[tuple[str, Text | Outside]]  # value and name


@dataclass(frozen=True, slots=True)
class Sought:
    """What a member searches for."""

    text: str
    filters: Filters = Filters()  # noqa: RUF009 - frozen

    @property
    def has_any(self) -> bool:
        """Whether there is anything to search for."""
        return bool(self.text) or self.filters.has_any


NOTHING = Sought("")


@dataclass(frozen=True, slots=True)
class Searches:
    """What was searched for by id, with its session. Thread-safe."""

    _sought: dict[str, tuple[str, Sought]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, session: str, sought: Sought) -> str:
        """Keep a search; return its id."""
        made = secrets.token_urlsafe(12)
        with self._lock:
            while len(self._sought) >= MAX_KEPT:
                del self._sought[next(iter(self._sought))]
            self._sought[made] = (session, sought)
        return made

    def find(self, session: str, made: str) -> Sought | None:
        """Return the search, for the session that made it; otherwise None."""
        with self._lock:
            of, sought = self._sought.get(made, ("", NOTHING))
        return sought if of == session else None


def show_form(visit: Visit) -> Response:
    """Show the empty form."""
    return _render(visit, NOTHING)


def begin(visit: Visit, searches: Searches) -> Response:
    """Keep what is searched for, and redirect to its page; show a form with errors again."""
    errors = dict[str, Text]()
    sought = _read(visit, errors)
    if errors:
        return _render(visit, sought, errors=errors)
    if not sought.has_any:
        return RedirectResponse("/search", 303)
    return RedirectResponse(f"/search/{quote(searches.keep(visit.session.digest, sought))}", 303)


def show_found(visit: Visit, searches: Searches) -> Response:
    """Show a page of the matching cases, the newest first."""
    made = visit.path["id"]
    sought = searches.find(visit.session.digest, made)
    if sought is None:
        return refuse(visit, 404)
    before = read_number(visit.query.get("before", ""))
    found = search(visit.connection, sought.text, before, sought.filters)
    return _render(visit, sought, found, made)


def _read(visit: Visit, errors: dict[str, Text]) -> Sought:
    """Parse the form; add what is wrong to `errors`, by field."""
    chosen = {
        name: _read_choice(visit.fields, name, [value for value, _ in choices], errors)
        for name, choices in list_choices(visit).items()
    }
    since, until = (_read_date(visit.fields, name, errors) for name in ("from", "to"))
    if since and until and until < since:
        errors["to"] = _REVERSED
    text = visit.fields.get("q", "").strip()[:MAX_TEXT]
    return Sought(text, Filters(**chosen, since=since, until=until))


def _read_choice(
    fields: Mapping[str, str], name: str, known: Collection[str], errors: dict[str, Text]
) -> str:
    value = fields.get(name, "")
    if value and value not in known:
        errors[name] = _NOT_LISTED
        return ""
    return value


def _read_date(fields: Mapping[str, str], name: str, errors: dict[str, Text]) -> date | None:
    text = fields.get(name, "").strip()
    found = read_day(text)
    if text and found is None:
        errors[name] = _NO_DAY
    return found


def list_choices(visit: Visit) -> dict[str, Choices]:
    """Return the options of each filter that is a list."""
    return {
        "state": [(state.value, said) for state, said in words.STATES.items()],
        "kind": [(kind.value, said) for kind, said in KINDS.items()],
        "by": [(one.address.key, Outside(one.name)) for one in visit.site.desk.staff],
    }


def _render(
    visit: Visit,
    sought: Sought,
    found: Found | None = None,
    made: str = "",
    errors: Mapping[str, Text] | None = None,
) -> Response:
    filters, wrong = sought.filters, errors or {}
    days = [
        (Ours(name), _tell_day(visit, name, day))
        for name, day in (("from", filters.since), ("to", filters.until))
    ]
    choices = list_choices(visit)
    older = f"/search/{quote(made)}?before={found.before}" if found and found.before else ""
    return render(
        "cases/search",
        frame_of(visit, "search"),
        status=400 if wrong else 200,
        text=Outside(sought.text),
        labels=LABELS,
        choices=[(Ours(name), mark_chosen(each, getattr(filters, name))) for name, each in choices.items()],
        days=days,
        errors=[(Ours(name), LABELS[name], said) for name, said in wrong.items()],
        wrong=set(wrong),
        filtered=filters.has_any or bool(wrong),
        conditions=_tell_conditions(filters, choices),
        rows=[_tell(row) for row in found.rows] if found else None,
        older=Ours(older),
    )


def mark_chosen(choices: Choices, chosen: str) -> list[tuple[object, Text | Outside, bool]]:
    """Return the value and name of each option, and whether it is selected."""
    return [(Outside(value), said, value == chosen) for value, said in choices]


def _tell_day(visit: Visit, name: str, day: date | None) -> Outside:
    """Return a day for its input; what was typed if it is none."""
    return Outside(day.isoformat() if day else visit.fields.get(name, "")[:MAX_TEXT])


def _tell_conditions(filters: Filters, choices: Mapping[str, Choices]) -> list[tuple[Text, object]]:
    """Return the label and the value of each filter that is set."""
    chosen: Iterable[tuple[str, object]] = (
        (name, said)
        for name, each in choices.items()
        for value, said in each
        if value == getattr(filters, name)
    )
    days = (("from", filters.since), ("to", filters.until))
    dates = ((name, Ours(day.isoformat())) for name, day in days if day)
    return [(LABELS[name], said) for name, said in (*chosen, *dates)]


def _tell(row: Row) -> dict[str, object]:
    return {
        **tell_case(row),
        "name": Outside(row["name"]),
        "organisation": Outside(row["organisation"]),
        "applicant": Outside(row["applicant"]),
    }
