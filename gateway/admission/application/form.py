"""Reads an application from plain text: labels, values, boxes, also from a quoted or numbered form.

Values are kept as received, only bounded and without control and bidi characters (a name is never
normalised); labels are folded for comparison. What is not understood is left empty, and is requested from the
applicant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from gateway.admission.application.beside.corrections import read_corrections, read_errata
from gateway.admission.application.consent.passage import Place, find_place, read_agreement
from gateway.admission.application.consent.people import NOBODY, Writer, build_writer
from gateway.admission.application.evidence.guessed.relabel import relabel
from gateway.admission.application.evidence.headings import find_others
from gateway.admission.application.evidence.references import is_other_code, refers
from gateway.admission.application.evidence.shapes import fits, is_code, split_category, split_code
from gateway.admission.application.items.affiliation import split_affiliation
from gateway.admission.application.items.fields import AGREED, Category, Form
from gateway.admission.application.items.labels import MAX_LABEL, Item, find_item
from gateway.admission.application.items.values import (
    clean_value,
    find_code,
    is_denied,
    is_elsewhere,
    is_no_code,
    is_pending,
    is_unknown,
    parse_category,
    pick_ticked,
)
from gateway.admission.application.layout import below
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.lines import Lines, split_every_line, split_labels
from gateway.admission.application.layout.no_value import is_mark_of_mail, says_no_value, strip_contacts
from gateway.admission.application.layout.people import are_two_people
from gateway.admission.application.layout.prose import IRRELEVANT_LINE
from gateway.admission.application.unlabelled.kinds import strip_told
from gateway.admission.application.unlabelled.lines import label_values
from gateway.admission.application.unlabelled.told import strip_beside, strip_sentence
from gateway.admission.application.writer import introduce
from gateway.patterns import compile_later


def parse_form(text: str, known: Writer = NOBODY) -> Form:
    """Parse a form. The first meaningful value of an item counts. Never raises.

    `known` is who is expected to write it, if it gives no name; the name is not added to the form.
    """
    return _read_form(text, lambda said: split_labels(said, pass_over=IRRELEVANT_LINE.fullmatch), known)


def parse_every_line(text: str) -> Form:
    """Parse a form without skipping irrelevant lines; it takes three times as long."""
    return _read_form(text, split_every_line, NOBODY)


def _read_form(text: str, split: Callable[[str], Lines], known: Writer) -> Form:
    lines, said, places = _add_guesses(_add_values(_read(split(text)), text, split), text, split)
    if said:
        own = "\n".join(text for at, text in enumerate(lines.texts) if at not in lines.quoted)
        for item, value in {
            **read_errata(own, said),
            **read_corrections(own, said.get(Item.NAME, "")),
        }.items():
            if item is Item.CODE or (fits(item, value) and not is_pending(value)):
                said[item] = value
    said.setdefault(Item.NAME, "")
    return _agree(_Reading(lines, said, places), known)


def _agree(reading: _Reading, known: Writer) -> Form:
    """Return the form with its consent, which is read again with a name that only sentences give."""
    said, in_form = reading.said, any(reading.said.values())
    name = said[Item.NAME] or known.name
    form = _complete(reading, _build_writer(name, said, known), in_form=in_form)
    if form.consent not in AGREED or not form.name or form.name == name:
        return form
    again = _complete(reading, _build_writer(form.name, said, known), in_form=in_form)
    return form if again.consent is form.consent else again


def _build_writer(name: str, said: dict[str, Any], known: Writer) -> Writer:
    return build_writer(name, (*(said.get(item, "") for item in _PLACES), *known.places))


class _Reading(NamedTuple):
    """The lines of a text, the values of its labels, and the places of consent."""

    lines: Lines
    said: dict[str, Any]  # the fields of a form are named like its items
    places: list[Place]


def _add_values(reading: _Reading, text: str, split: Callable[[str], Lines]) -> _Reading:
    """Return the reading with a label before each bare value if that gives more.

    自治体 above 見本町 is a value, although it is a label elsewhere.
    """
    labelled = label_values(text) if _count(reading.said) < _FEW else ""
    more = _read(split(labelled)) if labelled else reading
    return more if _count(more.said) > _count(reading.said) else reading


def _add_guesses(reading: _Reading, text: str, split: Callable[[str], Lines]) -> _Reading:
    """Return the reading with guessed labels if that gives more."""
    may_hold_more = reading.said or reading.places or _OF_RULES.search(text)
    relabelled = relabel(text) if may_hold_more and not _is_whole(reading) else text
    if relabelled == text:
        return reading
    more = _read(split(relabelled))
    said = {item: value for item, value in more.said.items() if _stands_in(value, Item(item), text)}
    is_more = _count(said) > _count(reading.said) or len(more.places) > len(reading.places)
    is_form = _count(said) + 2 * bool(more.places) >= _FEW
    return more._replace(said=_choose(reading.said, said)) if is_more and is_form else reading


_FEW = 3


def _is_whole(reading: _Reading) -> bool:
    """Return whether known labels give all that is requested."""
    asked = _ASKED if reading.said.get(Item.CATEGORY) == Category.NATIONAL else (*_ASKED, Item.CODE)
    return bool(reading.places) and all(map(reading.said.get, asked))


_OF_RULES = compile_later("同意|規|ルール|きまり|承諾|agree|consent|rules|terms", re.IGNORECASE)


def _stands_in(value: str, item: Item, text: str) -> bool:
    """Return whether a value is in the text as written, apart from lines and blanks: none is assembled."""
    if item in {Item.CATEGORY, Item.CODE}:
        return True
    return "".join(value.split()) in "".join(text.split())


def _choose(said: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Merge values of known labels with guessed ones, which only replace values of a wrong shape."""
    kept = {item: value for item, value in said.items() if item not in more or fits(Item(item), value)}
    return {**more, **kept}


