"""The official SPF test suite, each case through real DNS on loopback, and all of them at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from gateway.auth.dns.resolver import Resolver
from gateway.net.dns.resolver import DnsResolver
from gateway.net.dns.server import serve
from gateway.net.dns.zone import Zone
from tests.auth.spf.spf_suite import Case, load, run
from tests.suites.cache import missing

CASES, ZONES = load()
NUMBER_OF_CASES = 203


@asynccontextmanager
async def dns(zone: Zone) -> AsyncIterator[Resolver]:
    server = await serve(zone)
    resolver = DnsResolver([server.host], server.port)
    try:
        yield resolver
    finally:
        await resolver.close()
        await server.close()


@pytest.mark.parametrize("case", CASES or [None], ids=lambda case: case.name if case else "suite")
async def test_the_official_suite(case: Case | None) -> None:
    if case is None:
        missing("the SPF suite")
    async with dns(ZONES[case.scenario]) as resolver:
        got, again = await run(case, resolver), await run(case, resolver)
    assert got.result.value in case.results, got.reason
    assert got == again


async def test_all_cases_at_once_share_one_resolver_for_each_zone() -> None:
    """Three rounds side by side: what one check learns or counts must not leak into another."""
    if not CASES:
        missing("the SPF suite")
    assert NUMBER_OF_CASES == len(CASES)
    wrong: list[str] = []
    for number, zone in enumerate(ZONES):
        cases = [case for case in CASES if case.scenario == number] * 3
        async with dns(zone) as resolver:
            results = await asyncio.gather(*(run(case, resolver) for case in cases))
        wrong += [
            f"{case.name}: {got.result}"
            for case, got in zip(cases, results, strict=True)
            if got.result.value not in case.results
        ]
    assert [] == wrong
