"""Converts table rows in plain text to lines of a label and its value.

A pasted spreadsheet, a box of ruled lines, an HTML table: labels in one row and values in the next, or label
and value side by side, several times in a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gateway.admission.application.items.labels import Item, find_item, strip_bullets
from gateway.admission.application.items.values import parse_category
from gateway.admission.application.layout.prose import is_prose
from gateway.admission.application.layout.table.cells import (
    BARS,
    MAX_CELLS,
    MAX_ROW,
    Row,
    split_at_bars,
    split_at_commas,
    split_at_gaps,
    split_at_tabs,
    strip_cells,
)
from gateway.admission.application.layout.table.columns import (
    Columns,
    is_example,
    is_note,
    join_consent,
    read_heads,
)
from gateway.admission.application.layout.table.several import names_several
from gateway.memoize import memoize
from gateway.patterns import compile_later

_SPLITS = (split_at_bars, split_at_tabs, split_at_gaps, split_at_commas)
_REACH = 3  # lines from a row to the next one: a drawn line, a blank one

_FRAME = compile_later(r"[\s　|｜+=:\-─-╿―—－ー]*")
_MARKS = compile_later(r"[\s　]*(?:[>＞][\s　]*){0,10}")
_SIGNS = compile_later(  # begins with a set of characters, otherwise the search is ten times as slow
    r"[│┃║|｜\t┌├└╔╠╚+/／　,，、;； で](?:(?<=[^ で])|(?<= )[ \t]|(?<=で)す[。.]?[ 　]*$)"
)


def unroll(lines: Sequence[str]) -> list[str]:
    """Return the lines with every table row as lines of label, tab and value; other lines are unchanged."""
    return _unroll(lines, is_no_row)


def unroll_every_line(lines: Sequence[str]) -> list[str]:
    """Unroll rows as `unroll` does, without checking whether a line is prose."""
    return _unroll(lines, lambda _: False)


@memoize(maxsize=1024, max_key=300, why="the parsers for form, people and other text check the same lines")
def is_no_row(line: str) -> bool:
    """Return whether a line is returned unchanged wherever no table has begun, whatever is around it."""
    body = _without_marks(line)
    may_begin = (_may_begin(split, split(body)) for split in _SPLITS)
    return is_prose(line) or not (is_frame(body) or _split_pair(body) or any(may_begin))


def _may_begin(split: Callable[[str], Row], row: Row) -> bool:
    """Return whether a row, split in this way, is one of headings, or begins with a label."""
    if len(row) < 2:
        return False
    return any(map(find_item, row[:2])) or (split is not split_at_commas and read_heads(row) is not None)


def _unroll(lines: Sequence[str], is_no_row: Callable[[str], bool]) -> list[str]:
    told: list[str] = []
    rows = _Rows()
    for at, line in enumerate(lines):
        if len(line) > MAX_ROW or _SIGNS.search(line) is None:
            if line.strip():
                rows.forget()
            told.append(line)
        elif rows.are_over and is_no_row(line):
            told.append(line)
        else:
            told.extend(rows.read(lines, at))
    return told[: 2 * len(lines) + MAX_CELLS]


class _Rows:
    """The headings of the current table, and how its rows are split."""

    def __init__(self) -> None:
        self.heads: list[str] = []
        self.columns: Columns | None = None
        self.split: Callable[[str], Row] = split_at_tabs

    @property
    def are_over(self) -> bool:
        """Whether there is no current table."""
        return not self.heads and self.columns is None

    def forget(self) -> None:
        """End the current table."""
        self.heads, self.columns = [], None

    def read(self, lines: Sequence[str], at: int) -> Iterator[str]:
        """Yield the replacement of this line."""
        marks = _MARKS.match(lines[at])
        begun = marks.end() if marks else 0
        mark, body = lines[at][:begun], lines[at][begun:]
        if is_frame(body):
            yield "" if BARS.search(body) or "─" <= body.strip()[:1] <= "╿" else lines[at]
            return
        if self.columns is not None and len(row := self.split(body)) > 1:
            yield mark + _read_columns(self.columns, row, self.split)
            return
        if self.heads and is_example(row := self.split(body)):
            return
        if self.heads and _fits(self.heads, row := self.split(body), self.split):
            yield from _pair(mark, self.heads, row)
            return
        self.forget()
        if (pair := _split_pair(body)) and self._has_pair_beside(lines, at):
            yield mark + "\t".join(pair)
            return
        yield from self._begin(mark, body, lines[at], lines[at + 1 : at + 1 + _REACH])

    @staticmethod
    def _has_pair_beside(lines: Sequence[str], at: int) -> bool:
        """Return whether the line above or below is of the same kind: one alone may be prose."""
        beside = (*lines[max(0, at - 1) : at], *lines[at + 1 : at + 2])
        return any(_split_pair(_without_marks(one)) for one in beside)

    def _begin(self, mark: str, body: str, line: str, following: Sequence[str]) -> Iterator[str]:
        for split in _SPLITS:
            row = split(body)
            if len(row) < 2:
                continue
            if split is not split_at_commas and (columns := read_heads(row)) is not None:
                self.columns, self.split = columns, split
                return
            if not any(map(find_item, row[:2])):
                continue
            if _is_head(row) and _fits(row, split(_find_row(following)), split):
                self.heads, self.split = row, split
                return
            if len(row) > 2 and all(map(find_item, row)) and not _is_category(*row[-2:]):
                yield ""  # names of items without values
                return
            if split is split_at_gaps and (pairs := _group(row)):
                yield from (f"{mark}{label}\t{value}" for label, value in pairs)
                return
            if split in {split_at_bars, split_at_tabs}:
                yield from _beside(mark, row, line)
                return
        yield line


def _find_row(following: Sequence[str]) -> str:
    """Return the first line that is not drawn, without quote marks; empty if there is none."""
    return next((one for one in map(_without_marks, following) if not is_frame(one)), "")


def _without_marks(line: str) -> str:
    if len(line) > MAX_ROW:
        return ""
    marks = _MARKS.match(line)
    return line[marks.end() if marks else 0 :]


def is_frame(line: str) -> bool:
    """Return whether a line is blank, or drawn between the rows of a table."""
    return _FRAME.fullmatch(line) is not None


def _read_columns(columns: Columns, row: Row, split: Callable[[str], Row]) -> str:
    """Return the replacement of a row below such headings; examples are always left out."""
    pair = columns.read(row, is_complete=split is not split_at_gaps)
    return "\t".join(columns.without_examples(row) if pair is None else pair)


def _pair(mark: str, heads: Row, row: Row) -> Iterator[str]:
    for head, cell in zip(heads, row, strict=False):
        if cell and find_item(head) is not None:
            yield f"{mark}{head}\t{cell}"


def _beside(mark: str, row: Row, line: str) -> Iterator[str]:
    """Yield labels and values side by side; for a label with one value, further cells are notes."""
    row = _without_group(row)
    if find_item(row[0]) is None:
        yield line
        return
    if len(row) % 2 == 0 and all(find_item(label) is not None or is_note(label) for label in row[::2]):
        yield from (f"{mark}{label}\t{value}" for label, value in zip(row[::2], row[1::2], strict=True))
        return
    said = list(filter(None, row[1:]))
    yield f"{mark}{row[0]}\t{_join(find_item(row[0]), said)}"


def _join(item: Item | None, said: Sequence[str]) -> str:
    """Return the value in the cells beside a label: the first, unless another may limit or contradict it."""
    if item is Item.CONSENT:
        return join_consent(said)
    names = "、".join(said)
    return names if item is Item.NAME and names_several(names) else "".join(said[:1])


def _without_group(row: Row) -> Row:
    """Return the row without a first cell that names or numbers several rows."""
    if len(row) < 3 or find_item(row[1]) is None or _is_category(row[0], row[1]):
        return row
    return row[1:] if find_item(row[2]) is None or _is_category(row[1], row[2]) else row


def _is_category(label: str, value: str) -> bool:
    """Return whether a value that is also a label is a kind of employer: 区分 and 自治体."""
    return find_item(label) is Item.CATEGORY and bool(parse_category(value))


def group_words(line: str) -> list[tuple[str, str]]:
    """Return the pairs of a line with single blanks and at least three labels.

    Example: 団体名 見本町 課名 総務課 氏名 例示.
    """
    words = line.split()
    if len(words) < 6 or len(line) > MAX_ROW or find_item(words[0]) is None:
        return []
    found = _group(words, " ")
    items = {find_item(label) for label, _ in found}
    return found if 2 < len(found) == len(items) else []


def _group(row: Row, between: str = "　") -> list[tuple[str, str]]:
    """Return labels and values of a line without separators: 所属　総務課　氏名　例示 花子.

    Empty for another line, and for one with a label of a single character, which may be a value.
    """
    found: list[tuple[str, list[str]]] = []
    for cell in row:
        is_value = bool(found) and not found[-1][1] and find_item(found[-1][0]) is Item.CATEGORY
        if len(cell) > 1 and find_item(cell) is not None and not is_value:
            found.append((cell, []))
        elif found:
            found[-1][1].append(cell)
        else:
            return []
    return (
        [(label, between.join(said)) for label, said in found]
        if len(found) > 1 and all(v for _, v in found)
        else []
    )


def _split_pair(body: str) -> Row:
    """Return label and value of 団体名,見本市, 団体名/見本市 or 団体名は見本市です; otherwise empty."""
    if len(body) > MAX_ROW:
        return []
    body = strip_bullets(body)
    told = _TOLD.fullmatch(body)
    if told is not None:
        return [told["label"], told["value"]] if find_item(told["label"]) is not None else []
    for sign in (_COMMA, _SLASH):
        cells = strip_cells(sign.split(body.strip(), maxsplit=2))
        if len(cells) == 2 and find_item(cells[0]) is not None and cells[1]:
            # 氏名/Name is one label, also if its value follows: 氏名/Name：見本 花子.
            head = _VALUE.split(cells[1], maxsplit=1)[0]
            is_label = sign is _SLASH and find_item(head) is not None and not _is_category(*cells)
            return [] if is_label else cells
    return []


def _is_head(row: Row) -> bool:
    """Return whether most cells are labels: unknown columns, a number or a telephone, may be between them."""
    known = [item for cell in row if (item := find_item(cell)) is not None]
    return len(known) >= 2 and len(set(known)) == len(known) and 2 * len(known) > len(row)


def _fits(heads: Row, row: Row, split: Callable[[str], Row]) -> bool:
    """Return whether a row contains values for these headings, and no labels.

    Between tabs and bars the last cells may be empty.
    """
    left_out = len(heads) - len(row) if split in {split_at_bars, split_at_tabs} else 0
    if not any(row) or len(row) < 2 or left_out < 0 or (not left_out and len(row) != len(heads)):
        return False
    return all(
        find_item(cell) is None or _is_category(head, cell) or _is_answer(head, cell)
        for head, cell in zip(heads, row, strict=False)
    )


def _is_answer(label: str, value: str) -> bool:
    """Return whether a value that is also a label answers about the rules: 規約への同意 and 同意."""
    return {find_item(label), find_item(value)} == {Item.CONSENT} and value in {"同意", "consent"}


_COMMA, _SLASH = compile_later(r"[,，]"), compile_later(r"[/／](?![^()（）]{0,60}[)）])")
_VALUE = compile_later(r"[:：=＝\t]")
_TOLD = compile_later(
    r"[\s　]*(?P<label>[^\s、。はが:：]{1,16})は、?(?P<value>[^、。]{1,80}?)(?:です|でございます)[。.]?\s*"
)
