"""The forms in which outside text is printed: quoted on marked lines, inline in a line of ours, or exact.

Each form puts invisible signs around what is not ours. `finish` reads them when a letter is whole: it breaks
the reader's words of decision inside outside text (`printing.breaking`) and takes the signs away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import east_asian_width

from gateway.mail.text import defang, display_width, printable, wrap
from gateway.printing.outside import Outside, UnprintedError, reveal
from gateway.printing.phrases import split_phrases

# Noncharacters (Unicode 23.7): never in interchanged text, and taken out of everything that is printed.
BEGIN, END = "\ufdd0", "\ufdd1"
EXACT_BEGIN, EXACT_END = "\ufdd2", "\ufdd3"
SIGNS = re.compile("[\ufdd0-\ufdd3]")

MARK = "| "
QUOTED_COLUMNS = 60
LINE_COLUMNS = 70
MAX_QUOTED = 20_000
NAME_LENGTH = 40
ORGANISATION_LENGTH = 60
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
    """Outside text on lines of at most 60 columns, each marked `| `; links harmless, control signs gone.

    `label` goes in front of the first line, inside the mark, on a line of its own where it would be broken;
    of more than `most` lines (0: all) the first are printed.
    """
    text = _defang(_clean(_LINE_END.sub("\n", reveal(value))[:MAX_QUOTED]))
    first, *rest = text.split("\n")
    lines = [*_narrow_behind(label, first), *(line for given in rest for line in _narrow(given))]
    if most and len(lines) > most:
        lines = [*lines[: most - 1], "…"]
    return "\n".join(f"{MARK}{BEGIN}{line}{END}" for line in lines)


def _narrow_behind(label: str, line: str) -> list[str]:
    """The line behind its label, which stays whole."""
    lines = _narrow(f"{label}{line}")
    return lines if lines[0].startswith(label) else [label, *_narrow(line)]


def _narrow(line: str) -> list[str]:
    """The line at most 60 columns wide, also where signs of ambiguous width (UAX #11) take two."""
    lines = wrap(line, QUOTED_COLUMNS, split_phrases).split("\n")
    if any(display_width(one) + _count_ambiguous(one) > QUOTED_COLUMNS for one in lines):
        lines = wrap(line, QUOTED_COLUMNS // 2, split_phrases).split("\n")
    return lines


def _count_ambiguous(line: str) -> int:
    return 0 if line.isascii() else sum(east_asian_width(sign) == "A" for sign in line)


def plain(value: object) -> str:
    """Outside text with its own line ends, for a page that shows where it begins and ends; links harmless,
    control signs gone."""
    return _defang(_clean(_LINE_END.sub("\n", reveal(value))[:MAX_QUOTED]))


def inline(value: object, length: int = NAME_LENGTH) -> str:
    """Outside text inside a line of ours: one line, at most `length` characters, brackets and quotation
    marks as （）. It is never put at the beginning of a line."""
    text = printable(_clean(_LINE_END.sub(" ", reveal(value))), 4 * length).translate(_BRACKETS)
    text = " ".join(_defang(text).split())
    text = text if len(text) <= length else text[: length - 1].rstrip() + "…"
    return f"{BEGIN}{text}{END}" if text else ""


def organisation(value: object) -> str:
    """The name of an organisation as `inline`, with more room."""
    return inline(value, ORGANISATION_LENGTH)


def exact(value: object) -> str:
    """An address of ASCII alone as it is, on a marked line; anything else as `quoted`."""
    text = reveal(value)
    if _ADDRESS.fullmatch(text) is None:
        return quoted(value)
    return f"{MARK}{EXACT_BEGIN}{text}{EXACT_END}"


def printed(value: object) -> str:
    """What a template of 0.1 gets for a value that it prints bare: an address exact, all else inline."""
    text = reveal(value)
    if _ADDRESS.fullmatch(text) is not None:
        return f"{EXACT_BEGIN}{text}{EXACT_END}"
    return inline(value, MAX_BARE)


def folded(text: str | Outside, columns: int = LINE_COLUMNS) -> str:
    """Lines of ours, with inline text in them, at most 70 columns wide (or `columns`).

    A line that had to be broken inside outside text goes on behind a mark. Raises UnprintedError.
    """
    if isinstance(text, Outside):
        raise UnprintedError
    return "\n".join(_fold_lines(text, columns))


def _fold_lines(text: str, columns: int) -> Iterator[str]:
    open_ = False
    for line in wrap(text, columns, split_phrases).split("\n"):
        begun = (MARK + BEGIN if open_ else "") + line
        open_ = begun.rfind(BEGIN) > begun.rfind(END)
        yield begun + (END if open_ else "")


_HOST_WITH_PATH = re.compile(r"(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){1,10}(?=[:/])")


def _defang(text: str) -> str:
    """No program makes a link of it: neither of a scheme nor of a host with a path."""
    return _HOST_WITH_PATH.sub(lambda found: found[0].replace(".", "[.]"), defang(text))


def _clean(text: str) -> str:
    return CONTROL.sub("", text)


def remove_signs(text: str) -> str:
    """The text as it leaves."""
    return SIGNS.sub("", text)
