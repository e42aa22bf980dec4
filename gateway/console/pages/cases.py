"""One case: the verdict, the form, the proof in words, what comes by itself, and all that happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.responses import Response

from gateway.admission import wording
from gateway.admission.application.labels import FORM_FIELDS
from gateway.admission.business_days import tokyo_date
from gateway.admission.case.deadlines import all_deadlines
from gateway.admission.case.model import Case, Level, Memo, State, find_attention
from gateway.admission.case.model.affiliation import AffiliationCheck
from gateway.console import timeline, words
from gateway.console.framing import frame_of
from gateway.console.pages.queue import tell_verdict
from gateway.console.rendering import render, render_error
from gateway.console.visit import Visit
from gateway.log import events
from gateway.printing.fields import Ours, ours
from gateway.printing.outside import Outside
from gateway.store.queries.console import lists
from gateway.store.rows import from_text

Row = Mapping[str, Any]


def show_case(visit: Visit) -> Response:
    """The page of a case; that it was opened is in the log."""
    case = lists.find_case(visit.connection, visit.path["number"].upper())
    if case is None:
        return render_error(visit.site.office, 404, visit.member.name)
    events.console_seen("case", case.number, visit.session.member)
    found = find_attention(case)
    return render(
        "case",
        frame_of(visit, "queue"),
        case=case,
        number=Ours(case.number),
        organisation=Outside(case.form.organisation),
        name=Outside(case.form.name),
        title=Ours(f"{case.number} {words.STATES[case.state]}"),
        state=words.STATES[case.state],
        verdict=tell_verdict(case),
        is_clear=found.level is Level.CLEAR,
        points=found.points,
        notes=found.notes,
        late=words.tell_due(case.due_on, visit.now) if case.state is State.UNDER_REVIEW else ours(""),
        form=list(_list_form(case)),
        proof=Ours(wording.proof_text(case.background.grade)),
        kind=Ours(wording.kind_text(case.background.domain_kind)),
        body=Outside(case.background.organisation),
        applicant=case.applicant,
        checks=[_tell_check(check) for check in case.affiliation.checks],
        coming=list(_list_coming(case, visit)),
        earlier=[_tell_earlier(row) for row in lists.list_earlier(visit.connection, case)],
        handler=Outside(visit.site.name_member(case.handler)),
        question=Outside(case.question),
        reason=Outside(case.reason),
        memos=[_tell_memo(memo, visit) for memo in case.memos],
        timeline=timeline.build(case, visit),
    )


def _list_form(case: Case) -> Iterator[tuple[Ours, Outside]]:
    for field in FORM_FIELDS:
        value = wording.value_text(field.item, getattr(case.form, field.item, ""))
        if value:
            yield Ours(field.japanese), value if isinstance(value, Outside) else Outside(value)


def _tell_check(check: AffiliationCheck) -> dict[str, object]:
    return {"address": check.address, "answer": Ours(wording.answer_text(check.answer, check.counts))}


def _list_coming(case: Case, visit: Visit) -> Iterator[tuple[object, Ours]]:
    """What the next days bring if nobody does anything."""
    today = tokyo_date(visit.now)
    for deadline in all_deadlines(case, visit.site.desk):
        if deadline.day >= today:
            yield deadline.day, words.COMING[deadline.kind]


def _tell_earlier(row: Row) -> dict[str, object]:
    return {
        "number": Ours(row["number"]),
        "href": Ours(f"/cases/{row['number']}"),
        "state": words.STATES[State(row["state"])],
        "at": from_text(row["opened_at"]),
        "reason": Outside(row["reason"]),
    }


def _tell_memo(memo: Memo, visit: Visit) -> dict[str, object]:
    return {"by": Outside(visit.site.name_member(memo.by)), "at": memo.at, "text": Outside(memo.text)}
