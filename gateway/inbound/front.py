"""The front half of the incoming path: screen a mail, build its record, submit it, return the reply.

Nothing here needs the store, so it runs in a separate process as well as next to the writer.
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
    """Message handler of the listener; `submit` passes records to the writer."""

    def __init__(self, screener: LocalScreener, mailboxes: Mailboxes, submit: Submit) -> None:
        self._screener = screener
        self._mailboxes = mailboxes
        self._submit = submit

    def check_recipient(self, forward_paths: tuple[Address, ...], new: Address) -> SmtpReply:
        """Return the reply to RCPT TO `new`, after `forward_paths` were accepted."""
        route = self._mailboxes.route(new)
        if route is None:
            return smtp_reply.NO_SUCH_MAILBOX
        taken = {found for path in forward_paths if (found := self._mailboxes.route(path)) and found.token}
        if route.token and taken - {route}:
            return smtp_reply.ONE_CASE_PER_MESSAGE
        return smtp_reply.RECIPIENT_OK

    async def receive(self, envelope: Envelope, raw: bytes) -> SmtpReply:
        """Handle one mail. Every reply is a constant of `mail.smtp.smtp_reply`; 250 only after the commit."""
        screened = await self._screener.screen(envelope, raw)
        if isinstance(screened, Rejected):
            await self._refuse(envelope, screened)
            return screened.reply
        return (await self._submit(self.build_record(screened))).reply

    async def screen(self, envelope: Envelope, raw: bytes) -> Screened | Rejected:
        """Collect everything that can be known of a mail without the store; change nothing."""
        return await self._screener.screen(envelope, raw)

    def build_record(self, screened: Screened) -> MailRecord:
        """Build the record of an accepted mail."""
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
        """Log the rejection, and count the domains of unauthenticated authors so that the office can help.

        DNS failures are not counted.
        """
        events.mail_rejected(envelope, refused.reply, refused.cause, refused.author)
        if refused.verdict is None or refused.verdict.outcome is Outcome.TEMPERROR:
            return
        reason, domain = refused.verdict.outcome.value, refused.author.rpartition("@")[2]
        await self._submit(RefusalRecord(reason, domain, envelope.received_at))
