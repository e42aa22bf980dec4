"""An application read out of plain text: labels, values, boxes, also from a quoted or numbered form.

Values stay as received, only bounded and without control and bidi characters (a name is never
normalised); labels are folded for comparing. What is not understood stays empty and is asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from gateway.admission import consent as consents
from gateway.admission.consent import Consent
from gateway.admission.labelled import labelled
from gateway.admission.labels import ITEMS, MAX_LABEL, Entry, Item, item_of, strip_bullets
from gateway.admission.values import MAX_VALUE, Category, bare, clean, read_category
from gateway.mail.quoting import is_rule, lines_of

__all__ = ["ITEMS", "Category", "Consent", "Entry", "Form", "Item", "merge", "missing", "printed", "read"]

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
    def empty(self) -> bool:
        """Whether the text held no item of a form at all."""
        return self == Form()


def read(text: str) -> Form:
    """Read a form. The first value of an item that says something counts. Never raises."""
    lines = list(_lines(text))
    values: dict[Item, str] = {}
    reading = ""
    for at, line in enumerate(lines):
        found = _found(lines, at)
        if found is None or found[0] in values or not _says(*found):
            continue
        if found[0] is Item.NAME and _READING.search(line.text[:MAX_LABEL]) and _KANA.fullmatch(found[1]):
            reading = reading or found[1]  # 氏名（フリガナ）: the name itself may stand below
        else:
            values[found[0]] = found[1]
    if reading:
        values.setdefault(Item.NAME, reading)
    return _form(values)


class _Line(NamedTuple):
    """A line without quote marks and harmful characters, and whether it was quoted."""

    text: str
    quoted: bool


def _lines(text: str) -> Iterator[_Line]:
    """The lines, each cut before every further label: `区分：自治体　団体名：見本町`."""
    for raw in clean("\n".join(lines_of(text)[:MAX_LINES])).split("\n"):
        line, quoted = raw[: 2 * MAX_VALUE], False
        if (raw[:1].isspace() or raw[:1] in _QUOTING) and (marks := _QUOTES.match(raw)) is not None:
            line, quoted = raw[marks.end() :][: 2 * MAX_VALUE], bool(marks.group().strip())
        if "　" in line or "  " in line or "\t" in line:
            yield from _cut(line, quoted=quoted)
        else:
            yield _Line(line, quoted)


def _cut(line: str, *, quoted: bool) -> Iterator[_Line]:
    begun = 0
    for gap in _NEXT_LABEL.finditer(line):
        held = labelled(line[begun : gap.start()])
        if held is not None and held[1].strip() and item_of(gap[1]) is not None:
            yield _Line(line[begun : gap.start()], quoted)
            begun = gap.end()
    yield _Line(line[begun:], quoted)


def _found(lines: Sequence[_Line], at: int) -> tuple[Item, str] | None:
    """The item that a line gives, with its value, or None."""
    line = lines[at]
    if _is_consent(line):
        return Item.CONSENT, line.text.strip()
    held = labelled(line.text)
    if held is None:
        return None
    item, value = held
    return item, _value(item, value, [below.text for below in lines[at + 1 : at + 1 + _NEXT_LINES]])


def _says(item: Item, value: str) -> bool:
    if item is Item.CATEGORY:
        return read_category(value) is not Category.UNKNOWN
    if item is Item.CONSENT:
        return consents.read(value) is not Consent.ABSENT
    return bool(value)


def _form(values: dict[Item, str]) -> Form:
    agreed = values.get(Item.CONSENT, "")
    form = Form(
        category=read_category(values.get(Item.CATEGORY, "")),
        organisation=values.get(Item.ORGANISATION, ""),
        code=values.get(Item.CODE, ""),
        department=values.get(Item.DEPARTMENT, ""),
        title=values.get(Item.TITLE, ""),
        name=values.get(Item.NAME, ""),
        email=values.get(Item.EMAIL, ""),
        consent=consents.read(agreed),
        version=values.get(Item.VERSION, "") or consents.version_in(agreed),
    )
    return _with_organisation(form)


def merge(old: Form, new: Form) -> Form:
    """Both forms in one: what `new` says wins, what it leaves empty stays."""
    said = {
        name: value for name in Form.__slots__ if (value := getattr(new, name)) not in {"", Consent.ABSENT}
    }
    return replace(old, **said)


def missing(form: Form, *, category: str = "", code_asked: bool = False) -> tuple[Item, ...]:
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
    return tuple(entry.item for entry in ITEMS if wanted.get(entry.item))


def printed(entries: Sequence[Entry], values: dict[Item, str], *, english: bool = False) -> str:
    """A form to reply to, one line for each entry, with the values known so far."""
    if english:
        return "\n".join(f"- {e.english} ({e.english_hint}): {values.get(e.item, '')}" for e in entries)
    return "\n".join(f"・{e.japanese}（{e.hint}）：{values.get(e.item, '')}" for e in entries)


_NEXT_LABEL = re.compile(r"(?:　|[ \t]{2})[ \t　]*(?=([^\s:：=＝]{1,20})[ \t　]?[:：=＝])")
_READING = re.compile(r"[(（\[［【](?:フリガナ|ふりがな|カナ|かな|ｶﾅ|ﾌﾘｶﾞﾅ|読み|よみ)[)）\]］】]")
_KANA = re.compile(r"[\u3041-\u30ff\uff61-\uff9f\s　]+")
_QUOTING = frozenset(">＞|｜")
_QUOTES = re.compile(r"[\s　]*(?:[>＞|｜][\s　]*){0,10}")


def _value(item: Item, raw: str, below: Sequence[str]) -> str:
    """The value beside the label, else the one on a following line."""
    choices = [line.strip() for line in _choices(below)]
    if item in {Item.CONSENT, Item.CATEGORY} and not bare(raw) and choices:
        return " ".join(choices)[: 2 * MAX_VALUE]
    value = bare(raw)
    if value or (item is Item.CONSENT and raw.strip()):
        return value or raw.strip()
    for line in below[:2]:
        if line.strip():
            # 自治体 below 区分 is a value, though it is a label elsewhere.
            foreign = labelled(line) is not None and not (item is Item.CATEGORY and read_category(line))
            return "" if foreign or is_rule(line) else bare(strip_bullets(line))
    return ""


_BOX = re.compile(r"[\s　]*(?:[□☐▢◻☑✓✔✅■☒○〇◯●◉レ]|[\[(（［][\s　xXvVｘ○レ✓✔■*]{0,6}[\])）］])")


def _choices(below: Sequence[str]) -> Iterator[str]:
    """The lines with boxes that follow a label at once."""
    for line in below:
        if _BOX.match(line) is None or labelled(line) is not None:
            return
        yield line


# Nothing that NFKC could make a word in Latin letters of.
_JAPANESE = re.compile("[ぁ-ゖァ-ヺー一-鿿、。「」（）・ 0-9]*")
_CONSENT = re.compile(r"同意|agree|accept|consent")
_RULES = re.compile(r"(?:規約|ルール|利用条件).*[にを]|^i .*(?:rules|terms)")


def _is_consent(line: _Line) -> bool:
    """A line that ticks or says consent by itself; said in a quotation it is somebody else's."""
    if _JAPANESE.fullmatch(line.text) and "同意" not in line.text:
        return False
    folded = unicodedata.normalize("NFKC", line.text).casefold()
    if _CONSENT.search(folded) is None:
        return False
    ticked = _BOX.match(line.text) is not None
    said = not line.quoted and _RULES.search(folded) is not None
    return (ticked or said) and consents.read(line.text) is not Consent.ABSENT


_BODY = re.compile(
    r"((?:\S{1,12}[都道府県][\s　]{0,3})?\S{1,20}(?:都|道|府|県|市|区|町|村|省|庁|院|組合|広域連合"
    r"|委員会|本部))[\s　]+(\S.*)"
)


def _with_organisation(form: Form) -> Form:
    """`所属: 例示市 情報政策課` names body and department in one value."""
    match = None if form.organisation else _BODY.fullmatch(form.department)
    return form if match is None else replace(form, organisation=match[1], department=match[2])
