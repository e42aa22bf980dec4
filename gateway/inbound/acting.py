"""Decides whether a mail may act: each signed content takes effect once, whatever route it takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from gateway.admission.authority import tokens
from gateway.admission.authority.conduct import NAMELESS, Conduct
from gateway.admission.case.events import (
    CaseEvent,
    Confirm,
    CrossedCases,
    Decide,
    DigestReply,
    Inquire,
    Misuse,
    NameColleague,
    Note,
    Repeat,
    Unclear,
    Unknown,
    Withdraw,
)
from gateway.admission.case.model import Case
from gateway.admission.case.transitions.office import watching
from gateway.admission.intake.applicants.applicant import CHANGING_INQUIRIES, build_unbound
from gateway.admission.intake.mail_facts import MailFacts
from gateway.admission.replies.outsiders.confirmation import Confirmation
from gateway.admission.replies.reading import CHANGING, ParsedReply, unclear_instead
from gateway.admission.replies.text import own_words
from gateway.mail.address import Address
from gateway.mail.smtp.mailboxes import Purpose
from gateway.mail.text import fold
from gateway.printing.statement import Statement
from gateway.store.protocol import Transaction

# A note has no effect, and a misused token is reported for each mail; all other events count once.
_READ_AGAIN = (Note, Misuse)
MAX_NUMBERS = 20
HOUR = timedelta(hours=1)
MailEvent = CaseEvent | DigestReply


def prevent_repeat(tx: Transaction, mail: MailFacts, event: MailEvent) -> MailEvent:
    """Return the event, or a `Repeat` if a mail with the same content was handled before."""
    if isinstance(event, _READ_AGAIN) or mail.author is None or not tx.has_acted(mail.binding.contents):
        return event
    is_first = not tx.has_acted([_answered(mail)])
    return Repeat(mail.author, answer=is_first)


def add_conduct(tx: Transaction, mail: MailFacts, event: MailEvent, now: datetime) -> MailEvent:
    """Add to a staff decision what is unusual about its mail; return any other event unchanged."""
    if not isinstance(event, Decide | DigestReply):
        return event
    approvals = tx.count_said(str(event.by), watching.APPROVALS, now - HOUR)
    new = {name: of for name, of, digest in _habits(event.by, mail) if not tx.has_acted([digest])}
    found = Conduct(approvals, new.get("program", ""), new.get("domain", ""))
    return replace(event, conduct=found)


def record_conduct(tx: Transaction, mail: MailFacts, by: Address, now: datetime) -> None:
    """Record the program and signing domain of a member's mail whose decision was carried out."""
    tx.record_acted([digest for _, _, digest in _habits(by, mail)], now)


def _habits(by: Address, mail: MailFacts) -> Iterator[tuple[str, str, str]]:
    """Yield (name, value, digest); the digest identifies both for this member and is no content hash."""
    domains = " ".join(sorted({one.domain for one in mail.binding.signatures}))
    for what, of in (("program", mail.program or NAMELESS), ("domain", domains or NAMELESS)):
        yield what, of, tokens.token_hash(f"{what} of {by.key}: {of}").hex()


def record(tx: Transaction, mail: MailFacts, event: MailEvent) -> None:
    """Record the content hashes of an authenticated mail, whatever its result.

    The reason why it did not act (an automatic-mail mark, a second mailbox, no case yet) may be unsigned, and
    so be missing from a copy.
    """
    at = mail.binding.received_at
    if at is None or mail.author is None:
        return
    if isinstance(event, Repeat):
        tx.record_acted([_answered(mail)], at)
    elif not _is_on_its_way(tx, mail, event):
        tx.record_acted(mail.binding.contents, at)


def _is_on_its_way(tx: Transaction, mail: MailFacts, event: MailEvent) -> bool:
    """Return whether a mail asked nothing of the request mailbox and also goes to the letter it answers."""
    if mail.purpose is not Purpose.REQUEST or not isinstance(event, Unknown | Unclear):
        return False
    return any(tx.token(tokens.token_hash(token)) is not None for token in mail.binding.other_tokens)


