"""Looking at servers as a client would: a mail server, a resolver. Nothing is sent or changed."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

import aiosmtplib
import dns.asyncquery
import dns.exception
import dns.flags
import dns.message

PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Server:
    """What a mail server offers, and whether the session was encrypted."""

    starttls: bool
    auth: bool
    tls: bool


async def mail_server(
    host: str, port: int, hostname: str, *, tls: str = "none", username: str = "", password: str = ""
) -> Server:
    """EHLO, TLS as the courier would do it, AUTH with a name given, QUIT.

    Raises OSError (TLS included), TimeoutError or aiosmtplib.SMTPException.
    """
    believing = ssl.create_default_context()
    client = aiosmtplib.SMTP(
        hostname=host,
        port=port,
        local_hostname=hostname,
        timeout=PATIENCE_S,
        use_tls=tls == "implicit",
        start_tls=False,
        tls_context=believing,
    )
    async with client:
        await client.ehlo()
        starttls = client.supports_extension("STARTTLS")
        if tls == "required" or (tls == "opportunistic" and starttls):
            await client.starttls(tls_context=believing if tls == "required" else _any_certificate())
            await client.ehlo()
        server = Server(
            starttls, client.supports_extension("AUTH"), client.get_transport_info("ssl_object") is not None
        )
        if username:
            await client.login(username, password)
        return server


def _any_certificate() -> ssl.SSLContext:
    # RFC 7435: without a demand for TLS, an unverified channel is better than a clear one.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def validates(server: str, port: int) -> bool:
    """Whether a resolver proves with DNSSEC that it validates: the root is signed (RFC 6840 section 5.7).

    Raises OSError or dns.exception.DNSException when it does not answer.
    """
    query = dns.message.make_query(".", "SOA", want_dnssec=False)
    query.flags |= dns.flags.AD
    answer = await dns.asyncquery.udp(query, server, timeout=PATIENCE_S / 2, port=port)
    return bool(answer.flags & dns.flags.AD)
