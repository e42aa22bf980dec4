"""Corrections in words, beside the form with the mistake: of the code, or of a quoted value.

Only whole sentences of one form count; a correction says nothing else, so it limits no consent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from gateway.admission.application.labels import Item, find_item

_WRONG = r"(?:誤り|間違い|誤記|打ち間違い|書き間違い|入力間違い)"
_CODE = (
    r"(?:団体)?コードの?(?:末尾|最後|[0-9]桁目|最後の数字)?(?:が|は|に)[、]?"
    rf"{_WRONG}(?:で|でした。?|があり|がありました。?)[、]?(?:正しくは)?(?P<code>[0-9]{{6}})(?:(?:が"
    rf"|の方が|のほうが)正しい)?(?:です|となります)"
)
_VALUE = (
    r"(?:(?:下書き|上|上記|下記|申請|先ほど|フォーム)の)?(?P<label>[^、。はが「」]{1,8})(?:が|に)"
    rf"(?:古くなって(?:い|おり)ます|(?:誤って|間違って|違って)(?:い|おり)ま(?:す|した)|{_WRONG}(?:です"
    rf"|でした|があります|がありました))。"
    r"正しくは[「『](?P<value>[^「」『』。、]{1,40})[」』]です"
)
_OTHERS = (
    r"(?:上の|上記の|先ほどの|先程の)?(?:団体)?コードは、?[^。、はが]{1,16}のもの(?:でした|です)。"
    r"正しくは(?P<code>[0-9]{6})(?:です|となります)"
)
_CORRECTIONS = re.compile(_CODE), re.compile(_VALUE), re.compile(_OTHERS)
# Beginnings of a correction.
_ABOUT = re.compile(
    r"[【(\[]?(?:訂正|修正)(?:です|事項)?[】)\]]?|(?:書いて|送信して|送って)から(?:間違い"
    r"|誤り)?に?気(?:づ|付)きました"
    r"|(?:大変)?失礼(?:いた|致)?しました"
)
_RIGHT = re.compile(r"正しくは[0-9]{6}(?:です|となります)")
# On two lines below each other: 誤 斎藤 実咲, 正 齋藤 実咲.
_PAIR = re.compile(
    r"^[ \t　・※(（【\[]*誤(?:り)?[)）】\]]?[ \t　]*[:：]?[ \t　]*(?P<wrong>[^\s　].{0,60}?)"
    r"[ \t　]*(?:\n|→|⇒|[ 　]{2,}|[、,])"
    r"[ \t　・※(（【\[]*正(?:しくは)?[)）】\]]?[ \t　]*[:：]?[ \t　]*(?P<right>[^\s　].{0,60}?)[ \t　]*$",
    re.MULTILINE,
)
_FOLLOWS = re.compile(
    r"(?:[^。、]{0,20}(?:申し出|申出|連絡|指摘)が(?:あり|ござい)(?:まし(?:て|たので|たため)?)?、?)?"
    r"(?P<label>[^、。はがを]{1,12}?)(?:の(?:字|文字|漢字|表記|記載))?(?:を|に(?:誤り|間違い)が(?:あり|ござい)(?:まし|ます)(?:て|た|たので|ので)?、?)"
    r"(?:(?:次|下記|以下)の(?:とおり|通り))?(?:(?:訂正|修正|変更)(?:(?:いた|致)?し|させていただき)|改め)ます"
)
_LONGEST = 4_000


def read_corrections(text: str) -> dict[Item, str]:
    """Return the corrected items with their values; an item that is corrected twice is left out."""
    if "正し" not in text:
        return {}
    said = "".join(unicodedata.normalize("NFKC", text[:_LONGEST]).split())
    found = [one for pattern in _CORRECTIONS for one in pattern.finditer(said)]
    items = [_read(one) for one in found]
    known = [one for one in items if one is not None]
    return {item: value for item, value in known if sum(other == item for other, _ in known) == 1}


def _read(found: re.Match[str]) -> tuple[Item, str] | None:
    told = found.groupdict()
    if told.get("code"):
        return Item.CODE, told["code"]
    item = find_item(told["label"])
    return (item, told["value"]) if item in _TOLD else None


_TOLD = frozenset({Item.ORGANISATION, Item.DEPARTMENT, Item.TITLE, Item.NAME})


def is_correction(sentence: str) -> bool:
    """Return whether a folded sentence without blanks corrects the code, or announces a correction."""
    if any(re.fullmatch(kind, sentence) is not None for kind in (_ABOUT, _CODE, _RIGHT)):
        return True
    found = _FOLLOWS.fullmatch(sentence)
    return found is not None and find_item(found["label"]) in _TOLD


def read_errata(text: str, said: Mapping[str, str]) -> dict[Item, str]:
    """Return the items of `said` that a pair of 誤 and 正 corrects: those with exactly the wrong text."""
    if "誤" not in text or "正" not in text:
        return {}
    found: dict[Item, str] = {}
    for pair in _PAIR.finditer(text[:_LONGEST]):
        wrong, right = ("".join(pair[side].split()) for side in ("wrong", "right"))
        items = [item for item in _TOLD if "".join(said.get(item, "").split()) == wrong]
        if len(items) == 1 and right:
            found[items[0]] = pair["right"]
    return found
