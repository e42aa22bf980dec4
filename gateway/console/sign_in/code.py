"""Sign-in: an address, the mailed code; sign-out. No page reveals whether an address is known."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from gateway.admission.authority.sign_in import read_seal
from gateway.console.security import cookies
from gateway.console.security.cookies import Cookie
from gateway.console.security.proxy_name import NOBODY, Named
from gateway.console.site import Site, UnavailableError
from gateway.console.view.rendering import Frame, render, render_not_ended
from gateway.log import events
from gateway.printing.bilingual import EMPTY, Text, both
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside

MAX_ADDRESS = 254  # octets (RFC 5321 section 4.5.3.1.3), so that a cookie can keep it
MAX_CODE = 100
_SECRET_OCTETS = 32
_NO_ERROR = EMPTY
_WRONG = both(
    "番号が違うか、期限が切れています。番号は5回まで試せます。",
    "The code is wrong or has expired. You have five attempts per code.",
)
_NO_ADDRESS = both("メールアドレスを入力してください。", "Enter your email address.")


@dataclass(frozen=True, slots=True)
class Way:
    """Where a code is asked for and typed: the page's path, and the gateway's requests.

    `links`: the code links the account, sealed by the gateway, with which the browser came from a provider.
    """

    path: Ours
    ask: str
    check: str
    links: bool = False


PLAIN = Way(Ours("/login"), "console.ask_code", "console.check_code")


@dataclass(frozen=True, slots=True)
class Caller:
    """A browser that is not signed in: request, client address, frame, and whom a proxy names."""

    site: Site
    query: Mapping[str, str]
    fields: Mapping[str, str]
    cookies: Mapping[str, str]
    client: str
    frame: Frame
    named: Named = NOBODY

    def cookie(self, kind: Cookie) -> str:
        """Return the value of a cookie; empty if absent."""
        return cookies.read(self.cookies, kind, secure=self.site.is_secure)


def show_sign_in(caller: Caller, way: Way = PLAIN) -> Response:
    """Show the page that asks for the address; that of an account is suggested."""
    to = read_next(caller.query)
    if not _has_account(caller, way):
        return _send_to_begin(to)
    _, known = split_ticket(caller.cookie(Cookie.TICKET))
    return _render_address(caller, way, to, suggested=known if way.links else "")


def _has_account(caller: Caller, way: Way) -> bool:
    return not way.links or read_seal(caller.cookie(Cookie.ACCOUNT)) is not None


def _send_to_begin(to: str) -> Response:
    return RedirectResponse(f"/login?next={quote(to, safe='/')}", 303)


def _render_address(
    caller: Caller, way: Way, to: str, error: Text = _NO_ERROR, status: int = 200, suggested: str = ""
) -> Response:
    return render(
        "sign_in/address",
        caller.frame,
        status=status,
        path=way.path,
        account=_describe_account(caller, way),
        suggested=Outside(suggested),
        to=Outside(to),
        error=error,
    )


def _describe_account(caller: Caller, way: Way) -> dict[str, Outside] | None:
    """Return what the account to be linked says of itself; None if the code links none."""
    account = read_seal(caller.cookie(Cookie.ACCOUNT)) if way.links else None
    if account is None:
        return None
    return {
        "issuer": Outside(account.issuer),
        "address": Outside(account.address),
        "name": Outside(account.name),
    }


def ask_code(caller: Caller, way: Way = PLAIN) -> Response:
    """Have a code mailed, and continue at once: the gateway is asked after the response."""
    text = caller.fields.get("address", "").strip()
    to = read_next(caller.fields)
    if not _has_account(caller, way):
        return _send_to_begin(to)
    if not text or len(text.encode()) > MAX_ADDRESS:
        return _render_address(caller, way, to, _NO_ADDRESS, 400)
    held, of = split_ticket(caller.cookie(Cookie.TICKET))
    anew = "again" in caller.fields or of != text or not held
    ticket = secrets.token_urlsafe(_SECRET_OCTETS) if anew else held
    answer = RedirectResponse(f"{way.path}/code?next={quote(to, safe='/')}", 303)
    answer.background = BackgroundTask(_have_mailed, caller, way, ticket, text)
    cookies.put(answer, Cookie.TICKET, f"{ticket}.{quote(text, safe='@')}", secure=caller.site.is_secure)
    return answer


def _have_mailed(caller: Caller, way: Way, ticket: str, text: str) -> None:
    asked = {
        **_name_account(caller, way),
        "ticket": ticket,
        "browser": caller.cookie(Cookie.BROWSER),
        "client": caller.client,
        "address": text,
    }
    try:
        caller.site.ask(way.ask, asked)
    except UnavailableError:
        return  # no letter arrives, as the page said may happen


def _name_account(caller: Caller, way: Way) -> dict[str, str]:
    return {"seal": caller.cookie(Cookie.ACCOUNT)} if way.links else {}


def show_code(caller: Caller, way: Way = PLAIN) -> Response:
    """Show the page that asks for the code."""
    ticket, of = split_ticket(caller.cookie(Cookie.TICKET))
    to = read_next(caller.query)
    if not (ticket and of and _has_account(caller, way)):
        return _send_to_begin(to)
    return _render_code(caller, way, of, to)


def _render_code(
    caller: Caller, way: Way, of: str, to: str, error: Text = _NO_ERROR, status: int = 200
) -> Response:
    return render(
        "sign_in/code",
        caller.frame,
        status=status,
        path=way.path,
        account=_describe_account(caller, way),
        address=Outside(of),
        to=Outside(to),
        error=error,
    )


def check_code(caller: Caller, way: Way = PLAIN) -> Response:
    """Have the code checked and a session begun; open the requested page."""
    ticket, of = split_ticket(caller.cookie(Cookie.TICKET))
    to = read_next(caller.fields)
    if not (ticket and _has_account(caller, way)):
        return _send_to_begin(to)
    code = caller.fields.get("code", "")[:MAX_CODE]
    asked = {**_name_account(caller, way), "ticket": ticket, "code": code, "client": caller.client}
    given = caller.site.ask(way.check, asked)
    if not isinstance(given, dict) or not given:
        return _render_code(caller, way, of, to, _WRONG, 400)
    answer = welcome(caller, given, to)
    for kind in (Cookie.TICKET, Cookie.ACCOUNT) if way.links else (Cookie.TICKET,):
        cookies.put(answer, kind, "", secure=caller.site.is_secure)
    return answer


def welcome(caller: Caller, given: Mapping[str, object], to: str) -> Response:
    """Redirect to the requested page, with the two secrets that the gateway gave the browser."""
    answer = RedirectResponse(to, 303)
    cookies.put(answer, Cookie.SESSION, str(given["session"]), secure=caller.site.is_secure)
    cookies.put(answer, Cookie.BROWSER, str(given["browser"]), secure=caller.site.is_secure)
    return answer


def sign_out(caller: Caller) -> Response:
    """End the session of this browser; the browser forgets it even if the gateway does not answer."""
    answer = RedirectResponse("/login", 303) if _end(caller) else render_not_ended(caller.frame)
    for kind in (Cookie.SESSION, Cookie.GRANT, Cookie.DRAFT, Cookie.ACCOUNT, Cookie.TICKET):
        cookies.put(answer, kind, "", secure=caller.site.is_secure)
    return answer


def _end(caller: Caller) -> bool:
    """End the session; return whether the gateway answered."""
    secret = caller.cookie(Cookie.SESSION)
    try:
        if secret:
            caller.site.ask("console.end", {"session": secret})
    except UnavailableError as error:
        events.task_failed("console", error)
        return False
    return True


def read_next(values: Mapping[str, str]) -> str:
    """Return the page of ours to open after the sign-in; the queue for anything else."""
    path = values.get("next", "/")
    is_ours = path.startswith("/") and not path.startswith(("//", "/login", "/logout"))
    is_plain = path.isascii() and path.isprintable() and not set("\\ <>\"'") & set(path)
    return path if is_ours and is_plain and len(path) <= MAX_ADDRESS else "/"


def split_ticket(ticket: str) -> tuple[str, str]:
    """Return the secret of a ticket, and the address for which the code was requested."""
    secret, _, of = ticket.partition(".")
    return secret, unquote(of)
