"""Names below a consent: whoever signs it has to be the applicant, since nobody agrees for somebody else.

A name stands alone on its line, or beside an office, an organisation or a job title. The name of somebody to
call (`contacts`) is none. The same name may be spelt in other kanji, or in Latin letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from gateway.admission.application.consent.around.contacts import (
    is_contact_label,
    is_contact_person,
    is_in_head,
)
from gateway.admission.application.consent.people import (
    Writer,
    find_readings,
    is_family_name,
    is_latin_name,
    is_own_name,
    is_place,
    is_role,
    is_somebody,
)
from gateway.admission.application.evidence.shapes import is_title
from gateway.admission.application.items.labels import Item
from gateway.admission.application.items.values import is_elsewhere
from gateway.admission.application.layout.beyond.old_mail import begins_old_mail, is_passed_on
from gateway.admission.application.layout.beyond.signature import is_in_signature
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.no_value import is_form_frame
from gateway.admission.application.layout.people import are_two_people
from gateway.admission.application.unlabelled.told import read_name
from gateway.mail.lines import is_rule
from gateway.patterns import compile_later

_LONGEST = 60
_REACH = 3  # lines of a signature around a name
_AROUND = " \t　。.、,()（）[]【】〔〕"
_OTHER_SIGN = compile_later(r"(?<![長])[:：]|[0-9０-９@。、]")
_BETWEEN = compile_later(r"(?<=[部局課室係班省庁都道府県市区町村])の|[\s/|・()]+|(?<=長):")


def is_signed_by_another(texts: Sequence[str], at: int, writer: Writer) -> bool:
    """Return whether a line is only a name, or a name and an office, that is not the writer's."""
    name = find_signer(texts[at]) if writer.name else ""
    if not name or is_own_name(name, writer) or is_in_head(texts, at):
        return False
    if not _is_another(name, writer, texts[max(0, at - _REACH) : at + _REACH]):
        return False
    return not _is_below_contact(texts, at) and not _is_of_colleague(texts, at, writer)


def is_of_another(texts: Sequence[str], place: int, writer: Writer) -> bool:
    """Return whether what is directly above a consent makes it somebody else's.

    It is a line with another name alone, the name in the row of a table, or who fills in what is below.
    """
    if not writer.name:
        return False
    above = place - 1
    while above >= 0 and (held := parse_line(texts[above])) is not None and texts[above].strip():
        if held[0] is Item.NAME:
            name = read_name(held[1])
            return are_two_people(name, writer.name) and not is_elsewhere(name)
        above -= 1
    return any(
        is_signed_by_another(texts, at, writer) or _says_who_fills_in(texts[at], writer)
        for at in _find_block(texts, place)
    )


def _find_block(texts: Sequence[str], place: int) -> Iterator[int]:
    """Yield the numbers of the lines of the paragraph above a line, up to a label or a blank line."""
    is_begun = False
    for at in range(place - 1, max(-1, place - _ABOVE), -1):
        if parse_line(texts[at]) is not None or (is_begun and not texts[at].strip()):
            return
        if texts[at].strip() and not is_rule(texts[at]):
            is_begun = True
            yield at


def is_in_old_mail(texts: Sequence[str], place: int, writer: Writer) -> bool:
    """Return whether a consent is in somebody else's old mail, without quote marks below its head.

    A form of the writer's name that begins there, or our own one, is filled in there.
    """
    above = range(place - 1, -1, -1)
    head = next((at for at in above if begins_old_mail(texts, at) or is_passed_on(texts[at])), -1)
    return head >= 0 and not any(_is_of_form(text, writer) for text in texts[head + 1 : place + _REACH])


def _is_of_form(text: str, writer: Writer) -> bool:
    held = parse_line(text)
    is_name = held is not None and held[0] is Item.NAME and not is_elsewhere(held[1])
    return is_form_frame(text) or (is_name and held is not None and is_own_name(read_name(held[1]), writer))


_ABOVE = 10  # lines, with blank ones
_FILLED_IN = compile_later(
    r"(?:以下|下記|ここから|これより|次)(?:の?(?:欄|項目|部分))?(?:下|先)?(?:は|を)?、?(?P<who>[^、。はを]{1,16}?)(?:が|の|にて|で)?"
    r"(?:記入|入力|記載|回答|使用|確認)(?:欄|します|する|した|しました|(?:して)?ください|済み?)*"
)
_SPACE_OF = compile_later(r"(?P<who>[^、。はを]{2,16}?)(?:さん|様|氏)?の?(?:記入|入力|記載|回答)欄")
_APPLICANT = frozenset({"申請者", "申込者", "私", "当方", "本人", "申請者本人", "ご本人", "職員", "参加者"})


