"""A case as a row: of a list, and of the queue, which prints it again only if what is stored has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from gateway.admission.business_days import tokyo_date
from gateway.admission.case.model import Case, Level, State, find_attention
from gateway.console.asgi.visit import Visit
from gateway.console.deciding.batch import mark_choice
from gateway.console.kept.printed_rows import PrintedRow
from gateway.console.view import words
from gateway.console.view.rendering import print_part
from gateway.printing.bilingual import Text, both
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.store.queries.console.queue import Entry
from gateway.store.tables.rows import from_text


def tell_case(row: Mapping[str, Any]) -> dict[str, object]:
    """Return what every list shows of a case: number, link, state, and opening time."""
    return {
        "number": Ours(row["number"]),
        "href": Ours(f"/cases/{row['number']}"),
        "state": words.STATES[State(row["state"])],
        "at": from_text(row["opened_at"]),
    }


def tell_verdict(case: Case) -> Text:
    """Return a summary of the automatic checks."""
    found = find_attention(case)
    if found.level is Level.CLEAR:
        return both("○ 問題なし", "○ no warnings")
    if found.level is Level.UNLISTED:
        return both("－ 登録簿にない団体", "－ not in the register")
    points = len(found.points)
    return Text(Ours(f"△ 注意{points}点"), Ours(f"△ {words.count(points, 'warning')}"))


def print_rows(entries: Iterable[Entry], visit: Visit) -> list[PrintedRow]:
    """Return the rows of cases for this member, today and in their language."""
    for_whom, find = (visit.member, visit.role, visit.language, tokyo_date(visit.now)), visit.site.rows.find
    return [find((entry.columns, for_whom), partial(_print, entry, visit)) for entry in entries]


def _print(entry: Entry, visit: Visit) -> PrintedRow:
    case = entry.case
    mark = mark_choice(case, visit)
    markup = print_part(
        "cases/row",
        visit.language,
        href=Ours(f"/cases/{case.number}"),
        number=Ours(case.number),
        due=case.due_on,
        late=words.tell_due(case.due_on, visit.now),
        verdict=tell_verdict(case),
        state=words.STATES[case.state],
        organisation=Outside(case.form.organisation),
        department=Outside(case.form.department),
        name=Outside(case.form.name),
        handler=Outside(visit.site.name_member(case.handler)),
        mark=Ours(mark),
    )
    return PrintedRow(markup, bool(mark))
