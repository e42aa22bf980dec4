"""Facts of the journal and the log: ours by type, else `Outside`; a bare text is refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.case.model import GATEWAY, JournalEntry, State
from gateway.mail.address import parse
from gateway.printing import terminal
from gateway.printing.fields import Strictness, ours, to_facts, to_plain, to_typed
from gateway.printing.outside import Outside, UnprintedError
from gateway.printing.statement import Statement

SATO = parse("sato@desk.rei.go.jp")
DAY = date(2026, 4, 1)
STORED = Statement("code_unreadable", stated="承認")


@pytest.mark.parametrize(
    ("fact", "plain"),
    [
        (ours("unbound"), "unbound"),
        (Outside("承認\x1b[2J"), "承認\x1b[2J"),
        (State.ON_HOLD, "on_hold"),
        (SATO, "sato@desk.rei.go.jp"),
        (DAY, "2026-04-01"),
        (datetime(2026, 4, 1, tzinfo=UTC), "2026-04-01T00:00:00+00:00"),
        (3, 3),
        (True, True),
        (None, None),
        ((State.ON_HOLD, 1), ["on_hold", 1]),
        ({"was": State.ON_HOLD}, {"was": "on_hold"}),
        (STORED, {"statement": "code_unreadable", "arguments": {"stated": "承認"}}),
    ],
)
def test_a_fact_is_stored_as_plain_json(fact: Any, plain: object) -> None:
    """Each type that the journal takes, and how it is written down."""
    assert fact == to_typed(fact)
    assert plain == to_plain(fact)
    assert plain == json.loads(json.dumps(to_plain(fact)))


@pytest.mark.parametrize("bare", ["承認", ["a"], {"reason": "x"}, {"was": {"name": "x"}}, b"x", {1}])
def test_a_line_of_the_journal_takes_no_bare_text(bare: object) -> None:
    """Also not within a list or an object; who acted is held to the same."""
    with pytest.raises(UnprintedError):
        JournalEntry("decision.decline", SATO, {"reason": cast("Any", bare)})
    with pytest.raises(UnprintedError):
        JournalEntry("decision.decline", cast("Any", "operator:rei"))


def test_in_service_a_bare_text_counts_as_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is lost helps nobody."""
    monkeypatch.setattr(Strictness, "refuses", False)
    entry = JournalEntry("decision.decline", cast("Any", "rei"), cast("Any", {"reason": ["承認", 1]}))
    assert isinstance(entry.actor, Outside)
    assert {"reason": (Outside("承認"), 1)} == entry.detail


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def _has_bare(fact: object) -> bool:
    if isinstance(fact, dict):
        return any(map(_has_bare, fact.values()))
    return any(map(_has_bare, fact)) if isinstance(fact, tuple) else isinstance(fact, str)


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_what_any_version_wrote_comes_back_as_outside_text(detail: dict[str, object]) -> None:
    """No text of a stored line is ours, and none is lost or changed."""
    facts = to_facts(detail)
    assert not _has_bare(facts)
    assert detail == to_plain(facts)
    assert facts == JournalEntry("note", GATEWAY, facts).detail


@given(st.text())
def test_a_stored_text_moves_no_cursor(text: str) -> None:
    """A cell of the journal on a terminal: no sign that a terminal obeys, whatever was stored."""
    shown = terminal.show(to_facts({"reason": text, "deep": {"list": [text]}}))
    assert all(sign in "\n\t" or ord(sign) >= 0x20 for sign in shown)
    assert not set(shown) & set("\x7f\x9b\u202e\u2066\u200f")