_ASKED = (Item.CATEGORY, Item.ORGANISATION, Item.DEPARTMENT, Item.NAME)


def _count(said: dict[str, Any]) -> int:
    """Return the number of items with a value."""
    return sum(map(bool, said.values()))


def _read(lines: Lines) -> _Reading:
    """Read lines; the writer's own precede quoted ones."""
    others = find_others(lines.texts)
    said, places = _read_items(lines, others, quoted=False)
    quoted, beside = _read_items(lines, others, quoted=True)
    if _is_by_another(said, places, quoted):
        return _Reading(lines, said, places)
    return _Reading(lines, {**quoted, **said}, sorted([*places, *beside], key=lambda place: place.at))


def _read_items(lines: Lines, others: Collection[int], *, quoted: bool) -> tuple[dict[str, Any], list[Place]]:
    """Return values and places of consent from quoted lines, or the own ones, without those of `others`."""
    said: dict[str, Any] = {}
    behind: dict[Item, str] = {}  # in case that nothing better follows
    places = list[Place]()
    for at, _ in (one for one in lines.candidates if one[1] is quoted and one[0] not in others):
        held = parse_line(lines.texts[at])
        place = find_place(lines.texts[at], at, held, quoted=quoted)
        if place is not None:
            places.append(place)
            continue
        found = _parse_entry(lines, at, held, quoted=quoted)
        if found is None or found[0] in said or not (meaning := _parse_value(*found)):
            continue
        item, value = found
        if item in _BODIES and (kind := split_category(meaning)):
            meaning, said[Item.CATEGORY] = kind[0], said.get(Item.CATEGORY) or parse_category(kind[1])
        if item is Item.ORGANISATION and (beside := split_code(meaning)):
            meaning, code = beside
            behind.setdefault(Item.CODE, code)
        if item is Item.NAME and _is_name_behind(lines.texts[at][:MAX_LABEL], value):
            behind.setdefault(item, meaning)
            continue
        said[item] = meaning
    for item, meaning in behind.items():
        said.setdefault(item, meaning)
    return said, places


def _is_name_behind(line: str, value: str) -> bool:
    """Return whether the applicant's name may follow this one: 氏名（フリガナ）, 担当者."""
    return _CONTACT.match(line) is not None or (
        _READING.search(line) is not None and _KANA.fullmatch(value) is not None
    )


def _is_by_another(said: dict[str, Any], places: Sequence[Place], quoted: dict[str, Any]) -> bool:
    """Return whether a quoted form names another person than the writer's own form, such as a predecessor."""
    whole = bool(places) or bool(said.keys() - {Item.NAME})
    return whole and are_two_people(said.get(Item.NAME, ""), quoted.get(Item.NAME, ""))


