"""The page of a case: verdict, form, authentication, deadlines, and history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from starlette.responses import Response

from gateway.admission.application.items.fields import FORM_FIELDS
from gateway.admission.business_days import tokyo_date
from gateway.admission.case.deadlines import all_deadlines
from gateway.admission.case.model import Case, Level, Memo, State, find_attention
from gateway.admission.case.model.affiliation import AffiliationCheck
from gateway.console.asgi.visit import Visit
from gateway.console.deciding import offer, texts
from gateway.console.kept.openings import Opening
from gateway.console.view import words
from gateway.console.view.cases import timeline
from gateway.console.view.cases.case_row import tell_case, tell_verdict
from gateway.console.view.framing import frame_of, refuse
from gateway.console.view.rendering import render
from gateway.log import events
from gateway.printing.bilingual import EMPTY, Text, join
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.printing.statement import Statement
from gateway.store.queries.console import lists, marks
from gateway.store.queries.console.queue import Place, load_queue

Row = Mapping[str, Any]
_NO_ERROR = EMPTY


def show_case(visit: Visit) -> Response:
    """Show a case, and log that it was opened."""
    case = lists.find_case(visit.connection, visit.path["number"].upper())
    if case is None:
        return refuse(visit, 404)
    events.console_seen("case", case.number, visit.session.member)
    return show(visit, case)


def show(
    visit: Visit,
    case: Case,
    error: Text | Statement = _NO_ERROR,
    *,
    unread: Sequence[Outside] = (),
    status: int = 200,
) -> Response:
    """Render the page, with errors of its form and what was typed there."""
    found = find_attention(case)
    of_domain, has_more = lists.list_of_domain(visit.connection, case)
    openings = visit.site.openings.note(case.number, visit.session.member, visit.now)
    typed = visit.fields or visit.site.drafts.find(visit.draft, case.number)
    done = visit.read_done(f"/cases/{case.number}")
    return render(
        "cases/case",
        frame_of(visit, "queue", _tell_events(visit, case) if status == 200 else {}),
        status=status,
        error=error,
        unread=unread,
        done=texts.DONE.get(done, _NO_ERROR),
        leaves=_find_leaving(case, visit) if done in {"approve", "decline", "ask"} else None,
        next=find_next(visit, case) if done else None,
        offer=offer.build(case, visit, typed),
        case=case,
        number=Ours(case.number),
        organisation=Outside(case.form.organisation),
        name=Outside(case.form.name),
        title=join(Ours(f"{case.number} "), words.STATES[case.state]),
        state=words.STATES[case.state],
        verdict=tell_verdict(case),
        is_clear=found.level is Level.CLEAR,
        points=found.points,
        notes=found.notes,
        late=words.tell_due(case.due_on, visit.now) if case.state is State.UNDER_REVIEW else EMPTY,
        form=list(_list_form(case)),
        proof=words.name_proof(case.background.grade),
        kind=words.name_kind(case.background.domain_kind),
        body=Outside(case.background.organisation),
        applicant=case.applicant,
        checks=[_tell_check(check) for check in case.affiliation.checks],
        coming=list(_list_coming(case, visit)),
        earlier=[_tell_earlier(row) for row in lists.list_earlier(visit.connection, case)],
        of_domain=[tell_case(row) for row in of_domain],
        has_more=has_more,
        domain=Outside(case.applicant.domain),
        handler=Outside(visit.site.name_member(case.handler)),
        question=Outside(case.question),
        reason=Outside(case.reason),
        memos=[_tell_memo(memo, visit) for memo in case.memos],
        timeline=timeline.build(case, visit),
        others=[_tell_opening(one, visit) for one in openings],
    )


def _tell_events(visit: Visit, case: Case) -> dict[str, str]:
    return {"of": "case", "number": case.number, "mark": marks.mark_case(visit.connection, case.number)}


def find_next(visit: Visit, case: Case) -> Mapping[str, object] | None:
    """Return the next other case that waits for a decision; None if there is none."""
    page = load_queue(visit.connection, "waiting", Place())
    entry = next((one for one in page.entries if one.place.id != case.id), None)
    if entry is None:
        return None
    other = entry.case
    return {
        "number": Ours(other.number),
        "href": Ours(f"/cases/{other.number}"),
        "organisation": Outside(other.form.organisation),
    }


def _find_leaving(case: Case, visit: Visit) -> datetime | None:
    """Return when the letter of the last decision is sent; None if it may be sent already."""
    since = case.decided_at or case.waits_since
    leaves = since + visit.site.desk.undo_window if since else visit.now
    return leaves if leaves > visit.now else None


def _list_form(case: Case) -> Iterator[tuple[Text, Text | Outside]]:
    for field in FORM_FIELDS:
        value = words.name_value(field.item, getattr(case.form, field.item, ""))
        if value:
            yield Text(Ours(field.japanese), Ours(field.english)), value


def _tell_check(check: AffiliationCheck) -> dict[str, object]:
    return {"address": check.address, "answer": words.name_answer(check.answer, check.counts)}


def _list_coming(case: Case, visit: Visit) -> Iterator[tuple[object, Text]]:
    """Yield what happens in the next days if nobody acts."""
    today = tokyo_date(visit.now)
    for deadline in all_deadlines(case, visit.site.desk):
        if deadline.day >= today:
            yield deadline.day, words.COMING[deadline.kind]


def _tell_earlier(row: Row) -> dict[str, object]:
    return {
        **tell_case(row),
        "reason": Outside(row["reason"]),
    }


def _tell_opening(one: Opening, visit: Visit) -> dict[str, object]:
    return {"who": Outside(visit.site.name_member(one.member)), "at": one.at}


def _tell_memo(memo: Memo, visit: Visit) -> dict[str, object]:
    return {"by": Outside(visit.site.name_member(memo.by)), "at": memo.at, "text": Outside(memo.text)}
