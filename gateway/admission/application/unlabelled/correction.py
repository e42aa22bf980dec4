"""Corrections of a form in words: 訂正です。部課名は企画課です, 役職を主任に訂正してください.

Each sentence names an item, gives its value, or is known to say nothing else; with anything more, nothing is
corrected. Pure; values are kept as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gateway.admission.application.consent import beside
from gateway.admission.application.consent.people import Writer
from gateway.admission.application.fields import Form
from gateway.admission.application.labels import Item, find_item
from gateway.admission.application.unlabelled import self_named
from gateway.admission.application.unlabelled.kinds import CODE, take

MAX_SENTENCE = 120
_LABEL = (
    r"(?:正しい|正しくは、?|正確には、?|申請の|申請書の|フォームの|私の|当方の)?"
    r"(?P<label>[^、。はがをにの「」:：]{1,16}?)"
)
_VALUE = r"[「『]?(?P<value>[^、。「」『』]{1,60}?)[」』]?"
_OLD = r"[「『]?(?P<old>[^、。「」『』]{1,60}?)[」』]?"
_CHANGE = r"(?:訂正|修正|変更)"
_DO = (
    r"(?:(?:(?:いた|致)?し)ます|(?:して)?(?:くだ|下)さい|(?:して)?(?:いただ|頂)(?:きたい|けますと幸い)です"
    r"|させて(?:(?:くだ|下)さい|(?:いただ|頂)きます)|(?:のほど)?(?:を|、)?お願い(?:(?:いた|致)?し|申し上げ)ます)"
)
_IS = r"(?:です|でした|でございます|[にと]なります|が正しいです|の(?:誤り|間違い)(?:です|でした))"
_SLIP = r"(?:書き|打ち|入力|記入)?(?:間違え|間違って|誤って)"
_HAD = r"(?:(?:記載|記入|入力)(?:して)?)?(?:て)?(?:しまい)?(?:い|おり|し)?(?:ました|ます)"
_TOPIC = re.compile(
    rf"{_LABEL}(?:の(?:漢字|文字|字|表記|記載|記入))?(?:を(?:{_CHANGE}{_DO}|{_SLIP}{_HAD})|が(?:{_SLIP}|違って){_HAD}"
    rf"|に(?:誤り|間違い|記入ミス|誤記)が(?:あり|ござい)ま(?:した|す)(?:(?:ので|ため)、?{_CHANGE}{_DO})?"
    rf"|の{_CHANGE}(?:です|{_DO}))"
)
_OPEN = re.compile(
    r"(?:(?:先ほど|先程|先日|昨日|今朝)の|(?:以下|次|下記)の(?:とおり|通り)、?|(?:参加)?申請(?:書|内容|メール)?の|お手数ですが、?|内容を?の?)*"
    rf"(?:訂正(?:事項|[0-9０-９一二三]点)?です|{_CHANGE}{_DO}|(?:参加)?申請(?:書|内容)?に(?:誤り|間違い|記入ミス)が(?:あり|ござい)ました"
    r"|(?:書き|打ち|入力|記入)間違(?:えました|いです|いでした)|(?:記入|入力|記載)ミス(?:です|でした)|訂正|修正)"
)
_STATES = re.compile(rf"{_LABEL}(?:は|[:：])[、 　]?(?:正しくは、?)?{_VALUE}{_IS}?")
_CHANGES = re.compile(rf"{_LABEL}を、?(?:{_OLD}から、?)?{_VALUE}[にへ]、?{_CHANGE}{_DO}")
_NOT = re.compile(rf"(?:{_LABEL}は、?)?{_OLD}(?:では|じゃ)なく(?:て)?、?{_VALUE}{_IS}")
_RIGHT = re.compile(rf"(?:正しくは、?|正確には、?)?{_VALUE}{_IS}")
_ENGLISH = re.compile(
    r"(?:[Mm]y|[Tt]he) (?P<label>[a-z ]{2,20}) is (?:actually |now )?(?:the )?(?P<value>[A-Z][\w ,&'-]{1,60})"
)
_MARK = re.compile(
    r"^(?:[【\[(（]?(?:訂正|修正)[】\])）]?[:：　 ]|【(?:訂正|修正)】|(?:[Cc]orrection|CORRECTION): )[ 　]*"
)
_KNOWN = (Item.ORGANISATION, Item.DEPARTMENT, Item.TITLE, Item.NAME, Item.CODE)


class _Said(NamedTuple):
    """What a sentence says: the item that it is about, and its value; empty if it gives none."""

    item: Item | None
    value: str


def read_correction(sentences: Sequence[str], known: Form, writer: Writer) -> Form:
    """Return the corrected items, or an empty form if a sentence is not understood.

    `known` is the form that is corrected, and `writer` is named in it.
    """
    said: dict[str, str] = {}
    topic: Item | None = None
    for sentence in sentences:
        found = _read(_MARK.sub("", sentence), known, topic)
        if found is None:
            if not beside.is_harmless(sentence, writer):
                return Form()
        elif not found.value:
            topic = found.item or topic
        elif found.item is None or found.item.value in said:
            return Form()
        else:
            said[found.item.value] = found.value
    return Form(**said)  # type: ignore[arg-type]  # the items are texts


def _read(sentence: str, known: Form, topic: Item | None) -> _Said | None:
    bare = sentence.strip(" 　。.!！")
    if not bare or len(bare) > MAX_SENTENCE:
        return None
    if _OPEN.fullmatch(bare) is not None:
        return _Said(None, "")
    about = _TOPIC.fullmatch(bare)
    if about is not None and (item := find_item(about["label"])) is not None:
        return _Said(item, "")
    return next(_find_values(bare, known, topic), None)


def _find_values(bare: str, known: Form, topic: Item | None) -> Iterator[_Said]:
    """Yield the readings of a sentence that gives a value."""
    for kind in (_CHANGES, _NOT, _STATES, _ENGLISH, _RIGHT):
        found = kind.fullmatch(bare)
        told = found.groupdict() if found is not None else {}
        if found is None or (kind is _RIGHT and topic is None):
            continue
        label = told.get("label")
        item = find_item(label) if label else topic or _find_old(told.get("old") or "", known)
        if item is not None and (said := _take(item, told["value"])) is not None:
            yield said


def _find_old(old: str, known: Form) -> Item | None:
    """Return the only item that has this value."""
    items = [item for item in _KNOWN if _squeeze(getattr(known, item.value)) == _squeeze(old) != ""]
    return items[0] if len(items) == 1 else None


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _take(item: Item, value: str) -> _Said | None:
    """Return the item with its value, if it can only be one of it; an affiliation is one of two items."""
    if item is Item.AFFILIATION:
        kinds = (Item.DEPARTMENT, Item.ORGANISATION)
        return next((_Said(kind, value) for kind in kinds if take(kind, value)), None)
    if item not in _KNOWN:
        return None
    if item is Item.CODE:
        return _Said(item, value) if CODE.fullmatch(value) else None
    is_name = item is Item.NAME and self_named.is_full_name(value)
    return _Said(item, value) if is_name or take(item, value) else None
