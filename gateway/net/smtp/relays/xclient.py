"""The argument of XCLIENT, with which a relay names the client (Postfix, XCLIENT_README).

Values are xtext (RFC 3461 section 4). Strict: an attribute that is unknown, wrong or given twice
makes the whole command refused, because half a claim would be somebody else.
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
    """What a relay says of the client; None: nothing, empty: that it does not know."""

    ip: str | None = None
    helo: str | None = None


NO_CLAIM = Claim()


def plain_address(text: str) -> str:
    """An address as `Envelope.client_ip` wants it. Raises ValueError for what is none.

    RFC 4291 section 2.5.5.2: an IPv4-mapped address is the IPv4 address. A zone means nothing elsewhere.
    """
    if "%" in text:
        raise ValueError("an address with a zone")
    address = ip_address(text)
    return str(getattr(address, "ipv4_mapped", None) or address)


def parse_xclient(argument: bytes, before: Claim) -> Claim | SmtpReply:
    """What is known after the command; attributes that it does not name stay as they were `before`."""
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
    """xtext as text; None when something unprintable is hidden in it."""
    text = _HEX.sub(lambda found: chr(int(found[1], 16)), value.decode("ascii"))
    return text if text.isascii() and text.isprintable() else None


def _parse_address(value: str) -> str:
    """An IPv4 address, or an IPv6 address with its prefix (README: `IPV6:` before it)."""
    has_prefix = value[: len(_IPV6)].lower() == _IPV6
    text = value[len(_IPV6) :] if has_prefix else value
    if has_prefix is not (":" in text):
        raise ValueError("an IPv6 address bears its prefix, an IPv4 address none")
    return plain_address(text)


def _check_port(value: str) -> str:
    if _PORT.fullmatch(value) is None or int(value) > 65535:
        raise ValueError("no port")
    return value


def _check_protocol(value: str) -> str:
    if value.upper() not in {"SMTP", "ESMTP"}:
        raise ValueError("no protocol of ours")
    return value


def _parse_helo(value: str) -> str:
    """The client may have told the relay a name that is none; that is no reason to refuse its mail."""
    return parse_helo(value.encode("ascii")) or ""


_CHECKS: dict[str, Callable[[str], str]] = {
    "ADDR": _parse_address,
    "HELO": _parse_helo,
    # Nothing is built on these: the name would be the relay's look-up, and nobody can log in here.
    "NAME": str,
    "LOGIN": str,
    "PORT": _check_port,
    "PROTO": _check_protocol,
    "DESTADDR": _parse_address,
    "DESTPORT": _check_port,
}
