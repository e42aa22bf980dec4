"""DKIM: which domains signed a message, and whether their signatures hold (RFC 6376, 8301, 8463).

What could let a forged mail through is a refusal with its reason: From unsigned or added, a body
longer than `l=`, SHA-1, short keys, test keys. Only a DNS failure is temperror.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime

from gateway.auth.dkim import canonicalization, key_record, tag_list
from gateway.auth.dkim.key_record import PublicKey
from gateway.auth.dkim.tag_list import TagError
from gateway.auth.dns.public_suffix import is_public_suffix
from gateway.auth.dns.resolver import Resolver, TempFail
from gateway.auth.results import Dkim, Result
from gateway.mail.address import is_domain
from gateway.mail.message import Field, Message

MAX_SIGNATURES = 5
ALGORITHMS = {"rsa-sha256": "rsa", "ed25519-sha256": "ed25519"}
# RFC 6376 section 3.1; underscores are no LDH, but selectors in use hold them.
_SELECTOR = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,9}", re.ASCII)
_METHODS = ("simple", "relaxed")


class _SignatureError(Exception):
    def __init__(self, result: Result, reason: str) -> None:
        super().__init__(reason)
        self.result = result
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Signature:
    field: Field
    algorithm: str
    domain: str
    selector: str
    identity_domain: str
    names: list[str]
    relaxed_header: bool
    relaxed_body: bool
    length: int | None
    expires_at: int | None
    body_hash: bytes
    signature: bytes


class _Body:
    """The body of one message with its canonical forms, each hashed once."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._made: dict[bool, tuple[int, bytes]] = {}
        self._busy = asyncio.Lock()

    async def size_and_hash(self, relaxed: bool) -> tuple[int, bytes]:
        if relaxed not in self._made:
            async with self._busy:
                if relaxed not in self._made:
                    self._made[relaxed] = await self._hash(relaxed)
        return self._made[relaxed]

    async def _hash(self, relaxed: bool) -> tuple[int, bytes]:
        size, digest = 0, hashlib.sha256()
        for number, part in enumerate(canonicalization.iter_canonical_body(self._body, relaxed)):
            if number:
                # Let other mails go on between the slices of a large body.
                await asyncio.sleep(0)
            digest.update(part)
            size += len(part)
        return size, digest.digest()


async def verify(message: Message, resolver: Resolver, now: datetime) -> tuple[Dkim, ...]:
    """Check the first five DKIM-Signature fields, in the order received; empty when there is none.

    `now` is aware; it decides about `x=`. Never raises for what the message or DNS holds.
    """
    fields = message.all("DKIM-Signature")[:MAX_SIGNATURES]
    body = _Body(message.body)
    if len(fields) == 1:
        return (await _check_signature(message, fields[0], body, resolver, now),)
    return tuple(
        await asyncio.gather(*(_check_signature(message, field, body, resolver, now) for field in fields))
    )


async def _check_signature(
    message: Message, field: Field, body: _Body, resolver: Resolver, now: datetime
) -> Dkim:
    named, key = ("", "", ""), None
    result, reason = Result.PERMERROR, ""
    try:
        tags = tag_list.parse(field.value.decode("latin-1"))
        named = _read_names(tags)
        signature = _parse_signature(field, tags)
        _check_policy(signature, message, now)
        await _check_body(signature, body)
        key = await _fetch_key(signature, resolver)
        _check_key(signature, key)
        covered = canonicalization.canonical_fields(message, signature.names, signature.relaxed_header)
        signed = covered + canonicalization.unsigned_field(field, signature.relaxed_header)
        if not key.is_valid_signature(signature.signature, signed):
            raise _SignatureError(Result.FAIL, "the signature does not match the header")
        bits, weak = key.bits, key.weak
        content = _digest_content(signature, covered)
        return Dkim(Result.PASS, *named, bits, weak=weak, signed=tuple(signature.names), content=content)
    except _SignatureError as refusal:
        result, reason = refusal.result, refusal.reason
    except TagError as error:
        reason = str(error)
    except TempFail:
        result, reason = Result.TEMPERROR, "DNS did not give the key"
    except Exception as error:  # every hostile input ends as a result, also one nobody thought of
        reason = f"cannot be checked ({type(error).__name__})"
    bits, weak = (key.bits, key.weak) if key is not None else (0, False)
    return Dkim(result, *named, bits, reason, weak)


def _digest_content(signature: _Signature, covered: bytes) -> str:
    """What was signed, however its copies travel: nothing in it can be changed without the key."""
    digest = hashlib.sha256(b"%s\0%d:" % (signature.domain.encode("ascii"), len(covered)))
    digest.update(covered + signature.body_hash)
    return digest.hexdigest()


def _read_names(tags: dict[str, str]) -> tuple[str, str, str]:
    """Domain, selector and algorithm of a signature before it is checked; empty where they are no names."""
    domain, selector = tags.get("d", "").lower(), tags.get("s", "")
    algorithm = tags.get("a", "").lower()
    return (
        domain if is_domain(domain) else "",
        selector if _SELECTOR.fullmatch(selector) else "",
        algorithm if algorithm in ALGORITHMS or algorithm == "rsa-sha1" else "",
    )


