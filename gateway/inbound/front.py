"""The front half of the path of one mail in: screen it, make its record, submit that, give the reply.

Nothing here needs the store, so it runs in a process of its own as well as beside the writer.
"""

from __future__ import annotations

from gateway.auth.results import Outcome
from gateway.inbound.record import mail_record
from gateway.inbound.record.submission import MailRecord, RefusalRecord, Submit
from gateway.inbound.screening import LocalScreener, Rejected, Screened
from gateway.log import events
from gateway.mail.address import Address
from gateway.mail.header import fields
from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.mailboxes import Mailboxes
from gateway.mail.smtp.smtp_reply import SmtpReply


class Front:
    """Takes mails from the listener; `submit` is the way to the writer."""

    def __init__(self, screener: LocalScreener, mailboxes: Mailboxes, submit: Submit) -> None:
        self._screener = screener
        self._mailboxes = mailboxes
        self._submit = submit

    def check_recipient(self, forward_paths: tuple[Address, ...], new: Address) -> SmtpReply:
        """The reply to RCPT TO `new`, when `forward_paths` were taken before it."""
        route = self._mailboxes.route(new)
        if route is None:
            return smtp_reply.NO_SUCH_MAILBOX
        taken = {found for path in forward_paths if (found := self._mailboxes.route(path)) and found.token}
        if route.token and taken - {route}:
            return smtp_reply.ONE_CASE_PER_MESSAGE
        return smtp_reply.RECIPIENT_OK

    async def receive(self, envelope: Envelope, raw: bytes) -> SmtpReply:
        """Take one mail. Every reply is a constant of `mail.smtp.smtp_reply`; 250 only after the commit."""
        screened = await self._screener.screen(envelope, raw)
        if isinstance(screened, Rejected):
            await self._refuse(envelope, screened)
            return screened.reply
        return (await self._submit(self.build_record(screened))).reply

    async def screen(self, envelope: Envelope, raw: bytes) -> Screened | Rejected:
        """All that can be known of a mail without the store; nothing is changed."""
        return await self._screener.screen(envelope, raw)

    def build_record(self, screened: Screened) -> MailRecord:
        """The record of a mail that may come in."""
        message = screened.arrival.message
        return MailRecord(
            screened.arrival.envelope,
            screened.arrival.route,
            screened.mail,
            mail_record.leave_answers_out(screened.verdict),
            fields.parent_message_ids(message),
            mail_record.build_received_mail(screened, self._mailboxes.domain),
        )

    async def _refuse(self, envelope: Envelope, refused: Rejected) -> None:
        """Count by domain who could not be proven, so that the office can help; not for DNS trouble."""
        events.mail_rejected(envelope, refused.reply, refused.cause, refused.author)
        if refused.verdict is None or refused.verdict.outcome is Outcome.TEMPERROR:
            return
        reason, domain = refused.verdict.outcome.value, refused.author.rpartition("@")[2]
        await self._submit(RefusalRecord(reason, domain, envelope.received_at))
