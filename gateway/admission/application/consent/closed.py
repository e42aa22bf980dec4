"""Words by which people agree, choose a part, make a condition or wait; no name contains one."""

from __future__ import annotations

import re

from gateway.patterns import compile_later

# Each alternative begins with one letter, so that the search is several times as fast.
_CLOSED = compile_later(
    r"同意|規約|ルール|規定|第[0-9一二三四五六七八九十]|条(?<=[0-9]条)|項(?<=[0-9]項)|章(?<=[0-9]章)|版(?<=[0-9]版)|除|以外|以下|以上|一部|部分|全部|全て|条件|限定|範囲"
    r"|保留|検討|留保|後日|後程|未定|未了|仮|但|反対|拒否|不可|不同|異議|撤回|取消|取り|中止|辞退|否認|却下|無効|なし|無し"
    r"|しない|できない|ません|まで|のみ|だけ|場合|なら|れば|ので|から|けど|しか|ない|まだ|いや"
)
_CLOSED_ENGLISH = compile_later(
    r"\b(?:agree\w*|consent\w*|accept\w*|terms?|rules?|conditions?|sections?|articles?|clauses?|parts?|parti\w+"
    r"|not|no|none|never|nor|neither|except\w*|exclu\w+|without|unless|until|only|if|but|however|though|provided"
    r"|later|pending|hold|held|again\w*|refus\w+|declin\w+|reject\w*|oppos\w+|withdraw\w*|withhold\w*|sure|unsure"
    r"|undecided|yet|subject|any|some|all|most)\b",
    re.IGNORECASE,
)
# The last word of an office: General Affairs Section.
_SECTION = compile_later(r"(?<=[A-Za-z] )Section$", re.IGNORECASE)
_LATIN = compile_later("[a-z]", re.IGNORECASE)


def is_closed(text: str) -> bool:
    """Return whether a text contains none of these words, except for the last word of an English office."""
    compact = "".join(text.split())
    if _CLOSED.search(compact) is not None:
        return False
    return _LATIN.search(text) is None or _CLOSED_ENGLISH.search(_SECTION.sub("", text)) is None
