"""The path of one mail in, from the end of DATA to the reply.

screen (see `inbound.screening`): parse -> authenticate -> reject? -> extract; then one store transaction:
duplicate? -> case -> decide -> letters -> 250, which means that the mail, the decision and every queued
letter are on disk together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from gateway import __version__
from gateway.admission import tokens
from gateway.admission.case.decide import decide
from gateway.admission.case.digest import reply as digest_reply
from gateway.admission.case.events import (
    Apply,
    CaseEvent,
    Confirm,
    CrossedCases,
    Decide,
    DigestReply,
    DigestRequest,
    Misuse,
    NameColleague,
    event_kind,
)
from gateway.admission.case.model import Case, Desk, Transition
from gateway.admission.case.transitions import reapplication, repeats, watching
from gateway.admission.eligibility import assess
from gateway.admission.eligibility.assess import Rules
from gateway.admission.intake import confidentiality
from gateway.admission.intake.classify import classify
from gateway.admission.intake.mail_facts import MailFacts, find_proven_member
from gateway.admission.organisations import domains
from gateway.auth.results import Outcome
from gateway.inbound import acting, daily_octets, mail_record, unclear_replies, unheard
from gateway.inbound.daily_octets import DailyOctets
from gateway.inbound.screening import Arrival, Rejected, Screened, Screener
from gateway.log import events
from gateway.mail.address import Address
from gateway.mail.header import fields
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Mailboxes
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.mail.text import fold
from gateway.store import case_repository
from gateway.store.protocol import ReceivedMail, Store, StoreUnavailableError, TokenRow, Transaction

NUMBER_ENTROPY_BYTES = 8
# Domains that get a number of their own on one day; strangers make up the others.
MAX_OWN_DOMAINS, MAX_DOMAINS = 2_000, 1_000


@dataclass(frozen=True, slots=True)
class MessagePlan:
    """The event of a mail, the case that it is about and the transition that follows; nothing is written yet.

    `others` are the transitions of further cases, when one reply decides several.
    """

    before: Case | None
    event: CaseEvent | DigestReply
    transition: Transition
    others: tuple[tuple[Case | None, Transition], ...] = ()

    @property
    def pairs(self) -> tuple[tuple[Case | None, Transition], ...]:
        """Each case as it was, with its transition."""
        return ((self.before, self.transition), *self.others)

    @property
    def is_carried_out(self) -> bool:
        """Whether a word of the staff changed a case."""
        return any(watching.is_carried_out(transition) for _, transition in self.pairs)


def _keep_evidence(tx: Transaction, case: Case | None, transition: Transition, mail_id: int) -> None:
    if case is not None and watching.is_evidence(transition):
        tx.keep_evidence(mail_id, case.id, __version__)


class Receiver:
    """Takes mails from the listener.

    `entropy` gives random bytes, `wake` wakes the dispatcher after a commit.
    `allow` counts one more proven mail of an organisation unit (its domain), and is False for one too many.
    `most_octets` is what one day's mail of a mailbox or a sender may take on the disk.
    """

    def __init__(
        self,
        store: Store,
        screener: Screener,
        desk: Desk,
        mailboxes: Mailboxes,
        rules: Callable[[], Rules],
        *,
        entropy: Callable[[int], bytes],
        allow: Callable[[str], bool] = lambda _: True,
        most_octets: DailyOctets = daily_octets.DEFAULT,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._screener = screener
        self._desk = desk
        self._mailboxes = mailboxes
        self._rules = rules
        self._entropy = entropy
        self._allow = allow
        self._most_octets = most_octets
        self._wake = wake

    def check_recipient(self, forward_paths: tuple[Address, ...], new: Address) -> SmtpReply:
        """The reply to RCPT TO `new`, when `forward_paths` were taken before it."""
        route = self._mailboxes.route(new)
        if route is None:
            return smtp_reply.NO_SUCH_MAILBOX
        taken = {found for path in forward_paths if (found := self._mailboxes.route(path)) and found.token}
        if route.token and taken - {route}:
            return smtp_reply.ONE_CASE_PER_MESSAGE
        return smtp_reply.RECIPIENT_OK

    async def receive(self, envelope: Envelope, raw: bytes) -> SmtpReply:
        """Take one mail. Every reply is a constant of `mail.smtp.smtp_reply`; 250 only after the commit."""
        screened = await self.screen(envelope, raw)
        if isinstance(screened, Screened) and self._is_too_much(screened):
            screened = Rejected(
                smtp_reply.DOMAIN_RATE_LIMITED, "too many mails in an hour", screened.arrival.author_address
            )
        if isinstance(screened, Rejected):
            await self._note(envelope, screened)
            return screened.reply
        try:
            answer = await self._store.transact(lambda tx: self._commit(tx, screened))
        except StoreUnavailableError as error:
            events.store_unavailable(error)
            return smtp_reply.STORE_UNAVAILABLE
        if answer is smtp_reply.ACCEPTED:
            self._wake()
        return answer

    def _is_too_much(self, screened: Screened) -> bool:
        """Whether the author's organisation had its share. Only proof counts: nobody can use up another's.

        The staff are not counted, so that no flood from their own house stops their decisions.
        """
        author = screened.mail.author
        if screened.verdict is None or author is None or self._is_from_staff(screened):
            return False
        return not self._allow(daily_octets.find_unit(author))

    def _is_from_staff(self, screened: Screened) -> bool:
        return find_proven_member(screened.mail, self._desk) is not None

    async def screen(self, envelope: Envelope, raw: bytes) -> Screened | Rejected:
        """All that can be known of a mail before its store transaction; nothing is changed."""
        screened = await self._screener.screen(envelope, raw)
        if isinstance(screened, Rejected):
            return screened
        verdict = screened.verdict
        known = assess.build_background(verdict, self._rules()) if verdict else None
        mail = replace(screened.mail, background=known, number=self._make_number())
        return Screened(screened.arrival, verdict, mail)

    def plan(self, tx: Transaction, screened: Screened) -> MessagePlan | None:
        """The event and the transition of a mail, read only; None if its token is unknown."""
        arrival, mail = screened.arrival, screened.mail
        desk = case_repository.load_desk(tx, self._desk, arrival.envelope.received_at)
        held = tx.token(tokens.token_hash(arrival.route.token)) if arrival.route.token else None
        if arrival.route.token and (held is None or held.purpose is not arrival.route.purpose):
            return None
        now = arrival.envelope.received_at
        named = self._find_case_in_subject(tx, mail) if held is None else None
        before = self._find_case(tx, arrival, mail, held, named)
        holder = case_repository.load_token_holder(tx, held, before, now)
        told = case_repository.load_told_lines(tx, mail.author)
        event = classify(mail, holder, before, desk, told)
        other: Case | None = None
        if isinstance(event, Decide):
            event, other = acting.prevent_crossing(tx, mail, holder, before, event)
        event = acting.add_conduct(tx, mail, acting.prevent_repeat(tx, mail, event), now)
        if isinstance(event, DigestReply):
            *others, (_, transition) = digest_reply.decide(
                event, case_repository.load_cases(tx, event), now, desk
            )
            return MessagePlan(None, event, transition, tuple(others))
        if isinstance(event, Confirm | NameColleague):
            event = case_repository.add_load(tx, event, now)
        if isinstance(event, DigestRequest):
            waiting, unseen = case_repository.load_open_cases(tx)
            event = replace(event, cases=waiting, unseen=unseen)
        besides: tuple[tuple[Case | None, Transition], ...] = ()
        if isinstance(event, CrossedCases) and other is not None:
            besides = ((other, repeats.request_again(other, event, desk)),)
        if isinstance(event, Apply) and named and reapplication.is_reapplication(event, named):
            besides = ((named, reapplication.ask_earlier_applicant(named, event)),)
            event = reapplication.link_earlier_case(event, named)
        if isinstance(event, Apply) and before is None and tx.has_applied_before(event.applicant):
            event = reapplication.flag_erased_case(event)
        if isinstance(event, Apply):
            event = replace(event, number=case_repository.free_number(tx, event.number, self._make_number))
        transition = decide(before, event, now, desk)
        return MessagePlan(before, event, confidentiality.add_not_kept_notice(transition, mail), besides)

    def _make_number(self) -> str:
        return tokens.make_number(self._entropy(NUMBER_ENTROPY_BYTES))

    def _find_case_in_subject(self, tx: Transaction, mail: MailFacts) -> Case | None:
        """The case whose number stands in the subject."""
        number = tokens.find_number(fold(mail.subject))
        return tx.case_by_number(number) if number else None

    async def _note(self, envelope: Envelope, refused: Rejected) -> None:
        """Count by domain who could not be proven, so that the office can help; not for DNS trouble."""
        events.mail_rejected(envelope, refused.reply, refused.cause, refused.author)
        if refused.verdict is None or refused.verdict.outcome is Outcome.TEMPERROR:
            return
        reason, domain = refused.verdict.outcome.value, refused.author.rpartition("@")[2]
        most = MAX_OWN_DOMAINS if domains.is_own(domain) else MAX_DOMAINS
        try:
            await self._store.transact(
                lambda tx: tx.count_refusal(reason, domain, envelope.received_at, most)
            )
        except StoreUnavailableError as error:
            events.store_unavailable(error)

    def _commit(self, tx: Transaction, screened: Screened) -> SmtpReply:
        """The store transaction of one mail: all of it, or none."""
        arrival = screened.arrival
        envelope = arrival.envelope
        key = mail_record.duplicate_key(arrival.message, arrival.route, screened.mail, screened.verdict)
        if tx.has_mail(key):
            events.mail_duplicate(envelope, arrival.author_address)
            return smtp_reply.DUPLICATE
        plan = self.plan(tx, screened)
        if plan is None:
            events.mail_rejected(
                envelope, smtp_reply.NO_SUCH_MAILBOX, "unknown token", arrival.author_address
            )
            return smtp_reply.NO_SUCH_MAILBOX
        plan = self._silence_second_answer(tx, screened, self._void_guessed_code(tx, arrival, plan))
        kind = event_kind(plan.event)
        record = self._record(key, screened, kind)
        full = daily_octets.find_reply(tx, screened, record, self._most_octets, self._desk)
        if full is not None:
            events.mail_rejected(envelope, full, "the day's octets are kept already", arrival.author_address)
            return full
        after = case_repository.save(tx, plan.before, plan.transition)
        mail_id = tx.record(record, after.id if after else None)
        now, caps = envelope.received_at, self._desk.caps
        put = case_repository.enqueue(tx, after, plan.transition, now, mail_id, caps)
        for before, transition in plan.others:
            saved = case_repository.save(tx, before, transition)
            put += case_repository.enqueue(tx, saved, transition, now, mail_id, caps)
            _keep_evidence(tx, saved, transition, mail_id)
        _keep_evidence(tx, after, plan.transition, mail_id)
        for _, transition in plan.pairs:
            unclear_replies.count_by_kind(tx, transition, now)
        unheard.mark(tx, mail_id, plan.event, plan.pairs, put)
        acting.record(tx, screened.mail, plan.event)
        if isinstance(plan.event, Decide | DigestReply) and plan.is_carried_out:
            acting.record_conduct(tx, screened.mail, plan.event.by, now)
        digest = tokens.token_hash(arrival.route.token)
        case_repository.keep_signature(tx, plan.event, digest, now)
        if isinstance(plan.event, Misuse):
            tx.revoke_token(digest, envelope.received_at)
        events.mail_received(envelope, screened.verdict, kind, after.number if after else "", mail_id)
        return smtp_reply.ACCEPTED

    def _void_guessed_code(self, tx: Transaction, arrival: Arrival, plan: MessagePlan) -> MessagePlan:
        """The plan, with a new letter in place of one to which three wrong codes came."""
        now, event = arrival.envelope.received_at, plan.event
        last = unclear_replies.count_wrong_code(tx, arrival.route.token or "", plan.before, event, now)
        if last is None:
            return plan
        return replace(plan, event=last, transition=decide(plan.before, last, now, self._desk))

    def _silence_second_answer(self, tx: Transaction, screened: Screened, plan: MessagePlan) -> MessagePlan:
        now, token = screened.arrival.envelope.received_at, screened.arrival.route.token
        note = unheard.silence_second_answer(tx, screened.mail, token, plan.pairs, now)
        if note is None:
            return plan
        return MessagePlan(plan.before, note, decide(plan.before, note, now, self._desk))

    def _record(self, key: str, screened: Screened, kind: str) -> ReceivedMail:
        arrival = screened.arrival
        return mail_record.build_received_mail(
            key,
            arrival.envelope,
            arrival.message,
            arrival.route,
            screened.mail,
            screened.verdict,
            kind,
            self._mailboxes.domain,
        )

    def _find_case(
        self, tx: Transaction, arrival: Arrival, mail: MailFacts, held: TokenRow | None, named: Case | None
    ) -> Case | None:
        """Envelope token, In-Reply-To and References, case number in the subject, the author's own case."""
        if held is not None:
            return tx.case(held.case_id) if held.case_id is not None else None
        if mail.author is None:
            return None
        found = tx.case_by_message_ids(fields.parent_message_ids(arrival.message)) or named
        if found is not None and (found.applicant.key == mail.author.key or self._desk.member(mail.author)):
            return found
        return tx.latest_case(mail.author)
