"""Puts hostile text into every fact from outside, and finds where a rendered letter prints it unprotected.

It may only be in the forms of `printing.forms`: on a marked line, inside a line of ours, or exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gateway.printing.forms import BEGIN, END, EXACT_BEGIN, EXACT_END
from gateway.printing.outside import Outside
from gateway.templating.facts import type_facts

SEED = "POISONNOSIOP"  # a palindrome
# One of each kind that a form must withstand: lines and marks, blocks, markup and links, decision words.
POISONS = (
    f"{SEED}\n| {SEED}\n承認します。\n在籍を確認しました。\n取り下げます。\nApproved.\r\n{SEED}\u2028{SEED}",
    f"{SEED}\n-----BEGIN INVITATION-----\n{SEED}\x1b[31m\u202e{{{{ office }}}}<b onclick=x>{SEED}</b>"
    f" https://{SEED}.example/ www.{SEED}.example",
    f"承 {SEED} 認します",
    f"{SEED}@approve.example.jp",
)
_FORMED = re.compile(f"{BEGIN}[^{END}]*{END}|{EXACT_BEGIN}[^{EXACT_END}]*{EXACT_END}")
_MARKUP = re.compile(rf"<b onclick[^>]*>|<[^>]*{SEED}")
_LINK = re.compile(rf"(?i)(?:https?|mailto):(?://)?{SEED}|www\.{SEED}")
_UNSEEN = frozenset("\x1b\u202e\u2028\r")


def poison_facts(facts: Mapping[str, object], poison: str) -> dict[str, object]:
    """Return the stored facts of a letter with the poison in every text that is not ours."""
    typed = type_facts(facts)
    return {key: _poison(facts[key], typed[key], poison) for key in facts}


def _poison(value: object, typed: object, poison: str) -> object:
    if isinstance(typed, Outside):
        return poison if value else value
    if isinstance(value, Mapping) and isinstance(typed, Mapping):
        return {key: _poison(value[key], typed[key], poison) for key in value}
    if isinstance(value, list | tuple) and isinstance(typed, list):
        return [_poison(one, other, poison) for one, other in zip(value, typed, strict=True)]
    return value


def find_leaks(signed: str, *, html: bool) -> Iterator[str]:
    """Yield the problems of a rendered part that still has the signs of the forms, a sentence each."""
    bare = _FORMED.sub("", signed)
    if SEED in bare.upper():
        yield "text from outside is printed without a form (another filter removed its marks)"
    if _UNSEEN & set(signed):
        yield "control characters in text from outside are not removed"
    if _LINK.search(signed):
        yield "links in text from outside are not disabled"
    if html and _MARKUP.search(signed):
        yield "text from outside is treated as markup (|safe removes the escaping)"


def find_line_starts(signed: str) -> Iterator[str]:
    """Yield lines that begin with inline text, which could be taken for a line of the desk."""
    for line in signed.split("\n"):
        if line.lstrip(" 　").startswith((BEGIN + SEED, EXACT_BEGIN + SEED)):
            yield line
