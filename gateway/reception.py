"""The path of one mail in, from the end of DATA to the reply.

examine: parse -> authenticate -> refuse? -> read; then one store transaction: seen? -> case -> decide ->
letters -> 250, which means that the mail, what was decided and every letter owed are on disk together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from gateway import maillog
from gateway.admission import batch, eligibility, reading, secrecy, succession, token
from gateway.admission import case as cases
from gateway.admission.classify import Mail, classify
from gateway.admission.eligibility import Rules
from gateway.admission.intent import Apply, Batch, Intent, Misuse, Overview, kind_of
from gateway.admission.model import Case, Desk, Event, Step
from gateway.auth import alignment
from gateway.auth.authenticate import authenticate
from gateway.auth.resolver import Resolver
from gateway.auth.results import Outcome, Verdict
from gateway.auth.terms import NOBODY, UNPACED, Bounds, Trust
from gateway.mail import fields, reply
from gateway.mail.address import Address
from gateway.mail.envelope import Envelope
from gateway.mail.fields import AuthorError, Mailbox, NonAsciiAuthorError
from gateway.mail.forward_path import Mailboxes, Purpose, Route
from gateway.mail.message import MalformedMessageError, Message, parse
from gateway.mail.reply import Reply
from gateway.mail.text import fold
from gateway.store import record, steps
from gateway.store.port import ReceivedMail, Store, StoreUnavailableError, TokenRow, Transaction

# RFC 5321 section 6.3: a loop is assumed above a large number of Received fields.
MAX_HOPS = 50
NUMBER_ENTROPY_BYTES = 8

REFUSALS = {
    Outcome.TEMPERROR: reply.DNS_TROUBLE,
    Outcome.UNREACHABLE: reply.CANNOT_RECEIVE,
    Outcome.UNPROVEN: reply.NOT_PROVEN,
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A parsed mail with its route and author; `author` is None where nobody needs to be proven."""

    envelope: Envelope
    message: Message
    route: Route
    author: Mailbox | None

    @property
    def from_whom(self) -> str:
        """The author's address as text; empty when unknown."""
        return str(self.author.address) if self.author else ""


@dataclass(frozen=True, slots=True)
class Examined:
    """A mail that may come in, with its proof (None: needs none) and what it says."""

    arrival: Arrival
    verdict: Verdict | None
    mail: Mail


@dataclass(frozen=True, slots=True)
class Refused:
    """A mail that may not come in: the public reply and the cause that the client does not see."""

    reply: Reply
    cause: str
    author: str = ""
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Considered:
    """What a mail wants of which case, and the step that follows; nothing is written yet.

    `others` are the steps of further cases, when one reply decides several.
    """

    before: Case | None
    intent: Intent | Batch
    step: Step
    others: tuple[tuple[Case | None, Step], ...] = ()


