"""Parses one line of an application: the item that its label names, and its value.

A label is before a separator, in brackets or before a wide gap, or alone, with its value in brackets or
below.
"""

from __future__ import annotations

import re
import unicodedata

from gateway.admission.application.items.labels import (
    MAX_LABEL,
    Item,
    find_item,
    strip_bullets,
)
from gateway.admission.application.items.values import clean_value, has_hint, parse_category
from gateway.admission.application.layout.prose import STARTS_AS_PROSE
from gateway.memoize import memoize
from gateway.patterns import compile_later

_SEPARATORS = frozenset(":：=＝\t|｜】］〕⇒→")
_OPEN, _CLOSE = "（(【[［〔「『<＜〈《", "）)】]］〕」』>＞〉》"
_SIGN = compile_later("[" + re.escape("".join({*_SEPARATORS, *_OPEN, *_CLOSE})) + "]")
_PLAIN_LABEL = compile_later(r"([ぁ-ゖァ-ヺ一-鿿ーA-Za-z]{1,20})[:：]")
# A note between label and separator: 部課名【必須】：
_NOTED = compile_later(r"[【「『][^】」』]{0,60}[】」』][\s　]*[:：=＝]")
# Bold letters in a mail program's plain text: *団体名：*見本市.
_BOLD = compile_later(
    r"[\s　]*(?P<mark>\*{1,2}|_{1,2})(?P<label>[^\s*_:：][^*_:：]{0,40}[:：])(?P=mark)[\s　]*"
)
# Question and answer on one line, with the same number: Q2 団体名 A2 見本市.
_ASKED = compile_later(
    r"[\s　]*[QqＱ](?P<number>[0-9０-９]{1,2})[.:．：]?[ 　]*(?P<label>[^ 　]{1,30}?)[ 　]+"
    r"[AaＡ](?P=number)[.:．：]?[ 　]*(?P<answer>\S.*)"
)
# A number in front, as in official letters: `1　団体名`, `(ア) 団体名`, `一、団体名`.
_COUNT = r"(?:[0-9０-９]{1,2}|[一二三四五六七八九十]|[アイウエオカキクケコ])"
_NUMBER = compile_later(rf"(?:{_COUNT}[\s　]|[(（]{_COUNT}[)）]|{_COUNT}[.．、)）]|[⑴-⒇])[\s　]*")
# Between label and value: `Name - x`, `氏名……x`.
_DASH = compile_later(
    r"[\s　]*[-―─]{2,}[\s　]*|[\s　][\s　]*[-‐–—―~～][\s　]|[\s　]*(?:\.{3}|[…‥]|・{2})[.…‥・]*[\s　]*"
)
_BRACKETED = compile_later(
    r"(?:[\[【〔＜<〈《「『［](?P<label>[^\]】〕＞>〉》」』］]{1,60})[\]】〕＞>〉》」』］]|[(（](?P<round>[^()（）]{1,60})[)）])"
    r"[\s　]*[:：=＝⇒→]?(?P<value>.*)"
)


@memoize(maxsize=2048, max_key=300, why="many parsers process each line of a message")
def parse_line(line: str) -> tuple[Item, str] | None:
    """Return item and raw value of a line with a label, or None."""
    return None if STARTS_AS_PROSE.match(line) else parse_every_label(line)


def parse_every_label(line: str) -> tuple[Item, str] | None:
    """Parse a line as `parse_line` does, without the check for prose first."""
    if (asked := _ASKED.fullmatch(line)) is not None and (item := find_item(asked["label"])) is not None:
        return item, asked["answer"]
    bold = _BOLD.match(line)
    body = strip_bullets(line if bold is None else bold["label"] + line[bold.end() :]).strip()
    # As most people write it, `団体名：`: no need to check for brackets and notes.
    plain = _PLAIN_LABEL.match(body)
    if plain is not None and (item := find_item(plain[1])) is not None:
        return item, body[plain.end() :]
    return parse_any_label(body)


