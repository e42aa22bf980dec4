"""Reports about our own letters: bounces, delays and complaints."""

from __future__ import annotations

from typing import assert_never

from gateway.admission.case.events import CaseEvent, Note, Undelivered, UnreadReport
from gateway.admission.intake.mail_facts import MailFacts, TokenHolder

_COMPLAINT = "受信者が迷惑メールとして通報しました(RFC 5965)"
_HARMLESS = {
    "delay": "delivery of a letter is delayed; the server will keep trying",
    "vacation": "an out-of-office reply",
    "receipt": "a report of something other than a failure",
}


def classify_report(mail: MailFacts, holder: TokenHolder | None) -> CaseEvent:
    """Classify mail to a bounce address, all of which is about one known letter."""
    if mail.bounce is None or holder is None:
        return Note("automatic", mail.automatic or "sent to a bounce address")
    match mail.bounce.kind:
        case "bounce":
            return Undelivered(holder.letter, holder.addressee, mail.bounce.words)
        case "complaint":
            return Undelivered(holder.letter, holder.addressee, _COMPLAINT)
        case "delay" | "vacation" | "receipt":
            return Note(mail.bounce.kind, mail.bounce.words or _HARMLESS[mail.bounce.kind])
        case "unread":
            return UnreadReport(holder.letter, holder.addressee, mail.bounce.words)
        case _:
            assert_never(mail.bounce.kind)
