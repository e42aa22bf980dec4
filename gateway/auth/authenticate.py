"""Run all checks of one message side by side, under one deadline, and give the verdict."""

from __future__ import annotations

import asyncio

from gateway.auth import dkim, dmarc, dmarc_record, mx, spf
from gateway.auth.resolver import Resolver
from gateway.auth.results import Dmarc, MxState, Result, Spf, Verdict
from gateway.auth.verdict import verdict
from gateway.mail.envelope import Envelope
from gateway.mail.message import Message


async def authenticate(
    message: Message,
    envelope: Envelope,
    author_domain: str,
    resolver: Resolver,
    *,
    allow_loopback_mx: bool = False,
    deadline_s: float = 20.0,
) -> Verdict:
    """Who wrote `message`? `author_domain` is the domain of its one From mailbox.

    Raises nothing for what the message or DNS holds; when the deadline passes, everything not known
    is temperror, and so is the verdict.
    """
    author = author_domain.lower().removesuffix(".")
    try:
        async with asyncio.timeout(deadline_s):
            return await _checked(message, envelope, author, resolver, allow_loopback_mx)
    except TimeoutError:
        late = "the time for all checks ran out"
        domain = envelope.reverse_path.domain if envelope.reverse_path else ""
        unknown = Spf(Result.TEMPERROR, domain, "mailfrom" if domain else "helo", late)
        return verdict(author, unknown, (), Dmarc(Result.TEMPERROR, reason=late), MxState.TEMP)


async def _checked(
    message: Message, envelope: Envelope, author: str, resolver: Resolver, allow_loopback_mx: bool
) -> Verdict:
    spf_result, dkim_results, walk, mx_state = await asyncio.gather(
        spf.check(envelope.client_ip, envelope.reverse_path, envelope.helo, resolver),
        dkim.verify(message, resolver, envelope.received_at),
        dmarc_record.walk(author, resolver),
        mx.state(author, resolver, allow_loopback=allow_loopback_mx),
    )
    lookups = await dmarc.look_up(walk, spf_result, dkim_results, resolver)
    dmarc_result = dmarc.evaluate(lookups, spf_result, dkim_results)
    return verdict(author, spf_result, dkim_results, dmarc_result, mx_state)
