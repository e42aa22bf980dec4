"""SPF results that are taken again: only for the same question, only while DNS says the same."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from gateway.auth.dns.octet_cache import cost_of
from gateway.auth.dns.resolver import Answer
from gateway.auth.results import Result, Spf
from gateway.auth.spf import cache, check
from tests.support.dns import ZoneResolver

IN, OUT = "203.0.113.9", "198.51.100.1"


class Cached(ZoneResolver):
    """A zone whose answers are all at hand; without `at_hand`, none is."""

    at_hand = True

    def has_cached(self, questions: Iterable[tuple[str, str]]) -> bool:
        return self.at_hand


class Counted:
    """Counts evaluations by the library."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        evaluate = check._NoExplanation.evaluate

        async def counted(evaluator: check._NoExplanation, ip: str, sender: str, helo: str = "") -> object:
            self.count += 1
            return await evaluate(evaluator, ip, sender, helo)

        monkeypatch.setattr(check._NoExplanation, "evaluate", counted)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    monkeypatch.setattr(check, "_CACHE", cache.SpfCache(100_000))
    return Counted(monkeypatch)


async def ask(
    zone: ZoneResolver, ip: str = IN, sender: str = "rei@a.example", helo: str = "mta.example"
) -> str:
    return (await check.evaluate(ip, sender, helo, zone)).result.value


@pytest.mark.parametrize(
    "zone",
    [
        "a.example TXT v=spf1 ip4:203.0.113.0/24 -all",
        "a.example TXT v=spf1 ?all",
        "a.example TXT v=spf1 ip4:999 -all",
        "a.example TXT nothing of the kind",
        "a.example TXT v=spf1 include:b.example mx -all\nb.example TXT v=spf1 exists:%{i}.b.example ~all",
    ],
)
async def test_the_same_question_is_worked_out_once(zone: str, counted: Counted) -> None:
    resolver = Cached(zone)
    first = await check.evaluate(IN, "rei@a.example", "mta.example", resolver)
    asked = list(resolver.queries)
    assert first == await check.evaluate(IN, "ai@a.example", "mta.example", resolver)
    assert asked * 2 == resolver.queries
    assert 1 == counted.count


async def test_another_client_is_another_question(counted: Counted) -> None:
    zone = Cached("a.example TXT v=spf1 ip4:203.0.113.0/24 -all")
    assert ["pass", "fail"] == [await ask(zone, IN), await ask(zone, OUT)]
    assert 2 == counted.count


async def test_another_helo_and_domain_are_other_questions(counted: Counted) -> None:
    zone = Cached("a.example TXT v=spf1 exists:%{h} -all\nb.example TXT v=spf1 +all\nmta.example A 192.0.2.1")
    assert ["pass", "fail"] == [await ask(zone), await ask(zone, helo="other.example")]
    assert "pass" == await ask(zone, sender="rei@b.example")


@pytest.mark.parametrize("macro", ["%{l}", "%{L}", "%{l1r-}", "%{s}", "%{S}"])
async def test_a_record_that_looks_at_the_local_part_is_read_each_time(macro: str, counted: Counted) -> None:
    zone = Cached(f"a.example TXT v=spf1 exists:{macro}.a.example -all\nrei.a.example A 192.0.2.1")
    zone.add("rei@a.example.a.example", "A", "192.0.2.1")
    zone.add("rei%40a.example.a.example", "A", "192.0.2.1")
    answers = [await ask(zone, sender=sender) for sender in ("rei@a.example", "ai@a.example")]
    assert ["pass", "fail"] == answers
    assert 2 == counted.count


async def test_a_changed_record_counts_at_once(counted: Counted) -> None:
    zone = Cached("a.example TXT v=spf1 include:b.example -all\nb.example TXT v=spf1 +all")
    assert "pass" == await ask(zone)
    zone.remove("b.example", "TXT")
    assert "permerror" == await ask(zone)
    zone.add("b.example", "TXT", "v=spf1 -all")
    assert "fail" == await ask(zone)


async def test_no_answer_is_never_remembered_nor_replaced_by_memory(counted: Counted) -> None:
    zone = Cached("a.example TXT v=spf1 ptr include:b.example -all\nb.example TXT v=spf1 +all")
    zone.add("9.113.0.203.in-addr.arpa", "TEMPFAIL")
    assert ["pass", "pass"] == [await ask(zone), await ask(zone)]
    assert 2 == counted.count  # `ptr` goes on without an answer, but one may come
    zone.remove("9.113.0.203.in-addr.arpa", "TEMPFAIL")
    assert "pass" == await ask(zone)
    zone.add("b.example", "TEMPFAIL")
    assert "temperror" == await ask(zone)


async def test_answers_that_must_be_waited_for_are_worked_out_under_the_time_limit(counted: Counted) -> None:
    zone = Cached("a.example TXT v=spf1 +all")
    await ask(zone)
    zone.at_hand = False
    await ask(zone)
    assert 2 == counted.count


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ([("a.example", "A", Answer())] * cache.MAX_ANSWERS, True),
        ([("a.example", "A", Answer())] * (cache.MAX_ANSWERS + 1), False),
        ([("a.example", "TXT", Answer(("x" * cache.MAX_CHARS,)))], True),
        ([("a.example", "TXT", Answer(("x" * cache.MAX_CHARS, "x")))], False),
    ],
)
async def test_long_evaluations_are_not_kept(asked: list[tuple[str, str, Answer]], kept: bool) -> None:
    memory, result = cache.SpfCache(100_000), Spf(Result.PASS, "a.example")
    zone = Cached("a.example AAAA 2001:db8::1")
    for record in asked[0][2].records:
        zone.add("a.example", "TXT", record)
    memory.put(("k",), result, asked)
    assert (result if kept else None) == await memory.get(("k",), zone)


async def test_the_oldest_results_are_dropped() -> None:
    memory, zone = cache.SpfCache(2 * cost_of(["a"])), Cached()
    for key in "abc":
        memory.put((key,), Spf(Result.NONE, key), [])
    found = [await memory.get((key,), zone) for key in "abc"]
    assert [None, Spf(Result.NONE, "b"), Spf(Result.NONE, "c")] == found
