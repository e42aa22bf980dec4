"""Mails and letters by themselves, and the mails of no case."""

from __future__ import annotations

from starlette.responses import Response

from gateway.admission import wording
from gateway.console import words
from gateway.console.framing import frame_of
from gateway.console.rendering import render, render_error
from gateway.console.timeline import hide_code, read_words, tell_proof
from gateway.console.visit import Visit
from gateway.log import events
from gateway.printing.fields import Ours, ours
from gateway.printing.outside import Outside
from gateway.store.protocol import LetterState
from gateway.store.queries.console import lists
from gateway.store.rows import from_text

_DNS = ("rtype", "name", "status")


def show_mail(visit: Visit) -> Response:
    """One mail: from whom, its proof with every DNS answer, its words as they are read."""
    row = lists.find_mail(visit.connection, _read_id(visit), visit.path.get("number", "").upper())
    if row is None:
        return render_error(visit.site.office, 404, visit.member.name)
    events.console_seen("mail", str(row["id"]), visit.session.member)
    text = read_words(bytes(row["raw"]))
    return render(
        "mail",
        frame_of(visit, "queue" if row["number"] else "mails"),
        title=Ours(f"メール {row['id']}"),
        back=_link_back(row["number"], "/mails"),
        at=from_text(row["received_at"]),
        author=Outside(row["author"]),
        subject=Outside(row["subject"]),
        client=Outside(row["client_ip"]),
        to=Outside(row["forward_path"]),
        proof=tell_proof(row["verdict"]),
        answers=[_tell_answer(one) for one in lists.read_answers(row["verdict"])],
        is_erased=text is None,
        text=Outside(text or ""),
    )


def _tell_answer(one: lists.Row) -> dict[str, Outside]:
    records = one.get("records")
    listed = " / ".join(map(str, records)) if isinstance(records, list) else ""
    return {name: Outside(str(one.get(name, ""))) for name in _DNS} | {"records": Outside(listed)}


def show_letter(visit: Visit) -> Response:
    """One letter, with its words as last sent and what the other server said."""
    row = lists.find_letter(visit.connection, _read_id(visit), visit.path.get("number", "").upper())
    if row is None:
        return render_error(visit.site.office, 404, visit.member.name)
    events.console_seen("letter", str(row["id"]), visit.session.member)
    return render(
        "letter",
        frame_of(visit, "queue"),
        title=Ours(f"{wording.letter_title(row['letter'])} {row['id']}"),
        back=_link_back(row["number"], "/outbox"),
        state=words.LETTER_STATES[LetterState(row["state"])],
        to=Outside(row["recipient"]),
        subject=Outside(row["subject"]),
        queued=from_text(row["queued_at"]),
        sent=from_text(row["sent_at"]) if row["sent_at"] else None,
        attempts=row["attempts"],
        reply=Outside(row["last_reply"]),
        text=Outside(hide_code(row["sent_text"])),
    )


def _link_back(number: str | None, otherwise: str) -> Ours:
    return Ours(f"/cases/{number}" if number else otherwise)


def _read_id(visit: Visit) -> int:
    text = visit.path["id"]
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def list_mails(visit: Visit) -> Response:
    """The mails of no case, the newest first."""
    at, _, number = visit.query.get("before", "").partition("_")
    is_place = number.isascii() and number.isdecimal() and len(number) < 19 and at.isascii()
    found = lists.list_loose_mails(visit.connection, (at, int(number)) if is_place else ("", 0))
    more = found[lists.PAGE - 1] if len(found) > lists.PAGE else None
    return render(
        "mails",
        frame_of(visit, "mails"),
        rows=[_tell_loose(row) for row in found[: lists.PAGE]],
        after=Ours(f"/mails?before={more['received_at'].replace('+', '%2B')}_{more['id']}" if more else ""),
    )


def _tell_loose(row: lists.Row) -> dict[str, object]:
    return {
        "href": Ours(f"/mails/{row['id']}"),
        "id": row["id"],
        "at": from_text(row["received_at"]),
        "author": Outside(row["author"]),
        "subject": Outside(row["subject"]),
        "holds": words.UNHEARD.get(row["unheard"], ours("")),
    }
