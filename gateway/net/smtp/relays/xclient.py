"""The argument of XCLIENT, by which a relay names the client (Postfix, XCLIENT_README).

Values are xtext (RFC 3461 section 4). Parsing is strict: an unknown, invalid or repeated attribute rejects
the whole command, because half a claim could identify another client.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

from gateway.mail.smtp.smtp_reply import BAD_SYNTAX, SmtpReply
from gateway.net.smtp.protocol.syntax import parse_helo

_WORD = re.compile(rb"([A-Za-z]{1,16})=((?:[!-*,-<>-~]|\+[0-9A-F]{2}){1,255})")
_HEX = re.compile(r"\+([0-9A-F]{2})")
_PORT = re.compile(r"[0-9]{1,5}")
_UNKNOWN = frozenset({"[UNAVAILABLE]", "[TEMPUNAVAIL]"})
_IPV6 = "ipv6:"
KEYWORD = "XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT"


@dataclass(frozen=True, slots=True)
class Claim:
    """A relay's report about the client; None: not reported, empty: unknown to the relay."""

    ip: str | None = None
    helo: str | None = None


NO_CLAIM = Claim()


def plain_address(text: str) -> str:
    """Return an address in the format of `Envelope.client_ip`. Raises ValueError if it is not an address.

    RFC 4291 section 2.5.5.2: an IPv4-mapped address is the IPv4 address. A zone has no meaning on another
    host.
    """
    if "%" in text:
        raise ValueError("the address has a zone index")
    address = ip_address(text)
    return str(getattr(address, "ipv4_mapped", None) or address)


def parse_xclient(argument: bytes, before: Claim) -> Claim | SmtpReply:
    """Return the claim after the command; attributes missing from it keep their values from `before`."""
    found: dict[str, str] = {}
    for word in argument.split(b" "):
        match = _WORD.fullmatch(word)
        if match is None:
            return BAD_SYNTAX
        name, value = match[1].decode("ascii").upper(), _decode_xtext(match[2])
        check = _CHECKS.get(name)
        if check is None or name in found or value is None:
            return BAD_SYNTAX
        try:
            found[name] = "" if value.upper() in _UNKNOWN else check(value)
        except ValueError:
            return BAD_SYNTAX
    return Claim(found.get("ADDR", before.ip), found.get("HELO", before.helo))


def _decode_xtext(value: bytes) -> str | None:
    """Decode xtext; return None if the result contains unprintable characters."""
    text = _HEX.sub(lambda found: chr(int(found[1], 16)), value.decode("ascii"))
    return text if text.isascii() and text.isprintable() else None


def _parse_address(value: str) -> str:
    """Parse an IPv4 address, or an IPv6 address with its prefix `IPV6:` (XCLIENT_README)."""
    has_prefix = value[: len(_IPV6)].lower() == _IPV6
    text = value[len(_IPV6) :] if has_prefix else value
    if has_prefix is not (":" in text):
        raise ValueError("the IPV6: prefix is required for IPv6 addresses and not allowed otherwise")
    return plain_address(text)


def _check_port(value: str) -> str:
    if _PORT.fullmatch(value) is None or int(value) > 65535:
        raise ValueError("not a port number")
    return value


def _check_protocol(value: str) -> str:
    if value.upper() not in {"SMTP", "ESMTP"}:
        raise ValueError("unknown protocol")
    return value


def _parse_helo(value: str) -> str:
    """Return an invalid HELO name as empty: the relay may have accepted it, so the mail is not rejected."""
    return parse_helo(value.encode("ascii")) or ""


_CHECKS: dict[str, Callable[[str], str]] = {
    "ADDR": _parse_address,
    "HELO": _parse_helo,
    # These are validated but not used: the name is the relay's lookup, and nobody can log in here.
    "NAME": str,
    "LOGIN": str,
    "PORT": _check_port,
    "PROTO": _check_protocol,
    "DESTADDR": _parse_address,
    "DESTPORT": _check_port,
}
