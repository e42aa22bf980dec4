"""Shape of each item's value: codes have a check digit, sections end in a unit, titles in a post.

A shape says what a value may be, not that it is: it also takes a label, or a position.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from gateway.admission.application.consent.answers.reading import read_lines
from gateway.admission.application.consent.people import BARE_NAME, is_role
from gateway.admission.application.items.fields import Consent
from gateway.admission.application.items.labels import Item
from gateway.admission.application.items.values import find_code, parse_category, strip_note
from gateway.admission.application.unlabelled.endings import BODY, POST, UNIT
from gateway.admission.organisations import codes
from gateway.patterns import compile_later

MAX_SHAPE = 80
_UNITS = (
    rf"(?:{UNIT}|病院|診療所|保健所|図書館|公民館|博物館|美術館|学校|保育園|幼稚園|消防|公社|分校|工場|試験場|研究所"
    r"|[一-鿿]課?付)"
)
_SIGN = r"[^\s　。、,，:：()（）「」『』【】@＠?？!！]"
SECTION = rf"{_SIGN}{{1,24}}?{_UNITS}"
_SECTIONS = compile_later(rf"{_SIGN}{{0,30}}{_UNITS}(?:[ 　／/・]{{1,3}}{_SIGN}{{0,30}}{_UNITS}){{0,4}}")
_BODY_ENDS = (
    rf"(?:都|道|府|県|市|区|町|村|{BODY}|院|組合|連合|機構|委員会|協議会|役所|役場|本部|局|公社|研究所|センター|大学"
    r"|法人|本庁|官房)"
)
# 神奈川県央地区後期高齢者医療及び介護保険並びに消防事務広域連合
_BODY = compile_later(rf"{_SIGN}{{1,40}}{_BODY_ENDS}(?:[ 　]{{1,2}}{_SIGN}{{1,24}}{_BODY_ENDS}){{0,2}}")
# Before 代理 there is a post; alone it is a deputy.
_TITLE = compile_later(
    rf"(?!代理$)[一-鿿ァ-ヶーA-Za-z・]{{0,10}}(?:{POST}|長|補|士|司令補?|室員|課員|局員|所員|班員|付|監|官|代理|参与|補助員|雇員|嘱託)"
)
_LETTER = r"[一-鿿々〆ヶぁ-ゖァ-ヺー\u3400-\u4dbf\ufa0e-\ufaff\U00020000-\U0003ffff]"
_NAME = compile_later(
    rf"{_LETTER}{{1,5}}[ 　]{{1,3}}{_LETTER}{{1,6}}(?:[ 　]{_LETTER}{{1,6}})?|{_LETTER}{{2,7}}"
)
_LATIN_NAME = compile_later(r"[A-Z][A-Za-z'’.-]{1,20}(?:,? [A-Z][A-Za-z'’.-]{0,20}){1,3}")
_NO_NAME = compile_later(
    rf"{_LETTER}*(?:{_UNITS}|市役所|役場|庁|組合|同意|規約|自治体|政府|機関|職員|主[査任事幹]|[課係部局室]長)|.*(?:です|ます|ました|ません|する|した)$"
)
_EMPLOYER = compile_later(
    r"(?:地方)?(?:自治体|公共団体|公務員)|政府機関|国(?:の|家|$|職員)|府省|省庁|中央省庁|都道府県|市区?町村"
    r"|(?:local|national|central|government|municipal|prefectural)\b",
    re.IGNORECASE,
)
_SENTENCE = compile_later(r".*(?:ます|ました|ません|です|でした|ください|下さい)")


def is_code(value: str) -> bool:
    """Return whether a value has one six-digit code with a correct check digit, also in kanji numerals."""
    bare = unicodedata.normalize("NFKC", find_code(value)).strip()
    return codes.parse(bare).value != "" and len(re.sub(r"\D", "", bare)) == 6


def is_category(value: str) -> bool:
    """Return whether a short value names a kind of employer."""
    return len(value) <= 24 and bool(parse_category(value)) and _EMPLOYER.match(value) is not None


_KIND_BESIDE = compile_later(r"(?P<body>[^()（）]{2,40})[(（](?P<kind>[^()（）]{2,12})[)）]")


def split_category(value: str) -> tuple[str, str] | None:
    """Return an organisation and its kind in brackets after it: 見本市（自治体）. None without one."""
    found = _KIND_BESIDE.fullmatch(value.strip())
    is_kind = found is not None and is_category(found["kind"])
    return (found["body"].strip(), found["kind"]) if found is not None and is_kind else None


_CODE_BESIDE = compile_later(
    r"(?P<body>[^()（）［］\[\]]{2,60})"
    r"[(（\[［][\s　]*(?:[^\s0-9０-９()（）]{0,10}コード[\s　]*[:：/／=＝]?[\s　]*)?"
    r"(?P<code>[0-9０-９]{6})[\s　]*[)）\]］]"
)
_CODE_APART = compile_later(
    r"(?:(?P<first>[0-9０-９]{6})[ 　]{1,3})?(?P<body>[^\s()（）0-9０-９]{2,40}[都道府県市区町村])"
    r"(?(first)|[ 　]{1,3}(?P<code>[0-9０-９]{6}))"
)


def split_code(organisation: str) -> tuple[str, str] | None:
    """Return an organisation and its code in brackets: 見本市（団体コード 000000）. None without one.

    Beside a blank, only six digits with the right check digit are a code: 市川市 122033.
    """
    found = _CODE_BESIDE.fullmatch(organisation.strip())
    if found is not None:
        return found["body"].strip(), found["code"]
    apart = _CODE_APART.fullmatch(organisation.strip())
    if apart is None or not codes.parse(apart["code"] or apart["first"]).value:
        return None
    return apart["body"], apart["code"] or apart["first"]


def is_body(value: str) -> bool:
    """Return whether a value is named like an organisation; a code in brackets may follow."""
    beside = split_code(value)
    bare = beside[0] if beside else value.strip()
    return _BODY.fullmatch(bare) is not None and _SENTENCE.fullmatch(bare) is None


def is_section(value: str) -> bool:
    """Return whether each part of a value ends in a unit."""
    return _SECTIONS.fullmatch(value.strip()) is not None


def is_title(value: str) -> bool:
    """Return whether a value ends in a post."""
    return _TITLE.fullmatch(value.strip()) is not None or is_role(value.strip())


def is_full_name(value: str) -> bool:
    """Return whether a value may be a person's name, except for a reading in brackets."""
    bare = strip_note(value.strip())
    if _LATIN_NAME.fullmatch(bare):
        return True
    return _NAME.fullmatch(bare) is not None and _NO_NAME.match(bare) is None


def is_parted_name(value: str) -> bool:
    """Return whether a value is shaped like family and given name, or consists of name characters."""
    bare = strip_note(value.strip())
    parts = bare.split()
    is_parted = len(parts) > 1 or re.fullmatch(BARE_NAME, bare) is not None
    return is_parted and is_full_name(bare) and not any(is_title(one) or is_section(one) for one in parts)


def is_consent(value: str) -> bool:
    """Return whether a value answers yes or no."""
    return read_lines([value]) is not Consent.ABSENT


_SHAPES: Mapping[Item, Callable[[str], bool]] = {
    Item.CATEGORY: is_category,
    Item.ORGANISATION: is_body,
    Item.CODE: is_code,
    Item.DEPARTMENT: is_section,
    Item.TITLE: is_title,
    Item.NAME: is_full_name,
    Item.CONSENT: is_consent,
    Item.AFFILIATION: lambda value: is_body(value) or is_section(value),
}


def fits(item: Item, value: str) -> bool:
    """Return whether a value has the shape of an item."""
    shape = _SHAPES.get(item)
    return shape is not None and 0 < len(value.strip()) <= MAX_SHAPE and shape(value.strip())
