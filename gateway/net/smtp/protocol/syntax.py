"""Arguments of SMTP commands, parsed with strict patterns on the raw octets (RFC 5321 section 4.1.2).

Nothing is decoded or repaired: syntax that two programs could interpret differently is rejected. Harmless
blanks are accepted, as in Postfix: after `FROM:` and `TO:`, and between and after parameters.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from gateway.mail.address import Address, AddressError, parse_path
from gateway.mail.smtp.smtp_reply import (
    BAD_RECIPIENT,
    BAD_SENDER,
    BAD_SYNTAX,
    NO_SMTPUTF8,
    UNKNOWN_PARAMETER,
    SmtpReply,
)

# RFC 5321 section 4.1.4: no mail is rejected for the name in EHLO. Windows hosts use `_` in names.
_LABEL = rb"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HELO_DOMAIN = re.compile(rb"%b(?:\.%b){0,126}" % (_LABEL, _LABEL))
_LITERAL = re.compile(rb"\[(IPv6:)?([0-9A-Fa-f:.]{2,45})\]", re.IGNORECASE)
_PARAMETER = re.compile(rb"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([!-<>-~]+))?")
_BLANKS = re.compile(rb"[ \t]+")
_SIZE = re.compile(rb"[0-9]{1,20}")  # RFC 1870 section 3: 1*20DIGIT
_BODIES = (b"7BIT", b"8BITMIME")
MAX_HELO_BYTES = 255
# Verbs of HTTP and of proxies, and header fields: signs that another program is tricked into connecting.
_FOREIGN = re.compile(
    rb"(?:GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|TRACE|CONNECT|PRI|PROXY)|[A-Z][A-Z0-9-]*:.*"
)


@dataclass(frozen=True, slots=True)
class MailCommand:
    """MAIL: the reverse-path (None for `<>`) and the announced size in octets (0 if not given)."""

    reverse_path: Address | None
    size_bytes: int


def parse_helo(argument: bytes) -> str | None:
    """Return the name of HELO or EHLO without final dot, or an address literal; None if it is neither.

    A name consists of labels of letters, digits, hyphens and underscores.
    """
    if len(argument) > MAX_HELO_BYTES:
        return None
    argument = argument.rstrip(b" \t").removesuffix(b".")
    if _HELO_DOMAIN.fullmatch(argument) is not None or _is_literal(argument):
        return argument.decode("ascii")
    return None


def _is_literal(argument: bytes) -> bool:
    match = _LITERAL.fullmatch(argument)
    if match is None:
        return False
    tag, text = match.groups()
    try:
        version = ipaddress.ip_address(text.decode("ascii")).version
    except ValueError:
        return False
    # RFC 5321 section 4.1.3: an IPv6 literal has a tag.
    return version == (6 if tag else 4)


def parse_mail(argument: bytes) -> MailCommand | SmtpReply:
    """Parse the argument of MAIL, or return the reply that rejects it."""
    split = _split_path(argument, b"FROM:", BAD_SENDER)
    if isinstance(split, SmtpReply):
        return split
    path, parameters = split
    size_bytes = 0
    for name, value in parameters.items():
        match name:
            case b"SIZE":
                if value is None or _SIZE.fullmatch(value) is None:
                    return BAD_SYNTAX
                size_bytes = int(value)
            case b"BODY" if value is not None and value.upper() in _BODIES:
                pass
            case _:
                return UNKNOWN_PARAMETER
    try:
        return MailCommand(parse_path(path), size_bytes)
    except AddressError:
        return BAD_SENDER


def parse_rcpt(argument: bytes, postmaster: Address | None) -> Address | SmtpReply:
    """Parse the argument of RCPT, or return the reply that rejects it.

    `postmaster` is the address that `<postmaster>` stands for.
    """
    split = _split_path(argument, b"TO:", BAD_RECIPIENT)
    if isinstance(split, SmtpReply):
        return split
    path, parameters = split
    if parameters:
        return UNKNOWN_PARAMETER
    # RFC 5321 section 4.5.1: the only forward-path without a domain, case-insensitive.
    if postmaster is not None and path.lower() == "<postmaster>":
        return postmaster
    try:
        return parse_path(path) or BAD_RECIPIENT
    except AddressError:
        return BAD_RECIPIENT


def _split_path(
    argument: bytes, keyword: bytes, bad_path: SmtpReply
) -> tuple[str, dict[bytes, bytes | None]] | SmtpReply:
    """Split into the path as text and the parameters by name in upper case."""
    if argument[: len(keyword)].upper() != keyword:
        return BAD_SYNTAX
    if not argument.isascii():
        return NO_SMTPUTF8
    path, bracket, tail = argument[len(keyword) :].lstrip(b" \t").partition(b">")
    # An encoded-word consists of atext, but the next program may decode it to another address, or to CR and
    # LF
    # (RFC 2047 section 5 does not allow one in an address).
    if (tail and not tail.startswith((b" ", b"\t"))) or b"=?" in path:
        return bad_path
    parameters = _parse_parameters([word for word in _BLANKS.split(tail) if word])
    if isinstance(parameters, SmtpReply):
        return parameters
    return (path + bracket).decode("ascii"), parameters


def _parse_parameters(words: list[bytes]) -> dict[bytes, bytes | None] | SmtpReply:
    found: dict[bytes, bytes | None] = {}
    for word in words:
        match = _PARAMETER.fullmatch(word)
        # Two programs may use different values of a repeated parameter.
        if match is None or match[1].upper() in found:
            return BAD_SYNTAX
        found[match[1].upper()] = match[2]
    return found


def is_foreign(verb: bytes) -> bool:
    """Return whether a verb, in upper case, belongs to HTTP or is the start of a header field."""
    return _FOREIGN.fullmatch(verb) is not None


def to_octets(argument: str | None) -> bytes:
    """Return the argument of a command as octets; the guard passes only ASCII."""
    return (argument or "").encode("ascii")
