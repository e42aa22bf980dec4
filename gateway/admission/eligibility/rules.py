"""The office's table of corner cases: conditions on domain, form and code give flags for the staff.

Pure: the text of `config/eligibility.toml` comes in. A rule never decides; it says what to look at, may hint
at the category, and may hold the text that the staff are offered when they decline.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NoReturn

from gateway.admission.application.values import Category
from gateway.admission.organisations import domains
from gateway.admission.organisations.codes import CodeKind
from gateway.admission.organisations.register import fold_name

MAX_RULES = 500
MAX_PATTERNS = 500
MAX_TEXT = 2_000


class RuleError(ValueError):
    """The table cannot be used; the message names key, value and what is allowed."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What the rules look at. `domain` is the mail domain as A-labels, `domain_class` and `code_kind` the
    words of `DomainKind` and `CodeKind`; the rest is as the applicant wrote it."""

    domain: str
    domain_class: str
    local_part: str = ""
    organisation: str = ""
    department: str = ""
    title: str = ""
    code_kind: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """All keys that are given must hold; of a key's patterns one must. No key: never holds."""

    patterns: Mapping[str, tuple[str, ...]]
    _tests: tuple[tuple[str, Callable[[str], object]], ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        tests = tuple((key, _build_matcher(key, those)) for key, those in self.patterns.items())
        object.__setattr__(self, "_tests", tests)

    @property
    def keys(self) -> Set[str]:
        """What it looks at."""
        return self.patterns.keys()

    def is_met(self, seen: Mapping[str, str]) -> bool:
        """Whether what is seen of a subject, by key, meets the condition."""
        for key, test in self._tests:
            if not test(seen[key]):
                return False
        return bool(self._tests)

    def met_keys(self, seen: Mapping[str, str]) -> Set[str]:
        """The keys of which one pattern fits."""
        return {key for key, test in self._tests if test(seen[key])}


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: it fires when `when` holds and `unless` does not."""

    name: str
    when: Condition
    unless: Condition
    flag: str
    category: str = ""
    decline: str = ""

    def is_triggered(self, seen: Mapping[str, str]) -> bool:
        """Whether the staff should hear of a subject of which this is seen, by key."""
        return self.when.is_met(seen) and not self.unless.is_met(seen)


@dataclass(frozen=True, slots=True)
class RuleTable:
    """The rules in the order of the file."""

    rules: tuple[Rule, ...] = ()
    _any: Condition = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        patterns: dict[str, tuple[str, ...]] = {}
        for rule in self.rules:
            for key, those in rule.when.patterns.items():
                patterns[key] = patterns.get(key, ()) + those
        object.__setattr__(self, "_any", Condition(patterns))

    def triggered_rules(self, subject: Subject) -> tuple[Rule, ...]:
        """The rules that fire, in their order."""
        seen = _folded_values(subject)
        # Few subjects meet any pattern: asking for those of all rules at once spares asking every rule, which
        # takes one hundredth of the work for a mail with the rules we ship, and more with each rule of yours.
        met = self._any.met_keys(seen)
        if not met:
            return ()
        return tuple(rule for rule in self.rules if rule.when.keys <= met and rule.is_triggered(seen))

    def ask_every_rule(self, subject: Subject) -> tuple[Rule, ...]:
        """The same without a look at all patterns at once."""
        seen = _folded_values(subject)
        return tuple(rule for rule in self.rules if rule.is_triggered(seen))


NO_RULES = RuleTable()


# --- matching ---------------------------------------------------------------------------------

_CHOICES: Mapping[str, frozenset[str]] = {
    "class": frozenset(kind.value for kind in domains.DomainKind),
    "code_kind": frozenset(kind.value for kind in CodeKind if kind.value),
}
# `text` looks at department and title together, `anywhere` at the organisation as well.
KEYS = (*_CHOICES, "domain", "local_part", "organisation", "department", "title", "text", "anywhere")


def _folded_values(subject: Subject) -> dict[str, str]:
    """What the conditions look at, by key; the texts folded, each on a line of its own."""
    organisation, department = fold_name(subject.organisation), fold_name(subject.department)
    title = fold_name(subject.title)
    text = f"{department}\n{title}"
    return {
        "class": subject.domain_class,
        "code_kind": subject.code_kind,
        "domain": subject.domain,
        "local_part": fold_name(subject.local_part),
        "organisation": organisation,
        "department": department,
        "title": title,
        "text": text,
        "anywhere": f"{organisation}\n{text}",
    }


def _build_matcher(key: str, patterns: tuple[str, ...]) -> Callable[[str], object]:
    """Whether one of the patterns fits, ready to be asked for every mail."""
    if key in _CHOICES:
        return frozenset(patterns).__contains__
    if key == "domain":
        below = tuple(f".{each}" for each in patterns)
        return lambda domain: domain in patterns or domain.endswith(below)
    return re.compile(_build_pattern(patterns), re.MULTILINE).search


def _build_pattern(patterns: Iterable[str]) -> str:
    """Words, with `*` at their beginning or end for anything, as one expression to search lines with."""
    starred: dict[bool, list[str]] = {True: [], False: []}
    for pattern in patterns:
        ends = "" if pattern.endswith("*") else "$"
        starred[pattern.startswith("*")].append(re.escape(pattern.strip("*")) + ends)
    # All that must begin a line stand behind one `^`, so that elsewhere one look is enough.
    begins = [f"^(?:{'|'.join(starred[False])})"] if starred[False] else []
    return "|".join(starred[True] + begins)


# --- reading ----------------------------------------------------------------------------------

_RULE_KEYS = ("name", "when", "unless", "flag", "category", "decline")


def parse(text: str) -> RuleTable:
    """Read the table. Raises RuleError."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"this is not TOML: {error}") from error
    for key in document:
        if key != "rule":
            _fail_unknown_key(key, ("rule",))
    tables = document.get("rule", [])
    if not isinstance(tables, list) or len(tables) > MAX_RULES:
        _fail("rule", "...", f"at most {MAX_RULES} [[rule]] tables")
    rules = tuple(_parse_rule(place, table) for place, table in enumerate(tables))
    for place, rule in enumerate(rules):
        if rule.name in {before.name for before in rules[:place]}:
            _fail(f"rule[{place}].name", rule.name, "each name once")
    return RuleTable(rules)


def _parse_rule(place: int, table: object) -> Rule:
    at = f"rule[{place}]"
    if not isinstance(table, dict):
        _fail(at, table, "a [[rule]] table")
    for key in table:
        if key not in _RULE_KEYS:
            _fail_unknown_key(f"{at}.{key}", _RULE_KEYS)
    name = _check_text(f"{at}.name", table.get("name", ""), 60)
    if not name or set(name) - set("abcdefghijklmnopqrstuvwxyz0123456789-"):
        _fail(f"{at}.name", name, "a name of a-z, 0-9 and -")
    category = _check_text(f"{at}.category", table.get("category", ""), 60)
    allowed = [each.value for each in Category]
    if category not in allowed:
        _fail(f"{at}.category", category, "local, national or nothing")
    flag = _check_text(f"{at}.flag", table.get("flag", ""), MAX_TEXT)
    if not flag:
        _fail(f"{at}.flag", flag, "a sentence for the staff")
    when = _parse_condition(f"{at}.when", table.get("when", {}))
    if not when.patterns:
        _fail(f"{at}.when", table.get("when", {}), f"at least one of {', '.join(KEYS)}")
    unless = _parse_condition(f"{at}.unless", table.get("unless", {}))
    decline = _check_text(f"{at}.decline", table.get("decline", ""), MAX_TEXT)
    return Rule(name, when, unless, flag, category, decline.strip())


def _parse_condition(at: str, table: object) -> Condition:
    if not isinstance(table, dict):
        _fail(at, table, "a table of conditions")
    for key in table:
        if key not in KEYS:
            _fail_unknown_key(f"{at}.{key}", KEYS)
    return Condition({key: tuple(_parse_patterns(f"{at}.{key}", key, given)) for key, given in table.items()})


def _parse_patterns(at: str, key: str, given: object) -> Iterator[str]:
    if not isinstance(given, list) or not 0 < len(given) <= MAX_PATTERNS:
        _fail(at, given, f"a list of 1 to {MAX_PATTERNS} texts")
    for place, each in enumerate(given):
        yield _parse_pattern(f"{at}[{place}]", key, _check_text(f"{at}[{place}]", each, 200))


def _parse_pattern(at: str, key: str, pattern: str) -> str:
    if key in _CHOICES:
        if pattern not in _CHOICES[key]:
            _fail(at, pattern, _suggest(pattern, tuple(sorted(_CHOICES[key]))))
        return pattern
    if key == "domain":
        name = domains.normalise(pattern)
        if not name or name.startswith("*"):
            _fail(at, pattern, "a domain such as example.go.jp, which stands for the names below it too")
        return name
    word = pattern.strip("*")
    if not word or "*" in word or pattern.startswith("**") or pattern.endswith("**"):
        _fail(at, pattern, "a word, with * at its beginning or end for anything")
    folded = fold_name(word)
    return ("*" if pattern[0] == "*" else "") + folded + ("*" if pattern[-1] == "*" else "")


def _check_text(at: str, given: object, limit: int) -> str:
    if not isinstance(given, str) or len(given) > limit:
        _fail(at, given, f"a text of at most {limit} characters")
    return given


def _fail(key: str, value: object, allowed: str) -> NoReturn:
    raise RuleError(f"{key} = {str(value)[:60]!r}: allowed is {allowed}")


def _fail_unknown_key(key: str, known: tuple[str, ...]) -> NoReturn:
    raise RuleError(f"{key}: unknown key; {_suggest(key.rpartition('.')[2], known)}")


def _suggest(word: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"one of {', '.join(known)}"
