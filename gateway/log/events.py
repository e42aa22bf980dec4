"""One event, one function: what the log may say about mail. No bodies, no tokens, few addresses.

An event is a `LogEvent`: as text it is `event key=value ...`, one line whatever a client sent; how it looks
on a terminal and in the journal is settled in `gateway.log.handlers`. What happens to a thing of the desk is
`thing.event` (`mail.received`, `letter.sent`); what happens to the service is words joined by `_`. `was` is
the name that an event had in 0.1, for those who search for it; 0.3 removes it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import LiteralString

from gateway.admission.case.model import Letter
from gateway.auth.results import Verdict
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.printing.fields import Field, Ours, ours, show_field, slug
from gateway.printing.outside import Outside

log = logging.getLogger("gateway")
MAX_ERROR = 200


class LogEvent(str):
    """An event with its values; `name` is what happened."""

    __slots__ = ("name", "values")

    name: str
    values: dict[str, str]

    def __new__(cls, name: str, values: dict[str, str]) -> LogEvent:
        """The event as text, values escaped where they are not plain."""
        line = super().__new__(
            cls, " ".join([name, *(f"{key}={_safe(text)}" for key, text in values.items())])
        )
        line.name, line.values = name, values
        return line


def _line(event: str, **values: Field) -> LogEvent:
    """What is not ours is `Outside`; a value that nobody typed is refused in tests (`printing.fields`)."""
    return LogEvent(event, {key: show_field(value) for key, value in values.items()})


def _outside(value: object) -> Outside:
    return Outside(str(value))


def _safe(text: str) -> str:
    plain = text.isascii() and text.isprintable() and " " not in text and '"' not in text
    return text if plain and text else ascii(text)


def mail_rejected(envelope: Envelope, reply: SmtpReply, cause: object, author: object = "") -> None:
    """A message was rejected; the client does not see the cause."""
    log.info(
        _line(
            "mail.rejected",
            client=Outside(envelope.client_ip),
            reverse_path=_outside(envelope.reverse_path or "<>"),
            author=_outside(author),
            reply=Ours(f"{reply.code} {reply.status}"),
            cause=_outside(cause),
            was=ours("mail.refused"),
        )
    )


def mail_received(envelope: Envelope, verdict: Verdict | None, kind: str, number: str, mail_id: int) -> None:
    """A message was accepted and is on disk."""
    log.info(
        _line(
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
    """A synthetic application of `gateway probe` was accepted and discarded."""
    log.info(_line("probe", client=Outside(envelope.client_ip), reply=Ours(f"{reply.code} {reply.status}")))


def mail_duplicate(envelope: Envelope, author: object) -> None:
    """A duplicate of a message that was accepted before."""
    log.info(
        _line(
            "mail.duplicate",
            client=Outside(envelope.client_ip),
            author=_outside(author),
            was=ours("mail.repeated"),
        )
    )


def store_unavailable(cause: object) -> None:
    """The store could not record a message: the client got 451."""
    log.error(_line("store.unavailable", cause=_outside(cause)))


def store_stalled(seconds: int) -> None:
    """The database has not answered for this time: mail is deferred, the watchdog gets no sign of life."""
    log.error(_line("store.stalled", seconds=seconds))


def store_resumed(seconds: int) -> None:
    """The database answers again after this time."""
    log.warning(_line("store.resumed", seconds=seconds))


def database_in_use(cause: object) -> None:
    """Another process writes to the database: this one waits for the end of it."""
    log.warning(_line("database_in_use", cause=_outside(cause)))


def letter_sent(letter_id: int, letter: Letter, number: str, reply: str) -> None:
    """The next server accepted a letter; `number` is that of its case, or empty."""
    log.info(_line("letter.sent", letter=letter_id, case=slug(number), kind=letter, reply=Outside(reply)))


def letter_late(letter_id: int, letter: Letter, number: str, reply: str) -> None:
    """The outcome of a letter came after its lease had expired and is ignored."""
    log.warning(_line("letter.late", letter=letter_id, case=slug(number), kind=letter, reply=Outside(reply)))


def letter_not_sent(
    letter_id: int, letter: Letter, number: str, state: LiteralString, reply: str, attempts: int
) -> None:
    """A letter was deferred, held or refused."""
    case, answer = slug(number), Outside(reply)
    values = {"letter": letter_id, "case": case, "kind": letter, "attempts": attempts, "reply": answer}
    log.warning(_line(f"letter.{state}", **values))


def signing_unavailable(why: str) -> None:
    """Letters are held because they cannot be signed: an alarm for the operator."""
    log.error(_line("signing.unavailable", why=Outside(why), letters=ours("wait, nothing leaves unsigned")))


def invitation_auth_failed(why: str) -> None:
    """The invitation service denies access, so no invitation is sent: an alarm for the operator."""
    invitations, was = ours("wait, nothing is lost"), ours("invitation.barred")
    log.error(_line("invitation_auth_failed", why=Outside(why), invitations=invitations, was=was))


def console_signed_in(member: object) -> None:
    """A member of the staff signed in to the console."""
    log.info(_line("console.signed_in", by=_outside(member)))


def console_code_wrong(client: str) -> None:
    """A code that was typed in the console was not the right one, or too late."""
    log.warning(_line("console.code_wrong", client=Outside(client)))


def console_seen(what: LiteralString, which: str, member: str) -> None:
    """A member opened a page of the console that shows a person: a case by its number, a mail or letter by
    its id."""
    log.info(_line("console.seen", what=ours(what), which=slug(which), by=Outside(member)))


def task_failed(what: str, error: BaseException) -> None:
    """An unexpected error in a background task: type and text, with a traceback at DEBUG."""
    told = Outside(f"{type(error).__name__}: {error}")
    log.error(_line("task_failed", what=Outside(what), error=told, was=ours("failed")))
    log.debug("traceback", exc_info=error)


def check_failed(check: str, level: str, text: str, to_do: str) -> None:
    """A check of the doctor failed."""
    write = log.error if level == "error" else log.warning
    found, remedy = Outside(text), Outside(to_do)
    former = slug(f"doctor.{level}")
    values = {"level": slug(level), "check": slug(check), "found": found, "remedy": remedy, "was": former}
    write(_line("check_failed", **values))


def fd_limit_low(allowed: int, wanted: int) -> None:
    """The limit of open files is too low for the configured connections."""
    log.warning(
        _line(
            "fd_limit_low", allowed=allowed, wanted=wanted, remedy=ours("LimitNOFILE"), was=ours("few_files")
        )
    )


def service_started(version: str, **values: object) -> None:
    """The service has started."""
    log.info(_line("started", version=slug(version), **{key: _outside(one) for key, one in values.items()}))


def node_standby(why: Exception) -> None:
    """Another machine of the desk is active: this one waits, with its port closed."""
    log.info(_line("node_standby", why=_outside(why)))


def node_lost() -> None:
    """Another machine of the desk became active: this one ends at once, and writes nothing more."""
    log.error(_line("node_lost"))


def settings_reloaded() -> None:
    """The settings were reloaded and are in force."""
    log.info(_line("reloaded"))


def reload_failed(error: Exception) -> None:
    """Reload failed, the previous configuration stays active."""
    log.error(_line("reload_failed", error=_outside(error), was=ours("reload.refused")))


def templates_set_aside(names: Iterable[str]) -> None:
    """Invalid copies of templates of an earlier release are ignored; the shipped ones are used."""
    said = ours(" ".join(sorted(names)))
    log.warning(_line("templates_set_aside", templates=said, remedy=ours("gateway templates check")))


def template_prints_bare(letter: Letter) -> None:
    """An operator's template prints outside text without a form: `gateway templates check` says where."""
    log.warning(_line("template_prints_bare", letter=letter, remedy=ours("gateway templates check")))


