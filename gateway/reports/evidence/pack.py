"""The evidence about one case as one file: each deciding mail, what it was read as then, and what it is now.

A zip file with `case.json`, the octets of the mails (`mails/ID.eml`) and the letters as sent, tokens masked
(`letters/ID.txt`). The hash of the journal's last line is in it, so that the chain proves the lines later.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

from gateway import __version__
from gateway.admission.case.model import Staff
from gateway.auth.authenticate import TRUST_NOBODY, TrustPolicy
from gateway.printing.terminal import to_json
from gateway.reports.evidence.proof import prove_again
from gateway.reports.evidence.reading import is_digest_reply, read_again

Row = dict[str, Any]


async def pack(found: Row, staff: Sequence[Staff], trust: TrustPolicy = TRUST_NOBODY) -> bytes:
    """The file: `found` is what `EvidenceReader` gave, `trust` whose word counts for proof today.

    Nothing is asked over the network: each mail is proven by the answers of DNS that were kept with it.
    """
    mails, texts = found.pop("evidence"), found.pop("texts")
    read = [await _tell_mail(mail, found, texts, staff, trust) for mail in mails]
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


async def _tell_mail(
    mail: Row, case: Row, texts: Sequence[Row], staff: Sequence[Staff], trust: TrustPolicy
) -> Row:
    """One mail without its octets: how it was proven, what the journal says of it, what both are today."""
    told = {name: value for name, value in mail.items() if name not in {"raw", "known_lines"}}
    then = [line for line in case["chain"] if line["mail_id"] == mail["id"]]
    seen = [row["sent_text"] for row in texts if _has_answered(mail, row)]
    told["reading_then"] = [{"event": line["event"], "detail": json.loads(line["detail"])} for line in then]
    told["reading_now"] = read_again(mail, case, seen, staff)
    told["proof_now"] = await prove_again(mail, trust)
    return told


def _has_answered(mail: Row, letter: Row) -> bool:
    """Whether the letter may be the one that the mail answers."""
    of_kind = mail["case_id"] is None or letter["about_case"]
    is_older = bool(letter["sent_at"]) and letter["sent_at"] <= mail["received_at"]
    if is_digest_reply(mail) and letter["about_case"]:
        return False
    return of_kind and is_older and letter["recipient"] == mail["author"]
