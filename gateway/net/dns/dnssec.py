"""Asking a resolver what it does with answers that DNSSEC can prove."""

from __future__ import annotations

import dns.asyncquery
import dns.flags
import dns.message

PATIENCE_S = 5.0


async def validates(server: str, port: int) -> bool:
    """Whether a resolver validates: the root is signed, and AD is asked for (RFC 6840 section 5.7).

    Raises OSError or dns.exception.DNSException when it does not answer.
    """
    query = dns.message.make_query(".", "SOA", want_dnssec=False)
    query.flags |= dns.flags.AD
    answer = await dns.asyncquery.udp(query, server, timeout=PATIENCE_S, port=port)
    return bool(answer.flags & dns.flags.AD)
