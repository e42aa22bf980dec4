"""Detects forms of several people in one mail, which are never read as one."""

from __future__ import annotations

from collections import Counter

from gateway.admission.application.items.labels import Item
from gateway.admission.application.items.values import clean_value, is_elsewhere, is_unknown
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.lines import Lines
from gateway.admission.application.layout.no_value import is_mark_of_mail
from gateway.admission.application.layout.table.several import KANJI, fold_name, names_several
from gateway.patterns import compile_later

_OF_ONE = frozenset({Item.ORGANISATION, Item.DEPARTMENT, Item.CATEGORY, Item.TITLE, Item.CODE, Item.CONSENT})


# A reading, or Latin letters, may be the same person's.
_KANJI_IN = compile_later(KANJI)


def has_several_people(lines: Lines) -> bool:
    """Return whether a text contains several people.

    A single name contains several, two follow the same label, or two follow labels and another item is
    repeated as well. Two labels may name two roles: 氏名 and 担当者.
    """
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


def are_two_people(one: str, other: str) -> bool:
    """Return whether two names in kanji are probably two people's: Latin letters may spell the same one."""
    return all(map(_KANJI_IN.search, (one, other))) and is_other_person(one, other)


def is_other_person(old: str, new: str) -> bool:
    """Return whether two full names are probably two people's.

    Neither the family name nor the given name is equal, and more than one character differs. A corrected name
    is not another person.
    """
    parts, others = old.casefold().split(), new.casefold().split()
    if not parts or not others or fold_name(old) == fold_name(new):
        return False
    if len(parts) > 1 and len(others) > 1:
        return not set(parts) & set(others)
    one, two = fold_name(old), fold_name(new)
    return one[:2] != two[:2] and sum(a != b for a, b in zip(one, two, strict=False)) > 1


def is_respelt(known: str, name: str) -> bool:
    """Return whether a name is another spelling of a known one (田中 華子), or has its given name."""
    one, other = "".join(known.split()), "".join(name.split())
    is_given = known.split()[-1:] == name.split()[-1:]
    common = len(set(one) & set(other))
    return is_given or not one or common > 2 or (common == 2 and len(other) < 4)
