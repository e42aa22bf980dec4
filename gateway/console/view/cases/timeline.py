"""The history of a case in chronological order: mails and letters with their text, and the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.admission.authority import tokens
from gateway.admission.case.model import GATEWAY, Case
from gateway.console.asgi.visit import Visit
from gateway.console.view import words
from gateway.console.view.cases.journal_words import tell_event
from gateway.mail import message
from gateway.mail.message import MalformedMessageError
from gateway.mail.mime import content
from gateway.printing.bilingual import EMPTY, Text, both
from gateway.printing.fields import Fact, Ours, ours
from gateway.printing.outside import Outside
from gateway.store.protocol import LetterState
from gateway.store.queries.console import lists
from gateway.store.tables.rows import from_text

MAX_WORDS = 20_000
_SAID = ("text", "reason", "question", "note")
Row = Mapping[str, Any]
Step = dict[str, object]


def build(case: Case, visit: Visit) -> list[Step]:
    """Return all steps, the newest last."""
    spoken = lists.list_words(visit.connection, case)
    mails = lists.list_mails_of(visit.connection, case)
    steps = [
        *(_tell_mail(row, case, spoken.get(row["id"])) for row in mails),
        *(_tell_letter(row, case, visit) for row in lists.list_letters_of(visit.connection, case)),
        *(_tell_line(row, visit) for row in lists.list_journal(visit.connection, case)),
    ]
    return sorted(steps, key=_moment_of)


def _moment_of(step: Step) -> datetime:
    moment = step["at"]
    assert isinstance(moment, datetime)  # noqa: S101 - written below
    return moment


def _tell_mail(row: Row, case: Case, raw: bytes | None) -> Step:
    return {
        "at": from_text(row["received_at"]),
        "sign": both("受信", "received"),
        "what": Outside(row["subject"]),
        "who": Outside(row["author"]),
        "how": tell_proof(row["verdict"]),
        "href": Ours(f"/cases/{case.number}/mails/{row['id']}"),
        "text": Outside(read_words(raw) or ""),
    }


def _tell_letter(row: Row, case: Case, visit: Visit) -> Step:
    state = LetterState(row["state"])
    return {
        "at": from_text(row["sent_at"] or row["queued_at"]),
        "sign": both("送信", "sent") if state is LetterState.SENT else words.LETTER_STATES[state],
        "what": words.name_letter(row["letter"]),
        "who": Outside(visit.site.name_member(row["recipient"])),
        "how": Outside(row["last_reply"]),
        "href": Ours(f"/cases/{case.number}/letters/{row['id']}"),
        "text": Outside(hide_code(row["sent_text"])),
    }


def _tell_line(row: Row, visit: Visit) -> Step:
    said_by = row["by"]
    by = both("受付サービス", "gateway") if said_by == GATEWAY else Outside(visit.site.name_member(said_by))
    return {
        "at": from_text(row["at"]),
        "sign": both("記録", "recorded"),
        "what": tell_event(row["event"]),
        "who": by,
        "how": both("画面（コンソール）から", "in the console")
        if row["detail"].get("via") == Outside("web")
        else EMPTY,
        "href": ours(""),
        "text": _find_said(row["detail"]),
    }


def _find_said(detail: Mapping[str, Fact]) -> Outside:
    found = next((detail[name] for name in _SAID if detail.get(name)), None)
    return found if isinstance(found, Outside) else Outside("")


def read_words(raw: bytes | None) -> str | None:
    """Return the text of a mail as the desk reads it; None if it was erased."""
    if not raw:
        return None
    try:
        return content.extract(message.parse(raw)).text[:MAX_WORDS]
    except MalformedMessageError:
        return None


def hide_code(text: str) -> str:
    """Return the text of a letter without its code, which only the addressee may know."""
    code = tokens.find_code(text)
    return text.replace(code, "*" * len(code)) if code else text


def tell_proof(verdict: str) -> Text:
    """Return the authentication of a mail's author; empty for a mail that needed none."""
    known = json.loads(verdict)
    return words.name_proof(known["grade"]) if known else EMPTY
