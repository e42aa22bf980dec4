"""Queries to a recursive resolver over UDP and TCP; responses are measured before they are parsed.

It replaces dnspython's transport, which parses any response. RFC 1035 section 4.2, RFC 7766.
"""

from __future__ import annotations

import asyncio
import struct
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.rrset
from dns._asyncbackend import Backend
from dns.nameserver import Do53Nameserver

from gateway.net.dns import wire
from gateway.net.dns.wire import MAX_WIRE_BYTES, AliasLoopError, OversizedError

_LENGTH = struct.Struct("!H")


class Oversized(dns.message.QueryMessage):
    """Placeholder for a response that was too large to parse."""


class Looped(dns.message.QueryMessage):
    """Placeholder for a response whose CNAMEs form a loop."""


class MeasuredNameserver(Do53Nameserver):
    """One upstream address.

    A response that is too large is returned as `Oversized`, one with an alias loop as `Looped`; neither is
    retried.
    """

    async def async_query(
        self,
        request: dns.message.QueryMessage,
        timeout: float,  # noqa: ASYNC109 - the interface is dnspython's
        source: str | None,
        source_port: int,
        max_size: bool,
        backend: Backend,
        one_rr_per_rrset: bool = False,
        ignore_trailing: bool = False,
    ) -> dns.message.Message:
        """See `dns.nameserver.Nameserver`; `max_size` selects TCP."""
        ask = self._ask_tcp if max_size else self._ask_udp
        try:
            async with asyncio.timeout(timeout):
                return await ask(request)
        except OversizedError:
            return _fill_in(Oversized(request.id), request)
        except AliasLoopError:
            return _fill_in(Looped(request.id), request)
        except TimeoutError:
            raise dns.exception.Timeout(timeout=timeout) from None  # type: ignore[no-untyped-call]  # dnspython's

    async def _ask_udp(self, request: dns.message.QueryMessage) -> dns.message.Message:
        come: asyncio.Queue[bytes | Exception] = asyncio.Queue(maxsize=16)
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Datagrams(come), remote_addr=(self.address, self.port)
        )
        try:
            transport.sendto(request.to_wire())
            while True:
                octets = await come.get()
                if isinstance(octets, Exception):
                    raise octets
                # A datagram with another ID does not answer this query (RFC 5452 section 9.1).
                if octets[:2] == request.id.to_bytes(2, "big") and (found := _parse_asked(octets, request)):
                    return found
        finally:
            transport.close()

    async def _ask_tcp(self, request: dns.message.QueryMessage) -> dns.message.Message:
        reader, writer = await asyncio.open_connection(self.address, self.port, limit=MAX_WIRE_BYTES)
        try:
            octets = request.to_wire()
            writer.write(_LENGTH.pack(len(octets)) + octets)
            (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
            if length > MAX_WIRE_BYTES:
                raise OversizedError
            found = _parse_asked(await reader.readexactly(length), request)
        finally:
            writer.transport.abort()
        if found is None:
            raise dns.exception.FormError
        return found


class _Datagrams(asyncio.DatagramProtocol):
    """Queue received datagrams; drop further ones when the queue is full."""

    def __init__(self, come: asyncio.Queue[bytes | Exception]) -> None:
        self._come = come

    def datagram_received(self, data: bytes, _addr: object) -> None:
        self._put(data)

    def error_received(self, exc: Exception) -> None:
        self._put(exc)

    def _put(self, item: bytes | Exception) -> None:
        if not self._come.full():
            self._come.put_nowait(item)


def _parse_asked(octets: bytes, request: dns.message.QueryMessage) -> dns.message.Message | None:
    """Parse a response; return None if it is not one to `request`. Raises OversizedError, Truncated (TC)."""
    if wire.is_truncated(octets):
        raise dns.message.Truncated(message=request)  # type: ignore[no-untyped-call]  # dnspython's
    try:
        trimmed = wire.trim(octets, request.question[0].rdtype)
        found = dns.message.from_wire(trimmed)
    except (dns.exception.DNSException, ValueError):
        return None
    if not request.is_response(found):
        return None
    found.wire = octets  # the octets as received, trimmed or not
    return found


def _fill_in(stands: dns.message.QueryMessage, request: dns.message.QueryMessage) -> dns.message.QueryMessage:
    stands.flags |= dns.flags.QR
    stands.question = cast("list[dns.rrset.RRset]", list(request.question))
    return stands
