"""Shared by all requests of the console: arguments of limited length, a transaction, secrets."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from gateway.admission.case.model import Desk, Staff
from gateway.app.service import Gateway
from gateway.log import events
from gateway.net.control.server import Asked, RefusedQuestionError
from gateway.net.smtp.limits.resource_usage import client_ip, client_key
from gateway.store.console.sessions import SessionTimes
from gateway.store.console.sign_in import Asking, Kept
from gateway.store.protocol import StoreUnavailableError, Transaction

MAX_TEXT = 400
BY_CODE = "code"
_SECRET_OCTETS = 32
T = TypeVar("T")


def read_text(asked: Asked, name: str, most: int = MAX_TEXT) -> str:
    """Return an argument as text. Raises RefusedQuestionError if it is too long."""
    text = asked.text(name)
    if len(text) > most:
        raise RefusedQuestionError(f"{name}: at most {most} characters are allowed")
    return text


def read_client(asked: Asked) -> str:
    """Return what a browser's address is counted by, as in SMTP: the IPv4 address, or the IPv6 /64."""
    text = read_text(asked, "client")
    try:
        return client_key(client_ip((text,)))
    except ValueError:
        return text


def require_codes(app: Gateway) -> None:
    """Raise RefusedQuestionError unless members sign in to the console by a mailed code."""
    if not app.config.console.public_url:
        raise RefusedQuestionError("console.public_url is not set: there is no console")
    if app.config.console.login != BY_CODE:
        raise RefusedQuestionError(
            f"console.login is {app.config.console.login!r}: sign-in by code is disabled"
        )


def make_secret() -> str:
    """Return a new 256-bit secret for a browser."""
    return secrets.token_urlsafe(_SECRET_OCTETS)


def make_kept() -> Kept:
    """Return the two secrets that a browser gets when a member signs in."""
    return Kept(make_secret(), make_secret())


def read_asking(asked: Asked) -> Asking:
    """Return the request of a browser for a code."""
    ticket, browser, address = (read_text(asked, name) for name in ("ticket", "browser", "address"))
    return Asking(ticket, browser, read_client(asked), address)


def welcome(member: Staff, kept: Kept) -> dict[str, str]:
    """Log that a member signed in; return what their browser keeps."""
    events.console_signed_in(member.address)
    return {"session": kept.session, "browser": kept.browser}


def read_times(app: Gateway) -> SessionTimes:
    """Return the configured duration of sessions."""
    settings = app.config.console
    return SessionTimes(timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.hours))


async def transact(app: Gateway, work: Callable[[Transaction, datetime, Desk], T]) -> T:
    """Run `work` in a transaction. Raises RefusedQuestionError if the store is unavailable."""
    try:
        return await app.transact_console(work)
    except StoreUnavailableError as error:
        events.store_unavailable(error)
        raise RefusedQuestionError(f"{error}; nothing was changed", error.trouble) from error
