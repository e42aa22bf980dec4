"""Postal addresses in a signature line."""

from __future__ import annotations

from gateway.admission.replies.grammar.names.places import read_body
from gateway.admission.replies.grammar.names.towns import is_house, is_town
from gateway.patterns import compile_later

# After 〒 or the name of a municipality: town, number and building.
_POST_BEFORE = compile_later(r"(?:住所[:：]?)?(?P<post>〒\d{3}-\d{4})?")
_STREET = compile_later(
    r"(?P<county>[一-鿿ヶケ々]{1,5}郡)?(?P<town>(?:[東西南北]?\d{1,2}(?:条|線)[東西南北]?|[^\d\s]){1,14}?)"
    r"(?=\d|[一二三四五六七八九十]丁目)(?:(?:[一二三四五六七八九十]|\d{1,2})丁目)?\d{0,4}(?:番地?|-)?"
    r"(?:(?:の|-|第)?\d{1,4}(?:番地?|号)?){0,3}(?P<house>[^\d\s]{0,12}?(?:第?\d{1,2}号館)?)(?:\d{1,2}(?:階|f))?"
)
_LOT = compile_later(r"(?<=.)[甲乙丙丁]$")


def is_postal_address(compact: str) -> bool:
    """Return whether a line is a postal address: 〒 or an existing municipality, a town and a number."""
    before = _POST_BEFORE.match(compact)
    rest = compact[before.end() :] if before else compact
    behind = read_body(rest)
    has_post = before is not None and before["post"] is not None
    street = _STREET.fullmatch(rest if behind is None else behind)
    if street is None or (behind is None and not has_post):
        return False
    town = street["town"]
    inner = read_body(town) if street["county"] else None
    return is_town(_LOT.sub("", town if inner is None else inner)) and is_house(street["house"])
