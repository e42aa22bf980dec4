"""One SMTP session: aiosmtpd's command loop behind a guard (RFC 5321 sections 3 and 4.1).

`Guard` judges every octet before aiosmtpd sees it, `Link` keeps deadlines and sends closing replies, `Hooks`
implement the commands. docs/adr/0001-aiosmtpd.md explains why each method here overrides aiosmtpd's own.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import suppress
from typing import ClassVar, cast

from aiosmtpd.smtp import SMTP

from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.net.smtp.connection.link import Link
from gateway.net.smtp.connection.tls_handshake import shake_hands
from gateway.net.smtp.hooks import Hooks
from gateway.net.smtp.limits.places import Place
from gateway.net.smtp.limits.resource_usage import client_ip, client_key
from gateway.net.smtp.protocol.guard import Close, Guard, Line, Message, Phase, Refusal, Verdict
from gateway.net.smtp.protocol.state import Session, Transaction
from gateway.net.smtp.protocol.syntax import parse_helo, to_octets
from gateway.net.smtp.relays.xclient import NO_CLAIM
from gateway.net.smtp.server_state import log_exception

# The guard has already limited every line; this is higher than any of its limits.
_NO_LIMIT_BYTES = 2**20
_OUR_TURN = frozenset({Phase.GREETING, Phase.ANSWERING, Phase.BUSY})


class SmtpSession(SMTP):
    """Created by the event loop for each connection, and registered with the service until it is lost."""

    command_size_limits: ClassVar[dict[str, int]] = defaultdict(lambda: _NO_LIMIT_BYTES)  # type: ignore[misc] # an instance variable there
    command_size_limit = line_length_limit = _NO_LIMIT_BYTES
    transport: asyncio.Transport
    session: Session
    envelope: Transaction
    event_handler: Hooks
    place: Place  # set before the connection is made

    def _create_session(self) -> Session:
        return Session(self.loop)

    def _create_envelope(self) -> Transaction:
        return Transaction()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start aiosmtpd's loop if there is room for the client; a proxy must first send its header."""
        service = self._service = self.event_handler.service
        ip = client_ip(transport.get_extra_info("peername"))
        is_relay = service.relays.is_relay(ip)
        guard = self._guard = Guard(service.limits, wants_header=is_relay and service.is_behind_proxy)
        link = Link(service, guard, cast("asyncio.Transport", transport), lambda: self.connection_lost(None))
        self.link = link
        self._message: asyncio.Future[bytes | SmtpReply] | None = None
        self._is_joined = not service.closing and self.place.take(client_key(ip), shared=is_relay)
        if not self._is_joined:
            link.turn_away()
            return
        if guard.phase is Phase.HEADER:
            self._proxy_timeout = service.limits.command_s
        super().connection_made(transport)
        self.session.settle(ip, client_key(ip), is_relay=is_relay)
        link.ip = ip
        service.register(link)

    def connection_lost(self, error: Exception | None) -> None:
        """Release the session's place; a handler at work continues. Called twice if a handshake fails."""
        self._guard.close()
        self.link.hold(0)
        if self._is_joined:
            self._is_joined = False
            self.place.leave(self.session.key)
            self._service.unregister(self.link)
            super().connection_lost(error)

    def eof_received(self) -> bool:
        """Handle a client that has closed its side; it may still wait for our reply."""
        self.link.is_half_closed = True
        return self.link.is_awaited and not self.session.is_tls

    def data_received(self, data: bytes) -> None:
        """Pass octets from the client to the guard, which decides what the reader gets."""
        try:
            self._guard.take(data)
            if self._guard.phase is Phase.DATA:
                self.link.account()
            self._advance()
            self.link.listen(on=not self._guard.is_full)
        except Exception as error:
            # The last line of defence: any internal error is answered with 451.
            log_exception("session", self.link.ip, error)
            self.link.close_with(smtp_reply.LOCAL_ERROR)

    def _advance(self) -> None:
        while (verdict := self._guard.next()) is not None:
            self._act(verdict)

    def _act(self, verdict: Verdict) -> None:
        match verdict:
            case Line(octets):
                self._service.traces.note(self.link.ip, "C", octets)
                super().data_received(octets)
            case Message(result):
                size_bytes = 0 if isinstance(result, SmtpReply) else len(result)
                self._service.traces.note(self.link.ip, "C", b"(a message of %d octets)" % size_bytes)
                self.link.hold(size_bytes)
                if self._message is not None and not self._message.done():
                    self._message.set_result(result)
            case Refusal(reply):
                self.link.refuse(reply)
            case Close(reply, cause):
                self.link.close_with(reply, cause)

    # -- timeouts

    def _reset_timeout(self, duration: float | None = None) -> None:
        """Set the deadline, in seconds, which the listener checks; aiosmtpd's timer limits the session."""
        if self._guard.phase is not Phase.CLOSED:
            self.link.wait(duration or self._service.limits.command_s)
        if self._timeout_handle is None:
            super()._reset_timeout()

    def _timeout_cb(self) -> None:
        """End a session that is too old, but wait for a message being handled."""
        if self._guard.phase is Phase.BUSY:
            super()._reset_timeout(self._service.limits.sweep_s)
        else:
            self.link.end_with(smtp_reply.SESSION_TIMEOUT)

    # -- replies

    async def push(self, status: SmtpReply | str | bytes) -> None:
        """Send one reply, count it, and let the next line through; too many rejections end the session."""
        guard = self._guard
        if guard.phase is Phase.GREETING:
            # One iteration of the loop later, octets sent before the greeting have been read.
            await asyncio.sleep(0)
        code = status.code if isinstance(status, SmtpReply) else int(status[:3])
        if guard.phase is Phase.CLOSED or self.link.is_last(status, code):
            return
        if code == smtp_reply.CLOSING.code:
            guard.close()
        raw = status if isinstance(status, bytes) else str(status).encode("ascii")
        self._service.note_reply(self.link.ip, raw)
        await super().push(raw)
        if guard.phase in _OUR_TURN:
            guard.phase = Phase.COMMAND
            self._go_on(code)

    def _go_on(self, code: int) -> None:
        """Give the client its turn, if it may continue."""
        self._reset_timeout()
        self.link.listen(on=True)
        if self._guard.is_out_of_step:
            self.link.close_with(smtp_reply.SYNC_ERROR)
        self._advance()
        self.link.take_leave(code)

    async def handle_exception(self, error: Exception) -> SmtpReply:  # type: ignore[override] # `push` takes it
        """Reply 451 to an internal error and reset the transaction, except for an error in RCPT."""
        is_recipient = self._guard.verb == b"RCPT"
        if not is_recipient:
            self._set_rset_state()
        with suppress(Exception):
            log_exception("handler" if is_recipient else "session", self.link.ip, error)
        if self._guard.phase not in {*_OUR_TURN, Phase.CLOSED}:
            self.link.end_with(smtp_reply.LOCAL_ERROR)
        return smtp_reply.LOCAL_ERROR

    # -- commands

    async def smtp_HELO(self, arg: str | None) -> None:
        """Handle HELO."""
        await self._greet("HELO", arg)

    async def smtp_EHLO(self, arg: str | None) -> None:
        """Handle EHLO."""
        await self._greet("EHLO", arg, [])

    async def _greet(self, verb: str, arg: str | None, *more: list[str]) -> None:
        """Handle HELO and EHLO. RFC 5321 section 4.1.4: only a valid name resets the transaction."""
        hostname = parse_helo(to_octets(arg))
        if hostname is None:
            await self.push(smtp_reply.BAD_HELO)
            return
        self._set_rset_state()
        self.session.extended_smtp = verb == "EHLO"
        await self.push(await self._call_handler_hook(verb, hostname, *more))

    async def _ask(self, verb: str, arg: str | None) -> None:
        """Send the reply of the hook."""
        await self.push(await self._call_handler_hook(verb, to_octets(arg)))

    async def smtp_MAIL(self, arg: str | None) -> None:
        """Handle MAIL FROM."""
        await self._ask("MAIL", arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        """Handle RCPT TO."""
        await self._ask("RCPT", arg)

    async def smtp_VRFY(self, arg: str | None) -> None:
        """Handle VRFY, without revealing anything."""
        await self.push(smtp_reply.CANNOT_VERIFY if arg else smtp_reply.BAD_SYNTAX)

    async def smtp_XCLIENT(self, arg: str | None) -> None:
        """Handle XCLIENT."""
        await self._ask("XCLIENT", arg)

    async def smtp_HELP(self, _: str | None) -> None:
        """Handle HELP, without naming software or commands."""
        await self.push(smtp_reply.HELP)

    async def smtp_EXPN(self, _: str | None) -> None:
        """Handle EXPN and AUTH: not implemented."""
        await self.push(smtp_reply.NOT_IMPLEMENTED)

    smtp_AUTH = smtp_EXPN  # noqa: N815 - aiosmtpd's name; nobody can log in here

    async def smtp_BDAT(self, _: str | None) -> None:
        """Close the session: BDAT is followed by octets (RFC 3030) that would be read as commands."""
        self.link.close_with(smtp_reply.NOT_IMPLEMENTED)

    async def smtp_DATA(self, arg: str | None) -> None:
        """Handle DATA, up to the reply to the message."""
        if not self.envelope.rcpt_tos:
            await self.push(smtp_reply.BAD_SEQUENCE)
        elif arg:
            await self.push(smtp_reply.BAD_SYNTAX)
        else:
            answer = await self._receive()
            self._set_post_data_state()
            await self.push(answer)

    async def _receive(self) -> SmtpReply:
        limits = self._service.limits
        message = self._message = self.loop.create_future()
        self._guard.begin_data()
        self._reset_timeout(limits.data_s)
        await self.push(smtp_reply.START_DATA)
        self._advance()
        result = await message
        self._message = None  # session and task refer to each other: it would stay until the collector runs
        self.link.hold(0)
        if isinstance(result, SmtpReply):
            return result
        if not self._service.occupancy.has_room(len(result) * limits.handled_times):
            self._guard.phase = Phase.ANSWERING
            return smtp_reply.INSUFFICIENT_STORAGE
        self._reset_timeout(limits.handler_s)
        self.envelope.content = result
        return cast("SmtpReply", await self._call_handler_hook("DATA"))

    async def smtp_STARTTLS(self, arg: str | None) -> None:
        """Handle STARTTLS (RFC 3207)."""
        context, limits = self._service.tls_context, self._service.limits
        if arg:
            await self.push(smtp_reply.BAD_SYNTAX)
        elif context is None:
            await self.push(smtp_reply.NOT_IMPLEMENTED)
        elif self.session.is_tls or not self.session.extended_smtp:
            await self.push(smtp_reply.BAD_SEQUENCE)
        elif self._guard.buffer:
            self.link.close_with(smtp_reply.SYNC_ERROR)
        else:
            # The ClientHello must reach the TLS layer, not `data_received`.
            self.transport.pause_reading()
            self._guard.phase = Phase.HANDSHAKE
            self._reset_timeout(limits.handshake_s + limits.sweep_s)
            await self.push(smtp_reply.READY_FOR_TLS)
            await self._begin_in_tls(await shake_hands(self.transport, self, context, limits.handshake_s))

    async def _begin_in_tls(self, transport: asyncio.Transport | OSError | None) -> None:
        """Reset the session after the handshake, except for a PROXY header (RFC 3207 section 4.2)."""
        if isinstance(transport, OSError):
            self._service.log_handshake(self.link.ip, transport)
            transport = None
        if transport is None or self._guard.phase is not Phase.HANDSHAKE:
            self.link.abort()
            return
        self.transport = self.link.transport = transport
        # In the same way as aiosmtpd.
        self._writer._transport = self._reader._transport = transport  # type: ignore[attr-defined] # noqa: SLF001
        session = self.session
        session.begin_anew()
        session.ssl = {"cipher": transport.get_extra_info("cipher")}
        self._set_rset_state()
        if session.claim is not NO_CLAIM:
            session.claim = NO_CLAIM
            await self.event_handler.set_client(self, None)
            if self._guard.phase is not Phase.HANDSHAKE:  # the client has disconnected meanwhile
                return
        self._guard.phase = Phase.COMMAND
        self._reset_timeout()
        self._advance()
