"""The table of pages: paths, methods and roles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from starlette.responses import Response

from gateway.console.asgi.visit import Visit
from gateway.console.deciding import batch, decisions, notes, orders
from gateway.console.office import export, figures, health, journal, letters, organisations
from gateway.console.pages import (
    cases,
    live,
    mails,
    me,
    outbox,
    queue,
    search,
)
from gateway.console.sign_in import code, openid, proxy
from gateway.console.sign_in.code import Caller
from gateway.console.site import Site
from gateway.net.openid.protocol import CALLBACK

Page = Callable[[Visit], Response]
OpenPage = Callable[[Caller], Response]


@dataclass(frozen=True, slots=True)
class PageRoute:
    """A route and its page; a POST changes something. `operator`: only operators have access."""

    path: str
    page: Page
    method: str = "GET"
    operator: bool = False


def list_pages() -> tuple[PageRoute, ...]:
    """Return every page for signed-in members: the table of paths and roles."""
    searches, streams = search.Searches(), live.Streams()
    exports = live.Streams(export.MAX_EXPORTS)
    return (
        PageRoute("/", queue.show_queue),
        PageRoute("/cases/{number}", cases.show_case),
        PageRoute("/cases/{number}/decide", decisions.propose, "POST"),
        PageRoute("/cases/{number}/confirm", decisions.confirm, "POST"),
        PageRoute("/cases/{number}/note", notes.write_note, "POST"),
        PageRoute("/cases/{number}/take", notes.take, "POST"),
        PageRoute("/cases/{number}/send-me", notes.send_me, "POST"),
        PageRoute("/batch", batch.propose, "POST"),
        PageRoute("/batch/confirm", batch.confirm, "POST"),
        PageRoute("/desk", orders.show_desk, operator=True),
        PageRoute("/desk/propose", orders.propose, "POST", operator=True),
        PageRoute("/desk/confirm", orders.confirm, "POST", operator=True),
        PageRoute("/cases/{number}/mails/{id}.eml", mails.send_mail, operator=True),
        PageRoute("/cases/{number}/mails/{id}", mails.show_mail),
        PageRoute("/cases/{number}/letters/{id}", mails.show_letter),
        PageRoute("/mails", mails.list_mails),
        PageRoute("/mails/{id}.eml", mails.send_mail, operator=True),
        PageRoute("/mails/{id}", mails.show_mail),
        PageRoute("/letters", letters.list_letters),
        PageRoute("/letters/samples/{letter}", letters.show_samples),
        PageRoute("/letters/{id}", mails.show_letter, operator=True),
        PageRoute("/outbox", outbox.show_outbox),
        PageRoute("/search", search.show_form),
        PageRoute("/search", partial(search.begin, searches=searches), "POST"),
        PageRoute("/search/{id}", partial(search.show_found, searches=searches)),
        PageRoute("/figures", figures.show_figures),
        PageRoute("/figures.csv", figures.send_figures),
        PageRoute("/export", export.show_form),
        PageRoute("/export/cases.csv", partial(export.send_cases, exports=exports)),
        PageRoute("/organisations", organisations.list_organisations),
        PageRoute("/organisations/{code}", organisations.show_organisation),
        PageRoute("/health", health.show_health),
        PageRoute("/journal", journal.show_journal, operator=True),
        PageRoute("/events", partial(live.show_events, streams=streams)),
        PageRoute("/me", me.show_me),
        PageRoute("/me/end", me.end_session, "POST"),
        PageRoute("/me/absence", me.note_absence, "POST"),
        PageRoute("/me/mail", me.choose_mail, "POST"),
        PageRoute("/me/back", me.end_absence, "POST"),
        PageRoute("/me/unlink", me.unlink_account, "POST"),
    )


OpenPages = tuple[tuple[str, str, OpenPage], ...]
_SIGN_OUT: OpenPages = (("/logout", "POST", code.sign_out),)
# What a sign-in by code consists of, below its own path.
_CODE_PAGES = (
    ("", "GET", code.show_sign_in),
    ("", "POST", code.ask_code),
    ("/code", "GET", code.show_code),
    ("/code", "POST", code.check_code),
)
OPEN_PAGES: OpenPages = (
    *((f"/login{end}", method, page) for end, method, page in _CODE_PAGES),
    *_SIGN_OUT,
)
PROXY_PAGES: OpenPages = (
    ("/login", "GET", proxy.show_sign_in),
    ("/login", "POST", proxy.enter),
    *_SIGN_OUT,
)
LINK_PAGES: OpenPages = tuple(
    (f"{openid.LINKING.path}{end}", method, partial(page, way=openid.LINKING))
    for end, method, page in _CODE_PAGES
)
OPENID_PAGES: OpenPages = (
    ("/login", "GET", openid.show_sign_in),
    ("/login/openid", "GET", openid.begin),
    (CALLBACK, "GET", openid.finish),
    *LINK_PAGES,
    *_SIGN_OUT,
)
# The addresses that a browser can open directly.
_PLAIN = frozenset(page.path for page in list_pages() if page.method == "GET" and "{" not in page.path)
OPENED = _PLAIN | {path for path, way, _ in (*OPEN_PAGES, *LINK_PAGES) if way == "GET"}


def choose_open_pages(site: Site) -> OpenPages:
    """Return the pages for everybody: the way to sign in that the settings choose."""
    return PROXY_PAGES if site.proxy_header else OPENID_PAGES if site.is_openid else OPEN_PAGES
