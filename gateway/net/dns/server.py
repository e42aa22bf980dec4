"""A small authoritative DNS server for a zone that is read from text or changed at run time.

The demo and the tests query it over UDP and TCP on loopback. RFC 1035, 2308, 6891, 8020.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdatatype
import dns.rrset

from gateway.net.dns.zone import Zone, name_key, wire_name
from gateway.net.dns.zone_file import TTL_S, quote_text

__all__ = ["Nameserver", "Zone", "respond", "serve"]

_MAX_TCP_BYTES = 65_535
_TCP_IDLE_S = 10.0
_PLAIN_UDP_BYTES = 512


class Nameserver:
    """A running server at `host` and `port`; `close()` stops it."""

    def __init__(self, host: str, udp: asyncio.DatagramTransport, tcp: asyncio.Server, port: int) -> None:
        self.host = host
        self.port = port
        self._udp = udp
        self._tcp = tcp

    async def close(self) -> None:
        """Close both sockets."""
        self._udp.close()
        self._tcp.close()
        await self._tcp.wait_closed()


async def serve(zone: Zone, host: str = "127.0.0.1", port: int = 0) -> Nameserver:
    """Serve `zone` over UDP and TCP on the same port; port 0 picks a free one. Raises OSError."""
    loop = asyncio.get_running_loop()
    for _ in range(20):
        udp, _protocol = await loop.create_datagram_endpoint(lambda: _Udp(zone), local_addr=(host, port))
        bound: int = udp.get_extra_info("sockname")[1]
        try:
            tcp = await asyncio.start_server(lambda r, w: _serve_tcp(zone, r, w), host, bound)
        except OSError:
            udp.close()
            if port:
                raise
            continue
        return Nameserver(host, udp, tcp, bound)
    raise OSError("no port is free for both UDP and TCP")


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio's datagram transports are not subclasses of DatagramTransport.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        reply = respond(self._zone, data, udp=True)
        if reply is not None and self._transport is not None:
            self._transport.sendto(reply, addr)


async def _serve_tcp(zone: Zone, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            async with asyncio.timeout(_TCP_IDLE_S):
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                data = await reader.readexactly(length)
            reply = respond(zone, data, udp=False)
            if reply is not None:
                writer.write(struct.pack("!H", len(reply)) + reply)
                await writer.drain()
    except (TimeoutError, OSError, asyncio.IncompleteReadError):
        pass  # the client disconnected or is idle: nobody to report to
    finally:
        writer.close()


def respond(zone: Zone, data: bytes, *, udp: bool) -> bytes | None:
    """Return the response to a packet, or None for SILENT names and invalid queries."""
    try:
        query = dns.message.from_wire(data)
    except (dns.exception.DNSException, ValueError, struct.error):
        return None
    if query.flags & dns.flags.QR or len(query.question) != 1:
        return None
    reply = dns.message.make_response(query, recursion_available=True)
    # RFC 6840 section 5.7: AD in the query requests AD in the response.
    reply.flags |= dns.flags.AA | (query.flags & dns.flags.AD if zone.validated else 0)
    limit = max(query.payload, _PLAIN_UDP_BYTES) if udp else _MAX_TCP_BYTES
    if query.opcode() != dns.opcode.QUERY:
        reply.set_rcode(dns.rcode.NOTIMP)
    elif not _fill_answer(zone, reply):
        return None
    try:
        return reply.to_wire(max_size=limit)
    except dns.exception.TooBig:
        short = dns.message.make_response(query, recursion_available=True)
        # RFC 2181 section 9: TC tells the client to retry over TCP.
        short.flags |= dns.flags.AA | (dns.flags.TC if udp else 0)
        short.set_rcode(dns.rcode.NOERROR if udp else dns.rcode.SERVFAIL)
        return short.to_wire()


def _fill_answer(zone: Zone, reply: dns.message.Message) -> bool:
    """Add the answer to `reply`; return False if no response must be sent."""
    question = reply.question[0]
    name = name_key(question.name)
    rtype = dns.rdatatype.to_text(question.rdtype)
    zone.asked(name, rtype)
    trouble = zone.trouble(name, rtype)
    if trouble == "SILENT":
        return False
    if trouble == "TEMPFAIL":
        reply.set_rcode(dns.rcode.SERVFAIL)
        return True
    met, _, exists = zone.find(name, rtype)
    reply.answer = [_rrset(*one) for one in met]
    if not exists:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    if not met or met[-1][1] != rtype:
        # RFC 2308 section 3: the SOA limits how long a negative answer may be cached.
        soa = f"ns.invalid. hostmaster.invalid. 1 3600 600 86400 {TTL_S}"
        reply.authority = [dns.rrset.from_text(dns.name.root, TTL_S, "IN", "SOA", soa)]
    return True


def _rrset(name: str, rtype: str, values: list[str]) -> dns.rrset.RRset:
    texts = [_WIRE_TEXT[rtype](value) for value in values]
    return dns.rrset.from_text_list(wire_name(name), TTL_S, "IN", rtype, texts)


_WIRE_TEXT: dict[str, Callable[[str], str]] = {
    "A": str,
    "AAAA": str,
    "MX": lambda value: value.removesuffix(".") + ".",
    "TXT": quote_text,
    "PTR": lambda value: value + ".",
    "CNAME": lambda value: value + ".",
}
