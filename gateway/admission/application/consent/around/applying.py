"""Sentences above a form about who applies and when: 氏名は前任者のものです, 後任をご招待ください.

Whatever is said of the name, the applicant or their taking part has to refer to the form below, to its
writer, or to be understood otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from gateway.admission.application.consent.around.contacts import (
    find_sender,
    is_contact_person,
    is_in_head,
)
from gateway.admission.application.consent.below.asking.requests import asks_for_somebody
from gateway.admission.application.consent.below.background import is_past
from gateway.admission.application.consent.below.lexicon import OF_ANOTHER
from gateway.admission.application.consent.people import (
    Writer,
    is_own_name,
    is_person,
    is_somebody,
)
from gateway.admission.application.evidence.notes import find_entry
from gateway.admission.application.items.labels import Item, find_item, strip_bullets
from gateway.admission.application.items.values import is_elsewhere
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.people import are_two_people
from gateway.admission.application.unlabelled.told import strip_sentence
from gateway.patterns import compile_later

_MAX = 200
_JOINS = r"(?:参加|入会|登録|利用|申請|応募|申し?込み?|招待)"
_TOPIC = compile_later(
    r"(?:^|(?<=[、。」は]))(?P<topic>[^、。はがをもに]{1,14})(?P<mark>は|が)(?=、?(?P<said>[^。]*))"
)
# 参加は…, 参加の時期は…, 実際の参加者は…
_OF_JOINING = compile_later(
    rf"(?:^|の)(?:{_JOINS}|希望|本人|開始|時期|予定|意思|意向)$|[者人]$|{_JOINS}(?:先|開始|時期|予定)$"
)
_VERB = compile_later(
    rf"(?:ぜひ|是非)?、?(?:{_JOINS}(?:を?(?:し|いた|致|希望|さ)|(?:予定)?です)|使(?:い|う|用し)|入り)"
)
_UNREAD = compile_later(r"(?:読ん|見|確認し|目を?通し|理解し)[でて]?(?:い|おり)?(?:ま(?:せん|だ)|ない)")
_SUBJECT = compile_later("[はがをにへ]")  # a sentence without one is about the form: 前任の名前のままです
# The form itself, or the writer.
_REFERS = compile_later(
    r"下[記の表]|以下|次の|上[記の]|記載|別[紙記]|[のと](?:とおり|通り)|(?:私|当方|わたくし"
    r"|自分)(?!では|じゃ)|[?？]|か$"
)
_MIND_EN = compile_later(
    r"\b(?:invite|add|register|enrol|sign up) (?!me\b|us\b|myself\b)(?:my|our|the|his|her|a|an|mr|ms)\b"
    r"|(?<!\bthe )(?<!\ban )\binvite (?!(?:me|us|myself|to|by|at|via|for|here|as)\b)[a-z]"
    r"|\b(?:for|on behalf of) (?:my|our|a|the) (?:successor|predecessor|colleague|boss|staff|team|chief)\b"
)


def speaks_of_another(text: str, writer: Writer) -> bool:
    """Return whether a sentence may say that somebody else applies, or not now."""
    if parse_line(text) is not None:
        return False
    folded = unicodedata.normalize("NFKC", text[:_MAX]).casefold().strip(" \t　。.!")
    bare = "".join(strip_bullets(folded).split())
    if _MIND_EN.search(folded) is not None or _UNREAD.search(bare) is not None:
        return True
    if _REFERS.search(bare) is not None:
        return False
    if OF_ANOTHER.search(bare) is not None and _SUBJECT.search(bare) is None:
        return not is_past(bare)
    return asks_for_somebody(bare) or any(_is_topic(found, writer) for found in _TOPIC.finditer(bare))


def _is_topic(found: re.Match[str], writer: Writer) -> bool:
    topic, said = found["topic"], found["said"]
    item = find_item(topic)
    if topic.endswith(_CLAUSE):
        return False
    if found["mark"] == "は" and (item is Item.NAME or (item is None and _OF_JOINING.search(topic))):
        return not _names_items(said)
    if is_own_name(topic, writer):
        return True
    return found["mark"] == "が" and _VERB.match(said) is not None and not _ends_in_writer(topic, writer)


_CLAUSE = ("です", "ます", "した", "せん")  # 小さな村ですが


def _names_items(said: str) -> bool:
    """Return whether a statement is about other items of the form: 登録は異動後の所属でお願いします."""
    return any(
        find_item(word) not in {None, Item.NAME, Item.CONSENT} for word in re.split("[のとでは、・]", said)
    )


def _ends_in_writer(topic: str, writer: Writer) -> bool:
    name = "".join(writer.words)
    return bool(name) and any(topic.endswith(part) for part in (name, *writer.words))


_LABELLED = compile_later(r"(?P<label>[^\s:：=＝]{1,12})(?:[:：=＝]|[ \t　])(?P<value>[^:：]{1,24})")
_AROUND = " \t　。・*※"
_MAX_LINE, _MAX_LINES = 80, 60


def _split(line: str) -> re.Match[str] | None:
    """Return label and value of a short line; None for any other."""
    return _LABELLED.fullmatch(line.strip(_AROUND)) if len(line) <= _MAX_LINE else None


# Whoever may be called or asked: no applicant. 申請担当者, 新担当者 and 代理連絡先 may be one.
_CONTACT = compile_later("連絡|担当|責任|紹介|照会|問い?合|窓口|事務|[長係課]$")
_NO_CONTACT = compile_later(
    "申請|申込|応募|参加|利用|同意|本人|代|新|後|次(?!長)|前|元|旧|から|より|以降|予定"
)
# In brackets at the end: (佐藤 代), （佐藤記）.
_WRITTEN_BY = compile_later(
    r"[(（][\s　]*(?:[0-9０-９]{1,4}[年月日./-]?){0,3}[\s　]*"
    r"(?P<name>[^()（）]{1,10}?)[\s　]*(?:代|記|筆|代筆|代理|代行|記入|入力"
    r"|の(?:アカウント|アドレス|メール|パソコン|端末)(?:から|より))[\s　]*[)）]"
    r"|(?:[(（][\s　]*)?(?:[(（]?代[)）]?|(?:代[理筆行]|記|筆|送信|入力)(?=[\s　:：])|by|for|per|p\.p\.)"
    r"[\s　:：]*(?P<by>[^()（）a-z]{1,10})[)）]?"
)
_WRITTEN_BY_EN = compile_later(
    r"(?:(?P<deputy>(?i:for|on behalf of|p\.? ?p\.?|c/o))"
    r"|(?i:(?:written |sent |entered )?by|per|assistant|proxy))[ :]{1,3}"
    r"(?!.*\b(?:City|Town|Village|Ward|Prefecture|Ministry|Agency|Office|Division|Section|Department)\b)"
    r"(?P<by>[A-Z][A-Za-z'-]{1,20}(?: [A-Z][A-Za-z'-]{0,20}){1,2})\.?"
)
# Behind the own name: 企画課 見本 花子（代）.
_DEPUTY = compile_later(r"(?P<own>[^()（）]{2,40}?)[\s　]*[(（\s　][\s　]*代[理筆行]?[\s　]*[)）]?")
_TAKES_PART = compile_later(r"[(（][^()（）]{0,8}(?:参加|申請|応募|利用|本人|代[理筆行])[^()（）]{0,8}[)）]$")


def names_another_applicant(texts: Sequence[str], at: int, writer: Writer) -> bool:
    """Return whether a label of somebody who takes part or writes has another person's name beside it.

    Two names below the same label are two forms.
    """
    if not writer.name or is_contact_person(texts[at]):
        return False
    if _is_written_by_another(texts[at].strip(), writer):
        return True
    if sender := find_sender(texts[at]):
        return _is_other(sender, writer) and not is_in_head(texts, at)
    found = _split(texts[at])
    if found is None or _is_contact(found["label"], found["value"]):
        return False
    value = _AFTER_NAME.sub("", found["value"].strip())
    if find_item(found["label"]) is Item.NAME:
        value = strip_sentence(Item.NAME, value)
        return _is_second_name(value, writer) and found["label"] not in _labels_of(
            texts[max(0, at - _MAX_LINES) : at + _MAX_LINES], writer
        )
    is_full = len(value.split()) > 1 and found[0].count("：") + found[0].count(":") == 1
    is_of_person = _OF_PERSON.search(found["label"]) is not None or is_full
    return is_of_person and _HEAD.match(found[0]) is None and _is_other(value, writer)


_SIGNING, _BEYOND_LATIN = frozenset("(（代記筆送入bfp"), "\u3000"


def _is_written_by_another(line: str, writer: Writer) -> bool:
    """Return whether a line says who wrote, and that it is somebody else or a deputy of the writer."""
    if len(line) > _MAX_LINE:
        return False
    signed = _WRITTEN_BY.fullmatch(line) if line[:1] in _SIGNING else None
    if signed is not None and _is_other(signed["name"] or signed["by"], writer):
        return True
    english = _WRITTEN_BY_EN.fullmatch(line) if line < _BEYOND_LATIN else None
    if english is not None and (english["deputy"] or not is_own_name(english["by"], writer)):
        return True
    deputy = _DEPUTY.fullmatch(line) if "代" in line else None
    words = deputy["own"].split() if deputy is not None else []
    return any(is_own_name(" ".join(words[at:]), writer) for at in range(len(words)))


def _is_contact(label: str, value: str) -> bool:
    """Return whether a label is of somebody to call, and the value says no more."""
    is_label = _CONTACT.search(label) is not None and _NO_CONTACT.search(label) is None
    return is_label and _TAKES_PART.search(value) is None


def _labels_of(texts: Sequence[str], writer: Writer) -> frozenset[str]:
    """Return the labels of the writer's own name."""
    found = filter(None, map(_split, texts))
    return frozenset(one["label"] for one in found if _holds(one["value"], writer))


