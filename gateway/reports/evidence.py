"""The evidence about one case as one file: each deciding mail, what it was read as then, and what it is now.

A zip file with `case.json`, the octets of the mails (`mails/ID.eml`) and the letters as sent, tokens masked
(`letters/ID.txt`). The hash of the journal's last line is in it, so that the chain proves the lines later.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from gateway import __version__
from gateway.admission.authority import tokens
from gateway.admission.replies import decision
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.outsiders import confirmation
from gateway.admission.replies.outsiders.withdrawal import is_withdrawal
from gateway.mail import message
from gateway.mail.header import auto_submitted, fields
from gateway.mail.mime import content
from gateway.printing.stating import say
from gateway.printing.terminal import to_json

Row = dict[str, Any]


def pack(found: Row, names: Mapping[str, str]) -> bytes:
    """The file: `found` is what `EvidenceReader` gave, `names` are those of the staff by address."""
    mails = found.pop("evidence")
    texts = found.pop("texts")
    read = [_tell_mail(mail, found, texts, names) for mail in mails]
    told = {"release": __version__, **found, "deciding_mails": read}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("case.json", to_json(told, indent=1) + "\n")
        for mail in mails:
            archive.writestr(f"mails/{mail['id']}.eml", mail["raw"])
        for letter in texts:
            if letter["sent_text"]:
                archive.writestr(f"letters/{letter['id']}.txt", _format_letter(letter))
    return packed.getvalue()


def _format_letter(letter: Row) -> str:
    head = f"To: {letter['recipient']}\nDate: {letter['sent_at']}\nSubject: {letter['subject']}\n"
    return f"{head}\n{letter['sent_text']}"


def _tell_mail(mail: Row, case: Row, texts: Sequence[Row], names: Mapping[str, str]) -> Row:
    """One mail without its octets: how it was proven, what the journal says of it, how it is read today."""
    told = {name: value for name, value in mail.items() if name != "raw"}
    then = [line for line in case["chain"] if line["mail_id"] == mail["id"]]
    seen = [row["sent_text"] for row in texts if row["recipient"] == mail["author"] and _is_before(row, mail)]
    told["reading_then"] = [{"event": line["event"], "detail": json.loads(line["detail"])} for line in then]
    told["reading_now"] = read_again(mail, case, seen, names.get(mail["author"].lower(), ""))
    return told


def _is_before(letter: Row, mail: Row) -> bool:
    return bool(letter["sent_at"]) and letter["sent_at"] <= mail["received_at"]


def read_again(mail: Row, case: Row, seen: Sequence[str], name: str) -> Row:
    """What the reader of this release understands; `seen` are the letters that the writer had by then, of
    which the newest is tried first for its code. Never raises for what a mail holds."""
    try:
        parsed = message.parse(mail["raw"])
        text = content.extract(parsed)
    except message.MalformedMessageError as error:
        return {"release": __version__, "unreadable": str(error)}
    lines = tuple(line.strip() for letter in seen for line in letter.splitlines() if line.strip())
    contexts = [_build_context(case, lines, tokens.find_code(letter), name) for letter in reversed(seen)]
    contexts = contexts or [_build_context(case, (), "", name)]
    machine = auto_submitted.automatic_reason(parsed, null_reverse_path=False)
    told: Row = {"release": __version__, "automatic": machine or ""}
    if mail["kind"] == "affiliation_answer":
        answers = [
            confirmation.parse_confirmation(text.text, one, html_text=text.html_text) for one in contexts
        ]
        clear = [one.value for one in answers if one is not confirmation.Confirmation.NONE]
        return told | {"answer": clear[0] if clear else "none"}
    if mail["kind"] == "case_reply":
        return told | {"withdraws": is_withdrawal(text.text, contexts[0])}
    subject = fields.subject(parsed)
    readings = [decision.parse(text.text, subject, one, html_text=text.html_text) for one in contexts]
    best = next((one for one in readings if one.by_code), readings[0])
    word = {"word": best.decision.value, "by_code": best.by_code, "note": best.note}
    return told | word | {"why": str(say(best.why)), "unread": list(best.unread)}


def _build_context(case: Row, lines: tuple[str, ...], code: str, name: str) -> ReplyContext:
    form = case["form"]
    return ReplyContext(
        member_names=(name,) if name else (),
        case_number=case["number"],
        applicant_name=form.get("name", ""),
        organisation=form.get("organisation", ""),
        department=form.get("department", ""),
        code=code or None,
        letter_lines=lines,
    )
