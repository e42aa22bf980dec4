"""Hooks called by aiosmtpd: the handling of EHLO, MAIL, RCPT and a message (RFC 5321 section 4.1).

A hook returns the reply, and stores in the session and the transaction what was accepted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiosmtpd.proxy_protocol import ProxyData

from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.net.smtp.limits.resource_usage import client_key
from gateway.net.smtp.protocol.state import Session, Transaction
from gateway.net.smtp.protocol.syntax import MailCommand, parse_mail, parse_rcpt
from gateway.net.smtp.relays.trusted import RelayProtocol
from gateway.net.smtp.relays.xclient import parse_xclient
from gateway.net.smtp.server_state import ServerState

if TYPE_CHECKING:
    from gateway.net.smtp.session import SmtpSession


class Hooks:
    """Hooks shared by all sessions of a listener, which share the state `service`."""

    def __init__(self, service: ServerState) -> None:
        self.service = service

    async def set_client(self, server: SmtpSession, ip: str | None) -> bool:
        """Set the client's address (None: the relay's own); return False if the client is over its limit."""
        session = server.session
        peer = session.peer_ip
        shown = peer if ip is None else ip
        # Clients that the relay does not know are counted as the relay, without a limit.
        counted = shown or peer
        key = client_key(counted)
        if not await server.place.move(session.key, key, shared=counted == peer):
            return False
        session.ip, session.key = shown, key
        server.link.ip = shown
        return True

    async def handle_PROXY(self, server: SmtpSession, _: Session, __: Transaction, header: ProxyData) -> bool:
        """Set the client named by the proxy. If it is over its limit, close the session with a reply."""
        if not await self.set_client(server, None if header.src_addr is None else str(header.src_addr)):
            server.link.close_with(smtp_reply.TOO_MANY_CONNECTIONS)
        return True

    async def handle_HELO(
        self, _: SmtpSession, session: Session, __: Transaction, hostname: str
    ) -> SmtpReply:
        """Store the client's name."""
        session.host_name = hostname
        return self.service.helo

    async def handle_EHLO(
        self, _: SmtpSession, session: Session, __: Transaction, hostname: str, ___: list[str]
    ) -> bytes:
        """Store the client's name; return our own complete reply instead of aiosmtpd's."""
        session.host_name = hostname
        return self.service.ehlo(tls=session.is_tls, relay=session.is_relay)

    async def handle_XCLIENT(
        self, server: SmtpSession, session: Session, transaction: Transaction, argument: bytes
    ) -> SmtpReply:
        """Set the client named by a trusted relay, and restart the session for it."""
        if not (session.is_relay and self.service.relays.protocol is RelayProtocol.XCLIENT):
            return smtp_reply.NOT_A_RELAY
        if transaction.is_open:
            return smtp_reply.BAD_SEQUENCE
        claim = parse_xclient(argument, session.claim)
        if isinstance(claim, SmtpReply):
            return claim
        if not await self.set_client(server, claim.ip):
            return smtp_reply.TOO_MANY_CONNECTIONS
        session.begin_anew()
        session.claim = claim
        return self.service.greeting

    async def handle_MAIL(
        self, server: SmtpSession, session: Session, transaction: Transaction, argument: bytes
    ) -> SmtpReply:
        """Open a transaction if the sequence is right and there is room for the message."""
        if session.host_name is None or transaction.is_open:
            return smtp_reply.BAD_SEQUENCE
        command = parse_mail(argument)
        if isinstance(command, SmtpReply):
            return command
        refusal = self._refuse_mail(command)
        if refusal is not None:
            return refusal
        if not await self._is_paced(server, session):
            return smtp_reply.CLIENT_RATE_LIMITED
        transaction.is_open, transaction.mail_from = True, command.reverse_path
        return smtp_reply.SENDER_OK

    def _refuse_mail(self, command: MailCommand) -> SmtpReply | None:
        limits, occupancy = self.service.limits, self.service.occupancy
        if command.size_bytes > limits.message_bytes:
            return smtp_reply.TOO_BIG
        if occupancy.disk_is_full or not occupancy.has_room(command.size_bytes * limits.handled_times):
            return smtp_reply.INSUFFICIENT_STORAGE
        return None

    async def _is_paced(self, server: SmtpSession, session: Session) -> bool:
        """Return whether the client may send another mail in this hour; a relay itself is not limited."""
        if session.is_relay and session.key == client_key(session.peer_ip):
            return True
        return await server.place.allow_mail(session.key)

    async def handle_RCPT(
        self, server: SmtpSession, __: Session, transaction: Transaction, argument: bytes
    ) -> SmtpReply:
        """Add a recipient if the handler accepts the mailbox; log a rejection."""
        answer = self._try_recipient(transaction, argument)
        if not answer.is_success:
            self.service.log_recipient(server.link.ip, argument, answer)
        return answer

    def _try_recipient(self, transaction: Transaction, argument: bytes) -> SmtpReply:
        if not transaction.is_open:
            return smtp_reply.BAD_SEQUENCE
        refusal = transaction.try_recipient(self.service.limits.recipients)
        new = refusal or parse_rcpt(argument, self.service.postmaster)
        if isinstance(new, SmtpReply):
            return new
        answer = self.service.handler.check_recipient(tuple(transaction.rcpt_tos), new)
        if answer.is_success:
            transaction.rcpt_tos.append(new)
        return answer

    async def handle_DATA(self, server: SmtpSession, session: Session, transaction: Transaction) -> SmtpReply:
        """Pass the message to the handler, in a task of its own, and return its reply."""
        raw = transaction.content
        if not isinstance(raw, bytes):
            raise TypeError("the message must be bytes")
        transaction.content = None
        envelope = Envelope(
            client_ip=session.ip,
            helo=session.helo_of_client,
            reverse_path=transaction.mail_from,
            forward_paths=tuple(transaction.rcpt_tos),
            received_at=self.service.now(),
            tls=session.is_tls,
        )
        return await server.link.wait_for(self.service.start_receiving(envelope, raw))

    async def handle_RSET(self, *_: object) -> SmtpReply:
        """Reply 250: aiosmtpd has already reset the transaction."""
        return smtp_reply.DONE

    async def handle_NOOP(self, *_: object) -> SmtpReply:
        """Reply 250."""
        return smtp_reply.DONE

    async def handle_QUIT(self, *_: object) -> SmtpReply:
        """Reply 221: aiosmtpd closes the connection afterwards."""
        return smtp_reply.CLOSING
