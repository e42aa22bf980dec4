"""Checks SPF (RFC 7208) with the library spftrace over our own resolver.

Without a resolver, the library queries a public DNS server, so it always gets the adapter below.
"""

from __future__ import annotations

import spftrace

from gateway.auth.dns.resolver import Answer, Resolver, TempFail
from gateway.auth.results import Result, Spf
from gateway.auth.spf import coverage
from gateway.auth.spf.cache import CACHE_BYTES, SpfCache
from gateway.mail.address import Address, is_domain

TIME_LIMIT_S = 18.0
# Ten terms can make eleven queries each; no honest record needs that many.
MAX_QUERIES = 75
# RFC 7208 section 3.4 recommends records that fit into one datagram; a longer one only costs time.
MAX_RECORD_CHARS = 16_384

# An organisation sends through a few servers, so that successive mails make the same queries.
_CACHE = SpfCache(CACHE_BYTES)
_LIMITS = spftrace.Limits(time_limit=TIME_LIMIT_S, max_queries=MAX_QUERIES)  # copied for each evaluation


class _PassPath(spftrace.Trace):
    """A trace that keeps only the other domains that listed the client.

    The remaining steps would take a third of the time and are never shown.
    """

    def __init__(self) -> None:
        super().__init__()
        self.named: list[_Named] = []
        self._begun: list[int] = []
        self._target = ""

    def add(self, kind: str, **facts: object) -> spftrace.Event:
        match kind:
            case "macro_expand":
                self._target = str(facts.get("after", ""))
            case "mech_match" if (mechanism := facts.get("mechanism")) in _NAMING:
                self.named.append((self._target, mechanism == "mx"))
            case "recurse_in":
                self._begun.append(len(self.named))
            case "recurse_out":
                self._leave(str(facts.get("domain", "")), passed=facts.get("result") == Result.PASS)
        return _NO_EVENT

    def _leave(self, domain: str, *, passed: bool) -> None:
        begun = self._begun.pop()
        if passed:
            self.named.append((domain, False))
        else:
            del self.named[begun:]


# A domain that listed the client, and whether by its MX hosts.
_Named = tuple[str, bool]
# Mechanisms that can list the hosts of another domain (RFC 7208 section 5).
_NAMING = frozenset({"a", "mx", "exists", "ptr"})


_NO_EVENT = spftrace.Event("", 0, 0.0)


class _NoExplanation(spftrace.Evaluator):
    """An evaluator that does not look up exp=, because its text comes from a stranger and is never shown."""

    path: _PassPath

    def _begin(self) -> None:
        super()._begin()
        self.trace = self.session.trace = self.path = _PassPath()

    async def _explanation(self, *_: object) -> None:
        return None


class _Adapter(spftrace.BaseResolver):
    """Adapts our three DNS outcomes to the library.

    `asked` are the queries with their answers. `failed` says that one was not answered, `fault` why one was
    unusable.
    """

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self.asked: list[tuple[str, str, Answer]] = []
        self.failed = False
        self.fault = ""

    async def _lookup(self, name: str, rtype: str) -> tuple[str, list[str]]:
        try:
            answer = await self._resolver.resolve(name, rtype)
        except TempFail:
            self.failed = True
            return "SERVFAIL", []
        self.asked.append((name, rtype, answer))
        self.fault = self.fault or answer.fault
        records = [record for record in answer.records if len(record) <= MAX_RECORD_CHARS]
        if rtype == "MX":
            # The library expects only the host names; their order does not matter to it.
            records = [record.partition(" ")[2] for record in records]
        return ("NOERROR" if answer.exists else "NXDOMAIN"), records