def parse_any_label(body: str) -> tuple[Item, str] | None:
    """Parse a line without bullets in front, without trying the usual label first."""
    number = _NUMBER.match(body)
    # コ ー ド　000000: its first character is no number.
    return (_parse_body(body[number.end() :]) if number is not None else None) or _parse_body(body)


def _parse_body(body: str) -> tuple[Item, str] | None:
    if not body:
        return None
    bracketed = _BRACKETED.match(body)
    if bracketed is not None:
        label, value = bracketed["label"] or bracketed["round"], bracketed["value"]
        item = find_item(label)
        if item is not None:
            return item, value
        inner = _split_label(label) if not value.strip() else None
        if inner is not None:
            return inner
    return _split_label(body)


def _split_label(body: str) -> tuple[Item, str] | None:
    """Split at a separator, a bracket or a space; a line that is only a label has an empty value."""
    depth = 0
    for sign in _SIGN.finditer(body, 0, MAX_LABEL + 40):
        at, character = sign.start(), sign.group()
        if character in _SEPARATORS and depth == 0:
            item = find_item(body[:at])
            return (item, body[at + 1 :]) if item is not None else None
        if character in "【「『" and depth == 0 and _NOTED.match(body, at) is None:
            item = find_item(body[:at])
            if item is not None:
                return item, body[at:]
        depth = max(0, depth + (character in _OPEN) - (character in _CLOSE))
    whole = find_item(body) if _ROW.match(body) is None else None
    if whole is not None:
        return _split_alternatives(body, whole) or (whole, _bracketed_value(body, whole))
    return _split_at_dash(body) or _split_question(body) or _split_at_gap(body) or _split_options(body)


def _split_alternatives(body: str, item: Item) -> tuple[Item, str] | None:
    """Split behind a label with several words for one item, without a separator: 自治体名・省庁名　見本市."""
    if _ALTERNATIVE.search(body) is None:
        return None
    for gap in (_DASH, _WIDE_GAP, _GAP):
        found = gap.search(body, 0, MAX_LABEL + 40)
        label, value = (body[: found.start()], body[found.end() :]) if found is not None else ("", "")
        others = _ALTERNATIVE.split(label)[1:]
        if value.strip() and others and all(_names_also(other, item) for other in others):
            return item, value
    return None


def _names_also(word: str, item: Item) -> bool:
    """Return whether a further word of a label is of the same item, or the no that it offers."""
    return find_item(word) is item or (item is Item.CONSENT and _REFUSAL.fullmatch(word) is not None)


def _split_options(body: str) -> tuple[Item, str] | None:
    """Split directly behind the answers that a label of the consent offers: 規約（はい／いいえ）はい."""
    offered = _OFFERED.match(body)
    item = find_item(offered["label"]) if offered is not None else None
    is_offer = offered is not None and item is Item.CONSENT and _offers_answers(offered["options"])
    return (item, body[offered.end() :]) if is_offer and item is not None and offered is not None else None


def _offers_answers(note: str) -> bool:
    """Return whether a note offers a yes and a no, and ticks neither: 同意する／同意しない."""
    return _OFFER.fullmatch("".join(unicodedata.normalize("NFKC", note).casefold().split())) is not None


def _split_question(body: str) -> tuple[Item, str] | None:
    """Split behind a question about the rules: Do you agree to the terms? Yes."""
    asked = _QUESTION.match(body)
    item = find_item(asked["label"]) if asked is not None else None
    return (item, body[asked.end() :]) if item is Item.CONSENT and asked is not None else None


def _split_at_dash(body: str) -> tuple[Item, str] | None:
    dash = _DASH.search(body, 0, MAX_LABEL + 40)
    item = find_item(body[: dash.start()]) if dash is not None else None
    return (item, body[dash.end() :]) if item is not None and dash is not None else None


