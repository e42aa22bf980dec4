"""Who writes, in one sentence of an answer: 田中花子です, 企画課の田中です, 見本町企画課の田中花子と申します.

The name ends the sentence, and all before it is an organisation, a section and a title. Pure; values are kept
as written.
"""

from __future__ import annotations

from gateway.admission.application.consent import beside
from gateway.admission.application.consent.closed import is_closed
from gateway.admission.application.consent.people import (
    NAME_SIGNS,
    NOBODY,
    Writer,
    is_family_name,
    is_given_reading,
    is_own_name,
    is_place,
    is_role,
)
from gateway.admission.application.evidence.references import refers
from gateway.admission.application.items.labels import Item
from gateway.admission.application.unlabelled import introduction
from gateway.patterns import compile_later

MAX_SENTENCE = 60
_AM = compile_later(r"[ 　]?(?:です|でございます|と(?:申し|もうし)ます)[。.!！]?$")
_ME = compile_later(
    r"^(?:(?:いつも|大変|平素より)?お世話になって(?:おります|います)、)?(?:申し遅れました、)?"
    r"(?:(?:私は|わたくしは|私、)[、 　]?)?"
)
_LINK = compile_later(r"(?:(?:に)?(?:所属|勤務)|に(?:所属|勤務)して(?:い|おり)ます)?[の、・ 　]*$")
# Characters of given names that hardly begin another word behind a family name.
_SIGNS = f"{NAME_SIGNS}樹文吾広光海空葵凜凛菜実香理保平洸瞬颯蒼碧暁暖瑛瑞瑶稜穏乃"
_GIVEN = compile_later(rf"[ 　]?(?P<kana>[ぁ-ゖァ-ヺー]{{2,6}})|[ 　]?[{_SIGNS}]{{1,3}}")
_FAMILY = compile_later(rf"[{_SIGNS}]{{1,3}}")
_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ"))}
# A family name that no list has: four kanji are hardly ever one without a given name.
_WHOLE = compile_later(rf"[{_SIGNS}]{{4,6}}")
_NO_NAME = compile_later(r"[都道府県市区町村省庁部局課室係班長城]$")
_FORMER = compile_later(r"^[元旧]|^前の|で")
_POST = compile_later(r"(?P<place>.{2,40}[部局課室係班ー])(?:の|[ 　]*)(?P<role>[^のがは]{2,10})")


def read_self(sentence: str, writer: Writer = NOBODY, *, needs_verb: bool = True) -> dict[Item, str]:
    """Return organisation, section and full name of a sentence that says who writes; empty for any other.

    `writer` is named in the form: another name is another person. Without one, a family name is no item.
    """
    end = _AM.search(sentence)
    if len(sentence) > MAX_SENTENCE or (end is None and needs_verb):
        return {}
    said = _ME.sub("", sentence[: end.start()] if end is not None else sentence.rstrip("。."))
    for at in range(len(said)):
        name, place = said[at:], _LINK.sub("", said[:at])
        if not _is_writer(name, writer):
            continue
        if (found := _read_place(place)) is not None:
            return found if writer.name or not is_full_name(name) else found | {Item.NAME: name}
    return {}


def is_full_name(text: str) -> bool:
    """Return whether a text without a label can only be a family name and a given name: 田中花子."""
    bare = "".join(text.split())
    if not is_closed(bare) or _NO_NAME.search(bare) or is_family_name(bare) or len(bare) < 3:
        return False
    if is_place(bare) or is_role(bare):
        return False
    is_parted = any(_is_parted(text[:at], text[at:]) for at in range(1, min(5, len(text))))
    return is_parted or _WHOLE.fullmatch(text) is not None or _EXAMPLE.fullmatch(text) is not None


def _is_parted(family: str, given: str) -> bool:
    found = _GIVEN.fullmatch(given)
    if found is None:
        return False
    if (kana := found["kana"]) is not None:
        is_given = is_given_reading(kana.translate(_TO_HIRAGANA))
        return is_given and (is_family_name(family) or _FAMILY.fullmatch(family) is not None)
    return is_family_name(family)


# Organisations in our own examples have members, too.
_EXAMPLE = compile_later(r"(?:見本|試作|例示)[ 　]?(?:太郎|次郎|三郎|花子|葉子|一郎)")


def _is_writer(name: str, writer: Writer) -> bool:
    if name != name.strip(" 　"):
        return False
    return is_own_name(name, writer) if writer.name else is_full_name(name) or is_family_name(name)


def _read_place(place: str) -> dict[Item, str] | None:
    """Return organisation and section of the text before a name; None if it is anything else."""
    post = _POST.fullmatch(place)
    if post is not None and is_role(post["role"]):
        place = post["place"]
    if not place:
        return {}
    told = introduction.read_line(place)
    if told is not None and told.organisation and told.department and not told.name and is_closed(place):
        return {Item.ORGANISATION: told.organisation, Item.DEPARTMENT: told.department}
    if beside.is_body(place):
        return {Item.ORGANISATION: place}
    is_section = beside.is_section(place) and _FORMER.search(place) is None
    is_section = is_section and not refers(Item.DEPARTMENT, place)
    return {Item.DEPARTMENT: place} if is_section else None
