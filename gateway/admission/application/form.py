"""An application read out of plain text: labels, values, boxes, also from a quoted or numbered form.

Values stay as received, only bounded and without control and bidi characters (a name is never
normalised); labels are folded for comparing. What is not understood stays empty and is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.admission.application.affiliation import split_affiliation
from gateway.admission.application.consent.answer import Consent
from gateway.admission.application.consent.passage import Agreement, Place, find_place, read_agreement
from gateway.admission.application.consent.people import build_writer
from gateway.admission.application.corrections import read_corrections
from gateway.admission.application.labels import (
    FORM_FIELDS,
    MAX_LABEL,
    FormField,
    Item,
    find_item,
)
from gateway.admission.application.layout import below
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.lines import Lines, split_every_line, split_labels
from gateway.admission.application.layout.no_value import is_mark_of_mail
from gateway.admission.application.layout.people import are_two_people
from gateway.admission.application.layout.prose import IRRELEVANT_LINE
from gateway.admission.application.unlabelled import introduction
from gateway.admission.application.unlabelled.introduction import Introduction
from gateway.admission.application.unlabelled.kinds import CODE
from gateway.admission.application.unlabelled.lines import label_values
from gateway.admission.application.values import (
    Category,
    clean,
    clean_value,
    find_code,
    is_elsewhere,
    is_unknown,
    parse_category,
    split_code,
    strip_reading,
)

__all__ = [
    "FORM_FIELDS",
    "Category",
    "Consent",
    "Form",
    "FormField",
    "Item",
    "merge",
    "missing_items",
    "parse_form",
    "render_form",
]


@dataclass(frozen=True, slots=True)
class Form:
    """What an application says; empty strings where it says nothing. `version` is that of the rules."""

    category: Category = Category.UNKNOWN
    organisation: str = ""
    code: str = ""
    department: str = ""
    title: str = ""
    name: str = ""
    email: str = ""
    consent: Consent = Consent.ABSENT
    version: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the text held no item of a form at all."""
        return self == _NOTHING


_NOTHING = Form()


def parse_form(text: str) -> Form:
    """Read a form. The first value of an item that says something counts. Never raises."""
    return _read_form(text, lambda said: split_labels(said, pass_over=IRRELEVANT_LINE.fullmatch))


def parse_every_line(text: str) -> Form:
    """The same without a line that is passed over at a glance; it takes three times as long."""
    return _read_form(text, split_every_line)


def _read_form(text: str, split: Callable[[str], Lines]) -> Form:
    lines = split(text)
    said, places = _read_items(lines)
    # 自治体 above 見本町 is a value, though it is a label elsewhere.
    if _count(said) < _FEW and (labelled := label_values(text)):
        again = split(labelled)
        more, beside = _read_items(again)
        if _count(more) > _count(said):
            lines, said, places = again, more, beside
    if said:
        own = "\n".join(text for at, text in enumerate(lines.texts) if at not in lines.quoted)
        for item, value in read_corrections(own).items():
            said[item] = value
    said.setdefault(Item.NAME, "")
    writer = build_writer(said[Item.NAME], (said.get(item, "") for item in _PLACES))
    return _complete(said, read_agreement(lines, places, writer, in_form=any(said.values())), lines)


_FEW = 3


def _count(said: dict[str, Any]) -> int:
    """How many items say something."""
    return sum(map(bool, said.values()))


def _read_items(lines: Lines) -> tuple[dict[str, Any], list[Place]]:
    """What labels say, with the places of consent; the writer's own lines come before quoted ones."""
    said, places = _read_candidates(lines, quoted=False)
    quoted, beside = _read_candidates(lines, quoted=True)
    if _is_by_another(said, places, quoted):
        return said, places
    return {**quoted, **said}, sorted([*places, *beside], key=lambda place: place.at)


def _read_candidates(lines: Lines, *, quoted: bool) -> tuple[dict[str, Any], list[Place]]:
    """What labels say on the lines that were quoted, or on the writer's own, and the places of consent."""
    said: dict[str, Any] = {}  # the fields of a form are called as its items
    reading, codes = "", list[str]()
    places: list[Place] = []
    for at, _ in (one for one in lines.candidates if one[1] is quoted):
        held = parse_line(lines.texts[at])
        place = find_place(lines.texts[at], at, held, quoted=quoted)
        if place is not None:
            places.append(place)
            continue
        found = _parse_entry(lines, at, held, quoted=quoted)
        if found is None or found[0] in said or not (meaning := _parse_value(*found)):
            continue
        item, value = found
        if item is Item.ORGANISATION and (beside := split_code(meaning)):
            meaning, code = beside
            codes.append(code)
        if item is Item.NAME and _READING.search(lines.texts[at][:MAX_LABEL]) and _KANA.fullmatch(value):
            reading = reading or value  # 氏名（フリガナ）: the name itself may stand below
            continue
        said[item] = meaning
    if reading:
        said.setdefault(Item.NAME, reading)
    if codes:
        said.setdefault(Item.CODE, codes[0])
    return said, places


def _is_by_another(said: dict[str, Any], places: Sequence[Place], quoted: dict[str, Any]) -> bool:
    """Whether a form that was quoted names another person than the writer's own form: a predecessor's."""
    whole = bool(places) or bool(said.keys() - {Item.NAME})
    return whole and are_two_people(said.get(Item.NAME, ""), quoted.get(Item.NAME, ""))


