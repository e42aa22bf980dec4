"""Who is at the other end of an SMTP connection, and under what protection they speak.

The peer, or the client that a listed relay names by PROXY or XCLIENT; STARTTLS (RFC 3207). Each of
these begins the session anew.
"""

from __future__ import annotations

import asyncio

from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.net.smtp.connection import Phase, SmtpConnection
from gateway.net.smtp.limits.resource_usage import client_key
from gateway.net.smtp.protocol.state import SmtpState
from gateway.net.smtp.relays.proxy_protocol import ProxyHeaderError, read_header
from gateway.net.smtp.relays.trusted import RelayProtocol
from gateway.net.smtp.relays.xclient import NO_CLAIM, parse_xclient
from gateway.net.smtp.server_state import ServerState


class SmtpPeer(SmtpConnection):
    """A connection with the state of its session, which is forgotten whenever the client becomes another."""

    def __init__(self, service: ServerState) -> None:
        super().__init__(service)
        self._dialog = self._fresh_dialog()
        self._claim = NO_CLAIM
        self._handshake: asyncio.Task[None] | None = None

    def _fresh_dialog(self) -> SmtpState:
        return SmtpState(self._service.handler, self._service.occupancy, self._service.postmaster)

    # -- the client

    def _set_client(self, ip: str | None) -> bool:
        """The client is `ip`, the relay itself for None; False when that has too many connections."""
        peer = self._peer
        shown = peer if ip is None else ip
        # Clients that the relay does not know share its place in the counts, without a limit.
        counted = shown or peer
        key = client_key(counted)
        if not self._service.occupancy.reassign(self._key, key, shared=counted == peer):
            return False
        self._ip, self._key = shown, key
        return True

    def _is_paced(self) -> bool:
        """Whether the client may begin one more mail in this hour; a relay stands for many clients."""
        if self._relay and self._key == client_key(self._peer):
            return True
        return self._service.rate_limiter.allow(self._key)

    def _helo_of_client(self) -> str:
        """As the relay tells it, for it may greet us by its own name; else as it was said to us."""
        return (self._dialog.helo or "") if self._claim.helo is None else self._claim.helo

    def _take_header(self, data: bytes) -> None:
        """The PROXY header of a listed relay; nothing may follow it before our greeting."""
        self._buffer += data
        try:
            header = read_header(self._buffer)
        except ProxyHeaderError as error:
            self._close_with(smtp_reply.BAD_PROXY_HEADER, str(error))
            return
        if header is None:
            return
        del self._buffer[: header.size_bytes]
        if not self._set_client(header.ip):
            self._close_with(smtp_reply.TOO_MANY_CONNECTIONS)
        elif self._buffer:
            self._close_with(smtp_reply.SYNC_ERROR)
        else:
            self._greet_soon()

    def _apply_xclient(self, argument: bytes) -> SmtpReply:
        """XCLIENT: 220 when the session begins anew for the client that was named."""
        if not (self._relay and self._service.relays.protocol is RelayProtocol.XCLIENT):
            return smtp_reply.NOT_A_RELAY
        if self._dialog.transaction.is_open:
            return smtp_reply.BAD_SEQUENCE
        claim = parse_xclient(argument, self._claim)
        if isinstance(claim, SmtpReply):
            return claim
        if not self._set_client(claim.ip):
            return smtp_reply.TOO_MANY_CONNECTIONS
        self._claim = claim
        self._dialog = self._fresh_dialog()
        return self._service.greeting

    # -- STARTTLS

    def starttls(self, argument: bytes) -> None:
        """The command STARTTLS."""
        if argument:
            self._respond(smtp_reply.BAD_SYNTAX)
        elif self._service.tls_context is None:
            self._respond(smtp_reply.NOT_IMPLEMENTED)
        elif self._tls or not self._dialog.extended:
            self._respond(smtp_reply.BAD_SEQUENCE)
        else:
            # The ClientHello must reach the TLS layer, not `data_received`.
            self.transport.pause_reading()
            self._write(smtp_reply.READY_FOR_TLS)
            self._wait_for(Phase.HANDSHAKE, self._limits.handshake_s + self._limits.sweep_s)
            self._handshake = self._loop.create_task(self._start_tls())

    async def _start_tls(self) -> None:
        assert self._service.tls_context is not None  # noqa: S101 - `starttls` has seen it
        try:
            transport = await self._loop.start_tls(
                self.transport,
                self,
                self._service.tls_context,
                server_side=True,
                ssl_handshake_timeout=self._limits.handshake_s,
                ssl_shutdown_timeout=self._limits.handshake_s,
            )
        except OSError:  # ssl.SSLError is one
            transport = None
        if transport is None or self._phase is not Phase.HANDSHAKE:
            self.abort()
            return
        self.transport = transport
        self._tls = True
        # RFC 3207 section 4.2: all that was said before is void. A PROXY header was no part of the session.
        self._dialog = self._fresh_dialog()
        if self._claim is not NO_CLAIM:
            self._claim = NO_CLAIM
            self._set_client(None)
        self._wait_for(Phase.COMMAND, self._limits.command_s)
        self.data_received(b"")

    def abort(self) -> None:
        """Drop the connection at once."""
        super().abort()
        if self._phase is Phase.HANDSHAKE:
            # A connection that ends in the handshake is not reported by the TLS layer.
            self.connection_lost(None)
            if self._handshake is not None:
                self._handshake.cancel()
