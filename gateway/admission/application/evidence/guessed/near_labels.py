"""Meaning of unknown labels: mistyped by one character, or recognised by the last noun.

A guess counts only with a value of the item's shape.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from gateway.admission.application.evidence.shapes import is_body, is_section
from gateway.admission.application.items.labels import HONORIFICS, ITEM_BY_LABEL, Item, find_item, fold_label
from gateway.memoize import memoize
from gateway.patterns import compile_later

MAX_GUESSED = 24
_LEAST = 3  # minimum length of a label of which one character may be wrong
_NAMED = r"(?:の?(?:正式)?名称?|の?名前)?"
# By the last noun of a label; the first match counts.
_BY_NOUN = tuple(
    (item, compile_later(pattern))
    for item, pattern in (
        (Item.CONSENT, r".*(?:規約|ルール|きまり|決まり|規定|約款|同意|承諾|了承|利用条件).*"),
        (
            Item.CODE,
            r".*(?:団体|自治体|組合|連合|政府機関|公共|地方|総務省|jis|全国|[市町村県府都道])の?(?:コード|cd|番号)(?:番号)?"
            r"|コード|(?:6|六)(?:ケタ|けた|桁)の?(?:コード|番号|数字)?",
        ),
        (Item.CATEGORY, r".*(?:区分|種別|種類|分類|類別|カテゴリー?|の別|機関の別)"),
        (
            Item.NAME,
            r".*(?:氏名|姓名|名前|なまえ|申込者|申込人|申請者|申請人|希望者|参加者|担当者|本人|記入者|届出者|フルネーム|指名|使命)(?:の?氏?名|のお名前)?",
        ),
        (Item.TITLE, r".*(?:役職|職名|職位|職階|肩書き?|官職|階級|身分|補職|ポスト|役割|職|役)" + _NAMED),
        (
            Item.DEPARTMENT,
            r".*(?:部署|部門|所属課|配属先?|配置先?|担当|グループ|ライン)"
            + _NAMED
            + r"|.*[部課係室局班](?:・?[部課係室局班])*名|[部課係室局班]",
        ),
        (
            Item.ORGANISATION,
            r".*(?:団体|組合|機関|組織|自治体|役所|役場|官庁|省庁|府省|勤務先|勤め先|所属先|職場|法人|企業団|連合|[市町村区県庁省](?=.*名))"
            + _NAMED,
        ),
        (Item.AFFILIATION, r".*所属" + _NAMED),
    )
)
# The same for English, folded: typeofapplicant, rulesofuse.
_BY_WORD = tuple(
    (item, compile_later(pattern))
    for item, pattern in (
        (Item.CONSENT, r".*(?:rules|terms|consent|agree|guidelines|conditions|conduct).*"),
        (Item.CODE, r".*code.*"),
        (Item.CATEGORY, r".*(?:type|category|kind|classification).*"),
        (Item.TITLE, r".*(?:title|position|post|role|rank|job).*"),
        (Item.DEPARTMENT, r".*(?:department|division|section|office|unit|bureau).*"),
        (
            Item.ORGANISATION,
            r".*(?:organi[sz]ation|agency|ministry|municipality|employer|institution|body|government|city|town).*",
        ),
        (Item.NAME, r".*name.*"),
    )
)
# Past, future and other people's items.
_OF_ANOTHER = compile_later(
    r"前|旧|元|以前|昔|昨|去年|次|今後|将来|新|異動|転出|上司|上長|上席|(?:所属|[局部課室係])長の|相手|他|別|両親|父|母|代表|家族"
)
_RELATED = compile_later(r"所属|勤務|担当|申請|配属|在籍|現")
_JAPANESE = compile_later(r"[ぁ-ゖァ-ヺ一-鿿ー]+")


def _deletions(label: str) -> Iterator[str]:
    return (label[:at] + label[at + 1 :] for at in range(len(label)))


def _index() -> dict[str, frozenset[Item]]:
    """Return the known Japanese labels, each as it is and without one of its characters.

    Labels with the same meaning share one set: a set of its own for each takes four megabytes.
    """
    found, shared = dict[str, frozenset[Item]](), dict[frozenset[Item], frozenset[Item]]()
    for label, item in ITEM_BY_LABEL.items():
        if len(label) >= _LEAST and _JAPANESE.fullmatch(label):
            for near in (label, *_deletions(label)):
                items = found.get(near, frozenset()) | {item}
                found[near] = shared.setdefault(items, items)
    return found


_NEAR = _index()


_AFFILIATED = (Item.ORGANISATION, Item.DEPARTMENT, Item.AFFILIATION)


def guess_items(label: str) -> tuple[Item, ...]:
    """Return the items that a label may name, the likeliest first.

    An affiliation is an organisation or a section, and a label cut short may be any that begins so.
    """
    item = guess_item(label)
    if item in _AFFILIATED:
        return (item, *(one for one in _AFFILIATED if one is not item))
    folded = fold_label(label[:MAX_GUESSED]).lstrip(HONORIFICS)
    return (item,) if item is not None else _SHORT.get(folded[:1], ()) if len(folded) <= _LEAST else ()


def _begin() -> dict[str, tuple[Item, ...]]:
    """Return the items of Japanese labels by their first character."""
    found: dict[str, dict[Item, None]] = defaultdict(dict)
    for label, item in ITEM_BY_LABEL.items():
        if _JAPANESE.fullmatch(label):
            found[label[0]][item] = None
    return {sign: tuple(items) for sign, items in found.items()}


_SHORT = _begin()


@memoize(maxsize=512, max_key=MAX_GUESSED, why="each parser of a form's lines needs its labels")
def guess_item(label: str) -> Item | None:
    """Return the item that a label may name, including known labels; None if no single item is likely."""
    if len(label) > MAX_GUESSED or not label.strip():
        return None
    if (known := find_item(label)) is not None:
        return known
    folded = fold_label(unicodedata.normalize("NFKC", label)).lstrip(HONORIFICS)
    return None if _OF_ANOTHER.match(folded) else find_near(folded) or _find_by_noun(folded)


def find_near(folded: str) -> Item | None:
    """Return the only item with a known label that differs by one character, missing, added or changed."""
    if not _LEAST <= len(folded) <= MAX_GUESSED:
        return None
    items = set(_NEAR.get(folded, ())).union(*(_NEAR.get(near, ()) for near in _deletions(folded)))
    if Item.CODE in items and folded[1:] in ITEM_BY_LABEL:
        return None  # 課コード is another code
    return items.pop() if len(items) == 1 else None


def is_mistyped(folded: str) -> bool:
    """Return whether a label is a known one with a character missing or wrong, or its first alone."""
    if len(folded) == 1:
        return folded in _SHORT
    return find_near(folded) is not None and not any(one in ITEM_BY_LABEL for one in _deletions(folded))


def _find_by_noun(folded: str) -> Item | None:
    if (is_body(folded) or is_section(folded)) and _RELATED.match(folded) is None:
        return None  # 見本市役所　総務課
    nouns = _BY_WORD if folded.isascii() else _BY_NOUN
    return next((item for item, pattern in nouns if pattern.fullmatch(folded)), None)
