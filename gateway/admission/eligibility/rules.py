"""The office's table of corner cases: conditions on domain, form and code give flags for the staff.

Pure: the text of `config/eligibility.toml` is an argument. A rule never decides; it names what to check, may
suggest the category, and may contain the text that is suggested to staff for a refusal.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NoReturn

from gateway.admission.application.items.fields import Category
from gateway.admission.organisations import domains
from gateway.admission.organisations.codes import CodeKind
from gateway.admission.organisations.register import fold_name

MAX_RULES = 500
MAX_PATTERNS = 500
MAX_TEXT = 2_000


class RuleError(ValueError):
    """The table is invalid; the message names key, value and what is expected."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The values that rules match.

    `domain` is the mail domain as A-labels, `domain_class` and `code_kind` are values of `DomainKind` and
    `CodeKind`; the rest is as the applicant wrote it.
    """

    domain: str
    domain_class: str
    local_part: str = ""
    organisation: str = ""
    department: str = ""
    title: str = ""
    code_kind: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """All given keys must match, each by one of its patterns. A condition without keys never matches."""

    patterns: Mapping[str, tuple[str, ...]]
    _tests: tuple[tuple[str, Callable[[str], object]], ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        tests = tuple((key, _build_matcher(key, those)) for key, those in self.patterns.items())
        object.__setattr__(self, "_tests", tests)

    @property
    def keys(self) -> Set[str]:
        """The keys that it matches."""
        return self.patterns.keys()

    def is_met(self, seen: Mapping[str, str]) -> bool:
        """Return whether the values of a subject, by key, meet the condition."""
        for key, test in self._tests:
            if not test(seen[key]):
                return False
        return bool(self._tests)

    def met_keys(self, seen: Mapping[str, str]) -> Set[str]:
        """Return the keys of which a pattern matches."""
        return {key for key, test in self._tests if test(seen[key])}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: it is triggered if `when` matches and `unless` does not."""

    name: str
    when: Condition
    unless: Condition
    flag: str
    category: str = ""
    decline: str = ""

    def is_triggered(self, seen: Mapping[str, str]) -> bool:
        """Return whether the values of a subject, by key, trigger the rule."""
        return self.when.is_met(seen) and not self.unless.is_met(seen)


@dataclass(frozen=True, slots=True)
class RuleTable:
    """The rules in file order."""

    rules: tuple[Rule, ...] = ()
    _any: Condition = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        patterns: dict[str, tuple[str, ...]] = {}
        for rule in self.rules:
            for key, those in rule.when.patterns.items():
                patterns[key] = patterns.get(key, ()) + those
        object.__setattr__(self, "_any", Condition(patterns))

    def triggered_rules(self, subject: Subject) -> tuple[Rule, ...]:
        """Return the triggered rules, in file order."""
        seen = _folded_values(subject)
        # Few subjects match any pattern. Testing the patterns of all rules at once avoids testing each rule,
        # which
        # is one hundredth of the work for a mail with the rules we ship, and more with each additional rule.
        met = self._any.met_keys(seen)
        if not met:
            return ()
        return tuple(rule for rule in self.rules if rule.when.keys <= met and rule.is_triggered(seen))

    def ask_every_rule(self, subject: Subject) -> tuple[Rule, ...]:
        """Return the same without testing all patterns at once (the reference implementation)."""
        seen = _folded_values(subject)
        return tuple(rule for rule in self.rules if rule.is_triggered(seen))


NO_RULES = RuleTable()


# --- matching ---------------------------------------------------------------------------------

_CHOICES: Mapping[str, frozenset[str]] = {
    "class": frozenset(kind.value for kind in domains.DomainKind),
    "code_kind": frozenset(kind.value for kind in CodeKind if kind.value),
}
# `text` is department and title together, `anywhere` also includes the organisation.
KEYS = (*_CHOICES, "domain", "local_part", "organisation", "department", "title", "text", "anywhere")


def _folded_values(subject: Subject) -> dict[str, str]:
    """Return the values that conditions match, by key; texts are folded, one per line."""
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
    """Build a function that tests whether one of the patterns matches."""
    if key in _CHOICES:
        return frozenset(patterns).__contains__
    if key == "domain":
        below = tuple(f".{each}" for each in patterns)
        return lambda domain: domain in patterns or domain.endswith(below)
    return re.compile(_build_pattern(patterns), re.MULTILINE).search


def _build_pattern(patterns: Iterable[str]) -> str:
    """Build one regular expression from words with `*` at the start or end, for searching lines."""
    starred: dict[bool, list[str]] = {True: [], False: []}
    for pattern in patterns:
        ends = "" if pattern.endswith("*") else "$"
        starred[pattern.startswith("*")].append(re.escape(pattern.strip("*")) + ends)
    # All patterns that must start a line share one `^`, so that other positions need a single test.
    begins = [f"^(?:{'|'.join(starred[False])})"] if starred[False] else []
    return "|".join(starred[True] + begins)


# --- parsing ----------------------------------------------------------------------------------

_RULE_KEYS = ("name", "when", "unless", "flag", "category", "decline")


def parse(text: str) -> RuleTable:
    """Parse the table. Raises RuleError."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"invalid TOML: {error}") from error
    for key in document:
        if key != "rule":
            _fail_unknown_key(key, ("rule",))
    tables = document.get("rule", [])
    if not isinstance(tables, list) or len(tables) > MAX_RULES:
        _fail("rule", "...", f"at most {MAX_RULES} [[rule]] tables")
    rules = tuple(_parse_rule(place, table) for place, table in enumerate(tables))
    for place, rule in enumerate(rules):
        if rule.name in {before.name for before in rules[:place]}:
            _fail(f"rule[{place}].name", rule.name, "a name that is not used by another rule")
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
        _fail(f"{at}.name", name, "a name consisting of a-z, 0-9 and -")
    category = _check_text(f"{at}.category", table.get("category", ""), 60)
    allowed = [each.value for each in Category]
    if category not in allowed:
        _fail(f"{at}.category", category, "local, national or an empty string")
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
        _fail(at, given, f"a list of 1 to {MAX_PATTERNS} strings")
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
            _fail(at, pattern, "a domain such as example.go.jp, which includes its subdomains")
        return name
    word = pattern.strip("*")
    if not word or "*" in word or pattern.startswith("**") or pattern.endswith("**"):
        _fail(at, pattern, "a word, optionally with the wildcard * at its start or end")
    folded = fold_name(word)
    return ("*" if pattern[0] == "*" else "") + folded + ("*" if pattern[-1] == "*" else "")


def _check_text(at: str, given: object, limit: int) -> str:
    if not isinstance(given, str) or len(given) > limit:
        _fail(at, given, f"text of at most {limit} characters")
    return given


def _fail(key: str, value: object, allowed: str) -> NoReturn:
    raise RuleError(f"{key} = {str(value)[:60]!r}: expected {allowed}")


def _fail_unknown_key(key: str, known: tuple[str, ...]) -> NoReturn:
    raise RuleError(f"{key}: unknown key; {_suggest(key.rpartition('.')[2], known)}")


def _suggest(word: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"one of {', '.join(known)}"
