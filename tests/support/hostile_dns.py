"""A DNS server on loopback whose zones are as large as the protocol lets them be.

Names are `m7.KIND.hostile.test`: any first label, so that no cache helps. The replies are put together as
octets, because a library would take longer to write them than the gateway to refuse them. Run as a program,
it prints its port and serves until it is ended.
"""

from __future__ import annotations

import asyncio
import itertools
import struct
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

ZONE = "hostile.test"
A, CNAME, PTR, MX, TXT = 1, 5, 12, 15, 16
_HEADER = struct.Struct("!HHHHHH")
_UDP_BYTES = 1232


def encode_name(name: str) -> bytes:
    """A name as octets, uncompressed."""
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


def txt(octets: bytes) -> bytes:
    """The data of a TXT record, in strings of 255."""
    pieces = [octets[at : at + 255] for at in range(0, len(octets), 255)] or [b""]
    return b"".join(bytes([len(piece)]) + piece for piece in pieces)


Record = tuple[bytes, int, bytes]  # owner, type, data
_SELF = b"\xc0\x0c"
ADDRESSES = [(_SELF, A, struct.pack("!BBH", 10, 0, number)) for number in range(4_000)]
SHORT = [(_SELF, TXT, txt(b"%02x" % (number % 256))) for number in range(4_000)]
HOSTS = 10


def _spf(text: str) -> list[Record]:
    return [(_SELF, TXT, txt(text.encode()))]


def _mx(below: str) -> list[Record]:
    return [(_SELF, MX, b"\0\x0a" + encode_name(f"h{number}.{below}")) for number in range(HOSTS)]


def _chain(name: str, links: int) -> list[Record]:
    names = [name, *(f"c{number}.{name}" for number in range(links))]
    aliases = [(encode_name(one), CNAME, encode_name(other)) for one, other in itertools.pairwise(names)]
    return [*aliases, (encode_name(names[-1]), TXT, txt(b"v=spf1 -all")), *ADDRESSES[:1]]


def _include(names: list[str]) -> list[Record]:
    return _spf("v=spf1 " + " ".join(f"include:{name}" for name in names) + " -all")


_LONG = "v=spf1 " + " ".join(f"ip4:10.{number // 250}.{number % 250}.1" for number in range(860)) + " ?all"


def answer(name: str, rtype: int) -> list[Record]:
    """The records of a zone that wants to cost as much as it can."""
    name = name.lower()
    labels = name.removesuffix(f".{ZONE}").split(".")
    kind, host = labels[-1], labels[0]
    if rtype == MX:
        return _mx(name)
    if rtype == A:
        return ADDRESSES[:60] if kind == "many" else ADDRESSES
    if rtype != TXT:
        return []
    if len(labels) > 2 and host.startswith("i"):
        return _INCLUDED[kind](name)
    return _TEXTS[kind](name) if kind in _TEXTS and len(labels) == 2 else SHORT


_TEXTS: dict[str, Callable[[str], list[Record]]] = {
    # 10 MX of 10 hosts with 4,000 addresses each.
    "mx": lambda name: _spf("v=spf1 " + " ".join(f"mx:i{number}.{name}" for number in range(10)) + " -all"),
    # 4,000 TXT of two octets.
    "short": lambda _: SHORT,
    # As many of them as fit beside a policy that includes more such names.
    "junk": lambda name: [*SHORT[:900], *_include([f"i{number}.{name}" for number in range(10)])],
    # Records that are of the kind, thousands of them.
    "policies": lambda _: _spf("v=spf1 -all") * 500,
    # Records that are as long as an answer may be.
    "long": lambda name: _include([f"i{number}.{name}" for number in range(10)]),
    # Ten times ten hosts with as many addresses as an answer may have.
    "many": lambda name: _spf("v=spf1 " + " ".join(f"mx:i{number}.{name}" for number in range(10)) + " -all"),
    "chain": lambda name: _chain(name, 200),
    # One record of 60,000 octets.
    "huge": lambda _: _spf("v=spf1 " + "ip4:192.0.2.1 " * 4_000 + "-all"),
}
_INCLUDED: dict[str, Callable[[str], list[Record]]] = {
    "junk": lambda _: [*SHORT[:900], *_spf("v=spf1 ?all")],
    "long": lambda _: _spf(_LONG[:15_000].rpartition(" ")[0]),
}
KINDS = tuple(_TEXTS)


def reply(question: bytes, *, udp: bool) -> bytes:
    """The octets of the answer; too long for a datagram, it tells to come by TCP."""
    number = question[:2]
    end = question.index(b"\0", 12)
    name = ".".join(_labels(question[12:end]))
    rtype = struct.unpack("!H", question[end + 1 : end + 3])[0]
    asked = question[12 : end + 5]
    parts = [
        owner + struct.pack("!HHIH", kind, 1, 60, len(data)) + data
        for owner, kind, data in answer(name, rtype)
    ]
    body, count = b"".join(parts), len(parts)
    while 17 + len(asked) + len(body) > 65_000:
        body, count = body[: -len(parts[count - 1])], count - 1
    head = struct.pack("!HHHHH", 0x8580, 1, count, 0, 0)
    whole = number + head + asked + body
    if udp and len(whole) > _UDP_BYTES:
        return number + struct.pack("!HHHHH", 0x8780, 1, 0, 0, 0) + asked
    return whole


def _labels(octets: bytes) -> list[str]:
    found, at = [], 0
    while at < len(octets):
        found.append(octets[at + 1 : at + 1 + octets[at]].decode("latin-1"))
        at += 1 + octets[at]
    return found


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, *, by_tcp: bool) -> None:
        self._by_tcp = by_tcp

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.sendto(reply(data, udp=self._by_tcp), addr)  # type: ignore[attr-defined]  # asyncio's has no better type


async def _tcp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        (length,) = struct.unpack("!H", await reader.readexactly(2))
        octets = reply(await reader.readexactly(length), udp=False)
        writer.write(struct.pack("!H", len(octets)) + octets)
        await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


@asynccontextmanager
async def serving(*, by_tcp: bool = True) -> AsyncIterator[int]:
    """Serve while the block runs; gives the port. Without `by_tcp`, 64 KB go into one datagram."""
    loop = asyncio.get_running_loop()
    server = await asyncio.start_server(_tcp, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Udp(by_tcp=by_tcp), local_addr=("127.0.0.1", port)
    )
    try:
        yield port
    finally:
        transport.close()
        server.close()
        await server.wait_closed()


async def _main() -> None:
    async with serving() as port:
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
