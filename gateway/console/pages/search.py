"""Search: sent as a form, so that no name is in a URL; the result has a temporary address.

The search text is kept in memory, under an id that only the same session can open.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from gateway.console.view.case_row import tell_case
from gateway.console.view.framing import frame_of, refuse
from gateway.console.view.rendering import render
from gateway.console.visit import Visit, read_number
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.store.queries.console.lists import Row
from gateway.store.queries.console.search import search

MAX_TEXT = 100
MAX_KEPT = 500


@dataclass(frozen=True, slots=True)
class Searches:
    """Search texts by id, with their session. Thread-safe."""

    _texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, session: str, text: str) -> str:
        """Keep a text; return its id."""
        made = secrets.token_urlsafe(12)
        with self._lock:
            while len(self._texts) >= MAX_KEPT:
                del self._texts[next(iter(self._texts))]
            self._texts[made] = (session, text)
        return made

    def find(self, session: str, made: str) -> str | None:
        """Return the text, for the session that searched; otherwise None."""
        with self._lock:
            of, text = self._texts.get(made, ("", ""))
        return text if of == session else None


def show_form(visit: Visit) -> Response:
    """Show the empty form."""
    return render("cases/search", frame_of(visit, "search"), text=Outside(""), rows=None, older="")


def begin(visit: Visit, searches: Searches) -> Response:
    """Keep the search text, and redirect to its page."""
    text = visit.fields.get("q", "").strip()[:MAX_TEXT]
    if not text:
        return RedirectResponse("/search", 303)
    return RedirectResponse(f"/search/{quote(searches.keep(visit.session.digest, text))}", 303)


def show_found(visit: Visit, searches: Searches) -> Response:
    """Show a page of the matching cases, the newest first."""
    made = visit.path["id"]
    text = searches.find(visit.session.digest, made)
    if text is None:
        return refuse(visit, 404)
    found = search(visit.connection, text, read_number(visit.query.get("before", "")))
    return render(
        "cases/search",
        frame_of(visit, "search"),
        text=Outside(text),
        rows=[_tell(row) for row in found.rows],
        older=Ours(f"/search/{quote(made)}?before={found.before}" if found.before else ""),
    )


def _tell(row: Row) -> dict[str, object]:
    return {
        **tell_case(row),
        "name": Outside(row["name"]),
        "organisation": Outside(row["organisation"]),
        "applicant": Outside(row["applicant"]),
    }
