"""Groups of values without labels of their own: after a label of several items, or in a signature.

Each line is read from left to right: an organisation with its code, sections, a title, a name. A line that
contains anything else gives no items.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.admission.application.consent.people import find_body
from gateway.admission.application.evidence import shapes
from gateway.admission.application.items.labels import Item
from gateway.admission.application.items.values import strip_note
from gateway.admission.application.layout.no_value import is_mark_of_mail
from gateway.patterns import compile_later

MAX_BLOCK, MAX_LINE = 12, 120
_ORDER = (Item.ORGANISATION, Item.DEPARTMENT, Item.TITLE, Item.NAME)
_CODE = compile_later(r"[(（]?[^\d:：]{0,14}コード[ 　:：]{0,4}(?P<code>[0-9０-９]{6})[)）]?")
_HALL = compile_later(r"(?<=[市区町村])(?:役所|役場)$")
_TOKEN = compile_later(r"[^ 　\t／/]+")
_LINE = compile_later(
    r"[\s　]*(?:[-=_*+~#－＝＿＊～―─━■□◆◇…・＋/／\\|｜.:：<>＜＞]{3,}|[-+]{1,2}(?:[-+=])*)[\s　]*"
)


def part_value(lines: Sequence[str]) -> dict[Item, str]:
    """Return the items of lines that contain only such values, up to the first item that is repeated."""
    found: dict[Item, str] = {}
    for line in lines[:MAX_BLOCK]:
        told = read_line(line)
        if told is None or told.keys() & found.keys() - {Item.DEPARTMENT}:
            break
        for item, value in told.items():
            found[item] = f"{found[item]} {value}" if item in found else value
    return found


def read_line(line: str) -> dict[Item, str] | None:
    """Return the items of a line; None if it contains anything else."""
    bare = line.strip(" \t　・,，、/／|｜")
    if not bare or len(bare) > MAX_LINE:
        return None
    if (beside := shapes.split_code(bare)) is not None and shapes.is_body(beside[0]):
        return {Item.ORGANISATION: beside[0], Item.CODE: beside[1]}
    if (coded := _CODE.fullmatch(bare)) is not None and shapes.is_code(coded["code"]):
        return {Item.CODE: coded["code"]}
    tokens = [part for one in _TOKEN.finditer(bare) for part in _part_word(one.start(), one.group())]
    spans = _tag(tokens, bare)
    if spans is None:
        return None
    told = {item: bare[begun:end].strip() for item, (begun, end) in spans.items()}
    return {
        item: strip_note(value) if item is Item.NAME else strip_hall(value) for item, value in told.items()
    }


def strip_hall(value: str) -> str:
    """Return a value without the word for a town hall at its end: 見本町役場."""
    return _HALL.sub("", value)


def _part_word(at: int, word: str) -> list[tuple[int, int, str]]:
    """Return the parts of a word without blanks: 見本市総務部 is an organisation and its section."""
    cut = len(find_body(word)) if shapes.is_section(word) else 0
    bounds = [(0, cut), (cut, len(word))] if 0 < cut < len(word) else [(0, len(word))]
    return [(at + begun, at + end, word[begun:end]) for begun, end in bounds]


def _tag(tokens: Sequence[tuple[int, int, str]], bare: str) -> dict[Item, tuple[int, int]] | None:
    spans: dict[Item, tuple[int, int]] = {}
    at, floor = 0, 0
    while at < len(tokens):
        kind, count = _find_kind(tokens, at, floor)
        if kind is None:
            return None
        begun, end = tokens[at][0], tokens[at + count - 1][1]
        spans[kind] = (spans[kind][0] if kind in spans else begun, end)
        floor, at = _ORDER.index(kind), at + count
    return spans


def _find_kind(tokens: Sequence[tuple[int, int, str]], at: int, floor: int) -> tuple[Item | None, int]:
    """Return the item that begins at a token, in the order of a line, and its number of tokens."""
    word = tokens[at][2]
    if floor == 0 and shapes.is_body(word) and not shapes.is_section(word):
        return Item.ORGANISATION, 1
    if floor <= 1 and shapes.is_section(word):
        return Item.DEPARTMENT, 1
    if floor <= 2 and shapes.is_title(word) and (at + 1 < len(tokens) or floor):
        return Item.TITLE, 1
    if floor < 3:
        for count in (3, 2, 1):
            name = " ".join(one[2] for one in tokens[at : at + count])
            if (
                at + count == len(tokens)
                and shapes.is_parted_name(name)
                and not shapes.is_body(strip_note(name))
            ):
                return Item.NAME, count
    return None, 0


def find_signature(lines: Sequence[str]) -> dict[Item, str]:
    """Return the items of the last block of lines that names a person and their office, without contacts.

    If the blocks name several people, nobody can tell who writes.
    """
    told = (part_value(block) for block in _blocks(lines))
    signed = [one for one in told if Item.NAME in one and one.keys() & {Item.ORGANISATION, Item.DEPARTMENT}]
    people = {"".join(one[Item.NAME].split()) for one in signed}
    return signed[0] if len(people) == 1 else {}


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the runs of lines that contain such values, beginning with the last."""
    held: list[str] = []
    for line in (*reversed(lines), ""):
        if is_mark_of_mail(line):
            held = []
            continue
        if _LINE.fullmatch(line) is None and line.strip() and read_line(line) is not None:
            held.insert(0, line)
        elif held:
            yield held
            held = []