_NUMBERED = compile_later(r"[^\w]{0,8}番\s?号")
_FORMS_OF_ADDRESS = frozenset({"様", "御中", "殿", "各位", "さま", "行", "宛"})
_PLACES = (Item.ORGANISATION, Item.DEPARTMENT, Item.AFFILIATION)


def _complete(reading: _Reading, writer: Writer, *, in_form: bool) -> Form:
    """Build the form from items and consent, with an affiliation as organisation or section."""
    agreed = read_agreement(reading.lines, reading.places, writer, in_form=in_form)
    said = {Item.VERSION.value: agreed.version, **reading.said}
    return introduce(Form(**{**split_affiliation(said), "consent": agreed.consent}), agreed, reading.lines)


def _parse_entry(
    lines: Lines, at: int, held: tuple[Item, str] | None, *, quoted: bool
) -> tuple[Item, str] | None:
    """Return the item of a line's label and its value; None if there is none."""
    if held is None:
        return None
    item, raw = held
    if item in _CHOSEN:
        raw = pick_ticked(raw.strip())
    raw = strip_sentence(item, strip_contacts(raw) if item is Item.CODE else raw)
    if is_unknown(raw):
        return (item, raw.strip()) if item is Item.CODE else None
    value = clean_value(raw)
    if is_mark_of_mail(raw) or is_elsewhere(raw) or _is_to_come(item, value) or _is_no_answer(item, raw):
        return None
    # The name of a group of items above or beside (申請者), or the addressee of a mail: ご担当者　様.
    if item is Item.CODE and _NUMBERED.match(lines.texts[at]) and not is_code(strip_told(value)):
        value = ""  # 番号：0265-00-0000
    if value in _FORMS_OF_ADDRESS or (find_item(value) is not None and item is not Item.CATEGORY):
        return None
    following = below.find_following(lines, at, quoted=quoted)
    if not value:
        return item, below.find_value(item, following)
    return item, below.complete_value(item, value, lines.texts[at], following)


_WRITTEN = frozenset({Item.NAME, Item.ORGANISATION, Item.DEPARTMENT, Item.TITLE, Item.AFFILIATION})
_BODIES = frozenset({Item.ORGANISATION, Item.AFFILIATION})
_CHOSEN = frozenset({Item.TITLE, Item.DEPARTMENT, Item.ORGANISATION})


def _is_no_answer(item: Item, raw: str) -> bool:
    """Return whether the text beside a label is no value of it; part of a category may be one."""
    return item is not Item.CATEGORY and says_no_value(raw)


def _is_to_come(item: Item, value: str) -> bool:
    is_role = value.endswith("担当")  # 申請者　連絡担当: the heads of two columns
    return (item is Item.NAME and (is_role or is_pending(value))) or (item is Item.CODE and is_no_code(value))


def _parse_value(item: Item, value: str) -> str:
    """Return the meaning of a value: a category, or the text; empty if it says nothing."""
    if item is Item.CATEGORY:
        return parse_category(value)
    if item is Item.CODE:
        value = strip_contacts(value)
        is_none = is_other_code(value) or (is_no_code(value) and not is_unknown(value))
        return "" if is_none else find_code(value)
    return strip_beside(item, value) if _says_value(item, value) else _find_correct(item, value)


def _says_value(item: Item, value: str) -> bool:
    """Return whether a text is what its label asks for, and no denial, reference or correction."""
    if is_denied(value) or value.startswith(_CORRECTLY):
        return False
    return item not in _WRITTEN or not (is_pending(value) or refers(item, value))


def _find_correct(item: Item, value: str) -> str:
    """Return the value behind 正しくは, or behind ではなく."""
    found = _CORRECTED.match(value)
    said = strip_told(value[found.end() :].strip()) if found is not None else ""
    return said if fits(item, said) and not refers(item, said) else ""


_CORRECTLY = "正しく"
_CORRECTED = compile_later(rf"{_CORRECTLY}(?:は|、|,)*|[^。、]{{1,30}}(?:では|じゃ)なく(?:て)?、?")
_CONTACT = compile_later(r"[^:：\t]{0,12}担当")
_READING = compile_later(r"[(（\[［【](?:フリガナ|ふりがな|カナ|かな|ｶﾅ|ﾌﾘｶﾞﾅ|読み|よみ)[)）\]］】]")
_KANA = compile_later(r"[\u3041-\u30ff\uff61-\uff9f\s　]+")
