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
    """A mail that was not taken, with the cause that the client does not see."""
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
    """A mail that is on disk."""
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
    """A synthetic application of `gateway probe`, of which nothing is left."""
    log.info(_line("probe", client=Outside(envelope.client_ip), reply=Ours(f"{reply.code} {reply.status}")))


def mail_duplicate(envelope: Envelope, author: object) -> None:
    """A repeat of a mail that is on disk already."""
    log.info(
        _line(
            "mail.duplicate",
            client=Outside(envelope.client_ip),
            author=_outside(author),
            was=ours("mail.repeated"),
        )
    )


def store_unavailable(cause: object) -> None:
    """The store could not take a mail: the client was asked to come again."""
    log.error(_line("store.unavailable", cause=_outside(cause)))


def letter_sent(letter_id: int, letter: Letter, number: str, reply: str) -> None:
    """A letter was handed over; `number` is that of its case, or empty."""
    log.info(_line("letter.sent", letter=letter_id, case=slug(number), kind=letter, reply=Outside(reply)))


def letter_late(letter_id: int, letter: Letter, number: str, reply: str) -> None:
    """The outcome of a letter came when its lease was over: it changes nothing."""
    log.warning(_line("letter.late", letter=letter_id, case=slug(number), kind=letter, reply=Outside(reply)))


def letter_not_sent(
    letter_id: int, letter: Letter, number: str, state: LiteralString, reply: str, attempts: int
) -> None:
    """A letter was deferred, held or refused."""
    case, answer = slug(number), Outside(reply)
    values = {"letter": letter_id, "case": case, "kind": letter, "attempts": attempts, "reply": answer}
    log.warning(_line(f"letter.{state}", **values))


def signing_unavailable(why: str) -> None:
    """Letters wait because they cannot be signed: an alarm for the operator."""
    log.error(_line("signing.unavailable", why=Outside(why), letters=ours("wait, nothing leaves unsigned")))


def invitation_auth_failed(why: str) -> None:
    """No invitation leaves, because the other side does not let us in: an alarm for the operator."""
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
    """Something that should not happen did: the type and text of the error, and its traceback at DEBUG."""
    told = Outside(f"{type(error).__name__}: {error}")
    log.error(_line("task_failed", what=Outside(what), error=told, was=ours("failed")))
    log.debug("traceback", exc_info=error)


def check_failed(check: str, level: str, text: str, to_do: str) -> None:
    """The doctor found something."""
    write = log.error if level == "error" else log.warning
    found, remedy = Outside(text), Outside(to_do)
    former = slug(f"doctor.{level}")
    values = {"level": slug(level), "check": slug(check), "found": found, "remedy": remedy, "was": former}
    write(_line("check_failed", **values))


def fd_limit_low(allowed: int, wanted: int) -> None:
    """The connections that the settings allow need more files than the system does."""
    log.warning(
        _line(
            "fd_limit_low", allowed=allowed, wanted=wanted, remedy=ours("LimitNOFILE"), was=ours("few_files")
        )
    )


def service_started(version: str, **values: object) -> None:
    """The service is up."""
    log.info(_line("started", version=slug(version), **{key: _outside(one) for key, one in values.items()}))


def settings_reloaded() -> None:
    """The settings were read anew, and are in force."""
    log.info(_line("reloaded"))


def reload_failed(error: Exception) -> None:
    """The settings were read anew and cannot be used: those of before stay in force."""
    log.error(_line("reload_failed", error=_outside(error), was=ours("reload.refused")))


def templates_set_aside(names: Iterable[str]) -> None:
    """Faulty copies of an earlier release's templates: the shipped ones are used in their place."""
    said = ours(" ".join(sorted(names)))
    log.warning(_line("templates_set_aside", templates=said, remedy=ours("gateway templates check")))


def template_prints_bare(letter: Letter) -> None:
    """An operator's template prints outside text without a form: `gateway templates check` says where."""
    log.warning(_line("template_prints_bare", letter=letter, remedy=ours("gateway templates check")))


# --- the listener: its lines began with `event=` in 0.1 ---


def session_closed(client: str, reply: SmtpReply, cause: str = "") -> None:
    """We closed a session, with what was answered."""
    answer, why = Ours(f"{reply.code} {reply.status}".strip()), Outside(cause)
    log.info(_line("closed", client=Outside(client), reply=answer, **({"cause": why} if cause else {})))


def recipient_refused(client: str, recipient: str, reply: SmtpReply) -> None:
    """A RCPT that was not taken: a mailbox that is none here, or a path that is no address."""
    answer = Ours(f"{reply.code} {reply.status}".strip())
    log.info(_line("recipient_refused", client=Outside(client), recipient=Outside(recipient), reply=answer))


def tls_failed(client: str, cause: str) -> None:
    """A handshake behind STARTTLS that did not come to an end."""
    log.info(_line("tls_failed", client=Outside(client), cause=Outside(cause[:MAX_ERROR])))


def refusals_not_told(event: LiteralString, more: int) -> None:
    """How many more there were of an event than there are lines of."""
    log.info(_line("more_of", of=Ours(event), count=more))


def sessions_closed(sessions: int) -> None:
    """How many more sessions we closed than there are lines of."""
    log.info(_line("closed_more", sessions=sessions))


def clients_turned_away(connections: int) -> None:
    """Connections beyond what the limits allow."""
    log.warning(_line("turned_away", connections=connections))


def fronts_keep_dying(deaths: int, cause: str) -> None:
    """Fronts ended again and again within a minute: an alarm for the operator."""
    log.error(_line("fronts_keep_dying", deaths=deaths, cause=Outside(cause)))


def descriptors_exhausted(clients: int) -> None:
    """The system had no descriptor left for these clients."""
    log.warning(_line("no_descriptors", sent_away=clients))


def listener_stopped(sessions: int, messages: int) -> None:
    """The grace is over: what is left of sessions and messages is dropped."""
    log.warning(_line("stop", sessions=sessions, messages=messages))


def disk_unknown(cause: object) -> None:
    """The system does not say how much of the disk is free."""
    log.warning(_line("disk_unknown", cause=_outside(cause)))


def disk_full(free_bytes: int, wanted_bytes: int) -> None:
    """No room for one more mail: the clients are asked to come again."""
    log.error(_line("disk_full", free_bytes=free_bytes, wanted_bytes=wanted_bytes))


def disk_has_room(free_bytes: int, wanted_bytes: int) -> None:
    """Mail is taken again."""
    log.warning(_line("disk_has_room", free_bytes=free_bytes, wanted_bytes=wanted_bytes))


def handler_failed(where: LiteralString, client: str, error: BaseException, at: str) -> None:
    """An exception that nobody expected; the client heard 451. `at` are our own files and lines."""
    told = Outside(str(error)[:MAX_ERROR])
    log.error(_line("fault", where=Ours(where), client=Outside(client), error=told, at=Outside(at)))
