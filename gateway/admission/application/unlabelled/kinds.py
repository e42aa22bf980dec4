"""Values that are unambiguous without a label: a code, an organisation, a section, a name, a category.

Each kind is closed. A value is kept as written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

from gateway.admission.application.consent import beside
from gateway.admission.application.consent.answers.reading import speaks_of_consent
from gateway.admission.application.consent.closed import is_closed
from gateway.admission.application.consent.people import BARE_NAME, is_role
from gateway.admission.application.evidence.references import refers
from gateway.admission.application.items.labels import Item
from gateway.admission.application.items.values import is_unknown, parse_category
from gateway.admission.organisations import codes
from gateway.patterns import compile_later

CODE = compile_later(r"[0-9０-９]{5,6}|[0-9０-９]{5}[-－‐ー][0-9０-９]")
_NO_CODE = compile_later(r"(?:団体)?コード(?:は)?[ 　]*[:：]?[ 　]*(?:なし|無し|無|該当なし)|該当なし|対象外")
_ENGLISH_UNIT = compile_later(
    r"(?:[A-Z][A-Za-z]{1,20} (?:and |of |for )?){1,6}(?:Office|Division|Department|Section|Bureau|Unit|Team)"
)
_CATEGORY = compile_later(
    r"自治体|地方公共団体|市区町村|都道府県|政府機関|国|府省庁|省庁|local government|national government"
)
IS = (
    r"(?:(?:所属|勤務)?です|でした|でございます|[にと]なります|と(?:申し|もうし)ます|と(?:承知|存じ)(?:して(?:い|おり))?ます"
    r"|と(?:聞(?:き|いて(?:い|おり))|伺(?:い|って(?:い|おり)))ま(?:す|した)|に(?:所属|勤務|在籍)して(?:い|おり)ます)"
)
_TOLD = compile_later(rf"[ 　]{{0,3}}{IS}[。.!！]{{0,5}}$")


def strip_told(text: str) -> str:
    """Return a text without its copula: 見本町です。

    A consent keeps it: 同意すると聞いています is what somebody else said, and 同意でした is over.
    """
    return text if speaks_of_consent(text) or _RULES.search(text) else _TOLD.sub("", text)


_RULES = compile_later("規約|ルール")


# 氏名は和泉さくら: after its label, a name may have no blank.
_TOLD_NAME = compile_later(rf"{BARE_NAME}(?:[ 　]?(?:[ぁ-ゖ]{{2,4}}|[ァ-ヺー]{{2,5}}))?(?<!から)(?<!まで)")


def is_told(item: Item, value: str) -> bool:
    """Return whether a value after 氏名は or similar is what the label names, and no sentence about it."""
    if item is Item.NAME:
        return is_closed(value) and _TOLD_NAME.fullmatch(value) is not None
    return bool(take(item, value))


def is_bare_name(value: str) -> bool:
    """Return whether a value consists of a known family name and characters of given names: 安部俊太."""
    return is_closed(value) and _BARE_NAME.fullmatch(value) is not None


_BARE_NAME = compile_later(BARE_NAME)


def take(item: Item, value: str) -> str:
    """Return the value if it can only be this item's, otherwise empty."""
    taker = _TAKERS.get(item)
    said = taker(value) if taker is not None else ""
    return "" if said and refers(item, said) else said


def _take_code(value: str) -> str:
    is_code = CODE.fullmatch(value) is not None and codes.is_checked(value)
    return value if is_code or is_unknown(value) or _NO_CODE.fullmatch(value) else ""


def _take_category(value: str) -> str:
    bare = unicodedata.normalize("NFKC", value).strip(" 。.!").casefold()
    return parse_category(value) if _CATEGORY.fullmatch(bare) else ""


def _is_unit(value: str) -> bool:
    is_section = beside.is_section(value) and _EITHER.search(value) is None
    is_house = _HOUSE.fullmatch(value) is not None and is_closed(value)
    return is_section or is_house or _ENGLISH_UNIT.fullmatch(value) is not None


# 図書館, 市立病院
_HOUSE = compile_later(
    r"[一-鿿々ァ-ヺー]{0,8}(?:図書館|公民館|博物館|美術館|資料館|文化会館|病院|診療所|保健所|保育所|保育園|幼稚園|消防署|試験場)"
)


_EITHER = compile_later(r"[部局課室係班]か(?:[^\s]{1,16})[部局課室係班]$")  # 企画課か総務課


def _take_name(value: str) -> str:
    is_office = any(map(beside.is_section, value.split()))  # 企画課 田中花子
    return value if beside.is_person(value) and not is_office else ""


_TAKERS: Mapping[Item, Callable[[str], str]] = {
    Item.CODE: _take_code,
    Item.CATEGORY: _take_category,
    Item.TITLE: lambda value: value if is_role(value) else "",
    Item.ORGANISATION: lambda value: value if beside.is_body(value) else "",
    Item.DEPARTMENT: lambda value: value if _is_unit(value) else "",
    Item.NAME: _take_name,
}
KINDS = tuple(_TAKERS)
