"""Whom to call about an application: 連絡担当者：佐藤（内線123）. Such a line names no applicant.

Label and value are closed: with any other word, such as that of a deputy, a line is no contact.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from gateway.admission.application.consent.below.lexicon import INVENTED
from gateway.admission.application.consent.below.unread import is_plain_en
from gateway.admission.application.consent.closed import is_closed
from gateway.admission.application.consent.people import (
    Writer,
    is_latin_name,
    is_own_name,
    is_person,
    is_place,
    is_role,
    is_somebody,
)
from gateway.admission.application.items.labels import find_item, strip_bullets, strip_remark
from gateway.admission.application.layout.beyond.signature import is_in_signature
from gateway.admission.application.layout.line import parse_line
from gateway.patterns import compile_later

_MAX = 80
_LINE = compile_later(
    r"[(【\[]?(?P<label>[^\s:=()【】\[\]]{2,16})(?:[】\])]|[ ]*[:=]|[ ])[ ]*"
    r"(?P<value>[^:=【】\[\]]{1,60}?)\)?"
)
# What such a label consists of; 申請担当者 and 新担当者 are none.
_OF_CONTACT = compile_later("連絡|問|照会|窓口|担当|取り?まとめ")
_LABEL = compile_later(
    rf"(?=.*(?:{_OF_CONTACT.pattern}))"
    r"(?:ご?連絡|事務|本件|お?問い?合わ?せ|照会|取扱い?|取り?まとめ|緊急時?|責任|人事|経理|庶務|総務|システム|文書|担当|窓口"
    r"|副|先|者|係長?|に関する|の|氏名|名)+"
)
_REACHED = compile_later(
    r"\(?(?:内線|直通|代表|電話|tel|℡|☎|fax|e?-?mail|メール)?[ .:]{0,3}"
    r"(?:[0-9()+-]{2,20}|[\w.+-]{1,64}@[\w.-]{1,80})\)?",
    re.IGNORECASE,
)


_SENDER = compile_later(
    r"[(※]? ?(?:メール)?(?:(?:送信|発信|差出)(?:者|人|職員|担当者?|代理)?(?:名|氏名)?|sender|from)"
    r"(?: ?[:=] ?| )(?P<value>[^()]{1,24}?)\)?|\((?P<signed>[^() :]{2,16} [^()]{2,16})\)",
    re.IGNORECASE,
)
_FIELD = compile_later(
    r"[\s　]*(?:件名|題名|宛先|送信日時|受信日時|日時|日付|subject|to|cc|date|sent)[\s　]*[:：]",
    re.IGNORECASE,
)
_REACH = 4


def find_sender(text: str) -> str:
    """Return whom a line names as sender of the mail, without an office; empty if it is another line."""
    if len(text) > _MAX:
        return ""
    found = _SENDER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return ""
    words = (found["value"] or found["signed"]).split()
    names = [word for word in words if not is_place(word) and not is_role(word)]
    is_signed = found["value"] or len(names) < len(words)
    return " ".join(names) if is_signed and is_somebody(" ".join(names)) else ""


_ADDRESS = compile_later(r"[<(]?[\w.+-]{1,64}@[\w.-]{1,80}[>)]?")


def _is_strange_sender(text: str, writer: Writer) -> bool:
    """Return whether a line gives a sender of the mail who is no person, office or address: From: dummy."""
    if len(text) > _MAX or (found := _SENT_BY.fullmatch(unicodedata.normalize("NFKC", text))) is None:
        return False
    words = _ADDRESS.sub(" ", found["value"]).split()
    if any(_is_other_office(word, writer) for word in words):
        return True
    words = [word for word in words if not is_place(word, writer)]
    named = " ".join(word for word in words if not is_role(word)).strip("\"' 様")
    if not named or is_own_name(named, writer) or named.endswith(_OFFICES):
        return False
    return not (is_somebody(named) or is_person(named) or is_latin_name(named))


def _is_other_office(word: str, writer: Writer) -> bool:
    """Return whether a word is a section, but neither that of the form nor a part of it: 台本係."""
    bare = "".join(word.casefold().split())
    is_unit = bare[-1:] in _UNITS and is_place(bare, writer) and bool(writer.stated)
    return is_unit and not any(bare in stated or bare.endswith(stated) for stated in writer.stated)


_UNITS = frozenset("部局課室係班")


def is_strange_field(texts: Sequence[str], at: int, writer: Writer) -> bool:
    """Return whether a line is of a field of no known kind, or gives a sender who is nobody."""
    text = texts[at]
    if _MARK.search(text) is None:
        label, value = _split_field(texts, at)
        if not label:
            return False
        text = f"{label}:{value}"
    if _is_strange_sender(text, writer):
        # In the head of an old mail, it is compared with the form.
        return not is_in_head(texts, at) or _is_unreal(text)
    is_strange = _has_strange_label(strip_remark(text), writer)
    return is_strange and parse_line(text) is None and not is_in_signature(texts, at)


def _is_unreal(text: str) -> bool:
    """Return whether a sender is called something that nobody is: training dummy, 練習用."""
    called = _ADDRESS.sub("", text).strip()
    return not is_plain_en(called.casefold()) or INVENTED.search(called) is not None


_MARK = compile_later("[:：=＝]")
# 【配布先】全職員, or between tabs; a sentence behind such a label is a notice.
_IN_LAYOUT = compile_later(
    r"[\s　]*【([^【】]{1,14})】[\s　]*([^\s　【】。][^【】。]{0,23})|([^\t]{1,14})\t([^\t。]{1,24})"
)


_HEADED = compile_later(r"[\s　]*[■□◆◇●○▼▽▪][\s　]*([^\s　:：。、]{1,14})")  # the value is on the next line


def _split_field(texts: Sequence[str], at: int) -> tuple[str, str]:
    """Return label and value of a field without a colon, beside items of the form; empty if it is none."""
    field = _IN_LAYOUT.fullmatch(texts[at])
    if field is not None and _is_among_fields(texts, at):
        return field[1] or field[3], field[2] or field[4]
    headed = _HEADED.fullmatch(texts[at])
    if headed is None or at + 1 == len(texts):
        return "", ""
    heads = (parse_line(text) for text in (*texts[max(0, at - 2) : at - 1], *texts[at + 2 : at + 3]))
    is_headed = any(held is not None and not held[1].strip() for held in heads)
    return (headed[1], texts[at + 1].strip()) if is_headed else ("", "")


def _is_among_fields(texts: Sequence[str], at: int) -> bool:
    """Return whether the line above or below is an item of the form."""
    return any(
        parse_line(text) is not None for text in (*texts[max(0, at - 1) : at], *texts[at + 1 : at + 2])
    )


def _has_strange_label(text: str, writer: Writer) -> bool:
    """Return whether a line has a label of no known kind, and a value: 用途：操作研修, 状態：下書き."""
    found = _FIELD_OF.fullmatch(unicodedata.normalize("NFKC", strip_bullets(text[:_MAX])))
    if found is None or find_item(found["label"]) is not None or _KNOWN_FIELD.search(found["label"]):
        return False
    value = found["value"]
    if _ORDINAL.fullmatch(value) or (is_role(value) and _OF_POST.search(found["label"]) is None):
        return True  # 問題：3, 確度：C, 配布先：全職員
    if _is_other_office(value, writer):
        return True
    kinds = (is_place, is_role, is_somebody, _REACHED.fullmatch, _NONE.fullmatch)
    return not any(kind(value) for kind in kinds)


_ORDINAL = compile_later("[0-9.]{1,5}|[A-Za-z]")  # shorter than a telephone number
_OF_POST = compile_later("[者人員長役職級階位格]|担当|補任")


_FIELD_OF = compile_later(r"[\s(【※]*(?P<label>[^\s:、。.()\[\]0-9]{1,14})[\s】]*:\s*(?P<value>[^\s/].*?)\)?")
_NONE = compile_later("(?:特に)?(?:なし|無し?|none)(?:です)?。?")
# Of the head of a mail, contact details, readings, addresses, days, purposes; contacts and remarks.
_KNOWN_FIELD = compile_later(
    r"^(?:from|to|cc|bcc|sent|date|subject|re|fwd?|reply-to|e-?mail|tel|fax|url|web|hp|phone|mobile|ext|ip|voip)$"
    r"|件名|題名|表題|宛先|差出|送信|発信|受信|日時|日付|[年月]日|[請込信成入]日|電話|直通|内線|代表|携帯|メール|ファッ|ホームページ|〒|℡|☎"
    r"|カナ|かな|ガナ|がな|読み|よみ|所在地|住所|(?:電話|郵便|受付|整理|職員|文書|^)番号|連絡|担当|問|照会|窓口|責任者|備考|理由|動機|目的|きっかけ|ご?質問|時間|休館?日|デー$|[部局課室係班]$",
    re.IGNORECASE,
)
_OFFICES = ("窓口", "受付", "事務局")
_SENT_BY = compile_later(
    r"[\s(※【]*(?:(?:送信|発信|差出)(?:者|人|元)(?:名|氏名)?|sender|from)[\s】]*[:=](?P<value>[^:]{1,80}?)\)?",
    re.IGNORECASE,
)
_SHARED = compile_later(
    r"\(?※?(?:(?P<office>[^\s、。はがを]{1,16}?)の?)?(?:共用|共有|代表|組織)の?(?:メール(?:アドレス)?|アドレス|アカウント)"
    r"(?:から|より|で)の?(?:送信|連絡|申請|お送り)(?:(?:(?:いた|致)?し)?て(?:い|おり)ます|(?:(?:いた|致)?し)ます|です)?\)?"
)


def is_from_shared_mailbox(compact: str) -> bool:
    """Return whether a folded sentence without blanks only says that an office shares the address."""
    found = _SHARED.fullmatch(compact)
    return found is not None and (not found["office"] or is_place(found["office"]))


def is_in_head(texts: Sequence[str], at: int) -> bool:
    """Return whether a field of a mail's header is next to a line: it belongs to an old mail."""
    beside = texts[max(0, at - _REACH) : at + _REACH]
    return any(_FIELD.match(text) is not None for text in beside)


def is_contact_label(label: str) -> bool:
    """Return whether a label is of somebody to call, and of nobody else."""
    return _LABEL.fullmatch(unicodedata.normalize("NFKC", label)) is not None


def is_contact_person(text: str) -> bool:
    """Return whether a line names only whom to call: a person, an office or a number behind such a label."""
    if len(text) > _MAX:
        return False
    folded = unicodedata.normalize("NFKC", text)
    if _OF_CONTACT.search(folded) is None:
        return False
    found = _LINE.fullmatch(unicodedata.normalize("NFKC", strip_bullets(text)).strip(" \t。"))
    if found is None or not is_contact_label(found["label"]) or not is_closed(found["value"]):
        return False
    words = re.sub(r"(?<=[^\s(])\(", " (", found["value"]).split()
    named = [word for word in words if not _REACHED.fullmatch(word)]
    named = [word for word in named if not is_place(word) and not is_role(word)]
    name = " ".join(named).removesuffix("様").strip()
    return not name or is_somebody(name) or is_person(name)
