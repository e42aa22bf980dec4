"""Between the store and the rules: loads what a decision needs, and records its transition.

It is the same for incoming mail, deliveries and housekeeping.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from gateway.admission import business_days
from gateway.admission.authority import tokens
from gateway.admission.case.digest.overview import MAX_LINES
from gateway.admission.case.digest.reply import DigestCase
from gateway.admission.case.events import (
    CaseEvent,
    Confirm,
    Decide,
    DigestReply,
    HandOver,
    NameColleague,
    Practise,
    StaffQuery,
)
from gateway.admission.case.model import (
    RECALLABLE_LETTERS,
    STAFF_LETTERS,
    Case,
    Desk,
    Letter,
    LetterCaps,
    Staff,
    StaffWishes,
    Transition,
)
from gateway.admission.case.transitions.office import looking, practice
from gateway.admission.intake.mail_facts import TokenHolder
from gateway.mail.address import Address
from gateway.store.protocol import TokenRow, Transaction

MAX_NUMBERS = 20
MAX_OPEN = 10_000
MOST_LETTERS = 5  # their values do not count as an answer when they are quoted
_DAY = timedelta(days=1)
_NO_WISHES = StaffWishes()


def load_desk(tx: Transaction, desk: Desk, now: datetime) -> Desk:
    """Return the desk as it is now: without revoked mailboxes, with the brakes that are on.

    Also with what members set for themselves; `desk` is that of the settings.
    """
    pulled = frozenset(one.brake for one in tx.pulled_brakes(now))
    wishes = tx.staff_wishes(tuple(one.address.key for one in desk.staff), business_days.tokyo_date(now))
    trusted = desk.without(tx.revoked_staff())
    staff = tuple(_fulfil(wishes.get(one.address.key, _NO_WISHES), one, desk) for one in trusted.staff)
    revoked = tuple(one for one in desk.staff if trusted.member(one.address) is None)
    if (pulled, staff, revoked) == (desk.brakes, desk.staff, desk.revoked):
        return desk  # almost always: a copy costs more than the comparison
    return replace(trusted, brakes=pulled, staff=staff, revoked=revoked)


def _fulfil(wishes: StaffWishes, member: Staff, desk: Desk) -> Staff:
    """Return the member as they wish; without the digest, everybody gets each letter."""
    mail = wishes.mail if wishes.mail is not None and desk.digest else member.mail
    if (wishes.is_away, mail) == (member.is_away, member.mail):
        return member
    return replace(member, is_away=wishes.is_away, mail=mail)


def load_token_holder(
    tx: Transaction, held: TokenRow | None, case: Case | None, now: datetime
) -> TokenHolder | None:
    """Return the holder of a token with what its letter said; None without a token."""
    if held is None:
        return None
    return TokenHolder(
        purpose=held.purpose,
        addressee=held.addressee,
        letter=held.letter,
        revision=held.revision,
        expired=held.expires_at <= now,
        letter_lines=_lines(held.own_text),
        code=tokens.find_code(held.own_text),
        handed_over_at=held.sent_at,
        recallable=case is not None and tx.can_recall(case.id, RECALLABLE_LETTERS),
        shown_revisions=held.shown,
        listed_together=held.listed,
        former=held.former,
        letter_subject=held.subject,
        shown_unread=held.unread if held.letter is Letter.UNCLEAR_DECISION else (),
        known_lines=tx.known_lines(held.addressee, held.letter_id) if held.letter in STAFF_LETTERS else (),
        today=business_days.tokyo_date(now),
    )


def load_told_lines(tx: Transaction, applicant: Address | None) -> tuple[str, ...]:
    """Return the lines of the newest letters to an applicant about their applications, for any reply."""
    return () if applicant is None else _lines("\n".join(tx.letters_to(applicant, MOST_LETTERS)))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def load_cases(tx: Transaction, reply: DigestReply) -> dict[str, DigestCase]:
    """Return the cases that the lines of a reply name, at their beginning or in their text, by number."""
    named = dict.fromkeys(number for entry in reply.entries for number in (entry.number, *entry.others))
    found = (tx.case_by_number(number) for number in named)
    return {
        case.number: DigestCase(case, tx.can_recall(case.id, RECALLABLE_LETTERS)) for case in found if case
    }


def load_open_cases(tx: Transaction) -> tuple[tuple[Case, ...], int]:
    """Return the open cases that fit into one letter, those due first, and how many more there are."""
    found = tx.open_cases(MAX_LINES + 1)
    return found, tx.count_open() - len(found)


def find_asked_cases(tx: Transaction, event: StaffQuery | HandOver) -> tuple[Case, ...]:
    """Return the cases that a member asks about, or all open ones."""
    if isinstance(event, HandOver):
        return tx.open_cases(MAX_OPEN)
    if event.kind == "status":
        found = tx.case_by_number(event.text)
        return (found,) if found is not None else ()
    return tx.find_cases(event.text, looking.MAX_FOUND + 1) if event.kind == "search" else ()


def add_load(tx: Transaction, event: Confirm | NameColleague, now: datetime) -> Confirm | NameColleague:
    """Return the event with what is known about the possible confirmer beyond this case."""
    address = event.by if isinstance(event, Confirm) else event.addresses[0]
    return replace(event, load=tx.confirmer_load(address, now - _DAY))


def save(tx: Transaction, before: Case | None, transition: Transition) -> Case | None:
    """Save the case if it changed, recall letters that must not be sent; return the case with its id."""
    if transition.case is None:
        return None
    after = transition.case if transition.case == before else tx.save(transition.case)
    tx.recall(after.id, transition.recalled)
    if transition.postponed_to is not None:
        tx.postpone(after.id, RECALLABLE_LETTERS, transition.postponed_to)
    return after


def free_number(tx: Transaction, number: str, make: Callable[[], str]) -> str:
    """Return `number`, or another one if a case has it: of a thousand million, two collide now and then."""
    for _ in range(MAX_NUMBERS):
        if tx.case_by_number(number) is None:
            break
        number = make()
    return number


def enqueue(
    tx: Transaction,
    after: Case | None,
    transition: Transition,
    now: datetime,
    mail_id: int | None,
    caps: LetterCaps,
) -> int:
    """Add the letters of a transition to the outbox, within the desk's caps, and its entries to the journal.

    Brakes come first, so that they hold these letters too. Returns how many letters were added.
    """
    if transition.brakes is not None:
        tx.change_brakes(transition.brakes)
    if transition.absence is not None:
        tx.note_absence(transition.absence)
    if transition.mail_wish is not None:
        tx.note_mail_wish(transition.mail_wish)
    put = tx.enqueue(after, transition.letters, now, mail_id, caps)
    tx.journal(transition.journal, now, after.id if after else None, mail_id)
    return put


def keep_signature(
    tx: Transaction,
    event: CaseEvent | DigestReply,
    digest: bytes,
    now: datetime,
    *,
    is_carried_out: bool = False,
) -> None:
    """Record what a member's reply reveals about their signature; `digest` is that of its token.

    Only events of an authenticated member with their own token hold such lines. A real reply counts only if
    it was read by word and code alone and acted on: lines that we reported as not understood may be meant,
    however often they occur.
    """
    if isinstance(event, Practise):
        tx.keep_practice(event.by, event.signature, now, passed=practice.has_passed(event))
    if isinstance(event, Decide) and event.signature and event.reply.by_code and is_carried_out:
        held = tx.token(digest)
        if held is not None:
            tx.keep_lines(event.by, event.signature, held.letter_id, now)
