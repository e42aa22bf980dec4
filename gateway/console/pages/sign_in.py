"""Signing in: an address, the code that was mailed, signing out. No page tells if an address is known."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from gateway.console.rendering import Frame, render
from gateway.console.security import cookies
from gateway.console.security.cookies import Cookie
from gateway.console.site import Site, UnavailableError
from gateway.printing.fields import Ours, ours
from gateway.printing.outside import Outside

MAX_ADDRESS = 254
MAX_CODE = 100
_SECRET_OCTETS = 32
_NO_ERROR = ours("")
_WRONG = ours("番号が違うか、期限が切れています。番号は5回まで試せます。")
_NO_ADDRESS = ours("メールアドレスを入力してください。")


@dataclass(frozen=True, slots=True)
class Caller:
    """A browser that is not signed in: what it sent, and from where."""

    site: Site
    query: Mapping[str, str]
    fields: Mapping[str, str]
    cookies: Mapping[str, str]
    client: str

    def cookie(self, kind: Cookie) -> str:
        """The value of a cookie; empty for none."""
        return cookies.read(self.cookies, kind, secure=self.site.is_secure)


def show_sign_in(caller: Caller) -> Response:
    """The page that asks for the address."""
    return _render_address(caller, read_next(caller.query))


def _render_address(caller: Caller, to: str, error: Ours = _NO_ERROR, status: int = 200) -> Response:
    return render("sign_in", Frame(caller.site.office), status=status, to=Outside(to), error=error)


def ask_code(caller: Caller) -> Response:
    """Have a code mailed, and go on at once: the gateway is asked behind the answer."""
    text = caller.fields.get("address", "").strip()
    to = read_next(caller.fields)
    if not text or len(text) > MAX_ADDRESS:
        return _render_address(caller, to, _NO_ADDRESS, 400)
    held, of = _split(caller.cookie(Cookie.TICKET))
    anew = "again" in caller.fields or of != text or not held
    ticket = secrets.token_urlsafe(_SECRET_OCTETS) if anew else held
    answer = RedirectResponse(f"/login/code?next={quote(to, safe='/')}", 303)
    answer.background = BackgroundTask(_have_mailed, caller, ticket, text)
    _set(caller.site, answer, Cookie.TICKET, f"{ticket}.{quote(text, safe='@')}")
    return answer


def _have_mailed(caller: Caller, ticket: str, text: str) -> None:
    asked = {
        "ticket": ticket,
        "browser": caller.cookie(Cookie.BROWSER),
        "client": caller.client,
        "address": text,
    }
    try:
        caller.site.ask("console.ask_code", asked)
    except UnavailableError:
        return  # no letter comes, which the page told of


def show_code(caller: Caller) -> Response:
    """The page that asks for the code."""
    _, of = _split(caller.cookie(Cookie.TICKET))
    to = read_next(caller.query)
    if not of:
        return RedirectResponse(f"/login?next={quote(to, safe='/')}", 303)
    return _render_code(caller, of, to)


def _render_code(caller: Caller, of: str, to: str, error: Ours = _NO_ERROR, status: int = 200) -> Response:
    return render(
        "code", Frame(caller.site.office), status=status, address=Outside(of), to=Outside(to), error=error
    )


def check_code(caller: Caller) -> Response:
    """Have the code checked; a session begins, and the page that was asked for opens."""
    ticket, of = _split(caller.cookie(Cookie.TICKET))
    to = read_next(caller.fields)
    if not ticket:
        return RedirectResponse(f"/login?next={quote(to, safe='/')}", 303)
    code = caller.fields.get("code", "")[:MAX_CODE]
    given = caller.site.ask("console.check_code", {"ticket": ticket, "code": code, "client": caller.client})
    if not isinstance(given, dict) or not given:
        return _render_code(caller, of, to, _WRONG, 400)
    answer = RedirectResponse(to, 303)
    _set(caller.site, answer, Cookie.SESSION, str(given["session"]))
    _set(caller.site, answer, Cookie.BROWSER, str(given["browser"]))
    _set(caller.site, answer, Cookie.TICKET, "")
    return answer


def sign_out(caller: Caller) -> Response:
    """End the session of this browser."""
    secret = caller.cookie(Cookie.SESSION)
    if secret:
        caller.site.ask("console.end", {"session": secret})
    answer = RedirectResponse("/login", 303)
    _set(caller.site, answer, Cookie.SESSION, "")
    return answer


def read_next(values: Mapping[str, str]) -> str:
    """The page of ours to open behind the sign-in; the queue for anything else."""
    path = values.get("next", "/")
    is_ours = path.startswith("/") and not path.startswith(("//", "/login", "/logout"))
    is_plain = path.isascii() and path.isprintable() and not set("\\ <>\"'") & set(path)
    return path if is_ours and is_plain and len(path) <= MAX_ADDRESS else "/"


def _split(ticket: str) -> tuple[str, str]:
    """The secret of a ticket, and the address that the code was asked for."""
    secret, _, of = ticket.partition(".")
    return secret, unquote(of)


def _set(site: Site, answer: Response, kind: Cookie, value: str) -> None:
    answer.headers.append("set-cookie", cookies.write(kind, value, secure=site.is_secure))
