"""Self-introductions outside a form: in a letterhead, a sentence, a signature.

Only whole lines and whole sentences of a known form are read, nothing inside other text. For an application,
`read_introduction` uses what is above the consent; `find_in_prose` searches everywhere, for a form that is
returned to be checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from gateway.admission.application.consent.people import is_role
from gateway.admission.application.layout.no_value import is_mark_of_mail
from gateway.admission.application.unlabelled import prose
from gateway.admission.application.unlabelled.endings import (
    BODY,
    MUNICIPALITY,
    PREFECTURE,
    TITLE,
    UNIT,
    UNITS,
)
from gateway.patterns import compile_later

MAX_LINES = 200
MAX_LINE = 300


@dataclass(frozen=True, slots=True)
class Introduction:
    """The writer of a mail; each item as written, or empty."""

    organisation: str = ""
    department: str = ""
    title: str = ""
    name: str = ""
    code: str = ""
    category: str = ""


_GAP = r"[ \t　]"
_NO_UNIT = r"[^\s。、,，.:：()（）「」@＠部課局室係]"
_NO_MINISTRY = r"[^\s。、,，.:：()（）「」@＠部課局室係省庁]"  # 農林水産省農村…
_BODY = (
    rf"(?P<body>(?:{PREFECTURE}{_GAP}?(?:[一-鿿ヶケ]{{1,4}}郡)?)?(?:{_NO_MINISTRY}){{1,8}}?{MUNICIPALITY}(?:教育委員会)?"
    rf"|{PREFECTURE}(?:教育委員会)?|(?:{_NO_UNIT}){{1,10}}?{BODY}|内閣府|人事院)"
)
_HALL = r"(?:役所|役場)?"
_WORD = r"[^\s。、,，.:：()（）「」@＠]"
_UNIT = rf"(?P<unit>{_WORD}{{1,30}}{UNIT}(?:{_GAP}{{1,3}}{_WORD}{{1,20}}{UNIT}){{0,3}})"
_LETTER = r"[一-鿿々\u3041-\u30ff\ufa0e-\ufaff\U00020000-\U0003ffff]"
_NAME = rf"(?P<name>{_LETTER}{{1,8}}(?:[ 　]{{1,2}}{_LETTER}{{1,8}})?)"
# 岩国市役所 デジタル推進課 is nobody's name; 服部 花子 and 高市 一郎 are.
_NO_HOUSE = rf"(?!{_LETTER}*(?:役所|役場|庁|省|委員会|組合|企業団)[ 　])"
_NO_OFFICE = rf"(?!{_LETTER}*(?:部|局|課|室|係|班|担当|センター|チーム|グループ)(?![^ 　]))"
_FULL_NAME = rf"(?P<name>{_NO_HOUSE}{_LETTER}{{1,8}}[ 　]{{1,2}}{_NO_OFFICE}{_LETTER}{{1,8}})"
_AND = rf"(?:の|{_GAP}{{1,3}})"
_LINES = tuple(
    map(
        re.compile,
        (
            rf"{_BODY}{_HALL}{_GAP}{{0,3}}{_UNIT}",
            rf"{TITLE}{_GAP}{{1,3}}{_FULL_NAME}",
            rf"{_BODY}{_HALL}{_GAP}{{0,3}}{_UNIT}{_GAP}{{1,3}}(?:{TITLE}{_GAP}{{1,3}})?{_FULL_NAME}",
            _FULL_NAME,
            _BODY,
        ),
    )
)
_LETTERHEAD = _LINES[:3]
_I_AM = r"(?:(?:と|とも)(?:申し|もうし)ます|です|でございます)"
_SENTENCE = compile_later(
    rf"(?:私は|わたくしは|私、)?[、 　]?{_BODY}{_HALL}(?:{_GAP}{{0,3}}{_UNIT})?"
    rf"(?:(?:{_AND}|、)?{TITLE}(?:{_AND}|、)|{_AND})"
    rf"{_NAME}{_GAP}?{_I_AM}[。.]?"
)
# 見本町役場で主査をしております見本と申します.
_EMPLOYED = compile_later(
    rf"(?:私は|わたくしは"
    rf"|私、)?(?:{PREFECTURE}の)?{_BODY}{_HALL}(?:{_GAP}{{0,3}}{_UNIT})?[でに]、?(?:{TITLE}を)?"
    rf"(?:し|務め|勤め|勤務し|所属し|働い)て(?:(?:い|おり)ます|いる|おる|おります)、?{_NAME}{_GAP}?{_I_AM}[。.]?"
)
_CODE = compile_later(
    r"(?:なお、)?(?:[当本]?(?:県|市|町|村|区|団体|自治体)の)?(?:全国地方公共)?(?:団体|自治体|市町村)?コードは"
    r"[ 　]*(?P<code>[0-9０-９]{6})[ 　]*(?:です|でございます|になります)[。.]?"
)
_CODE_EN = compile_later(r"(?:local government |municipality )?code:? (?P<code>[0-9]{6})(?![0-9])")
# The lines of a signature: the office, and below it the name, possibly spaced out.
_SPACED = rf"{_LETTER}(?:[ 　]?{_LETTER}){{0,3}}[ 　]{{1,4}}{_LETTER}(?:[ 　]?{_LETTER}){{0,3}}"
_READING = r"(?:[ 　]?[(（][ぁ-ゖァ-ヺー 　A-Za-z]{2,30}[)）])?"
_SIGNED = compile_later(
    rf"{_BODY}{_HALL}{_GAP}{{0,3}}(?:{_UNIT}){_GAP}{{0,3}}(?:{TITLE})?"
    rf"(?:{_GAP}{{1,3}}(?P<name>{_NO_HOUSE}{_NO_OFFICE}{_SPACED}){_READING})?"
)
_SIGNED_NAME = compile_later(
    rf"(?:{TITLE}{_GAP}{{1,3}})?(?P<name>{_NO_HOUSE}{_NO_OFFICE}{_SPACED}){_READING}"
)
_CAPITAL = r"[A-Z][A-Za-z'’.-]{0,30}"
_ENGLISH_NAME = compile_later(
    rf"(?:[Mm]y name is|I am|I'm) (?P<name>{_CAPITAL}(?: {_CAPITAL}){{1,3}})(?=,| and | from | at |\.|$)"
)
_ENGLISH_UNIT = r"(?:Office|Division|Department|Section|Bureau|Unit|Center|Centre|Team|Group)"
_ENGLISH_PLACE = compile_later(
    rf"(?:work|working|am employed|belong|am|from) (?:as (?:a |an |the )?(?P<title>{_CAPITAL}(?: (?:for "
    rf"|of |and )?{_CAPITAL}){{0,4}}) )?(?:(?:at|in|for|with|to) )?(?:the )?"
    rf"(?:(?P<unit>(?:{_CAPITAL} (?:and |for |of )?){{1,6}}?{_ENGLISH_UNIT})(?:,| of| at| in) (?:the )?)?"
    rf"(?P<body>(?:Ministry|Agency|City|Town|Village|Prefecture) of(?: (?:the |and )?{_CAPITAL}){{1,6}}"
    rf"|(?:{_CAPITAL} ){{1,3}}(?:City|Town|Village|Ward|Prefecture|Agency|Ministry))(?![A-Za-z])"
)


_CLOSING = compile_later(
    r"(?:(?:with )?(?:kind|best|warm)(?:est)? regards|regards|best wishes"
    r"|(?:yours )?(?:sincerely|faithfully|truly|respectfully))(?: yours)?,?",
    re.IGNORECASE,
)
_NO_PERSON = rf"(?!.*\b(?:{_ENGLISH_UNIT}|City|Town|Village|Ward|Prefecture|Agency|Ministry|Government)\b)"
_SIGNED_ENGLISH = compile_later(rf"{_NO_PERSON}{_CAPITAL}(?: {_CAPITAL}){{1,2}}")
_POST_ENGLISH = compile_later(
    rf"(?:{_CAPITAL} (?:of |for |and )?){{0,4}}(?:Chief|Manager|Officer|Director|Leader|Head|Specialist"
    r"|Assistant|Engineer|Coordinator|Clerk|Advis[eo]r|Planner|Nurse|Librarian)"
)
# What somebody works as, behind the organisation: for the Digital Agency as a section chief in the … Group.
_EMPLOYED_ENGLISH = compile_later(
    r"\bI(?: am|'m)? (?:work|working|employed)\b[^.!?;]{1,120}?,? as (?:an? |the )?"
    r"(?P<title>(?:[a-z]{2,16} ){0,3}(?:chief|manager|officer|head|director|leader|assistant|engineer"
    r"|coordinator|clerk|advis[eo]r|planner|specialist|nurse|librarian))(?: (?:in|at|of|with) (?:the )?"
    rf"(?P<unit>(?:{_CAPITAL} (?:and |for |of )?){{1,6}}?{_ENGLISH_UNIT}))?(?![A-Za-z])"
)


def read_introduction(lines: Sequence[str]) -> Introduction:
    """Read letterheads and sentences above a consent; the first value of each item counts."""
    return _gather(lines, _LETTERHEAD)


def add_signature(found: Introduction, lines: Sequence[str]) -> Introduction:
    """Add the signature at the end: organisation and section on one line, the name on it or the next.

    If somebody else signs, or several people do, nothing of it counts.
    """
    pairs = zip(lines, (*lines[1:], ""), strict=True)
    signed = [said for pair in pairs if (said := _read_signature(*pair)) is not None]
    if len({squeeze(said.name) for said in signed}) > 1:
        return found
    if signed:
        said = signed[-1]
        if found.name and not squeeze(said.name).startswith(squeeze(found.name)):
            return found
        return replace(found, **{item: value for item, value in _told(said) if value})
    return replace(found, **_read_english_signature(lines)) if not found.name else found


def _read_english_signature(lines: Sequence[str]) -> dict[str, str]:
    """Return name and title on the lines below Kind regards; empty if there is no name."""
    said = [line.strip() for line in lines if line.strip()]
    closed = next((at for at, line in enumerate(said) if _CLOSING.fullmatch(line)), len(said))
    name, title = (*said[closed + 1 : closed + 3], "", "")[:2]
    if _SIGNED_ENGLISH.fullmatch(name) is None:
        return {}
    return {"name": name, "title": title} if _POST_ENGLISH.fullmatch(title) else {"name": name}


def _told(said: Introduction) -> Iterator[tuple[str, str]]:
    return ((item, str(getattr(said, item))) for item in Introduction.__slots__)


def squeeze(name: str) -> str:
    """Return a text without blanks."""
    return "".join(name.split())


def _read_signature(line: str, below: str) -> Introduction | None:
    if len(line) > MAX_LINE or len(below) > MAX_LINE:
        return None
    signed = _SIGNED.fullmatch(line.strip(" \t　"))
    if signed is None:
        return None
    named = _SIGNED_NAME.fullmatch(below.strip(" \t　")) if not signed["name"] else signed
    if named is None or _is_post(named["name"]):
        return None
    told = {**_group(signed), **_group(named)}
    return Introduction(**told)


def _is_post(name: str | None) -> bool:
    """Return whether the text in place of a name is a post: 戸籍係　主任."""
    return name is not None and is_role(name.split()[-1])


def _group(match: re.Match[str]) -> dict[str, str]:
    told = {_ITEMS[group]: said.strip(" \t　") for group, said in match.groupdict().items() if said}
    post, _, name = told.get("name", "").replace("　", " ").partition(" ")
    if not name or not is_role(post):
        return told
    # 主査 見本花子: the name has no blank, and the post is no part of it.
    return {**told, "title": post, "name": name.strip() if len(name.strip()) > 2 else ""}


def find_in_prose(text: str) -> Introduction:
    """Read a whole mail without a form, including its signature."""
    lines = text.split("\n")
    return add_signature(_gather(lines, _LINES), lines)


def read_line(line: str) -> Introduction | None:
    """Read a line or sentence that is only a letterhead, a signature or an introduction in Japanese.

    None for any other.
    """
    said = line.strip(" \t　")
    if len(line) > MAX_LINE or not may_introduce(said):
        return None
    for pattern in (*_LINES, _SENTENCE):
        if (match := pattern.fullmatch(said)) is not None and not _is_post(match.groupdict().get("name")):
            return Introduction(**_group(match))
    return None


def may_introduce(said: str) -> bool:
    """Return whether a line ends in a unit, an organisation, a name after a blank, or an introduction.

    A quick check that spares the patterns.
    """
    last = said[-9:]
    return said.endswith(_ENDINGS) or " " in last or "　" in last


_BODIES = (*"市区町村都道府県省庁院", "教育委員会", "広域連合", "組合", "企業団")
_VERBS = ("申します", "もうします", "です", "でございます")
_ENDINGS = (*UNITS, *_BODIES, *(f"{verb}{stop}" for verb in _VERBS for stop in ("", "。", ".")))


def _gather(lines: Sequence[str], layouts: Sequence[re.Pattern[str]]) -> Introduction:
    found: dict[str, str] = {}
    for line in (*lines[:MAX_LINES], *_join_english(lines[:MAX_LINES])):
        if len(line) > MAX_LINE:
            continue
        if is_mark_of_mail(line):
            break
        for match in _matches(line.strip(" \t　"), layouts):
            for item, value in _group(match).items():
                found.setdefault(item, value)
    own = list(takewhile(lambda line: not is_mark_of_mail(line), lines[:MAX_LINES]))
    for item, value in _tell(own):
        # 森田です, and 森田亜希と申します below.
        if item not in found or (item == "name" and squeeze(value).startswith(squeeze(found[item]))):
            found[item] = value
    return Introduction(**found)


def _tell(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the items in sentences of prose."""
    for sentence in prose.join_sentences(lines):
        said = prose.read_sentence(sentence)
        yield from ((_ITEMS[key], one) for key, one in said.groupdict().items() if one) if said else ()
        yield from ((item.value, one) for item, one in prose.find_told(sentence))


def _join_english(lines: Sequence[str]) -> Iterator[str]:
    """Yield the English paragraphs, each as one line."""
    held: list[str] = []
    for line in (*lines, ""):
        if line.strip() and line.isascii():
            held.append(line.strip())
        elif len(held) > 1:
            yield " ".join(held)[:MAX_LINE]
            held = []
        else:
            held = []


_ENGLISH = (_ENGLISH_NAME, _ENGLISH_PLACE, _EMPLOYED_ENGLISH, _CODE_EN)
_ITEMS = {"body": "organisation", "unit": "department", "title": "title", "name": "name", "code": "code"}


def _matches(line: str, layouts: Sequence[re.Pattern[str]]) -> Iterator[re.Match[str]]:
    whole = (pattern.fullmatch(line) for pattern in layouts)
    sentences = (
        pattern.fullmatch(one.strip(" \t　"))
        for one in re.split(r"(?<=[。])", line)
        for pattern in (_SENTENCE, _EMPLOYED, _CODE)
    )
    english = (pattern.search(line) for pattern in _ENGLISH if line.isascii())
    for match in (*whole, *sentences, *english):
        if match is not None:
            yield match
