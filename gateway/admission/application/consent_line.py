"""Lines in which somebody agrees to the rules without a label, and lines that take it back.

A sentence of consent counts beside sentences that are known to limit nothing, and beside no others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from gateway.admission.application.consent import Consent, fold, parse

BOX = re.compile(r"[\s　]*(?:[□☐▢◻☑✓✔✅■☒○〇◯●◉レ]|[\[(（［][\s　xXvVｘ○レ✓✔■*]{0,6}[\])）］])")
_CONSENT = re.compile(r"同意|agree|accept|consent")
_RULES = re.compile(r"(?:規約|ルール|利用条件).*[にを]|(?:^|[.!] )i .*(?:rules|terms)")
_LIMIT = re.compile(
    r"[\s　※(（*]*(?:ただし|但し|ただ[、,]|もっとも|条件|しかし|however|but |except|provided|unless)",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"同意(?:は|を|が)?(?:でき(?:ません|ない|かね)|(?:いた|致)?し(?:かね|ません))"
    r"|(?:cannot|can't|do not|don't|not) agree",
    re.IGNORECASE,
)
# What may stand beside a sentence of consent without limiting it: wishes to join, thanks, who writes.
_HARMLESS = re.compile(
    r"(?:(?:私も?|当方)?(?:は|、)?(?:コミュニティ|こちら|貴会|本会|上記)?(?:へ|に|への)?(?:の)?(?:参加|入会|申請|申し?込み?|登録)"
    r"(?:を|に|の(?:上|うえ)、?|について)?(?:(?:希望|申請|申し込み|申込み|お願い|申込)?(?:いた|致)?(?:します|しました|したい(?:です|と思います)|申し上げます)"
    r"|申し?込みます|申し?込みたい(?:です|と思います))"
    r"|(?:規約|利用規約|参加規約|ルール)(?:を|は)(?:すべて|全て|よく)?(?:読みました|確認しました|拝読しました|確認いたしました)"
    r"|(?:どうぞ|何卒)?(?:よろしく|宜しく)(?:お願い(?:いた|致)?(?:し|申し上げ)ます)?|お世話になって(?:おり|い)ます|はじめまして|ありがとうございます"
    r"|.{1,60}(?:と(?:申し|もうし)ます)"
    r"|my name is [a-z' .,-]{1,60}(?:,? (?:and )?i work (?:at|in|for) [a-z' ,-]{1,100})?"
    r"|i work (?:at|in|for) [a-z' ,-]{1,100}|i am [a-z' ,-]{1,80}"
    r"|i (?:would like|want|wish|hope) to (?:join|apply|participate|take part)[a-z' ]{0,60}"
    r"|please (?:let me join|accept my application)|hello|dear [a-z' ]{1,40}"
    r"|thank you(?: very much| in advance)?|best regards)"
)


def is_consent(text: str, *, quoted: bool) -> bool:
    """A line that ticks or says consent by itself; said in a quotation it is somebody else's."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if _CONSENT.search(folded) is None:
        return False
    ticked = BOX.match(text) is not None
    said = not quoted and _RULES.search(folded) is not None
    if not ticked and not said:
        return False
    return parse(text) is not Consent.ABSENT or (said and parse_sentences(text) is not Consent.ABSENT)


def parse_sentences(text: str) -> Consent:
    """Consent said in one of several sentences of a line; the others must be known to limit nothing."""
    sentences = [one.strip(" 、,") for one in re.split(r"[。!！]|\. |\.$", fold(text))]
    told = [(one, parse(one)) for one in filter(None, sentences)]
    answers = {answer for _, answer in told if answer is not Consent.ABSENT}
    if any(answer is Consent.ABSENT and _HARMLESS.fullmatch(one) is None for one, answer in told):
        return Consent.ABSENT
    return answers.pop() if len(answers) == 1 else Consent.ABSENT


def is_refused(own: Iterable[str]) -> bool:
    """Whether one of the writer's lines says that a rule is not agreed to, and is no line of choices."""
    return any(_REFUSAL.search(text) and not is_consent(text, quoted=False) for text in own)


def is_limited(below: Sequence[str]) -> bool:
    """Whether the next words take back what stands above them: ただし…"""
    return _LIMIT.match(next(filter(str.strip, below), "")) is not None
