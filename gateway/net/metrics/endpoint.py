"""`/metrics` on loopback for Prometheus on the same machine; off unless a port is set.

Each connection serves one request and is then closed (RFC 9112 section 9.6).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from http import HTTPStatus

from gateway.log import events
from gateway.net.metrics.openmetrics import CONTENT_TYPE

LOOPBACK = "127.0.0.1"
TIMEOUT_S = 5.0
MAX_HEADER = 16_384


class MetricsEndpoint:
    """HTTP endpoint for the result of `text`, which reads the database and is called in a thread."""

    def __init__(self, port: int, text: Callable[[], str]) -> None:
        self.port = port
        self._text = text
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Listen until `stop`. If the port is in use, log it: mail continues without the endpoint."""
        try:
            server = await asyncio.start_server(self._serve, LOOPBACK, self.port, limit=MAX_HEADER)
        except OSError as error:
            events.task_failed(f"metrics on {LOOPBACK}:{self.port}", error)
            return
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            await self._stopping.wait()

    def stop(self) -> None:
        """Stop `run`."""
        self._stopping.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                header = await reader.readuntil(b"\r\n\r\n")
                writer.write(await self._build_answer(header))
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # a bad or slow client gets no page
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _build_answer(self, header: bytes) -> bytes:
        method, _, rest = header.partition(b" ")
        path = rest.partition(b" ")[0].partition(b"?")[0]
        if path != b"/metrics":
            return _build_response(HTTPStatus.NOT_FOUND, "text/plain", "Metrics are served at /metrics.\n")
        if method not in {b"GET", b"HEAD"}:
            return _build_response(HTTPStatus.METHOD_NOT_ALLOWED, "text/plain", "Only GET.\n")
        try:
            text = await asyncio.to_thread(self._text)
        except Exception as error:
            events.task_failed("metrics", error)
            return _build_response(
                HTTPStatus.SERVICE_UNAVAILABLE, "text/plain", "The database cannot be read.\n"
            )
        page = _build_response(HTTPStatus.OK, CONTENT_TYPE, text)
        return page if method == b"GET" else page.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def _build_response(status: HTTPStatus, kind: str, text: str) -> bytes:
    body = text.encode("utf-8")
    header = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "Connection: close",
    )
    return "\r\n".join((*header, "", "")).encode("ascii") + body