def _holds(value: str, writer: Writer) -> bool:
    return "".join(writer.words) in "".join(unicodedata.normalize("NFKC", value).casefold().split())


def _is_second_name(value: str, writer: Writer) -> bool:
    if is_elsewhere(value):
        return False  # 氏名：署名のとおり
    return not _holds(value, writer) and are_two_people(value, writer.name) and not is_own_name(value, writer)


_AFTER_NAME = compile_later(r"(?:さん|様|氏|さま)?(?:[(（][^()（）]{0,16}[)）])?$")
_HEAD = compile_later("差出人|送信者|発信者|宛先|from|sender|to|cc", re.IGNORECASE)  # of an old mail
_OF_PERSON = compile_later(
    "[者人員方任]$|代[筆理行]|(?:作成|記入|入力|転記|取次|連名|[0-9０-９]名)$"
    "|申請|招待|委任|補助|秘書|対象|ユーザー"
)


def _is_other(value: str, writer: Writer) -> bool:
    return (is_somebody(value) or is_person(value)) and not is_own_name(value, writer)


_NO_PERSON = compile_later(
    r"^(?:匿名|無名|[なナ]{2}[しシ]|名無し?|誰か|どなたか)"
    r"|代[筆理行]|未定|[一-鿿]{2,}か[ 　]?[一-鿿]{2,}|^[(〇○●◯]|^[xX]{2}"
)


