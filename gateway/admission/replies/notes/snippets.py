"""Texts of the office that a member selects by number: 却下 1, 照会 2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.mail.text import fold
from gateway.patterns import compile_later

Snippets = Mapping[str, tuple[str, ...]]
_NUMBER = compile_later(r"\s*(?:定型)?\s*(?P<number>[0-9]{1,2})\s*[。.]?\s*")
_WITH_SNIPPETS = frozenset({Decision.DECLINE, Decision.ASK})


def expand(reply: ParsedReply, snippets: Snippets) -> ParsedReply:
    """Replace a number by its text.

    An unknown number is kept and rejected later, so that no bare number goes to an applicant.
    """
    if not is_number(reply):
        return reply
    known = snippets.get(reply.decision.value, ())
    found = _NUMBER.fullmatch(fold(reply.note))
    at = int(found["number"]) - 1 if found else -1
    return replace(reply, note=known[at]) if 0 <= at < len(known) else reply


def is_number(reply: ParsedReply) -> bool:
    """Return whether the note of a refusal or a question is only a number."""
    return reply.decision in _WITH_SNIPPETS and _NUMBER.fullmatch(fold(reply.note)) is not None
