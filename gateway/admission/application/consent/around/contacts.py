"""Whom to call about an application: 連絡担当者：佐藤（内線123）. Such a line names no applicant.

Label and value are closed: with any other word, such as that of a deputy, a line is no contact.
"""

from __future__ import annotations

import re
import unicodedata

from gateway.admission.application.consent.closed import is_closed
from gateway.admission.application.consent.people import is_person, is_place, is_role, is_somebody
from gateway.admission.application.labels import strip_bullets

_MAX = 80
_LINE = re.compile(
    r"[(【\[]?(?P<label>[^\s:=()【】\[\]]{2,16})(?:[】\])]|[ ]*[:=]|[ ])[ ]*"
    r"(?P<value>[^:=【】\[\]]{1,60}?)\)?"
)
# What such a label consists of; 申請担当者 and 新担当者 are none.
_LABEL = re.compile(
    r"(?=.*(?:連絡|問|照会|窓口|担当|取り?まとめ))"
    r"(?:連絡|事務|本件|お?問い?合わ?せ|照会|取扱い?|取り?まとめ|緊急|人事|経理|庶務|総務|システム|文書|担当|窓口"
    r"|副|先|者|係長?|に関する|の|氏名|名)+"
)
_REACHED = re.compile(
    r"\(?(?:内線|直通|代表|電話|tel|℡|☎|fax|e?-?mail|メール)?[ .:]{0,3}"
    r"(?:[0-9()+-]{2,20}|[\w.+-]{1,64}@[\w.-]{1,80})\)?",
    re.IGNORECASE,
)


def is_contact_label(label: str) -> bool:
    """Return whether a label is of somebody to call, and of nobody else."""
    return _LABEL.fullmatch(unicodedata.normalize("NFKC", label)) is not None


def is_contact_person(text: str) -> bool:
    """Return whether a line names only whom to call: a person, an office or a number behind such a label."""
    folded = unicodedata.normalize("NFKC", strip_bullets(text[: _MAX + 1])).strip(" \t。")
    found = _LINE.fullmatch(folded) if len(text) <= _MAX else None
    if found is None or not is_contact_label(found["label"]) or not is_closed(found["value"]):
        return False
    words = re.sub(r"(?<=[^\s(])\(", " (", found["value"]).split()
    named = [word for word in words if not _REACHED.fullmatch(word)]
    named = [word for word in named if not is_place(word) and not is_role(word)]
    name = " ".join(named).removesuffix("様").strip()
    return not name or is_somebody(name) or is_person(name)
