"""Positions of known signature lines: below a blank line or a mark, and next to another such line."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.admission.replies.context import Slots
from gateway.admission.replies.grammar.names.signature import is_signature_line
from gateway.admission.replies.text.sentences import fold_phrase
from gateway.mail.lines import find_mark


def find_signed(written: Sequence[str], known: Sequence[bool], slots: Slots | None) -> set[int]:
    """Return the indexes of `known` lines in the position of a signature.

    A line with a name or an office may stand alone. Without `slots`, no other line counts as a signature
    line.
    """
    begin = next((at for at, line in enumerate(written) if line.strip()), len(written))
    below = (at for at in range(begin, len(written)) if not written[at].strip() or find_mark(written[at]))
    gap = next(below, len(written))
    found = {at for at in range(gap, len(written)) if known[at]}
    if not found:
        return found
    signed = {at for at in range(gap, len(written)) if _is_signed(written[at], slots)}
    others = found | signed
    return {at for at in found if at in signed or len(others.intersection(_find_block(written, at))) > 1}


def _is_signed(line: str, slots: Slots | None) -> bool:
    return slots is not None and is_signature_line(" ".join(fold_phrase(line).split()), slots)


def _find_block(written: Sequence[str], at: int) -> range:
    """Return the range of lines around one, up to blank lines."""
    begin, end = at, at + 1
    while begin and written[begin - 1].strip():
        begin -= 1
    while end < len(written) and written[end].strip():
        end += 1
    return range(begin, end)
