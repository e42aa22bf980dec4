"""The value of 所属: the organisation, the section, or both in one value."""

from __future__ import annotations

from typing import Any

from gateway.admission.application.evidence.blocks import read_line
from gateway.admission.application.items.labels import Item
from gateway.patterns import compile_later

_BODY = compile_later(
    r"((?:\S{1,12}[都道府県][\s　]{0,3})?\S{1,20}(?:都|道|府|県|市|区|町|村|省|庁|院|組合|広域連合"
    r"|委員会|本部))(?:役所|役場)?[\s　]+(\S.*)"
)
_BODY_ALONE = compile_later(
    r"(?:\S{1,12}[都道府県][\s　]{0,3})?\S{1,20}(?:[都道府県市区町村省庁]|組合|広域連合|役所|役場)"
)


# An organisation and its section in one word: 見本市総務部広報課. No other noun counts: 都市整備課.
_NO_BODY = (
    r"(?!\S*?(?:(?<!京)都市|中心市|地区|学区|校区|特区|農村|漁村|山村|市町村|区町村"
    r"|城下町|門前町|宿場町|港町|下町))"
)
_ONE_WORD = compile_later(
    rf"{_NO_BODY}((?:[一-鿿]{{2,3}}[都道府県](?:[一-鿿ヶケ]{{1,4}}郡)?)?[^\s部課局室係]{{1,7}}?[市区町村])"
    r"(?![市区町村街画民長立営内づおう])(?:役所|役場)?(\S{2,40}(?:部|局|課|室|係|班|センター))"
)


# A branch of a ministry, before its section: 近畿財務局　総務部. A city's bureau is its own: 東京都財務局.
_BRANCH_ALONE = compile_later(
    r"((?:北海道|京都|[^\s都道府県市区町村]{2,5})(?:財務|労働|国税|法務|税関|地方整備|農政|経済産業|運輸|厚生|総合通信"
    r"|森林管理|防衛|航空)局)[\s　]+(\S.*)"
)
# A branch of a ministry or an agency, beside its section: 見本省北陸見本局.
_BRANCH = compile_later(r"[一-鿿]{1,6}(?:省|庁)\S{2,16}(?:局|支局|事務所|センター|本部|支所)")


_PLACES = frozenset({Item.ORGANISATION, Item.DEPARTMENT})


def split_affiliation(said: dict[str, Any]) -> dict[str, Any]:
    """Return the items of a form with its affiliation as organisation, section, and also the title in it."""
    rest = {item: value for item, value in said.items() if item != Item.AFFILIATION}
    affiliation = said.get(Item.AFFILIATION, "")
    organisation, department = rest.get(Item.ORGANISATION, ""), rest.get(Item.DEPARTMENT, "")
    one = "" if organisation or (affiliation and department) else affiliation or department
    if (branch := _BRANCH_ALONE.fullmatch(one)) is not None:
        return {**rest, Item.ORGANISATION: branch[1], Item.DEPARTMENT: branch[2]}
    told = read_line(one) if one else None
    if told is not None and told.keys() >= _PLACES:
        return {Item.TITLE: told.get(Item.TITLE, ""), **rest, **{item: told[item] for item in _PLACES}}
    organisation, department = _split(affiliation, organisation, department)
    return {**rest, Item.ORGANISATION: organisation, Item.DEPARTMENT: department}


def _split(affiliation: str, organisation: str, department: str) -> tuple[str, str]:
    """Return organisation and department, where 所属 gives what other labels leave open.

    Beside a section it is the organisation if it is named like one; without one it is the section, or both.
    """
    is_branch = bool(department) and _BRANCH.fullmatch(affiliation) is not None
    if affiliation and not organisation and (is_branch or _BODY_ALONE.fullmatch(affiliation)):
        organisation = affiliation
    elif affiliation and not department:
        department = affiliation
    both = None if organisation else _BODY.fullmatch(department)
    if both is None and not organisation and affiliation == department:
        both = _ONE_WORD.fullmatch(affiliation)
    return (organisation, department) if both is None else (both[1], both[2])