def _split_at_gap(body: str) -> tuple[Item, str] | None:
    """Split at the first wide gap, which in Japanese can be one space.

    The characters of a label may be spaced out: `氏　　名　　例示 花子`.
    """
    spaced = _SPACED.match(body)
    if spaced is not None and (held := _split_spaced(body, spaced.end())) is not None:
        return held  # 職　名　主査: the longest label, not its first character
    gap = _WIDE_GAP.search(body) if body[:1].isascii() else _GAP.search(body)
    item = find_item(body[: gap.start()]) if gap is not None else None
    if gap is not None and item is not None:
        return item, body[gap.end() :]
    return None


def _split_spaced(body: str, end: int) -> tuple[Item, str] | None:
    """Return the longest label of single characters with gaps between them, at most up to `end`."""
    for gap in reversed(list(_GAP.finditer(body, 0, end))):
        item = find_item(body[: gap.start()])
        if item is not None:
            return item, body[gap.end() :]
    return None


_ROW = compile_later(r"[^/／・]{1,40}[/／・].{0,80}[0-9０-９]{4}")  # 自治体／見本市／000000: values
_ALTERNATIVE = compile_later(r"(?<=[^\s/／・])[/／・](?=[^\s/／・])")
_YES = r"(?:規約に)?(?:同意|承諾|了承)?(?:する|(?:いた)?します)|同意|はい|有り?|可|yes|(?:i)?agree"
_NO = (
    r"(?:規約に)?(?:同意|承諾|了承)?(?:しない|(?:いた)?しません|できない|できません)|不同意|いいえ|無し?|否|no|disagree"
    r"|(?:i)?do(?:not|n't)agree"
)
_REFUSAL = compile_later(_NO)
_OFFER = compile_later(
    rf"(?:(?:{_YES})(?:[/・、,|]|または|又は|or|か)(?:{_NO})|(?:{_NO})(?:[/・、,|]|または|又は|or|か)(?:{_YES}))"
    r"(?:の(?:いずれか|どちらか)|から選択|を?(?:選択|記入|回答)(?:して(?:くだ|下)さい)?)*"
)
_OFFERED = compile_later(r"(?P<label>[^(（]{1,40})[(（](?P<options>[^()（）]{1,60})[)）]")
_QUESTION = compile_later(r"(?P<label>[A-Za-z][A-Za-z ]{4,60}\?)[ ]+(?=\S)")
_WIDE_GAP = compile_later(r"　[ \t　]*|[ \t][ \t　]+")
_GAP = compile_later(r"[ \t　]+")
_SPACED = compile_later(r"(?:[ぁ-ゖァ-ヺー一-鿿][ \t　]{1,8}){2,12}(?:コード[ \t　]{1,8})?")


_ENDS_IN_BRACKETS = compile_later(
    r"[^(（\[［【〔「『]{1,40}[(（\[［【〔「『]([^()（）\[\]［］【】〔〕「」『』]{1,200})[)）\]］】〕」』]"
)
_OF_SEVERAL = compile_later(r"[・、,／/].*(?:等|など|ほか)$")  # 課長・係長・主任等
_KIND_OF_VALUE = compile_later(
    r"漢字|ふりがな|フリガナ|カナ|かな|フルネーム|姓名|個人|公用|業務|full|first", re.IGNORECASE
)


def _bracketed_value(body: str, item: Item) -> str:
    """Return the value of `氏名（　例示 花子　）`: a label followed by brackets without a hint."""
    match = _ENDS_IN_BRACKETS.fullmatch(body)
    is_kind = match is not None and item is Item.CATEGORY and parse_category(match[1]) != ""
    if match is None or has_hint(body) or (find_item(match[1]) is not None and not is_kind):
        return ""
    value = match[1].strip()
    if _OF_SEVERAL.search(value) is not None or (item is Item.CONSENT and _offers_answers(value)):
        return ""
    return "" if _KIND_OF_VALUE.search(value) else clean_value(value)
