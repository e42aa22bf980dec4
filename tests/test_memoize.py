"""Caches: registered, counted, bounded by octets, and emptied together."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from gateway import memoize
from gateway.auth.dns.public_suffix import load_suffix_list
from gateway.mail.address import is_domain
from tests.support.paths import ROOT


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """A cache of this test, and what its function was asked."""
    before = dict(memoize._CACHES)
    yield []
    memoize._CACHES.clear()
    memoize._CACHES.update(before)


def measured(asked: list[str]) -> memoize.Cache:
    @memoize.memoize(maxsize=2, max_key=3, why="a test")
    def size(text: str) -> int:
        """How long it is."""
        asked.append(text)
        return len(text)

    (found,) = (cache for cache in memoize.list_caches() if cache.call is size)
    return found


def test_a_result_is_worked_out_once_and_counted(asked: list[str]) -> None:
    cache = measured(asked)
    assert [1, 1] == [cache.call("a"), cache.call("a")]
    assert ["a"] == asked
    assert memoize.CacheFigures(cache.name, entries=1, maxsize=2, hits=1, misses=1) == cache.figures()
    assert cache.figures() in memoize.read_cache_figures()
    assert "How long it is." == cache.call.__doc__


def test_a_long_text_is_worked_out_anew_each_time_and_not_held(asked: list[str]) -> None:
    cache = measured(asked)
    assert [4, 4, 3, 3] == [cache.call(text) for text in ("abcd", "abcd", "abc", "abc")]
    assert ["abcd", "abcd", "abc"] == asked
    assert 1 == cache.figures().entries


def test_the_oldest_results_make_room(asked: list[str]) -> None:
    cache = measured(asked)
    for text in ("a", "b", "c", "a"):
        cache.call(text)
    assert ["a", "b", "c", "a"] == asked
    assert 2 == cache.figures().entries


def test_all_are_emptied_together_and_what_is_made_once_stays_where_asked() -> None:
    is_domain("city.mihon.lg.jp")
    suffixes = load_suffix_list()
    memoize.clear_all(made_once=False)
    held = {cache.name: cache.entries for cache in memoize.read_cache_figures()}
    assert (0, 1) == (held["mail.address.is_domain"], held["auth.dns.public_suffix.load_suffix_list"])
    assert suffixes is load_suffix_list()
    memoize.clear_all()
    assert not any(cache.entries for cache in memoize.read_cache_figures())


def test_no_module_has_a_cache_of_its_own() -> None:
    pattern = re.compile(r"functools.*\b(lru_cache|cache)\b|functools\.(lru_cache|cache)\b")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "gateway").rglob("*.py")
        if pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert ["gateway/memoize.py"] == found
