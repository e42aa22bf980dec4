"""One function per log event: what may be logged about mail. No bodies, no tokens, few addresses.

An event is a `LogEvent`. As text it is `event key=value ...`, on one line whatever a client sent;
`gateway.log.handlers` formats it for terminals and the journal. Events of the desk are named `thing.event`
(`mail.received`, `letter.sent`), events of the service are words joined by `_`. `was` is the name of an event
in 0.1, for searching; 0.3 removes it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import LiteralString

from gateway.admission.case.model import Letter
from gateway.auth.results import Verdict
from gateway.log.log_event import build, outside
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.printing.fields import Ours, ours, slug
from gateway.printing.outside import Outside

log = logging.getLogger("gateway")


def mail_rejected(envelope: Envelope, reply: SmtpReply, cause: object, author: object = "") -> None:
    """A message was rejected; the client does not see the cause."""
    log.info(
        build(
            "mail.rejected",
            client=Outside(envelope.client_ip),
            reverse_path=outside(envelope.reverse_path or "<>"),
            author=outside(author),
            reply=Ours(f"{reply.code} {reply.status}"),
            cause=outside(cause),
            was=ours("mail.refused"),
        )
    )


def mail_received(envelope: Envelope, verdict: Verdict | None, kind: str, number: str, mail_id: int) -> None:
    """A message was accepted and is on disk."""
    log.info(
        build(
            "mail.received",
            mail=mail_id,
            case=slug(number),
            kind=slug(kind),
            client=Outside(envelope.client_ip),
            proof=slug(verdict.grade if verdict else ""),
            domain=Outside(verdict.author_domain if verdict else "-"),
        )
    )


def probe_received(envelope: Envelope, reply: SmtpReply) -> None:
    """A synthetic application from `gateway probe` was accepted and discarded."""
    log.info(build("probe", client=Outside(envelope.client_ip), reply=Ours(f"{reply.code} {reply.status}")))


def mail_duplicate(envelope: Envelope, author: object) -> None:
    """A message arrived again after it had been accepted."""
    log.info(
        build(
            "mail.duplicate",
            client=Outside(envelope.client_ip),
            author=outside(author),
            was=ours("mail.repeated"),
        )
    )


def store_unavailable(cause: object) -> None:
    """The store could not record a message; the client got 451."""
    log.error(build("store.unavailable", cause=outside(cause)))


def store_stalled(seconds: int) -> None:
    """The database has not responded for `seconds`: mail is deferred, and the watchdog is not notified."""
    log.error(build("store.stalled", seconds=seconds))


def store_resumed(seconds: int) -> None:
    """The database is responding again after `seconds` without a response."""
    log.warning(build("store.resumed", seconds=seconds))


def database_in_use(cause: object) -> None:
    """Another process has the database open for writing; this one is waiting for it to exit."""
    log.warning(build("database_in_use", cause=outside(cause)))


def letter_sent(letter_id: int, letter: Letter, number: str, reply: str) -> None:
    """The next hop accepted an outgoing message; `case` is its case number, or empty."""
    log.info(build("letter.sent", letter=letter_id, case=slug(number), kind=letter, reply=Outside(reply)))


def letter_late(letter_id: int, letter: Letter, number: str, reply: str) -> None:
    """A delivery result arrived after the lease had expired, and was ignored."""
    log.warning(build("letter.late", letter=letter_id, case=slug(number), kind=letter, reply=Outside(reply)))


def letter_not_sent(
    letter_id: int, letter: Letter, number: str, state: LiteralString, reply: str, attempts: int
) -> None:
    """An outgoing message was deferred, held or refused."""
    case, answer = slug(number), Outside(reply)
    values = {"letter": letter_id, "case": case, "kind": letter, "attempts": attempts, "reply": answer}
    log.warning(build(f"letter.{state}", **values))


def signing_unavailable(why: str) -> None:
    """Outgoing messages are held because they cannot be signed. The operator is alerted."""
    log.error(build("signing.unavailable", why=Outside(why), letters=ours("waiting; none are sent unsigned")))


def invitation_auth_failed(why: str) -> None:
    """The invitation service denied access, so no invitations are sent. The operator is alerted."""
    invitations, was = ours("waiting; nothing is lost"), ours("invitation.barred")
    log.error(build("invitation_auth_failed", why=Outside(why), invitations=invitations, was=was))


def console_signed_in(member: object) -> None:
    """A staff member signed in to the console."""
    log.info(build("console.signed_in", by=outside(member)))


def console_code_wrong(client: str) -> None:
    """A sign-in code entered in the console was wrong or had expired."""
    log.warning(build("console.code_wrong", client=Outside(client)))


def console_proxy_refused(client: str) -> None:
    """A sign-in through the console's proxy was rejected: wrong secret, or not a staff member's address."""
    log.warning(build("console.proxy_refused", client=Outside(client)))


def console_openid_refused(client: str, why: str) -> None:
    """A sign-in to the console through the OpenID provider failed; `why` is the reason."""
    log.warning(build("console.openid_refused", client=Outside(client), why=Outside(why)))


def console_acted(member: object, number: str) -> None:
    """A staff member took an action in the console, on a case or on the desk."""
    log.info(build("console.acted", by=outside(member), case=slug(number)))


def console_limited(member: object) -> None:
    """A staff member made more notes, claims and requests in the console than are allowed in an hour."""
    log.warning(build("console.limited", by=outside(member)))


def console_seen(what: LiteralString, which: str, member: str) -> None:
    """A staff member opened a page with personal data; `which` is the case number, or the id of the
    incoming or outgoing message."""
    log.info(build("console.seen", what=ours(what), which=slug(which), by=Outside(member)))


def task_failed(what: str, error: BaseException) -> None:
    """A background task failed unexpectedly. `error` is the exception type and message; DEBUG adds a
    traceback."""
    told = Outside(f"{type(error).__name__}: {error}")
    log.error(build("task_failed", what=Outside(what), error=told, was=ours("failed")))
    log.debug("traceback", exc_info=error)


def check_failed(check: str, level: str, text: str, to_do: str) -> None:
    """A `gateway doctor` check failed."""
    write = log.error if level == "error" else log.warning
    found, remedy = Outside(text), Outside(to_do)
    former = slug(f"doctor.{level}")
    values = {"level": slug(level), "check": slug(check), "found": found, "remedy": remedy, "was": former}
    write(build("check_failed", **values))


def fd_limit_low(allowed: int, wanted: int) -> None:
    """The open-file limit is too low for the configured number of connections."""
    log.warning(
        build(
            "fd_limit_low", allowed=allowed, wanted=wanted, remedy=ours("LimitNOFILE"), was=ours("few_files")
        )
    )


def service_started(version: str, **values: object) -> None:
    """The service has started."""
    log.info(build("started", version=slug(version), **{key: outside(one) for key, one in values.items()}))


def node_standby(why: Exception) -> None:
    """Another of the desk's machines is active; this one is on standby with its port closed."""
    log.info(build("node_standby", why=outside(why)))


