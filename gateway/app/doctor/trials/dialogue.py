"""A conversation with a mail server, step by step: what was said, what it answered, what that means.

RFC 5321, RFC 3207 (STARTTLS), RFC 1870 (SIZE). Nothing is left at the server but what its own log keeps.
"""

from __future__ import annotations

import asyncio
import secrets
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import perf_counter
from typing import cast

import aiosmtplib
from cryptography import x509

from gateway.app.doctor.check import CheckResult, Level, ok
from gateway.app.doctor.host import judge_lifetime, judge_names
from gateway.mail.text import remote_text
from gateway.net.delivery.smtp_client import describe_error
from gateway.net.host.desk_units import USER

Reply = aiosmtplib.SMTPResponse
# RFC 2606: nobody has a mailbox there, and no server may take mail for it.
FOREIGN = "nobody@relay-test.example.com"


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to talk to. `domain` (or empty) is what it takes mail for, `mailbox` (or empty) must be taken.

    `application` has `reverse_path`, `forward_path` and `raw`. `needs_tls`: STARTTLS is a must;
    `needs_trust`: so is a certificate for `name` that verifies. `unit`: of our own gateway.
    """

    host: str
    port: int = 25
    name: str = ""
    domain: str = ""
    mailbox: str = ""
    needs_tls: bool = False
    needs_trust: bool = False
    application: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = 30.0
    unit: str = USER

    @property
    def look(self) -> str:
        """Where our own gateway tells why it refuses."""
        return f"journalctl -u {self.unit} tells the cause; gateway doctor --only dns. --only disk"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it means, what the server answered (printable) and how long that took."""

    found: CheckResult
    reply: str = ""
    took_ms: float = 0.0


async def converse(target: Target, own_name: str, now: datetime) -> AsyncIterator[Step]:
    """The steps as they are taken; the last one says why, where the conversation broke."""
    conversation = Conversation(target, own_name)
    try:
        async for step in _walk(conversation, now):
            yield step
    except (aiosmtplib.SMTPException, OSError) as trouble:
        said = f"{target.host} port {target.port}: {remote_text(describe_error(trouble))}"
        to_do = "see whether it runs and whether a packet filter stands between; its log tells more"
        yield Step(CheckResult(conversation.doing, Level.ERROR, said, to_do))
    finally:
        conversation.close()
        await asyncio.sleep(0)  # in which the loop lets go of the sockets


class Conversation:
    """One connection after another, until one is secure; `doing` is the step that is under way."""

    def __init__(self, target: Target, own_name: str) -> None:
        self.target = target
        self.doing = "connect"
        self.took_ms = 0.0
        self._own_name = own_name
        self._client = self._build_client()
        # What lies below TLS: a TLS session that ends politely outlives the loop.
        self._wire: asyncio.WriteTransport | None = None

    def _build_client(self) -> aiosmtplib.SMTP:
        target = self.target
        return aiosmtplib.SMTP(
            hostname=target.host,
            port=target.port,
            local_hostname=self._own_name,
            timeout=target.timeout_s,
            use_tls=False,
            start_tls=False,
        )

    async def connect(self) -> Reply:
        """A new connection, and the greeting."""
        self.close()
        self._client = self._build_client()
        begun = perf_counter()
        reply = await self._client.connect()
        self._wire = cast(
            "asyncio.WriteTransport", self._client.transport
        )  # uvloop's is no asyncio.Transport
        self._note(begun)
        return reply

    async def greet(self) -> Reply:
        """EHLO."""
        begun = perf_counter()
        reply = await self._client.ehlo()
        self._note(begun)
        return reply

    async def start_tls(self, *, verified: bool) -> Reply:
        """STARTTLS and the handshake; the name in the certificate is looked at later."""
        context = ssl.create_default_context()
        context.check_hostname = False
        if not verified:
            context.verify_mode = ssl.CERT_NONE
        begun = perf_counter()
        reply = await self._client.starttls(server_hostname=self.target.name, tls_context=context)
        self._note(begun)
        return reply

    async def say(self, command: str) -> Reply:
        """One command."""
        begun = perf_counter()
        reply = await self._client.execute_command(command.encode("ascii"))
        self._note(begun)
        return reply

    async def hand_over(self, raw: str) -> Reply:
        """DATA and a message; a refusal is a reply too."""
        begun = perf_counter()
        try:
            reply = await self._client.data(raw.encode("ascii"))
        except aiosmtplib.SMTPResponseException as error:
            if error.code < 0:
                raise
            reply = Reply(error.code, error.message)
        self._note(begun)
        return reply

    def _note(self, begun: float) -> None:
        self.took_ms = (perf_counter() - begun) * 1000

    @property
    def session(self) -> ssl.SSLObject | None:
        """The TLS session; None in the clear."""
        found: ssl.SSLObject | None = self._client.get_transport_info("ssl_object")
        return found

    def read_extension(self, name: str) -> str | None:
        """The parameters of an extension of EHLO; None where it is not offered."""
        return self._client.esmtp_extensions.get(name)

    def list_extensions(self) -> list[str]:
        """The names of all extensions."""
        return sorted(name.upper() for name in self._client.esmtp_extensions)

    def close(self) -> None:
        """End it at once: what the other side has not read is not waited for."""
        self._client.close()
        if self._wire is not None:
            self._wire.abort()

    def tell(self, level: Level, text: str, reply: Reply | None = None, to_do: str = "") -> Step:
        """What came of the step that is under way."""
        said = remote_text(f"{reply.code} {reply.message}") if reply else ""
        return Step(CheckResult(self.doing, level, text, to_do), said, self.took_ms)


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
    return talk.tell(Level.UNKNOWN, f"{address} is put off: it cannot tell now", reply, "try again later")


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
