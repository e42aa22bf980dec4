"""Detection of names that look like lg.jp, go.jp or city.<name>; they only cause a warning for staff.

Confusable characters are folded first (a skeleton in Unicode TR #39); the table contains only characters
that look like the letters of `lg`, `go` and `jp`.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import idna

from gateway.admission.organisations import jp_domains as jp

# Digits, capital I (lower case by now), and letters of other scripts that look like l, g, o, j, p.
_CONFUSABLES = str.maketrans(
    {
        **dict.fromkeys("1i|ӏіι", "l"),
        **dict.fromkeys("9qɡց", "g"),
        **dict.fromkeys("0оοօ", "o"),
        **dict.fromkeys("јϳ", "j"),
        **dict.fromkeys("рρ", "p"),
    }
)
_SPACES = frozenset({"lg", "go"})


def skeleton(label: str) -> str:
    """Return the label (A-labels decoded) with marks removed and confusable characters folded."""
    try:
        text = idna.ulabel(label)
    except UnicodeError:
        text = label
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return plain.casefold().translate(_CONFUSABLES)


def imitation_inside_jp(labels: tuple[str, ...]) -> str:
    """Return the rule by which a name below jp imitates a government, or empty.

    `labels` run from the right.
    """
    registered = skeleton(labels[1])
    if registered in _SPACES:
        return "imitation-letters"
    at = 2 if labels[1] in jp.ORGANISATIONAL else 1
    if skeleton(labels[at]).endswith(("-lg", "-go")) or _is_joined_suffix(skeleton(labels[at])):
        return "imitation-hyphen"
    if _has_reserved_space(tuple(reversed(labels[at:]))):
        return "imitation-not-at-the-end"
    return ""


def imitation_outside_jp(name: str, registered: str) -> str:
    """Return the rule by which a name outside jp imitates a government, or empty."""
    labels = tuple(name.split("."))
    below = labels[: -(registered.count(".") + 1)]
    if _has_reserved_space(labels):
        return "imitation-not-at-the-end"
    if _is_joined_suffix(skeleton(registered.split(".", maxsplit=1)[0])):
        return "imitation-hyphen"
    if any(label in jp.MUNICIPAL_TYPES or label == "pref" for label in below):
        return "imitation-type-label"
    if any(pair == ("metro", "tokyo") for pair in pairwise(labels)):
        return "imitation-type-label"
    return ""


def _has_reserved_space(labels: tuple[str, ...]) -> bool:
    """Return whether `lg.jp` or `go.jp` occurs inside the name; `labels` run from the left."""
    folded = [skeleton(label) for label in labels]
    return any(
        left in _SPACES and (right in {"jp", "jpn"} or right.startswith("jp-"))
        for left, right in pairwise(folded)
    )


def _is_joined_suffix(label: str) -> bool:
    """Return whether the label is written like lg.jp without its dot: lgjp, city-mihon-lg-jp."""
    bare = label.replace("-", "")
    return bare.endswith(("lgjp", "gojp"))
