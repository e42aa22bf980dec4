"""Notes beside the values of a form, and values that are none: 総務課（この申込みは没）, 役職：入る気なし."""

from __future__ import annotations

import re
import unicodedata

from gateway.admission.application.consent.below.second_thought import DOUBTFUL_EN, SAYS
from gateway.admission.application.consent.people import is_place, is_role
from gateway.admission.application.evidence.shapes import (
    is_body,
    is_category,
    is_code,
    is_section,
    is_title,
)
from gateway.admission.application.labels import Item
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.unlabelled.told import strip_beside, strip_sentence
from gateway.admission.application.values import is_contact_of_name
from gateway.patterns import compile_later

_MAX = 400
NOTES = compile_later(r"\(([^()]{1,40})\)|\[([^\[\]]{1,40})\]|【([^【】]{1,40})】|※(.{1,40})")
_ITEMS = frozenset(
    {Item.CATEGORY, Item.ORGANISATION, Item.CODE, Item.DEPARTMENT, Item.TITLE, Item.AFFILIATION}
)
_NAMED = frozenset({Item.ORGANISATION, Item.DEPARTMENT, Item.TITLE, Item.AFFILIATION})


def find_notes(text: str) -> list[str]:
    """Return what a line of a form says beside its value or instead of one, if it is no reading or unit."""
    held = parse_line(text)
    if held is None or (held[0] is not Item.NAME and held[0] not in _ITEMS):
        return []
    item, value = held[0], unicodedata.normalize("NFKC", held[1][:_MAX]).strip()
    behind = (found for found in NOTES.finditer(value) if value[: found.start()].strip())
    notes = [next(filter(None, found.groups())).strip() for found in behind]
    if item is Item.NAME:
        is_latin = _KANJI.search(value.partition("(")[0]) is None
        return [one for one in notes if not (is_contact_of_name(one) or _is_reading(one, is_latin=is_latin))]
    is_said = item in _NAMED and SAYS.search(value) is not None and not _holds(item, value)
    return [*([value] if is_said else []), *(one for one in notes if not _is_unit(one))]


def _holds(item: Item, value: str) -> bool:
    """Return whether a sentence beside a label only gives its value: 総務課に勤務しております."""
    said = strip_beside(item, strip_sentence(item, value))
    return said != value and SAYS.search(said) is None


def is_of_name(text: str) -> bool:
    """Return whether a line of a form gives the name."""
    held = parse_line(text)
    return held is not None and held[0] is Item.NAME


_KANJI = compile_later("[一-鿿]")


def _is_unit(note: str) -> bool:
    """Return whether a note is an office, a post, a kind, a code, a reading or a translation."""
    kinds = (is_place, is_role, is_section, is_body, is_title, is_category, is_code)
    if is_contact_of_name(note) or _CAPTION.fullmatch(note) is not None:
        return True
    return _is_translation(note) or any(kind(note) for kind in kinds)


def _is_translation(note: str) -> bool:
    """Return whether a note is an English title or name: each word begins with a capital."""
    is_named = note.isascii() and all(word in _SMALL or word[:1].isupper() for word in note.split())
    return is_named and DOUBTFUL_EN.search(note.casefold()) is None


_SMALL = frozenset({"of", "and", "the", "for", "in", "&"})


_CAPTION = compile_later(
    r"[0-9０-９\s　.,/-]+|[\s　\u3041-\u30ff・]+"
    r"|[^\s　はがをもにので]{1,8}(?:職員|職|出向中?|派遣中?|兼務|併任|勤務|所管|担当|在籍|所属|庁舎|採用"
    r"|任用)|(?:旧|元|現|兼|前)[^\s　はがをも]{1,12}"
    r"|(?:[0-9]{1,2}月|来月|来年度|今年度|新年度)から[^\s　はがを]{1,12}"
)


def _is_reading(note: str, *, is_latin: bool) -> bool:
    """Return whether a note is the name in kana or in the other script, or a single sign."""
    return any(one.fullmatch(note) is not None for one in (_SIGN, _KANA, _FULL_NAME if is_latin else _LATIN))


_KANA = compile_later(
    r"(?:(?:ふりがな|フリガナ|読み|よみ|かな|カナ|reading)[\s　]*[:：]?)?[\s　\u3041-\u30ff・]*",
    re.IGNORECASE,
)
_SIGN = compile_later("[0-9A-Za-z]")
_CAPITAL = r"[A-Z][A-Za-z'’.-]{0,30}"
_LATIN = compile_later(rf"{_CAPITAL}(?:[ ,]{{1,2}}{_CAPITAL})?(?:[ ,]{{1,2}}{_CAPITAL})?")
_FULL_NAME = compile_later(r"[一-鿿々]{1,4}[\s　]+[一-鿿々ぁ-ゖァ-ヺ]{1,4}")
