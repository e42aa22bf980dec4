"""One record as a line of a zone file (RFC 1035 section 5.1), parsed by dnspython.

In addition, `#` starts a comment, and a TXT value without quotes extends to the end of the line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.rdatatype
import dns.rrset
import dns.zonefile

from gateway.net.dns.presentation import presentation

TTL_S = 60
# The supported record types, with the format of their values.
TYPES = {
    "A": "IPV4-ADDRESS",
    "AAAA": "IPV6-ADDRESS",
    "MX": "PREFERENCE HOST",
    "TXT": "TEXT",
    "PTR": "HOST",
    "CNAME": "HOST",
}
# Semicolons in unquoted text do not start a comment.
_UNQUOTED_TXT = re.compile(r'(\S+\s+(?:(?:[0-9]\w*|IN)\s+){0,2}TXT\s+)([^"\s].*)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Record:
    """A record; `value` is in the format of `presentation`, in lower case except for TXT."""

    name: dns.name.Name
    rtype: str
    value: str


def read_line(line: str) -> tuple[Record, ...]:
    """Return the record of a line, with or without TTL and class; empty for a comment. Raises ValueError."""
    rtype = next((word.upper() for word in line.split()[1:4] if word.upper() in TYPES), "")
    unquoted = _UNQUOTED_TXT.fullmatch(line)
    if unquoted is not None:
        line = unquoted[1] + quote_text(unquoted[2])
    return _read(_strip_comment(line), rtype)


def read_value(name: dns.name.Name, rtype: str, value: str) -> Record:
    """Return the record at `name`, which may contain characters that no line can. Raises ValueError."""
    value = value.strip()
    if rtype == "TXT" and value and not value.startswith('"'):
        value = quote_text(value)
    found = _read(_strip_comment(value), rtype, name) if rtype in TYPES and value else ()
    if not found:
        raise ValueError(f"{rtype} {value!r} is not a valid record; {_describe_line(rtype)}")
    return found[0]


def quote_text(value: str) -> str:
    """Format TXT for a zone file, as strings of at most 255 octets (RFC 1035 section 3.3.14).

    Raises ValueError.
    """
    try:
        octets = value.encode("latin-1")
    except UnicodeEncodeError:
        raise ValueError("TXT contains characters above U+00FF") from None
    pieces = [octets[start : start + 255] for start in range(0, max(len(octets), 1), 255)]
    return " ".join('"' + "".join(map(_escape_octet, piece)) + '"' for piece in pieces)


def _read(text: str, rtype: str, name: dns.name.Name | None = None) -> tuple[Record, ...]:
    try:
        if name is None:
            found = dns.zonefile.read_rrsets(text, rdclass=None, default_ttl=TTL_S)
        else:
            found = dns.zonefile.read_rrsets(text, name=name, ttl=TTL_S, rdtype=rtype)
    except dns.exception.DNSException as error:
        why = str(error).removeprefix("<input>:1: ").removesuffix(".")
        raise ValueError(f"{why}; {_describe_line(rtype)}") from None
    return tuple(_build_record(rrset) for rrset in found)


def _build_record(rrset: dns.rrset.RRset) -> Record:
    rtype = dns.rdatatype.to_text(rrset.rdtype)
    if rtype not in TYPES:
        raise ValueError(f"the record type {rtype} is not supported; {_describe_line(rtype)}")
    value = presentation(rrset[0])
    return Record(rrset.name, rtype, value if rtype == "TXT" else value.lower())


def _escape_octet(octet: int) -> str:
    return chr(octet) if 0x20 <= octet < 0x7F and octet not in b'"\\' else f"\\{octet:03d}"


def _strip_comment(text: str) -> str:
    return text if '"' in text else text.partition("#")[0]


def _describe_line(rtype: str) -> str:
    if rtype in TYPES:
        return f"expected NAME {rtype} {TYPES[rtype]}"
    return f"expected NAME TYPE VALUE, where TYPE is one of {', '.join(TYPES)}, TEMPFAIL and SILENT"
