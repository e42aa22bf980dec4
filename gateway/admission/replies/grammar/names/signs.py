"""Names of unlisted offices and towns: kanji only, and no word used in replies."""

from __future__ import annotations

import unicodedata

from gateway.admission.replies.grammar import vocabulary as words
from gateway.admission.replies.grammar.beside import terms
from gateway.patterns import compile_later

# Kanji used in words of doubt, time, refusal and change.
UNSAFE = frozenset(
    "未仮待再否不却消止無要後先前延休廃棄破違反戻断誤嘘偽別非留差試練習冗談明来翌昨今次早遅近忘疑懸念異難撤送"
    "迷悩困嫌逆変替換更訂取打切辞退拒絶禁失敗駄案旧空例他隣姓同除外件"
)
_MEANT = (
    words.STEMS,
    terms.DOUBT,
    terms.UNFINISHED,
    terms.ABOUT,
    terms.AGAINST,
    terms.ASIDE,
    terms.ELSEWHERE,
)
_TIME = compile_later(r"[一二三四五六七八九十数毎何々][年月日週時分度回番人名目](?![市町村原])")


def is_plain_name(text: str) -> bool:
    """Return whether folded text without spaces consists of kanji that say nothing about an application."""
    meant = _TIME.search(text) or any(pattern.search(text) for pattern in _MEANT)
    return not meant and all(sign == "々" or _is_plain(sign) for sign in text)


def _is_plain(sign: str) -> bool:
    return sign not in UNSAFE and unicodedata.name(sign, "").startswith("CJK UNIFIED")
