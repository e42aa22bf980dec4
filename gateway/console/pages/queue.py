"""The queue: waiting cases, those due first."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.responses import Response

from gateway.admission.application.items.fields import Category
from gateway.admission.business_days import TOKYO, tokyo_date
from gateway.admission.case.model import Case, Level, find_attention
from gateway.console.asgi.visit import Visit
from gateway.console.deciding.offer import make_slip
from gateway.console.view import words
from gateway.console.view.cases.case_row import print_rows
from gateway.console.view.framing import frame_of
from gateway.console.view.rendering import render
from gateway.printing.bilingual import EMPTY, Text, both, join
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.store.console.accounts import identities
from gateway.store.queries.console import marks
from gateway.store.queries.console.queue import (
    MOST,
    PAGE,
    VIEWS,
    Counts,
    Entry,
    Place,
    QueuePage,
    count_queue,
    load_queue,
)

NOBODY = "none"
_ASKED = ("view", "attention", "kind", "handler", "after")
KINDS = {
    Category.LOCAL: both("自治体", "Local government"),
    Category.NATIONAL: both("政府機関", "National government"),
}


LABELS = {
    "view": both("一覧の種類", "view"),
    "attention": both("注意", "warnings"),
    "kind": both("種類", "kind"),
    "handler": both("担当", "handler"),
}
NEW_LINK = timedelta(days=14)
MAX_PAGES = 20  # pages of the queue read for one filtered page


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters of a view: 注意, category, handler ("none": without one); empty: all."""

    attention: str = ""
    kind: str = ""
    handler: str = ""

    @property
    def has_any(self) -> bool:
        """Whether any filter is set."""
        return self != Filters()

    def fits(self, case: Case) -> bool:
        """Return whether a case passes the filters."""
        handler = "" if self.handler == NOBODY else self.handler
        return (
            (not self.attention or find_attention(case).level is not Level.CLEAR)
            and (not self.kind or case.form.category == self.kind)
            and (not self.handler or case.handler == handler)
        )


def show_queue(visit: Visit) -> Response:
    """Show one page of a view, with the counters."""
    view, filters = _read_view(visit), _read_filters(visit)
    page, counts = _load(visit, view, filters), _count(visit)
    kept = {name: value for name, value in asdict(filters).items() if value}
    place = {"after": f"{page.after.due_on}_{page.after.id}"} if page.after else {}
    rows = print_rows(page.entries, visit)
    bad = _find_bad(visit, view, filters)
    return render(
        "cases/queue",
        frame_of(visit, "queue", {} if bad else _tell_events(visit, page, counts)),
        status=400 if bad else 200,
        error=bad,
        views=[
            (Ours(f"/?{urlencode({'view': name} | kept)}"), words.VIEWS[name], name == view) for name in VIEWS
        ],
        view=Ours(view),
        title=words.VIEWS[view],
        waiting=counts.waiting,
        overdue=words.tell_cases(counts.overdue, MOST),
        today=words.tell_cases(counts.today, MOST),
        rows=Markup("\n").join(row.markup for row in rows),
        slip=Ours(make_slip() if any(row.has_box for row in rows) else ""),
        after=Ours(f"/?{urlencode({'view': view} | kept | place)}" if place else ""),
        filters=filters,
        kinds=[(Ours(kind.value), said, kind == filters.kind) for kind, said in KINDS.items()],
        handlers=_list_handlers(visit, filters),
        linked=_find_new_link(visit),
    )


def mark(visit: Visit) -> str:
    """Return a mark of the requested page, which changes with it."""
    page = _load(visit, _read_view(visit), _read_filters(visit))
    return marks.mark_entries(page.entries, _count(visit))


def _tell_events(visit: Visit, page: QueuePage, counts: Counts) -> dict[str, str]:
    asked = {name: visit.query[name] for name in _ASKED if name in visit.query}
    return {"of": "queue", **asked, "mark": marks.mark_entries(page.entries, counts)}


def _read_view(visit: Visit) -> str:
    view = visit.query.get("view", "waiting")
    return view if view in VIEWS else "waiting"


def _count(visit: Visit) -> Counts:
    today = tokyo_date(visit.now)
    return count_queue(visit.connection, today, datetime.combine(today, time(), TOKYO))


def _load(visit: Visit, view: str, filters: Filters) -> QueuePage:
    """Load a page of matching cases, fewer if matches are rare, so that no page reads the whole queue."""
    place, found = _read_place(visit), list[Entry]()
    for _ in range(MAX_PAGES):
        page = load_queue(visit.connection, view, place, str(visit.member.address))
        for entry in page.entries:
            if not filters.has_any or filters.fits(entry.case):
                found.append(entry)
            if len(found) == PAGE and entry is not page.entries[-1]:
                return QueuePage(tuple(found), entry.place)
        if page.after is None or len(found) == PAGE:
            return QueuePage(tuple(found), page.after)
        place = page.after
    return QueuePage(tuple(found), place)


def _read_filters(visit: Visit) -> Filters:
    asked = visit.query
    known = {str(one.address) for one in visit.site.desk.staff} | {NOBODY}
    kind, handler = asked.get("kind", ""), asked.get("handler", "")
    return Filters(
        "1" if asked.get("attention") == "1" else "",
        kind if kind in KINDS else "",
        handler if handler in known else "",
    )


def _find_bad(visit: Visit, view: str, filters: Filters) -> Text:
    """Return the requested view or filter that does not exist; empty if all are valid."""
    taken = {"view": view, **asdict(filters)}
    bad = [LABELS[name] for name in taken if visit.query.get(name) and visit.query[name] != taken[name]]
    named = both("一覧にないもの: ", "Not listed: ")
    return join(named, *bad[:1]) if bad else EMPTY


def _list_handlers(visit: Visit, filters: Filters) -> list[tuple[object, object, bool]]:
    named = [(str(one.address), Outside(one.name)) for one in visit.site.desk.staff]
    return [
        (Ours(NOBODY), both("未定", "none"), filters.handler == NOBODY),
        *((Ours(address), name, filters.handler == address) for address, name in named),
    ]


def _find_new_link(visit: Visit) -> datetime | None:
    """Return when an account was last linked to the member, if lately; None otherwise.

    The page says so too, because whoever uses the mailbox can remove the letter about it.
    """
    if not visit.site.is_openid:
        return None
    accounts = identities.of_member(visit.connection, visit.session.member)
    newest = max((one.since for one in accounts), default=None)
    return newest if newest is not None and visit.now - newest < NEW_LINK else None


def _read_place(visit: Visit) -> Place:
    due_on, _, number = visit.query.get("after", "").partition("_")
    is_place = len(due_on) <= len("2026-11-27") and number.isdecimal() and len(number) < 19
    return Place(due_on, int(number)) if is_place and number.isascii() else Place()