# --- the listener: its lines began with `event=` in 0.1 ---


def session_closed(client: str, reply: SmtpReply, cause: str = "") -> None:
    """The gateway closed a session, with this reply."""
    answer, why = Ours(f"{reply.code} {reply.status}".strip()), Outside(cause)
    log.info(_line("closed", client=Outside(client), reply=answer, **({"cause": why} if cause else {})))


def recipient_refused(client: str, recipient: str, reply: SmtpReply) -> None:
    """A RCPT was rejected: no such mailbox, or no valid address."""
    answer = Ours(f"{reply.code} {reply.status}".strip())
    log.info(_line("recipient_refused", client=Outside(client), recipient=Outside(recipient), reply=answer))


def tls_failed(client: str, cause: str) -> None:
    """A TLS handshake after STARTTLS failed."""
    log.info(_line("tls_failed", client=Outside(client), cause=Outside(cause[:MAX_ERROR])))


def refusals_not_told(event: LiteralString, more: int) -> None:
    """Number of further events of a type, beyond those logged line by line."""
    log.info(_line("more_of", of=Ours(event), count=more))


def sessions_closed(sessions: int) -> None:
    """Number of further closed sessions, beyond those logged line by line."""
    log.info(_line("closed_more", sessions=sessions))


def clients_turned_away(connections: int) -> None:
    """Connections were rejected because a limit was reached."""
    log.warning(_line("turned_away", connections=connections))


def fronts_keep_dying(deaths: int, cause: str) -> None:
    """Front processes died repeatedly within a minute: an alarm for the operator."""
    log.error(_line("fronts_keep_dying", deaths=deaths, cause=Outside(cause)))


def descriptors_exhausted(clients: int) -> None:
    """The system had no file descriptor left for these clients."""
    log.warning(_line("no_descriptors", sent_away=clients))


def listener_stopped(sessions: int, messages: int) -> None:
    """The grace period of a stop has ended; the remaining sessions and messages are dropped."""
    log.warning(_line("stop", sessions=sessions, messages=messages))


def disk_unknown(cause: object) -> None:
    """The free disk space cannot be determined."""
    log.warning(_line("disk_unknown", cause=_outside(cause)))


def disk_full(free_bytes: int, wanted_bytes: int) -> None:
    """The disk is too full for another message: clients get 452."""
    log.error(_line("disk_full", free_bytes=free_bytes, wanted_bytes=wanted_bytes))


def disk_has_room(free_bytes: int, wanted_bytes: int) -> None:
    """The disk has room again, and mail is accepted."""
    log.warning(_line("disk_has_room", free_bytes=free_bytes, wanted_bytes=wanted_bytes))


def handler_failed(where: LiteralString, client: str, error: BaseException, at: str) -> None:
    """An unexpected exception; the client got 451. `at` lists source files and lines."""
    told = Outside(str(error)[:MAX_ERROR])
    log.error(_line("fault", where=Ours(where), client=Outside(client), error=told, at=Outside(at)))
