"""One mail to `watch.postmaster` when the database is behind, bypassing the database and its outbox.

A file beside the database records the episode, so that a restart does not send the mail again.
"""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from gateway.app.direct_mail import DirectMail, make_message_id, send_direct
from gateway.app.service import Gateway
from gateway.log import events
from gateway.mail import address
from gateway.outbound.protocols import Outcome
from gateway.settings import SettingsError
from gateway.store import private_files

POLL_S = 2.0
RETRY_S = 300.0
SUBJECT = "gateway: mail is deferred, the database is behind"
TEXT = """\
The intake gateway at {domain} neither accepts nor sends mail: {why}.

Until this is resolved, senders get 451 and retry. `gateway status` shows the state. For what to do, see
docs/guide/machines.md, "A database that is behind".

{domain} の受付窓口は、データベースに欠けた記録があるため、メールの受付と送信を止めています。
受け取っていないメールは、相手のサーバーから再送されます。対応は上のコマンドをご覧ください。
"""


class BehindNotice:
    """The notice that is mailed once in each episode."""

    def __init__(self, app: Gateway) -> None:
        self._app = app
        self._mark = locate_mark(app.store.path)
        self._notified = _read(self._mark)

    async def run(self) -> None:
        """Check forever; a mail that could not be sent is retried."""
        while True:
            is_done = False
            try:
                is_done = await self.check()
            except Exception as error:  # whatever it is, the next check may succeed
                events.task_failed("postmaster", error)
            await asyncio.sleep(POLL_S if is_done else RETRY_S)

    async def check(self) -> bool:
        """Send the mail if it is due. Return whether nothing is left to do for now."""
        why = self._app.store.behind
        if why == self._notified or (why and not self._app.config.watch.postmaster):
            return True
        if why:
            is_sent, reply = await _send(self._app, why)
            if not is_sent:
                events.postmaster_not_notified(reply)
                return False
            events.postmaster_notified(reply)
        self._notified = why
        with contextlib.suppress(OSError):  # at worst, the mail is sent again after a restart
            await asyncio.to_thread(_write, self._mark, why)
        return True


def locate_mark(database: Path) -> Path:
    """Return the file that records which episode was mailed."""
    return database.with_name(f"{database.name}.behind")


def _read(mark: Path) -> str:
    try:
        return mark.read_text(encoding="utf-8")
    except OSError:
        return ""


def _write(mark: Path, why: str) -> None:
    if why:
        private_files.write(mark, why.encode())
    else:
        mark.unlink(missing_ok=True)


async def _send(app: Gateway, why: str) -> tuple[bool, str]:
    """Return whether the next hop accepted the mail, and its reply."""
    config = app.config
    to, domain = address.parse(config.watch.postmaster), config.desk.domain
    text = TEXT.format(domain=domain, why=why)
    mail = DirectMail(to, SUBJECT, text, make_message_id(config, "behind"), app.now())
    try:
        _, delivery = await send_direct(config, app.resolver, mail)
    except (SettingsError, OSError) as error:
        return False, str(error)
    return delivery.outcome is Outcome.SENT, delivery.reply
