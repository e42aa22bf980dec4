"""Who wrote a kept mail, proven again: the same checks, with the answers of DNS that were kept with it."""

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
# The checks do not wait for anything: this is for a mail whose signatures take a processor's time.
DEADLINE_S = 60.0


class UnreadableError(Exception):
    """A kept mail, or what was kept with it, that this release cannot read; the text says why."""


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A kept mail as it came in, its verdict of then and of this release, and the answers that gave it.

    `unkept` are foreign aliases of then whose answers were kept without them, as earlier releases did.
    """

    message: Message
    then: Verdict
    now: Verdict
    resolver: StoredAnswers
    unkept: tuple[str, ...]


async def prove_again(mail: Row, trust: TrustPolicy) -> KeptMail:
    """A mail with its `raw`, `verdict` and envelope, proven by this release.

    Raises UnreadableError for what the mail holds.
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
    """The verdict of this release as plain values.

    `not_stored` are the questions without a kept answer, `cut` those with a part of one: both count as not
    answered. `same` is whether it is the verdict of then.
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
    """The mail without the Authentication-Results that we put on top of what came in."""
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
    """What a verdict comes to: all but its sentences and what only the network could tell."""
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