def _parse_signature(field: Field, tags: dict[str, str]) -> _Signature:
    """RFC 6376 section 6.1.1: syntax and the tags that must be there."""
    for name in ("v", "a", "b", "bh", "d", "h", "s"):
        if not tags.get(name):
            raise TagError(f"{name}= is missing")
    if tags["v"] != "1":
        raise TagError("unknown version of DKIM")
    algorithm = tags["a"].lower()
    if algorithm == "rsa-sha1":
        # RFC 8301 section 3.1: rsa-sha1 MUST NOT be used for verifying.
        raise TagError("SHA-1 is not accepted")
    if algorithm not in ALGORITHMS:
        raise TagError("unknown algorithm")
    if "q" in tags and "dns/txt" not in tag_list.split_colon_list(tags["q"]):
        raise TagError("unknown way to find the key")
    domain = tags["d"].lower()
    if not is_domain(domain):
        raise TagError("d= is not a domain")
    if _SELECTOR.fullmatch(tags["s"]) is None:
        raise TagError("s= is not a selector")
    header_method, body_method = _parse_canonicalization(tags.get("c", "simple"))
    expires_at, made_at = tag_list.parse_number(tags, "x", 12), tag_list.parse_number(tags, "t", 12)
    if expires_at is not None and made_at is not None and expires_at <= made_at:
        raise TagError("x= is not after t=")
    return _Signature(
        field=field,
        algorithm=algorithm,
        domain=domain,
        selector=tags["s"],
        identity_domain=_parse_identity_domain(tags, domain),
        names=tag_list.split_colon_list(tags["h"]),
        relaxed_header=header_method == "relaxed",
        relaxed_body=body_method == "relaxed",
        length=tag_list.parse_number(tags, "l", 76),
        expires_at=expires_at,
        body_hash=tag_list.decode_base64(tags["bh"], "bh"),
        signature=tag_list.decode_base64(tags["b"], "b"),
    )


def _parse_canonicalization(text: str) -> tuple[str, str]:
    # RFC 6376 section 3.5: `relaxed` alone means relaxed/simple.
    header, slash, body = text.lower().partition("/")
    if header not in _METHODS or (slash and body not in _METHODS):
        raise TagError("unknown canonicalisation")
    return header, body or "simple"


def _parse_identity_domain(tags: dict[str, str], domain: str) -> str:
    if "i" not in tags:
        return domain
    _, at, identity = tags["i"].rpartition("@")
    identity = identity.lower()
    if not at or not (identity == domain or (identity.endswith("." + domain) and is_domain(identity))):
        raise TagError("i= is not inside d=")
    return identity


def _check_policy(signature: _Signature, message: Message, now: datetime) -> None:
    if is_public_suffix(signature.domain):
        raise _SignatureError(Result.PERMERROR, "d= is a public suffix")
    signed_from = signature.names.count("from")
    if signed_from == 0:
        # RFC 6376 section 5.4: From MUST be signed.
        raise _SignatureError(Result.PERMERROR, "From is not signed")
    if message.count("from") > signed_from:
        # RFC 6376 section 8.15: a second From is added to a mail that was signed with one.
        raise _SignatureError(Result.FAIL, "the message has a From that is not signed")
    if twin := canonicalization.find_unsigned_duplicate(message, signature.names):
        raise _SignatureError(Result.FAIL, f"the message has a second {twin} that is not signed")
    if signature.expires_at is not None and now.timestamp() > signature.expires_at:
        raise _SignatureError(Result.FAIL, "the signature has expired")


async def _check_body(signature: _Signature, body: _Body) -> None:
    size, digest = await body.size_and_hash(signature.relaxed_body)
    if signature.length is not None and signature.length != size:
        # RFC 6376 section 8.2: text behind l= could be anybody's.
        word = "shorter" if signature.length < size else "longer"
        raise _SignatureError(Result.FAIL, f"l= is {word} than the body")
    if not hmac.compare_digest(digest, signature.body_hash):
        raise _SignatureError(Result.FAIL, "the body does not match")


async def _fetch_key(signature: _Signature, resolver: Resolver) -> PublicKey:
    answer = await resolver.resolve(f"{signature.selector}._domainkey.{signature.domain}", "TXT")
    if answer.fault:
        raise TagError(answer.fault)
    if not answer.records:
        raise TagError("there is no key")
    if len(answer.records) > 1:
        # RFC 6376 section 3.6.2.2: a selector has one record; which of two counts is undefined.
        raise TagError("there are several key records")
    return key_record.parse(answer.records[0])


def _check_key(signature: _Signature, key: PublicKey) -> None:
    if ALGORITHMS[signature.algorithm] != key.kind:
        raise _SignatureError(Result.PERMERROR, "the key is of another type than the signature")
    if key.strict and signature.identity_domain != signature.domain:
        raise _SignatureError(Result.PERMERROR, "i= differs from d= although the key says t=s")
    if key.testing:
        # RFC 6376 section 3.6.1: t=y must not be treated otherwise than unsigned mail.
        raise _SignatureError(Result.NONE, "the key is only for testing")
