"""Validates ARC: what a trusted gateway saw before it changed the mail and broke its signature (RFC 8617).

The sets are parsed strictly and within limits. Their signatures are verified like those of DKIM, with the
same keys, canonicalization and limits.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping
from datetime import datetime

from gateway.auth.arc import chain
from gateway.auth.arc.chain import ArcError, ArcSet
from gateway.auth.authentication_results import parse
from gateway.auth.authentication_results.parse import AuthresError, AuthResults
from gateway.auth.dkim import canonicalization, key_record, tag_list
from gateway.auth.dkim.body_hash import BodyHash
from gateway.auth.dkim.key_record import ALGORITHMS, PublicKey
from gateway.auth.dkim.tag_list import TagError
from gateway.auth.dns.resolver import Resolver, TempFail
from gateway.auth.results import Arc, Result
from gateway.mail.message import Message


async def check(message: Message, resolver: Resolver, trusted: frozenset[str], now: datetime) -> Arc:
    """Validate the chain if its newest sealer is in `trusted` (domains in lower case).

    PASS means that this sealer saw the mail as it is now, NONE that no trusted sealer wrote one. Never
    raises, whatever the message or DNS contains.
    """
    sealer, result = "", Result.FAIL
    try:
        sets = chain.parse_sets(message)
        if not sets:
            return Arc(Result.NONE, reason="there is no ARC chain")
        sealer = sets[-1].seal["d"].lower()
        if sealer not in trusted:
            return Arc(Result.NONE, sealer, reason="the newest sealer is not trusted")
        chain.check_newest(sets[-1], message, now)
        return await _verify_chain(message, sets, sealer, resolver)
    except (ArcError, TagError, AuthresError) as error:
        reason = str(error)
    except TempFail:
        result, reason = Result.TEMPERROR, "DNS lookup of one of the chain's keys failed"
    except Exception as error:  # every hostile chain must give a result, also an unforeseen one
        reason = f"cannot be verified ({type(error).__name__})"
    return Arc(result, sealer, reason=reason)


async def _verify_chain(message: Message, sets: list[ArcSet], sealer: str, resolver: Resolver) -> Arc:
    stated = parse.parse(sets[-1].results)
    keys = await _fetch_keys(sets, resolver)
    await _check_message_signature(message, sets[-1], keys)
    for one, sealed in zip(sets, chain.iter_sealed(sets), strict=True):
        _check_signature(one.seal, sealed, keys, f"seal {one.instance}")
    return _build_pass(sealer, stated)


def _build_pass(sealer: str, stated: AuthResults) -> Arc:
    spf = parse.find_spf_result(stated)
    signed = [
        parse.result_domain(one, "header.d", "header.i") for one in stated.of("dkim") if _is_pass(one.result)
    ]
    dmarc = stated.of("dmarc")
    only = dmarc[0] if len(dmarc) == 1 else None
    return Arc(
        Result.PASS,
        sealer,
        spf_domain=spf.domain if spf is not None and _is_pass(spf.result.value) else "",
        dkim_domains=tuple(domain for domain in signed if domain),
        dmarc=only.result if only else "",
        dmarc_domain=parse.result_domain(only, "header.from") if only else "",
    )


def _is_pass(result: str) -> bool:
    return result == Result.PASS.value


Keys = Mapping[str, tuple[PublicKey, ...]]


async def _fetch_keys(sets: list[ArcSet], resolver: Resolver) -> Keys:
    """Fetch the keys of all seals and of the newest message signature, by name, and check their sizes.

    Raises TempFail, and TagError for a key that DKIM does not accept either.
    """
    names = {chain.key_name(one.seal) for one in sets} | {chain.key_name(sets[-1].signature)}
    wanted = sorted(names)
    answers = await asyncio.gather(*(resolver.resolve(name, "TXT") for name in wanted))
    return {name: key_record.read_all(answer) for name, answer in zip(wanted, answers, strict=True)}


async def _check_message_signature(message: Message, newest: ArcSet, keys: Keys) -> None:
    """Verify that the newest sealer saw this mail (RFC 8617 section 4.1.2). Raises ArcError or TagError."""
    tags = newest.signature
    relaxed_header, relaxed_body = canonicalization.parse_methods(tags.get("c", "simple"))
    _, digest = await BodyHash(message.body).size_and_hash(relaxed_body)
    if not hmac.compare_digest(digest, tag_list.decode_base64(tags["bh"], "bh")):
        raise ArcError("the chain fails: the body hash does not match")
    covered = chain.signed_by_message_signature(message, newest, relaxed=relaxed_header)
    _check_signature(tags, covered, keys, "the newest message signature")


def _check_signature(tags: dict[str, str], signed: bytes, keys: Keys, what: str) -> None:
    signature = tag_list.decode_base64(tags["b"], "b")
    kind = ALGORITHMS[tags["a"].lower()]
    usable = [key for key in keys[chain.key_name(tags)] if key.kind == kind and not key.testing]
    if not usable:
        raise ArcError("a key in the chain is of a different type or in testing mode")
    if not any(key.is_valid_signature(signature, signed) for key in usable):
        raise ArcError(f"the chain fails: {what} does not match")
