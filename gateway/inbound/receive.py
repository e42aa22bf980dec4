"""The writer half of the incoming path, from the record of a mail to the answer.

The front half (`inbound.front`) has screened the mail: parse -> authenticate -> reject? -> extract -> record.
Here is one store transaction: duplicate? -> case -> decide -> letters -> 250, which means that the mail, the
decision and every queued letter are on disk together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import LiteralString

import msgspec

from gateway import __version__
from gateway.admission.authority import tokens
from gateway.admission.case.events import Decide, DigestReply, Misuse, event_kind
from gateway.admission.case.model import Case, Desk, Transition
from gateway.admission.case.transitions.office import watching
from gateway.admission.eligibility import assess
from gateway.admission.eligibility.assess import Rules
from gateway.admission.intake.mail_facts import find_proven_member
from gateway.admission.organisations import domains
from gateway.inbound import acting, quoted_codes, unheard
from gateway.inbound.counters import daily_octets, unclear_replies
from gateway.inbound.counters.daily_octets import DailyOctets
from gateway.inbound.plan import MessagePlan, Planner
from gateway.inbound.record.probes import Probes, UndoneError, read_as_application
from gateway.inbound.record.submission import Answer, MailRecord, RefusalRecord, Submission
from gateway.log import events
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.mailboxes import Purpose
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.store.protocol import LAST_PROBE, Store, StoreUnavailableError, Transaction
from gateway.store.repositories import case_repository

NUMBER_ENTROPY_BYTES = 8
# Maximum number of domains counted individually per day: of organisations like ours, and all others.
MAX_OWN_DOMAINS, MAX_DOMAINS = 2_000, 1_000


def _keep_evidence(tx: Transaction, case: Case | None, transition: Transition, mail_id: int) -> None:
    if case is not None and watching.is_evidence(transition):
        tx.keep_evidence(mail_id, case.id, __version__)
    if transition.brakes is not None:
        tx.keep_evidence(mail_id, None, __version__)


def _remember(tx: Transaction, record: MailRecord, plan: MessagePlan, now: datetime) -> None:
    """Record what later mails of the same author, or copies of this one, are checked against."""
    for _, transition in plan.pairs:
        unclear_replies.count_by_kind(tx, transition, now)
    acting.record(tx, record.mail, plan.event)
    acting.record_written(tx, record.mail, plan.before, plan.event)
    if isinstance(plan.event, Decide | DigestReply) and plan.is_carried_out:
        acting.record_conduct(tx, record.mail, plan.event.by, now)
    digest = tokens.token_hash(record.route.token)
    case_repository.keep_signature(tx, plan.event, digest, now, is_carried_out=plan.is_carried_out)
    if isinstance(plan.event, Misuse):
        tx.revoke_token(digest, now)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The outcome of a mail's transaction, and its log line, which is written after the commit."""

    answer: Answer
    tell: Callable[[], None]


