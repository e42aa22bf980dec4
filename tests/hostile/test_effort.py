"""Bounded time by structure: the steps of a reader grow as its input does, and no pattern backtracks.

Steps are lines of Python, counted; what happens inside a pattern or another function in C is measured by
`tests/bench/worst.py`. The clock of the machine decides nothing here.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from re import _constants as codes
from re import _parser as parser
from types import FrameType
from typing import Any

import pytest

import gateway
from gateway.patterns import LazyPattern
from tests.bench.readers import ATOMS, DECLARED, READERS, Reader

FEW, MANY = 1_500, 6_000
PIECES = ATOMS[::7]


class Steps:
    """How many lines of Python a call runs."""

    def __init__(self) -> None:
        self.count = 0

    def _line(self, _frame: FrameType, event: str, _arg: object) -> Any:
        self.count += event == "line"
        return self._line

    def of(self, reader: Reader, value: bytes) -> int:
        """Run it once."""
        self.count = 0
        before = sys.gettrace()
        sys.settrace(self._line)
        try:
            with suppress(*DECLARED):
                reader.call(value)
        finally:
            sys.settrace(before)
        return self.count


@pytest.mark.parametrize("name", READERS)
def test_four_times_the_input_costs_at_most_four_times_the_steps(name: str) -> None:
    reader, steps = READERS[name], Steps()
    steps.of(reader, b"x")  # what is made once, at the first call
    for piece in PIECES:
        octets = piece.encode("utf-8")
        few, many = (
            steps.of(reader, reader.starts[-1] + octets * (size // len(octets))) for size in (FEW, MANY)
        )
        # A short text may be let off at once, for instance as a drawn line: then a few steps an octet.
        assert many <= max(4.4 * few, 8 * MANY), piece


# Patterns in which a repetition stands inside another, and why that is no danger.
NESTED = {
    "gateway.settings.database_url._DATABASE": "each round takes a comma, which the inner ones do not",
    "gateway.printing.statement._DOMAIN": "each round takes a dot, which the inner one does not",
    "gateway.mail.mime.content._FRAME": "each round takes a line, and lines begin in different ways",
    "gateway.admission.replies.context._NAME": "each round needs a letter, values are 64 signs long",
    "gateway.mail.address._ADDR_SPEC": "each round of the outer one takes a dot, which the inner ones do not",
    "gateway.mail.address._DOMAIN": "as above",
    "gateway.net.dns.resolver._NAME": "as above",
    "gateway.net.smtp.protocol.syntax._HELO_DOMAIN": "as above",
    "gateway.admission.intake.confidentiality._MARK": "lines of up to 80 characters",
    "gateway.admission.application.consent.around.subject._REPLY": "each round takes a colon; 200 characters",
    "gateway.admission.application.consent.around.subject._BODY_EN": "each round takes a blank; as above",
}
MANY_TIMES = 20
REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT)  # a possessive one never comes back


def patterns() -> Iterator[tuple[str, re.Pattern[Any] | LazyPattern]]:
    """Every pattern of the package by the name of its variable."""
    for module in pkgutil.walk_packages(gateway.__path__, "gateway."):
        if module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            held = list(value.values()) if isinstance(value, dict) else value
            values = held if isinstance(held, tuple | list) else [held]
            yield from (
                (f"{module.name}.{name}", one) for one in values if isinstance(one, re.Pattern | LazyPattern)
            )


def inner(op: Any, argument: Any) -> list[Any]:
    """The parts of a pattern that stand inside one of its elements."""
    if op in {*REPEATS, codes.POSSESSIVE_REPEAT}:
        return [argument[2]]
    if op is codes.SUBPATTERN:
        return [argument[3]]
    if op is codes.BRANCH:
        return list(argument[1])
    if op in {codes.ASSERT, codes.ASSERT_NOT}:
        return [argument[1]]
    return [argument] if op is codes.ATOMIC_GROUP else []


def repeats(tree: Any, *, inside: bool = False) -> bool:
    """Whether a long repetition stands (`inside`: anywhere here; else inside another one)."""
    for op, argument in tree:
        long = op in REPEATS and argument[1] >= MANY_TIMES
        if long and (inside or repeats(argument[2], inside=True)):
            return True
        if any(repeats(part, inside=inside) for part in inner(op, argument)):
            return True
    return False


def test_no_pattern_repeats_inside_a_repetition_but_those_that_say_why() -> None:
    found = {name for name, pattern in patterns() if repeats(parser.parse(pattern.pattern, pattern.flags))}
    assert set(NESTED) == found


def is_one_character(tree: Any) -> bool:
    """Whether a part of a pattern is a character, or a class of them."""
    return len(tree) == 1 and tree[0][0] in {codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY}


def takes_a_group_for_good(tree: Any) -> bool:
    """Whether a group is repeated possessively or atomic; a single character may be."""
    for op, argument in tree:
        if op is codes.ATOMIC_GROUP:
            return True
        if op is codes.POSSESSIVE_REPEAT and not is_one_character(argument[2]):
            return True
        if any(takes_a_group_for_good(part) for part in inner(op, argument)):
            return True
    return False


def test_no_pattern_takes_a_group_for_good() -> None:
    """Python before 3.11.5, which Debian 12 has, matches some of these wrongly (gh-106052)."""
    found = {
        name
        for name, pattern in patterns()
        if takes_a_group_for_good(parser.parse(pattern.pattern, pattern.flags))
    }
    assert set() == found


def test_the_judge_of_patterns_sees_a_dangerous_one() -> None:
    assert repeats(parser.parse(r"(?:a+)+b"))
    assert repeats(parser.parse(r"(?:a|b{0,50}c)*"))
    assert not repeats(parser.parse(r"(?:a+)++b|a+b+|(?:a{1,3}b)*"))
    assert takes_a_group_for_good(parser.parse(r"x(?:a|bc)*+"))
    assert takes_a_group_for_good(parser.parse(r"(?:x|(?:ab)?+)"))
    assert takes_a_group_for_good(parser.parse(r"a(?>b)"))
    assert not takes_a_group_for_good(parser.parse(r"\s*+[ab]++(?:ab)*"))
