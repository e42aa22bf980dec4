"""Decides whether an old mail below a reply may be part of what its author means.

That is so if it is a mail of the desk, or about what is decided above it.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.admission.replies.grammar.beside.terms import AGAINST, DOUBT, UNFINISHED
from gateway.admission.replies.grammar.vocabulary import STEMS
from gateway.admission.replies.text.sentences import fold_compact, fold_phrase
from gateway.patterns import compile_later

# Names of the desk, and addresses with a token, as in the From field of our letters.
_OUR_HEAD = compile_later(r"[a-z0-9._-]+\+[a-z0-9_-]+@|窓口|事務局|審査|参加申請|gateway")
_ASKS = compile_later(
    r"(?:ください|下さい|ないで|ように?|お願い(?:(?:いた|致)?し(?:ます)?)?|調べて|止めて|おかしい|でした|とのこと|そうです)"
    r"|\b(?:please|do not|don't|not|wait|stop)\b"
)
# Text in somebody else's old mail that may be about this case.
_OPEN = (STEMS, DOUBT, UNFINISHED, AGAINST, _ASKS)


def may_be_meant(head: str, lines: Sequence[str]) -> bool:
    """Return whether unmarked lines below the header of an old mail count.

    They count if the header names the desk, because lines that are in no letter of ours are then the
    author's, or if they ask, negate, doubt or contain a decision word.
    """
    joined = "".join(map(fold_compact, lines))
    spaced = " ".join(" ".join(fold_phrase(line).split()) for line in lines)
    is_open = any(pattern.search(text) for pattern in _OPEN for text in (joined, spaced))
    return is_open or _OUR_HEAD.search(fold_compact(head)) is not None
