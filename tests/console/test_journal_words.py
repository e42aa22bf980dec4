"""Every event that the code can write into the journal has words, in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

import gateway
from gateway.admission.case.deadlines import DeadlineKind
from gateway.console.view.cases.journal_words import JOURNAL
from gateway.mail.mime.bounce import BounceKind
from gateway.outbound.outcome import AUTH_FAILED_EVENT
from gateway.store.commands.outbox import CHANGES
from gateway.store.integrity import hash_chain

ROOT = Path(gateway.__file__).parent
SOURCES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py")}


@cache
def calls_in(name: str) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(SOURCES[name])) if isinstance(node, ast.Call)]


def first_values(function: str, position: int = 0) -> Iterator[tuple[str, ast.expr]]:
    """What is passed to a function anywhere, with the file where it is called; of a choice, each branch."""
    for name in (name for name, text in SOURCES.items() if function in text):
        for node in calls_in(name):
            if getattr(node.func, "id", "") == function and len(node.args) > position:
                value = node.args[position]
                parts = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
                yield from ((name, part) for part in parts)


def texts(function: str, position: int = 0) -> set[str]:
    return {str(one.value) for _, one in first_values(function, position) if isinstance(one, ast.Constant)}


# Files that make the name of an event, and all that they can make.
MADE: dict[str, set[str]] = {
    "admission/case/decide.py": {f"note.{kind}" for kind in texts("Note")}
    | {f"note.{kind}" for kind in set(get_args(BounceKind)) - {"bounce", "complaint", "unread"}},
    "admission/case/transitions/deadline.py": {f"agenda.{kind.value}" for kind in DeadlineKind},
    "admission/case/transitions/office/looking.py": {f"desk.{what}" for what in texts("_entry")},
    "housekeeping.py": {"retention"},
    "outbound/outcome.py": {AUTH_FAILED_EVENT},
    "store/commands/organisations.py": texts("_journal", 1),
    "store/commands/outbox.py": {change.event for change in CHANGES.values()},
    "store/commands/staff.py": {kind.replace("_", ".") for kind in texts("_tell_others", 1)},
    "store/privacy/erasure.py": {hash_chain.ERASED},
}
NAMES = texts("JournalEntry").union(*MADE.values())


def test_no_file_makes_names_that_this_test_does_not_know() -> None:
    made = {name for name, one in first_values("JournalEntry") if not isinstance(one, ast.Constant)}
    assert made == MADE.keys()
    assert all(MADE.values())


@pytest.mark.parametrize("name", sorted(NAMES))
def test_each_event_has_words(name: str) -> None:
    said = JOURNAL[name]
    assert str(said.ja) != str(said.en)
    assert name not in {str(said.ja), str(said.en)}


def test_no_two_events_say_the_same() -> None:
    for language in ("ja", "en"):
        said = [str(getattr(one, language)) for one in JOURNAL.values()]
        assert sorted(set(said)) == sorted(said)


def test_the_journal_has_a_fair_number_of_events() -> None:
    assert len(NAMES) > 80
