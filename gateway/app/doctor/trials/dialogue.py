"""A conversation with a mail server, step by step: commands, replies, and what they mean.

RFC 5321, RFC 3207 (STARTTLS), RFC 1870 (SIZE). It leaves nothing on the server except for log entries.
"""

from __future__ import annotations

import asyncio
import secrets
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime

import aiosmtplib
from cryptography import x509

from gateway.app.doctor.check import CheckResult, Level, ok
from gateway.app.doctor.host import judge_lifetime, judge_names
from gateway.app.doctor.trials.conversation import Conversation, Reply, Step, Target
from gateway.mail.text import remote_text
from gateway.net.delivery.smtp_client import describe_error

# RFC 2606: has no mailboxes, and no server may accept mail for it.
FOREIGN = "nobody@relay-test.example.com"


async def converse(target: Target, own_name: str, now: datetime) -> AsyncIterator[Step]:
    """Yield the steps as they are taken; if the conversation breaks, the last one explains why."""
    conversation = Conversation(target, own_name)
    try:
        async for step in _walk(conversation, now):
            yield step
    except (aiosmtplib.SMTPException, OSError) as trouble:
        said = f"{target.host} port {target.port}: {remote_text(describe_error(trouble))}"
        to_do = "check the server and its log, and that no firewall blocks the connection"
        yield Step(CheckResult(conversation.doing, Level.ERROR, said, to_do))
    finally:
        conversation.close()
        await asyncio.sleep(0)  # lets the loop close the sockets


async def _walk(talk: Conversation, now: datetime) -> AsyncIterator[Step]:
    reply = await talk.connect()
    yield talk.tell(Level.OK, f"{talk.target.host} port {talk.target.port} responds", reply)
    talk.doing = "ehlo"
    reply = await talk.greet()
    yield talk.tell(Level.OK, f"offers {', '.join(talk.list_extensions()) or 'no extensions'}", reply)
    async for step in _secure(talk, now):
        yield step
    yield await _try_size(talk)
    async for step in _try_recipients(talk):
        yield step
    if talk.target.application:
        yield await _apply(talk)
    talk.doing = "quit"
    yield talk.tell(Level.OK, "closes the session", await talk.say("QUIT"))


async def _secure(talk: Conversation, now: datetime) -> AsyncIterator[Step]:
    talk.doing = "starttls"
    needs = talk.target.needs_tls or talk.target.needs_trust
    if talk.read_extension("starttls") is None:
        to_do = f"set listen.tls_certificate, then systemctl restart {talk.target.unit}" if needs else ""
        yield talk.tell(
            Level.ERROR if needs else Level.OK, "is not offered, so mail arrives unencrypted", None, to_do
        )
        return
    reply, doubt = await _shake_hands(talk)
    session = talk.session
    assert session is not None  # noqa: S101 - the handshake succeeded
    yield talk.tell(Level.OK, f"{session.version()}, {(session.cipher() or ('?',))[0]}", reply)
    talk.doing = "certificate"
    shown = x509.load_der_x509_certificate(session.getpeercert(binary_form=True) or b"")
    for found in _judge(shown, doubt, talk.target, now):
        yield Step(replace(found, check=talk.doing))
    talk.doing = "ehlo"
    await talk.greet()


async def _shake_hands(talk: Conversation) -> tuple[Reply, str]:
    """Return the reply to STARTTLS, and why the certificate does not verify, on a second connection then."""
    try:
        return await talk.start_tls(verified=True), ""
    except ssl.SSLCertVerificationError as error:
        doubt = error.verify_message
    await talk.connect()
    await talk.greet()
    return await talk.start_tls(verified=False), doubt


