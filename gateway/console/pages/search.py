"""Search: sent as a form, so that no name stands in an address; the answer lies here for a while.

What was searched for is kept in memory, by an id that the session alone can open.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from gateway.admission.case.model import State
from gateway.console import words
from gateway.console.framing import frame_of
from gateway.console.rendering import render, render_error
from gateway.console.visit import Visit
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.store.queries.console import lists
from gateway.store.rows import from_text

MAX_TEXT = 100
MAX_KEPT = 500


@dataclass(frozen=True, slots=True)
class Searches:
    """What was searched for, by id: the session, and the text. Safe in threads."""

    _texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, session: str, text: str) -> str:
        """Keep a text; gives its id."""
        made = secrets.token_urlsafe(12)
        with self._lock:
            while len(self._texts) >= MAX_KEPT:
                del self._texts[next(iter(self._texts))]
            self._texts[made] = (session, text)
        return made

    def find(self, session: str, made: str) -> str | None:
        """The text, for the session that searched."""
        with self._lock:
            of, text = self._texts.get(made, ("", ""))
        return text if of == session else None


def show_form(visit: Visit) -> Response:
    """The empty form."""
    return render("search", frame_of(visit, "search"), text=Outside(""), rows=None, most=lists.MAX_FOUND)


def begin(visit: Visit, searches: Searches) -> Response:
    """Keep what is searched for, and go to its page."""
    text = visit.fields.get("q", "").strip()[:MAX_TEXT]
    if not text:
        return RedirectResponse("/search", 303)
    return RedirectResponse(f"/search/{quote(searches.keep(visit.session.digest, text))}", 303)


def show_found(visit: Visit, searches: Searches) -> Response:
    """The cases that fit, the newest first."""
    text = searches.find(visit.session.digest, visit.path["id"])
    if text is None:
        return render_error(visit.site.office, 404, visit.member.name)
    found = [_tell(row) for row in lists.search(visit.connection, text)]
    return render("search", frame_of(visit, "search"), text=Outside(text), rows=found, most=lists.MAX_FOUND)


def _tell(row: lists.Row) -> dict[str, object]:
    return {
        "number": Ours(row["number"]),
        "href": Ours(f"/cases/{row['number']}"),
        "state": words.STATES[State(row["state"])],
        "name": Outside(row["name"]),
        "organisation": Outside(row["organisation"]),
        "applicant": Outside(row["applicant"]),
        "at": from_text(row["opened_at"]),
    }
