"""Whether a mail holds the forms of several people, which are never read as one."""

from __future__ import annotations

from collections import Counter

from gateway.admission.application.labels import Item
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.lines import split_labels
from gateway.admission.application.layout.no_value import is_mark_of_mail
from gateway.admission.application.values import clean_value, is_unknown, strip_reading

_OF_ONE = frozenset({Item.ORGANISATION, Item.DEPARTMENT, Item.CATEGORY, Item.TITLE, Item.CODE, Item.CONSENT})


def has_several_people(text: str) -> bool:
    """Whether two names stand behind labels, and another item of a form is there twice as well."""
    names: set[str] = set()
    count: Counter[Item] = Counter()
    for line in split_labels(text, lambda _: None).texts:
        held = parse_line(line)
        value = clean_value(held[1]) if held is not None and not is_mark_of_mail(held[1]) else ""
        if held is None or not value or is_unknown(value):
            continue
        count[held[0]] += 1
        if held[0] is Item.NAME:
            names.add(fold_name(value))
    return len(names) > 1 and any(count[item] > 1 for item in _OF_ONE)


def fold_name(name: str) -> str:
    """A name as two are compared: without its reading, without blanks."""
    return "".join(strip_reading(name).casefold().split())


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