def prevent_crossing(
    tx: Transaction, mail: MailFacts, lines: tuple[str, ...], case: Case | None, event: MailEvent
) -> tuple[MailEvent, Case | None]:
    """Return the event, or one without effect if the mail also names another case or another letter.

    A staff decision comes back with that other case (None: unknown). `lines` are the lines of our letters.
    """
    if case is None or not _is_about_one_case(event):
        return event, None
    rows = [tx.token(tokens.token_hash(token)) for token in mail.binding.other_tokens]
    named = [tx.case(row.case_id) for row in rows if row is not None and row.case_id is not None]
    named += [tx.case_by_number(number) for number in _numbers(mail, lines)]
    other = next((found for found in named if found is not None and found.id != case.id), None)
    # A mail to the request mailbox and to a letter of the same case is about that case.
    if other is None and (mail.purpose is Purpose.REQUEST or not rows):
        return event, None
    if isinstance(event, Decide):
        return CrossedCases(event.by), other
    if isinstance(event, Confirm):
        return replace(event, answer=Confirmation.NONE), None
    return build_unbound(mail, lines), None


_OVERTAKEN = Statement("overtaken")


def prevent_overtaking(tx: Transaction, mail: MailFacts, case: Case | None, event: MailEvent) -> MailEvent:
    """Return the event, or one without effect if a later mail of the same author about the case was handled.

    Mails can arrive out of order.
    """
    if isinstance(event, DigestReply):
        lines = (
            replace(one, reply=_make_unclear(one.reply)) if _is_overtaken(tx, mail, one.number) else one
            for one in event.entries
        )
        return replace(event, entries=tuple(lines))
    if case is None or not _is_overtaken(tx, mail, case.number):
        return event
    if isinstance(event, Decide):
        return replace(event, reply=_make_unclear(event.reply))
    return replace(event, answer=Confirmation.NONE) if isinstance(event, Confirm) else event


def _make_unclear(reply: ParsedReply) -> ParsedReply:
    return unclear_instead(reply, _OVERTAKEN, "unbound") if reply.decision in CHANGING else reply


def record_written(tx: Transaction, mail: MailFacts, case: Case | None, event: MailEvent) -> None:
    """Record when somebody's newest mail about a case was written, at most the time of its receipt."""
    date, at = _find_date(mail), mail.binding.received_at
    if mail.author is None or date is None or at is None:
        return
    if isinstance(event, DigestReply):
        numbers = tuple(one.number for one in event.entries)
    else:
        numbers = (case.number,) if case is not None and isinstance(event, _WORDS) else ()
    for number in numbers:
        tx.record_newest(_written(mail.author, number), min(date, at))


_WORDS = (Decide, Confirm, CrossedCases, Unclear)


def _is_overtaken(tx: Transaction, mail: MailFacts, number: str) -> bool:
    date = _find_date(mail)
    if mail.author is None or date is None:
        return False
    newest = tx.find_newest(_written(mail.author, number))
    return newest is not None and date < newest


def _find_date(mail: MailFacts) -> datetime | None:
    """Return the date of the mail, if it is signed or the mail comes from the author's own host."""
    found = mail.binding
    return found.date if found.own_host or any(one.date for one in found.signatures) else None


def _written(by: Address, number: str) -> str:
    """Return a digest for somebody's newest mail about a case; it differs from any content hash."""
    return tokens.token_hash(f"newest of {by.person} about {number}").hex()


def _is_about_one_case(event: MailEvent) -> bool:
    """Return whether an event changes the one case that its mail is about."""
    if isinstance(event, Decide):
        return event.reply.decision in CHANGING
    if isinstance(event, Inquire):
        return event.kind in CHANGING_INQUIRIES
    return isinstance(event, Confirm | Withdraw | NameColleague)


def _numbers(mail: MailFacts, lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return the case numbers, or what looks like one, in the subject and the author's own text."""
    own = own_words.split(mail.text, lines).text
    return tokens.find_numbers(fold(f"{mail.subject}\n{own}"))[:MAX_NUMBERS]


def _answered(mail: MailFacts) -> str:
    """Return a digest for the answer to a repeat; it differs from any content hash."""
    return tokens.token_hash(f"answered {mail.binding.contents[0]}").hex()
