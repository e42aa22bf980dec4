"""Pages of single mails and letters, and of the mails without a case."""

from __future__ import annotations

from starlette.responses import Response

from gateway.admission.business_days import tokyo_date
from gateway.console.asgi.visit import Visit, read_number
from gateway.console.view import words
from gateway.console.view.cases.timeline import hide_code, read_words, tell_proof
from gateway.console.view.framing import frame_of, refuse
from gateway.console.view.rendering import render
from gateway.log import events
from gateway.printing.bilingual import EMPTY, both, join
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.store.protocol import LetterState
from gateway.store.queries.console import lists, refusals
from gateway.store.tables.rows import from_text

_DNS = ("rtype", "name", "status")


def show_mail(visit: Visit) -> Response:
    """Show a mail: author, authentication with every DNS answer, and its text as we read it."""
    row = _find_mail(visit)
    if row is None:
        return refuse(visit, 404)
    events.console_seen("mail", str(row["id"]), visit.session.member)
    text = read_words(bytes(row["raw"]))
    return render(
        "mail/mail",
        frame_of(visit, "queue" if row["number"] else "mails"),
        title=join(both("メール ", "Message "), Ours(str(row["id"]))),
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
        file=Ours(f"{_link_mail(row)}.eml" if visit.is_operator and row["raw"] else ""),
    )


def send_mail(visit: Visit) -> Response:
    """Send a mail as received, for operators, as a file that no browser opens; log that."""
    row = _find_mail(visit)
    if row is None or not row["raw"]:
        return refuse(visit, 404)
    events.console_seen("mail.eml", str(row["id"]), visit.session.member)
    headers = {"content-disposition": f'attachment; filename="mail-{row["id"]}.eml"'}
    return Response(bytes(row["raw"]), media_type="message/rfc822", headers=headers)


def _find_mail(visit: Visit) -> lists.Row | None:
    mail = read_number(visit.path["id"])
    return lists.find_mail(visit.connection, mail, visit.path.get("number", "").upper())


def _tell_answer(one: lists.Row) -> dict[str, Outside]:
    records = one.get("records")
    listed = " / ".join(map(str, records)) if isinstance(records, list) else ""
    return {name: Outside(str(one.get(name, ""))) for name in _DNS} | {"records": Outside(listed)}


def show_letter(visit: Visit) -> Response:
    """Show a letter, with its text as last sent and the reply of the other server."""
    row = lists.find_letter(
        visit.connection, read_number(visit.path["id"]), visit.path.get("number", "").upper()
    )
    if row is None:
        return refuse(visit, 404)
    events.console_seen("letter", str(row["id"]), visit.session.member)
    return render(
        "mail/letter",
        frame_of(visit, "queue" if row["number"] else "outbox"),
        title=join(words.name_letter(row["letter"]), Ours(f" {row['id']}")),
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


def _link_mail(row: lists.Row) -> str:
    return f"/cases/{row['number']}/mails/{row['id']}" if row["number"] else f"/mails/{row['id']}"


def _link_back(number: str | None, otherwise: str) -> Ours:
    return Ours(f"/cases/{number}" if number else otherwise)


def list_mails(visit: Visit) -> Response:
    """Show the mail without a case, newest first, and whose mail was rejected recently."""
    at, _, number = visit.query.get("before", "").partition("_")
    is_place = number.isascii() and number.isdecimal() and len(number) < 19 and at.isascii()
    found = lists.list_loose_mails(visit.connection, (at, int(number)) if is_place else ("", 0))
    more = found[lists.PAGE - 1] if len(found) > lists.PAGE else None
    refused, others = refusals.list_refused(visit.connection, tokyo_date(visit.now))
    return render(
        "mail/mails",
        frame_of(visit, "mails"),
        rows=[_tell_loose(row) for row in found[: lists.PAGE]],
        after=Ours(f"/mails?before={more['received_at'].replace('+', '%2B')}_{more['id']}" if more else ""),
        days=refusals.DAYS,
        refused=[_tell_refused(one) for one in refused],
        others=others,
    )


def _tell_loose(row: lists.Row) -> dict[str, object]:
    return {
        "href": Ours(f"/mails/{row['id']}"),
        "id": row["id"],
        "at": from_text(row["received_at"]),
        "author": Outside(row["author"]),
        "subject": Outside(row["subject"]),
        "holds": words.UNHEARD.get(row["unheard"], EMPTY),
    }


def _tell_refused(one: refusals.Refused) -> dict[str, object]:
    return {
        "domain": Outside(one.domain) if one.domain else both("そのほかのドメイン", "other domains"),
        "count": one.count,
        "at": one.last_at,
    }
