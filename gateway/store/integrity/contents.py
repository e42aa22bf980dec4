"""The checks that query tables: the hash chain of the journal, and references between rows."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.printing.terminal import count
from gateway.store.integrity import hash_chain, rules
from gateway.store.integrity.hash_chain import Head
from gateway.store.integrity.report import MAX_FOUND, Check, Progress
from gateway.store.protocol import Connection


def check_chain(connection: Connection, heads: tuple[bytes, ...], progress: Progress) -> tuple[Check, Head]:
    """Check the journal from its first line; return also its last line."""
    proof = hash_chain.check(connection, heads, lambda lines: progress("journal", lines))
    found = list(proof.broken)
    found += [f"no line has the hash {head.hex()}" for head in heads if head not in proof.known]
    what = f"{count(proof.lines, 'line')} in the journal, {proof.erased} with personal data erased"
    advice = (
        "entries were altered, removed or written by another program; compare with a backup before doing "
        "anything else"
    )
    return Check("chain", what, tuple(found), advice), proof.head


def check_references(connection: Connection, progress: Progress, lost: Iterable[str] = ()) -> Check:
    """Check the rules; `lost` describes rows that refer to missing ones."""
    found = [*lost]
    for turn, (says, sql) in enumerate(rules.rules(), start=1):
        progress("references", turn)
        found += [says.format(*row) for row in connection.execute(f"{sql} LIMIT {MAX_FOUND}")]
    advice = "the gateway never writes this: check the case with `gateway case show`, and the journal"
    return Check("references", "states, decisions and their letters", tuple(found), advice)