_NUMBERED = re.compile(r"[^\w]{0,8}番\s?号")
_FORMS_OF_ADDRESS = frozenset({"様", "御中", "殿", "各位", "さま", "行", "宛"})
_NAMES = (Item.NAME, Item.ORGANISATION)
_PLACES = (Item.ORGANISATION, Item.DEPARTMENT, Item.AFFILIATION)


def _complete(said: dict[str, Any], agreed: Agreement, lines: Lines) -> Form:
    """The form of the items said, with the consent, and with an affiliation as body or section."""
    said.setdefault(Item.VERSION, agreed.version)
    organisation, department = split_affiliation(
        said.pop(Item.AFFILIATION, ""), said.get(Item.ORGANISATION, ""), said.get(Item.DEPARTMENT, "")
    )
    found = {**said, "organisation": organisation, "department": department, "consent": agreed.consent}
    return _introduce(Form(**found), agreed, lines)


def _introduce(form: Form, agreed: Agreement, lines: Lines) -> Form:
    """Who agrees to the rules applies; where no label says by whom, what stands above the consent does, with
    the signature below it, or a sentence that names the person of the form."""
    is_told = form.organisation or (form.department and form.name)
    if is_told or not (form.name or form.consent is Consent.YES):
        return form
    end = agreed.at + 1 if agreed.at >= 0 else len(lines.texts)
    own = [text for at, text in enumerate(lines.texts) if at not in lines.quoted or at >= end]
    found = introduction.read_introduction(own[:end])
    # Consent alone answers a letter, and whoever signs may be known already.
    if form.consent is Consent.YES and not form.name and (form.code or found != Introduction()):
        found = introduction.add_signature(found, own)
    return form if form.name and not _names(form.name, found.name) else _fill(form, found)


def _names(name: str, said: str) -> bool:
    """Whether a sentence names the person of a form, or the family name."""
    return bool(said) and "".join(name.split()).startswith("".join(said.split()))


def _fill(form: Form, found: Introduction) -> Form:
    return replace(
        form,
        organisation=form.organisation or found.organisation,
        code=form.code or found.code,
        department=form.department or found.department,
        title=form.title or found.title,
        name=form.name or found.name,
    )


def find_in_prose(text: str) -> Form:
    """What a text without a form says of its writer, for a form that is sent back; never a consent."""
    return _fill(Form(), introduction.find_in_prose(clean(text)))


def _parse_entry(
    lines: Lines, at: int, held: tuple[Item, str] | None, *, quoted: bool
) -> tuple[Item, str] | None:
    """The item that a line's label gives, with its value, or None."""
    if held is None:
        return None
    item, raw = held
    if is_unknown(raw):
        return (item, raw.strip()) if item is Item.CODE else None
    if is_mark_of_mail(raw) or is_elsewhere(raw):
        return None
    value = clean_value(raw)
    # The name of a group of items above or beside (申請者), or to whom a mail is: ご担当者　様.
    if item is Item.CODE and _NUMBERED.match(lines.texts[at]) and not CODE.fullmatch(value):
        value = ""  # 番号：0265-00-0000
    if value in _FORMS_OF_ADDRESS or (find_item(value) is not None and item is not Item.CATEGORY):
        return None
    following = below.find_following(lines, at, quoted=quoted)
    if not value:
        return item, below.find_value(item, following)
    return item, below.complete_value(item, value, lines.texts[at], following)


def _parse_value(item: Item, value: str) -> str:
    """What a value says: a category, or what is written; empty when it says nothing."""
    if item is Item.CATEGORY:
        return parse_category(value)
    if item is Item.CODE:
        return find_code(value)
    return strip_reading(value) if item in _NAMES else value


def merge(old: Form, new: Form) -> Form:
    """Both forms in one: what `new` says wins, what it leaves empty stays."""
    said = {
        name: value for name in Form.__slots__ if (value := getattr(new, name)) not in {"", Consent.ABSENT}
    }
    return replace(old, **said)


def missing_items(form: Form, *, category: str = "", code_asked: bool = False) -> tuple[Item, ...]:
    """The items still to be asked for, in printed order. `category` is what the caller knows from the
    domain; the code is asked of local governments only, and not again when `code_asked`."""
    known = form.category or category
    wanted = {
        Item.CATEGORY: not known,
        Item.ORGANISATION: not form.organisation,
        Item.CODE: known == Category.LOCAL and not form.code and not code_asked,
        Item.DEPARTMENT: not form.department,
        Item.NAME: not form.name,
        Item.CONSENT: form.consent is not Consent.YES,
    }
    return tuple(entry.item for entry in FORM_FIELDS if wanted.get(entry.item))


def render_form(entries: Sequence[FormField], values: dict[Item, str], *, english: bool = False) -> str:
    """A form to reply to, one line for each entry, with the values known so far."""
    if english:
        return "\n".join(f"- {e.english} ({e.english_hint}): {values.get(e.item, '')}" for e in entries)
    return "\n".join(
        f"・{e.japanese}{f'（{e.hint}）' if e.hint else ''}：{values.get(e.item, '')}" for e in entries
    )


_READING = re.compile(r"[(（\[［【](?:フリガナ|ふりがな|カナ|かな|ｶﾅ|ﾌﾘｶﾞﾅ|読み|よみ)[)）\]］】]")
_KANA = re.compile(r"[\u3041-\u30ff\uff61-\uff9f\s　]+")
