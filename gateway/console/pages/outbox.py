"""Letters that are waiting, held or undelivered."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from gateway.console.asgi.visit import Visit, read_number
from gateway.console.view import words
from gateway.console.view.framing import frame_of
from gateway.console.view.rendering import render
from gateway.printing.bilingual import EMPTY, Text, both
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.store.protocol import LetterState
from gateway.store.queries.console import lists
from gateway.store.tables.rows import from_text

_OPEN = (LetterState.QUEUED, LetterState.DEFERRED, LetterState.HELD, LetterState.REFUSED)
VIEWS: Mapping[str, tuple[LetterState, ...]] = {"": _OPEN} | {
    state.value: (state,) for state in (*_OPEN, LetterState.RECALLED, LetterState.SENT)
}


_NO_STATE = both("この状態はありません。下から選んでください。", "There is no such state. Choose one below.")


def show_outbox(visit: Visit) -> Response:
    """Show one page of letters in a state, or of all unfinished ones."""
    asked = visit.query.get("state", "")
    state = asked if asked in VIEWS else ""
    before = read_number(visit.query.get("before", ""))
    found = lists.list_letters(visit.connection, VIEWS[state], before)
    more = found[lists.PAGE - 1]["id"] if len(found) > lists.PAGE else None
    return render(
        "mail/outbox",
        frame_of(visit, "outbox"),
        status=200 if state == asked else 400,
        error=EMPTY if state == asked else _NO_STATE,
        views=[(Ours(f"/outbox?state={name}"), _name(name), name == state) for name in VIEWS],
        title=_name(state),
        rows=[_tell(row, visit) for row in found[: lists.PAGE]],
        after=Ours(f"/outbox?state={state}&before={more}" if more else ""),
    )


def _name(state: str) -> Text:
    return words.LETTER_STATES[LetterState(state)] if state else both("終わっていないもの", "not finished")


def _tell(row: lists.Row, visit: Visit) -> dict[str, object]:
    number = row["number"] or ""
    state = LetterState(row["state"])
    return {
        "id": row["id"],
        "href": Ours(f"/cases/{number}/letters/{row['id']}" if number else f"/letters/{row['id']}"),
        "number": Ours(number),
        "letter": words.name_letter(row["letter"]),
        "to": Outside(visit.site.name_member(row["recipient"])),
        "state": words.LETTER_STATES[state],
        "attempts": row["attempts"],
        "at": from_text(row["queued_at"]),
        "next": from_text(row["not_before"]) if state in {LetterState.QUEUED, LetterState.DEFERRED} else None,
        "reply": Outside(row["last_reply"]),
        "to_do": _tell_what_to_do(row["id"], state) if visit.is_operator else Ours(""),
    }


def _tell_what_to_do(letter: int, state: LetterState) -> Ours:
    """Return the command for an operator to copy."""
    can_go = state in {LetterState.HELD, LetterState.REFUSED, LetterState.DEFERRED}
    return Ours(f"gateway outbox retry {letter}" if can_go else "")
