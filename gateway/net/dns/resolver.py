"""The resolver of the checks over dnspython: cached, shared, and with three outcomes only.

A hit costs a dictionary look-up. Identical questions on their way share one query, failures are kept
for a short time, so that a dead domain costs one wait and not one per mail. RFC 1035, 2308, 6840.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from time import monotonic

import dns.asyncresolver
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.resolver

from gateway.auth.dns.resolver import Answer, TempFail
from gateway.net.dns.presentation import presentation

MAX_TTL_S = 86_400
# RFC 2308 section 5: one to three hours is a sensible upper limit for negative answers.
MAX_NEGATIVE_TTL_S = 10_800
MAX_CACHED_CHARS = 8192
# RFC 9715: larger answers do not travel safely in one datagram.
UDP_PAYLOAD_BYTES = 1232
RTYPES = frozenset({"A", "AAAA", "MX", "PTR", "TXT"})
# RFC 1035 section 2.3.4: labels of 1 to 63 octets.
_NAME = re.compile(r"[^.]{1,63}(?:\.[^.]{1,63})*")
_MAX_NAME = 253


@dataclass(frozen=True, slots=True)
class _Entry:
    """`answer` is None for a failure; `expires_at` is in seconds of the clock."""

    answer: Answer | None
    expires_at: float


class DnsResolver:
    """Resolver over `nameservers` (addresses), or over those of the system when it is None.

    `timeout_s` is for one try, `lifetime_s` for a question with all its tries. A name that DNS cannot
    hold is nothing, without a question. Use one object in one event loop.
    """

    def __init__(
        self,
        nameservers: Sequence[str] | None = None,
        port: int = 53,
        *,
        timeout_s: float = 3.0,
        lifetime_s: float = 4.5,
        cache_size: int = 10_000,
        failure_ttl_s: float = 20.0,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._upstream = dns.asyncresolver.Resolver(configure=nameservers is None)
        if nameservers is not None:
            self._upstream.nameservers = list(nameservers)
        self._upstream.port = port
        self._upstream.timeout = timeout_s
        self._upstream.lifetime = lifetime_s
        # RFC 6840 section 5.7: AD in a question asks for AD in the answer.
        self._upstream.set_flags(dns.flags.RD | dns.flags.AD)
        self._upstream.use_edns(0, 0, UDP_PAYLOAD_BYTES)
        self._trusted = all(_is_loopback(str(server)) for server in self._upstream.nameservers)
        self._cache: OrderedDict[tuple[str, str], _Entry] = OrderedDict()
        self._cache_size = cache_size
        self._failure_ttl_s = failure_ttl_s
        self._clock = clock
        self._in_flight: dict[tuple[str, str], asyncio.Task[Answer | None]] = {}

    @classmethod
    def from_lifetime(cls, lifetime_s: float, nameservers: Sequence[str], port: int) -> DnsResolver:
        """Over `nameservers`, or those of the system when there are none named.

        One try takes two thirds of the time for a question at most, so there is a second.
        """
        return cls(nameservers or None, port, timeout_s=lifetime_s * 2 / 3, lifetime_s=lifetime_s)

    async def resolve(self, name: str, rtype: str) -> Answer:
        """Records of `rtype` at `name`; raises TempFail, and nothing else."""
        key = (name.lower().removesuffix("."), rtype)
        entry = self._cache.get(key)
        if entry is not None and entry.expires_at > self._clock():
            self._cache.move_to_end(key)
            answer = entry.answer
        elif not _is_queryable(key[0], rtype):
            return Answer(exists=False)
        else:
            answer = await self._resolve_shared(key)
        if answer is None:
            raise TempFail(f"no answer for {rtype} {key[0]}")
        return answer

    def has_cached(self, questions: Iterable[tuple[str, str]]) -> bool:
        """Whether all these (name, rtype) stand in the cache."""
        now = self._clock()
        for name, rtype in questions:
            entry = self._cache.get((name.lower().removesuffix("."), rtype))
            if entry is None or entry.expires_at <= now:
                return False
        return True

    async def close(self) -> None:
        """Stop questions that are on their way; who waits for them gets TempFail."""
        tasks = list(self._in_flight.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _resolve_shared(self, key: tuple[str, str]) -> Answer | None:
        """Join the question that is on its way, or send it. One who gives up does not stop the others."""
        task = self._in_flight.get(key)
        if task is None:
            task = asyncio.create_task(self._query(key))
            self._in_flight[key] = task
            task.add_done_callback(lambda _: self._in_flight.pop(key, None))
        await asyncio.wait((task,))
        return None if task.cancelled() else task.result()

    async def _query(self, key: tuple[str, str]) -> Answer | None:
        name, rtype = key
        try:
            # Built from labels, since text would give backslashes and "@" a meaning.
            labels = [label.encode("ascii") for label in name.split(".")]
            found = await self._upstream.resolve(
                dns.name.Name([*labels, b""]), rtype, raise_on_no_answer=False, search=False
            )
            answer, ttl_s = self._parse_response(found.response, found)
        except dns.resolver.NXDOMAIN as nothing:
            answer, ttl_s = self._parse_nxdomain(nothing)
        except Exception:  # time-out, SERVFAIL, a broken reply: all are "no answer now"
            answer, ttl_s = None, self._failure_ttl_s
        self._cache_answer(key, answer, ttl_s)
        return answer

    def _parse_response(
        self, response: dns.message.Message, found: dns.resolver.Answer
    ) -> tuple[Answer, float]:
        records = tuple(presentation(rdata) for rdata in found.rrset) if found.rrset is not None else ()
        limit_s = MAX_TTL_S if records else MAX_NEGATIVE_TTL_S
        ttl_s = found.chaining_result.minimum_ttl
        return Answer(records, authenticated=self._is_authenticated(response)), min(ttl_s, limit_s)

    def _parse_nxdomain(self, error: dns.resolver.NXDOMAIN) -> tuple[Answer, float]:
        response = next(iter(error.kwargs["responses"].values()))
        ttl_s = response.resolve_chaining().minimum_ttl
        answer = Answer(exists=False, authenticated=self._is_authenticated(response))
        return answer, min(ttl_s, MAX_NEGATIVE_TTL_S)

    def _is_authenticated(self, response: dns.message.Message) -> bool:
        # RFC 6840 section 5.8: AD means something only on a path that nobody can change.
        return self._trusted and bool(response.flags & dns.flags.AD)

    def _cache_answer(self, key: tuple[str, str], answer: Answer | None, ttl_s: float) -> None:
        if answer is not None and sum(map(len, answer.records)) > MAX_CACHED_CHARS:
            return
        self._cache[key] = _Entry(answer, self._clock() + ttl_s)
        self._cache.move_to_end(key)
        while len(self._cache) > self._cache_size:
            self._cache.popitem(last=False)


def _is_queryable(name: str, rtype: str) -> bool:
    return rtype in RTYPES and name.isascii() and len(name) <= _MAX_NAME and _NAME.fullmatch(name) is not None


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
