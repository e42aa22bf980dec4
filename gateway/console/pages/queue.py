"""The queue: what waits, those due first."""

from __future__ import annotations

from datetime import datetime, time

from starlette.responses import Response

from gateway.admission.business_days import TOKYO, tokyo_date
from gateway.admission.case.model import Case, Level, find_attention
from gateway.console import words
from gateway.console.framing import frame_of
from gateway.console.rendering import render
from gateway.console.visit import Visit
from gateway.printing.fields import Ours, ours
from gateway.printing.outside import Outside
from gateway.store.queries.console.queue import VIEWS, Place, count_queue, load_queue


def show_queue(visit: Visit) -> Response:
    """One page of a view, with the counters."""
    view = visit.query.get("view", "waiting")
    view = view if view in VIEWS else "waiting"
    page = load_queue(visit.connection, view, _read_place(visit), str(visit.member.address))
    today = tokyo_date(visit.now)
    since = datetime.combine(today, time(), TOKYO)
    after = f"/?view={view}&after={page.after.due_on}_{page.after.id}" if page.after else ""
    return render(
        "queue",
        frame_of(visit, "queue"),
        views=[(Ours(f"/?view={name}"), words.VIEWS[name], name == view) for name in VIEWS],
        title=words.VIEWS[view],
        counts=count_queue(visit.connection, today, since),
        rows=[_build_row(case, visit) for case in page.cases],
        after=Ours(after),
    )


def _read_place(visit: Visit) -> Place:
    due_on, _, number = visit.query.get("after", "").partition("_")
    is_place = len(due_on) <= len("2026-11-27") and number.isdecimal() and len(number) < 19
    return Place(due_on, int(number)) if is_place and number.isascii() else Place()


def _build_row(case: Case, visit: Visit) -> dict[str, object]:
    return {
        "number": Ours(case.number),
        "href": Ours(f"/cases/{case.number}"),
        "due": case.due_on,
        "late": words.tell_due(case.due_on, visit.now),
        "organisation": Outside(case.form.organisation),
        "department": Outside(case.form.department),
        "name": Outside(case.form.name),
        "verdict": tell_verdict(case),
        "state": words.STATES[case.state],
        "handler": Outside(visit.site.name_member(case.handler)),
    }


def tell_verdict(case: Case) -> Ours:
    """What the automatic checks found, in short."""
    found = find_attention(case)
    if found.level is Level.CLEAR:
        return ours("○ 問題なし")
    return (
        ours("－ 登録簿にない団体") if found.level is Level.UNLISTED else Ours(f"△ 注意{len(found.points)}点")
    )
