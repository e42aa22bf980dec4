"""The TLS handshake after STARTTLS (RFC 3207), by the event loop's TLS layer and with a timeout."""

from __future__ import annotations

import asyncio
import ssl


async def shake_hands(
    transport: asyncio.Transport, protocol: asyncio.Protocol, context: ssl.SSLContext, limit_s: float
) -> asyncio.Transport | OSError | None:
    """Return the TLS transport, the error, or None if the client has disconnected."""
    try:
        return await asyncio.get_running_loop().start_tls(
            transport,
            protocol,
            context,
            server_side=True,
            ssl_handshake_timeout=limit_s,
            ssl_shutdown_timeout=limit_s,
        )
    except OSError as error:  # includes ssl.SSLError
        return error
