"""The writer of a mail: lines and sentences beside a consent that only name a person, offices, organisations.

Every class is closed: a person consists of name characters, an office of office words, an organisation is in
the register, a name in Latin letters is in a list. What the form says about its writer counts as well.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from gateway.admission.application.consent.closed import is_closed
from gateway.admission.organisations.romaji import to_romaji
from gateway.admission.replies.grammar.names import offices, people, places
from gateway.admission.replies.grammar.names.offices import is_office
from gateway.admission.replies.grammar.names.people import SOMEBODY
from gateway.admission.replies.grammar.names.places import read_body
from gateway.admission.replies.grammar.names.towns import is_house, is_town
from gateway.patterns import compile_later

MAX_LINE = 120


@dataclass(frozen=True)
class Writer:
    """The facts in a form about its writer, as written; empty if there are none."""

    name: str = ""
    places: tuple[str, ...] = ()

    @cached_property
    def words(self) -> list[str]:
        """The words of the name, folded."""
        return _words(self.name)

    @cached_property
    def is_named(self) -> bool:
        """Whether the name may be one."""
        whole = "".join(self.words)
        signs = len(whole) > 1 and _NAME_SIGNS.fullmatch(" ".join(self.words)) is not None
        return signs and is_closed(whole) and _NO_NAME.search(whole) is None

    @cached_property
    def endings(self) -> frozenset[str]:
        """The last characters of name, organisations and sections."""
        return frozenset(word[-1:] for word in (*self.words, *self.stated))

    @cached_property
    def stated(self) -> frozenset[str]:
        """The organisations and sections, folded."""
        return frozenset(_compact(place) for place in self.places if is_closed(place))


NOBODY = Writer()
STRANGER = Writer("纐纈 翠嵐")  # somebody of whom no text speaks that has none of these characters
_ROLE = compile_later(
    r"(?:(?:総括|統括|主任|上席|副|担当)?(?:[局部課室係班所]長|主査|主事|主幹|参事|技師|技監|技官|事務官|書記官?)"
    r"(?:補佐?|代理|心得)?|課長補佐|次長|理事|主任|係員|担当員|職員|専門官|専門員|調整官|企画官|指導主事|担当者?"
    r"|会計年度任用職員|推進員|リーダー|国際交流員)"
)
_BEHIND_BODY = compile_later(r"(?<=[部局課室係班省庁都道府県市区町村])の|[\s/|,、・]+")
_SAYS_NAME = compile_later(r"(?:と申します|ともうします|でございます|です|より)$")
_TOLD = ("申します", "もうします", "ございます", "です", "より")  # endings of these
_I = compile_later(r"^(?:私|わたくし|わたし)(?:は|、)[、 ]?")
# Organisations in our own examples have members, too.
_SOMEBODY = compile_later(rf"{SOMEBODY}|(?:見本|試作|例示) ?(?:太郎|次郎|三郎|花子|葉子|一郎)?")
NAME_SIGNS = people.NAME_SIGNS
BARE_NAME = SOMEBODY.replace(" ?", "")  # in folded text without blanks
_LONGEST_NAME = 12  # with a blank; if no form gives one
_NAME_SIGNS = compile_later(r"[^\W\d_](?:[^\W\d_]|[ ・'.-](?=[^\W\d_]))*")
# What a form may contain instead of a name, and nobody is called.
_NO_NAME = compile_later(r"未(?!来)|待ち|決裁|確認|相談|承認")
# Town, number and building, including the streets of Sapporo and Obihiro: 北1条西2丁目.
_STREET = compile_later(
    r"(?P<town>[^\W\d_]{0,12}?)(?:[東西南北]?[0-9]{1,2}条)?(?:[東西南北]?[0-9]{1,4}(?:丁目|番地?|号|線|-)?の?){1,5}"
    r"(?P<house>[^\W\d_]{0,12}?(?:第?[0-9]{1,2}号館)?)(?:[0-9]{1,2}(?:階|f))?"
)
_NUMBERED = compile_later(r"[東西南北][0-9]{1,2}条|第[0-9]{1,2}号館")
# Municipalities are the subject of some prefectural offices: 市町支援課.
_MUNICIPAL = compile_later(r"市町村?(?=[支振行課連])")
_HOUSE = compile_later(r"^役[場所]")
_POST = compile_later(r"(?:住所:?)?〒?(?:[0-9]{3}-[0-9]{4})?")


def build_writer(name: str, places: Iterable[str]) -> Writer:
    """Return the writer of a form with this name, these organisations and sections."""
    return Writer(name, tuple(place for place in places if len(_compact(place)) > 1))


def is_writer(text: str, writer: Writer = NOBODY) -> bool:
    """Return whether a sentence or signature line only says who writes."""
    written = " ".join(unicodedata.normalize("NFKC", text[:MAX_LINE]).split()).strip(" 。.、,")
    if not written or len(text) > MAX_LINE:
        return False
    if is_latin_name(written, writer):
        return True
    said = _I.sub("", written)
    if said.endswith(_TOLD):
        said = _SAYS_NAME.sub("", said)
    if not may_name(said, writer):
        return False
    tokens = [token for token in _BEHIND_BODY.split(said) if token]
    left: list[str] = []
    longest = len("".join(writer.words)) if writer.name else _LONGEST_NAME
    for token in tokens:
        if _ROLE.fullmatch(token) is None and not is_place(token, writer):
            left.append(token)
            if len(left) > 1 and sum(map(len, left)) > longest:
                return False  # a sentence
    if left:
        return _is_named(left, writer, is_beside=len(left) < len(tokens))
    return any(is_place(token, writer) for token in tokens)


def is_role(text: str) -> bool:
    """Return whether a text is a job title: 主任, 課長補佐."""
    return _ROLE.fullmatch(text) is not None


def may_sign(written: str, writer: Writer) -> bool:
    """Return whether a text ends as `is_writer` requires, by a quick check."""
    said = written.rstrip()  # all that split() treats as a blank, including U+001F
    return said.isascii() or said.endswith(_TOLD) or may_name(said, writer)


def may_name(said: str, writer: Writer) -> bool:
    """Return whether a text ends like a name, a job title, an office or an organisation.

    A quick check that spares the patterns for most sentences.
    """
    lasts = find_lasts(said)
    return not lasts.isdisjoint(_ENDINGS) or not lasts.isdisjoint(writer.endings)


def find_lasts(said: str) -> frozenset[str]:
    """Return the last character of a text, folded, and the last one before separators of words."""
    return frozenset(one[-1:].casefold()[-1:] for one in (said, said.rstrip(_BETWEEN)))


# Blanks and separators between the words, where the text is split.
_BETWEEN = " /|,、・の"
_ROLE_ENDINGS = "長佐理得査事幹師監官記任員者ー"
_EXAMPLES = "本作示郎子"
_ENDINGS = (
    offices.ENDINGS
    | places.ENDINGS
    | {*_ROLE_ENDINGS, *_EXAMPLES, *people.NAME_SIGNS}
    | {name[-1] for name in people.FAMILY_NAMES}
)


def _is_named(left: list[str], writer: Writer, *, is_beside: bool) -> bool:
    """Return whether the remaining text is one person, or an office and a person without a blank between.

    A family name alone could be any word: it counts only beside an office.
    """
    if is_person(" ".join(left), writer):
        return is_beside or len(left) > 1 or bool(writer.name)
    return len(left) == 1 and any(
        is_person(left[0][at:], writer) and is_place(left[0][:at], writer)
        for at in _find_names(left[0], writer)
    )


def _find_names(text: str, writer: Writer) -> range:
    """Return where a name at the end of a text, after an office, may begin; nowhere in most sentences."""
    if not writer.name:
        return range(max(2, len(text) - _LONGEST_NAME), len(text))
    ends = writer.is_named and "".join(text.casefold().split()).endswith(tuple(writer.words))
    return range(2, len(text)) if ends else range(0)


def is_place(token: str, writer: Writer = NOBODY) -> bool:
    """Return whether a word is an organisation, an office, or both, by the register or the form."""
    bare = _compact(token)
    stated = writer.stated
    # 「見本町役場総務課」 if the form has 見本町 and 総務課.
    behind = (_HOUSE.sub("", bare.removeprefix(place)) for place in stated if bare.startswith(place))
    rests = {bare, *behind}
    return any(
        not rest or rest in stated or read_body(rest) == "" or is_office(_MUNICIPAL.sub("地域", rest))
        for rest in rests
    )


def is_listed_office(text: str) -> bool:
    """Return whether a folded text consists of common words of offices, and of nothing else."""
    return _LISTED.fullmatch(text) is not None


_LISTED = compile_later(offices.OFFICE)


def find_body(text: str) -> str:
    """Return the prefecture, municipality or ministry at the beginning of a text, as written; or empty."""
    rest = read_body(text)
    return text[: len(text) - len(rest)] if rest is not None and text.endswith(rest) else ""


# No office is named after what somebody waits for.
_LEAVE = compile_later("了承|決裁|許可|承認|回答|確認")


def is_plain(text: str) -> bool:
    """Return whether a text has no word by which people agree, make a condition or wait for somebody."""
    return is_closed(text) and _LEAVE.search(text) is None


def is_person(text: str, writer: Writer = NOBODY) -> bool:
    """Return whether a text is the name in the form or, if there is none, consists of name characters."""
    if writer.name:
        return is_own_name(text, writer)
    return len(text) <= _LONGEST_NAME and _SOMEBODY.fullmatch(text) is not None and is_closed(text)


def is_own_name(text: str, writer: Writer) -> bool:
    """Return whether a text is the name in the form, or its family name."""
    if not writer.is_named or not (said := _words(text)):
        return False
    parts = writer.words
    return "".join(said) in {"".join(parts), parts[0]} or sorted(said) == sorted(parts)


def is_somebody(word: str) -> bool:
    """Return whether a word can only be a person's name: a known family name, or a full one."""
    return word in people.FAMILY_NAMES or people.is_full_name(word)


