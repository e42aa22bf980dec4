"""What somebody corrects in words, beside the form that holds the mistake: the code, or a value in quotes.

Only whole sentences of one build count; a correction says nothing else, so it limits no consent.
"""

from __future__ import annotations

import re
import unicodedata

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
_CORRECTIONS = re.compile(_CODE), re.compile(_VALUE)
# As people begin one.
_ABOUT = re.compile(
    r"[【(\[]?(?:訂正|修正)(?:です|事項)?[】)\]]?|(?:書いて|送信して|送って)から(?:間違い"
    r"|誤り)?に?気(?:づ|付)きました"
    r"|(?:大変)?失礼(?:いた|致)?しました"
)
_LONGEST = 4_000


def read_corrections(text: str) -> dict[Item, str]:
    """The items that are corrected, with their values; one that is corrected twice is not known."""
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
    """Whether a folded sentence without blanks corrects the code, or says that something is corrected."""
    return _ABOUT.fullmatch(sentence) is not None or re.fullmatch(_CODE, sentence) is not None
