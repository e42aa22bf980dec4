"""The writer, from a sentence that ends in a name: 見本町でごみの担当をしています見本花子です.

The name ends the sentence; an existing organisation, or one named like it, begins it. What is between is the
section if it looks like one, and nothing otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.admission.application.consent.answers.answer import GLAD
from gateway.admission.application.consent.people import BARE_NAME, find_body, is_family_name
from gateway.admission.application.evidence import shapes
from gateway.admission.application.evidence.blocks import read_line, strip_hall
from gateway.admission.application.items.labels import Item
from gateway.admission.application.unlabelled import prose
from gateway.patterns import compile_later

MAX_SENTENCE = 120
_IS = compile_later(r"(?:と(?:申し|もうし)ます|でございます|です|といいます|と言います)[。.!！]?$")
_LEAD = compile_later(
    r"^(?:(?:私|わたくし|わたし|当方)は、?|(?:夜分|突然)に?(?:失礼します|すみません|恐れ入ります)、?"
    r"|はじめまして、?|初めまして、?|お世話になります、?|(?:自治体|地方公共団体|政府機関)の)[ 　]*"
)
_TITLE = compile_later(r"[、,](?P<title>[^、。\s]{2,8})$")
_NAME = compile_later(
    rf"(?:^|[のるす、たで 　])(?P<name>{BARE_NAME}|[一-鿿々]{{1,4}}[ 　][一-鿿々ぁ-ゖァ-ヺー]{{1,5}})$"
)
# A given name in kana, behind a known family name: 藤原ひとみ.
_KANA_NAME = compile_later(
    r"[のるす、たで 　](?P<name>(?P<family>[一-鿿々]{1,4})(?:[ぁ-ゖ]{2,4}|[ァ-ヺー]{2,5}))$"
)
_BODY = compile_later(
    r"(?:[一-鿿]{2,3}[都道府県]の?)?[^\s。、のにで]{1,12}?"
    r"(?:[市区町村](?![都道府県市区町村民営立])|広域連合|(?:事務|行政|消防|衛生|水道)組合|企業団|[一-鿿]{2}委員会|省|庁|院)"
)
_AT = compile_later(r"^(?:役所|役場)?[のにで、 　]*")
_NOTE = compile_later(r"[(（][^()（）]{1,30}[)）](?=(?:です|と申します|でございます)?[。.]?$)")
# 総務課の星と申します（フルネームは星 輝です）
_FULL_NAME = compile_later(
    r"[(（]フルネームは、?(?P<name>[^()（）、。]{2,12}?)(?:です|といいます|と申します)[)）]"
)
_POST = compile_later(
    r"(?:現在は?、?|今は、?|私は、?)?(?P<said>[^。、はが]{2,60}?)(?:を(?:して|務めて|勤めて|拝命して)|に(?:所属|勤務|配属)(?:して|されて)|で(?:勤務して|働いて))(?:い|おり)ます[。.]?"
)


def find_writer(lines: Sequence[str], name: str) -> Mapping[Item, str]:
    """Return organisation, section, title and name from sentences that introduce their writer.

    The first of each counts; `name` is from the form, or empty.
    """
    found: dict[Item, str] = {}
    for sentence in (*prose.join_sentences(lines), *map(str.strip, lines[: prose.MAX_LINES])):
        if len(sentence) <= MAX_SENTENCE:
            told = {**_read_post(sentence), **_read_with_full_name(sentence, name.split()[:1])}
            found = {**told, **found, **_find_full_name(found, told)}
    return found


def _find_full_name(found: Mapping[Item, str], told: Mapping[Item, str]) -> Mapping[Item, str]:
    """Return the name of which a sentence before gave the first half: 森田です, and 森田 亜希と申します."""
    family, name = found.get(Item.NAME, ""), told.get(Item.NAME, "")
    is_half = bool(family) and name != family and name.split()[:1] == [family]
    return {Item.NAME: name} if is_half else {}


def _read_post(sentence: str) -> Mapping[Item, str]:
    """Return section and title of 農林部 林業課 主査をしております; empty for another sentence."""
    found = _POST.fullmatch(sentence.strip())
    if found is not None and shapes.is_title(found["said"]):
        return {Item.TITLE: found["said"]}
    unit, _, title = found["said"].rpartition("の") if found is not None else ("", "", "")
    if unit and shapes.is_section(unit) and shapes.is_title(title):
        return {Item.DEPARTMENT: unit, Item.TITLE: title}
    told = read_line(found["said"]) if found is not None else None
    return told if told is not None and Item.DEPARTMENT in told and Item.NAME not in told else {}


def _read(sentence: str, family: Sequence[str]) -> dict[Item, str]:
    said = _LEAD.sub("", _NOTE.sub("", GLAD.sub("", sentence)))
    end = _IS.search(said)
    before, title = _split_title(said[: end.start()]) if end is not None else ("", "")
    title = title or _find_title_beside(sentence)
    named, body = _find_name(before, family), _find_body(before)
    if not named or not body or len(before) - len(named) < len(body):
        return {}
    found = {Item.ORGANISATION: strip_hall(body), Item.NAME: named}
    between = before[len(body) : len(before) - len(named)]
    if (coded := _CODED.match(between)) is not None and shapes.is_code(coded["code"]):
        found[Item.CODE], between = coded["code"], between[coded.end() :]
    found |= _read_post_between(_AT.sub("", between).strip("のにで、 　"))
    return {**found, Item.TITLE: title} if title else found


# 見本市（団体コード000000）、
_CODED = compile_later(r"[(（][^()（）0-9０-９]{0,16}(?P<code>[0-9０-９]{6})[)）][、の 　]*")


def _read_post_between(said: str) -> dict[Item, str]:
    """Return the section, and its title if there is one, between body and name: 総務課の主任."""
    if shapes.is_section(said):
        return {Item.DEPARTMENT: said}
    unit, _, title = said.rpartition("の")
    is_post = shapes.is_section(unit) and shapes.is_title(title)
    return {Item.DEPARTMENT: unit, Item.TITLE: title} if is_post else {}


def _read_with_full_name(sentence: str, family: Sequence[str]) -> dict[Item, str]:
    """Read a sentence with a family name, and perhaps the full name in brackets behind it."""
    full = _FULL_NAME.search(sentence)
    if full is None:
        return _read(sentence, family)
    first = full["name"].split()[:1]
    told = _read(_FULL_NAME.sub("", sentence), first)
    return {**told, Item.NAME: full["name"]} if [told.get(Item.NAME)] == first else told


def _find_title_beside(sentence: str) -> str:
    """Return the title in brackets behind the name: 見本町総務課の見本 花子（主査）です."""
    note = _NOTE.search(sentence)
    title = note.group()[1:-1].strip() if note is not None else ""
    return title if shapes.is_title(title) else ""


def _find_name(before: str, family: Sequence[str]) -> str:
    """Return the name at the end of a text, or the family name from the form after の."""
    found = _NAME.search(before)
    if found is not None:
        return found["name"]
    mixed = _KANA_NAME.search(before)
    if mixed is not None and is_family_name(mixed["family"]):
        return mixed["name"]
    return next((one for one in family if before.endswith(f"の{one}")), "")


def _split_title(before: str) -> tuple[str, str]:
    """Return the text before a title that follows the name, and the title: 木下恒平、係長."""
    found = _TITLE.search(before)
    if found is None or not shapes.is_title(found["title"]):
        return before, ""
    return before[: found.start()], found["title"]


def _find_body(said: str) -> str:
    """Return the organisation at the beginning of a text, by the register or its form."""
    found = _BODY.match(said)
    return find_body(said) or (found.group() if found is not None else "")
