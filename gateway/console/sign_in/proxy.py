"""Sign-in by a web server in front of the console: one button, and the gateway begins the session."""

from __future__ import annotations

from starlette.responses import Response

from gateway.console.sign_in.code import Caller, read_next, welcome
from gateway.console.view.rendering import render
from gateway.printing.bilingual import EMPTY, Text, both
from gateway.printing.outside import Outside

_NO_ERROR = EMPTY
_UNNAMED = both(
    "手前のウェブサーバーから、あなたのアドレスが届いていません。",
    "The web server in front of the console did not identify you.",
)
_REFUSED = both(
    "このアドレスではサインインできません。担当者として登録されていないか、ウェブサーバーの設定が合っていません。",
    "You cannot sign in with this address: it is not a staff address, or the web server is misconfigured.",
)


def show_sign_in(caller: Caller) -> Response:
    """Show who is named, with a button: opening a page must not begin a session."""
    return _render(caller, read_next(caller.query))


def enter(caller: Caller) -> Response:
    """Have the gateway check the proxy's secret and begin a session; open the requested page."""
    to, named = read_next(caller.fields), caller.named
    if not named.address:
        return _render(caller, to, status=400)
    asked = {"name": named.address, "secret": named.secret, "client": caller.client}
    given = caller.site.ask("console.enter_named", asked)
    if not isinstance(given, dict) or not given:
        return _render(caller, to, _REFUSED, 403)
    return welcome(caller, given, to)


def _render(caller: Caller, to: str, error: Text = _NO_ERROR, status: int = 200) -> Response:
    named = Outside(caller.named.address)
    return render(
        "sign_in/named",
        caller.frame,
        status=status,
        to=Outside(to),
        named=named,
        error=error if caller.named.address else _UNNAMED,
    )
