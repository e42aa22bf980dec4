"""Determines which text of an HTML page is visible: what styles and attributes hide (CSS 2.2, in outline).

Only what hides text is evaluated. Text that a page hides for one kind of screen counts as hidden, because not
every reader saw it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gateway.mail.mime.html_colour import Colour, is_alike
from gateway.mail.mime.html_hiding import Changes, read_changes, strip_comments, writes_text
from gateway.memoize import memoize

MAX_TAG = 4_000
MAX_SHEET = 100_000
MAX_RULES = 20  # with one name

_VOID = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source"),
        *("track", "wbr"),
    }
)
# A start tag of the same type ends these if the end tag is omitted.
_IMPLIED = frozenset({"li", "td", "th", "tr", "dt", "dd", "option"})
_REACH = 50


@dataclass(frozen=True, slots=True)
class Look:
    """The appearance of an element's text. `gone` holds for all its content, the others until changed."""

    gone: bool = False
    invisible: bool = False
    tiny: bool = False
    colour: Colour | None = (0, 0, 0)
    ground: Colour | None = (255, 255, 255)

    @property
    def is_hidden(self) -> bool:
        """Whether text with this appearance is invisible."""
        return self.gone or self.invisible or self.tiny or is_alike(self.colour, self.ground)


@dataclass(slots=True)
class Looks:
    """The open elements of a page, the innermost last, and the rules of its style sheets."""

    stack: list[tuple[str, Look]] = field(default_factory=list)
    rules: dict[str, dict[tuple[str, frozenset[str]], Changes]] = field(default_factory=dict)
    styles: dict[str, Changes] = field(default_factory=dict)

    @property
    def now(self) -> Look:
        """The appearance of text at this place."""
        return self.stack[-1][1] if self.stack else _PLAIN

    def read_sheet(self, sheet: str) -> None:
        """Record what a style sheet hides; the conditions of its rules are ignored."""
        for rule in strip_comments(sheet[:MAX_SHEET].casefold()).split("}"):
            selectors, _, body = rule.rpartition("{")
            said, written = self._read_style(body), {"gone": True} if writes_text(body) else {}
            if not said and not written:
                continue
            for selector in _BRACES.sub("", selectors.rpartition("{")[2]).split(",")[:MAX_RULES]:
                self._add_rule(selector, written if _WRITES.search(selector) else said)

    def _read_style(self, style: str) -> Changes:
        if style not in self.styles:
            self.styles[style] = read_changes(style)
        return self.styles[style]

    def _add_rule(self, selector: str, said: Changes) -> None:
        """Add a rule under the name by which its elements are found.

        Further conditions of the selector (`:first-child`, `[dir]`) are assumed to hold.
        """
        last = _PSEUDO.sub("", _COMBINED.split(selector.strip()[-200:])[-1])
        found = _SELECTOR.fullmatch(last)
        if found is None or not said:
            return
        marks = _NAMED.findall(found[2])
        tag = found[1].removeprefix("*")
        known = self.rules.setdefault(marks[0] if marks else tag or _ANY, {})
        wanted = (tag, frozenset(marks))
        if wanted in known or len(known) < MAX_RULES:
            known[wanted] = {**known.get(wanted, {}), **said}

    def open(self, name: str, attributes: str, *, is_block: bool) -> None:
        """Open an element; `attributes` is the rest of its start tag."""
        if self.stack and (
            (self.stack[-1][0] == "p" and is_block) or (name in _IMPLIED and self.stack[-1][0] == name)
        ):
            self.stack.pop()
        if name not in _VOID:
            self.stack.append((name, self._look(name, attributes[:MAX_TAG])))

    def close(self, name: str) -> None:
        """Close an element and the elements that are still open in it."""
        for at in range(len(self.stack) - 1, max(-1, len(self.stack) - 1 - _REACH), -1):
            if self.stack[at][0] == name:
                del self.stack[at:]
                return

    def _look(self, name: str, attributes: str) -> Look:
        look = replace(self.now, gone=True) if name in _NOT_SAID else self.now
        may_hide = bool(attributes) and _MAY_HIDE.search(attributes) is not None
        if not may_hide and name not in _FOLDED and self.rules.keys().isdisjoint((name, _ANY)):
            return look
        named = _read_attributes(attributes)
        if not named.keys().isdisjoint(("hidden", "popover")) or (name in _FOLDED and "open" not in named):
            look = replace(look, gone=True)
        for key, stands_for in (("bgcolor", "background"), ("color", "color")):
            if key in named:
                look = _apply(look, self._read_style(f"{stands_for}:{named[key]}"))
        marks = {*(f".{each}" for each in named.get("class", "").split()), f"#{named.get('id', '')}"}
        for key in (_ANY, name, *sorted(marks)) if self.rules else ():
            for (tag, wanted), said in self.rules.get(key, {}).items():
                if tag in {"", name} and wanted <= marks:
                    look = _apply(look, said)
        return _apply(look, self._read_style(named["style"])) if "style" in named else look


_PLAIN = Look()
# Struck-out text is withdrawn, and the options of a form field are offered, not said.
_NOT_SAID = frozenset({"s", "strike", "del", "option", "datalist"})
# Closed until somebody opens them.
_FOLDED = frozenset({"details", "dialog"})
_ANY = "*"
_SELECTOR = re.compile(r"(\*?|[a-z][a-z0-9]{0,15})((?:[.#][a-z0-9_-]{1,60}){0,5})")
_BRACES = re.compile(r"\([^()]*\)")
_COMBINED = re.compile(r"[\s>+~|]+")
_PSEUDO = re.compile(r"::?[a-z-]{1,40}|\[[^\[\]]*\]")
_WRITES = re.compile(r":(?:before|after|marker)")
_NAMED = re.compile(r"[.#][a-z0-9_-]{1,60}")
_MAY_HIDE = re.compile(r"style|hidden|popover|color|class|id", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"([a-z][a-z-]{0,30})(?:[ \t\r\n\f]*=[ \t\r\n\f]*(?:\"([^\"]*)\"|'([^']*)'|([^ \t\r\n\f\"'>]*)))?",
    re.IGNORECASE,
)


@memoize(maxsize=512, max_key=300, why="the elements of a page mostly have the same attributes")
def _read_attributes(attributes: str) -> Mapping[str, str]:
    return {
        name.lower(): html.unescape("".join(values))[:2_000].casefold()
        for name, *values in _ATTRIBUTE.findall(attributes)
    }


def _apply(look: Look, changes: Changes) -> Look:
    return replace(look, **changes) if changes else look  # type: ignore[arg-type]  # each by its name
