"""Actions without a code: a note for colleagues, a claim, a review request to oneself."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from gateway.admission.case.model.shown import make_mark
from gateway.admission.replies.reading import Decision
from gateway.console.asgi.visit import Visit
from gateway.console.deciding import texts
from gateway.console.deciding.asking import answer_otherwise, ask
from gateway.console.deciding.form import read_form
from gateway.console.pages import cases
from gateway.console.view.framing import refuse
from gateway.store.console.outcome import What
from gateway.store.queries.console import lists


def write_note(visit: Visit) -> Response:
    """Add a note to the case."""
    return _say(visit, Decision.MEMO)


def take(visit: Visit) -> Response:
    """Claim the case for a while."""
    return _say(visit, Decision.TAKE)


def send_me(visit: Visit) -> Response:
    """Send the review request to the member's own mailbox, also if `console.decisions` is off."""
    return _carry_out(visit, "case.send_me", {}, "sent")


def _say(visit: Visit, word: Decision) -> Response:
    form = read_form({**visit.fields, "word": word.value}, {word})
    if form.error is not None:
        case = lists.find_case(visit.connection, visit.path["number"].upper())
        if case is not None:
            return cases.show(visit, case, form.error, status=400)
    return _carry_out(visit, "case.say", {"word": word.value, "text": form.text}, word.value)


def _carry_out(visit: Visit, verb: str, asked: dict[str, str], done: str) -> Response:
    case = lists.find_case(visit.connection, visit.path["number"].upper())
    if case is None:
        return refuse(visit, 404)
    answer = ask(visit, verb, {"number": case.number, "shown": make_mark(case), **asked})
    if answer.what is What.DONE:
        return RedirectResponse(visit.name_done(f"/cases/{case.number}", done), 303)
    if answer.what is What.REFUSED and answer.why is not None:
        return cases.show(visit, case, answer.why, unread=answer.unread, status=400)
    if answer.what is What.MANY:
        return cases.show(visit, case, texts.MANY, status=429)
    return answer_otherwise(visit, answer)
