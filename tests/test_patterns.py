"""Patterns that are compiled when they are first used: as compiled ones, and all that read text are such."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.patterns import LazyPattern, compile_later
from tests.support.paths import ROOT

TEXT = st.text(alphabet="aあ1 \n")


@given(TEXT)
def test_it_finds_what_a_compiled_one_finds(text: str) -> None:
    pattern, flags = r"(?P<word>[aあ]+)1?", re.IGNORECASE
    later, now = compile_later(pattern, flags), re.compile(pattern, flags)
    assert [one.span("word") for one in now.finditer(text)] == [
        one.span("word") for one in later.finditer(text)
    ]
    for find in ("search", "match", "fullmatch"):
        one, other = getattr(later, find)(text), getattr(now, find)(text)
        assert (one and one.span()) == (other and other.span())
    assert now.sub("-", text) == later.sub("-", text)
    assert now.split(text) == later.split(text)


def test_it_is_compiled_at_its_first_use_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_now = re.compile

    def compile_and_note(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(pattern)
        return compile_now(pattern, flags)

    monkeypatch.setattr(re, "compile", compile_and_note)
    pattern = compile_later("a+")
    assert ("a+", 0, []) == (pattern.pattern, pattern.flags, compiled)
    assert pattern.search("baa") is not None
    assert pattern.fullmatch("b") is None
    assert ["a+"] == compiled


def test_it_can_be_told_from_others_before_and_after_its_first_use() -> None:
    pattern = compile_later("a")
    before = type(cast("object", pattern))
    assert pattern.search("a") is not None
    assert (True, LazyPattern) == (issubclass(before, LazyPattern), type(cast("object", pattern)))


def test_an_error_in_it_is_raised_at_its_first_use() -> None:
    with pytest.raises(re.error, match="missing"):
        compile_later("(").search("a")


def test_it_has_nothing_that_a_pattern_has_not() -> None:
    with pytest.raises(AttributeError, match="unknown"):
        cast("Any", compile_later("a")).unknown  # noqa: B018 - it raises


def compiled_on_import(source: str) -> Iterator[int]:
    """The lines outside of functions and classes that compile a pattern."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            calls = (each for each in ast.walk(statement) if isinstance(each, ast.Call))
            yield from (call.lineno for call in calls if "re.compile" == ast.unparse(call.func))


def test_no_module_that_reads_text_compiles_its_patterns_when_it_is_imported() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in (ROOT / "gateway" / "admission").rglob("*.py")
        for line in compiled_on_import(path.read_text(encoding="utf-8"))
    ]
    assert [] == found


def test_the_search_for_such_modules_finds_one() -> None:
    assert [2] == list(
        compiled_on_import("import re\n_A = re.compile('a')\ndef f():\n    return re.compile('b')\n")
    )


def asked_for_their_pattern(source: str) -> list[int]:
    """The lines that ask a match for its pattern, which is the compiled one and no other."""
    found = (each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Attribute))
    return [each.lineno for each in found if "re" == each.attr]


def test_no_match_is_asked_for_its_pattern() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in (ROOT / "gateway").rglob("*.py")
        for line in asked_for_their_pattern(path.read_text(encoding="utf-8"))
    ]
    assert [] == found


def test_the_search_for_such_lines_finds_one() -> None:
    assert [2] == asked_for_their_pattern("import re\nsame = found.re is _A\nre.compile('a')\n")
