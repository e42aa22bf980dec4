"""One function per log event of the listener. In 0.1 their lines began with `event=`."""

from __future__ import annotations

import logging
from typing import LiteralString

from gateway.log.log_event import build, outside
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside

log = logging.getLogger("gateway")
MAX_ERROR = 200


def session_closed(client: str, reply: SmtpReply, cause: str = "") -> None:
    """The gateway closed a session with this reply."""
    answer, why = Ours(f"{reply.code} {reply.status}".strip()), Outside(cause)
    log.info(build("closed", client=Outside(client), reply=answer, **({"cause": why} if cause else {})))


def recipient_refused(client: str, recipient: str, reply: SmtpReply) -> None:
    """RCPT was rejected: unknown mailbox or invalid address."""
    answer = Ours(f"{reply.code} {reply.status}".strip())
    log.info(build("recipient_refused", client=Outside(client), recipient=Outside(recipient), reply=answer))


def tls_failed(client: str, cause: str) -> None:
    """A TLS handshake after STARTTLS failed."""
    log.info(build("tls_failed", client=Outside(client), cause=Outside(cause[:MAX_ERROR])))


def refusals_not_told(event: LiteralString, more: int) -> None:
    """`count` more events of type `of` occurred and were not logged individually."""
    log.info(build("more_of", of=Ours(event), count=more))


def sessions_closed(sessions: int) -> None:
    """`sessions` more sessions were closed and not logged individually."""
    log.info(build("closed_more", sessions=sessions))


def clients_turned_away(connections: int) -> None:
    """Connections were rejected because a limit had been reached."""
    log.warning(build("turned_away", connections=connections))


def front_lost(cause: str, client: str) -> None:
    """A front-end process ended unexpectedly and is being replaced. `client` sent the message that it was
    handling at that moment; it is empty if it was handling none."""
    log.error(build("front_lost", cause=Outside(cause), client=Outside(client)))


def connections_not_passed(connections: int, cause: str) -> None:
    """Clients got 421 because no front-end process could take their connection."""
    log.error(build("connections_not_passed", connections=connections, cause=Outside(cause)))


def fronts_keep_dying(deaths: int, cause: str) -> None:
    """Front-end processes crashed repeatedly within a minute. The operator is alerted."""
    log.error(build("fronts_keep_dying", deaths=deaths, cause=Outside(cause)))


def descriptors_exhausted(clients: int) -> None:
    """`sent_away` clients were disconnected because no file descriptors were left."""
    log.warning(build("no_descriptors", sent_away=clients))


def listener_stopped(sessions: int, messages: int) -> None:
    """The shutdown grace period expired; the remaining sessions and messages were dropped."""
    log.warning(build("stop", sessions=sessions, messages=messages))


def disk_unknown(cause: object) -> None:
    """The free disk space cannot be determined."""
    log.warning(build("disk_unknown", cause=outside(cause)))


def disk_full(free_bytes: int, wanted_bytes: int) -> None:
    """The disk is too full to accept mail; clients get 452."""
    log.error(build("disk_full", free_bytes=free_bytes, wanted_bytes=wanted_bytes))


def disk_has_room(free_bytes: int, wanted_bytes: int) -> None:
    """Enough disk space is free again, and mail is accepted."""
    log.warning(build("disk_has_room", free_bytes=free_bytes, wanted_bytes=wanted_bytes))


def handler_failed(where: LiteralString, client: str, error: BaseException, at: str) -> None:
    """An unexpected exception occurred, and the client got 451. `at` lists source files and lines."""
    told = Outside((str(error) or type(error).__name__)[:MAX_ERROR])
    log.error(build("fault", where=Ours(where), client=Outside(client), error=told, at=Outside(at)))
