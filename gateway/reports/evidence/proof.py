"""Authenticates a stored mail again: the same checks, with the DNS answers stored with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from gateway import __version__
from gateway.auth.authenticate import TrustPolicy, authenticate
from gateway.auth.dns.stored_answers import StoredAnswers
from gateway.auth.results import Verdict
from gateway.mail import address, message
from gateway.mail.message import MalformedMessageError, Message
from gateway.mail.mime.content import MAX_READ_BYTES
from gateway.mail.smtp.envelope import Envelope

Row = dict[str, Any]
# The checks wait for nothing; this limit is for a mail whose signatures take CPU time.
DEADLINE_S = 60.0


class UnreadableError(Exception):
    """Raised if this release cannot read a stored mail or its data; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A stored mail as received, its verdict then and now, and the DNS answers for it.

    `unkept` are foreign aliases of that time that earlier releases did not store with the answers.
    """

    message: Message
    then: Verdict
    now: Verdict
    resolver: StoredAnswers
    unkept: tuple[str, ...]


async def prove_again(mail: Row, trust: TrustPolicy) -> KeptMail:
    """Authenticate a mail (its `raw`, `verdict` and envelope) with this release.

    Raises UnreadableError if the mail cannot be read.
    """
    try:
        then = msgspec.convert(mail["verdict"], Verdict)
        opened = _drop_our_results(message.parse(mail["raw"]))
        envelope = _build_envelope(mail)
    except (msgspec.ValidationError, MalformedMessageError, address.AddressError) as error:
        raise UnreadableError(str(error)) from error
    resolver = StoredAnswers(then.answers)
    now = await authenticate(
        opened,
        envelope,
        then.author_domain,
        resolver,
        deadline_s=DEADLINE_S,
        relay=trust.relay,
        trusted_sealers=trust.sealers,
    )
    unkept = () if any(one.aliases for one in then.answers) else then.foreign_aliases
    return KeptMail(opened, then, now, resolver, unkept)


def tell_proof(kept: KeptMail) -> Row:
    """Return the verdict of this release as plain values.

    `not_stored` are the queries without a stored answer, `cut` those with a truncated one; both count as
    unanswered. `same` says whether the verdict is the same as then.
    """
    now = _summarise(kept.now, kept.unkept)
    return {
        "release": __version__,
        "same": now == _summarise(kept.then),
        **now,
        "reason": kept.now.reason,
        "dkim_reasons": [one.reason for one in kept.now.dkim],
        "not_stored": [
            *(f"{rtype} {name}" for name, rtype in kept.resolver.missed),
            *(f"CNAME to {name}" for name in kept.unkept),
        ],
        "cut": [f"{rtype} {name}" for name, rtype in kept.resolver.cut],
        "body_cut": len(kept.message.body) >= MAX_READ_BYTES,
    }


def _drop_our_results(kept: Message) -> Message:
    """Remove the Authentication-Results that we added before storing."""
    first = kept.fields[0] if kept.fields else None
    if first is None or first.key != "authentication-results":
        return kept
    return message.parse(kept.raw[len(first.raw) + len(b"\r\n") :])


def _build_envelope(mail: Row) -> Envelope:
    path = mail["reverse_path"]
    return Envelope(
        client_ip=mail["client_ip"],
        helo=mail["helo"],
        reverse_path=address.parse(path) if path else None,
        forward_paths=(),
        received_at=datetime.fromisoformat(mail["received_at"]),
    )


def _summarise(verdict: Verdict, unkept: tuple[str, ...] = ()) -> Row:
    """Return a verdict without its sentences and without what only the network could provide."""
    return {
        "author_domain": verdict.author_domain,
        "outcome": verdict.outcome.value,
        "grade": verdict.grade.value,
        "proof": verdict.proof.value,
        "prover": verdict.prover,
        "foreign_aliases": list(verdict.foreign_aliases or unkept),
        "spf": {
            "result": verdict.spf.result.value,
            "identity": verdict.spf.identity,
            "domain": verdict.spf.domain,
            "wide": verdict.spf.wide,
            "through": list(verdict.spf.through),
            "hosts_known": verdict.spf.hosts_known,
        },
        "dkim": [
            {
                "result": one.result.value,
                "domain": one.domain,
                "selector": one.selector,
                "signed": list(one.signed),
                "content": one.content,
            }
            for one in verdict.dkim
        ],
        "dmarc": {
            "result": verdict.dmarc.result.value,
            "domain": verdict.dmarc.domain,
            "policy": verdict.dmarc.policy,
        },
        "mx": verdict.mx.value,
    }
