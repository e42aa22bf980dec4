"""The journal, for operators: events, actors, and the head of the chain to note down."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response

from gateway.admission.case.model import GATEWAY
from gateway.console.view.framing import frame_of
from gateway.console.view.journal_words import JOURNAL
from gateway.console.view.rendering import render
from gateway.console.visit import Visit, read_number
from gateway.printing.bilingual import EMPTY, both
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.store.queries.console.journal import find_head, list_lines
from gateway.store.queries.console.lists import Row
from gateway.store.rows import from_text

MAX_TEXT = 254


def show_journal(visit: Visit) -> Response:
    """Show one page of lines."""
    event = visit.query.get("event", "") if visit.query.get("event", "") in JOURNAL else ""
    by = visit.query.get("by", "").strip()[:MAX_TEXT]
    lines, older = list_lines(visit.connection, event, by, read_number(visit.query.get("before", "")))
    number, head = find_head(visit.connection)
    return render(
        "office/journal",
        frame_of(visit, "journal"),
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