def names_nobody(texts: Sequence[str], at: int) -> bool:
    """Return whether the value of a name names nobody, or one of several: 〇〇 〇〇, 未定（見本か鈴木）."""
    held = find_entry(texts, at)
    if held is None or held[0] is not Item.NAME:
        return False
    return _NO_PERSON.search(unicodedata.normalize("NFKC", held[1][:_MAX]).strip()) is not None


def applies_for_staff(texts: Sequence[str], at: int) -> bool:
    """Return whether an official letter of a section, by its clerk, is about the staff named below."""
    return _FOR_STAFF.search("".join(texts[at : at + 2])) is not None


_FOR_STAFF = compile_later(
    r"(?:下記|次)の?職員の(?:参加|申請)を(?:申請|申し込|送)|(?:下記|次)の?職員を参加させたいので申請"
)


# Who forwards a form: 総務課の鈴木です.
_I_AM = compile_later(
    r"(?:の|^)(?P<name>[一-鿿々]{1,4})(?<![者員課係室町市村県])(?:です|と申します|でございます)"
)
_SENDER = compile_later(r"[\s　]*(?:差出人|送信者|from)[\s　]*[:：]", re.IGNORECASE)


def is_forwarded(texts: Sequence[str], at: int, writer: Writer) -> bool:
    """Return whether somebody else, who says so, forwards what is below line `at`, a form of its sender.

    Whose consent that is depends on who sends the mail (`intake.applicants.forwarded`).
    """
    heads = (
        place for place, text in enumerate(texts) if _SENDER.match(text) is not None and _holds(text, writer)
    )
    sender = max(heads, default=-1)
    if at >= sender:
        return False
    found = (found for text in texts[:sender] for found in _I_AM.finditer("".join(text.split())))
    return any(not is_own_name(one["name"], writer) for one in found)