def is_given_reading(word: str) -> bool:
    """Return whether a word in hiragana is a common given name: さくら."""
    return word in people.GIVEN_READINGS


def is_family_name(word: str) -> bool:
    """Return whether a word is a known family name."""
    return word in people.FAMILY_NAMES


def find_readings(writer: Writer) -> frozenset[str]:
    """Return the writer's family name, or else the words in kana, in Latin letters; empty if unknown."""
    kana = (word for word in writer.words if _KANA.fullmatch(word))
    return people.find_latin_family(writer.name) or frozenset(map(to_romaji, kana))


_KANA = compile_later(r"[ぁ-ゖー]{2,8}")


def is_latin_name(text: str, writer: Writer = NOBODY) -> bool:
    """Return whether a text in Latin letters is the writer's name; without one, a name of known ones."""
    if not text.isascii() or not 0 < len(text.split()) < 4:
        return False
    if is_own_name(text, writer):
        return True
    return people.is_latin_name(" ".join(text.split())) and (not writer.name or _may_be_read(writer, text))


def _may_be_read(writer: Writer, latin: str) -> bool:
    """Return whether a name in Latin letters has the reading of the writer's family name, if it is known."""
    return not writer.name.isascii() and not find_readings(writer).isdisjoint(latin.casefold().split())


def is_address(text: str) -> bool:
    """Return whether a line is a postal address: a postcode or an existing municipality, a town, a number."""
    if not may_be_address(text):
        return False
    bare = _compact(text)
    post = _POST.match(bare)
    rest = bare[post.end() :] if post is not None else bare
    town = read_body(rest)
    if town is None and (rest == bare or not is_closed(rest)):
        return False
    left = rest if town is None else town
    return not left or (_is_street(left) and is_closed(_NUMBERED.sub("", left)))


def may_be_address(text: str) -> bool:
    """Return whether a text may begin an address, by a quick check of its first kanji."""
    first = text[:1]
    return not "一" <= first <= "鿿" or first in _FIRST_SIGNS


_FIRST_SIGNS = frozenset({"住", *(name[0] for name in places.BEGINNINGS)})


def _is_street(text: str) -> bool:
    """Return whether a text is a possible town name, numbers, and a house."""
    found = _STREET.fullmatch(text)
    return found is not None and (not found["town"] or is_town(found["town"])) and is_house(found["house"])


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFKC", text[:MAX_LINE]).casefold().split()


def _compact(text: str) -> str:
    return "".join(_words(text))
