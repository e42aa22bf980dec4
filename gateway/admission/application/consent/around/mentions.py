"""Mentions of consent, the rules or a part of them, and words by which somebody takes back or limits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from gateway.admission.application.consent.answers.answer import fold, fold_whole, may_answer
from gateway.memoize import memoize
from gateway.patterns import compile_later

_NUMBER = r"[0-9一二三四五六七八九十百]"
# Traffic rules and rules for rubbish are common in municipal signatures.
# Each alternative begins with one letter, and looks back from it, so that the search is three times as fast.
_ABOUT_RULES = compile_later(
    "同意|規約|ル(?<!交通ル)(?<!出しル)ール|利用条件|承諾|反対|異議|異論"
    rf"|条(?:(?<={_NUMBER}条)|(?<=[本同各全当]条)|件|項|文)|第{_NUMBER}{{1,4}}(?:章|項|節|款)"
)
_ABOUT_RULES_EN = compile_later(
    r"\b(?:(?:dis)?agree(?:d|s|ing|ment)?|consent(?:s|ed|ing)?|accept(?:ed|s|ing)?|rules?|(?<!in )terms"
    r"|sections?(?! (?:chief|head|manager|leader)\b)|articles?|clauses?|paragraphs?|conditions?"
    r"|i (?:do not|don't)(?! (?:know|have)))\b"
)
# Where somebody works: I work in the tax section.
_OFFICE_EN = compile_later(
    r"\b(?:i|we)(?: am| are|'m|'re)?(?: now| currently)?"
    r"(?: (?:work(?:ing)?|in|at|from|with|joined|moved|transferred|serve))"
    r"(?: (?:in|at|for|to))? (?:the |our |a )?(?:[a-z&]+ ){1,4}section\b(?! (?:of|on|about|[0-9]))"
)
_WAITS = "(?:の|結果の?)?(?:待ち|を待)"
_WAITED_FOR = "|".join(
    f"{word}{_WAITS}" for word in ("承認", "決裁", "許可", "了承", "判断", "確認", "協議", "相談")
)
_STOPPED = "|".join(f"{sign}(?:(?<=[とをは]{sign})|(?<=ぱり{sign}))め" for sign in "止辞や")
# Somebody else takes part, or nobody applies yet, wherever a mail says so; each begins with one letter, too.
_FOR_ANOTHER = (
    "代(?:理(?:で|の申請|申請|人です)|わ(?:って|りに)、?(?:申請|申し?込|応募|参加)|(?<=[員者人下任僚]の代)理)"
    "|分(?<=[員者人下任僚]の分)を|申(?<=[員者人下任僚]の申)請です|の(?:(?<=するの)|(?<=使うの))は"
    "|本人(?:に|から)(?:聞|確認|頼|依頼)|本人は(?:拒|未|不|知)"
)
_NOT_YET = (
    "下書きです|サンプルです|例です|テスト(?:です|送信|メール)|仮の(?:申請|申込)|正式な(?:申請|申込)で"
    "|辞退|参加(?:し|でき|いたし)ません|申請(?:し|でき|いたし)ません|利用(?:し|でき|いたし)ません"
    "|稟議中|許可がまだ|決まってい(?:ない|ませ)|検討中"
)
_TAKEN_BACK = compile_later(
    "取(?<!読み取)り?消|とりけし|撤回|やめにし|なかったこと|無かったこと|保留|見合わせ|見送り|白紙"
    "|キャンセル|取り?下げ|再考|考え直|迷って|冗談|うそです|嘘です|未(?:決裁|承認|了承|確認|協議)"
    f"|要(?:決裁|承認|了承|確認|協議)|決裁前|決裁未了|承認前|承認未了|了承前|了承未了|{_WAITED_FOR}"
    f"|{_FOR_ANOTHER}|{_NOT_YET}|{_STOPPED}(?!に)"  # the last one is やめ: not before に
)
_TAKEN_BACK_EN = compile_later(
    r"\b(?:take (?:it|that|this|all of it|everything) back|changed my mind|withdraw\w*|never ?mind|kidding"
    r"|scratch that|retract\w*|revok\w*|cancel\w*|on second thought|pending|hold off|not serious|joking)\b"
)
_OVER = (
    r"(?:取り?消|撤回|やめ|止め|無効|白紙|なかったこと|(?:でき|出来)(?:ません|ない|かね)"
    r"|(?:いた|致)?し(?:ません|かね))"
)
_REFUSED = compile_later(
    rf"同意(?:する|します)?(?:[はもをが]|の件は|(?:について)も?)?、?(?:全て|すべて|いったん|一旦"
    rf"|一度)?(?:と|に)?{_OVER}"
)
_REFUSED_EN = compile_later(
    r"(?:cannot|can't|do not|don't|no longer|not) (?:agree|consent|accept)\b"
    r"|(?:withdraw|revoke|retract|cancel) my consent|take (?:back my consent|my consent back)"
)
_OF_CONSENT = compile_later("同意|agree|consent|accept")  # every refusal contains one of these
_ANSWER = compile_later("[「『](同意(?:する|します))[」』]")  # 上の「同意する」は取り消します
_QUOTED = compile_later(r"[「『?？]")  # somebody else's words, or a question
_LIMIT = compile_later(
    r"[\s　※(（*・]*(?:ただし|但し|ただ[、,]|もっとも|条件|しかし|とはいえ"
    r"|however|but |except|provided|unless)",
    re.IGNORECASE,
)
_LATIN = compile_later(r"[a-z]")


def is_any_taken_back(texts: Sequence[str]) -> bool:
    """Return whether any text revokes the consent. Most mails contain no word for it, by a single check."""
    said = fold_whole(" ".join(texts)).replace(" ", "")
    return _OF_CONSENT.search(said) is not None and any(map(is_taken_back, texts))


def is_taken_back(text: str) -> bool:
    """Return whether a text revokes the consent itself: 先日の同意は撤回します。"""
    if "「" in text or "『" in text:
        text = _ANSWER.sub(r"\1", text)
    spaced = fold(text)
    bare = spaced.replace(" ", "")
    said = _REFUSED.search(bare) is not None or _REFUSED_EN.search(spaced) is not None
    return said and _QUOTED.search(text) is None


def is_limited(below: Sequence[str]) -> bool:
    """Return whether the following text limits what is above it: ただし…"""
    return _LIMIT.match(next(filter(str.strip, below), "")) is not None


@memoize(maxsize=2048, max_key=300, why="needed again for the neighbours and parts of each line")
def is_about(text: str) -> bool:
    """Return whether a text mentions consent, the rules or a part of them, or revokes something."""
    spaced = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())
    bare = spaced.replace(" ", "")
    if _ABOUT_RULES.search(bare) is not None or _TAKEN_BACK.search(bare) is not None:
        return True
    if _LATIN.search(spaced) is None:
        return False
    spaced = _OFFICE_EN.sub("", spaced)
    return _ABOUT_RULES_EN.search(spaced) is not None or _TAKEN_BACK_EN.search(spaced) is not None


class Answers:
    """Whether lines may contain an answer: asked only where no kind of sentence fits, and once."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.found: bool | None = None

    def __call__(self) -> bool:
        """Return whether the lines may."""
        if self.found is None:
            self.found = may_answer("\n".join(self.lines))
        return self.found
