"""The handshake behind STARTTLS (RFC 3207), by the event loop: its own TLS layer, and a deadline."""

from __future__ import annotations

import asyncio
import ssl


async def shake_hands(
    transport: asyncio.Transport, protocol: asyncio.Protocol, context: ssl.SSLContext, limit_s: float
) -> asyncio.Transport | OSError | None:
    """The protected transport of the connection; what went wrong; None when the client has gone."""
    try:
        return await asyncio.get_running_loop().start_tls(
            transport,
            protocol,
            context,
            server_side=True,
            ssl_handshake_timeout=limit_s,
            ssl_shutdown_timeout=limit_s,
        )
    except OSError as error:  # ssl.SSLError is one
        return error
