"""One event, one function: what the log may say about mail. No bodies, no tokens, few addresses.

An event is a `LogEvent`: as text it is `event key=value ...`, one line whatever a client sent; how it looks
on a terminal and in the journal is settled in `gateway.log.handlers`. What happens to a thing of the desk is
`thing.event` (`mail.received`, `letter.sent`); what happens to the service is words joined by `_`. `was` is
the name that an event had in 0.1, for those who search for it; 0.3 removes it.
"""

from __future__ import annotations

import logging

from gateway.admission.case.model import Letter
from gateway.auth.results import Verdict
from gateway.mail.smtp.envelope import Envelope
from gateway.mail.smtp.smtp_reply import SmtpReply

log = logging.getLogger("gateway")


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


def _line(event: str, **values: object) -> LogEvent:
    return LogEvent(event, {key: str(value) for key, value in values.items()})


def _safe(text: str) -> str:
    plain = text.isascii() and text.isprintable() and " " not in text and '"' not in text
    return text if plain and text else ascii(text)


def mail_rejected(envelope: Envelope, reply: SmtpReply, cause: object, author: object = "") -> None:
    """A mail that was not taken, with the cause that the client does not see."""
    log.info(
        _line(
            "mail.rejected",
            client=envelope.client_ip,
            reverse_path=envelope.reverse_path or "<>",
            author=author,
            reply=f"{reply.code} {reply.status}",
            cause=cause,
            was="mail.refused",
        )
    )


def mail_received(envelope: Envelope, verdict: Verdict | None, kind: str, number: str, mail_id: int) -> None:
    """A mail that is on disk."""
    log.info(
        _line(
            "mail.received",
            mail=mail_id,
            case=number or "-",
            kind=kind,
            client=envelope.client_ip,
            proof=verdict.grade if verdict else "-",
            domain=verdict.author_domain if verdict else "-",
        )
    )


def mail_duplicate(envelope: Envelope, author: object) -> None:
    """A repeat of a mail that is on disk already."""
    log.info(_line("mail.duplicate", client=envelope.client_ip, author=author, was="mail.repeated"))


def store_unavailable(cause: object) -> None:
    """The store could not take a mail: the client was asked to come again."""
    log.error(_line("store.unavailable", cause=cause))


def letter_sent(letter_id: int, letter: Letter, number: str, reply: str) -> None:
    """A letter was handed over; `number` is that of its case, or empty."""
    log.info(_line("letter.sent", letter=letter_id, case=number or "-", kind=letter.value, reply=reply))


def letter_not_sent(
    letter_id: int, letter: Letter, number: str, state: str, reply: str, attempts: int
) -> None:
    """A letter was deferred, held or refused."""
    values = {"letter": letter_id, "case": number or "-", "kind": letter.value}
    log.warning(_line(f"letter.{state}", **values, attempts=attempts, reply=reply))


def signing_unavailable(why: str) -> None:
    """Letters wait because they cannot be signed: an alarm for the operator."""
    log.error(_line("signing.unavailable", why=why, letters="wait, nothing leaves unsigned"))


def invitation_auth_failed(why: str) -> None:
    """No invitation leaves, because the other side does not let us in: an alarm for the operator."""
    invitations = "wait, nothing is lost"
    log.error(_line("invitation_auth_failed", why=why, invitations=invitations, was="invitation.barred"))


def task_failed(what: str, error: BaseException) -> None:
    """Something that should not happen did: the type and text of the error, and its traceback at DEBUG."""
    log.error(_line("task_failed", what=what, error=f"{type(error).__name__}: {error}", was="failed"))
    log.debug("traceback", exc_info=error)


def check_failed(check: str, level: str, text: str, to_do: str) -> None:
    """The doctor found something."""
    write = log.error if level == "error" else log.warning
    write(_line("check_failed", level=level, check=check, found=text, remedy=to_do, was=f"doctor.{level}"))


def fd_limit_low(allowed: int, wanted: int) -> None:
    """The connections that the settings allow need more files than the system does."""
    log.warning(_line("fd_limit_low", allowed=allowed, wanted=wanted, remedy="LimitNOFILE", was="few_files"))


def service_started(version: str, **values: object) -> None:
    """The service is up."""
    log.info(_line("started", version=version, **values))


def settings_reloaded() -> None:
    """The settings were read anew, and are in force."""
    log.info(_line("reloaded"))


def reload_failed(error: Exception) -> None:
    """The settings were read anew and cannot be used: those of before stay in force."""
    log.error(_line("reload_failed", error=error, was="reload.refused"))


def template_prints_bare(letter: Letter) -> None:
    """An operator's template prints outside text without a form: `gateway templates check` says where."""
    log.warning(_line("template_prints_bare", letter=letter, remedy="gateway templates check"))
