"""Parses the sets of an ARC chain, strictly and within limits (RFC 8617 section 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from gateway.auth.dkim import canonicalization, tag_list
from gateway.auth.dkim.key_record import ALGORITHMS
from gateway.auth.dkim.tag_list import TagError
from gateway.mail.address import is_domain
from gateway.mail.message import Field, Message

# RFC 8617 section 4.2.1 permits 50. Senders to this desk need only a few, and each costs DNS queries.
MAX_SETS = 10
MAX_FIELD_BYTES = 8192
_AAR, _AMS, _AS = "arc-authentication-results", "arc-message-signature", "arc-seal"
_INSTANCE = re.compile(rb"[ \t\r\n]*i[ \t\r\n]*=[ \t\r\n]*([0-9]{1,2})[ \t\r\n]*;")
_SELECTOR = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,9}", re.ASCII)


_T = TypeVar("_T")


class ArcError(ValueError):
    """Raised if the chain is unusable; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class ArcSet:
    """One set: its three fields, the tags of two of them, and the results without their `i=`."""

    instance: int
    fields: tuple[Field, Field, Field]
    seal: dict[str, str]
    signature: dict[str, str]
    results: bytes


def parse_sets(message: Message) -> list[ArcSet]:
    """Parse all sets, oldest first; empty if the message has no ARC field.

    Raises ArcError or TagError if the sets are incomplete, or if the seals do not state that the chain was
    valid.
    """
    seals, signatures = (_index_by_tag(message.all(name)) for name in (_AS, _AMS))
    results = _index_results(message.all(_AAR))
    count = max(len(seals), len(signatures), len(results))
    if any(found.keys() != set(range(1, count + 1)) for found in (seals, signatures, results)):
        raise ArcError("the ARC chain is incomplete")
    return [
        _build_set(number, seals[number], signatures[number], results[number])
        for number in range(1, count + 1)
    ]


def check_newest(newest: ArcSet, message: Message, now: datetime) -> None:
    """Check the newest message signature by the rules for a DKIM signature. Raises ArcError or TagError."""
    tags = newest.signature
    names = tag_list.split_colon_list(tags["h"])
    if _AS in names:
        # RFC 8617 section 4.1.2: the message signature must not cover seals.
        raise ArcError("the message signature covers a seal")
    if "from" not in names or message.count("from") > names.count("from"):
        raise ArcError("the message has an unsigned From field")
    if twin := canonicalization.find_unsigned_duplicate(message, names):
        raise ArcError(f"the message has a second, unsigned {twin} field")
    if "l" in tags:
        # RFC 6376 section 8.2: anybody can add text after the length in l=.
        raise ArcError("the message signature covers only part of the body (l=)")
    expires_at = tag_list.parse_number(tags, "x", 12)
    if expires_at is not None and now.timestamp() > expires_at:
        raise ArcError("the message signature has expired")


def signed_by_message_signature(message: Message, newest: ArcSet, *, relaxed: bool) -> bytes:
    """Return the header octets under the newest message signature (RFC 8617 section 4.1.2, as in DKIM)."""
    _, signature, _ = newest.fields
    names = tag_list.split_colon_list(newest.signature["h"])
    return canonicalization.signed_header(message, names, signature, relaxed)


def iter_sealed(sets: list[ArcSet]) -> Iterator[bytes]:
    """Yield what each seal covers, oldest first: all sets up to its own, relaxed (RFC 8617 section 5.1.1)."""
    before = b""
    for one in sets:
        seal, signature, results = one.fields
        before += b"".join(_relax(field) + canonicalization.CRLF for field in (results, signature))
        yield before + canonicalization.unsigned_field(seal, relaxed=True)
        before += _relax(seal) + canonicalization.CRLF


def _relax(field: Field) -> bytes:
    return canonicalization.relaxed_field(field.name, field.value)


def key_name(tags: dict[str, str]) -> str:
    """Return the DNS name of the key of a seal or message signature."""
    return f"{tags['s']}._domainkey.{tags['d']}".lower()


_Numbered = dict[int, tuple[Field, dict[str, str]]]


def _index_by_tag(fields: list[Field]) -> _Numbered:
    """Index seals or message signatures by i=, at any position (RFC 8617 section 4.1.2 and 4.1.3)."""
    numbered: _Numbered = {}
    for field in _limit(fields):
        tags = tag_list.parse(field.value.decode("latin-1"))
        number = tag_list.parse_number(tags, "i", 2)
        _add(numbered, number, (field, tags))
    return numbered


def _index_results(fields: list[Field]) -> dict[int, Field]:
    """Index results by i=, which comes first (RFC 8617 section 4.1.1)."""
    numbered: dict[int, Field] = {}
    for field in _limit(fields):
        match = _INSTANCE.match(field.value)
        _add(numbered, int(match.group(1)) if match else None, field)
    return numbered


def _limit(fields: list[Field]) -> list[Field]:
    if len(fields) > MAX_SETS:
        raise ArcError(f"the message has more than {MAX_SETS} ARC sets")
    if any(len(field.raw) > MAX_FIELD_BYTES for field in fields):
        raise ArcError("an ARC field is too long")
    return fields


def _add(numbered: dict[int, _T], number: int | None, value: _T) -> None:
    if number is None:
        raise ArcError("an ARC field has no i=")
    if number in numbered:
        raise ArcError("two ARC fields of the same kind have the same instance number")
    numbered[number] = value


def _build_set(
    number: int, seal: tuple[Field, dict[str, str]], signature: tuple[Field, dict[str, str]], results: Field
) -> ArcSet:
    _check_tags(*seal, ("a", "b", "cv", "d", "s"))
    _check_tags(*signature, ("a", "b", "bh", "d", "h", "s"))
    if "h" in seal[1]:
        raise ArcError("a seal contains h=, which is not allowed")
    # RFC 8617 section 5.2: the first seal states none, each later one that the chain was valid.
    if seal[1]["cv"].lower() != ("none" if number == 1 else "pass"):
        raise ArcError(f"seal {number} has the wrong cv=")
    match = _INSTANCE.match(results.value)
    rest = results.value[match.end() :] if match else b""
    return ArcSet(number, (seal[0], signature[0], results), seal[1], signature[1], rest)


def _check_tags(field: Field, tags: dict[str, str], needed: tuple[str, ...]) -> None:
    for name in needed:
        if not tags.get(name):
            raise TagError(f"{name}= is missing from {field.name}")
    if tags["a"].lower() not in ALGORITHMS:
        raise TagError("the algorithm (a=) is unknown")
    if not is_domain(tags["d"]) or _SELECTOR.fullmatch(tags["s"]) is None:
        raise TagError("d= or s= is not a domain name")
