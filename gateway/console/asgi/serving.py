"""The console as a process: uvicorn on sockets that are already open."""

from __future__ import annotations

import socket
from collections.abc import Sequence

import uvicorn

from gateway.console.asgi.app import build_app
from gateway.console.security.punctual import PunctualProtocol
from gateway.console.site import Site

# Beyond this, the connection that has waited longest for its request is closed; if all are busy, uvicorn
# answers a plain 503. At MAX_REQUESTS of the shield there is a page for it.
MAX_CONNECTIONS = 256
KEEP_ALIVE_S = 30
GRACE_S = 5


def build_server(site: Site) -> uvicorn.Server:
    """Build a server that does not identify itself, and ignores all headers about the client."""
    config = uvicorn.Config(
        build_app(site),
        access_log=False,
        date_header=True,
        http=PunctualProtocol,
        lifespan="off",
        limit_concurrency=MAX_CONNECTIONS,
        log_config=None,
        loop="asyncio",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=KEEP_ALIVE_S,
        ws="none",
    )
    return uvicorn.Server(config)


def serve(site: Site, sockets: Sequence[socket.socket]) -> None:
    """Serve until SIGTERM or SIGINT."""
    build_server(site).run(sockets=list(sockets))
