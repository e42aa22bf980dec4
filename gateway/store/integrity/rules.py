"""Integrity rules between tables, as queries that must find nothing."""

# ruff: noqa: S608 - every f-string here is made of our own constants

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gateway.admission.case.model import ADMITTED, Letter, State
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.protocol import LetterState


def rules() -> Iterator[tuple[str, str]]:
    """Yield the rules: the message for a row that violates it, and the query that finds such rows."""
    yield (
        "case {}: unknown state {!r}",
        f"SELECT number, state FROM cases WHERE state NOT IN ({_list(State)})",
    )
    yield (
        "letter {}: unknown state {!r}",
        f"SELECT id, state FROM letters WHERE state NOT IN ({_list(LetterState)})",
    )
    yield (
        "letter {}: unknown kind of letter {!r}",
        f"SELECT id, letter FROM letters WHERE letter NOT IN ({_list(Letter)})",
    )
    yield (
        "token for letter {}: unknown purpose {!r}",
        f"SELECT letter_id, purpose FROM tokens WHERE purpose NOT IN ({_list(one.name for one in Purpose)})",
    )
    yield (
        "letter {}: a {} without a case",
        f"SELECT id, letter FROM letters WHERE case_id IS NULL AND letter IN ({_list(_OF_A_CASE)})",
    )
    yield (
        "state {}: {} cases counted, {} found",
        """
        SELECT coalesce(c.state, r.state), coalesce(c.n, 0), coalesce(r.n, 0) FROM case_counts c
        FULL JOIN (SELECT state, count(*) AS n FROM cases GROUP BY state) r ON r.state = c.state
        WHERE coalesce(c.n, 0) <> coalesce(r.n, 0)
        """,
    )
    yield (
        "day {}: {} cases in the figures, {} found",
        """
        SELECT coalesce(t.day, f.day), coalesce(t.n, 0), coalesce(f.n, 0)
        FROM (SELECT day, CAST(sum(n) AS BIGINT) AS n FROM day_tallies WHERE what = 'outcome' GROUP BY day) t
        FULL JOIN (SELECT substr(tallied, 1, 10) AS day, count(*) AS n FROM case_figures
                   WHERE tallied <> '' GROUP BY 1) f ON f.day = t.day
        WHERE coalesce(t.n, 0) <> coalesce(f.n, 0)
        """,
    )
    yield (
        "case {}: {}, but no journal line records an approval",
        f"SELECT number, state FROM cases c WHERE state IN ({_list(ADMITTED)}) AND NOT {_APPROVED}",
    )
    yield (
        "case {}: {}, but there is no invitation",
        f"""
        SELECT number, state FROM cases c WHERE state IN ({_list(ADMITTED)}) AND NOT EXISTS (
          SELECT 1 FROM letters l WHERE l.case_id = c.id AND l.letter = '{Letter.INVITATION}')
        """,
    )
    yield (
        "case {}: declined by {}, but there is no letter declining it",
        f"""
        SELECT number, decided_by FROM cases c WHERE state = '{State.DECLINED}' AND NOT EXISTS (
          SELECT 1 FROM letters l WHERE l.case_id = c.id AND l.letter = '{Letter.DECLINE}')
        AND NOT EXISTS (
          SELECT 1 FROM journal j WHERE j.case_id = c.id AND j.event = 'decision.revoke')
        """,
    )
    yield (
        "letter {}: an invitation for case {}, which was never approved",
        f"""
        SELECT l.id, c.number FROM letters l JOIN cases c ON c.id = l.case_id
        WHERE l.letter = '{Letter.INVITATION}' AND l.state <> '{LetterState.RECALLED}' AND NOT {_APPROVED}
        """,
    )


_APPROVED = "EXISTS (SELECT 1 FROM journal j WHERE j.case_id = c.id AND j.event = 'decision.approve')"
_OF_A_CASE = (Letter.ACKNOWLEDGMENT, Letter.AFFILIATION_REQUEST, Letter.INVITATION, Letter.DECLINE)


def _list(words: Iterable[str]) -> str:
    return ", ".join(sorted(f"'{word}'" for word in words))
