"""Caching DNS resolver built on dnspython, with three outcomes: records, none, or TempFail.

A cache hit costs one dictionary lookup. Identical concurrent questions share one query. Failures are cached
for a short time, so that a dead domain costs one timeout and not one per mail. RFC 1035, 2308, 6840.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
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
import dns.rrset
from dns.rdatatype import RdataType

from gateway.auth.dns.octet_cache import OctetCache, cost_of
from gateway.auth.dns.resolver import Answer, TempFail
from gateway.auth.dns.txt_kinds import is_for_mail
from gateway.net.dns.presentation import presentation
from gateway.net.dns.upstream import Looped, MeasuredNameserver, Oversized
from gateway.net.dns.wire import MAX_ALIASES, MAX_WIRE_BYTES

MAX_TTL_S = 86_400
# RFC 2308 section 5: one to three hours is a sensible upper limit for negative answers.
MAX_NEGATIVE_TTL_S = 10_800
CACHE_BYTES = 8_388_608
# An oversized answer is cached, so that it is not queried again with every mail.
OVERSIZED_TTL_S = 300
# RFC 9715: larger UDP responses risk fragmentation.
UDP_PAYLOAD_BYTES = 1232
RTYPES = frozenset({"A", "AAAA", "MX", "PTR", "TXT"})
# RFC 1035 section 2.3.4: labels of 1 to 63 octets.
_NAME = re.compile(r"[^.]{1,63}(?:\.[^.]{1,63})*")
_MAX_NAME = 253


@dataclass(frozen=True, slots=True)
class _Entry:
    """A cache entry: `answer` is None for a failure, `expires_at` is in seconds of the clock."""

    answer: Answer | None
    expires_at: float


class DnsResolver:
    """Resolver that queries `nameservers` (addresses), or those of the system if None.

    `timeout_s` limits one try, `lifetime_s` a question with all its tries. A name that is not valid in DNS
    does not exist, and no query is sent. Use an instance in one event loop only. `questions` counts the cache
    misses, `failures` those of them without an answer.
    """

    def __init__(
        self,
        nameservers: Sequence[str] | None = None,
        port: int = 53,
        *,
        timeout_s: float = 3.0,
        lifetime_s: float = 4.5,
        cache_bytes: int = CACHE_BYTES,
        failure_ttl_s: float = 20.0,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._upstream = dns.asyncresolver.Resolver(configure=nameservers is None)
        addresses = self._upstream.nameservers if nameservers is None else nameservers
        self._upstream.nameservers = [MeasuredNameserver(str(address), port) for address in addresses]
        self._upstream.timeout = timeout_s
        self._upstream.lifetime = lifetime_s
        # RFC 6840 section 5.7: AD in a query requests AD in the response.
        self._upstream.set_flags(dns.flags.RD | dns.flags.AD)
        self._upstream.use_edns(0, 0, UDP_PAYLOAD_BYTES)
        self._trusted = all(_is_loopback(str(address)) for address in addresses)
        self._cache: OctetCache[tuple[str, str], _Entry] = OctetCache(cache_bytes)
        self._failure_ttl_s = failure_ttl_s
        self._clock = clock
        self.questions = self.failures = 0
        self._in_flight: dict[tuple[str, str], asyncio.Task[Answer | None]] = {}

    @classmethod
    def from_lifetime(cls, lifetime_s: float, nameservers: Sequence[str], port: int) -> DnsResolver:
        """Build a resolver from the total time for a question; no `nameservers` means those of the system.

        One try gets at most two thirds of that time, which leaves time for a second one.
        """
        return cls(nameservers or None, port, timeout_s=lifetime_s * 2 / 3, lifetime_s=lifetime_s)

    async def resolve(self, name: str, rtype: str) -> Answer:
        """Return the records of type `rtype` at `name`. Raises TempFail, and nothing else."""
        key = (name.lower().removesuffix("."), rtype)
        entry = self._cache.get(key)
        if entry is not None and entry.expires_at > self._clock():
            answer = entry.answer
        elif not _is_queryable(key[0], rtype):
            return Answer(exists=False)
        else:
            self.questions += 1
            answer = await self._resolve_shared(key)
            self.failures += answer is None
        if answer is None:
            raise TempFail(f"the DNS lookup failed for {rtype} {key[0]}")
        return answer

    def has_cached(self, questions: Iterable[tuple[str, str]]) -> bool:
        """Return whether all these (name, type) questions are cached."""
        now = self._clock()
        for name, rtype in questions:
            entry = self._cache.get((name.lower().removesuffix("."), rtype))
            if entry is None or entry.expires_at <= now:
                return False
        return True

    async def close(self) -> None:
        """Cancel the queries in progress; their callers get TempFail."""
        tasks = list(self._in_flight.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _resolve_shared(self, key: tuple[str, str]) -> Answer | None:
        """Join an identical query in progress, or start one.

        Cancelling one caller does not cancel the others.
        """
        task = self._in_flight.get(key)
        if task is None:
            task = asyncio.create_task(self._query(key))
            self._in_flight[key] = task
            task.add_done_callback(lambda _: self._in_flight.pop(key, None))
        await asyncio.wait((task,))
        return None if task.cancelled() else task.result()

    async def _query(self, key: tuple[str, str]) -> Answer | None:
        name, rtype = key
        answer: Answer | None
        try:
            found = await self._ask(_build_name(name), rtype)
            answer, ttl_s = self._parse_response(found.response, found)
        except dns.resolver.NXDOMAIN as nothing:
            answer, ttl_s = self._parse_nxdomain(nothing)
        except dns.resolver.NoNameservers:
            looped = await self._is_alias_loop(name)
            answer = Answer(looped=True) if looped else None
            ttl_s = OVERSIZED_TTL_S if looped else self._failure_ttl_s
        except Exception:  # timeout, SERVFAIL or malformed response: all mean no answer for now
            answer, ttl_s = None, self._failure_ttl_s
        self._cache_answer(key, answer, ttl_s)
        return answer

    async def _ask(self, name: dns.name.Name, rtype: str) -> dns.resolver.Answer:
        return await self._upstream.resolve(name, rtype, raise_on_no_answer=False, search=False)

    async def _is_alias_loop(self, text: str) -> bool:
        """Check for an alias loop, to which resolvers answer SERVFAIL and always will."""
        name, met = _build_name(text), set[dns.name.Name]()
        try:
            async with asyncio.timeout(self._upstream.lifetime):
                while name not in met and len(met) < MAX_ALIASES:
                    met.add(name)
                    found = await self._ask(name, "CNAME")
                    if found.rrset is None:
                        return isinstance(found.response, Looped)
                    name = found.rrset[0].target
        except Exception:  # as above: no answer for now, which proves nothing
            return False
        return True

    def _parse_response(
        self, response: dns.message.Message, found: dns.resolver.Answer
    ) -> tuple[Answer, float]:
        if isinstance(response, Oversized):
            return Answer(oversized=True, wire_bytes=MAX_WIRE_BYTES), OVERSIZED_TTL_S
        if isinstance(response, Looped):
            return Answer(looped=True), OVERSIZED_TTL_S
        records = tuple(_texts(found.rrset)) if found.rrset is not None else ()
        limit_s = MAX_TTL_S if records else MAX_NEGATIVE_TTL_S
        ttl_s = found.chaining_result.minimum_ttl
        answer = Answer(
            records,
            authenticated=self._is_authenticated(response),
            aliases=_list_aliases(found.chaining_result),
            wire_bytes=len(response.wire or b""),
        )
        return answer, min(ttl_s, limit_s)

    def _parse_nxdomain(self, error: dns.resolver.NXDOMAIN) -> tuple[Answer, float]:
        response = next(iter(error.kwargs["responses"].values()))
        chain = response.resolve_chaining()
        answer = Answer(
            exists=False,
            authenticated=self._is_authenticated(response),
            aliases=_list_aliases(chain),
        )
        return answer, min(chain.minimum_ttl, MAX_NEGATIVE_TTL_S)

    def _is_authenticated(self, response: dns.message.Message) -> bool:
        # RFC 6840 section 5.8: AD is meaningful only on a secure path to the resolver.
        return self._trusted and bool(response.flags & dns.flags.AD)

    def _cache_answer(self, key: tuple[str, str], answer: Answer | None, ttl_s: float) -> None:
        texts = (*answer.records, *answer.aliases) if answer is not None else ()
        self._cache.put(key, _Entry(answer, self._clock() + ttl_s), cost_of((key[0], *texts)))


def _build_name(text: str) -> dns.name.Name:
    """Build a name from labels, because parsing text would interpret backslashes and "@"."""
    return dns.name.Name([*(label.encode("ascii") for label in text.split(".")), b""])


def _list_aliases(chain: dns.message.ChainingResult) -> tuple[str, ...]:
    """Return the target of each CNAME in the answer, in order."""
    return tuple(rdata.target.to_text(omit_final_dot=True).lower() for link in chain.cnames for rdata in link)


def _is_queryable(name: str, rtype: str) -> bool:
    return rtype in RTYPES and name.isascii() and len(name) <= _MAX_NAME and _NAME.fullmatch(name) is not None


def _texts(rrset: dns.rrset.RRset) -> Iterator[str]:
    """Yield records in presentation format; skip TXT records that mail authentication does not use."""
    texts = map(presentation, rrset)
    return filter(is_for_mail, texts) if rrset.rdtype is RdataType.TXT else texts


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