def _judge(shown: x509.Certificate, doubt: str, target: Target, now: datetime) -> Iterator[CheckResult]:
    """Judge lifetime and name; a trusted issuer is required only on request (RFC 7435)."""
    yield judge_lifetime(shown, now)
    yield from judge_names(shown, target.name)
    if not doubt:
        yield ok("certificate", "was issued by a CA that this system trusts")
    elif target.needs_trust:
        yield CheckResult("certificate", Level.ERROR, f"cannot be verified: {doubt}", "obtain one from a CA")
    else:
        yield ok(
            "certificate",
            f"cannot be verified ({doubt}); senders that use opportunistic TLS accept it anyway",
        )


async def _try_size(talk: Conversation) -> Step:
    """Check that a message over the limit is rejected before it is sent (RFC 1870 section 6.1)."""
    talk.doing = "size"
    limit = talk.read_extension("size")
    if limit is None or not limit.strip().isdecimal() or not int(limit):
        return talk.tell(
            Level.WARNING, "advertises no message size limit (SIZE)", None, "configure one on the server"
        )
    reply = await talk.say(f"MAIL FROM:<> SIZE={int(limit) + 1}")
    if 200 <= reply.code < 300:
        await talk.say("RSET")
        return talk.tell(
            Level.WARNING,
            f"accepts more than the {int(limit):,} bytes that it advertises",
            reply,
            "check the server's settings",
        )
    return talk.tell(Level.OK, f"{int(limit):,} bytes at most; a larger message is rejected", reply)


async def _try_recipients(talk: Conversation) -> AsyncIterator[Step]:
    target = talk.target
    refused = {"foreign recipient": FOREIGN}
    if target.domain:
        refused = {"unknown recipient": f"probe-{secrets.token_hex(6)}@{target.domain}", **refused}
    talk.doing = "sender"
    reply = await talk.say("MAIL FROM:<>")
    if not 200 <= reply.code < 300:
        to_do = "bounces and automatic replies use the null reverse-path; it must be accepted (RFC 5321 6.1)"
        yield talk.tell(Level.ERROR, "the null reverse-path is rejected", reply, to_do)
        return
    for doing, address in refused.items():
        talk.doing = doing
        yield _judge_refusal(talk, address, await talk.say(f"RCPT TO:<{address}>"))
    if target.mailbox:
        talk.doing = "recipient"
        yield _judge_taking(talk, await talk.say(f"RCPT TO:<{target.mailbox}>"))
    await talk.say("RSET")


def _judge_refusal(talk: Conversation, address: str, reply: Reply) -> Step:
    if 200 <= reply.code < 300:
        to_do = (
            "a server must reject undeliverable mail during the session; otherwise it sends backscatter to "
            "forged senders"
        )
        return talk.tell(Level.ERROR, f"{address} is accepted", reply, to_do)
    if reply.code >= 500:
        return talk.tell(Level.OK, f"{address} is rejected", reply)
    return talk.tell(
        Level.UNKNOWN, f"{address} is deferred: neither accepted nor rejected yet", reply, "try again later"
    )


def _judge_taking(talk: Conversation, reply: Reply) -> Step:
    address = talk.target.mailbox
    if 200 <= reply.code < 300:
        return talk.tell(Level.OK, f"{address} is accepted", reply)
    return talk.tell(
        Level.ERROR,
        f"{address} is rejected: applications cannot be received",
        reply,
        "check the server's log",
    )


async def _apply(talk: Conversation) -> Step:
    """Send an application, which the gateway authenticates, reads, records, and rolls back."""
    talk.doing, mail = "application", talk.target.application
    for command in (f"MAIL FROM:<{mail['reverse_path']}>", f"RCPT TO:<{mail['forward_path']}>"):
        reply = await talk.say(command)
        if not 200 <= reply.code < 300:
            return talk.tell(Level.ERROR, f"{command.partition(':')[0]} is rejected", reply, talk.target.look)
    reply = await talk.hand_over(mail["raw"])
    if 200 <= reply.code < 300:
        return talk.tell(Level.OK, "an application was authenticated, recorded and rolled back", reply)
    return talk.tell(Level.ERROR, "the application was rejected", reply, talk.target.look)
