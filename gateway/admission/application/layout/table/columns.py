"""Tables with one item per row, and column headings in the first row: 項目, 記入例, 記入欄, 備考.

The content of an example is nobody's answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from gateway.admission.application.items.labels import Item, find_item, fold_label
from gateway.admission.application.items.values import clean_value
from gateway.patterns import compile_later


class Kind(Enum):
    """Meaning of a column."""

    ITEM = auto()
    VALUE = auto()
    EXAMPLE = auto()
    NOTE = auto()


_HEADS = {
    Kind.ITEM: """項目 項目名 事項 質問 設問 質問項目 質問事項 申請項目 申請事項 記入項目 記入事項 入力項目
        番号 no
        № item field question""",
    Kind.VALUE: """内容 記入 記入欄 記入内容 回答 回答欄 回答内容 入力 入力欄 入力内容 申請内容 記載欄
        記載内容 答え
        値 貴団体記入欄 申請者記入欄 value answer response entry youranswer content""",
    Kind.EXAMPLE: "例 記入例 入力例 記載例 回答例 見本 例示 サンプル example sample",
    Kind.NOTE: """備考 備考欄 注 注意 注意事項 注意点 注記 説明 補足 補足説明 摘要 留意点 留意事項 要否 区別
        必須 特記事項
        その他 連絡事項 remark remarks note notes hint description comment comments""",
}
_KIND_BY_HEAD = {head: kind for kind, heads in _HEADS.items() for head in heads.split()}
_EXAMPLE = compile_later(
    r"[\s　]*[(（【\[〔]?(?:記入|入力|記載|回答)?例[)）】\]〕]?[\s　]*|[\s　]*(?:サンプル|example)[\s　]*"
)
_MARK_ALONE = compile_later(r"[☑✓✔✅■☒●◉レ□☐▢◻○〇◯×✕✗✖]|[\[(（［][\s　xXvVｘ○レ✓✔■*]{0,3}[\])）］]")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of labels, values, examples and notes in a table; `count` columns in all."""

    label: int
    value: int
    examples: frozenset[int]
    notes: tuple[int, ...]
    count: int

    def read(self, row: Sequence[str], *, is_complete: bool) -> tuple[str, str] | None:
        """Return label and value of a row; None for one without a known label.

        Unless `is_complete`, empty cells were lost, and an example cannot be distinguished from a value.
        """
        label = row[self.label] if self.label < len(row) else ""
        if find_item(label) is None or len(row) > self.count:
            return None
        if not is_complete and len(row) < self.count and self.examples:
            return label, ""
        is_short = self.label + 1 < len(row) <= self.value and not (self.examples or self.notes)
        value = row[-1] if is_short else row[self.value] if self.value < len(row) else ""
        is_consent = find_item(label) is Item.CONSENT and bool(value)
        notes = [row[at] for at in self.notes if at < len(row)] if is_consent else []
        return label, join_consent([value, *notes]) if is_consent else value

    def without_examples(self, row: Sequence[str]) -> list[str]:
        """Return the cells of a row that somebody filled in."""
        return [cell for at, cell in enumerate(row) if at not in self.examples]


def read_heads(row: Sequence[str]) -> Columns | None:
    """Return the columns named by a first row; None for any other row."""
    kinds: list[Kind | None] = []
    for cell in row:
        kinds.append(find_kind(cell))
        if kinds[-1] is None and cell.strip():
            return None  # like almost every row
    if len(kinds) - kinds.count(None) < 2:
        return None
    labels = [at for at, kind in enumerate(kinds) if kind is Kind.ITEM] or [0]
    values = [at for at, kind in enumerate(kinds) if kind is Kind.VALUE]
    values = values or [at for at, kind in enumerate(kinds) if kind is None and at > labels[-1]]
    if len(values) != 1 or kinds[labels[-1]] not in {Kind.ITEM, None}:
        return None
    examples = frozenset(at for at, kind in enumerate(kinds) if kind is Kind.EXAMPLE)
    notes = tuple(at for at, kind in enumerate(kinds) if kind is Kind.NOTE)
    return Columns(labels[-1], values[0], examples, notes, len(row))


def find_kind(head: str) -> Kind | None:
    """Return the meaning of a column with this heading; None if unknown."""
    return _KIND_BY_HEAD.get(fold_label(head).lstrip("ご御")) or (
        Kind.NOTE if head.strip() in {"必須", "任意"} else None
    )


def is_example(row: Sequence[str]) -> bool:
    """Return whether a row says that it is an example: 例, 記入例."""
    return bool(row) and _EXAMPLE.fullmatch(row[0]) is not None


def is_note(label: str) -> bool:
    """Return whether a cell is a label of remarks, which are not an item."""
    return find_item(label) is None and find_kind(label) is Kind.NOTE


def join_consent(cells: Sequence[str]) -> str:
    """Join the cells beside a consent to one value.

    A mark is put before the choice that it follows; the cells after an answer are notes in brackets, which
    may limit it.
    """
    said: list[str] = []
    for cell in filter(_says_something, cells):
        if said and _MARK_ALONE.fullmatch(cell.strip()) and not _MARK_ALONE.match(said[-1]):
            said[-1] = f"{cell}{said[-1]}"
        else:
            said.append(cell)
    if not said or _MARK_ALONE.search(" ".join(said)):
        return " ".join(said)
    return said[0] + "".join(f"（{note}）" for note in said[1:])


def _says_something(cell: str) -> bool:
    """Return whether a cell is no remnant of a template; a mark alone is not."""
    return _MARK_ALONE.fullmatch(cell.strip()) is not None or clean_value(cell) != ""