def postmaster_notified(reply: str) -> None:
    """`watch.postmaster` was notified by mail that the database is behind."""
    log.warning(build("postmaster_notified", reply=Outside(reply)))


def postmaster_not_notified(reply: str) -> None:
    """The mail to `watch.postmaster` could not be sent and will be retried."""
    log.error(build("postmaster_not_notified", reply=Outside(reply)))


def node_differs(parts: Iterable[str]) -> None:
    """The settings, keys or files on this standby differ from the active one's; `-` once they match again."""
    log.warning(build("node_differs", parts=slug(",".join(parts) or "-")))


def node_lost() -> None:
    """Another of the desk's machines has become active; this one exits at once without writing anything."""
    log.error(build("node_lost"))


def settings_reloaded() -> None:
    """The settings were reloaded and are in force."""
    log.info(build("reloaded"))


def reload_failed(error: Exception) -> None:
    """The reload failed; the previous configuration remains active."""
    log.error(build("reload_failed", error=outside(error), was=ours("reload.refused")))


def templates_set_aside(names: Iterable[str]) -> None:
    """Invalid template copies from an earlier release are ignored; the shipped templates are used."""
    said = ours(" ".join(sorted(names)))
    log.warning(build("templates_set_aside", templates=said, remedy=ours("gateway templates check")))


def template_prints_bare(letter: Letter) -> None:
    """An operator's template prints text from outside unfiltered; `gateway templates check` shows
    where."""
    log.warning(build("template_prints_bare", letter=letter, remedy=ours("gateway templates check")))
