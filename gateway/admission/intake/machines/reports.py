"""Reports about our own letters: they came back, were late, or brought a complaint."""

from __future__ import annotations

from typing import assert_never

from gateway.admission.case.events import CaseEvent, Note, Undelivered, UnreadReport
from gateway.admission.intake.mail_facts import MailFacts, TokenHolder

_COMPLAINT = "受信者が迷惑メールとして通報しました(RFC 5965)"
_HARMLESS = {
    "delay": "a letter is late and will be tried again",
    "vacation": "an answer for somebody who is away",
    "receipt": "a report that is no failure",
}


def classify_report(mail: MailFacts, holder: TokenHolder | None) -> CaseEvent:
    """Everything at a bounce address is about one letter that we know."""
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
