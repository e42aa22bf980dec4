"""A case as a row of the queue. A row is printed again only if anything stored of the case has changed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from gateway.admission.business_days import tokyo_date
from gateway.console.deciding.batch import mark_choice
from gateway.console.kept.printed_rows import PrintedRow
from gateway.console.view import words
from gateway.console.view.case_row import tell_verdict
from gateway.console.view.rendering import print_part
from gateway.console.visit import Visit
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.store.queries.console.queue import Entry


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
