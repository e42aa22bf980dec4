"""The header that a TCP proxy sends before the session (haproxy, The PROXY protocol, versions 1 and 2).

Parsed strictly and within limits: an ambiguous header ends the connection.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from gateway.net.smtp.relays.xclient import plain_address

V2_SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
_V2_FIXED_BYTES = 16
# The longest line of version 1, with CRLF (section 2.1).
MAX_V1_BYTES = 107
# Addresses need 36 octets; the rest is for extensions (TLVs), which are ignored.
MAX_V2_REST_BYTES = 2_048
_V1_START = b"PROXY "
_PORT = r"(?:0|[1-9][0-9]{0,4})"
_V1 = re.compile(rf"PROXY TCP([46]) ([0-9A-Fa-f:.]+) ([0-9A-Fa-f:.]+) ({_PORT}) ({_PORT})")
_V1_UNKNOWN = re.compile(r"PROXY UNKNOWN(?: [ -~]*)?")
_LOCAL, _PROXY = 0x20, 0x21
_UNSPECIFIED = 0x00
# Family and protocol -> octets of one address: TCP over IPv4, TCP over IPv6 (section 2.2).
_ADDRESS_BYTES = {0x11: 4, 0x21: 16}


class ProxyHeaderError(ValueError):
    """Not a valid PROXY header; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class ProxyHeader:
    """The client's address `ip`; None for the proxy's own connection or an unknown client (section 2)."""

    ip: str | None
    size_bytes: int

    def to_line(self) -> bytes:
        """Format it as a version 1 line, in the one form that all parsers interpret alike."""
        if self.ip is None:
            return b"PROXY UNKNOWN\r\n"
        family, nobody = (6, "::") if ":" in self.ip else (4, "0.0.0.0")  # noqa: S104 - nothing is bound
        return f"PROXY TCP{family} {self.ip} {nobody} 0 0\r\n".encode("ascii")


def read_header(octets: bytes | bytearray) -> ProxyHeader | None:
    """Parse the header at the start of `octets`; return None if incomplete. Raises ProxyHeaderError."""
    start = bytes(octets[: len(V2_SIGNATURE)])
    if V2_SIGNATURE.startswith(start):
        return _parse_v2(octets) if len(start) == len(V2_SIGNATURE) else None
    if start[: len(_V1_START)] == _V1_START[: len(start)]:
        return _parse_v1(bytes(octets[:MAX_V1_BYTES]))
    raise ProxyHeaderError("the PROXY header is neither version 1 nor version 2")


def _parse_v1(octets: bytes) -> ProxyHeader | None:
    line, end, _ = octets.partition(b"\r\n")
    if not end:
        if len(octets) >= MAX_V1_BYTES:
            raise ProxyHeaderError(f"the PROXY header has no CRLF in its first {MAX_V1_BYTES} bytes")
        return None
    size_bytes = len(line) + len(end)
    text = line.decode("latin-1")
    if _V1_UNKNOWN.fullmatch(text):
        return ProxyHeader(None, size_bytes)
    match = _V1.fullmatch(text)
    if match is None or max(int(match[4]), int(match[5])) > 65535:
        raise ProxyHeaderError("the PROXY version 1 header is not valid")
    return ProxyHeader(_parse_client(match[1], match[2], match[3]), size_bytes)


def _parse_client(version: str, source: str, destination: str) -> str:
    try:
        if any(str(ip_address(text).version) != version for text in (source, destination)):
            raise ProxyHeaderError("the PROXY header contains an address of the wrong family")
        return plain_address(source)
    except ValueError as error:
        raise ProxyHeaderError("not an address") from error


def _parse_v2(octets: bytes | bytearray) -> ProxyHeader | None:
    if len(octets) < _V2_FIXED_BYTES:
        return None
    command, family = octets[12], octets[13]
    rest_bytes = int.from_bytes(octets[14:16], "big")
    address_bytes = _ADDRESS_BYTES.get(family, 0)
    if command not in {_LOCAL, _PROXY}:
        raise ProxyHeaderError("the PROXY version 2 command is neither LOCAL nor PROXY")
    if command == _PROXY and not address_bytes and family != _UNSPECIFIED:
        raise ProxyHeaderError("the PROXY header does not describe a TCP connection")
    # Two addresses, and two ports of two octets each.
    if rest_bytes > MAX_V2_REST_BYTES or (command == _PROXY and rest_bytes < _min_length(address_bytes)):
        raise ProxyHeaderError("the PROXY version 2 header has an invalid length")
    size_bytes = _V2_FIXED_BYTES + rest_bytes
    if len(octets) < size_bytes:
        return None
    if command == _LOCAL or not address_bytes:
        return ProxyHeader(None, size_bytes)
    source = bytes(octets[_V2_FIXED_BYTES : _V2_FIXED_BYTES + address_bytes])
    address = IPv4Address(source) if address_bytes == 4 else IPv6Address(source)
    return ProxyHeader(plain_address(str(address)), size_bytes)


def _min_length(address_bytes: int) -> int:
    return 2 * address_bytes + 4 if address_bytes else 0
