"""The gateway's answers to a member's forms; see `gateway.store.console.outcome`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.responses import RedirectResponse, Response

from gateway.admission.case.model import State
from gateway.console.asgi.visit import Visit
from gateway.console.security import cookies
from gateway.console.security.cookies import Cookie
from gateway.console.view import words
from gateway.console.view.framing import refuse
from gateway.printing.bilingual import Text, both
from gateway.printing.outside import Outside
from gateway.printing.statement import Statement, from_stored
from gateway.store.console.outcome import What

_STATUS: Mapping[What, int] = {What.GONE: 404, What.OFF: 403, What.MANY: 429}


@dataclass(frozen=True, slots=True)
class Leaving:
    """A letter that would be sent: kind, addressee, text, and when, None for at once.

    `is_request`: it asks for an invitation.
    """

    name: Text
    to: Outside
    at: datetime | None
    subject: Outside
    text: Outside
    is_request: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """An `Outcome` as received over the socket.

    `grant` is a secret for the browser to keep; `parts` are the answers about several cases, by number.
    """

    what: What
    why: Statement | None
    unread: tuple[Outside, ...]
    letters: tuple[Leaving, ...]
    state: State | None
    is_first: bool
    is_coded: bool
    grant: str
    parts: tuple[tuple[str, Answer], ...]


def ask(visit: Visit, verb: str, asked: Mapping[str, str]) -> Answer:
    """Send a request for this session and browser. Raises UnavailableError."""
    browser = {"session": visit.secret, "grant": visit.grant, "client": visit.client}
    given = visit.site.ask(verb, {**browser, **asked})
    return _read_answer(given if isinstance(given, dict) else {})


def _read_answer(facts: Mapping[str, Any]) -> Answer:
    return Answer(
        what=What(facts.get("what", What.ENDED)),
        why=from_stored(facts["why"]) if facts.get("why") else None,
        unread=tuple(Outside(str(one)) for one in facts.get("unread", ())),
        letters=tuple(map(_read_letter, facts.get("letters", ()))),
        state=State(facts["state"]) if facts.get("state") else None,
        is_first=bool(facts.get("is_first")),
        is_coded=bool(facts.get("is_coded")),
        grant=str(facts.get("grant", "")),
        parts=tuple((str(part["number"]), _read_answer(part)) for part in facts.get("parts", ())),
    )


def _read_letter(given: Mapping[str, str]) -> Leaving:
    is_request = given["sender"] != "mail"
    return Leaving(
        both("招待の依頼", "Invitation request") if is_request else words.name_letter(given["letter"]),
        Outside(given["to"]),
        datetime.fromisoformat(given["at"]) if given["at"] else None,
        Outside(given["subject"]),
        Outside(given["text"]),
        is_request,
    )


def answer_otherwise(visit: Visit, answer: Answer) -> Response:
    """Return the page for an answer without a form: no such case, disabled, or no session."""
    if answer.what is What.ENDED:
        return RedirectResponse("/login", 303)
    return refuse(visit, _STATUS.get(answer.what, 400))


def keep_grant(visit: Visit, response: Response, answer: Answer) -> Response:
    """Return the response with the grant, if any, which makes the next code unnecessary."""
    if answer.grant:
        cookies.put(response, Cookie.GRANT, answer.grant, secure=visit.site.is_secure)
    return response
