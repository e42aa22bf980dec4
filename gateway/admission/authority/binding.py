"""The bond between the text of a mail and the letter that it replies to.

An authenticated author is not enough: a signature covers only some fields, and a signed mail can be forwarded
to any mailbox with another Content-Type. Text therefore counts by what the signature covers, or by the host
that the mail came from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.auth.dmarc.organizational_domain import is_domain_or_parent, is_same_organisation
from gateway.auth.results import Dkim, ProofGrade, Result, Spf, Verdict
from gateway.mail.address import Address
from gateway.mail.header import auto_submitted, fields
from gateway.mail.message import Message
from gateway.mail.smtp.mailboxes import Mailboxes, Route
from gateway.printing.statement import Statement

# RFC 2045: the two fields that determine how the octets of a body become text.
_STRUCTURE = frozenset({"content-type", "content-transfer-encoding"})
_WHITE = b" \t\r\n"
CLOCK_SLACK = timedelta(minutes=5)
OLDEST = timedelta(days=7)
NEWEST = timedelta(days=1)


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


@dataclass(frozen=True, slots=True)
class Bond:
    """The extent to which the text of a mail counts for the letter that it replies to.

    `natural`: words alone count; `coded`: word and code count; `weak` and `weak_code`: words alone, or word
    and code, are backed only by hosts of a provider that others use too, or by unknown hosts. `why` tells the
    author what is missing if words alone do not count.
    """

    natural: bool
    coded: bool
    weak: bool
    weak_code: bool
    why: Statement


_UNSIGNED = Statement("unsigned")
_NO_SIGNATURE = Statement("no_signature")
_UNDATED = Statement("undated")
WEAK_PROOF = Statement("weak_proof")
TOO_LONG = Statement("too_long")


def refuse(why: Statement) -> Bond:
    """Return a bond by which nothing in the mail counts."""
    return Bond(natural=False, coded=False, weak=False, weak_code=False, why=why)


def _find_reservation(binding: Binding) -> Statement | None:
    """Return why words alone do not count although word and code do."""
    if binding.sent_by:
        return Statement("sent_by", by=binding.sent_by)
    return Statement("another_text") if binding.has_another_text else None


def _find_doubt(binding: Binding) -> Statement | None:
    """Return why the author's text is ambiguous; None if it is complete and clear."""
    if binding.doubled:
        return Statement("doubled", field=binding.doubled)
    return TOO_LONG if binding.is_cut else None


def bond(
    binding: Binding,
    handed_over_at: datetime | None,
    *,
    one_part: bool,
    signing_domains: Iterable[str] = (),
    require_dkim: bool = False,
) -> Bond:
    """Return how the mail is bound to a letter delivered at `handed_over_at` (None: delivery in progress).

    `one_part`: its text can be extracted from the body in only one way. `signing_domains` may sign for the
    author in addition to the author's domain and its parents.
    """
    extra = frozenset(signing_domains)
    author = binding.author_domain
    signed = [
        one for one in binding.signatures if one.domain in extra or is_domain_or_parent(one.domain, author)
    ]
    if not binding.proves_decision(extra):
        return refuse(WEAK_PROOF)
    if (doubt := _find_doubt(binding)) is not None:
        return refuse(doubt)
    whole = any(one.mailbox and one.structure and one.date and one.subject for one in signed)
    by_host = binding.own_host and binding.names_mailbox
    if require_dkim and not signed:
        return refuse(_NO_SIGNATURE)
    outside = any(not is_same_organisation(one, author) for one in binding.through)
    shared = by_host and (outside or not binding.hosts_known)
    strong_code = bool(signed) and (one_part or any(one.structure for one in signed))
    coded = by_host or strong_code
    weak, weak_code = shared and not whole, shared and not strong_code
    if not (whole or by_host):
        return Bond(natural=False, coded=coded, weak=weak, weak_code=weak_code, why=_UNSIGNED)
    if (why := _find_reservation(binding)) is not None:
        return Bond(natural=False, coded=coded, weak=weak, weak_code=weak_code, why=why)
    in_time = is_in_time(binding, handed_over_at)
    return Bond(natural=in_time, coded=coded, weak=weak, weak_code=weak_code, why=_UNDATED)


def is_in_time(binding: Binding, handed_over_at: datetime | None) -> bool:
    """Return whether Date is after the letter, at most 7 days before receipt and 1 day after it."""
    date, arrived = binding.date, binding.received_at
    if date is None or arrived is None:
        return False
    earliest = arrived - OLDEST
    if handed_over_at is not None:
        earliest = max(earliest, handed_over_at - CLOCK_SLACK)
    return earliest <= date <= arrived + NEWEST


def is_written_to_mailbox(binding: Binding, handed_over_at: datetime | None) -> bool:
    """Return whether the author recently wrote this mail to the mailbox that received it.

    A `bond` requires more: stronger authentication, and a clear body.
    """
    author = binding.author_domain
    signed = any(
        one.mailbox and one.date and is_same_organisation(one.domain, author) for one in binding.signatures
    )
    by_host = binding.own_host and binding.names_mailbox
    return (signed or by_host) and is_in_time(binding, handed_over_at)


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
