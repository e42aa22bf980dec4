"""The console's requests for a sign-in by an OpenID provider.

The gateway, not the console, has the client secret, asks the provider, and checks who signed in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from gateway.app.service import Gateway
from gateway.app.serving.console.asking import make_kept, read_client, read_text, transact, welcome
from gateway.app.serving.console.failures import FAILURES_AN_HOUR, Failures
from gateway.log import events
from gateway.mail import address
from gateway.net.control.server import Asked, RefusedQuestionError
from gateway.net.openid.protocol import (
    BEGIN,
    FINISH,
    Answer,
    AttemptError,
    Identity,
    ProviderError,
    SignInProvider,
    TokenError,
)
from gateway.store.console.accounts import linking
from gateway.store.console.accounts.linking import Person, Unlinked

MAX_PARAMETER = 4_000
# Why nobody was signed in, for the console's page.
AGAIN, REFUSED, AWAY, MANY = "again", "refused", "away", "many"
Question = Callable[[Asked], Awaitable[object]]


def build_openid_questions(app: Gateway) -> dict[str, Question]:
    """Return the handlers; they refuse unless `console.login` is `openid`."""
    failures = Failures()

    async def begin(asked: Asked) -> dict[str, str]:
        return await _begin(_require_client(app), asked)

    async def finish(asked: Asked) -> dict[str, str]:
        return await _finish_counted(app, _require_client(app), asked, failures)

    return {BEGIN: begin, FINISH: finish}


def _require_client(app: Gateway) -> SignInProvider:
    found = app.openid
    if found is None:
        raise RefusedQuestionError(
            f"console.login is {app.config.console.login!r}: sign-in through an OpenID provider is disabled"
        )
    return found


async def _begin(client: SignInProvider, asked: Asked) -> dict[str, str]:
    """Return where to send the browser, or why that is not known."""
    try:
        return {"url": await client.begin(read_text(asked, "ticket"))}
    except ProviderError as error:
        return _refuse(asked, AWAY, error)


async def _finish_counted(
    app: Gateway, client: SignInProvider, asked: Asked, failures: Failures
) -> dict[str, str]:
    """Do what `_finish` does, unless too many attempts of the same client have failed."""
    counted = read_client(asked)
    if failures.is_full(counted, app.now()):
        return _refuse(asked, MANY, f"client: {FAILURES_AN_HOUR} sign-ins failed within an hour")
    given = await _finish(app, client, asked)
    if "why" in given:
        failures.note(counted, app.now())
    return given


async def _finish(app: Gateway, client: SignInProvider, asked: Asked) -> dict[str, str]:
    """Return the secrets that the browser keeps, what links its account, or why there is neither."""
    state, code, issuer = (read_text(asked, name, MAX_PARAMETER) for name in ("state", "code", "iss"))
    try:
        found = await client.finish(read_text(asked, "ticket"), Answer(state, code, issuer))
    except AttemptError as error:
        return _refuse(asked, AGAIN, error)
    except TokenError as error:
        return _refuse(asked, REFUSED, error)
    except ProviderError as error:
        return _refuse(asked, AWAY, error)
    return await _enter(app, found, asked)


async def _enter(app: Gateway, found: Identity, asked: Asked) -> dict[str, str]:
    """Sign in the member to whom an account is linked; for an unlinked one, return what links it."""
    kept, lasts = make_kept(), timedelta(hours=app.config.console.hours)
    person = Person(found.issuer, found.subject, found.address, found.name)
    entered = await transact(app, lambda tx, now, desk: linking.enter(tx, person, kept, now, desk, lasts))
    if isinstance(entered, Unlinked):
        return {"account": entered.seal, "address": _suggest(found.address)}
    if entered is None:
        return _refuse(asked, REFUSED, "account: its address is no longer a staff member's")
    return welcome(entered, kept)


def _suggest(text: str) -> str:
    """Return the address in an account, for a form; empty if it is none."""
    try:
        return str(address.parse(text))
    except address.AddressError:
        return ""


def _refuse(asked: Asked, why: str, said: object) -> dict[str, str]:
    events.console_openid_refused(read_text(asked, "client"), str(said))
    return {"why": why}
