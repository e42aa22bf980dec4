"""The handshake behind STARTTLS (RFC 3207), by the event loop: its own TLS layer, and a deadline."""

from __future__ import annotations

import asyncio
import ssl


async def shake_hands(
    transport: asyncio.Transport, protocol: asyncio.Protocol, context: ssl.SSLContext, limit_s: float
) -> asyncio.Transport | None:
    """The protected transport of the connection; None when the client or its time has gone."""
    try:
        return await asyncio.get_running_loop().start_tls(
            transport,
            protocol,
            context,
            server_side=True,
            ssl_handshake_timeout=limit_s,
            ssl_shutdown_timeout=limit_s,
        )
    except OSError:  # ssl.SSLError is one
        return None
