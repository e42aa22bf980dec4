"""The writer, in prose: sentences with organisation, section, title and name, or with a single item.

Each slot is closed or has a typical ending; a value is kept as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gateway.admission.application.items.labels import Item, find_item
from gateway.admission.application.unlabelled.endings import BODY, PREFECTURE, TITLE, UNIT
from gateway.patterns import compile_later

MAX_SENTENCE = 200
MAX_LINES = 200
_NO_UNIT = r"[^\s。、,，.:：()（）「」@＠部課局室係]"
_NO_MINISTRY = r"[^\s。、,，.:：()（）「」@＠部課局室係省庁]"  # 農林水産省農村…
_BODY = (
    rf"(?P<body>(?:{PREFECTURE}[ 　]?)?(?:{_NO_MINISTRY}{{1,9}}?[市区町村](?![都道府県市区町村民営立])"
    rf"|{_NO_UNIT}{{1,9}}?{BODY})|{PREFECTURE})"
)
_CODE = r"(?:[(（][^()（）0-9０-９]{0,16}(?P<code>[0-9０-９]{6})[)）])?"
_UNIT = (
    rf"(?P<unit>[^\s。、,，.:：()（）「」@＠はがをも]{{1,30}}{UNIT}(?!長)"
    rf"(?:[ 　]{{1,2}}[^\s。、はがをも]{{1,20}}{UNIT}){{0,3}})"
)
_LETTER = r"[一-鿿々\u3041-\u30ff\ufa0e-\ufaff\U00020000-\U0003ffff]"
_NAME = rf"(?P<name>{_LETTER}{{1,8}}(?:[ 　]{{1,2}}{_LETTER}{{1,8}})?)"
_ME = r"(?:(?:私|わたくし)(?:は|、)?、?)?"
_AT = r"(?:の|で、?|に、?|にて、?|[ 　]{1,3})?"
_BE = r"(?:(?:(?:し|務め|勤め|勤務し|所属し|働い|担当し|従事し|在籍し)て)?(?:い|おり)ます)"
_AM = r"(?:(?:と|とも)(?:申し|もうし)ます|でございます)"
_SENTENCES = tuple(
    compile_later(_ME + pattern + r"[。.]?")
    for pattern in (
        rf"(?:{PREFECTURE}の)?{_BODY}(?:役所|役場)?{_CODE}{_AT}{_UNIT}{_AT}(?:{TITLE}(?:を|として|の)?)?{_BE}?、?{_NAME}{_AM}",
        rf"(?:{PREFECTURE}の)?{_BODY}(?:役所|役場)?{_CODE}{_AT}{_UNIT}{_AT}(?:{TITLE}(?:を|として)?)?{_BE}",
        rf"{_NAME}(?:と|とも)(?:申し|もうし)ます",
    )
)
_IS = (
    r"(?:です|でございます|[にと]なります|と(?:申し|もうし)ます|と(?:聞(?:き|いて)|伺(?:い|って)|承知し(?:て)?)(?:い|おり)?ま(?:す|した)"
    r"|でよろしいでしょうか)"
)
_TELLS = compile_later(
    r"(?:(?:当|本)?(?:団体|市|町|村|県|区|連合|組合)の|私の|現在の)?(?P<label>[^\s、。はがもの]{1,16})は、?"
    rf"[「『]?(?P<value>[^、。はが「」]{{1,40}}?)[」』]?{_IS}?"
)


def join_sentences(lines: Sequence[str]) -> Iterator[str]:
    """Yield the sentences of paragraphs, joining those that a mail program wrapped."""
    held = ""
    for line in (*lines[:MAX_LINES], ""):
        said = line.strip(" \t　")
        if said:
            held += said
            continue
        yield from (one for one in re.split(r"(?<=[。！!])[ 　]*", held) if 0 < len(one) <= MAX_SENTENCE)
        held = ""


def read_sentence(sentence: str) -> re.Match[str] | None:
    """Return the slots of a sentence that says who writes, or where they work; None for any other."""
    if not sentence.rstrip("。.").endswith("ます"):
        return None
    return next((found for one in _SENTENCES if (found := one.fullmatch(sentence)) is not None), None)


def find_told(sentence: str) -> Iterator[tuple[Item, str]]:
    """Yield category, code and title in clauses of a sentence: 区分は自治体、役職は主事補です."""
    for clause in re.split(r"[、。]", sentence) if "は" in sentence else ():
        found = _TELLS.fullmatch(clause.strip())
        item = find_item(found["label"]) if found is not None else None
        if found is not None and item in _TOLD and _TOLD[item].fullmatch(found["value"]) is not None:
            yield item, found["value"]


_EMPLOYER = r"(?:自治体|地方公共団体|市区町村|政府機関|国|府省庁|省庁)"
_TOLD = {
    Item.CATEGORY: compile_later(rf"{_EMPLOYER}(?:の?職員)?"),
    Item.CODE: compile_later(r"[0-9０-９]{6}"),
    Item.TITLE: compile_later(TITLE),
}
_KIND = compile_later(
    rf"(?:^|[、。 　])(?:うち|当方|私ども|所属先?|勤務先|職場|身分|立場)は(?P<own>{_EMPLOYER})(?:の職員)?"
    rf"(?:です|でございます|になります|[。、(（]|$)"
    rf"|(?:^|[、。 　])(?:私は)?(?P<kind>{_EMPLOYER})の?職員(?:です|として|でして|であり|でございます"
    rf"|の身です)"
    # 自治体の見本市（000000）、総務課の…
    rf"|^[ 　]*(?P<led>{_EMPLOYER})の[^\s、。はがを()（）]{{1,12}}[市区町村都道府県省庁](?=[(（、の 　])"
)


_KIND_EN = compile_later(
    r"\((?P<kind>(?:local|national|central) government)\)"
    r"|\bI(?: am|'m) (?:an? )?(?P<own>(?:local|national|central) government)"
    r" (?:employee|official|officer|clerk)\b"
)


def find_category(lines: Sequence[str]) -> str:
    """Return the writer's kind of employer from sentences (自治体職員として申請します), or empty."""
    for line in lines:
        if line.isascii() and (english := _KIND_EN.search(line)) is not None:
            return english["kind"] or english["own"]
        is_led = line.lstrip(" 　").startswith(("自治体の", "地方公共団体の", "政府機関の"))
        if (is_led or "職員" in line or "は" in line) and (found := _KIND.search(line)) is not None:
            return found["kind"] or found["own"] or found["led"]
    told = (one for line in lines if "区分は" in line for one in find_told(line))
    return next((value for item, value in told if item is Item.CATEGORY), "")
