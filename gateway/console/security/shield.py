"""Checks before all pages: room, correct host, limited body, requests of our own pages; security headers.

ASGI 3.0. What is rejected here never reaches a page.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from gateway.console.security import origin
from gateway.console.security.headers import HEADERS, NO_STORE

MAX_BODY = 64 * 1024
MAX_REQUESTS = 64  # at the same time, streams included
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
# Returns the error page for a request and status.
Refuse = Callable[[Scope, int], App]


class Shield:
    """ASGI middleware that enforces these rules."""

    def __init__(self, app: App, public_url: str, host: str, refuse: Refuse) -> None:
        self._app = app
        self._public_url = public_url
        self._host = host
        self._refuse = refuse
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, as specified by ASGI."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        status = self._judge(scope)
        if not status and scope["method"] == "POST":
            body = await _collect(receive)
            if body is None:
                return
            receive = _replay(body, receive)
        await self._run(status, scope, receive, _with_headers(send, scope["path"]))

    async def _run(self, status: int, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a request that is complete answered, if there is room.

        It takes up none while a page is done and its client lets us wait; a stream always does.
        """
        status = 503 if self._running >= MAX_REQUESTS else status
        app = self._refuse(scope, status) if status else self._app

        async def answer(message: Message) -> None:
            is_stream = bool(message.get("more_body"))
            self._running -= not is_stream
            try:
                await send(message)
            finally:
                self._running += not is_stream

        self._running += 1
        try:
            await app(scope, receive, answer)
        finally:
            self._running -= 1

    def _judge(self, scope: Scope) -> int:
        """Return the status of a rejection; 0 to continue."""
        fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        headers = dict(fields)
        if [value for name, value in fields if name == "host"] != [self._host]:
            return 400
        if scope["method"] != "POST":
            return 0  # a page changes nothing on GET and HEAD, and no page has another method
        if not headers.get("content-length", "").isdecimal() or int(headers["content-length"]) > MAX_BODY:
            return 413
        is_form = headers.get("content-type", "").partition(";")[0] == "application/x-www-form-urlencoded"
        return 0 if is_form and origin.is_own(headers, self._public_url) else 403


async def _collect(receive: Receive) -> bytes | None:
    """Return the whole body; None if the client hung up before its end, or sends more than it announced.

    A request takes up room only from then on. The server bounds the time.
    """
    body, more = bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] != "http.request" or len(body) > MAX_BODY:
            return None
        more = message.get("more_body", False)
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a body as one message, then what follows it."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def take() -> Message:
        return messages.pop() if messages else await receive()

    return take


def _with_headers(send: Send, path: str) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            extra = HEADERS if path.startswith("/static/") else (*HEADERS, NO_STORE)
            fields = [(name.encode(), value.encode()) for name, value in extra]
            message = {**message, "headers": [*message.get("headers", []), *fields]}
        await send(message)

    return answer