async def check(client_ip: str, reverse_path: Address | None, helo: str, resolver: Resolver) -> Spf:
    """Check MAIL FROM, or `postmaster@helo` for the null reverse-path (RFC 7208 section 2.4).

    `client_ip` is an address in text form; empty if a relay does not know it. Never raises, whatever the
    client or DNS says.
    """
    if not client_ip:
        domain = reverse_path.domain if reverse_path else ""
        return Spf(Result.NONE, domain, "mailfrom" if domain else "helo", "the client's address is unknown")
    if reverse_path is not None:
        return await evaluate(client_ip, str(reverse_path), helo, resolver)
    name = helo.lower().removesuffix(".")
    if not is_domain(name):
        return Spf(Result.NONE, "", "helo", "HELO does not contain a domain name")
    return await evaluate(client_ip, f"postmaster@{name}", name, resolver, "helo")


async def allows_everybody(
    client_ip: str, reverse_path: Address | None, helo: str, resolver: Resolver
) -> bool:
    """Return whether the pass proves nothing, because the record permits nearly everybody.

    An address that no client has would pass as well, as with `+all`, or the record lists more addresses than
    any sender has (`coverage`).
    """
    # Deviates from RFC 7208 section 2.6.3: an SPF pass does not count as authentication if the record
    # authorises every host, or more address space than any sender uses.
    nobody = "100::1" if ":" in client_ip else "240.0.0.1"  # RFC 6666; RFC 1112 section 4
    found = await check(nobody, reverse_path, helo, resolver)
    return found.result is Result.PASS or await coverage.is_too_wide(found.domain, resolver)


async def evaluate(
    client_ip: str, sender: str, helo: str, resolver: Resolver, identity: str = "mailfrom"
) -> Spf:
    """Run check_host() of RFC 7208 section 4 for `sender` in text form."""
    domain = sender.rpartition("@")[2].lower()
    key = (client_ip, domain, helo, identity)
    if is_domain(domain) and (known := await _CACHE.get(key, resolver)) is not None:
        return known
    adapter = _Adapter(resolver)
    try:
        evaluator = _NoExplanation(adapter, _LIMITS, receiver="unknown")
        result = Result((await evaluator.evaluate(client_ip, sender, helo)).result)
    except Exception as error:  # every hostile record must give a result, also an unforeseen one
        return Spf(Result.PERMERROR, domain, identity, f"cannot be evaluated ({type(error).__name__})")
    if adapter.fault:
        return Spf(Result.PERMERROR, domain, identity, adapter.fault)
    if result is Result.PASS:
        spf = Spf(result, domain, identity, through=_name_others(evaluator.path.named, adapter.asked, domain))
    else:
        spf = Spf(result, domain, identity, _REASONS[result])
    if is_domain(domain) and not adapter.failed:
        _CACHE.put(key, spf, adapter.asked)
    return spf


def _name_others(named: list[_Named], asked: list[tuple[str, str, Answer]], own: str) -> tuple[str, ...]:
    """Return the domains other than `own` that listed the client, and the targets of their CNAMEs and MX.

    They matter because a name in the domain that is an alias of a provider's name lists the provider's hosts.
    """
    found: dict[str, None] = {}
    for domain, by_exchange in ((own, False), *named):
        name = _fold_name(domain)
        answers = [(rtype, answer) for asked_name, rtype, answer in asked if _fold_name(asked_name) == name]
        led = [alias for _, answer in answers for alias in answer.aliases]
        hosts = [
            host.partition(" ")[2] for rtype, answer in answers if rtype == "MX" for host in answer.records
        ]
        found |= dict.fromkeys(map(_fold_name, (name, *led, *(hosts if by_exchange else ()))))
    return tuple(name for name in found if name != own)


def _fold_name(name: str) -> str:
    return name.lower().removesuffix(".")


_REASONS = {
    Result.NONE: "the domain has no SPF record",
    Result.NEUTRAL: "the SPF record makes no statement about this client",
    Result.FAIL: "the SPF record does not authorise this client",
    Result.SOFTFAIL: "the SPF record probably does not authorise this client",
    Result.TEMPERROR: "DNS lookup of the SPF record failed",
    Result.PERMERROR: "the SPF record is not valid",
}
