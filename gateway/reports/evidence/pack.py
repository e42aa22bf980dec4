"""Packs the evidence about a case: each deciding mail, how it was parsed then, and how it is parsed now.

The result is a zip file with `case.json`, the octets of the mails (`mails/ID.eml`) and the letters as sent,
with masked tokens (`letters/ID.txt`). It contains the hash of the journal's last line, so that the hash chain
can prove the lines later.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

from gateway import __version__
from gateway.auth.authenticate import TRUST_NOBODY, TrustPolicy
from gateway.printing.terminal import to_json
from gateway.reports.evidence.binding import Office, bind_again, find_route, put_first
from gateway.reports.evidence.proof import KeptMail, UnreadableError, prove_again, tell_proof
from gateway.reports.evidence.reading import is_digest_reply, read_again

Row = dict[str, Any]


async def pack(found: Row, office: Office, trust: TrustPolicy = TRUST_NOBODY) -> bytes:
    """Build the file; `found` comes from `EvidenceReader`, `office` and `trust` are those of today.

    There is no network access: each mail is authenticated with the DNS answers stored with it.
    """
    mails, texts = found.pop("evidence"), found.pop("texts")
    read = [await _tell_mail(mail, found, texts, office, trust) for mail in mails]
    told = {"release": __version__, **found, "deciding_mails": read}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("case.json", to_json(told, indent=1) + "\n")
        for mail in mails:
            archive.writestr(f"mails/{mail['id']}.eml", mail["raw"])
        for letter in texts:
            if letter["sent_text"] and letter["about_case"]:
                archive.writestr(f"letters/{letter['id']}.txt", _format_letter(letter))
    return packed.getvalue()


def _format_letter(letter: Row) -> str:
    head = f"To: {letter['recipient']}\nDate: {letter['sent_at']}\nSubject: {letter['subject']}\n"
    return f"{head}\n{letter['sent_text']}"


async def _tell_mail(mail: Row, case: Row, texts: Sequence[Row], office: Office, trust: TrustPolicy) -> Row:
    """Describe a mail without its octets: verdict and journal then; verdict, binding and reading now."""
    told = {name: value for name, value in mail.items() if name not in {"raw", "known_lines"}}
    then = [line for line in case["chain"] if line["mail_id"] == mail["id"]]
    told["reading_then"] = [{"event": line["event"], "detail": json.loads(line["detail"])} for line in then]
    try:
        kept = await prove_again(mail, trust)
    except UnreadableError as error:
        unreadable = {"release": __version__, "unreadable": str(error)}
        return told | {"reading_now": unreadable, "binding_now": unreadable, "proof_now": unreadable}
    return told | _judge_again(mail, case, [row for row in texts if _has_answered(mail, row)], kept, office)


def _judge_again(mail: Row, case: Row, seen: Sequence[Row], kept: KeptMail, office: Office) -> Row:
    """Evaluate the mail again; `seen` are the letters that the author had by then, the oldest first."""
    route = find_route(mail, kept.message, seen, office)
    reading, answered = read_again(mail, case, put_first(seen, route), office.desk)
    return {
        "reading_now": reading,
        "binding_now": bind_again(mail, kept, route, answered, office),
        "proof_now": tell_proof(kept),
    }


def _has_answered(mail: Row, letter: Row) -> bool:
    """Return whether the mail may be a reply to the letter."""
    of_kind = mail["case_id"] is None or letter["about_case"]
    is_older = bool(letter["sent_at"]) and letter["sent_at"] <= mail["received_at"]
    if is_digest_reply(mail) and letter["about_case"]:
        return False
    return of_kind and is_older and letter["recipient"] == mail["author"]