class Reception:
    """Takes mails from the listener. `entropy` gives random bytes, `wake` stirs dispatch after a commit."""

    def __init__(
        self,
        store: Store,
        resolver: Resolver,
        desk: Desk,
        mailboxes: Mailboxes,
        rules: Callable[[], Rules],
        *,
        entropy: Callable[[int], bytes],
        trust: Trust = NOBODY,
        bounds: Bounds = UNPACED,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._resolver = resolver
        self._desk = desk
        self._mailboxes = mailboxes
        self._rules = rules
        self._entropy = entropy
        self._trust = trust
        self._bounds = bounds
        self._wake = wake

    def admits(self, forward_paths: tuple[Address, ...], new: Address) -> Reply:
        """The reply to RCPT TO `new`, when `forward_paths` were taken before it."""
        route = self._mailboxes.route(new)
        if route is None:
            return reply.NO_SUCH_MAILBOX
        taken = {found for path in forward_paths if (found := self._mailboxes.route(path)) and found.token}
        if route.token and taken - {route}:
            return reply.ONE_CASE_AT_A_TIME
        return reply.RECIPIENT_OK

    async def receive(self, envelope: Envelope, raw: bytes) -> Reply:
        """Take one mail. Every reply is a constant of `gateway.mail.reply`; 250 only after the commit."""
        examined = await self.examine(envelope, raw)
        if isinstance(examined, Examined) and self._is_too_much(examined):
            examined = Refused(reply.DOMAIN_TOO_BUSY, "too many mails in an hour", examined.arrival.from_whom)
        if isinstance(examined, Refused):
            await self._note(envelope, examined)
            return examined.reply
        try:
            answer = await self._store.transact(lambda tx: self._admit(tx, examined))
        except StoreUnavailableError as error:
            maillog.store_unavailable(error)
            return reply.STORE_UNAVAILABLE
        if answer is reply.ACCEPTED:
            self._wake()
        return answer

    def _is_too_much(self, examined: Examined) -> bool:
        """Whether the author's organisation had its share. Only proof counts: nobody can use up another's.

        The staff are not counted, so that no flood from their own house stops their decisions.
        """
        author = examined.mail.author
        if examined.verdict is None or author is None or self._desk.member(author):
            return False
        return not self._bounds.paced(alignment.unit(author.domain) or author.domain)

    async def examine(self, envelope: Envelope, raw: bytes) -> Examined | Refused:
        """All that can be known of a mail without the store: DNS is asked, nothing is changed."""
        try:
            arrival = self._open(envelope, raw)
            if (refused := self._refused_unseen(arrival)) is not None:
                return refused
            verdict = await self._prove(arrival)
            if verdict is not None and verdict.outcome is not Outcome.PROVEN:
                return Refused(REFUSALS[verdict.outcome], verdict.reason, arrival.from_whom, verdict)
            return Examined(arrival, verdict, self._read(arrival, verdict))
        except MalformedMessageError as error:
            return Refused(reply.BAD_MESSAGE, str(error))
        except NonAsciiAuthorError as error:
            return Refused(reply.AUTHOR_NOT_ASCII, str(error))
        except AuthorError as error:
            return Refused(reply.BAD_AUTHOR, str(error))

    def consider(self, tx: Transaction, examined: Examined) -> Considered | None:
        """The intent and the step of a mail, read only; None when its token stands for nothing."""
        arrival, mail = examined.arrival, examined.mail
        held = tx.token(token.token_hash(arrival.route.token)) if arrival.route.token else None
        if arrival.route.token and (held is None or held.purpose is not arrival.route.purpose):
            return None
        now = arrival.envelope.received_at
        before = self._case_of(tx, arrival, mail, held)
        intent = classify(mail, steps.holder(tx, held, before, now), before, self._desk)
        if isinstance(intent, Batch):
            *others, (_, step) = batch.decide(intent, steps.known(tx, intent), now, self._desk)
            return Considered(None, intent, step, tuple(others))
        if isinstance(intent, Overview):
            waiting, unseen = steps.waiting(tx)
            intent = replace(intent, cases=waiting, unseen=unseen)
        ended: tuple[tuple[Case | None, Step], ...] = ()
        if isinstance(intent, Apply) and (old := self._named(tx, mail)) and succession.follows(intent, old):
            ended = ((old, succession.ended(old, intent)),)
            intent = succession.marked(intent, old)
        if isinstance(intent, Apply) and before is None and tx.applied_before(intent.applicant):
            intent = succession.returned(intent)
        if isinstance(intent, Apply):
            intent = replace(intent, number=steps.free_number(tx, intent.number, self._number))
        step = cases.decide(before, intent, now, self._desk)
        return Considered(before, intent, secrecy.told(step, mail), ended)

    def _number(self) -> str:
        return token.make_number(self._entropy(NUMBER_ENTROPY_BYTES))

    def _named(self, tx: Transaction, mail: Mail) -> Case | None:
        """The case whose number stands in the subject."""
        number = token.find_number(fold(mail.subject))
        return tx.case_by_number(number) if number else None

    def _open(self, envelope: Envelope, raw: bytes) -> Arrival:
        routes = [route for path in envelope.forward_paths if (route := self._mailboxes.route(path))]
        route = max(routes, key=lambda found: found.purpose)
        message = parse(raw, self._bounds.caps)
        # A report to a bounce address can only mark a letter undelivered; the postmaster must be
        # reachable above all by those whose proof fails (RFC 5321 section 4.5.1).
        if route.purpose in {Purpose.BOUNCE, Purpose.POSTMASTER}:
            return Arrival(envelope, message, route, None)
        return Arrival(envelope, message, route, fields.author(message))

    def _refused_unseen(self, arrival: Arrival) -> Refused | None:
        """What is refused without a look at DNS: our own name from outside, and loops."""
        if arrival.author is not None and arrival.author.address.domain == self._mailboxes.domain:
            return Refused(reply.OWN_ADDRESS, "the author is at our own domain", arrival.from_whom)
        if len(arrival.message.all("received")) > MAX_HOPS:
            return Refused(reply.HOP_LIMIT, "too many Received fields", arrival.from_whom)
        return None

    async def _prove(self, arrival: Arrival) -> Verdict | None:
        if arrival.author is None:
            return None
        return await authenticate(
            arrival.message,
            arrival.envelope,
            arrival.author.address.domain,
            self._resolver,
            deadline_s=self._bounds.checks_s,
            relay=self._trust.relay,
            trusted_sealers=self._trust.sealers,
        )

    def _read(self, arrival: Arrival, verdict: Verdict | None) -> Mail:
        return reading.read(
            arrival.message,
            arrival.author.address if arrival.author else None,
            arrival.route.purpose,
            eligibility.background(verdict, self._rules()) if verdict else None,
            self._number(),
            null_reverse_path=arrival.envelope.reverse_path is None,
        )

    async def _note(self, envelope: Envelope, refused: Refused) -> None:
        """Note who could not be proven, so that the office can help; DNS trouble leaves nothing."""
        maillog.refused(envelope, refused.reply, refused.cause, refused.author)
        if refused.verdict is None or refused.verdict.outcome is Outcome.TEMPERROR:
            return
        detail = {"author": refused.author, "why": refused.cause}
        event = Event(f"refused.{refused.verdict.outcome.value}", detail=detail)
        try:
            await self._store.transact(lambda tx: tx.journal((event,), envelope.received_at, None, None))
        except StoreUnavailableError as error:
            maillog.store_unavailable(error)

    def _admit(self, tx: Transaction, examined: Examined) -> Reply:
        """The store transaction of one mail: all of it, or none."""
        arrival = examined.arrival
        envelope = arrival.envelope
        key = record.key(arrival.message, arrival.route, examined.mail, examined.verdict)
        if tx.seen(key):
            maillog.seen_before(envelope, arrival.from_whom)
            return reply.ACCEPTED_BEFORE
        considered = self.consider(tx, examined)
        if considered is None:
            maillog.refused(envelope, reply.NO_SUCH_MAILBOX, "unknown token", arrival.from_whom)
            return reply.NO_SUCH_MAILBOX
        after = steps.save(tx, considered.before, considered.step)
        kind = kind_of(considered.intent)
        mail_id = tx.record(self._record(key, examined, kind), after.id if after else None)
        steps.owe(tx, after, considered.step, envelope.received_at, mail_id)
        for before, step in considered.others:
            steps.owe(tx, steps.save(tx, before, step), step, envelope.received_at, mail_id)
        if isinstance(considered.intent, Misuse):
            tx.revoke_token(token.token_hash(arrival.route.token), envelope.received_at)
        maillog.received(envelope, examined.verdict, kind, after.number if after else "", mail_id)
        return reply.ACCEPTED

    def _record(self, key: str, examined: Examined, kind: str) -> ReceivedMail:
        arrival = examined.arrival
        return record.received(
            key,
            arrival.envelope,
            arrival.message,
            arrival.route,
            examined.mail,
            examined.verdict,
            kind,
            self._mailboxes.domain,
        )

    def _case_of(self, tx: Transaction, arrival: Arrival, mail: Mail, held: TokenRow | None) -> Case | None:
        """Envelope token, In-Reply-To and References, case number in the subject, the author's own case."""
        if held is not None:
            return tx.case(held.case_id) if held.case_id is not None else None
        if mail.author is None:
            return None
        found = tx.case_by_message_ids(fields.answered(arrival.message)) or self._named(tx, mail)
        if found is not None and (found.applicant.key == mail.author.key or self._desk.member(mail.author)):
            return found
        return tx.latest_case_of(mail.author)
