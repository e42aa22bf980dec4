"""Text below a label: its value, or the rest of a value that takes more than one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from gateway.admission.application.consent.answers.reading import BOX
from gateway.admission.application.items.labels import Item, strip_bullets
from gateway.admission.application.items.values import MAX_VALUE, clean_value, is_unknown, parse_category
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.lines import Lines
from gateway.admission.application.layout.no_value import is_headline, is_no_value
from gateway.admission.application.unlabelled.kinds import strip_told, take
from gateway.mail.lines import is_rule
from gateway.patterns import compile_later

_NEXT_LINES = 4
_FOLDED = frozenset({Item.ORGANISATION, Item.DEPARTMENT, Item.AFFILIATION, Item.TITLE, Item.NAME})


def find_following(lines: Lines, at: int, *, quoted: bool) -> list[str]:
    """Return the next lines, up to the first quoted one unless this line is quoted: others wrote it."""
    following: list[str] = []
    for place in range(at + 1, min(at + 1 + _NEXT_LINES, len(lines.texts))):
        line = lines.texts[place]
        if place in lines.quoted and not quoted:
            break
        following.append(line)
    return following


def _continue(value: str, line: str, following: Sequence[str]) -> str:
    """Append the rest of a value from the next lines, which have the same indentation below it."""
    depth = _indent(following[0]) if following else 0
    if depth < 2 or depth <= _indent(line):
        return value
    rests = takewhile(lambda rest: _indent(rest) == depth and _is_rest_of_value(rest), following)
    return " ".join((value, *(rest.strip() for rest in rests)))[:MAX_VALUE]


def _is_rest_of_value(rest: str) -> bool:
    """Return whether a line may continue a value: it says nothing of its own."""
    if _UNIT_IN_BRACKETS.fullmatch(rest.strip()):
        return True
    if not _REST_OF_VALUE.fullmatch(rest.strip()) or is_no_value(rest) or BOX.match(rest) is not None:
        return False
    held = parse_line(rest)
    return held is None or (held[1] == "" and rest.isascii())


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t　"))


# No sentence, no address, no note.
_REST_OF_VALUE = compile_later(
    r"[^\s。．.!?！？:：@＠※*()（）\[\]【】<>＜＞][^。！？!?:：@＠※()（）【】<>＜＞]{0,40}"
)
_UNIT_IN_BRACKETS = compile_later(r"[(（][^\s()（）]{1,16}[部局課室係班][)）]")
_UNITS = frozenset({Item.DEPARTMENT, Item.AFFILIATION})
_UNIT = compile_later(
    r"(?:[\s　]{0,8}[一-鿿ぁ-ゖァ-ヺーA-Za-z0-9Ａ-Ｚａ-ｚ０-９・]{1,30}"
    r"(?:部|局|課|室|係|班|センター|グループ|チーム|担当)){1,4}[\s　]*"
)


def complete_value(item: Item, value: str, line: str, following: Sequence[str]) -> str:
    """Return the value beside the label of `line`, with its rest on the next lines."""
    if item not in _FOLDED:
        return value
    if item is Item.NAME and following and _is_reading_below(value, following[0].strip()):
        return value
    whole = _continue(_close_bracket(value, following), line, following)
    return _join_units(item, value, following) if whole == value else whole


def _is_reading_below(name: str, below: str) -> bool:
    """Return whether the line below a name is the name in kana or Latin letters, and not its second half."""
    is_whole = len(name.split()) > 1 or len(below.split()) > 1
    return is_whole and _KANJI.search(name) is not None and _OF_READING.fullmatch(below) is not None


_KANJI = compile_later("[一-鿿々]")
_OF_READING = compile_later(r"[\u3041-\u30ff\uff61-\uff9fA-Za-zＡ-Ｚａ-ｚ.,・ 　]{3,60}")


def _close_bracket(value: str, following: Sequence[str]) -> str:
    """Return a value with the rest of its note in brackets, which a mail program wrapped."""
    opened = _OPENED.search(value)
    rest = following[0].strip() if opened is not None and following else ""
    closed = _CLOSED.fullmatch(rest)
    return f"{value}{rest}"[:MAX_VALUE] if closed is not None and parse_line(rest) is None else value


_OPENED, _CLOSED = compile_later(r"[(（][^()（）]{1,80}$"), compile_later(r"[^()（）:：]{0,60}[)）]")


def _join_units(item: Item, value: str, following: Sequence[str]) -> str:
    """Append the units below a value, line by line, up to the next label: 総務部, 情報政策課.

    Without a following label it may be a signature, and nobody can tell.
    """
    lines = [line for line in following if line.strip()]
    rests = list(takewhile(_is_unit, lines))
    is_enclosed = len(rests) < len(lines) and parse_line(lines[len(rests)]) is not None
    if item not in _UNITS or not (rests and is_enclosed and _is_unit(value)):
        return value
    return " ".join((value, *(rest.strip() for rest in rests)))[:MAX_VALUE]


def _is_unit(line: str) -> bool:
    return _UNIT.fullmatch(line) is not None and parse_line(line) is None


def find_value(item: Item, following: Sequence[str]) -> str:
    """Return the value on a following line, if there is none beside the label."""
    below = [line.lstrip()[: 2 * MAX_VALUE] for line in following]
    if item is Item.CATEGORY and (choices := [line.strip() for line in _box_lines(below)]):
        return " ".join(choices)[: 2 * MAX_VALUE]
    for at, line in enumerate(below[:2]):
        if line.strip():
            told = strip_told(strip_bullets(line).strip())
            if told != line.strip() and take(item, told):
                return told  # 見本町です。
            # 自治体 below 区分 is a value, although it is a label elsewhere.
            foreign = parse_line(line) is not None and not (item is Item.CATEGORY and parse_category(line))
            if foreign or is_rule(line) or is_headline(line) or is_no_value(line):
                return ""
            if is_unknown(line):
                return line.strip() if item is Item.CODE else ""
            return _join_units(item, clean_value(strip_bullets(line)), following[at + 1 :])
    return ""


def _box_lines(below: Sequence[str]) -> Iterator[str]:
    """Yield the lines with boxes that directly follow a label."""
    for line in below:
        if BOX.match(line) is None or parse_line(line) is not None:
            return
        yield line
