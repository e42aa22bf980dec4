"""Members' queries and statements that decide nothing: case status, search, absences.

They change no case, except for its handler.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from gateway.admission import business_days
from gateway.admission.authority.brakes import Brake
from gateway.admission.case import letters
from gateway.admission.case.events import HandOver, StaffQuery
from gateway.admission.case.model import (
    OPEN,
    STATE_WORDS,
    Absence,
    Case,
    Desk,
    JournalEntry,
    Letter,
    MailChoice,
    MailWish,
    OutgoingLetter,
    Role,
    Staff,
    Transition,
)
from gateway.admission.case.transitions.office import watching
from gateway.admission.replies.commands.queries import fits_absence, read_days
from gateway.mail.text import fold
from gateway.printing.fields import slug

MAX_FOUND = 20


def answer(event: StaffQuery, now: datetime, desk: Desk) -> tuple[tuple[Case | None, Transition], ...]:
    """Answer only the member; a status query is recorded with its case."""
    member = desk.member(event.by)
    if member is None:
        return ((None, Transition(None)),)
    if event.kind in {"away", "back", "mail"}:
        done = _set_own(member, event, now, desk)
        return ((None, watching.mark_web(done, event.by) if event.by_web else done),)
    if event.kind == "help":
        told = _tell(member, desk, "help", snippets=dict(desk.snippets))
        return ((None, Transition(None, (told,), (_entry("help", member),))),)
    shown = [case for case in event.cases if case.applicant.person != member.address.person]
    if event.kind == "status" and shown:
        status = letters.to_staff(shown[0], Letter.CASE_STATUS, [member], asked="status")
        return ((shown[0], Transition(shown[0], status, (JournalEntry("case.shown", member.address),))),)
    found = [_row(case) for case in shown[:MAX_FOUND]]
    told = _tell(member, desk, "found", text=event.text, found=found, more=len(shown) > MAX_FOUND)
    return ((None, Transition(None, (told,), (_entry("search", member),))),)


def _entry(what: str, member: Staff) -> JournalEntry:
    return JournalEntry(f"desk.{what}", member.address)


def _row(case: Case) -> dict[str, object]:
    return {
        "number": case.number,
        "form": {"organisation": case.form.organisation, "name": case.form.name},
        "state_words": STATE_WORDS[case.state],
        "opened_at": case.opened_at.isoformat(),
    }


def _tell(member: Staff, desk: Desk, kind: str, **facts: object) -> OutgoingLetter:
    own = desk.without(frozenset(one.address.key for one in desk.staff if one is not member))
    (letter,) = letters.general_notices(own, kind, by=str(member.address), role=member.role.value, **facts)
    return letter


def _set_own(member: Staff, event: StaffQuery, now: datetime, desk: Desk) -> Transition:
    if event.kind == "mail":
        return _choose_mail(member, event, desk)
    return _note_absence(member, event, now, desk) if event.kind == "away" else _end_absence(member, desk)


def _note_absence(member: Staff, event: StaffQuery, now: datetime, desk: Desk) -> Transition:
    days = _find_days(event, business_days.tokyo_date(now))
    if days is None:
        return Transition(None, (_tell(member, desk, "away_unread", text=event.text),))
    first, last = days
    entry = JournalEntry("staff.away", member.address, {"first": first, "last": last})
    told = _tell(member, desk, "away", day=first.isoformat(), last_day=last.isoformat())
    return Transition(None, (told,), (entry,), absence=Absence(member.address, first, last))


def _find_days(event: StaffQuery, today: date) -> tuple[date, date] | None:
    if event.days is None:
        return read_days(event.text, today)
    return event.days if fits_absence(*event.days, today) else None


def _end_absence(member: Staff, desk: Desk) -> Transition:
    entry = JournalEntry("staff.back", member.address)
    return Transition(None, (_tell(member, desk, "back"),), (entry,), absence=Absence(member.address))


def _choose_mail(member: Staff, event: StaffQuery, desk: Desk) -> Transition:
    """Choose the letters that the member receives; nothing, if without the digest there would be none."""
    if event.mail not in {None, MailChoice.EACH} and not desk.digest:
        return Transition(None)
    chosen = event.mail.value if event.mail else ""
    entry = JournalEntry("staff.mail", member.address, {"choice": slug(chosen)})
    told = _tell(member, desk, "mail_chosen", mail=chosen)
    return Transition(None, (told,), (entry,), mail_wish=MailWish(member.address, event.mail))


def hand_over(event: HandOver, desk: Desk) -> tuple[tuple[Case | None, Transition], ...]:
    """Assign each open case of the named colleague to the member, and notify both."""
    member, colleague = desk.member(event.by), find_colleague(event, desk)
    if member is None or member.role is Role.READ:
        return ((None, Transition(None)),)
    if colleague is None or Brake.DECISIONS in desk.brakes:
        return ((None, Transition(None, (_tell(member, desk, "not_handed_over"),))),)
    taken = [case for case in event.cases if _is_handed(case, colleague, member)]
    entry = JournalEntry("case.taken", member.address, {"of": colleague.address})
    done = [(case, Transition(replace(case, handler=str(member.address)), (), (entry,))) for case in taken]
    facts = {"who": colleague.name, "found": [_row(case) for case in taken]}
    told = tuple(_tell(one, desk, "handed_over", taker=member.name, **facts) for one in (member, colleague))
    return (*done, (None, Transition(None, told)))


def _is_handed(case: Case, colleague: Staff, member: Staff) -> bool:
    own = case.applicant.person == member.address.person
    return case.state in OPEN and case.handler == str(colleague.address) and not own


def find_colleague(event: HandOver, desk: Desk) -> Staff | None:
    """Return the only other member with this name or address; None if there is none or several."""
    said = _squeeze(event.name)
    found = [one for one in desk.staff if one.address.key != event.by.key and said in _names(one)]
    return found[0] if len(found) == 1 else None


def _names(one: Staff) -> set[str]:
    whole = (one.name, *one.names)
    parts = (part for name in whole for part in fold(name).split() if len(part) > 1)
    return {_squeeze(name) for name in (*whole, *parts, str(one.address))}


def _squeeze(text: str) -> str:
    return "".join(fold(text).casefold().split())
