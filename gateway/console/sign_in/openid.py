"""Sign-in by the office's OpenID provider: a link there, and the page to which it sends the browser back.

The browser keeps a ticket meanwhile; without it, an answer of the provider signs nobody in. A new account is
then linked to a staff address by a mailed code.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from gateway.console.security import cookies
from gateway.console.security.cookies import Cookie
from gateway.console.sign_in.code import Caller, Way, read_next, split_ticket, welcome
from gateway.console.view.rendering import render
from gateway.net.openid.protocol import ASK_LINK, BEGIN, CHECK_LINK, FINISH
from gateway.printing.bilingual import EMPTY, Text, both
from gateway.printing.fields import Ours

_SECRET_OCTETS = 32
MAX_PARAMETER = 4_000
AGAIN, AWAY = "again", "away"
LINKING = Way(Ours("/login/link"), ASK_LINK, CHECK_LINK, links=True)
# What each outcome means, and the status of its page.
PROBLEMS: Mapping[str, tuple[Text, int]] = {
    AGAIN: (
        both(
            "サインインが途中で終わったか、時間が過ぎました。もう一度サインインしてください。",
            "The sign-in was not completed, or took too long. Sign in again.",
        ),
        400,
    ),
    "refused": (
        both(
            "このアカウントではサインインできません。管理者にお知らせください。",
            "You cannot sign in with this account. Contact the administrator.",
        ),
        403,
    ),
    AWAY: (
        both(
            "サインインのサーバーから答えがありません。しばらくしてから、もう一度サインインしてください。",
            "The sign-in server did not respond. Try again later.",
        ),
        503,
    ),
    "many": (
        both(
            "同じネットワークからのサインインが何度も失敗しました。1時間ほどたってから、"
            "もう一度サインインしてください。急ぐときは、管理者にお知らせください。",
            "Too many sign-ins from this network have failed. Try again in an hour. If it is urgent, contact "
            "the administrator.",
        ),
        429,
    ),
}


def show_sign_in(caller: Caller) -> Response:
    """Show the link to the provider: opening a page must not begin a sign-in."""
    error, status = PROBLEMS.get(caller.query.get("problem", ""), (EMPTY, 200))
    to = quote(read_next(caller.query), safe="/")
    href = Ours(f"/login/openid?next={to}")
    return render("sign_in/provider", caller.frame, status=status, href=href, error=error)


def begin(caller: Caller) -> Response:
    """Send the browser to the provider, with a ticket for the way back."""
    ticket, to = secrets.token_urlsafe(_SECRET_OCTETS), read_next(caller.query)
    given = caller.site.ask(BEGIN, {"ticket": ticket, "client": caller.client})
    url = given.get("url", "") if isinstance(given, dict) else ""
    if not url:
        return _send_back(AWAY, to)
    answer = RedirectResponse(str(url), 303)
    cookies.put(answer, Cookie.TICKET, f"{ticket}.{quote(to, safe='')}", secure=caller.site.is_secure)
    cookies.put(answer, Cookie.ACCOUNT, "", secure=caller.site.is_secure)
    return answer


def finish(caller: Caller) -> Response:
    """Have the gateway find out who came back, and begin a session; open the requested page.

    If their account is new, ask for their address first.
    """
    ticket, to = split_ticket(caller.cookie(Cookie.TICKET))
    to = read_next({"next": to})
    asked = {name: caller.query.get(name, "")[:MAX_PARAMETER] for name in ("state", "code", "iss")}
    given = caller.site.ask(FINISH, {**asked, "ticket": ticket, "client": caller.client}) if ticket else {}
    if isinstance(given, dict) and "account" in given:
        return _ask_to_link(caller, given, to)
    if not isinstance(given, dict) or "session" not in given:
        why = str(given.get("why", AGAIN)) if isinstance(given, dict) else AGAIN
        return _send_back(why if why in PROBLEMS else AGAIN, to)
    answer = welcome(caller, given, to)
    cookies.put(answer, Cookie.TICKET, "", secure=caller.site.is_secure)
    return answer


def _ask_to_link(caller: Caller, given: Mapping[str, object], to: str) -> Response:
    """Redirect to the page that asks for the staff address; the one in the account is only suggested."""
    answer = RedirectResponse(f"{LINKING.path}?next={quote(to, safe='/')}", 303)
    suggested = quote(str(given.get("address", "")), safe="@")
    for kind, value in ((Cookie.ACCOUNT, str(given["account"])), (Cookie.TICKET, f".{suggested}")):
        cookies.put(answer, kind, value, secure=caller.site.is_secure)
    return answer


def _send_back(problem: str, to: str) -> Response:
    """Redirect to the sign-in page: no code of a provider stays in the address of a page."""
    return RedirectResponse(f"/login?problem={problem}&next={quote(to, safe='')}", 303)
