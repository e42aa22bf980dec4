"""A conversation with a mail server, step by step: what was said, what it answered, what that means.

RFC 5321, RFC 3207 (STARTTLS), RFC 1870 (SIZE). Nothing is left at the server but what its own log keeps.
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

# RFC 2606: nobody has a mailbox there, and no server may take mail for it.
FOREIGN = "nobody@relay-test.example.com"


async def converse(target: Target, own_name: str, now: datetime) -> AsyncIterator[Step]:
    """The steps as they are taken; the last one says why, where the conversation broke."""
    conversation = Conversation(target, own_name)
    try:
        async for step in _walk(conversation, now):
            yield step
    except (aiosmtplib.SMTPException, OSError) as trouble:
        said = f"{target.host} port {target.port}: {remote_text(describe_error(trouble))}"
        to_do = "check that it runs and that no packet filter is between; its log has more"
        yield Step(CheckResult(conversation.doing, Level.ERROR, said, to_do))
    finally:
        conversation.close()
        await asyncio.sleep(0)  # in which the loop lets go of the sockets


async def _walk(talk: Conversation, now: datetime) -> AsyncIterator[Step]:
    reply = await talk.connect()
    yield talk.tell(Level.OK, f"{talk.target.host} port {talk.target.port} answers", reply)
    talk.doing = "ehlo"
    reply = await talk.greet()
    yield talk.tell(Level.OK, f"offers {', '.join(talk.list_extensions()) or 'no extension'}", reply)
    async for step in _secure(talk, now):
        yield step
    yield await _try_size(talk)
    async for step in _try_recipients(talk):
        yield step
    if talk.target.application:
        yield await _apply(talk)
    talk.doing = "quit"
    yield talk.tell(Level.OK, "says goodbye", await talk.say("QUIT"))


async def _secure(talk: Conversation, now: datetime) -> AsyncIterator[Step]:
    talk.doing = "starttls"
    needs = talk.target.needs_tls or talk.target.needs_trust
    if talk.read_extension("starttls") is None:
        to_do = f"listen.tls_certificate, then systemctl restart {talk.target.unit}" if needs else ""
        yield talk.tell(
            Level.ERROR if needs else Level.OK, "is not offered: mail comes in the clear", None, to_do
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
    """The reply to STARTTLS, and why the certificate does not verify; then on a second connection."""
    try:
        return await talk.start_tls(verified=True), ""
    except ssl.SSLCertVerificationError as error:
        doubt = error.verify_message
    await talk.connect()
    await talk.greet()
    return await talk.start_tls(verified=False), doubt


def _judge(shown: x509.Certificate, doubt: str, target: Target, now: datetime) -> Iterator[CheckResult]:
    """Lifetime and name; who vouches for it is a must only where that was asked (RFC 7435)."""
    yield judge_lifetime(shown, now)
    yield from judge_names(shown, target.name)
    if not doubt:
        yield ok("certificate", "verifies by the authorities of this system")
    elif target.needs_trust:
        yield CheckResult(
            "certificate", Level.ERROR, f"does not verify: {doubt}", "get one from an authority"
        )
    else:
        yield ok("certificate", f"does not verify ({doubt}); senders that encrypt if they can do not mind")


async def _try_size(talk: Conversation) -> Step:
    """RFC 1870 section 6.1: a message that is too big is refused before it is sent."""
    talk.doing = "size"
    limit = talk.read_extension("size")
    if limit is None or not limit.strip().isdecimal() or not int(limit):
        return talk.tell(Level.WARNING, "names no limit for a message (SIZE)", None, "set one at the server")
    reply = await talk.say(f"MAIL FROM:<> SIZE={int(limit) + 1}")
    if 200 <= reply.code < 300:
        await talk.say("RSET")
        return talk.tell(
            Level.WARNING,
            f"takes more than the {int(limit):,} octets that it names",
            reply,
            "see its settings",
        )
    return talk.tell(Level.OK, f"at most {int(limit):,} octets; one more is refused", reply)


async def _try_recipients(talk: Conversation) -> AsyncIterator[Step]:
    target = talk.target
    refused = {"foreign recipient": FOREIGN}
    if target.domain:
        refused = {"unknown recipient": f"probe-{secrets.token_hex(6)}@{target.domain}", **refused}
    talk.doing = "sender"
    reply = await talk.say("MAIL FROM:<>")
    if not 200 <= reply.code < 300:
        to_do = "reports and replies of machines have this reverse-path; it must be taken (RFC 5321 6.1)"
        yield talk.tell(Level.ERROR, "the empty reverse-path is refused", reply, to_do)
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
        to_do = "a server refuses in session what it cannot deliver; else it writes to forged senders"
        return talk.tell(Level.ERROR, f"{address} is taken", reply, to_do)
    if reply.code >= 500:
        return talk.tell(Level.OK, f"{address} is refused", reply)
    return talk.tell(Level.UNKNOWN, f"{address} is deferred: it cannot answer now", reply, "try again later")


def _judge_taking(talk: Conversation, reply: Reply) -> Step:
    address = talk.target.mailbox
    if 200 <= reply.code < 300:
        return talk.tell(Level.OK, f"{address} is taken", reply)
    return talk.tell(Level.ERROR, f"{address} is not taken: no application comes in", reply, "see its log")


async def _apply(talk: Conversation) -> Step:
    """An application as somebody would send it: proven, read, written down, and undone by the gateway."""
    talk.doing, mail = "application", talk.target.application
    for command in (f"MAIL FROM:<{mail['reverse_path']}>", f"RCPT TO:<{mail['forward_path']}>"):
        reply = await talk.say(command)
        if not 200 <= reply.code < 300:
            return talk.tell(Level.ERROR, f"{command.partition(':')[0]} is refused", reply, talk.target.look)
    reply = await talk.hand_over(mail["raw"])
    if 200 <= reply.code < 300:
        return talk.tell(Level.OK, "an application was proven, recorded and erased again", reply)
    return talk.tell(Level.ERROR, "an application is not taken", reply, talk.target.look)
