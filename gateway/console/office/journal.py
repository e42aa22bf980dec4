"""The journal, for operators: events, actors, and the head of the chain to note down."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response

from gateway.admission.case.model import GATEWAY
from gateway.console.asgi.visit import Visit, read_number
from gateway.console.view.cases.journal_words import JOURNAL
from gateway.console.view.framing import frame_of
from gateway.console.view.rendering import render
from gateway.printing.bilingual import EMPTY, both
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.store.queries.console.journal import find_head, list_lines
from gateway.store.queries.console.lists import Row
from gateway.store.tables.rows import from_text

MAX_TEXT = 254
_NOT_LISTED = both("できごとを、一覧から選んでください。", "Choose the event from the list.")


def show_journal(visit: Visit) -> Response:
    """Show one page of lines."""
    asked = visit.query.get("event", "")
    is_bad = asked not in {"", *JOURNAL}
    event = "" if is_bad else asked
    by = visit.query.get("by", "").strip()[:MAX_TEXT]
    lines, older = list_lines(visit.connection, event, by, read_number(visit.query.get("before", "")))
    number, head = find_head(visit.connection)
    return render(
        "office/journal",
        frame_of(visit, "journal"),
        status=400 if is_bad else 200,
        error=_NOT_LISTED if is_bad else EMPTY,
        rows=[_tell(line, visit) for line in lines],
        events=[(Ours(name), said, name == event) for name, said in JOURNAL.items()],
        by=Outside(by),
        head_number=number,
        head_hash=Ours(head.hex()),
        older=Ours(f"/journal?{urlencode({'event': event, 'by': by, 'before': older})}" if older else ""),
    )


def _tell(line: Row, visit: Visit) -> dict[str, object]:
    by = line["by"]
    return {
        "id": line["id"],
        "at": from_text(line["at"]),
        "event": JOURNAL.get(line["event"], EMPTY),
        "name": Ours(line["event"]),
        "by": both("受付サービス", "gateway") if by == GATEWAY else Outside(visit.site.name_member(by)),
        "number": Ours(line["number"] or ""),
    }
