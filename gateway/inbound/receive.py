"""The path of one mail in, from the end of DATA to the reply.

screen (see `inbound.screening`): parse -> authenticate -> reject? -> extract; then one store transaction:
duplicate? -> case -> decide -> letters -> 250, which means that the mail, the decision and every queued
letter are on disk together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from gateway import __version__
from gateway.admission.authority import tokens
from gateway.admission.case.events import Decide, DigestReply, Misuse, event_kind
from gateway.admission.case.model import Case, Desk, Transition
from gateway.admission.case.transitions.office import watching
from gateway.admission.eligibility import assess
from gateway.admission.eligibility.assess import Rules
from gateway.admission.intake.mail_facts import find_proven_member
from gateway.admission.organisations import domains
from gateway.auth.results import Outcome
from gateway.inbound import acting, daily_octets, mail_record, unclear_replies, unheard
from gateway.inbound.daily_octets import DailyOctets
from gateway.inbound.plan import MessagePlan, Planner
from gateway.inbound.screening import Rejected, Screened, Screener
from gateway.log import events
from gateway.mail.address import Address
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Mailboxes
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.store import case_repository
from gateway.store.protocol import ReceivedMail, Store, StoreUnavailableError, Transaction

NUMBER_ENTROPY_BYTES = 8
# Domains that get a number of their own on one day; strangers make up the others.
MAX_OWN_DOMAINS, MAX_DOMAINS = 2_000, 1_000


def _keep_evidence(tx: Transaction, case: Case | None, transition: Transition, mail_id: int) -> None:
    if case is not None and watching.is_evidence(transition):
        tx.keep_evidence(mail_id, case.id, __version__)
    if transition.brakes is not None:
        tx.keep_evidence(mail_id, None, __version__)


def _remember(tx: Transaction, screened: Screened, plan: MessagePlan, now: datetime) -> None:
    """What later mails of the same writer, or copies of this one, are measured against."""
    for _, transition in plan.pairs:
        unclear_replies.count_by_kind(tx, transition, now)
    acting.record(tx, screened.mail, plan.event)
    if isinstance(plan.event, Decide | DigestReply) and plan.is_carried_out:
        acting.record_conduct(tx, screened.mail, plan.event.by, now)
    digest = tokens.token_hash(screened.arrival.route.token)
    case_repository.keep_signature(tx, plan.event, digest, now)
    if isinstance(plan.event, Misuse):
        tx.revoke_token(digest, now)


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
        self._planner = Planner(desk, self._make_number)

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
        """What follows from a mail, read only; None if its token is unknown."""
        return self._planner.plan(tx, screened)

    def _make_number(self) -> str:
        return tokens.make_number(self._entropy(NUMBER_ENTROPY_BYTES))

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
        plan = self._planner.replan(tx, screened, plan)
        record = self._record(key, screened, event_kind(plan.event))
        full = daily_octets.find_reply(tx, screened, record, self._most_octets, self._desk)
        if full is not None:
            events.mail_rejected(envelope, full, "the day's octets are kept already", arrival.author_address)
            return full
        self._write(tx, screened, plan, record)
        return smtp_reply.ACCEPTED

    def _write(self, tx: Transaction, screened: Screened, plan: MessagePlan, record: ReceivedMail) -> None:
        """The mail, its cases and letters, and what must be known of it later."""
        now, caps = record.received_at, self._desk.caps
        after = case_repository.save(tx, plan.before, plan.transition)
        mail_id = tx.record(record, after.id if after else None)
        if screened.arrival.route.token:
            tx.link_answer(mail_id, tokens.token_hash(screened.arrival.route.token))
        put = case_repository.enqueue(tx, after, plan.transition, now, mail_id, caps)
        _keep_evidence(tx, after, plan.transition, mail_id)
        for before, transition in plan.others:
            saved = case_repository.save(tx, before, transition)
            put += case_repository.enqueue(tx, saved, transition, now, mail_id, caps)
            _keep_evidence(tx, saved, transition, mail_id)
        unheard.mark(tx, mail_id, plan.event, plan.pairs, put)
        _remember(tx, screened, plan, now)
        number = after.number if after else ""
        events.mail_received(screened.arrival.envelope, screened.verdict, record.kind, number, mail_id)

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
