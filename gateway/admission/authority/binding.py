"""What binds the words of a mail to the letter that they answer.

A proven author is not enough: a signature covers some fields, and a signed mail can be sent on to any
mailbox with another Content-Type. So words count by what stands in the signed part, or by the host that the
mail came from.
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

# RFC 2045: the two fields that say how the octets of a body become text.
_STRUCTURE = frozenset({"content-type", "content-transfer-encoding"})
_WHITE = b" \t\r\n"
CLOCK_SLACK = timedelta(minutes=5)
OLDEST = timedelta(days=7)
NEWEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SignedCover:
    """What one passing DKIM signature of `domain` covers beside From and the body.

    `mailbox`: a To or Cc that names the mailbox of the mail's own token; `structure`: Content-Type and
    Content-Transfer-Encoding; `date`: Date; `subject`: Subject, which is part of what a reply says. `content`
    is the same for every copy of what was signed.
    """

    domain: str
    mailbox: bool
    structure: bool
    date: bool
    subject: bool
    content: str


@dataclass(frozen=True, slots=True)
class Binding:
    """What of a mail rests on what. `proof` says how far the proof of its author goes.

    `own_host`: SPF names the client for the very domain of From; `through` are the domains that its record
    refers to for that client, `hosts_known` whether these can be told. `names_mailbox`: the mail's own To or
    Cc names the mailbox of its token; `other_tokens`: tokens of ours that stand there beside it. `date` is
    the Date field, None when it cannot be read. `content` stands for the mail as far as nobody signed it,
    `claims` for what signatures cover that did not pass: nothing counts by them, but a copy that comes when
    DNS gives their key is a copy. `doubled` is a field that may stand once and stands twice, `is_cut` says
    that the text goes on where nobody reads, `has_another_text` that some programs show words beside it;
    `agents` are the addresses that sent it in the author's name, `sent_by` the first such field as text that
    names anybody else, `reverse_path` is the envelope's.
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
        """What this mail is known by when it comes again, whatever was changed on the way."""
        known = (*(each.content for each in self.signatures), *self.claims, self.content)
        return tuple(dict.fromkeys(filter(None, known)))

    def proves_decision(self, signing_domains: Iterable[str] = ()) -> bool:
        """Whether the mail may decide or confirm at all: its very domain or the parent vouches, or one of the
        `signing_domains` signed it."""
        extra = frozenset(signing_domains)
        return self.proof is ProofGrade.DECISION or any(one.domain in extra for one in self.signatures)


UNBOUND = Binding()


@dataclass(frozen=True, slots=True)
class Bond:
    """How far the words of a mail count about the letter that it answers.

    `natural`: words alone do; `coded`: word and code do; `weak` and `weak_code`: all that the words alone, or
    word and code, rest on are the hosts of a provider that others use as well, or that nobody can tell.
    `why` tells the writer what is missing where natural words do not count.
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
    """Nothing of the mail counts."""
    return Bond(natural=False, coded=False, weak=False, weak_code=False, why=why)


def _find_reservation(binding: Binding) -> Statement | None:
    """Why words alone do not count, while word and code do."""
    if binding.sent_by:
        return Statement("sent_by", by=binding.sent_by)
    return Statement("another_text") if binding.has_another_text else None


def _find_doubt(binding: Binding) -> Statement | None:
    """Why nobody can tell what the author says in the mail; None where it is read whole and in one way."""
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
    """How the mail is bound to a letter that left at `handed_over_at` (None: it is leaving).

    `one_part`: its text can be cut out of the body in one way only. `signing_domains` sign for
    the author beside its own domain and that one's parents.
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
    """Whether Date lies behind the letter, at most seven days before the arrival and one day after it."""
    date, arrived = binding.date, binding.received_at
    if date is None or arrived is None:
        return False
    earliest = arrived - OLDEST
    if handed_over_at is not None:
        earliest = max(earliest, handed_over_at - CLOCK_SLACK)
    return earliest <= date <= arrived + NEWEST


def is_written_to_mailbox(binding: Binding, handed_over_at: datetime | None) -> bool:
    """Whether the author wrote this mail to the mailbox that it came to, and lately.

    A `bond` asks for more: the proof of a word, and how the body is read.
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
    """What binds a proven mail that came for `route`; the last ones as `Content` and the envelope say."""
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


# RFC 5322 section 3.6, RFC 2045 section 3: where they stand twice, one program reads the first, another the
# last. DKIM says so of what is signed.
_SINGLE = (
    *("from", "sender", "reply-to", "to", "cc", "date", "message-id", "subject"),
    *("content-type", "content-transfer-encoding", "content-disposition"),
)
# Who hands a mail over in the author's name, or sends it once more (RFC 5322 sections 3.6.2 and 3.6.6).
_AGENTS = ("sender", "resent-sender", "resent-from")


def _find_sender(message: Message) -> str:
    """The first of these fields that names anybody beside the author; empty where none does."""
    author = fields.author(message).address
    for name in _AGENTS:
        for field in message.all(name):
            if not auto_submitted.names_only(field.value, author):
                return fields.sanitize_header(fields.decode_text(field.value))
    return ""


def _routes(message: Message, name: str, mailboxes: Mailboxes) -> set[Route]:
    found = (mailboxes.route(address) for address in fields.recipients(message, name))
    return {route for route in found if route is not None}


def _cover(one: Dkim, named: set[str]) -> SignedCover:
    # Fields that stand twice and are signed once make a signature fail (`auth.dkim.verify`).
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
    """RFC 7208: MAIL FROM is of the very domain, and its record names the client and not everybody."""
    named = spf.identity == "mailfrom" and spf.domain == author_domain
    return named and spf.result is Result.PASS and not spf.wide


def _digest_unsigned(message: Message, author_domain: str, addressed: Iterable[Route]) -> str:
    """SHA-256, in hexadecimal, over domain, From, Date, our mailboxes in To and Cc, and the body without
    white space: nobody writes twice to one of them in the same second with the same words. Message-ID is
    easily another."""
    digest = hashlib.sha256()
    values = (message.first(name).translate(None, _WHITE) for name in ("from", "date"))
    ours = sorted(f"{route.purpose.name}+{route.token}".encode() for route in addressed)
    for part in (author_domain.encode(), *values, *ours, message.body.translate(None, _WHITE)):
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return digest.hexdigest()
