"""What can be known of one mail without the store: parse -> authenticate -> reject? -> extract.

Nothing is changed here, so it may run in a process of its own, away from the database.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateway.admission.authority.binding import read_binding
from gateway.admission.intake import applicant, extract
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

# RFC 5321 section 6.3: a loop is assumed above a large number of Received fields.
MAX_HOPS = 50
REFUSALS = {
    Outcome.TEMPERROR: smtp_reply.DNS_ERROR,
    Outcome.UNREACHABLE: smtp_reply.CANNOT_RECEIVE,
    Outcome.UNPROVEN: smtp_reply.SENDER_UNAUTHENTICATED,
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A parsed mail with its route and author; `author` is None where nobody needs to be proven."""

    envelope: Envelope
    message: Message
    route: Route
    author: Mailbox | None

    @property
    def author_address(self) -> str:
        """The author's address as text; empty when unknown."""
        return str(self.author.address) if self.author else ""


@dataclass(frozen=True, slots=True)
class Screened:
    """A mail that may come in, with its proof (None: needs none) and what it says.

    The mail's number and the background of its author's domain are still to come: they are the desk's.
    """

    arrival: Arrival
    verdict: Verdict | None
    mail: MailFacts


@dataclass(frozen=True, slots=True)
class Rejected:
    """A mail that may not come in: the public reply and the cause that the client does not see."""

    reply: SmtpReply
    cause: str
    author: str = ""
    verdict: Verdict | None = None


class LocalScreener:
    """Screens mails; `help_page` is the URL of a page for those whose domain is refused."""

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
        """All that can be known of a mail without the store: DNS is asked, nothing is changed."""
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
        # One copy for two letters is no clearer where only the envelope names the other.
        routes = map(self._mailboxes.route, envelope.forward_paths)
        beside = {route.token for route in routes if route is not None and route.token}
        others = tuple(sorted({*bound.other_tokens, *beside} - {arrival.route.token}))
        return replace(mail, binding=replace(bound, other_tokens=others))

    def _open(self, envelope: Envelope, raw: bytes) -> Arrival:
        routes = [route for path in envelope.forward_paths if (route := self._mailboxes.route(path))]
        route = max(routes, key=lambda found: found.purpose)
        message = parse(raw, self._bounds.caps)
        # A report to a bounce address can only mark a letter undelivered; the postmaster must be
        # reachable above all by those whose proof fails (RFC 5321 section 4.5.1).
        if route.purpose in {Purpose.BOUNCE, Purpose.POSTMASTER}:
            return Arrival(envelope, message, route, None)
        return Arrival(envelope, message, route, fields.author(message))

    def _reject_without_dns(self, arrival: Arrival) -> Rejected | None:
        """What is refused without a look at DNS: our own name from outside, and loops.

        A probe is written by ourselves: it has to be proven like any mail, and its token decides.
        """
        is_ours = arrival.author is not None and arrival.author.address.domain == self._mailboxes.domain
        if is_ours and arrival.route.purpose is not Purpose.PROBE:
            return Rejected(
                smtp_reply.SPOOFED_SENDER, "the author is at our own domain", arrival.author_address
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
