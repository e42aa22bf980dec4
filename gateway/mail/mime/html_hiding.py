"""Determines what the declarations of a style hide (CSS 2.2 and later modules, in outline).

A property that can hide a text is taken to hide it unless its value is known to leave the text visible. A
length, function or word that cannot be parsed is not known to do so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gateway.mail.mime.html_colour import UNREAD, read_colour

Changes = Mapping[str, object]

MAX_STYLE: Final = 2_000
_PREFIX = re.compile(r"-(?:webkit|moz|ms|o)-")
_VISIBLE = re.compile(r"none|auto|normal|initial|inherit|unset|revert|visible|1|100%")
# Values of `display` that show the text.
_BOXES = re.compile(
    r"(?:inline-?|-webkit-|-ms-)?(?:block|flex(?:box)?|grid|table|box)?|list-item|contents|flow-root|run-in"
    r"|table-(?:row|cell|caption|row-group|header-group|footer-group)|initial|inherit|unset|revert|ruby(?:-[a-z]+)?"
)
# For these, every value other than a plain `none` counts as hiding: no mail needs them.
_ALL_OR_NOTHING = frozenset(
    {
        *("transform", "translate", "scale", "rotate", "clip", "clip-path", "filter", "zoom", "perspective"),
        *("mask", "mask-image", "mask-border", "text-security", "content-visibility", "mso-hide", "offset"),
        *("offset-path", "animation", "animation-name", "mix-blend-mode", "backface-visibility"),
    }
)
_OFFSETS = frozenset(
    {
        *("left", "right", "top", "bottom", "inset", "text-indent", "margin", "letter-spacing"),
        *("word-spacing",),
        *(f"{name}-{side}" for name in ("margin", "inset") for side in ("left", "right", "top", "bottom")),
        *(f"{name}-{axis}" for name in ("margin", "inset") for axis in ("inline", "block")),
        *(
            f"{name}-{axis}-{end}"
            for name in ("margin", "inset")
            for axis in ("inline", "block")
            for end in ("start", "end")
        ),
    }
)
_SIDES = ("height", "width", "max-height", "max-width", "line-height", "block-size", "inline-size")
_FAR, _BACK, _TIGHT = 1_500, -100, -2  # px: outside the window (far right, far left), characters overlapping
_FAINT = 0.2


def read_changes(style: str) -> Changes:
    """Return what a style changes in a `html_style.Look`, by field name."""
    said, forced = _read_declarations(style)
    changes: dict[str, object] = {}
    if _is_gone(said):
        changes["gone"] = True
    if "visibility" in said:
        changes["invisible"] = _VISIBLE.fullmatch(said["visibility"]) is None
    for name in ("font-size", "font"):
        if name in said and (size := _find_size(name, said[name])):
            changes["tiny"] = _is_tiny(size)
    for name, field in (("visibility", "invisible"), ("font-size", "tiny"), ("font", "tiny")):
        if name in forced and changes.get(field):
            changes["gone"] = True  # no style of an inner element makes it visible again
    return {**changes, **_read_colours(said)}


def writes_text(style: str) -> bool:
    """Return whether a `::before` or `::after` style adds characters to the page that are not in its text."""
    said, _ = _read_declarations(style)
    return re.search(r"[^\W_]", _NO_CONTENT.sub("", said.get("content", ""))) is not None


_NO_CONTENT = re.compile(r"none|normal|initial|inherit|unset|(?:no-)?(?:open|close)-quote")


def _read_declarations(style: str) -> tuple[Mapping[str, str], frozenset[str]]:
    """Parse the declarations: value by property, and the properties that are `!important`.

    If a property is repeated, the last `!important` value counts, else the last value.
    """
    said: dict[str, str] = {}
    forced: set[str] = set()
    for part in strip_comments(style[:MAX_STYLE]).split(";"):
        name, _, value = part.partition(":")
        name, is_forced = _PREFIX.sub("", name.strip(), count=1), "!" in value
        if name in forced and not is_forced:
            continue
        said[name] = value.partition("!")[0].strip()
        if is_forced:
            forced.add(name)
    return said, frozenset(forced)


def strip_comments(style: str) -> str:
    """Remove the comments of a style; an unterminated comment extends to the end. Linear time."""
    kept, at = [], 0
    while (begin := style.find("/*", at)) >= 0:
        kept.append(style[at:begin])
        end = style.find("*/", begin + 2)
        at = end + 2 if end >= 0 else len(style)
    return "".join(kept) + style[at:]


def _read_colours(said: Mapping[str, str]) -> Changes:
    changes: dict[str, object] = {}
    for name, field in (
        ("color", "colour"),
        ("text-fill-color", "colour"),
        ("background", "ground"),
        ("background-color", "ground"),
    ):
        colour = read_colour(said[name]) if name in said else UNREAD
        if colour != UNREAD and not (colour is None and field == "ground"):
            changes[field] = colour
    return changes


def _is_gone(said: Mapping[str, str]) -> bool:
    return (
        ("display" in said and _BOXES.fullmatch(said["display"]) is None)
        or any("line-through" in said.get(name, "") for name in ("text-decoration", "text-decoration-line"))
        or ("opacity" in said and _is_faint(said["opacity"]))
        or any(name in _ALL_OR_NOTHING and _VISIBLE.fullmatch(value) is None for name, value in said.items())
        or any(_is_away(name, said[name]) for name in _OFFSETS.intersection(said))
        or _is_flat(said)
    )


def _is_faint(value: str) -> bool:
    if re.fullmatch(r"initial|inherit|unset|revert", value):
        return False
    found = re.fullmatch(r"(\d{0,4}(?:\.\d{0,6})?)(%?)", value)
    if found is None or not found[1].strip("."):
        return True
    return float(found[1]) < _FAINT * (100 if found[2] else 1)


def _is_away(name: str, value: str) -> bool:
    """Return whether a length moves text out of view or overlaps its characters; an unparsable one counts."""
    low = _TIGHT if name.endswith("-spacing") else _BACK
    lengths = (_read_px(each) for each in value.split()[:4] if _VISIBLE.fullmatch(each) is None)
    return any(length is None or not low <= length <= _FAR for length in lengths)


def _is_flat(said: Mapping[str, str]) -> bool:
    """Return whether a box that clips its overflow has no room for a line."""
    cuts = any(
        said.get(name, "visible").split()[:1] not in (["visible"], [], ["initial"], ["inherit"])
        for name in ("overflow", "overflow-x", "overflow-y")
    )
    return cuts and any(_is_tiny(said[name]) for name in _SIDES if name in said)


_SIZE = re.compile(r"(-?\d{0,6}(?:\.\d{0,6})?)(px|pt|pc|em|rem|%|ex|ch|q|mm|cm|in|vw|vh|vmin|vmax|)")
_PX = {"pt": 1.33, "pc": 16, "em": 16, "rem": 16, "ex": 8, "ch": 8, "mm": 3.8, "cm": 38, "in": 96, "%": 10}
_PX |= {"vw": 10, "vh": 10, "vmin": 10, "vmax": 10}


def _read_px(size: str) -> float | None:
    """Convert a length to px, assuming a usual font size and window; None if it is not a length."""
    found = _SIZE.fullmatch(size)
    if found is None or not found[1].strip("-."):
        return None
    return float(found[1]) * _PX.get(found[2], 1)


_WORDS = re.compile(
    r"(?:x{1,3}-)?(?:small|large)(?:er)?|medium|(?:max|min|fit)-content|(?:min-)?auto|none|normal|initial|inherit|unset"
    r"|revert|math"
)
_DOT = 1.34  # px: 1pt is a dot
_SMALL_SHARE = {"%": 5.0, "em": 0.05, "rem": 0.05}


def _is_tiny(size: str) -> bool:
    """Return whether a size is zero, at most a dot, or unknown."""
    found = _SIZE.fullmatch(size)
    if found is None or not found[1].strip("-."):
        return _WORDS.fullmatch(size) is None
    if not found[2]:
        return float(found[1]) <= 0  # a number without a unit is a factor of the line height, or zero
    share = _SMALL_SHARE.get(found[2])
    return float(found[1]) <= share if share is not None else (_read_px(size) or 0) <= _DOT


def _find_size(name: str, value: str) -> str:
    """Return the font size in a value of `font-size` or `font`; empty if there is none."""
    if name == "font-size":
        return value or "inherit"
    parts = (each.partition("/")[0] for each in value.split()[:8])
    sizes = (each for each in parts if each[:1] in set("0123456789.-") and not _WEIGHT.fullmatch(each))
    return next(sizes, "" if "(" not in value else value)


_WEIGHT = re.compile(r"[1-9]\d{2}")
