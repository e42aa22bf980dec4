"""The sets of an ARC chain, read strictly and under caps (RFC 8617 section 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from gateway.auth.dkim import canonicalization, tag_list
from gateway.auth.dkim.tag_list import TagError
from gateway.mail.address import is_domain
from gateway.mail.message import Field, Message

# RFC 8617 section 4.2.1 allows 50; nobody near us needs more than a few, and each costs look-ups.
MAX_SETS = 10
MAX_FIELD_BYTES = 8192
# What the verifying library can canonicalise without holding the interpreter for long.
MAX_BODY_BYTES = 1_000_000
_AAR, _AMS, _AS = "arc-authentication-results", "arc-message-signature", "arc-seal"
_INSTANCE = re.compile(rb"[ \t\r\n]*i[ \t\r\n]*=[ \t\r\n]*([0-9]{1,2})[ \t\r\n]*;")
_SELECTOR = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,9}", re.ASCII)


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
    by_name = {name: _index_by_instance(message.all(name)) for name in (_AS, _AMS, _AAR)}
    count = max(map(len, by_name.values()))
    if any(sorted(found) != list(range(1, count + 1)) for found in by_name.values()):
        raise ArcError("the sets of the chain are not whole")
    return [
        _build_set(number, by_name[_AS][number], by_name[_AMS][number], by_name[_AAR][number])
        for number in range(1, count + 1)
    ]


def check_newest(newest: ArcSet, message: Message, now: datetime) -> None:
    """What DKIM asks of a signature, of the newest message signature. Raises ArcError or TagError."""
    if len(message.body) > MAX_BODY_BYTES:
        raise ArcError("the body is too long for a chain")
    tags = newest.signature
    names = tag_list.split_colon_list(tags["h"])
    if tags["d"].lower() != newest.seal["d"].lower():
        raise ArcError("the newest set is signed and sealed by different domains")
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
    if tags.get("c", "").lower() not in {"relaxed", "relaxed/relaxed", "relaxed/simple"}:
        # The copy that is verified is made in relaxed form; no sealer known to us writes another.
        raise ArcError("the message signature is not of relaxed form")


def canonical_copy(message: Message, sets: list[ArcSet]) -> bytes:
    """The message as the newest signature covers it, in canonical form: short, and the same to verify."""
    tags = sets[-1].signature
    signed = set(tag_list.split_colon_list(tags["h"])) - {_AS, _AMS, _AAR}
    fields = [field for one in reversed(sets) for field in one.fields]
    fields += [field for field in message.fields if field.key in signed]
    relaxed = tags["c"].lower() == "relaxed/relaxed"
    body = (
        canonicalization.relaxed_body(message.body) if relaxed else canonicalization.simple_body(message.body)
    )
    lines = [canonicalization.relaxed_field(field.name, field.value) for field in fields]
    # With a space behind the colon, as everybody writes it; relaxed form takes it out again.
    return b"".join(line.replace(b":", b": ", 1) + b"\r\n" for line in lines) + b"\r\n" + body


def key_name(tags: dict[str, str]) -> str:
    """Where the key of a seal or message signature is published."""
    return f"{tags['s']}._domainkey.{tags['d']}".lower()


def _index_by_instance(fields: list[Field]) -> dict[int, Field]:
    if len(fields) > MAX_SETS:
        raise ArcError(f"more than {MAX_SETS} sets")
    numbered: dict[int, Field] = {}
    for field in fields:
        match = _INSTANCE.match(field.value)
        if match is None or len(field.raw) > MAX_FIELD_BYTES:
            # RFC 8617 section 4.1 puts i= anywhere in two of them; all sealers write it first, and
            # then no two programs can see different numbers.
            raise ArcError("an ARC field is too long or does not begin with i=")
        number = int(match.group(1))
        if number in numbered:
            raise ArcError("two ARC fields of one kind have the same number")
        numbered[number] = field
    return numbered


def _build_set(number: int, seal: Field, signature: Field, results: Field) -> ArcSet:
    seal_tags = _parse_tags(seal, ("a", "b", "cv", "d", "s"))
    signature_tags = _parse_tags(signature, ("a", "b", "bh", "d", "h", "s"))
    if "h" in seal_tags:
        raise ArcError("a seal has h=")
    # RFC 8617 section 5.2: the first seal says none, every later one that it found the chain whole.
    if seal_tags["cv"].lower() != ("none" if number == 1 else "pass"):
        raise ArcError(f"seal {number} does not say that the chain held")
    match = _INSTANCE.match(results.value)
    rest = results.value[match.end() :] if match else b""
    return ArcSet(number, (seal, signature, results), seal_tags, signature_tags, rest)


def _parse_tags(field: Field, needed: tuple[str, ...]) -> dict[str, str]:
    tags = tag_list.parse(field.value.decode("latin-1"))
    for name in needed:
        if not tags.get(name):
            raise TagError(f"{name}= is missing in {field.name}")
    if tags["a"].lower() != "rsa-sha256":
        raise TagError("unknown algorithm")
    if not is_domain(tags["d"]) or _SELECTOR.fullmatch(tags["s"]) is None:
        raise TagError("d= or s= is no name")
    for name in {"b", "bh"} & set(needed):
        tag_list.decode_base64(tags[name], name)
    return tags
