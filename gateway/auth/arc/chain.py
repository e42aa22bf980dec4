"""The sets of an ARC chain, read strictly and under caps (RFC 8617 section 4)."""

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

# RFC 8617 section 4.2.1 allows 50; nobody near us needs more than a few, and each costs look-ups.
MAX_SETS = 10
MAX_FIELD_BYTES = 8192
_AAR, _AMS, _AS = "arc-authentication-results", "arc-message-signature", "arc-seal"
_INSTANCE = re.compile(rb"[ \t\r\n]*i[ \t\r\n]*=[ \t\r\n]*([0-9]{1,2})[ \t\r\n]*;")
_SELECTOR = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,9}", re.ASCII)


_T = TypeVar("_T")


class ArcError(ValueError):
    """The chain is not usable; the message says why."""


@dataclass(frozen=True, slots=True)
class ArcSet:
    """One set: the three fields, the tags of two of them, and the results without their `i=`."""

    instance: int
    fields: tuple[Field, Field, Field]
    seal: dict[str, str]
    signature: dict[str, str]
    results: bytes


def parse_sets(message: Message) -> list[ArcSet]:
    """All sets, oldest first; empty when the message has no ARC field.

    Raises ArcError or TagError when they are not whole, or the seals do not say that the chain held.
    """
    seals, signatures = (_index_by_tag(message.all(name)) for name in (_AS, _AMS))
    results = _index_results(message.all(_AAR))
    count = max(len(seals), len(signatures), len(results))
    if any(found.keys() != set(range(1, count + 1)) for found in (seals, signatures, results)):
        raise ArcError("the sets of the chain are not whole")
    return [
        _build_set(number, seals[number], signatures[number], results[number])
        for number in range(1, count + 1)
    ]


def check_newest(newest: ArcSet, message: Message, now: datetime) -> None:
    """What DKIM asks of a signature, of the newest message signature. Raises ArcError or TagError."""
    tags = newest.signature
    names = tag_list.split_colon_list(tags["h"])
    if _AS in names:
        # RFC 8617 section 4.1.2: the signature must not cover seals.
        raise ArcError("the message signature covers a seal")
    if "from" not in names or message.count("from") > names.count("from"):
        raise ArcError("the message has a From that is not signed")
    if twin := canonicalization.find_unsigned_duplicate(message, names):
        raise ArcError(f"the message has a second {twin} that is not signed")
    if "l" in tags:
        # RFC 6376 section 8.2: text behind l= could be anybody's.
        raise ArcError("the message signature has l=")
    expires_at = tag_list.parse_number(tags, "x", 12)
    if expires_at is not None and now.timestamp() > expires_at:
        raise ArcError("the message signature has expired")


def signed_by_message_signature(message: Message, newest: ArcSet, *, relaxed: bool) -> bytes:
    """The header octets that the newest message signature covers (RFC 8617 section 4.1.2, as DKIM)."""
    _, signature, _ = newest.fields
    names = tag_list.split_colon_list(newest.signature["h"])
    return canonicalization.signed_header(message, names, signature, relaxed)


def iter_sealed(sets: list[ArcSet]) -> Iterator[bytes]:
    """What each seal covers, oldest first: all sets up to its own, relaxed (RFC 8617 section 5.1.1)."""
    before = b""
    for one in sets:
        seal, signature, results = one.fields
        before += b"".join(_relax(field) + canonicalization.CRLF for field in (results, signature))
        yield before + canonicalization.unsigned_field(seal, relaxed=True)
        before += _relax(seal) + canonicalization.CRLF


def _relax(field: Field) -> bytes:
    return canonicalization.relaxed_field(field.name, field.value)


def key_name(tags: dict[str, str]) -> str:
    """Where the key of a seal or message signature is published."""
    return f"{tags['s']}._domainkey.{tags['d']}".lower()


_Numbered = dict[int, tuple[Field, dict[str, str]]]


def _index_by_tag(fields: list[Field]) -> _Numbered:
    """Seals or message signatures by their i=, which stands anywhere (RFC 8617 section 4.1.2 and 4.1.3)."""
    numbered: _Numbered = {}
    for field in _limit(fields):
        tags = tag_list.parse(field.value.decode("latin-1"))
        number = tag_list.parse_number(tags, "i", 2)
        _add(numbered, number, (field, tags))
    return numbered


def _index_results(fields: list[Field]) -> dict[int, Field]:
    """Results by their i=, which stands first (RFC 8617 section 4.1.1)."""
    numbered: dict[int, Field] = {}
    for field in _limit(fields):
        match = _INSTANCE.match(field.value)
        _add(numbered, int(match.group(1)) if match else None, field)
    return numbered


def _limit(fields: list[Field]) -> list[Field]:
    if len(fields) > MAX_SETS:
        raise ArcError(f"more than {MAX_SETS} sets")
    if any(len(field.raw) > MAX_FIELD_BYTES for field in fields):
        raise ArcError("an ARC field is too long")
    return fields


def _add(numbered: dict[int, _T], number: int | None, value: _T) -> None:
    if number is None:
        raise ArcError("an ARC field has no i=")
    if number in numbered:
        raise ArcError("two ARC fields of one kind have the same number")
    numbered[number] = value


def _build_set(
    number: int, seal: tuple[Field, dict[str, str]], signature: tuple[Field, dict[str, str]], results: Field
) -> ArcSet:
    _check_tags(*seal, ("a", "b", "cv", "d", "s"))
    _check_tags(*signature, ("a", "b", "bh", "d", "h", "s"))
    if "h" in seal[1]:
        raise ArcError("a seal has h=")
    # RFC 8617 section 5.2: the first seal says none, every later one that it found the chain whole.
    if seal[1]["cv"].lower() != ("none" if number == 1 else "pass"):
        raise ArcError(f"seal {number} does not say that the chain held")
    match = _INSTANCE.match(results.value)
    rest = results.value[match.end() :] if match else b""
    return ArcSet(number, (seal[0], signature[0], results), seal[1], signature[1], rest)


def _check_tags(field: Field, tags: dict[str, str], needed: tuple[str, ...]) -> None:
    for name in needed:
        if not tags.get(name):
            raise TagError(f"{name}= is missing in {field.name}")
    if tags["a"].lower() not in ALGORITHMS:
        raise TagError("unknown algorithm")
    if not is_domain(tags["d"]) or _SELECTOR.fullmatch(tags["s"]) is None:
        raise TagError("d= or s= is no name")
