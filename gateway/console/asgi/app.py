"""The ASGI application: access control and error handling around the pages of `routes`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from urllib.parse import parse_qsl, quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route

from gateway.admission.case.model import Staff
from gateway.console.asgi.routes import (
    OPENED,
    OpenPage,
    PageRoute,
    choose_open_pages,
    list_pages,
)
from gateway.console.asgi.visit import (
    Visit,
    find_member,
    find_session,
    read_secret,
)
from gateway.console.security import cookies
from gateway.console.security.cookies import Cookie
from gateway.console.security.proxy_name import NOBODY, AmbiguousNameError, Named, read_named
from gateway.console.security.shield import App, Scope, Shield
from gateway.console.sign_in.code import Caller
from gateway.console.site import Site
from gateway.console.view.framing import refuse
from gateway.console.view.language import PARAMETER, choose_language, link_other
from gateway.console.view.rendering import Frame, read_static, render_error, render_trouble
from gateway.log import events
from gateway.mail import address
from gateway.printing.bilingual import Language
from gateway.store.protocol import Trouble

MAX_FIELDS = 60  # a page of the queue has a box for each case
Endpoint = Callable[[Request], Awaitable[Response]]


def build_app(site: Site) -> App:
    """Build the console of a site, behind its shield."""
    routes = [
        *(Route(path, _build_open(site, page), methods=[way]) for path, way, page in choose_open_pages(site)),
        *(Route(one.path, _build_page(site, one), methods=[one.method]) for one in list_pages()),
        Route("/static/{name}", _send_static, methods=["GET"]),
    ]
    errors = {HTTPException: partial(_answer_refusal, site), Exception: partial(_answer_fault, site)}
    app = Starlette(routes=routes, exception_handlers=errors)
    # Its redirects would name the scheme of this connection, which behind a proxy is not the browser's.
    app.router.redirect_slashes = False
    return Shield(app, site.public_url, site.host, partial(_refuse_early, site))


def _refuse_early(site: Site, scope: Scope, status: int) -> App:
    frame = _build_frame(site, Request(scope))
    return render_trouble(frame, Trouble.BUSY) if status == 503 else render_error(frame, status)


def _build_frame(site: Site, request: Request) -> Frame:
    """Return the frame of a page for anybody, signed in or not."""
    language = _read_language(site, request)
    return Frame(site.office, language=language, other=_link_other(request, language))


def _read_language(site: Site, request: Request) -> Language:
    accepted = request.headers.get("accept-language", "")
    query = dict(request.query_params)
    return choose_language(query, request.cookies, accepted, secure=site.is_secure)


def _link_other(request: Request, language: Language) -> str:
    """Return the link to this page in the other language; after a form, to its page or the queue."""
    if request.method != "POST":
        return link_other("", dict(request.query_params), language)
    number = request.path_params.get("number", "")
    holds = (request.url.path, f"/{request.url.path.split('/')[1]}")
    path = next((each for each in holds if each in OPENED), "/")
    return link_other(f"/cases/{quote(number)}" if number else path, {}, language)


def _keep_language(site: Site, request: Request, answer: Response) -> Response:
    """Return the response; if a language was requested, the browser keeps it."""
    if PARAMETER in request.query_params:
        language = _read_language(site, request)
        cookies.put(answer, Cookie.LANGUAGE, language.value, secure=site.is_secure)
    return answer


def _build_page(site: Site, route: PageRoute) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        fields = await _read_fields(request)
        answer = await run_in_threadpool(_open_page, site, route, request, fields)
        return _keep_language(site, request, answer)

    return endpoint


def _build_open(site: Site, page: OpenPage) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        fields = await _read_fields(request)
        query, frame = dict(request.query_params), _build_frame(site, request)
        try:
            named = _read_named(site, request)
        except AmbiguousNameError:
            return render_error(frame, 400)
        caller = Caller(site, query, fields, request.cookies, _find_client(request), frame, named)
        answer = await run_in_threadpool(_guard, site, request, partial(page, caller))
        return _keep_language(site, request, answer)

    return endpoint


async def _read_fields(request: Request) -> dict[str, str]:
    """Return the fields of a form, each once."""
    if request.method != "POST":
        return {}
    text = (await request.body()).decode("utf-8", "replace")
    return dict(parse_qsl(text, keep_blank_values=True)[:MAX_FIELDS])


def _find_client(request: Request) -> str:
    """Return the address of a browser: over the Unix socket, as reported by the proxy."""
    if request.client is not None and request.client.host:
        return str(request.client.host)
    return str(request.headers.get("x-real-ip", ""))[:45]


def _read_named(site: Site, request: Request) -> Named:
    """Return whom the proxy names; nobody if no proxy is trusted. Raises AmbiguousNameError."""
    return read_named(request.scope, site.proxy_header) if site.proxy_header else NOBODY


def _is_still_named(site: Site, request: Request, member: Staff) -> bool:
    """Return whether a session may continue: if a proxy signs members in, while it names the same one."""
    try:
        named = _read_named(site, request)
        return not site.proxy_header or address.parse(named.address).key == member.address.key
    except (AmbiguousNameError, address.AddressError):
        return False


def _open_page(site: Site, route: PageRoute, request: Request, fields: Mapping[str, str]) -> Response:
    return _guard(site, request, partial(_open_signed_in, site, route, request, fields))


def _guard(site: Site, request: Request, work: Callable[[], Response]) -> Response:
    """Run `work`; return an error page for known trouble."""
    try:
        return work()
    except Exception as error:
        trouble = site.find_trouble(error)
        if trouble is None:
            raise
        events.task_failed("console", error)
        return render_trouble(_build_frame(site, request), trouble)


def _open_signed_in(site: Site, route: PageRoute, request: Request, fields: Mapping[str, str]) -> Response:
    secret, now = read_secret(site, request.cookies), site.now()
    query, frame = dict(request.query_params), _build_frame(site, request)
    with site.open() as connection:
        session = find_session(site, connection, secret, now)
        member = find_member(site, session) if session else None
        if session is None or member is None or not _is_still_named(site, request, member):
            return _send_to_sign_in(site, request, fields)
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
            grant=read_secret(site, request.cookies, Cookie.GRANT),
            draft=read_secret(site, request.cookies, Cookie.DRAFT),
            client=_find_client(request),
            language=frame.language,
            other=frame.other,
        )
        if route.operator and not visit.is_operator:
            return refuse(visit, 403)
        return route.page(visit)


def _send_to_sign_in(site: Site, request: Request, fields: Mapping[str, str]) -> Response:
    """Redirect to the sign-in, and from there to the requested page.

    A request that would change something is not repeated, but text typed about a case is kept for its page.
    """
    number = request.path_params.get("number", "") if request.method == "POST" else ""
    to = request.url.path if request.method == "GET" else f"/cases/{number}" if number else "/"
    asked = f"{to}?{request.url.query}" if request.url.query and request.method == "GET" else to
    answer = RedirectResponse(f"/login?next={quote(asked, safe='/')}", 303)
    if number and (draft := site.drafts.keep(number.upper(), fields)):
        cookies.put(answer, Cookie.DRAFT, draft, secure=site.is_secure)
    return answer


async def _send_static(request: Request) -> Response:
    found = next((one for one in read_static().values() if one.name == request.path_params["name"]), None)
    if found is None:
        raise HTTPException(404)
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(found.raw, media_type=found.media_type, headers=headers)


async def _answer_refusal(site: Site, request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    answer = render_error(_build_frame(site, request), status)
    if status == 405:  # RFC 9110 section 15.5.6: it names the methods of the page.
        answer.headers["allow"] = _list_methods(request)
    return _keep_language(site, request, answer)


def _list_methods(request: Request) -> str:
    routes = (one for one in request.app.routes if one.matches(request.scope)[0] is not Match.NONE)
    return ", ".join(sorted({method for one in routes for method in one.methods or ()}))


async def _answer_fault(site: Site, request: Request, error: Exception) -> Response:
    events.task_failed("console", error)
    return render_error(_build_frame(site, request), 500)
