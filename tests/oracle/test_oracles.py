"""Generated messages judged by us, by dkimpy and by mailauth: no difference without an explanation."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import cache, wraps
from typing import Any

import pytest

from tests.oracle import explanations
from tests.oracle.generate import Case, cases
from tests.oracle.judges import HAS_NACL, HERE, INSTALL, Ours, by_dkimpy, by_mailauth, ours, word
from tests.suites.cache import missing

SEED, COUNT = 2026, 1500
DESCRIBED = frozenset(re.findall(r"^## (.+)$", (HERE / "differences.md").read_text("utf-8"), re.MULTILINE))


Compared = tuple[Counter[str], list[str]]  # named differences with their counts, and those without a name
Compare = Callable[[], Awaitable[Compared]]


@cache
def generated() -> list[Case]:
    return cases(SEED, COUNT)


@cache
def mailauth() -> dict[int, Any]:
    if shutil.which("node") is None:
        pytest.skip("node is not here, so mailauth cannot be asked")
    if not (HERE / "node_modules" / "mailauth").is_dir():
        missing("mailauth", INSTALL)
    return by_mailauth(generated())


def explained(found: Counter[str], unexplained: list[str]) -> None:
    """Print the counts, and fail on what nobody can explain or describes."""
    print(f"{COUNT} messages, differences: {dict(found) or 'none'}")  # noqa: T201 - the count is the result
    assert [] == unexplained
    assert set(found) <= DESCRIBED


def once(compare: Compare) -> Compare:
    """A comparison that is made once: two tests look at its result."""
    results: list[Compared] = []

    @wraps(compare)
    async def call() -> Compared:
        if not results:
            results.append(await compare())
        return results[0]

    return call


JUDGED: dict[int, Ours] = {}


async def judged(case: Case) -> Ours:
    """Our own opinion of a message, formed once."""
    if case.number not in JUDGED:
        JUDGED[case.number] = await ours(case)
    return JUDGED[case.number]


@once
async def compare_dkimpy() -> Compared:
    """Named differences with their counts, and those without a name."""
    found: Counter[str] = Counter()
    unexplained = []
    for case in generated():
        if "ed25519" in case.traits and not HAS_NACL:
            continue
        mine = await judged(case)
        for one, other in zip(mine.dkim, by_dkimpy(case), strict=True):
            if (word(one.result) == "pass") == other:
                continue
            name = explanations.dkim_by_dkimpy(case, one, other)
            found[name] += 1
            if not name:
                unexplained.append(f"{case.number}: {one} / {other} {sorted(case.traits)}")
    return found, unexplained


@once
async def compare_mailauth_dkim() -> Compared:
    """As above."""
    found: Counter[str] = Counter()
    unexplained = []
    for case in generated():
        mine, answer = await judged(case), mailauth()[case.number]
        for one, other in zip(mine.dkim, answer["dkim"], strict=True):
            if word(one.result) == word(other["result"]):
                continue
            name = explanations.dkim_by_mailauth(case, one, word(other["result"]))
            found[name] += 1
            if not name:
                unexplained.append(f"{case.number}: {one} / {other} {sorted(case.traits)}")
    return found, unexplained


@once
async def compare_mailauth_dmarc() -> Compared:
    """From the same DKIM results, so that a difference there is not counted twice; policies too."""
    found: Counter[str] = Counter()
    unexplained = []
    for case in generated():
        answer = mailauth()[case.number]
        mine = await ours(case, answer["dkim"])
        same = mine.dmarc.result == answer["dmarc"]
        if same and (answer["dmarc"] not in {"pass", "fail"} or mine.dmarc.policy == answer["policy"]):
            continue
        name = explanations.dmarc_by_mailauth(case, mine, answer["dmarc"]) if not same else ""
        found[name] += 1
        if not name:
            unexplained.append(f"{case.number}: {mine.dmarc} / {answer} {case.dns} {case.failing}")
    return found, unexplained


async def test_dkimpy_passes_the_same_signatures() -> None:
    explained(*(await compare_dkimpy()))


async def test_mailauth_passes_the_same_signatures() -> None:
    explained(*(await compare_mailauth_dkim()))


async def test_mailauth_gives_the_same_dmarc_results() -> None:
    explained(*(await compare_mailauth_dmarc()))


async def test_mailauth_gives_the_same_spf_results() -> None:
    differences = []
    for case in generated():
        mine, answer = await judged(case), mailauth()[case.number]
        if mine.spf.result != answer["spf"]:
            differences.append(f"{case.number}: {mine.spf} / {answer['spf']}")
    explained(Counter(), differences)


async def test_every_described_difference_still_exists() -> None:
    if not HAS_NACL:
        missing("PyNaCl", "pip install pynacl")
    compared = [await compare_dkimpy(), await compare_mailauth_dkim(), await compare_mailauth_dmarc()]
    assert DESCRIBED == {name for found, _ in compared for name in found}
