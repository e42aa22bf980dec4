"""The forms in which outside text is printed: quoted on marked lines, inline in a line of ours, or exact.

Each form puts invisible signs around text that is not ours. `finish` evaluates them once a letter is
complete: it breaks decision words inside outside text (`printing.breaking`) and removes the signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import east_asian_width

from gateway.mail.text import defang, display_width, printable, wrap
from gateway.memoize import memoize
from gateway.printing.outside import Outside, UnprintedError, reveal
from gateway.printing.phrases import split_phrases

# Noncharacters (Unicode 23.7): never in interchanged text, and removed from everything that is printed.
BEGIN, END = "\ufdd0", "\ufdd1"
EXACT_BEGIN, EXACT_END = "\ufdd2", "\ufdd3"
SIGNS = re.compile("[\ufdd0-\ufdd3]")

MARK = "| "
QUOTED_COLUMNS = 60
LINE_COLUMNS = 70
MAX_QUOTED = 20_000
NAME_LENGTH = 40
ORGANISATION_LENGTH = 60
LONGEST_LINE = 320  # the longest address: RFC 5321 section 4.5.3.1
MAX_BARE = 1_000
_ADDRESS = re.compile(r"[0-9A-Za-z!#$%&'*+./=?^_`{|}~-]{1,64}@[0-9A-Za-z.-]{1,255}")
CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
_LINE_END = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_BRACKETS = str.maketrans(
    dict.fromkeys("([{<「『【〔〈《［｛＜｟〖〘〚«‹", "（")
    | dict.fromkeys(")]}>」』】〕〉》］｝＞｠〗〙〛»›", "）")
    | dict.fromkeys("\"'“”‘’‚„‛‟`´＂＇｀", "")
)


def quoted(value: object, label: str = "", most: int = 0) -> str:
    """Return outside text on lines of at most 60 columns, each marked `| `, defanged and without controls.

    `label` precedes the first line after the mark, or is on a line of its own if it would be broken
    otherwise. With `most`, print at most so many lines (0: all).
    """
    text = _defang(_clean(_LINE_END.sub("\n", reveal(value))[:MAX_QUOTED]))
    first, *rest = text.split("\n")
    lines = [*_narrow_behind(label, first), *(line for given in rest for line in _narrow(given))]
    if most and len(lines) > most:
        lines = [*lines[: most - 1], "…"]
    return "\n".join(f"{MARK}{BEGIN}{line}{END}" for line in lines)


def _narrow_behind(label: str, line: str) -> list[str]:
    """Return the line after its label, which is kept whole."""
    lines = _narrow(f"{label}{line}")
    return lines if lines[0].startswith(label) else [label, *_narrow(line)]


def _narrow(line: str) -> list[str]:
    """Wrap a line to 60 columns, even if characters of ambiguous width (UAX #11) take two."""
    lines = wrap(line, QUOTED_COLUMNS, split_phrases).split("\n")
    if any(map(_may_be_too_wide, lines)):
        lines = wrap(line, QUOTED_COLUMNS // 2, split_phrases).split("\n")
    return lines


def _may_be_too_wide(line: str) -> bool:
    if 2 * len(line) <= QUOTED_COLUMNS or line.isascii():  # no character takes more than two columns
        return len(line) > QUOTED_COLUMNS
    return display_width(line) + sum(east_asian_width(sign) == "A" for sign in line) > QUOTED_COLUMNS


def plain(value: object) -> str:
    """Return outside text with its line ends, defanged and without controls, for a page that delimits it."""
    return _defang(_clean(_LINE_END.sub("\n", reveal(value))[:MAX_QUOTED]))


def line(value: object) -> str:
    """Return outside text as `plain`, on one line of at most 320 characters, such as a subject or a reply."""
    text = " ".join(plain(value).split())
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1].rstrip() + "…"


def inline(value: object, length: int = NAME_LENGTH) -> str:
    """Return outside text for use within a line of ours, but never at its beginning.

    It is one line of at most `length` characters, with brackets and quotation marks as （）.
    """
    text = printable(_clean(_LINE_END.sub(" ", reveal(value))), 4 * length).translate(_BRACKETS)
    text = " ".join(_defang(text).split())
    text = text if len(text) <= length else text[: length - 1].rstrip() + "…"
    return f"{BEGIN}{text}{END}" if text else ""


def organisation(value: object) -> str:
    """Return the name of an organisation as `inline`, with a higher limit."""
    return inline(value, ORGANISATION_LENGTH)


def exact(value: object) -> str:
    """Return an ASCII address unchanged on a marked line; anything else as `quoted`."""
    text = reveal(value)
    if _ADDRESS.fullmatch(text) is None:
        return quoted(value)
    return f"{MARK}{EXACT_BEGIN}{text}{EXACT_END}"


def printed(value: object) -> str:
    """Return a value that a template of 0.1 prints bare: an address exact, anything else inline."""
    text = reveal(value)
    if _ADDRESS.fullmatch(text) is not None:
        return f"{EXACT_BEGIN}{text}{EXACT_END}"
    return inline(value, MAX_BARE)


def folded(text: str | Outside, columns: int = LINE_COLUMNS) -> str:
    """Wrap lines of ours that contain inline text to 70 columns (or `columns`).

    A line that is broken inside outside text continues after a mark. Raises UnprintedError.
    """
    if isinstance(text, Outside):
        raise UnprintedError
    return _fold(text, columns)


@memoize(
    maxsize=64,
    max_key=MAX_BARE,
    why="a sentence is printed as text and as HTML, and in several messages",
)
def _fold(text: str, columns: int) -> str:
    return "\n".join(_fold_lines(text, columns))


def _fold_lines(text: str, columns: int) -> Iterator[str]:
    open_ = False
    for line in wrap(text, columns, split_phrases).split("\n"):
        begun = (MARK + BEGIN if open_ else "") + line
        open_ = begun.rfind(BEGIN) > begun.rfind(END)
        yield begun + (END if open_ else "")


_HOST_WITH_PATH = re.compile(r"(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){1,10}(?=[:/])")


def _defang(text: str) -> str:
    """Defang links, whether they have a scheme, or a host and a path."""
    text = defang(text)
    if "." not in text or (":" not in text and "/" not in text):
        return text
    return _HOST_WITH_PATH.sub(lambda found: found[0].replace(".", "[.]"), text)


def _clean(text: str) -> str:
    return CONTROL.sub("", text)


def remove_signs(text: str) -> str:
    """Remove the signs of the forms."""
    return SIGNS.sub("", text)
