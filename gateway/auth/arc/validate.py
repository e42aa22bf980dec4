"""ARC: what a trusted mail gateway saw before it changed the mail and broke its signature (RFC 8617).

The sets are read and limited here, strictly; the chain is then verified by dkimpy in a worker thread,
on a copy without anything that its patterns are slow for, and with keys looked up before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import dkim

from gateway.auth.arc import chain
from gateway.auth.arc.chain import ArcError, ArcSet
from gateway.auth.authentication_results import parse
from gateway.auth.authentication_results.parse import AuthresError, AuthResults
from gateway.auth.dkim import key_record
from gateway.auth.dkim.key_record import PublicKey
from gateway.auth.dkim.tag_list import TagError
from gateway.auth.dns.resolver import Resolver, TempFail
from gateway.auth.results import Arc, Result
from gateway.mail.message import Message

DEADLINE_S = 5.0
# One thread: nobody needs two chains at once, and a hostile one delays only the next.
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="arc")


async def check(message: Message, resolver: Resolver, trusted: frozenset[str], now: datetime) -> Arc:
    """Verify the chain when its newest sealer is in `trusted` (domains in lower case).

    PASS says that this sealer saw the mail as it is now; NONE that there is no chain to look at.
    Never raises for what the message or DNS holds.
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
        result, reason = Result.TEMPERROR, "DNS did not give a key of the chain"
    except TimeoutError:
        result, reason = Result.TEMPERROR, "there was no time to verify the chain"
    except Exception as error:  # every hostile chain ends as a result, also one nobody thought of
        reason = f"cannot be verified ({type(error).__name__})"
    return Arc(result, sealer, reason=reason)


async def _verify_chain(message: Message, sets: list[ArcSet], sealer: str, resolver: Resolver) -> Arc:
    stated = parse.parse(sets[-1].results)
    keys = await _fetch_keys(sets, resolver)
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(DEADLINE_S):
        reason = await loop.run_in_executor(_worker, _find_failure, message, sets, keys)
    return Arc(Result.FAIL, sealer, reason=reason) if reason else _build_pass(sealer, stated)


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


async def _fetch_keys(sets: list[ArcSet], resolver: Resolver) -> Mapping[bytes, bytes]:
    """The key records of every seal and of the newest message signature, each measured before use.

    Raises TempFail, and TagError for a key that DKIM would not take either.
    """
    names = {chain.key_name(one.seal) for one in sets} | {chain.key_name(sets[-1].signature)}
    wanted = sorted(names)
    answers = await asyncio.gather(*(resolver.resolve(name, "TXT") for name in wanted))
    keys: dict[bytes, bytes] = {}
    for name, answer in zip(wanted, answers, strict=True):
        if len(answer.records) != 1:
            raise TagError("there is not exactly one key for the chain")
        _check_key(key_record.parse(answer.records[0]))
        keys[name.encode("ascii")] = answer.records[0].encode("latin-1")
    return keys


def _check_key(key: PublicKey) -> None:
    if key.kind != "rsa" or key.testing:
        raise TagError("a key of the chain is no RSA key in use")


def _find_failure(message: Message, sets: list[ArcSet], keys: Mapping[bytes, bytes]) -> str:
    """In the worker: why the chain does not hold; empty when it does."""

    def key_of(name: bytes, timeout: float = 0) -> bytes | None:
        return keys.get(name.removesuffix(b".").lower())

    cv, _, reason = dkim.ARC(chain.canonical_copy(message, sets)).verify(key_of)
    return "" if cv == dkim.CV_Pass else f"the chain does not hold: {reason}"[:200]
