"""Verifies DKIM: which domains signed a message, and whether the signatures are valid (RFC 6376, 8301, 8463).

Everything that could let a forged mail through is rejected with a reason: From unsigned or added, a body
longer than `l=`, SHA-1, short keys, keys in testing mode. Only a DNS failure is temperror.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime

from gateway.auth.dkim import canonicalization, key_record, tag_list
from gateway.auth.dkim.body_hash import BodyHash
from gateway.auth.dkim.key_record import ALGORITHMS, PublicKey
from gateway.auth.dkim.tag_list import TagError
from gateway.auth.dns.public_suffix import is_public_suffix
from gateway.auth.dns.resolver import Resolver, TempFail
from gateway.auth.results import Dkim, Result
from gateway.mail.address import is_domain
from gateway.mail.message import Field, Message

MAX_SIGNATURES = 5
# RFC 6376 section 3.1. LDH labels have no underscores, but selectors in use do.
_SELECTOR = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,9}", re.ASCII)


class _SignatureError(Exception):
    def __init__(self, result: Result, reason: str, key: PublicKey | None = None) -> None:
        super().__init__(reason)
        self.result = result
        self.reason = reason
        self.key = key


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


async def verify(message: Message, resolver: Resolver, now: datetime) -> tuple[Dkim, ...]:
    """Verify the first five DKIM-Signature fields, in the order received; empty if there is none.

    `now` is aware, and is compared with `x=`. Never raises, whatever the message or DNS contains.
    """
    fields = message.all("DKIM-Signature")[:MAX_SIGNATURES]
    body = BodyHash(message.body)
    if len(fields) == 1:
        return (await _check_signature(message, fields[0], body, resolver, now),)
    return tuple(
        await asyncio.gather(*(_check_signature(message, field, body, resolver, now) for field in fields))
    )


async def _check_signature(
    message: Message, field: Field, body: BodyHash, resolver: Resolver, now: datetime
) -> Dkim:
    named, key, content = ("", "", ""), None, ""
    result, reason = Result.PERMERROR, ""
    try:
        tags = tag_list.parse(field.value.decode("latin-1"))
        named = _read_names(tags)
        signature = _parse_signature(field, tags)
        covered = canonicalization.canonical_fields(message, signature.names, signature.relaxed_header)
        content = _digest_content(signature, covered)
        _check_policy(signature, message, now)
        await _check_body(signature, body)
        keys = await _fetch_keys(signature, resolver)
        signed = covered + canonicalization.unsigned_field(field, signature.relaxed_header)
        key = _find_key(signature, keys, signed)
        bits, weak = key.bits, key.weak
        return Dkim(Result.PASS, *named, bits, weak=weak, signed=tuple(signature.names), content=content)
    except _SignatureError as refusal:
        result, reason, key = refusal.result, refusal.reason, refusal.key
    except TagError as error:
        reason = str(error)
    except TempFail:
        result, reason = Result.TEMPERROR, "DNS lookup of the key failed"
    except Exception as error:  # every hostile input must give a result, also an unforeseen one
        reason = f"cannot be checked ({type(error).__name__})"
    bits, weak = (key.bits, key.weak) if key is not None else (0, False)
    return Dkim(result, *named, bits, reason, weak, claimed=content)


def _digest_content(signature: _Signature, covered: bytes) -> str:
    """Return a hash of what was signed, equal for all copies; nothing in it can change without the key."""
    digest = hashlib.sha256(b"%s\0%d:" % (signature.domain.encode("ascii"), len(covered)))
    digest.update(covered + signature.body_hash)
    return digest.hexdigest()


def _read_names(tags: dict[str, str]) -> tuple[str, str, str]:
    """Return domain, selector and algorithm of an unverified signature; each is empty if invalid."""
    domain, selector = tags.get("d", "").lower(), tags.get("s", "")
    algorithm = tags.get("a", "").lower()
    return (
        domain if is_domain(domain) else "",
        selector if _SELECTOR.fullmatch(selector) else "",
        algorithm if algorithm in ALGORITHMS or algorithm == "rsa-sha1" else "",
    )


def _parse_signature(field: Field, tags: dict[str, str]) -> _Signature:
    """Parse a signature: syntax and required tags (RFC 6376 section 6.1.1)."""
    for name in ("v", "a", "b", "bh", "d", "h", "s"):
        if not tags.get(name):
            raise TagError(f"{name}= is missing")
    if tags["v"] != "1":
        raise TagError("the DKIM version (v=) is unknown")
    algorithm = tags["a"].lower()
    if algorithm == "rsa-sha1":
        # RFC 8301 section 3.1: rsa-sha1 MUST NOT be used for verifying.
        raise TagError("SHA-1 is not accepted")
    if algorithm not in ALGORITHMS:
        raise TagError("the algorithm (a=) is unknown")
    if "q" in tags and "dns/txt" not in tag_list.split_colon_list(tags["q"]):
        raise TagError("the query method (q=) is unknown")
    domain = tags["d"].lower()
    if not is_domain(domain):
        raise TagError("d= is not a domain")
    if _SELECTOR.fullmatch(tags["s"]) is None:
        raise TagError("s= is not a selector")
    relaxed_header, relaxed_body = canonicalization.parse_methods(tags.get("c", "simple"))
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
        relaxed_header=relaxed_header,
        relaxed_body=relaxed_body,
        length=tag_list.parse_number(tags, "l", 76),
        expires_at=expires_at,
        body_hash=tag_list.decode_base64(tags["bh"], "bh"),
        signature=tag_list.decode_base64(tags["b"], "b"),
    )


def _parse_identity_domain(tags: dict[str, str], domain: str) -> str:
    if "i" not in tags:
        return domain
    _, at, identity = tags["i"].rpartition("@")
    identity = identity.lower()
    if not at or not (identity == domain or (identity.endswith("." + domain) and is_domain(identity))):
        raise TagError("i= is not within the domain in d=")
    return identity


def _check_policy(signature: _Signature, message: Message, now: datetime) -> None:
    if is_public_suffix(signature.domain):
        raise _SignatureError(Result.PERMERROR, "d= is a public suffix")
    signed_from = signature.names.count("from")
    if signed_from == 0:
        # RFC 6376 section 5.4: From MUST be signed.
        raise _SignatureError(Result.PERMERROR, "From is not signed")
    if message.count("from") > signed_from:
        # RFC 6376 section 8.15: an attacker can add a second From to a mail that was signed with one.
        raise _SignatureError(Result.FAIL, "the message has an unsigned From field")
    if twin := canonicalization.find_unsigned_duplicate(message, signature.names):
        raise _SignatureError(Result.FAIL, f"the message has a second, unsigned {twin} field")
    if signature.expires_at is not None and now.timestamp() > signature.expires_at:
        raise _SignatureError(Result.FAIL, "the signature has expired")


async def _check_body(signature: _Signature, body: BodyHash) -> None:
    size, digest = await body.size_and_hash(signature.relaxed_body)
    if signature.length is not None and signature.length != size:
        # RFC 6376 section 8.2: anybody can add text after the length in l=.
        # Deviates from RFC 6376 section 3.5: verification fails if l= does not cover the whole body.
        word = "shorter" if signature.length < size else "longer"
        raise _SignatureError(Result.FAIL, f"l= is {word} than the body")
    if not hmac.compare_digest(digest, signature.body_hash):
        raise _SignatureError(Result.FAIL, "the body hash does not match")


async def _fetch_keys(signature: _Signature, resolver: Resolver) -> tuple[PublicKey, ...]:
    answer = await resolver.resolve(f"{signature.selector}._domainkey.{signature.domain}", "TXT")
    return key_record.read_all(answer)


def _find_key(signature: _Signature, keys: tuple[PublicKey, ...], signed: bytes) -> PublicKey:
    """Return the key that made the signature.

    RFC 6376 section 6.1.2: if there are several records, each is tried, because a key rotation leaves the old
    one for a while. Anybody who can add a record to a name could also have replaced the old one.
    """
    refusals = [_refuse_key(signature, key, signed) for key in keys]
    for key, refusal in zip(keys, refusals, strict=True):
        if refusal is None:
            return key
    raise next(filter(None, refusals))


def _refuse_key(signature: _Signature, key: PublicKey, signed: bytes) -> _SignatureError | None:
    if ALGORITHMS[signature.algorithm] != key.kind:
        return _SignatureError(Result.PERMERROR, "the key type does not match the signature algorithm", key)
    if key.strict and signature.identity_domain != signature.domain:
        return _SignatureError(Result.PERMERROR, "i= differs from d= although the key says t=s", key)
    if key.testing:
        # RFC 6376 section 3.6.1: with t=y, the mail must not be treated differently from unsigned mail.
        return _SignatureError(Result.NONE, "the key is in testing mode (t=y)", key)
    if not key.is_valid_signature(signature.signature, signed):
        return _SignatureError(Result.FAIL, "the signature does not match the header", key)
    return None
