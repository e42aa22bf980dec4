"""An application read out of plain text: labels, values, boxes, also from a quoted or numbered form.

Values stay as received, only bounded and without control and bidi characters (a name is never
normalised); labels are folded for comparing. What is not understood stays empty and is asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from gateway.admission.application import consent as consents
from gateway.admission.application.consent import Consent
from gateway.admission.application.labels import (
    FORM_FIELDS,
    MAX_LABEL,
    FormField,
    Item,
    find_item,
    strip_bullets,
)
from gateway.admission.application.line import parse_line
from gateway.admission.application.prose import IRRELEVANT_LINE
from gateway.admission.application.values import MAX_VALUE, Category, clean, clean_value, parse_category
from gateway.mail.lines import is_rule, split_lines

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

MAX_LINES = 1_000
_NEXT_LINES = 4


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
    return _read_lines(_split_labels(text, pass_over=IRRELEVANT_LINE.fullmatch))


def parse_every_line(text: str) -> Form:
    """The same without a line that is passed over at a glance; it takes three times as long."""
    return _read_lines(_split_labels(text, pass_over=lambda _: None))


def _read_lines(lines: _Lines) -> Form:
    said: dict[str, Any] = {}  # the fields of a form are called as its items
    reading = version = ""
    for at, quoted in lines.candidates:
        found = _parse_entry(lines.texts, at, quoted=quoted)
        if found is None or found[0] in said or not (meaning := _parse_value(*found)):
            continue
        item, value = found
        if item is Item.NAME and _READING.search(lines.texts[at][:MAX_LABEL]) and _KANA.fullmatch(value):
            reading = reading or value  # 氏名（フリガナ）: the name itself may stand below
            continue
        said[item] = meaning
        if item is Item.CONSENT:
            version = consents.find_version(value)
    said.setdefault(Item.NAME, reading)
    said.setdefault(Item.VERSION, version)
    return _split_affiliation(Form(**said))


class _Lines(NamedTuple):
    """The lines without harmful characters, and of those that may tell something, which have no marks of
    quotation, the place and whether they were quoted."""

    texts: list[str]
    candidates: list[tuple[int, bool]]


def _split_labels(text: str, pass_over: Callable[[str], object]) -> _Lines:
    """The lines, each cut before every further label: `区分：自治体　団体名：見本町`."""
    texts: list[str] = []
    telling: list[tuple[int, bool]] = []
    for raw in _clean_lines(text):
        if pass_over(raw):
            texts.append(raw)
            continue
        line, quoted = _strip_quote_marks(raw)
        for part in _split_at_labels(line) if _GAP.search(line) else (line,):
            telling.append((len(texts), quoted))
            texts.append(part)
    return _Lines(texts, telling)


def _clean_lines(text: str) -> list[str]:
    return clean("\n".join(split_lines(text)[:MAX_LINES])).split("\n")


def _strip_quote_marks(raw: str) -> tuple[str, bool]:
    """The line without marks of quotation, and whether it had any."""
    marks = _QUOTES.match(raw) if raw[:1].isspace() or raw[:1] in _QUOTING else None
    if marks is None:
        return raw[: 2 * MAX_VALUE], False
    return raw[marks.end() :][: 2 * MAX_VALUE], bool(marks.group().strip())


def _split_at_labels(line: str) -> list[str]:
    parts: list[str] = []
    begun = 0
    for gap in _NEXT_LABEL.finditer(line):
        held = parse_line(line[begun : gap.start()])
        if held is not None and held[1].strip() and find_item(gap[1]) is not None:
            parts.append(line[begun : gap.start()])
            begun = gap.end()
    return [*parts, line[begun:]]


def _parse_entry(texts: Sequence[str], at: int, *, quoted: bool) -> tuple[Item, str] | None:
    """The item that a line gives, with its value, or None."""
    if _is_consent(texts[at], quoted=quoted):
        return Item.CONSENT, texts[at].strip()
    held = parse_line(texts[at])
    if held is None:
        return None
    item, raw = held
    value = clean_value(raw)
    return item, value or _find_value_below(item, raw, texts[at + 1 : at + 1 + _NEXT_LINES])


def _parse_value(item: Item, value: str) -> str:
    """What a value says: a category, a consent, or what is written; empty when it says nothing."""
    if item is Item.CATEGORY:
        return parse_category(value)
    if item is Item.CONSENT:
        consent = consents.parse(value)
        return "" if consent is Consent.ABSENT else consent
    return value


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
    return "\n".join(f"・{e.japanese}（{e.hint}）：{values.get(e.item, '')}" for e in entries)


_GAP = re.compile("　|[ \t]{2}")
_NEXT_LABEL = re.compile(r"(?:　|[ \t]{2})[ \t　]*(?=([^\s:：=＝]{1,20})[ \t　]?[:：=＝])")
_READING = re.compile(r"[(（\[［【](?:フリガナ|ふりがな|カナ|かな|ｶﾅ|ﾌﾘｶﾞﾅ|読み|よみ)[)）\]］】]")
_KANA = re.compile(r"[\u3041-\u30ff\uff61-\uff9f\s　]+")
_QUOTING = frozenset(">＞|｜")
_QUOTES = re.compile(r"[\s　]*(?:[>＞|｜][\s　]*){0,10}")


def _find_value_below(item: Item, raw: str, following: Sequence[str]) -> str:
    """The value on a following line, where none stands beside the label."""
    below = [line.lstrip()[: 2 * MAX_VALUE] for line in following]
    if item in {Item.CONSENT, Item.CATEGORY} and (choices := [line.strip() for line in _box_lines(below)]):
        return " ".join(choices)[: 2 * MAX_VALUE]
    if item is Item.CONSENT and raw.strip():
        return raw.strip()
    for line in below[:2]:
        if line.strip():
            # 自治体 below 区分 is a value, though it is a label elsewhere.
            foreign = parse_line(line) is not None and not (item is Item.CATEGORY and parse_category(line))
            return "" if foreign or is_rule(line) else clean_value(strip_bullets(line))
    return ""


_BOX = re.compile(r"[\s　]*(?:[□☐▢◻☑✓✔✅■☒○〇◯●◉レ]|[\[(（［][\s　xXvVｘ○レ✓✔■*]{0,6}[\])）］])")


def _box_lines(below: Sequence[str]) -> Iterator[str]:
    """The lines with boxes that follow a label at once."""
    for line in below:
        if _BOX.match(line) is None or parse_line(line) is not None:
            return
        yield line


_CONSENT = re.compile(r"同意|agree|accept|consent")
_RULES = re.compile(r"(?:規約|ルール|利用条件).*[にを]|^i .*(?:rules|terms)")


def _is_consent(text: str, *, quoted: bool) -> bool:
    """A line that ticks or says consent by itself; said in a quotation it is somebody else's."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if _CONSENT.search(folded) is None:
        return False
    ticked = _BOX.match(text) is not None
    said = not quoted and _RULES.search(folded) is not None
    return (ticked or said) and consents.parse(text) is not Consent.ABSENT


_BODY = re.compile(
    r"((?:\S{1,12}[都道府県][\s　]{0,3})?\S{1,20}(?:都|道|府|県|市|区|町|村|省|庁|院|組合|広域連合"
    r"|委員会|本部))[\s　]+(\S.*)"
)


def _split_affiliation(form: Form) -> Form:
    """`所属: 例示市 情報政策課` names body and department in one value."""
    match = None if form.organisation else _BODY.fullmatch(form.department)
    return form if match is None else replace(form, organisation=match[1], department=match[2])
