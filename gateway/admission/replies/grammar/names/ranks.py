"""Ranks and professions of officials, and labels in signature lines."""

from __future__ import annotations

import re

from gateway.admission.replies.grammar.phrases import TITLE
from gateway.patterns import compile_later

_WORDS = """
    mr mrs ms 代 直 外線 電話 ip電話 内線 直通 代表 ダイヤルイン 携帯 公用 庁内 有線 phs tel fax mail email
    e-mail lgwan-mail url hp web メール 担当 担当者 氏名 所属 住所 発信者 送信者 発信 作成者 併任 兼務 兼
    ☎ ☏ ✉ 📞 📠 📧
"""
_LABELS = frozenset(_WORDS.split())
_RANK = (
    r"(?:課長|部長|局長|室長|係長|次長|班長|所長|館長|園長|校長|教頭|院長|署長|参事官?|参与|主幹|主査|主任|主事|理事"
    r"|審議官|専門官|専門監|企画官|企画監|調整官|調整監|政策官|政策監|管理官|統括[官監]?|書記官?|事務官|技官|技監|技師"
    r"|技術員|専門員|調整員|相談員|推進員|指導主事|司書|学芸員|保健師|看護師|薬剤師|栄養士|保育士|消防[士司]令?[長補]?"
    r"|チーフ|リーダー|マネージャー|担当|職員)"
)
ROLE = compile_later(
    rf"(?:{TITLE}|(?:副|主任|主席|首席|上席|専門|総括|統括|政策|法務|財務|会計年度任用|再任用|任期付|臨時)?{_RANK}"
    r"(?:補佐?|代理|心得|級)?|係員)"
)
# A rank on a separate line; 担当 and 職員 there may be words of a sentence.
_ALONE = compile_later(rf"(?!担当|職員|係員){ROLE.pattern}")
_ENGLISH = compile_later(
    r"(?:(?:deputy|assistant|senior|chief|vice|acting|general|executive) ){0,2}(?:director(?:-general)?"
    r"|manager|chief|head|officer|coordinator|planner|specialist|engineer|inspector|clerk"
    r"|secretary|staff member)"
)


def is_rank(token: str) -> bool:
    """Return whether folded text without spaces is a rank, or two ranks (課長補佐兼係長)."""
    return all(ROLE.fullmatch(part) for part in re.split("兼(?=.)", token))


def is_rank_alone(line: str) -> bool:
    """Return whether a line is a rank and nothing else."""
    return _ALONE.fullmatch(line) is not None or _ENGLISH.fullmatch(line) is not None


def is_label(token: str) -> bool:
    """Return whether a token is a label for what follows."""
    return token in _LABELS
