"""Plans the effect of a mail before anything is written: its case, its event, each case's transition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.admission import business_days
from gateway.admission.authority import tokens
from gateway.admission.case.decide import decide
from gateway.admission.case.digest import reply as digest_reply
from gateway.admission.case.events import (
    Apply,
    CaseEvent,
    Confirm,
    CrossedCases,
    DigestReply,
    DigestRequest,
    HandOver,
    NameColleague,
    Note,
    StaffQuery,
    Unknown,
)
from gateway.admission.case.model import Case, Desk, Transition
from gateway.admission.case.transitions import reapplication, repeats
from gateway.admission.case.transitions.office import looking, watching
from gateway.admission.intake import confidentiality
from gateway.admission.intake.classify import classify
from gateway.admission.intake.mail_facts import MailFacts, TokenHolder
from gateway.inbound import acting, unheard
from gateway.inbound.counters import unclear_replies
from gateway.inbound.record.submission import MailRecord
from gateway.mail.text import fold
from gateway.store.protocol import TokenRow, Transaction
from gateway.store.repositories import case_repository

Pairs = tuple[tuple[Case | None, Transition], ...]


@dataclass(frozen=True, slots=True)
class MessagePlan:
    """The event of a mail, its case, and the transition that follows; nothing is written yet.

    `others` are the transitions of further cases, when one reply decides several.
    """

    before: Case | None
    event: CaseEvent | DigestReply
    transition: Transition
    others: Pairs = ()

    @property
    def pairs(self) -> Pairs:
        """Each case as it was before, with its transition."""
        return ((self.before, self.transition), *self.others)

    @property
    def is_carried_out(self) -> bool:
        """Return whether a staff decision changed a case or queued a letter to anybody outside the office."""
        return any(watching.is_carried_out(transition) for _, transition in self.pairs)


@dataclass(frozen=True, slots=True)
class Planner:
    """Planner for a desk; `make_number` returns new case numbers. Reads the store and writes nothing."""

    desk: Desk
    make_number: Callable[[], str]

    def plan(self, tx: Transaction, record: MailRecord) -> MessagePlan | None:
        """Return the event and the transition of a mail; None if its token is unknown."""
        route, mail, now = record.route, record.mail, record.envelope.received_at
        desk = case_repository.load_desk(tx, self.desk, now)
        held = tx.token(tokens.token_hash(route.token)) if route.token else None
        if route.token and (held is None or held.purpose is not route.purpose):
            return None
        named = _find_case_in_subject(tx, mail) if held is None else None
        before = self._find_case(tx, record, held, named)
        holder = case_repository.load_token_holder(tx, held, before, now)
        event, other = _find_event(tx, mail, holder, before, desk, now)
        if isinstance(event, DigestReply):
            known = case_repository.load_cases(tx, event)
            *others, (_, transition) = digest_reply.decide(event, known, now, desk)
            return MessagePlan(None, event, transition, tuple(others))
        if isinstance(event, StaffQuery | HandOver):
            return _answer_member(tx, event, now, desk)
        event = _complete(tx, event, now)
        besides: Pairs = ()
        if isinstance(event, CrossedCases) and other is not None:
            besides = ((other, repeats.request_again(other, event, desk)),)
        if isinstance(event, Apply):
            event, besides = self._complete_application(tx, event, before, named)
        transition = decide(before, event, now, desk)
        return MessagePlan(before, event, confidentiality.add_not_kept_notice(transition, mail), besides)

    def replan(self, tx: Transaction, record: MailRecord, plan: MessagePlan) -> MessagePlan:
        """Return the plan, adjusted to what was counted about the letter and the author.

        After three wrong codes the letter is replaced. A second answer to automatic mail, and a second notice
        of unreadable reports, are suppressed.
        """
        now, token = record.envelope.received_at, record.route.token
        last = unclear_replies.count_wrong_code(tx, token or "", plan.before, plan.event, now)
        if last is not None:
            plan = replace(plan, event=last, transition=decide(plan.before, last, now, self.desk))
        plan = self._count_unreadable(tx, record, plan)
        note = unheard.silence_second_answer(
            tx, record.mail, token, plan.pairs, now
        ) or unheard.silence_second_report(tx, plan.event, token, plan.pairs, now)
        if note is not None:
            plan = MessagePlan(plan.before, note, decide(plan.before, note, now, self.desk))
        return plan

    def _count_unreadable(self, tx: Transaction, record: MailRecord, plan: MessagePlan) -> MessagePlan:
        """Return the plan, limiting answers to unreadable mail so that nobody can flood the office.

        The second unreadable mail of a person in a day goes to the staff; further ones are only counted.
        """
        now, event = record.envelope.received_at, plan.event
        if not isinstance(event, Unknown) or not event.words:
            return plan
        name = f"unreadable {event.by.key} {business_days.tokyo_date(now)}"
        first, second = (tokens.token_hash(f"{name} {nth}").hex() for nth in (1, 2))
        if tx.record_once(first, now, None):
            return plan
        is_second = tx.record_once(second, now, None)
        last = replace(event, again=True) if is_second else Note("unknown", "no application, again", "words")
        shown = confidentiality.add_not_kept_notice(decide(None, last, now, self.desk), record.mail)
        return replace(plan, event=last, transition=shown)

    def _complete_application(
        self, tx: Transaction, event: Apply, before: Case | None, named: Case | None
    ) -> tuple[Apply, Pairs]:
        """Complete an application with a free case number, and link the earlier case that it names."""
        besides: Pairs = ()
        if named and reapplication.is_reapplication(event, named):
            besides = ((named, reapplication.ask_earlier_applicant(named, event)),)
            event = reapplication.link_earlier_case(event, named)
        if before is None and tx.has_applied_before(event.applicant):
            event = reapplication.flag_erased_case(event)
        number = case_repository.free_number(tx, event.number, self.make_number)
        return replace(event, number=number), besides

    def _find_case(
        self, tx: Transaction, record: MailRecord, held: TokenRow | None, named: Case | None
    ) -> Case | None:
        """Find the case by envelope token, In-Reply-To and References, number in the subject, or author."""
        if held is not None:
            return tx.case(held.case_id) if held.case_id is not None else None
        author = record.mail.author
        if author is None:
            return None
        found = tx.case_by_message_ids(record.parents) or named
        if found is not None and (found.applicant.key == author.key or self.desk.member(author)):
            return found
        return tx.latest_case(author)


def _find_event(
    tx: Transaction,
    mail: MailFacts,
    holder: TokenHolder | None,
    before: Case | None,
    desk: Desk,
    now: datetime,
) -> tuple[CaseEvent | DigestReply, Case | None]:
    """Return the event of a mail, bound to its letter and acting once, and another case it may be about."""
    told = case_repository.load_told_lines(tx, mail.author)
    event = classify(mail, holder, before, desk, told)
    lines = told if holder is None else holder.letter_lines
    event, other = acting.prevent_crossing(tx, mail, lines, before, event)
    event = acting.prevent_overtaking(tx, mail, before, event)
    return acting.add_conduct(tx, mail, acting.prevent_repeat(tx, mail, event), now), other


def _answer_member(tx: Transaction, event: StaffQuery | HandOver, now: datetime, desk: Desk) -> MessagePlan:
    """Plan the answer to a member's query or handover, one transition per case concerned."""
    cases = case_repository.find_asked_cases(tx, event)
    if isinstance(event, HandOver):
        *others, (before, transition) = looking.hand_over(replace(event, cases=cases), desk)
    else:
        *others, (before, transition) = looking.answer(replace(event, cases=cases), now, desk)
    return MessagePlan(before, event, transition, tuple(others))


def _complete(tx: Transaction, event: CaseEvent, now: datetime) -> CaseEvent:
    """Add to the event what it needs to know about other cases."""
    if isinstance(event, Confirm | NameColleague):
        return case_repository.add_load(tx, event, now)
    if isinstance(event, DigestRequest):
        waiting, unseen = case_repository.load_open_cases(tx)
        return replace(event, cases=waiting, unseen=unseen)
    return event


def _find_case_in_subject(tx: Transaction, mail: MailFacts) -> Case | None:
    """Return the case whose number is in the subject."""
    number = tokens.find_number(fold(mail.subject))
    return tx.case_by_number(number) if number else None
