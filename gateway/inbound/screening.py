"""Collects what can be known of a mail without the store: parse -> authenticate -> reject? -> extract.

Nothing is changed, so this may run in a separate process without access to the database.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateway.admission.authority.binding import read_binding
from gateway.admission.intake import extract
from gateway.admission.intake.applicants import applicant
from gateway.admission.intake.mail_facts import MailFacts
from gateway.auth.authenticate import (
    DEFAULT_CHECK_LIMITS,
    TRUST_NOBODY,
    CheckLimits,
    TrustPolicy,
    authenticate,
)
from gateway.auth.dns.resolver import Resolver
from gateway.auth.results import Outcome, Verdict
from gateway.mail.header import fields
from gateway.mail.header.fields import AuthorError, Mailbox, NonAsciiAuthorError
from gateway.mail.message import MalformedMessageError, Message, parse
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Mailboxes, Purpose, Route
from gateway.mail.smtp.smtp_reply import SmtpReply

# RFC 5321 section 6.3: a large number of Received fields indicates a loop.
MAX_HOPS = 50
REFUSALS = {
    Outcome.TEMPERROR: smtp_reply.DNS_ERROR,
    Outcome.UNREACHABLE: smtp_reply.CANNOT_RECEIVE,
    Outcome.UNPROVEN: smtp_reply.SENDER_UNAUTHENTICATED,
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A parsed mail with its route and author; `author` is None if no authentication is needed."""

    envelope: Envelope
    message: Message
    route: Route
    author: Mailbox | None

    @property
    def author_address(self) -> str:
        """The author's address as text; empty if unknown."""
        return str(self.author.address) if self.author else ""


@dataclass(frozen=True, slots=True)
class Screened:
    """An accepted mail, with its verdict (None: no authentication needed) and the facts extracted from it.

    The case number and the background of the author's domain are added later by the desk.
    """

    arrival: Arrival
    verdict: Verdict | None
    mail: MailFacts


@dataclass(frozen=True, slots=True)
class Rejected:
    """A rejected mail: the public reply, and the cause, which the client does not see."""

    reply: SmtpReply
    cause: str
    author: str = ""
    verdict: Verdict | None = None


class LocalScreener:
    """Screener of mails; `help_page` is the URL of a page for senders whose domain is rejected."""

    def __init__(
        self,
        resolver: Resolver,
        mailboxes: Mailboxes,
        trust: TrustPolicy = TRUST_NOBODY,
        bounds: CheckLimits = DEFAULT_CHECK_LIMITS,
        help_page: str = "",
    ) -> None:
        self._resolver = resolver
        self._mailboxes = mailboxes
        self._trust = trust
        self._bounds = bounds
        self._help_page = help_page

    async def screen(self, envelope: Envelope, raw: bytes) -> Screened | Rejected:
        """Collect everything that can be known of a mail without the store; query DNS, change nothing."""
        try:
            arrival = self._open(envelope, raw)
            if (refused := self._reject_without_dns(arrival)) is not None:
                return refused
            verdict = await self._prove(arrival)
            if verdict is not None and verdict.outcome is not Outcome.PROVEN:
                reply = REFUSALS[verdict.outcome].with_page(self._help_page)
                return Rejected(reply, verdict.reason, arrival.author_address, verdict)
            return Screened(arrival, verdict, self._bind(arrival, verdict, _read(arrival)))
        except MalformedMessageError as error:
            return Rejected(smtp_reply.BAD_MESSAGE, str(error))
        except NonAsciiAuthorError as error:
            return Rejected(smtp_reply.AUTHOR_NOT_ASCII, str(error))
        except AuthorError as error:
            return Rejected(smtp_reply.BAD_AUTHOR, str(error))

    def _bind(self, arrival: Arrival, verdict: Verdict | None, mail: MailFacts) -> MailFacts:
        if verdict is None:
            return mail
        envelope = arrival.envelope
        bound = read_binding(
            arrival.message,
            verdict,
            self._mailboxes,
            arrival.route,
            envelope.received_at,
            is_cut=mail.is_cut,
            has_another_text=mail.has_another_text,
            reverse_path=envelope.reverse_path,
        )
        # A mail to two letters is ambiguous, even if only the envelope names the other one.
        routes = map(self._mailboxes.route, envelope.forward_paths)
        beside = {route.token for route in routes if route is not None and route.token}
        others = tuple(sorted({*bound.other_tokens, *beside} - {arrival.route.token}))
        return replace(mail, binding=replace(bound, other_tokens=others))

    def _open(self, envelope: Envelope, raw: bytes) -> Arrival:
        routes = [route for path in envelope.forward_paths if (route := self._mailboxes.route(path))]
        route = max(routes, key=lambda found: found.purpose)
        message = parse(raw, self._bounds.caps)
        # A report to a bounce address can only mark a letter undelivered; the postmaster must be reachable
        # especially for senders who fail authentication (RFC 5321 section 4.5.1).
        if route.purpose in {Purpose.BOUNCE, Purpose.POSTMASTER}:
            return Arrival(envelope, message, route, None)
        return Arrival(envelope, message, route, fields.author(message))

    def _reject_without_dns(self, arrival: Arrival) -> Rejected | None:
        """Reject what needs no DNS query: our own domain as author from outside, and loops.

        A probe is written by the gateway itself, so its author is permitted; it is authenticated like any
        mail, and its token decides.
        """
        is_ours = arrival.author is not None and arrival.author.address.domain == self._mailboxes.domain
        if is_ours and arrival.route.purpose is not Purpose.PROBE:
            return Rejected(
                smtp_reply.SPOOFED_SENDER, "the From address is in our own domain", arrival.author_address
            )
        if arrival.message.count("received") > MAX_HOPS:
            return Rejected(smtp_reply.HOP_LIMIT, "too many Received fields", arrival.author_address)
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


def _read(arrival: Arrival) -> MailFacts:
    facts = extract.extract_facts(
        arrival.message,
        arrival.author.address if arrival.author else None,
        arrival.route.purpose,
        null_reverse_path=arrival.envelope.reverse_path is None,
        author_name=arrival.author.name if arrival.author else "",
    )
    return applicant.read_words(facts)
