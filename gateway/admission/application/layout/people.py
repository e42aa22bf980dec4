"""Whether a mail holds the forms of several people, which are never read as one."""

from __future__ import annotations

import re
from collections import Counter

from gateway.admission.application.labels import Item
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.lines import Lines
from gateway.admission.application.layout.no_value import is_mark_of_mail
from gateway.admission.application.values import clean_value, is_elsewhere, is_unknown, strip_reading

_OF_ONE = frozenset({Item.ORGANISATION, Item.DEPARTMENT, Item.CATEGORY, Item.TITLE, Item.CODE, Item.CONSENT})


# What stands between the names of several people, and what counts those that are not named.
_BETWEEN = re.compile(r"[、,，／/＆&;；・]|及び|および|並びに|ならびに|[\s　]と[\s　]")
_OTHERS = re.compile(r"(?:外|他|ほか)[\s　]?(?:[0-9０-９]{1,3}|[一二三四五六七八九十]{1,2})[\s　]?[名人]")
_KANJI = r"[一-鿿々ヶ\ufa0e-\ufaff\U00020000-\U0003ffff]"
_KANJI_IN = re.compile(_KANJI)  # a reading, or Latin letters, may be the same person's
_GIVEN = rf"(?:{_KANJI}|[ぁ-ゖァ-ヺー]){{1,5}}"
_FULL_NAME = re.compile(rf"{_KANJI}{{1,4}}[ 　]{{1,2}}{_GIVEN}|{_KANJI}{{3,6}}")
_NO_NAME = re.compile(
    r"[^\s　]*(?:[都道府県市区町村省庁部局課室係班長]|主査|主事|主任|主幹|補佐|参事|技師|担当|職員"
    r"|係員|委員会)(?:[\s　].*)?"
)


def names_several(value: str) -> bool:
    """Whether the value of a name holds the names of several people, or counts others: 見本 花子 外1名."""
    if _OTHERS.search(value) is not None:
        return True
    parts = [strip_reading(part.strip()) for part in _BETWEEN.split(_NOTE.sub("", value)) if part.strip()]
    words = value.split()
    if len(parts) == 1 and len(words) == 4:  # one below the other, on lines that go on
        parts = [" ".join(words[:2]), " ".join(words[2:])]
    return len(set(map(fold_name, parts))) > 1 and all(map(_is_full_name, parts))


_NOTE = re.compile(r"[(（][^()（）]{0,40}[)）]")


def _is_full_name(part: str) -> bool:
    return _FULL_NAME.fullmatch(part) is not None and _NO_NAME.fullmatch(part) is None


def has_several_people(lines: Lines) -> bool:
    """Whether one name holds several, or two stand behind the same label, or behind labels with another item
    of a form twice as well. Two labels may name two roles: 氏名 and 担当者."""
    names: set[str] = set()
    labels: dict[str, str] = {}
    count: Counter[Item] = Counter()
    for line in lines.texts:
        held = parse_line(line)
        value = clean_value(held[1]) if held is not None and not is_mark_of_mail(held[1]) else ""
        if held is None or not value or is_unknown(value):
            continue
        count[held[0]] += 1
        if held[0] is Item.NAME and not is_elsewhere(value):
            if names_several(value):
                return True
            names.add(fold_name(value))
            first = labels.setdefault("".join(line[: line.rfind(held[1])].split()), value)
            if are_two_people(first, value):
                return True
    return len(names) > 1 and any(count[item] > 1 for item in _OF_ONE)


def fold_name(name: str) -> str:
    """A name as two are compared: without its reading, without blanks."""
    return "".join(strip_reading(name).casefold().split())


def are_two_people(one: str, other: str) -> bool:
    """Whether two names in kanji can hardly be one person's: Latin letters may spell the same one."""
    return all(map(_KANJI_IN.search, (one, other))) and is_other_person(one, other)


def is_other_person(old: str, new: str) -> bool:
    """Whether two full names can hardly be one person's: neither the family name nor the given name is the
    same, and more than one character differs. A corrected name is none."""
    parts, others = old.casefold().split(), new.casefold().split()
    if not parts or not others or fold_name(old) == fold_name(new):
        return False
    if len(parts) > 1 and len(others) > 1:
        return not set(parts) & set(others)
    one, two = fold_name(old), fold_name(new)
    return one[:2] != two[:2] and sum(a != b for a, b in zip(one, two, strict=False)) > 1
