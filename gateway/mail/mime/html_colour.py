"""Parses CSS colours, and compares text and background colour for visibility (CSS Color, in outline)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

Colour = tuple[int, int, int]

UNREAD: Final[Colour] = (-1, -1, -1)
# Colours that differ by less than this in each of red, green and blue cannot be told apart.
_NEAR = 24
_FAINT = 0.2
_COLOURS: Mapping[str, Colour] = {
    "white": (255, 255, 255),
    "window": (255, 255, 255),
    "canvas": (255, 255, 255),
    "black": (0, 0, 0),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245),
    "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240),
    "seashell": (255, 245, 238),
    "mintcream": (245, 255, 250),
    "azure": (240, 255, 255),
    "aliceblue": (240, 248, 255),
    "lavenderblush": (255, 240, 245),
    "honeydew": (240, 255, 240),
    "red": (255, 0, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "lightyellow": (255, 255, 224),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
}
_HEX = re.compile(r"#?(?P<rgb>[0-9a-f]{6}|[0-9a-f]{3})|#(?P<rgba>[0-9a-f]{8}|[0-9a-f]{4})")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]{1,8})(%?))?\s*\)")
# Images and gradients can be a background, but not a text colour.
_PICTURE = re.compile(r"(?:url|image|image-set|[a-z-]{1,30}gradient)\(")


def read_colour(value: str) -> Colour | None:
    """Parse a colour.

    Returns None if it is (almost) transparent or an unsupported function, `UNREAD` if it is an unknown word.
    """
    if found := _RGB.search(value):
        return None if _is_faint(found[4], found[5]) else (int(found[1]), int(found[2]), int(found[3]))
    for word in value.split()[:5]:
        if word == "transparent":
            return None
        if word in _COLOURS:
            return _COLOURS[word]
        if found := _HEX.fullmatch(word):
            return _read_hex(found["rgb"] or found["rgba"])
    return None if "(" in value and _PICTURE.search(value) is None else UNREAD


def _read_hex(digits: str) -> Colour | None:
    full = digits if len(digits) >= 6 else "".join(2 * digit for digit in digits)
    red, green, blue, *alpha = (int(full[at : at + 2], 16) for at in range(0, len(full), 2))
    return None if alpha and alpha[0] < _FAINT * 255 else (red, green, blue)


def _is_faint(alpha: str | None, percent: str | None) -> bool:
    if not alpha:
        return False
    digits = re.fullmatch(r"\d{0,4}(?:\.\d{0,6})?", alpha)
    if digits is None or not alpha.strip("."):
        return True
    return float(alpha) < _FAINT * (100 if percent else 1)


def is_alike(colour: Colour | None, ground: Colour | None) -> bool:
    """Return whether a text of this colour is invisible on this background; a transparent text always is."""
    if colour is None:
        return True
    return ground is not None and all(abs(a - b) <= _NEAR for a, b in zip(colour, ground, strict=True))
