"""Detects the names of several people in one value, or in one row of a table."""

from __future__ import annotations

from gateway.admission.application.values import strip_reading
from gateway.patterns import compile_later

# Separators between the names of several people, and counts of unnamed ones.
_BETWEEN = compile_later(r"[、,，／/＆&;；・]|及び|および|並びに|ならびに|[\s　]と[\s　]")
_OTHERS = compile_later(r"(?:外|他|ほか)[\s　]?(?:[0-9０-９]{1,3}|[一二三四五六七八九十]{1,2})[\s　]?[名人]")
KANJI = r"[一-鿿々ヶ\ufa0e-\ufaff\U00020000-\U0003ffff]"
_GIVEN = rf"(?:{KANJI}|[ぁ-ゖァ-ヺー]){{1,5}}"
_FULL_NAME = compile_later(rf"{KANJI}{{1,4}}[ 　]{{1,2}}{_GIVEN}|{KANJI}{{3,6}}")
_NO_NAME = compile_later(
    r"[^\s　]*(?:[都道府県市区町村省庁部局課室係班長]|主査|主事|主任|主幹|補佐|参事|技師|担当|職員"
    r"|係員|委員会)(?:[\s　].*)?"
)


def names_several(value: str) -> bool:
    """Return whether the value of a name contains several people, or counts others: 見本 花子 外1名."""
    if _OTHERS.search(value) is not None:
        return True
    parts = [strip_reading(part.strip()) for part in _BETWEEN.split(_NOTE.sub("", value)) if part.strip()]
    words = value.split()
    if len(parts) == 1 and len(words) == 4:  # one below the other, on continued lines
        parts = [" ".join(words[:2]), " ".join(words[2:])]
    return len(set(map(fold_name, parts))) > 1 and all(map(_is_full_name, parts))


_NOTE = compile_later(r"[(（][^()（）]{0,40}[)）]")


def _is_full_name(part: str) -> bool:
    return _FULL_NAME.fullmatch(part) is not None and _NO_NAME.fullmatch(part) is None


def fold_name(name: str) -> str:
    """Fold a name for comparison: without its reading and blanks."""
    return "".join(strip_reading(name).casefold().split())
