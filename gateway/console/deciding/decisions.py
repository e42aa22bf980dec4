"""A decision in two steps: the letters with a request for the code, then the execution. Never by GET."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import RedirectResponse, Response

from gateway.admission.case.model import Case
from gateway.console.asgi.visit import Visit
from gateway.console.deciding import differences, offer, texts
from gateway.console.deciding.asking import Answer, answer_otherwise, ask, keep_grant
from gateway.console.deciding.form import Form, read_form
from gateway.console.pages import cases
from gateway.console.view import words
from gateway.console.view.framing import frame_of, refuse
from gateway.console.view.rendering import render
from gateway.printing.bilingual import EMPTY, Text
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.printing.statement import Statement
from gateway.store.console.outcome import What
from gateway.store.queries.console import lists

CONFIRMED = frozenset({*texts.NAMES})
Error = Text | Statement
_NO_ERROR = EMPTY


def propose(visit: Visit) -> Response:
    """Show the letters, and ask for the code."""
    case, form = _find(visit), read_form(visit.fields, CONFIRMED)
    if case is None:
        return refuse(visit, 404)
    if form.error is not None or form.word is None:
        return cases.show(visit, case, form.error or texts.NO_CHOICE, status=400)
    answer = ask(visit, "case.propose", form.to_question(case.number))
    if answer.what is What.READY:
        return _show_confirmation(visit, case, form, answer)
    return _answer(visit, case, form, answer)


def confirm(visit: Visit) -> Response:
    """Execute the decision; the case opens again with a message."""
    case, form = _find(visit), read_form(visit.fields, CONFIRMED)
    if case is None or form.word is None:
        return refuse(visit, 404 if case is None else 400)
    asked = {**form.to_question(case.number), "code": visit.fields.get("code", "")[:100]}
    answer = ask(visit, "case.decide", asked)
    if answer.what is What.DONE:
        done = "first" if answer.is_first else form.word.value
        return keep_grant(
            visit, RedirectResponse(visit.name_done(f"/cases/{case.number}", done), 303), answer
        )
    if answer.what is What.WRONG:
        return _ask_again(visit, case, form)
    return keep_grant(visit, _answer(visit, case, form, answer), answer)


def _find(visit: Visit) -> Case | None:
    return lists.find_case(visit.connection, visit.path["number"].upper())


def _ask_again(visit: Visit, case: Case, form: Form) -> Response:
    """Show the page again after a wrong code, while more attempts are allowed."""
    answer = ask(visit, "case.propose", form.to_question(case.number))
    if answer.what is What.READY:
        return _show_confirmation(visit, case, form, answer, texts.WRONG_CODE, 400)
    return _answer(visit, case, form, answer)


def _answer(visit: Visit, case: Case, form: Form, answer: Answer) -> Response:
    """Return the case page for any other outcome of a form."""
    if answer.what is What.CHANGED:
        return _show_changed(visit, case, form)
    if answer.what is What.REFUSED and answer.why is not None:
        return cases.show(visit, case, answer.why, unread=answer.unread, status=400)
    if answer.what is What.FULL:
        return cases.show(visit, case, texts.FULL, status=429)
    return answer_otherwise(visit, answer)


def _show_confirmation(
    visit: Visit, case: Case, form: Form, answer: Answer, error: Text = _NO_ERROR, status: int = 200
) -> Response:
    assert form.word is not None  # noqa: S101 - read before
    return render(
        "cases/confirm",
        frame_of(visit, "queue"),
        status=status,
        **_tell_case(case),
        act=texts.NAMES[form.word],
        text=Outside(form.text),
        until=form.until,
        hidden=form.to_hidden(),
        slip=Outside(form.slip),
        letters=answer.letters,
        becomes=words.STATES[answer.state] if answer.state else _NO_ERROR,
        is_first=answer.is_first,
        is_coded=answer.is_coded,
        own=visit.member.address,
        new_slip=Ours(offer.make_slip()),
        confirm=Ours(f"/cases/{case.number}/confirm"),
        again=Ours(f"/cases/{case.number}/decide"),
        back=Ours(f"/cases/{case.number}"),
        error=error,
    )


def _show_changed(visit: Visit, case: Case, form: Form) -> Response:
    """Show that the case has changed since it was shown: what differs, and who did what."""
    return render(
        "cases/changed",
        frame_of(visit, "queue"),
        status=409,
        **_tell_case(case),
        act=texts.NAMES[form.word] if form.word else _NO_ERROR,
        decided=words.STATES[case.state] if case.decided_by else _NO_ERROR,
        by=Outside(visit.site.name_member(case.decided_by)),
        at=case.decided_at,
        rows=differences.compare(visit.fields.get("view", ""), case, visit),
        text=Outside(form.text),
        state=words.STATES[case.state],
        back=Ours(f"/cases/{case.number}"),
        next=cases.find_next(visit, case),
    )


def _tell_case(case: Case) -> Mapping[str, object]:
    return {
        "number": Ours(case.number),
        "organisation": Outside(case.form.organisation),
        "name": Outside(case.form.name),
    }
