"""The words that sentences about a case consist of; every sentence that decides one contains one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from gateway.memoize import memoize

# The words of each decision: every sentence of the grammar contains one of them (checked by a test). None is
# shorter than two characters. Words that change no case (担当, 状況, 一覧) are not included.
TERMINALS: Mapping[str, tuple[str, ...]] = {
    "approve": ("承認", "許可", "approve", "approved"),
    "decline": (
        *("却下", "不承認", "不許可", "否認", "否決", "拒否", "お断り", "お断わり", "断ります"),
        *("decline", "declined", "reject", "rejected", "deny", "denied", "refuse", "refused"),
        *("disapprove", "disapproved"),
    ),
    "ask": ("照会", "差し戻", "差戻", "差しもど", "差もど", "ask"),
    "hold": ("保留", "留保", "ペンディング", "hold", "pending"),
    "undo": ("取消", "取り消", "とりけし", "撤回", "キャンセル", "undo"),
    "joined": ("参加", "入会", "joined"),
    "resend": ("再送", "再招待", "resend"),
    "affiliated": ("在籍確認済", "phoned"),
}
# A member stops the desk (the emergency stop), or restarts it.
EMERGENCY: Mapping[str, tuple[str, ...]] = {"stop": ("停止", "stop"), "resume": ("再開", "resume")}
CONFIRMATION = (
    *("はい", "いいえ", "在籍", "所属", "勤務", "在職", "雇用", "退職", "確認", "該当", "職員"),
    *("の者", "課員", "いません", "おりません", "存在し", "見当た"),
    *("confirm", "confirmed", "employed", "employee", "works", "working", "work", "belongs", "belong"),
    *("denied", "deny", "member", "colleague", "staff", "person", "us"),
)
# Consent is a sentence, or a yes after a label, so the words of the labels are included (checked by a test).
CONSENT = (
    *(
        "同意",
        "ドウイ",
        "キヤク",
        "きやく",
        "規約",
        "ルール",
        "利用条件",
        "承諾",
        "agree",
        "agreed",
        "accept",
        "accepted",
        "consent",
    ),
    *("agreement", "terms", "rules", "termsofuse", "consenttotherules", "consenttotheterms"),
    *("consenttotermsofuse", "consenttothetermsofuse", "agreementtotherules", "agreementtotheterms"),
    *(
        "agreementtothetermsofuse",
        "agreetotherules",
        "agreetotheterms",
        "iagreetotherules",
        "iagreetotheterms",
    ),
)
WITHDRAWAL = (
    *("取り下げ", "取下げ", "取下", "とりさげ", "辞退", "撤回", "キャンセル"),
    *("withdraw", "withdrawn", "withdrawal", "cancel"),
)
_STAFF_WORDS = tuple(word for words in (*TERMINALS.values(), *EMERGENCY.values()) for word in words)
CLOSED_WORDS = frozenset((*_STAFF_WORDS, *WITHDRAWAL, *CONSENT))
Reader = Literal["staff", "confirmer", "applicant"]


@memoize(maxsize=3, why="the vocabulary of each parser is computed once")
def reader_stems(reader: Reader) -> frozenset[str]:
    """Return the words that a reader of replies understands, folded, which printers break up in outside text.

    Japanese words count anywhere, Latin ones as whole words. A word that contains another one is omitted,
    because breaking up the shorter one breaks it too.
    """
    found = {
        "staff": frozenset(_STAFF_WORDS),
        "confirmer": frozenset(CONFIRMATION),
        "applicant": frozenset((*CONSENT, *WITHDRAWAL)),
    }[reader]
    return frozenset(word for word in found if word.isascii() or not _holds_another(word, found))


def _holds_another(word: str, words: frozenset[str]) -> bool:
    return any(other != word and other in word for other in words)


def build_stem_pattern(words: tuple[str, ...] | frozenset[str]) -> re.Pattern[str]:
    """Build a pattern that finds any of the words in folded text: Latin as whole words, longest first."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return re.compile("|".join(rf"\b{word}\b" if word.isascii() else word for word in ordered))


STEMS = build_stem_pattern(frozenset((*reader_stems("staff"), "断り", "断わり")) - {"参加", "入会"})


# Words of the grammar that change no case; a sentence with neither these nor a decision word decides nothing.
_ASIDE = (
    *("担当", "一覧", "リスト", "状況", "状態", "ヘルプ", "使い方"),
    *("take", "handle", "list", "status", "help"),
)
_ANY = build_stem_pattern(frozenset((*(w for ws in TERMINALS.values() for w in ws), *_ASIDE)))


def has_word(bare: str, spaced: str) -> bool:
    """Return whether a folded sentence contains any word of the grammar."""
    return _ANY.search(bare) is not None or _ANY.search(spaced) is not None


_DECIDES = {word: name for name, words in TERMINALS.items() for word in words if name != "joined"}
_DECIDING = build_stem_pattern(frozenset(_DECIDES))


def find_stems(text: str) -> tuple[str, ...]:
    """Return the decisions whose words occur in folded text; the longest word wins (不承認 is not 承認)."""
    return tuple(dict.fromkeys(_DECIDES[word] for word in _DECIDING.findall(text)))
