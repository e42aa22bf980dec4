"""Values of a form in a sentence, or with an ending: 図書館です, 氏名は森薫です, 主査をしております.

A value loses its ending only if the rest has the shape of what its label asks for, and names nothing of
another time. One that was, or will be, is none.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.lexicon import RELATED
from gateway.admission.application.consent.closed import is_closed
from gateway.admission.application.consent.people import is_family_name
from gateway.admission.application.evidence.references import refers
from gateway.admission.application.evidence.shapes import fits, is_parted_name
from gateway.admission.application.items.labels import Item, find_item
from gateway.admission.application.items.values import (
    clean_value,
    strip_behind,
    strip_note,
    strip_reading,
)
from gateway.admission.application.layout.no_value import strip_reach
from gateway.admission.application.unlabelled.kinds import is_told
from gateway.admission.application.unlabelled.self_named import is_full_name
from gateway.patterns import compile_later

_MAX = 120
_GO_ON = r"(?:い|おり)ます"
# 主査をしております, 総務課に配属されています, 技師として勤務しています
_VERB = (
    rf"(?:を|に|で|として)、?(?:(?:(?:所属|勤務|在籍|在職|従事|担当)?し|配[属置]され|働い|就い|[務勤]め)て{_GO_ON}|所属です|勤務です)"
    rf"|におります"
)
_IS = rf"です|で(?:ござい|あり)ます|[にと]なります|と(?:申し|もうし)ます|{_VERB}"
_SENTENCE = compile_later(
    rf"(?:(?P<label>[^\s、,はがを()（）]{{1,12}})(?:は|が|(?<=現在)|(?<=今))、?[ 　]*)?(?P<value>\S.*?)[ 　]*"
    rf"(?:(?P<is>{_IS})|(?P<thinks>(?:だ|か)と(?:思い|存じ)ます))[。.!！]?"
)
_NOW = frozenset({"現在", "今", "現", "私", "当方"})
# What somebody was, or will be: 係長でした, 総務課に異動する予定です.
_NOT_NOW = compile_later(
    r".*(?:でした|だった(?:[^部局課室係]*)|をして(?:い|おり)ました|(?:して(?:い|おり)|だっ|であっ)た者です|(?<!の)予定(?:です)?)[。.]?"
)
_NOTE = compile_later(r"[(（][\s　]*(?P<note>[^()（）]{1,20}?)[\s　]*[)）]$")
_OF_OTHER_TIME = compile_later(r"旧|元|[前後次]|予定|から|まで|[?？]|か$|代")
_PARTICLE = compile_later(r"[はがを]|(?<=[一-鿿])(?:[にでへの]|か(?=[一-鿿]))(?=[一-鿿])")
_WRITTEN = frozenset({Item.ORGANISATION, Item.DEPARTMENT, Item.TITLE, Item.NAME, Item.AFFILIATION})
_SECTIONS = frozenset({Item.DEPARTMENT, Item.AFFILIATION})


def strip_sentence(item: Item, raw: str) -> str:
    """Return the value of a sentence; empty if it is of another time, any other text unchanged."""
    if item not in _WRITTEN and item is not Item.CODE:
        return raw
    said = raw.strip()
    found = _SENTENCE.fullmatch(said) if len(said) <= _MAX else None
    if found is None or not _is_label(item, found["label"]):
        return "" if item is not Item.CODE and _NOT_NOW.fullmatch(said[:_MAX]) else raw
    value = found["value"]
    if found["thinks"] and item is not Item.CODE:
        return raw
    if item is Item.NAME and RELATED.fullmatch(value) is not None:
        return ""
    if refers(item, value) or _is_value(item, value):
        return value
    return "" if item is not Item.CODE and _NOT_NOW.fullmatch(said) else raw


def _is_label(item: Item, label: str | None) -> bool:
    """Return whether words before は name the item, or nothing: 氏名は森薫です, 現在は係長です."""
    if label is None or label in _NOW:
        return True
    named = find_item(label)
    return named is item or (item in _SECTIONS and named in _SECTIONS)


def _is_value(item: Item, value: str) -> bool:
    """Return whether a text, apart from a note in brackets, can only be the value of the item."""
    note = _NOTE.search(value)
    bare = value[: note.start()].strip() if note is not None else value
    if note is not None and (_OF_OTHER_TIME.search(note["note"]) or not is_closed(note["note"])):
        return False
    if not clean_value(bare):
        return True  # 同上です
    if item is Item.CODE:
        return fits(item, bare)
    if item is Item.NAME:
        return _is_name(bare)
    words = bare.split() if item in _SECTIONS else [bare]
    fit = fits(item, words[-1]) and all(fits(Item.AFFILIATION, one) for one in words[:-1])
    return fit and _PARTICLE.search(bare) is None


def _is_name(bare: str) -> bool:
    """Return whether a text behind 氏名 is a name: of both parts, or a known family name and one kanji."""
    if is_told(Item.NAME, bare) or is_full_name(bare):
        return True
    is_parted = is_parted_name(bare) and _OF_SENTENCE.search(bare) is None and is_closed(bare)
    return is_parted or (_ONE_SIGN.search(bare) is not None and is_family_name(bare[:-1]))


_OF_SENTENCE = compile_later(r"[はがをのにとも]$|(?<=[一-鿿 　])[はがをのもと](?=[一-鿿 　])")
_ONE_SIGN = compile_later(r"[一-鿿](?<![部局課室係班市区町村都道府県長様殿氏])$")


def read_name(raw: str) -> str:
    """Return the name in the raw value of a label, without what encloses it."""
    return clean_value(strip_sentence(Item.NAME, raw))


def strip_beside(item: Item, value: str) -> str:
    """Return the value of a label without what is written beside it: a reading, a translation, a number."""
    if item is Item.ORGANISATION:
        return _strip_translation(strip_reading(strip_behind(value, _KIND)))
    if item in {Item.TITLE, Item.DEPARTMENT}:
        return strip_behind(strip_reach(value), _LATIN)
    return strip_note(value) if item is Item.NAME else value


def _strip_translation(value: str) -> str:
    """Return a name in Latin letters without the Japanese one in brackets after it."""
    bare = strip_behind(value, _TRANSLATED)
    return bare if bare.isascii() else value


_TRANSLATED = compile_later(r"[^\x00-\x7f]{2,40}")
# What an organisation is, in a sentence: 見本衛生組合（3市の一部事務組合です）.
_KIND = compile_later(
    r"[^()（）]{0,60}(?:一部事務組合|広域連合|企業団|特別地方公共団体|地方公営企業|独立行政法人)(?:です|になります)"
)
_LATIN = compile_later(r"[A-Za-z][A-Za-z ,.&'’/-]{3,80}")
