"""The PROXY header: what it says of the client, where it ends, and that nothing else passes for one."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.net.smtp.relays.proxy_protocol import (
    MAX_V2_REST_BYTES,
    V2_SIGNATURE,
    ProxyHeader,
    ProxyHeaderError,
    read_header,
)

V1 = b"PROXY TCP4 203.0.113.9 192.0.2.25 41234 25\r\n"
FOUR = bytes([203, 0, 113, 9, 192, 0, 2, 25]) + struct.pack("!HH", 41234, 25)
SIX = bytes.fromhex("20010db8000000000000000000000001" * 2) + struct.pack("!HH", 41234, 25)
MAPPED = bytes.fromhex("00000000000000000000ffffcb007109" * 2) + struct.pack("!HH", 41234, 25)


def v2(command: int, family: int, rest: bytes = b"", length: int | None = None) -> bytes:
    return V2_SIGNATURE + struct.pack("!BBH", command, family, len(rest) if length is None else length) + rest


@pytest.mark.parametrize(
    ("octets", "ip"),
    [
        (V1, "203.0.113.9"),
        (b"PROXY TCP6 2001:DB8::1 2001:db8::2 1 25\r\n", "2001:db8::1"),
        (b"PROXY TCP6 ::ffff:203.0.113.9 ::1 1 25\r\n", "203.0.113.9"),
        (b"PROXY TCP4 203.0.113.9 192.0.2.25 0 65535\r\n", "203.0.113.9"),
        (b"PROXY UNKNOWN\r\n", None),
        (b"PROXY UNKNOWN anything at all\r\n", None),
        (v2(0x21, 0x11, FOUR), "203.0.113.9"),
        (v2(0x21, 0x21, SIX), "2001:db8::1"),
        (v2(0x21, 0x21, MAPPED), "203.0.113.9"),
        (v2(0x21, 0x11, FOUR + b"\x01\x00\x02h2"), "203.0.113.9"),
        (v2(0x20, 0x00), None),
        (v2(0x20, 0x11, FOUR), None),
        (v2(0x20, 0x31, b"/run/x"), None),
        (v2(0x21, 0x00, b"anything"), None),
        (v2(0x21, 0x11, FOUR + bytes(MAX_V2_REST_BYTES - len(FOUR))), "203.0.113.9"),
    ],
)
def test_headers(octets: bytes, ip: str | None) -> None:
    """Whole, with more behind, and in every beginning."""
    wanted = ProxyHeader(ip, len(octets))
    assert wanted == read_header(octets)
    assert wanted == read_header(bytearray(octets + b"EHLO c\r\n"))
    assert {None} == {read_header(octets[:size]) for size in range(len(octets))}


@pytest.mark.parametrize(
    "octets",
    [
        b"EHLO mx.city.mihon.example\r\n",
        b"X",
        b"proxy TCP4 203.0.113.9 192.0.2.25 41234 25\r\n",
        b"PROXY\r\n",
        b"PROXY \r\n",
        b"PROXY TCP5 203.0.113.9 192.0.2.25 41234 25\r\n",
        b"PROXY TCP4 203.0.113.9 192.0.2.25 41234\r\n",
        b"PROXY TCP4 203.0.113.9 192.0.2.25 41234 25 \r\n",
        b"PROXY TCP4 203.0.113.9 192.0.2.25 041234 25\r\n",
        b"PROXY TCP4 203.0.113.9 192.0.2.25 41234 65536\r\n",
        b"PROXY TCP4 203.0.113.9 192.0.2.25 41234 -1\r\n",
        b"PROXY TCP4 203.0.113 192.0.2.25 41234 25\r\n",
        b"PROXY TCP4 2001:db8::1 192.0.2.25 41234 25\r\n",
        b"PROXY TCP6 2001:db8::1 192.0.2.25 41234 25\r\n",
        b"PROXY TCP4 \xd9\xa2.0.113.9 192.0.2.25 41234 25\r\n",
        b"PROXY UNKNOWN\x00\r\n",
        b"PROXY UNKNOWNX\r\n",
        b"PROXY UNKNOWN " + b"x" * 92 + b"\r\n",
        b"PROXY TCP4 203.0.113.9 192.0.2.25 41234 25\nEHLO c\n" + b"x" * 90,
        b"\r\n\r\n\0\r\nQUIT\r\n",
        b"\r\nEHLO c\r\n",
        v2(0x11, 0x11, FOUR),
        v2(0x22, 0x11, FOUR),
        v2(0x21, 0x12, FOUR),
        v2(0x21, 0x31, bytes(216)),
        v2(0x21, 0x11, FOUR[:11]),
        v2(0x21, 0x21, FOUR),
        v2(0x21, 0x11, length=MAX_V2_REST_BYTES + 1),
        v2(0x20, 0x00, length=0xFFFF),
    ],
)
def test_what_is_no_header(octets: bytes) -> None:
    """It is refused as soon as that is sure, and nothing is guessed."""
    with pytest.raises(ProxyHeaderError):
        read_header(octets)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PROXY ", b"PROXY TCP4 ", V2_SIGNATURE]),
)
def test_no_octets_raise_anything_else(octets: bytes, start: bytes) -> None:
    """And a header never ends behind the octets that are there."""
    try:
        header = read_header(start + octets)
    except ProxyHeaderError:
        return
    assert header is None or header.size_bytes <= len(start + octets)
