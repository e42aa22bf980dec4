"""The hooks that aiosmtpd calls: what EHLO, MAIL, RCPT and a message mean to the desk (RFC 5321 section 4.1).

A hook gives the reply, and writes down in the session and the transaction what was accepted.
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
    """One for all sessions of a listener; `service` is what they share."""

    def __init__(self, service: ServerState) -> None:
        self.service = service

    async def set_client(self, server: SmtpSession, ip: str | None) -> bool:
        """The client is `ip`, the relay itself for None; False when that has too many connections."""
        session = server.session
        peer = session.peer_ip
        shown = peer if ip is None else ip
        # Clients that the relay does not know share its place in the counts, without a limit.
        counted = shown or peer
        key = client_key(counted)
        if not await server.place.move(session.key, key, shared=counted == peer):
            return False
        session.ip, session.key = shown, key
        server.link.ip = shown
        return True

    async def handle_PROXY(self, server: SmtpSession, _: Session, __: Transaction, header: ProxyData) -> bool:
        """The client that the proxy names. Without a place for it the session is closed by us, in words."""
        if not await self.set_client(server, None if header.src_addr is None else str(header.src_addr)):
            server.link.close_with(smtp_reply.TOO_MANY_CONNECTIONS)
        return True

    async def handle_HELO(
        self, _: SmtpSession, session: Session, __: Transaction, hostname: str
    ) -> SmtpReply:
        """The client's name."""
        session.host_name = hostname
        return self.service.helo

    async def handle_EHLO(
        self, _: SmtpSession, session: Session, __: Transaction, hostname: str, ___: list[str]
    ) -> bytes:
        """The client's name; the whole answer, in place of what aiosmtpd would offer."""
        session.host_name = hostname
        return self.service.ehlo(tls=session.is_tls, relay=session.is_relay)

    async def handle_XCLIENT(
        self, server: SmtpSession, session: Session, transaction: Transaction, argument: bytes
    ) -> SmtpReply:
        """The client that a listed relay names: the session begins anew for it."""
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
        """A transaction, when it is its turn and there is room for the message."""
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
        """Whether the client may begin one more mail in this hour; a relay stands for many clients."""
        if session.is_relay and session.key == client_key(session.peer_ip):
            return True
        return await server.place.allow_mail(session.key)

    async def handle_RCPT(
        self, server: SmtpSession, __: Session, transaction: Transaction, argument: bytes
    ) -> SmtpReply:
        """One more recipient, if reception knows the mailbox; a refusal is told."""
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
        """The answer of reception to the message, which is handed over in a task of its own."""
        raw = transaction.content
        if not isinstance(raw, bytes):
            raise TypeError("a message is octets")
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
        """The transaction is gone by then."""
        return smtp_reply.DONE

    async def handle_NOOP(self, *_: object) -> SmtpReply:
        """Nothing."""
        return smtp_reply.DONE

    async def handle_QUIT(self, *_: object) -> SmtpReply:
        """aiosmtpd closes behind it."""
        return smtp_reply.CLOSING
