"""Which text of an HTML page its reader sees: what styles and attributes hide (CSS 2.2, in outline).

Only what hides is read. A page that hides a text for one kind of screen hides it here: such a text is not
one that every reader saw.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

MAX_TAG = 4_000
MAX_SHEET = 100_000
MAX_RULES = 20  # of one name
# Colours nearer than this in each of red, green and blue cannot be told apart.
_NEAR = 24

_VOID = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source"),
        *("track", "wbr"),
    }
)
# A start tag of the same kind ends these, where the end tag is left out.
_IMPLIED = frozenset({"li", "td", "th", "tr", "dt", "dd", "option"})
_REACH = 50

Colour = tuple[int, int, int]
Changes = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Look:
    """How the text of an element looks. `gone` holds for all that stands in it, the others until changed."""

    gone: bool = False
    invisible: bool = False
    tiny: bool = False
    colour: Colour | None = (0, 0, 0)
    ground: Colour | None = (255, 255, 255)

    @property
    def is_hidden(self) -> bool:
        """Whether nobody sees a text that looks so."""
        return self.gone or self.invisible or self.tiny or _is_alike(self.colour, self.ground)


@dataclass(slots=True)
class Looks:
    """The open elements of a page, the innermost at the end, and the rules of its style sheets."""

    stack: list[tuple[str, Look]] = field(default_factory=list)
    rules: dict[str, dict[tuple[str, frozenset[str]], Changes]] = field(default_factory=dict)
    styles: dict[str, Changes] = field(default_factory=dict)

    @property
    def now(self) -> Look:
        """How text looks here."""
        return self.stack[-1][1] if self.stack else _PLAIN

    def read_sheet(self, sheet: str) -> None:
        """Remember what a style sheet hides; conditions of its rules are not looked at."""
        for rule in _strip_comments(sheet[:MAX_SHEET].casefold()).split("}"):
            selectors, _, body = rule.rpartition("{")
            said = self._read_style(body)
            if not said:
                continue
            for selector in selectors.rpartition("{")[2].split(",")[:MAX_RULES]:
                self._add_rule(selector.strip().rpartition(" ")[2].rpartition(">")[2], said)

    def _read_style(self, style: str) -> Changes:
        if style not in self.styles:
            self.styles[style] = _read_changes(_read_declarations(style))
        return self.styles[style]

    def _add_rule(self, selector: str, said: Changes) -> None:
        """A rule under the name by which its elements are found."""
        found = _SELECTOR.fullmatch(selector[:200])
        if found is None or not selector:
            return
        marks = _NAMED.findall(found[2])
        known = self.rules.setdefault(marks[0] if marks else found[1], {})
        wanted = (found[1], frozenset(marks))
        if wanted in known or len(known) < MAX_RULES:
            known[wanted] = {**known.get(wanted, {}), **said}

    def open(self, name: str, attributes: str, *, is_block: bool) -> None:
        """An element begins; `attributes` is what stands in its tag."""
        if self.stack and (
            (self.stack[-1][0] == "p" and is_block) or (name in _IMPLIED and self.stack[-1][0] == name)
        ):
            self.stack.pop()
        if name not in _VOID:
            self.stack.append((name, self._look(name, attributes[:MAX_TAG])))

    def close(self, name: str) -> None:
        """An element ends, and what stands open in it."""
        for at in range(len(self.stack) - 1, max(-1, len(self.stack) - 1 - _REACH), -1):
            if self.stack[at][0] == name:
                del self.stack[at:]
                return

    def _look(self, name: str, attributes: str) -> Look:
        look = replace(self.now, gone=True) if name in _NOT_SAID else self.now
        if name not in self.rules and (not attributes or _MAY_HIDE.search(attributes) is None):
            return look
        named = dict(_read_attributes(attributes))
        if "hidden" in named:
            look = replace(look, gone=True)
        for key, stands_for in (("bgcolor", "background"), ("color", "color")):
            if key in named:
                look = _apply(look, self._read_style(f"{stands_for}:{named[key]}"))
        marks = {*(f".{each}" for each in named.get("class", "").split()), f"#{named.get('id', '')}"}
        for key in (name, *sorted(marks)) if self.rules else ():
            for (tag, wanted), said in self.rules.get(key, {}).items():
                if tag in {"", name} and wanted <= marks:
                    look = _apply(look, said)
        return _apply(look, self._read_style(named["style"])) if "style" in named else look


_PLAIN = Look()
# What is struck out is taken back, and what stands in a field of a form is offered, not said.
_NOT_SAID = frozenset({"s", "strike", "del", "select", "option", "datalist", "textarea", "button"})
_SELECTOR = re.compile(r"([a-z][a-z0-9]{0,15}|)((?:[.#][a-z0-9_-]{1,60}){0,5})")
_NAMED = re.compile(r"[.#][a-z0-9_-]{1,60}")
_MAY_HIDE = re.compile(r"style|hidden|color|class|id", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"([a-z][a-z-]{0,30})(?:[ \t\r\n\f]*=[ \t\r\n\f]*(?:\"([^\"]*)\"|'([^']*)'|([^ \t\r\n\f\"'>]*)))?",
    re.IGNORECASE,
)


def _read_attributes(attributes: str) -> Iterator[tuple[str, str]]:
    for name, *values in _ATTRIBUTE.findall(attributes):
        yield name.lower(), html.unescape("".join(values))[:2_000].casefold()


def _read_declarations(style: str) -> Mapping[str, str]:
    """Properties and values of a style, the last of a property counts."""
    parts = (part.partition(":") for part in _strip_comments(style[:2_000]).split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in parts}


def _strip_comments(style: str) -> str:
    kept, at = [], 0
    while (begin := style.find("/*", at)) >= 0:
        kept.append(style[at:begin])
        end = style.find("*/", begin + 2)
        at = end + 2 if end >= 0 else len(style)
    return "".join(kept) + style[at:]


_SIZE = re.compile(r"(-?\d{0,6}(?:\.\d{0,6})?)(px|pt|em|rem|%|ex|mm|cm|in|vw|vh|)")
_AWAY = re.compile(r"-(?:\d{3,}|\d{2,}(?:\.\d+)?(?:em|rem|vw|vh|%|cm|in))")


def _apply(look: Look, changes: Changes) -> Look:
    return replace(look, **changes) if changes else look  # type: ignore[arg-type]  # each by its name


def _read_changes(said: Mapping[str, str]) -> Changes:
    """What a style changes of a look, by the names of its fields."""
    changes: dict[str, object] = {}
    if _is_gone(said):
        changes["gone"] = True
    if "visibility" in said:
        changes["invisible"] = said["visibility"] in {"hidden", "collapse"}
    if "font-size" in said:
        changes["tiny"] = _is_nothing(said["font-size"])
    for key, name in (("color", "colour"), ("background", "ground"), ("background-color", "ground")):
        colour = _read_colour(said[key]) if key in said else _UNREAD
        if colour != _UNREAD and not (colour is None and name == "ground"):
            changes[name] = colour
    return changes


def _is_gone(said: Mapping[str, str]) -> bool:
    placed = said.get("position") in {"absolute", "fixed", "relative"}
    moved = (said.get(key, "") for key in ("left", "right", "top", "bottom")) if placed else ()
    shifted = (said.get("text-indent", ""), said.get("margin-left", ""), said.get("margin-top", ""))
    flat = any(
        _is_nothing(said[key]) for key in ("max-height", "height", "max-width", "width") if key in said
    )
    return (
        said.get("display") == "none"
        or any("line-through" in said.get(key, "") for key in ("text-decoration", "text-decoration-line"))
        or said.get("mso-hide") == "all"
        or said.get("content-visibility") == "hidden"
        or ("opacity" in said and _is_nothing(said["opacity"]))
        or (flat and said.get("overflow", "").startswith(("hidden", "clip")))
        or any(_AWAY.match(value) for value in (*moved, *shifted))
        or re.match(r"rect\((?:0(?:px)?[ ,]*){4}\)|rect\(1px[ ,]*1px", said.get("clip", "")) is not None
        or "inset(50%" in said.get("clip-path", "")
        or re.search(r"scale[xy]?\(\s*0", said.get("transform", "")) is not None
    )


def _is_nothing(size: str) -> bool:
    """Whether a size is nothing, or a dot at most."""
    found = _SIZE.fullmatch(size)
    if found is None or not found[1].strip("-."):
        return False
    return float(found[1]) <= {"px": 1, "pt": 1, "%": 5, "em": 0.05, "rem": 0.05}.get(found[2], 0)


_UNREAD: Colour = (-1, -1, -1)
_COLOURS: Mapping[str, Colour] = {
    "white": (255, 255, 255),
    "black": (0, 0, 0),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245),
    "ghostwhite": (248, 248, 255),
    "red": (255, 0, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "lightyellow": (255, 255, 224),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
}
_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]{1,8})%?)?\s*\)")


def _read_colour(value: str) -> Colour | None:
    """A colour; None for one that lets everything through, `_UNREAD` for what is not known."""
    if value.startswith("transparent"):
        return None
    if found := _RGB.search(value):
        if found[4] and not found[4].strip("0."):
            return None
        return int(found[1]), int(found[2]), int(found[3])
    for word in value.split()[:5]:
        if word in _COLOURS:
            return _COLOURS[word]
        if found := _HEX.fullmatch(word):
            digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
            return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    return _UNREAD


def _is_alike(colour: Colour | None, ground: Colour | None) -> bool:
    """Whether a text of this colour cannot be seen on this ground; a text without any is never seen."""
    if colour is None:
        return True
    return ground is not None and all(abs(a - b) <= _NEAR for a, b in zip(colour, ground, strict=True))
