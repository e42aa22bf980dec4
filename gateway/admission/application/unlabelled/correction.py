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
from gateway.admission.application.items.fields import Form
from gateway.admission.application.items.labels import Item, find_item
from gateway.admission.application.unlabelled import introduction, self_named
from gateway.admission.application.unlabelled.introduction import squeeze
from gateway.admission.application.unlabelled.kinds import CODE, take
from gateway.patterns import compile_later

MAX_SENTENCE = 120
_LABEL = (
    r"(?:正しい|正しくは、?|正確には、?|(?:申請|申請書|フォーム|先ほど|先程|先日)の|私の|当方の|現在の|今の)?"
    r"(?P<label>[^、。はがをにの「」:：→⇒]{1,16}?)(?:の(?:漢字|文字|字|表記|記載|記入))?"
)
_VALUE = r"[「『]?(?P<value>[^、。「」『』]{1,60}?)[」』]?"
_OLD = r"[「『]?(?P<old>[^、。「」『』]{1,60}?)[」』]?"
_CHANGE = r"(?:訂正|修正|変更|直(?=し))"
_DO = (
    r"(?:(?:(?:いた|致)?し)ます|(?:して)?(?:くだ|下)さい|願います"
    r"|(?:して)?(?:(?:(?:いただ|頂)け|もらえ)(?:ます|ません)(?:でしょう)?か|(?:いただ|頂)(?:きたい|けますと幸い|ければ幸い)です)"
    r"|させて(?:(?:くだ|下)さい|(?:いただ|頂)きます)|(?:のほど)?(?:を|、)?お願い(?:(?:いた|致)?し|申し上げ)ます)"
)
_BECAME = rf"に(?:変わりました|なりました|{_CHANGE}に?(?:なりました|(?:(?:いた|致)?し)ました))"
_IS = (
    rf"(?:です|でした|でございます|[にと]なります|が正(?:しい)?です|でお願い(?:(?:いた|致)?し|申し上げ)ます"
    rf"|の(?:誤り|間違い)(?:です|でした)|{_BECAME})"
)
_SLIP = r"(?:書き|打ち|入力|記入)?(?:間違え|間違って|誤って)"
_HAD = r"(?:(?:記載|記入|入力)(?:して)?)?(?:て)?(?:しまい)?(?:い|おり|し)?(?:ました|ます)"
_FAULT = r"(?:誤り|間違い|記入ミス|入力ミス|誤記)"
_BELOW = r"(?:(?:以下|下記|次)(?:に|の(?:とおり|通り)(?:に)?)?、?)?"
_TOPIC = compile_later(
    rf"{_LABEL}(?:(?:だけ|のみ)?を?、?{_BELOW}{_CHANGE}{_DO}|を{_SLIP}{_HAD}|が(?:{_SLIP}|違って|抜けて|漏れて){_HAD}"
    rf"|に{_FAULT}が(?:あり|ござい)ま(?:した|す)(?:(?:ので|ため)、?{_CHANGE}{_DO})?|の{_CHANGE}(?:です|{_DO})?)"
)
_COUNT = r"(?:事項|[0-9０-９一二三]点)?"
_WHEN = r"(?:先ほど|先程|先日|昨日|今朝)の"
_OPEN = compile_later(
    rf"(?:{_WHEN}|(?:以下|次|下記)の(?:とおり|通り)、?|(?:参加)?申請(?:書|内容|メール)?(?:の|について、?)|お手数ですが、?"
    rf"|内容を?の?)*{_COUNT}、?(?:訂正{_COUNT}(?:です|が(?:あり|ござい)ま(?:す|した))|{_CHANGE}{_DO}"
    rf"|(?:参加)?申請(?:書|内容)?に{_FAULT}が(?:あり|ござい)ました|(?:書き|打ち|入力|記入)間違(?:えました|いです|いでした)"
    r"|(?:記入|入力|記載)ミス(?:です|でした)|訂正|修正)"
)
_MOVED = r"(?:(?:人事異動|異動|組織(?:改編|改正|変更)|機構改革)(?:により|に伴い|で|のため)、?)?"
_STATES = compile_later(
    rf"{_MOVED}{_LABEL}(?:[はが]|[:：→⇒]|、(?=正しくは))[、 　]?(?:正しくは、?)?{_VALUE}(?:{_IS})?"
)
_CHANGES = compile_later(
    rf"{_LABEL}(?:[をは]、?|、)(?:{_OLD}(?:から、?|[→⇒]))?{_VALUE}[にへ]、?{_CHANGE}(?:{_DO}|です)"
)
_NOT = compile_later(rf"(?:{_LABEL}は、?)?{_OLD}(?:では?|じゃ)なく(?:て)?、?{_VALUE}{_IS}")
# 部課名を情報政策課としましたが、正しくは企画課です.
_INSTEAD = compile_later(
    rf"{_LABEL}(?:[はが]{_FAULT}(?:で|でした。?)|[をが]{_OLD}と(?:書き|記載し|記入し|入力し|し|なって(?:い|おり))ま(?:した|す)が)"
    rf"、?(?:正しくは、?)?{_VALUE}{_IS}"
)
_WRONG = compile_later(rf"誤り?[)）:：はが]{{1,2}}[ 　]?{_OLD}")
# 誤：総務課　正：企画課, on one line.
_BOTH = compile_later(
    rf"[【(（]?誤り?[)）】:：]{{1,2}}[ 　]?{_OLD}[ 　、→⇒]{{0,3}}[【(（]?正"
    rf"[)）】:：]{{1,2}}[ 　]?{_VALUE}(?:{_IS})?"
)
_RIGHT = compile_later(rf"(?:正しくは、?|正確には、?|正[)）:：は]{{1,2}}[ 　]?)?{_VALUE}(?:{_IS})?")
_ENGLISH = compile_later(
    r"(?:[Mm]y|[Tt]he) (?P<label>[a-z ]{2,20}) is (?:actually |now )?(?:the )?(?P<value>[A-Z][\w ,&'-]{1,60})"
)
_MARK = compile_later(
    r"^(?:恐れ入りますが、?|恐縮ですが、?|大変失礼ですが、?)?"
    r"(?:[【\[(（]?(?:訂正|修正)[】\])）]?[:：　 ]|【(?:訂正|修正)】|(?:[Cc]orrection|CORRECTION): |)[ 　]*"
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
            topic = None
        elif not found.value:
            topic = found.item or topic
        elif found.item is None or found.item.value in said:
            return Form()
        else:
            said[found.item.value], topic = found.value, None
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
    wrong = _WRONG.fullmatch(bare)
    if wrong is not None and (old := _find_old(wrong["old"], known)) is not None:
        return _Said(old, "")
    return next(_find_values(bare, known, topic), None)


def _find_values(bare: str, known: Form, topic: Item | None) -> Iterator[_Said]:
    """Yield the readings of a sentence that gives a value."""
    for kind in (_BOTH, _CHANGES, _INSTEAD, _NOT, _STATES, _ENGLISH, _RIGHT):
        found = kind.fullmatch(bare)
        told = found.groupdict() if found is not None else {}
        if found is None or (kind is _RIGHT and topic is None):
            continue
        if kind is _RIGHT and not _is_plain(found):
            continue
        label = told.get("label") or ""
        if "担当" in label or label == "番号":
            continue  # 担当者 may be a colleague, and a number is one of many
        item = find_item(label) if label else topic or _find_old(told.get("old") or "", known)
        if item is not None and (said := _take(item, told["value"])) is not None:
            yield said


def _is_plain(found: re.Match[str]) -> bool:
    """Return whether a value without a label is stated, or is no line of a signature: 見本町企画課."""
    return found["value"] != found.string or introduction.read_line(found.string) is None


def _find_old(old: str, known: Form) -> Item | None:
    """Return the only item that has this value."""
    items = [item for item in _KNOWN if squeeze(getattr(known, item.value)) == squeeze(old) != ""]
    return items[0] if len(items) == 1 else None


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
