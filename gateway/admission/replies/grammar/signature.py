"""Lines of a signature: names of the writer, offices, titles, telephone numbers, addresses and URLs."""

from __future__ import annotations

import re

from gateway.admission.replies.context import Slots
from gateway.admission.replies.grammar import vocabulary as words
from gateway.admission.replies.grammar.phrases import (
    KANA,
    KANJI,
    SOMEBODY,
    TITLE,
)
from gateway.admission.replies.sentences import Sentence

# Names of offices: kanji, katakana and a few words in hiragana, by the suffix of their kind.
_OFFICE_SIGNS = (
    rf"(?:[{KANJI}{KANA}a-z0-9・]|まち|ひと|しごと|こども|くらし|みどり|いきいき|すこやか|ふるさと"
    rf"|づくり|みらい|いのち|子育て|暮らし)"
)
OFFICE = (
    rf"(?:(?:[{KANJI}]{{2,6}}|[ぁ-ん]{{2,6}}|[{KANA}]{{2,8}})[都道府県市区町村省庁]|{_OFFICE_SIGNS}{{2,16}}"
    r"(?:[局部課室係班]|グループ|チーム|センター|担当|事務局|本部|支所|事務所|庁|委員会|協議会"
    r"|機構)(?:長|付)?)"
)

_SEPARATORS = re.compile(r"[\s/|,、:.()\[\]【】「」<>〈〉]+")
_CONTACT = re.compile(
    r"(?:(?:tel|fax|phone|mobile|電話(?:番号)?|ファクス|ファックス|直通|代表|内線|携帯|ext)"
    r"(?:/fax)?[.: ]{0,3})?\(?\+?\d{2,5}\)?(?:[- ]?\(?\d{1,4}\)?){1,3}[- ]?\d{3,4}"
    r"|(?:内線|ext)[.: ]{0,3}\d{2,6}|(?:(?:e-?mail|mail|メール"
    r"(?:アドレス)?)[.: ]{0,3})?<?[a-z0-9._+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}>?"
    r"|(?:(?:url|hp|web|ホームページ)[.: ]{0,3})?https?://[a-z0-9./_~%?=&#-]{1,64}"
)
_LABELS = frozenset(
    {
        "tel",
        "fax",
        "mail",
        "email",
        "e-mail",
        "url",
        "hp",
        "web",
        "電話",
        "内線",
        "直通",
        "代表",
        "メール",
        "担当",
        "担当者",
        "氏名",
        "所属",
        "住所",
    }
)
_ROLE = re.compile(
    rf"(?:{TITLE}|課長代理|係員|職員|主事補|会計年度任用職員|副主幹|統括官|書記官|技師|主任技師|担当)"
)
_POST = re.compile(r"〒?\d{3}-\d{4}")
_PLACE = re.compile(
    rf"(?:住所:? ?)?(?:〒? ?\d{{3}}-\d{{4}} ?)?"
    rf"(?:[{KANJI}]{{2,3}}[都道府県] ?)?[{KANJI}{KANA}ツノの]{{2,24}} ?(?:\d{{1,4}}(?:丁目|番地?|号|条"
    rf"|-)?の?){{1,5}}"
    rf"(?: ?[{KANJI}{KANA}]{{2,16}}(?:庁舎|ビル|館|棟))?(?: ?\d{{1,2}}(?:階|f))?"
)


def is_signature_line(line: str, slots: Slots) -> bool:
    """Whether a folded line is made of names, offices, titles, telephone numbers and addresses alone."""
    if len(line) > _MAX_LINE or "?" in line:
        return False
    if _PLACE.fullmatch(line) or _POST.fullmatch(line):
        return words.STEMS.search(line) is None
    rest, contacts = _CONTACT.subn(" ", _READING.sub(" ", line))
    own = _own_names(slots)
    tokens = [token for token in _SEPARATORS.split(own.sub(" ", rest)) if token.strip("-~*・")]
    named = own.search(rest) is not None
    offices = [_OFFICE.fullmatch(token) is not None and _is_office(token) for token in tokens]
    known = (
        found or token in _LABELS or _ROLE.fullmatch(token)
        for token, found in zip(tokens, offices, strict=True)
    )
    return bool(contacts or named or any(offices)) and all(known)


_MAX_LINE = 120
# How a name is read, in brackets behind it.
_READING = re.compile(
    r" ?\((?:[ぁ-ん]{2,6} [ぁ-ん]{2,6}|[ァ-ヺー]{2,8} [ァ-ヺー]{2,8}|[a-z]{2,12} [a-z]{2,12})\)"
)
_OFFICE = re.compile(OFFICE)
# A part of something (一部, 全部) or its outside is no office.
_NO_OFFICE = frozenset({"一部", "全部", "大部", "外部", "内部", "上部", "下部", "後者", "別室"})


def _is_office(token: str) -> bool:
    """Whether a token names an office; one for approvals does (許可・承認担当), a refusal does not."""
    stems = words.find_stems(token)
    return token not in _NO_OFFICE and (not stems or _APPROVERS.fullmatch(token) is not None)


_APPROVERS = re.compile(r"(?:許可|承認|認可|審査|・){1,5}(?:担当|係|課|室|班|グループ|事務局)")


def _own_names(slots: Slots) -> re.Pattern[str]:
    """The writer's names as whole words."""
    return re.compile(rf"(?<![^\W\d_]){slots.own}(?![^\W\d_])")


_STRANGER = re.compile(
    rf"(?:{OFFICE}の? ?){{1,3}}(?:の)? ?{SOMEBODY}(?:です|でございます|と申します)|{SOMEBODY}(?:と申します)"
)


_LATIN_NAME = re.compile(r"[A-Z][a-z]{1,15} [A-Z][a-z]{1,15}")


def has_strangers_name(sentence: Sentence, *, beside: bool) -> bool:
    """Whether a writer whom we do not know says or signs a name; a bare one counts `beside` a signature."""
    if _STRANGER.fullmatch(sentence.spaced):
        return True
    tokens = [token for token in _SEPARATORS.split(sentence.spaced) if token]
    left = [token for token in tokens if not (_OFFICE.fullmatch(token) or _ROLE.fullmatch(token))]
    if beside and _LATIN_NAME.fullmatch(sentence.raw.strip()):
        return True
    return (beside or len(left) < len(tokens)) and re.fullmatch(SOMEBODY, " ".join(left)) is not None
