"""Detects the names of several people in one value, or in one row of a table."""

from __future__ import annotations

from gateway.admission.application.consent.people import (
    is_family_name,
    is_latin_name,
    is_role,
    is_somebody,
)
from gateway.admission.application.items.values import strip_reading
from gateway.patterns import compile_later

# Separators between the names of several people, and counts of unnamed ones.
_BETWEEN = compile_later(
    r"[、,，／/＆&;；・①-⑳]|(?<![^\s　])[0-9０-９][.．)）](?=[\s　])|及び|および|並びに|ならびに"
    r"|[\s　]と[\s　]|(?<=[一-鿿])と(?=[一-鿿])|(?<=[A-Za-z]) and (?=[A-Z])"
)
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
    parts = [_strip_around(part) for part in _BETWEEN.split(_NOTE.sub("、", value)) if part.strip()]
    words = value.split()
    if (
        len(parts) == 1 and len(words) == 4 and max(map(len, words)) > 1
    ):  # one below the other, on continued lines
        parts = [" ".join(words[:2]), " ".join(words[2:])]
    if len(parts) == 1 and len(words) == 2 and all(map(_is_whole, words)):
        parts = words  # 堀内真紀 加藤健
    if len(set(map(fold_name, parts))) < 2:
        return False
    return any(all(map(kind, parts)) for kind in (_is_full_name, is_family_name, is_latin_name))


def _is_whole(word: str) -> bool:
    """Return whether a word is a family name and a given one: not 五十嵐, nor 一二三."""
    return is_somebody(word) and not is_family_name(word)


def _strip_around(part: str) -> str:
    """Return a name without a form of address, a reading, or a job title before it."""
    words = _ADDRESS.sub("", strip_reading(part.strip())).split()
    return " ".join(words[1:] if len(words) > 2 and is_role(words[0]) else words)


_ADDRESS = compile_later(r"(?:さん|様|氏|君)$")
_NOTE = compile_later(r"[(（][^()（）]{0,40}[)）]")


def _is_full_name(part: str) -> bool:
    return _FULL_NAME.fullmatch(part) is not None and _NO_NAME.fullmatch(part) is None


def fold_name(name: str) -> str:
    """Fold a name for comparison: without its reading and blanks."""
    return "".join(strip_reading(name).casefold().split())
