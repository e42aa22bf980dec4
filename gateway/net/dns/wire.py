"""DNS replies as octets, measured before anything is built of them (RFC 1035 section 4).

dnspython takes 30 microseconds a record: 4,000 addresses in one answer are 0.13 s. Here a record costs one.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import dns.name
import dns.rdatatype
from dns.rdatatype import RdataType

from gateway.auth.dns.txt_kinds import is_for_mail

MAX_WIRE_BYTES = 16_384
MAX_RECORDS = 64
# Unbound follows 11 aliases.
MAX_ALIASES = 12
_HEADER = struct.Struct("!HHHHHH")
_FIXED = struct.Struct("!HHIH")
_POINTER = 0xC0


class OversizedError(Exception):
    """The answer is larger than any that mail needs."""


class AliasLoopError(Exception):
    """The CNAMEs of the answer lead back to where they came from."""


class _Record(NamedTuple):
    """Where a record stands: its owner's name, its type, its data."""

    start: int
    rtype: int
    data: int
    end: int


def trim(wire: bytes, rtype: RdataType) -> bytes:
    """The reply as it may be parsed: only records that answer, of TXT those that mail reads.

    Raises OversizedError, also for more aliases than anybody follows, AliasLoopError, and ValueError for no
    DNS message.
    """
    if len(wire) > MAX_WIRE_BYTES:
        raise OversizedError
    try:
        header = _HEADER.unpack_from(wire)
        records = list(_walk(wire, _skip_questions(wire, header[2]), header[3]))
    except (struct.error, IndexError) as error:
        raise ValueError("no DNS message") from error
    kept = [one for one in records if one.rtype in (rtype, RdataType.CNAME) and _counts(wire, one)]
    if _is_oversized(kept):
        raise OversizedError
    if _has_loop(wire, [one for one in kept if one.rtype == RdataType.CNAME]):
        raise AliasLoopError
    if not any(one.rtype == rtype for one in kept):
        return _without_junk(wire, header, records, kept)
    return _build(wire, header, records[0].start, kept)


def is_truncated(wire: bytes) -> bool:
    """Whether TC is set: ask again over TCP (RFC 2181 section 9)."""
    return len(wire) > 2 and bool(wire[2] & 0x02)


def _is_oversized(kept: list[_Record]) -> bool:
    aliases = sum(one.rtype == RdataType.CNAME for one in kept)
    return aliases > MAX_ALIASES or len(kept) - aliases > MAX_RECORDS


def _has_loop(wire: bytes, aliases: list[_Record]) -> bool:
    """Whether one of these, at most MAX_ALIASES, leads back to itself."""
    targets = {_name(wire, one.start).lower(): _name(wire, one.data).lower() for one in aliases}
    return any(_leads_back(first, targets) for first in targets)


def _leads_back(name: bytes, targets: Mapping[bytes, bytes]) -> bool:
    met: set[bytes] = set()
    while name in targets and name not in met:
        met.add(name)
        name = targets[name]
    return name in met


def _without_junk(wire: bytes, header: tuple[int, ...], records: list[_Record], kept: list[_Record]) -> bytes:
    """No record answers: the SOA behind them says for how long (RFC 2308). One TXT of no kind stands for
    all of them, with its TTL."""
    txt = [one for one in records if one.rtype == RdataType.TXT]
    if txt:
        return _build(wire, header, records[0].start, [*kept, txt[0]])
    if sum(header[3:]) > MAX_RECORDS + MAX_ALIASES:
        raise OversizedError
    return wire


def _counts(wire: bytes, record: _Record) -> bool:
    return record.rtype != RdataType.TXT or is_for_mail(join_strings(wire[record.data : record.end]))


def join_strings(data: bytes) -> str:
    """The octets of a TXT record as latin-1, its strings joined (RFC 1035 section 3.3.14)."""
    parts, at = [], 0
    while at < len(data):
        parts.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return b"".join(parts).decode("latin-1")


def _build(wire: bytes, header: tuple[int, ...], questions_end: int, kept: list[_Record]) -> bytes:
    """A message with these answers only. Names are written out: what they pointed to may be gone."""
    parts = [_HEADER.pack(*header[:3], len(kept), 0, 0), wire[_HEADER.size : questions_end]]
    for one in kept:
        rtype, rclass, ttl, _ = _FIXED.unpack_from(wire, one.data - _FIXED.size)
        data = _written_out(wire, one)
        parts += [_name(wire, one.start), _FIXED.pack(rtype, rclass, ttl, len(data)), data]
    return b"".join(parts)


def _written_out(wire: bytes, record: _Record) -> bytes:
    """The data of a record with the name in it, where its type has one, in full."""
    if record.rtype in (RdataType.CNAME, RdataType.PTR):
        return _name(wire, record.data)
    if record.rtype == RdataType.MX:
        return wire[record.data : record.data + 2] + _name(wire, record.data + 2)
    return wire[record.data : record.end]


def _name(wire: bytes, at: int) -> bytes:
    return dns.name.from_wire(wire, at)[0].to_wire() or b""


def _skip_questions(wire: bytes, count: int) -> int:
    at = _HEADER.size
    for _ in range(count):
        at = _skip_name(wire, at) + 4
    return at


def _walk(wire: bytes, at: int, count: int) -> Iterator[_Record]:
    for _ in range(count):
        data = _skip_name(wire, at) + _FIXED.size
        rtype, _, _, length = _FIXED.unpack_from(wire, data - _FIXED.size)
        if data + length > len(wire):
            raise ValueError("no DNS message")
        yield _Record(at, rtype, data, data + length)
        at = data + length


def _skip_name(wire: bytes, at: int) -> int:
    """Where the name that begins at `at` ends (RFC 1035 section 4.1.4)."""
    while length := wire[at]:
        if length >= _POINTER:
            return at + 2
        at += 1 + length
    return at + 1
