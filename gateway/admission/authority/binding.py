"""What binds the text of a mail to its author: signatures, the host it came from, and doubts about both.

`bond` judges from it for which letters the text counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gateway.auth.results import Dkim, ProofGrade, Result, Spf, Verdict
from gateway.mail.address import Address
from gateway.mail.header import auto_submitted, fields
from gateway.mail.message import Message
from gateway.mail.smtp.mailboxes import Mailboxes, Route

# RFC 2045: the two fields that determine how the octets of a body become text.
_STRUCTURE = frozenset({"content-type", "content-transfer-encoding"})
_WHITE = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class SignedCover:
    """The coverage of one valid DKIM signature of `domain` besides From and the body.

    `mailbox`: a To or Cc that names the mailbox of the mail's own token; `structure`: Content-Type and
    Content-Transfer-Encoding; `date`: Date; `subject`: Subject, which is part of what a reply says. `content`
    is the same for every copy of the signed content.
    """

    domain: str
    mailbox: bool
    structure: bool
    date: bool
    subject: bool
    content: str


@dataclass(frozen=True, slots=True)
class Binding:
    """The evidence behind the parts of a mail; `proof` is the strength of the author's authentication.

    Source: with `own_host`, SPF names the client for the exact From domain; `through` are the domains that
    its SPF record refers to for that client, `hosts_known` is whether they can be determined.
    `names_mailbox`: the To or Cc of the mail names the mailbox of its token; `other_tokens`: our other tokens
    found there.

    Content: `date` is the Date field (None if invalid). `content` is the hash of the mail without signatures.
    `claims` are the content hashes of signatures that did not verify: they prove nothing, but identify a copy
    that arrives once DNS returns their key.

    Doubts: `doubled` is a field that occurs twice but may occur once, `is_cut` means that the text continues
    beyond the part that is read, `has_another_text` that some programs show other text. `agents` are the
    addresses that sent the mail for the author, `sent_by` is the first such field, as text, that names
    anybody else, `reverse_path` is that of the envelope.
    """

    author_domain: str = ""
    proof: ProofGrade = ProofGrade.NONE
    signatures: tuple[SignedCover, ...] = ()
    own_host: bool = False
    through: tuple[str, ...] = ()
    hosts_known: bool = True
    names_mailbox: bool = False
    other_tokens: tuple[str, ...] = ()
    date: datetime | None = None
    received_at: datetime | None = None
    content: str = ""
    claims: tuple[str, ...] = ()
    doubled: str = ""
    is_cut: bool = False
    has_another_text: bool = False
    agents: tuple[Address, ...] = ()
    sent_by: str = ""
    reverse_path: Address | None = None

    @property
    def contents(self) -> tuple[str, ...]:
        """The hashes that identify this mail when it arrives again, whatever was changed in transit."""
        known = (*(each.content for each in self.signatures), *self.claims, self.content)
        return tuple(dict.fromkeys(filter(None, known)))

    def proves_decision(self, signing_domains: Iterable[str] = ()) -> bool:
        """Return whether the mail may decide or confirm at all.

        The exact author domain or its parent must be authenticated, or one of the `signing_domains` must have
        signed.
        """
        extra = frozenset(signing_domains)
        return self.proof is ProofGrade.DECISION or any(one.domain in extra for one in self.signatures)


UNBOUND = Binding()


def read_binding(
    message: Message,
    verdict: Verdict,
    mailboxes: Mailboxes,
    route: Route,
    received_at: datetime,
    *,
    is_cut: bool = False,
    has_another_text: bool = False,
    reverse_path: Address | None = None,
) -> Binding:
    """Return what binds an authenticated mail received for `route`.

    `is_cut` and `has_another_text` come from `Content`, `reverse_path` from the envelope.
    """
    addressed = {name: _routes(message, name, mailboxes) for name in ("to", "cc")}
    named = {name for name, routes in addressed.items() if route in routes}
    others = {found.token for routes in addressed.values() for found in routes if found.token}
    return Binding(
        author_domain=verdict.author_domain,
        proof=verdict.proof,
        signatures=tuple(_cover(one, named) for one in verdict.dkim if one.content),
        own_host=_is_own_host(verdict.spf, verdict.author_domain),
        through=verdict.spf.through,
        hosts_known=verdict.spf.hosts_known,
        names_mailbox=bool(named),
        other_tokens=tuple(sorted(others - {route.token})),
        date=fields.date(message),
        received_at=received_at,
        claims=tuple(one.claimed for one in verdict.dkim if one.claimed),
        content=_digest_unsigned(message, verdict.author_domain, set().union(*addressed.values())),
        doubled=next((name for name in _SINGLE if message.count(name) > 1), ""),
        is_cut=is_cut,
        has_another_text=has_another_text,
        agents=tuple(found for name in _AGENTS for found in fields.recipients(message, name)),
        sent_by=_find_sender(message),
        reverse_path=reverse_path,
    )


# RFC 5322 section 3.6, RFC 2045 section 3: if one occurs twice, some programs read the first and some the
# last. For signed fields DKIM detects it.
_SINGLE = (
    *("from", "sender", "reply-to", "to", "cc", "date", "message-id", "subject"),
    *("content-type", "content-transfer-encoding", "content-disposition"),
)
# Fields for who sends or resends a mail for the author (RFC 5322 sections 3.6.2 and 3.6.6).
_AGENTS = ("sender", "resent-sender", "resent-from")


def _find_sender(message: Message) -> str:
    """Return the first of these fields that names anybody besides the author, or an empty string."""
    for field in (field for name in _AGENTS for field in message.all(name)):
        if not auto_submitted.names_only(field.value, fields.author(message).address):
            return fields.sanitize_header(fields.decode_text(field.value))
    return ""


def _routes(message: Message, name: str, mailboxes: Mailboxes) -> set[Route]:
    found = (mailboxes.route(address) for address in fields.recipients(message, name))
    return {route for route in found if route is not None}


def _cover(one: Dkim, named: set[str]) -> SignedCover:
    # A field that occurs twice but is signed once makes the signature fail (`auth.dkim.verify`).
    signed = frozenset(one.signed)
    return SignedCover(
        one.domain,
        mailbox=bool(signed & named),
        structure=signed >= _STRUCTURE,
        date="date" in signed,
        subject="subject" in signed,
        content=one.content,
    )


def _is_own_host(spf: Spf, author_domain: str) -> bool:
    """Return whether SPF names the client, but not every host, for the exact domain (RFC 7208)."""
    named = spf.identity == "mailfrom" and spf.domain == author_domain
    return named and spf.result is Result.PASS and not spf.wide


def _digest_unsigned(message: Message, author_domain: str, addressed: Iterable[Route]) -> str:
    """Return a SHA-256 in hexadecimal over domain, From, Date, our mailboxes and the body.

    White space is ignored. Nobody sends the same words twice to one mailbox in the same second. Message-ID is
    not included, because it is easily changed.
    """
    digest = hashlib.sha256()
    values = (message.first(name).translate(None, _WHITE) for name in ("from", "date"))
    ours = sorted(f"{route.purpose.name}+{route.token}".encode() for route in addressed)
    for part in (author_domain.encode(), *values, *ours, message.body.translate(None, _WHITE)):
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return digest.hexdigest()
