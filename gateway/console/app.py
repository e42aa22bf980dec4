"""The application: which address leads to which page, who may open it, and what becomes of errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qsl, quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gateway.console.pages import cases, mails, me, outbox, queue, search, sign_in
from gateway.console.pages.sign_in import Caller
from gateway.console.rendering import read_style, render_error
from gateway.console.security.shield import App, Shield
from gateway.console.site import Site
from gateway.console.visit import Visit, find_member, find_session, read_secret
from gateway.log import events

MAX_FIELDS = 20
Endpoint = Callable[[Request], Awaitable[Response]]
Page = Callable[[Visit], Response]
OpenPage = Callable[[Caller], Response]


@dataclass(frozen=True, slots=True)
class PageRoute:
    """An address and its page; a POST changes something. `operator`: nobody else may."""

    path: str
    page: Page
    method: str = "GET"
    operator: bool = False


def list_pages() -> tuple[PageRoute, ...]:
    """Every page for those who are signed in: the table of roles and addresses."""
    searches = search.Searches()
    return (
        PageRoute("/", queue.show_queue),
        PageRoute("/cases/{number}", cases.show_case),
        PageRoute("/cases/{number}/mails/{id}", mails.show_mail),
        PageRoute("/cases/{number}/letters/{id}", mails.show_letter),
        PageRoute("/mails", mails.list_mails),
        PageRoute("/mails/{id}", mails.show_mail),
        PageRoute("/letters/{id}", mails.show_letter, operator=True),
        PageRoute("/outbox", outbox.show_outbox),
        PageRoute("/search", search.show_form),
        PageRoute("/search", partial(search.begin, searches=searches), "POST"),
        PageRoute("/search/{id}", partial(search.show_found, searches=searches)),
        PageRoute("/me", me.show_me),
        PageRoute("/me/end", me.end_session, "POST"),
    )


OPEN_PAGES: tuple[tuple[str, str, OpenPage], ...] = (
    ("/login", "GET", sign_in.show_sign_in),
    ("/login", "POST", sign_in.ask_code),
    ("/login/code", "GET", sign_in.show_code),
    ("/login/code", "POST", sign_in.check_code),
    ("/logout", "POST", sign_in.sign_out),
)


def build_app(site: Site) -> App:
    """The console of a site, behind its shield."""
    routes = [
        *(Route(path, _build_open(site, page), methods=[way]) for path, way, page in OPEN_PAGES),
        *(Route(one.path, _build_page(site, one), methods=[one.method]) for one in list_pages()),
        Route("/static/{name}", _send_style, methods=["GET"]),
    ]
    errors = {HTTPException: partial(_answer_refusal, site), Exception: partial(_answer_fault, site)}
    app = Starlette(routes=routes, exception_handlers=errors)
    return Shield(app, site.public_url, site.host, lambda status: render_error(site.office, status))


def _build_page(site: Site, route: PageRoute) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        fields = await _read_fields(request)
        return await run_in_threadpool(_open_page, site, route, request, fields)

    return endpoint


def _build_open(site: Site, page: OpenPage) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        fields = await _read_fields(request)
        query = dict(request.query_params)
        caller = Caller(site, query, fields, request.cookies, _find_client(request))
        return await run_in_threadpool(_guard, site, partial(page, caller))

    return endpoint


async def _read_fields(request: Request) -> dict[str, str]:
    """The fields of a form, each once."""
    if request.method != "POST":
        return {}
    text = (await request.body()).decode("utf-8", "replace")
    return dict(parse_qsl(text, keep_blank_values=True)[:MAX_FIELDS])


def _find_client(request: Request) -> str:
    """From where a browser comes: the proxy says it, where it comes over the Unix socket."""
    if request.client is not None and request.client.host:
        return str(request.client.host)
    return str(request.headers.get("x-real-ip", ""))[:45]


def _open_page(site: Site, route: PageRoute, request: Request, fields: Mapping[str, str]) -> Response:
    return _guard(site, partial(_open_signed_in, site, route, request, fields))


def _guard(site: Site, work: Callable[[], Response]) -> Response:
    """What stands still is said in words."""
    try:
        return work()
    except site.faults as error:
        events.task_failed("console", error)
        return render_error(site.office, 503)


def _open_signed_in(site: Site, route: PageRoute, request: Request, fields: Mapping[str, str]) -> Response:
    secret, now = read_secret(site, request.cookies), site.now()
    query = dict(request.query_params)
    with site.open() as connection:
        session = find_session(site, connection, secret, now)
        member = find_member(site, session) if session else None
        if session is None or member is None:
            return _send_to_sign_in(request)
        visit = Visit(
            site,
            connection,
            session,
            member,
            now,
            request.path_params,
            query,
            fields,
            secret,
        )
        if route.operator and not visit.is_operator:
            return render_error(site.office, 403, member.name)
        return route.page(visit)


def _send_to_sign_in(request: Request) -> Response:
    """The page that was asked for opens behind the sign-in, unless it would change something."""
    to = request.url.path if request.method == "GET" else "/"
    asked = f"{to}?{request.url.query}" if request.url.query and request.method == "GET" else to
    return RedirectResponse(f"/login?next={quote(asked, safe='/')}", 303)


async def _send_style(request: Request) -> Response:
    name, raw = read_style()
    if request.path_params["name"] != name:
        raise HTTPException(404)
    return Response(
        raw, media_type="text/css", headers={"cache-control": "public, max-age=31536000, immutable"}
    )


async def _answer_refusal(site: Site, _request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return render_error(site.office, status)


async def _answer_fault(site: Site, _request: Request, error: Exception) -> Response:
    events.task_failed("console", error)
    return render_error(site.office, 500)
