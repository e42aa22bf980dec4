"""Converts HTML to the plain text that its reader sees, in one pass. Nothing is fetched or run.

The standard library's HTML parser is quadratic on hostile input. This parser supports only tags, comments,
character references and which elements begin a line (HTML Living Standard, section 13.2.5 in outline).
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from gateway.mail.mime.html_style import Looks

# Elements whose content is not text for people.
_HIDDEN_ELEMENTS = frozenset(
    {
        *("script", "style", "title", "template", "iframe", "object", "noembed", "noframes", "xmp"),
        *("video", "audio", "canvas", "meter", "progress"),
    }
)
# The content of a drawing or a form field is visible, but not something that the writer says.
_OFFERED_ELEMENTS = frozenset({"svg", "math", "textarea", "select", "button"})
_BLOCK_ELEMENTS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "dir", "div", "dl"),
        *("dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *(
            "header",
            "hr",
            "html",
            "legend",
            "li",
            "main",
            "menu",
            "nav",
            "ol",
            "option",
            "p",
            "pre",
            "section",
        ),
        *("table", "tbody", "tfoot", "thead", "tr", "ul"),
    }
)
_CELLS = frozenset({"td", "th"})

# Any other `<` is a character of the text.
_MARKUP = re.compile(r"<(?:(/?)([A-Za-z][A-Za-z0-9:-]{0,30})|!--|[!?])")
# The attributes of <input type="checkbox" checked>.
_CHOICE = re.compile(
    r"(?<![\w-])type[ \t\n\f\r]*=[ \t\n\f\r]*[\"']?(?:checkbox|radio)(?![\w-])", re.IGNORECASE
)
_VALUE = re.compile(r"=[ \t\n\f\r]*(?:\"[^\"]*\"|'[^']*'|[^ \t\n\f\r>]*)")
_CHECKED = re.compile(r"(?<![\w-])checked(?![\w-])", re.IGNORECASE)
# Up to the end of a tag: quoted values can contain `>`.
_STEP = re.compile(r"=[ \t\n\f]*(?:\"[^\"]*\"|'[^']*')|>")
_TAG = re.compile(r"<[^<>]*>?")
_SPACE = re.compile(r"[ \t\n\f\r]+")
# Bounded, because int() rejects numbers with thousands of digits, and html.unescape passes it any length.
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(slots=True)
class _TextBuilder:
    """The finished lines, and the pieces of the current line."""

    lines: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    quotes: int = 0
    preformatted: int = 0
    looks: Looks = field(default_factory=Looks)

    def write(self, text: str) -> None:
        """Add text as written in the source, if it is visible at this place."""
        if not text or self.looks.now.is_hidden:
            return
        text = _REFERENCE.sub(lambda match: html.unescape(match.group()), text)
        if self.preformatted:
            first, *rest = text.split("\n")
            self.pieces.append(first)
            for line in rest:
                self.end_line()
                self.pieces.append(line)
            return
        self.pieces.append(_SPACE.sub(" ", text))

    def offer(self, source: str) -> None:
        """Add visible text that nobody says, as a quotation."""
        self.begin_block()
        self.quotes += 1
        self.write(_TAG.sub(" ", source))
        self.begin_block()
        self.quotes -= 1

    def end_line(self) -> None:
        """End the line, even if it is empty."""
        if not self.pieces:
            self.lines.append("")
            return
        line = _CONTROL.sub("", "".join(self.pieces).replace("\xa0", " "))
        line = line.rstrip() if self.preformatted else re.sub(r" {2,}", " ", line).strip(" \t")
        # Quoted text is marked as in plain text, so that it is recognised as such.
        self.lines.append(f"> {line}" if self.quotes and line else line)
        self.pieces.clear()

    def begin_block(self) -> None:
        """Begin or end a block: the following text begins a new line."""
        if self.pieces and "".join(self.pieces).strip():
            self.end_line()
        else:
            self.pieces.clear()

    def handle_tag(self, name: str, *, closing: bool) -> None:
        """Apply a tag to the text."""
        if name == "br":
            self.end_line()
        elif name in _BLOCK_ELEMENTS:
            self.begin_block()
            step = -1 if closing else 1
            if name == "blockquote":
                self.quotes = max(0, self.quotes + step)
            elif name == "pre":
                self.preformatted = max(0, self.preformatted + step)
        elif name in _CELLS and closing:
            self.pieces.append("\t")
        elif name == "q":
            self.write("”" if closing else "“")

    def draw_box(self, attributes: str) -> None:
        """Add the box of a choice, as people write it in plain text: ticked or empty."""
        bare = _VALUE.sub(" ", attributes)
        if _CHOICE.search(attributes) is not None:
            self.write("☑" if _CHECKED.search(bare) is not None else "□")


def to_text(source: str) -> str:
    """Convert an HTML page to text with LF line ends. Linear in its length; never raises."""
    page = _TextBuilder()
    at = 0
    while (mark := _MARKUP.search(source, at)) is not None:
        page.write(source[at : mark.start()])
        at = _read_markup(source, mark, page)
    page.write(source[at:])
    page.begin_block()
    return "\n".join(page.lines).strip("\n")


def _read_markup(source: str, mark: re.Match[str], page: _TextBuilder) -> int:
    """Process the markup that begins with `mark`, and return the position after it."""
    if mark.group() == "<!--":
        return _find_end(source, "-->", mark.end() - 2)  # HTML: `<!-->` is a comment too
    if mark.group(2) is None:
        return _find_end(source, ">", mark.end())
    name, closing = mark.group(2).lower(), bool(mark.group(1))
    end = _find_tag_end(source, mark.end())
    if name in _CLOSINGS and not closing:
        last = _find_element_end(source, name, end)
        if name == "style":
            page.looks.read_sheet(source[end:last])
        elif name in _OFFERED_ELEMENTS:
            page.offer(source[end:last])
        return last
    if closing:
        page.looks.close(name)
    else:
        page.looks.open(name, source[mark.end() : end], is_block=name in _BLOCK_ELEMENTS)
    page.handle_tag(name, closing=closing)
    if name == "input" and not closing:
        page.draw_box(source[mark.end() : end])
    return end


def _find_end(source: str, mark: str, at: int) -> int:
    found = source.find(mark, at)
    return found + len(mark) if found >= 0 else len(source)


def _find_tag_end(source: str, at: int) -> int:
    """Return the position after the `>` of a tag; an unterminated tag extends to the end, as in browsers."""
    if source.startswith(">", at):
        return at + 1
    for step in _STEP.finditer(source, at):
        if step.group() == ">":
            return step.end()
    return len(source)


def _find_element_end(source: str, name: str, at: int) -> int:
    end = _CLOSINGS[name].search(source, at)
    return _find_end(source, ">", end.end()) if end is not None else len(source)


# Without the `>`: searching for it after each `</script` would be quadratic.
_CLOSINGS = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _HIDDEN_ELEMENTS | _OFFERED_ELEMENTS
}