def _says_who_fills_in(line: str, writer: Writer) -> bool:
    """Return whether a line says that somebody else fills in what is below: 以下は所属長が記入."""
    bare = "".join(unicodedata.normalize("NFKC", line[:_LONGEST]).split()).strip(_AROUND + "※*■【】<>")
    found = _FILLED_IN.fullmatch(bare)
    if found is None:
        found = _SPACE_OF.fullmatch(bare)
        if found is None or not (is_somebody(found["who"]) or is_title(found["who"])):
            return False
    return found["who"] not in _APPLICANT and not is_own_name(found["who"], writer)


def find_signer(line: str) -> str:
    """Return the name on a line without anything else but an office or a post; empty for any other line."""
    if len(line) > _LONGEST or _OTHER_SIGN.search(line) is not None or is_contact_person(line):
        return ""
    written = unicodedata.normalize("NFKC", _SEAL.sub("", line)).strip(_AROUND)
    if written.isascii():
        name = _POST_EN.sub("", written)
        return name if is_latin_name(name) else ""
    words = [word for word in _BETWEEN.split(written) if word]
    named = [word for word in words if not is_place(word) and not _is_post(word)]
    if any(map(is_contact_label, named)):
        return ""  # 税務課 庶務担当 佐藤
    is_name = _is_name(named) or (len(named) < len(words) and len(named) == 1 and is_family_name(named[0]))
    return " ".join(named) if is_name else ""


_SEAL = compile_later(r"[\s　]*(?:㊞|[(（]?印[)）]?)[\s　]*$")
_POST_EN = compile_later(
    r"^(?:(?:Deputy|Vice|Acting) )?"
    r"(?:Mayor|Governor|Director|Chief|Head|Manager|Mr\.?|Ms\.?|Mrs\.?|Dr\.?)[,:]? "
)


def _is_post(word: str) -> bool:
    """Return whether a word is a job title or a post, and no family name: 主査, 見本町長."""
    return is_role(word) or (len(word) > 1 and is_title(word) and not is_somebody(word))


def _is_name(words: Sequence[str]) -> bool:
    """Return whether words are a full name: a family name and a given one, or both without a blank."""
    if len(words) == 2 and is_family_name(words[0]):
        return _GIVEN.fullmatch(words[1]) is not None
    return 0 < len(words) < 3 and is_somebody(" ".join(words)) and not is_family_name(" ".join(words))


_GIVEN = compile_later(r"[一-鿿々]{1,3}|[ぁ-ゖ]{2,4}|[ァ-ヺー]{2,4}")


def _is_another(name: str, writer: Writer, beside: Sequence[str]) -> bool:
    """Return whether a name is another one than the writer's, as far as the two can be compared.

    If one is in Latin letters, by the reading of the family name, or of a name in kana; without a known one,
    it is another name unless the writer's stands beside it.
    """
    if not name.isascii():
        return are_two_people(name, writer.name)
    if writer.name.isascii():
        return True
    readings = find_readings(writer)
    if readings:
        return readings.isdisjoint(name.casefold().split())
    return not any(_ends_in_own_name(line, writer) for line in beside)


def _ends_in_own_name(line: str, writer: Writer) -> bool:
    words = line.strip(_AROUND).split()[-4:]
    return any(is_own_name(" ".join(words[at:]), writer) for at in range(len(words)))


def _is_below_contact(texts: Sequence[str], at: int) -> bool:
    """Return whether a heading directly above says that this is somebody to call: 【問い合わせ先】."""
    return any(is_contact_label(text.strip(_AROUND)) for text in texts[max(0, at - _REACH) : at])


def _is_of_colleague(texts: Sequence[str], at: int, writer: Writer) -> bool:
    """Return whether a mail program's signature is of the writer's own section: a form sent by its clerk."""
    block = texts[max(0, at - _REACH) : at + 1]
    sections = {place for place in writer.stated if place[-1:] in _UNITS}
    said = "".join("".join(unicodedata.normalize("NFKC", text).casefold().split()) for text in block)
    return is_in_signature(texts, at) and any(section in said for section in sections)


_UNITS = frozenset("部局課室係班")