class Receiver:
    """Receiver of records from the fronts: decides, writes, answers.

    `entropy` returns random bytes, `wake` wakes the dispatcher after a commit. `allow` counts one more
    authenticated mail of an organisation unit (its domain) and returns False if it is over its limit.
    `most_octets` is the daily storage quota of a mailbox or a sender.
    """

    def __init__(
        self,
        store: Store,
        desk: Desk,
        rules: Callable[[], Rules],
        *,
        entropy: Callable[[int], bytes],
        allow: Callable[[str], bool] = lambda _: True,
        most_octets: DailyOctets = daily_octets.DEFAULT,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._desk = desk
        self._rules = rules
        self._entropy = entropy
        self._allow = allow
        self._most_octets = most_octets
        self._wake = wake
        self._planner = Planner(desk, self._make_number)
        self.probes = Probes(entropy)

    async def submit(self, submission: Submission) -> Answer:
        """Handle a record from a front; return the answer after the commit."""
        try:
            if isinstance(submission, RefusalRecord):
                return await self._count_refusal(submission)
            return await self._take(submission)
        except StoreUnavailableError as error:
            events.store_unavailable(error)
            return Answer(smtp_reply.STORE_UNAVAILABLE)

    async def _take(self, record: MailRecord) -> Answer:
        if self._is_too_much(record):
            _tell_rejected(record, smtp_reply.DOMAIN_RATE_LIMITED, "hourly rate limit exceeded")
            return Answer(smtp_reply.DOMAIN_RATE_LIMITED)
        if record.route.purpose is Purpose.PROBE:
            return await self._try_probe(record)
        completed = self.complete(record)
        outcome = await self._store.transact(lambda tx: self._commit(tx, completed))
        outcome.tell()
        if outcome.answer.mail_id:
            self._wake()
        return outcome.answer

    def _is_too_much(self, record: MailRecord) -> bool:
        """Return whether the author's organisation is over its rate limit.

        Only authenticated mail counts, so nobody can use up another's limit. Staff mail does not count, so
        that a flood from their own organisation cannot stop their decisions.
        """
        author = record.mail.author
        if record.verdict is None or author is None or self._is_from_staff(record):
            return False
        return not self._allow(daily_octets.find_unit(author))

    async def _try_probe(self, record: MailRecord) -> Answer:
        """Process an application completely and roll it back before the commit; only its time is recorded."""
        now = record.envelope.received_at
        if not self.probes.take(record.route.token, now):
            _tell_rejected(record, smtp_reply.NO_SUCH_MAILBOX, "unknown token")
            return Answer(smtp_reply.NO_SUCH_MAILBOX)
        completed = self.complete(read_as_application(record))
        answer = Answer(smtp_reply.LOCAL_ERROR)
        try:
            await self._store.transact(lambda tx: self._write_and_undo(tx, completed))
        except UndoneError as undone:
            answer = undone.answer
        if answer.reply == smtp_reply.ACCEPTED:
            await self._store.transact(lambda tx: tx.record_last_time(LAST_PROBE, now))
            answer = Answer(smtp_reply.PROBED if answer.number else smtp_reply.LOCAL_ERROR)
        events.probe_received(record.envelope, answer.reply)
        return answer

    def _write_and_undo(self, tx: Transaction, record: MailRecord) -> None:
        raise UndoneError(self._commit(tx, record).answer)

    def _is_from_staff(self, record: MailRecord) -> bool:
        return find_proven_member(record.mail, self._desk) is not None

    def complete(self, record: MailRecord) -> MailRecord:
        """Add to the record what only the desk knows: the background of the author's domain, a new number."""
        known = assess.build_background(record.verdict, self._rules()) if record.verdict else None
        mail = replace(record.mail, background=known, number=self._make_number())
        return msgspec.structs.replace(record, mail=mail)

    def plan(self, tx: Transaction, record: MailRecord) -> MessagePlan | None:
        """Return the plan of a completed record without writing; None if its token is unknown."""
        return self._planner.plan(tx, record)

    def _make_number(self) -> str:
        return tokens.make_number(self._entropy(NUMBER_ENTROPY_BYTES))

    async def _count_refusal(self, refusal: RefusalRecord) -> Answer:
        most = MAX_OWN_DOMAINS if domains.is_own(refusal.domain) else MAX_DOMAINS
        await self._store.transact(
            lambda tx: tx.count_refusal(refusal.reason, refusal.domain, refusal.at, most)
        )
        return Answer(smtp_reply.DONE)

    def _commit(self, tx: Transaction, record: MailRecord) -> _Outcome:
        """Run the store transaction of one mail: everything or nothing is written."""
        if tx.has_mail(record.row.key):
            return _Outcome(
                Answer(smtp_reply.DUPLICATE), lambda: events.mail_duplicate(record.envelope, record.author)
            )
        plan = self.plan(tx, record)
        if plan is None:
            return _reject(record, smtp_reply.NO_SUCH_MAILBOX, "unknown token")
        plan = self._planner.replan(tx, record, plan)
        full = daily_octets.find_reply(tx, record, self._most_octets, self._desk)
        if full is not None:
            return _reject(record, full, "daily quota exceeded")
        return self._write(tx, record, plan)

    def _write(self, tx: Transaction, record: MailRecord, plan: MessagePlan) -> _Outcome:
        """Write the mail, its cases and letters, and what later mails are checked against."""
        row, caps = replace(record.row, kind=event_kind(plan.event)), self._desk.caps
        now = row.received_at
        after = case_repository.save(tx, plan.before, plan.transition)
        mail_id = tx.record(row, after.id if after else None)
        if record.route.token:
            tx.link_answer(mail_id, tokens.token_hash(record.route.token))
        put = case_repository.enqueue(tx, after, plan.transition, now, mail_id, caps)
        _keep_evidence(tx, after, plan.transition, mail_id)
        for before, transition in plan.others:
            saved = case_repository.save(tx, before, transition)
            put += case_repository.enqueue(tx, saved, transition, now, mail_id, caps)
            _keep_evidence(tx, saved, transition, mail_id)
        unheard.mark(tx, mail_id, plan.event, plan.pairs, put)
        _remember(tx, record, plan, now)
        quoted_codes.void(tx, record, self._desk, now)
        number = after.number if after else ""
        return _Outcome(
            Answer(smtp_reply.ACCEPTED, mail_id, number),
            lambda: events.mail_received(record.envelope, record.verdict, row.kind, number, mail_id),
        )


def _reject(record: MailRecord, reply: SmtpReply, cause: LiteralString) -> _Outcome:
    return _Outcome(Answer(reply), lambda: _tell_rejected(record, reply, cause))


def _tell_rejected(record: MailRecord, reply: SmtpReply, cause: LiteralString) -> None:
    events.mail_rejected(record.envelope, reply, cause, record.author)
