"""Our own letter beside the form that somebody filled in: the end of its frame, and our sentences.

Mail programs quote the letter, or leave it without marks and break its lines anew. Any other line there is
the writer's.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from itertools import accumulate

from gateway.admission.application.layout.no_value import ends_form, is_form_frame
from gateway.patterns import compile_later

_DAY = r"(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}日(?:\([月火水木金土日]\))?"
_DAY_EN = r"(?:[a-z]{3,9},?)?[0-9]{1,2}[a-z]{3,9}[0-9]{4}"
_ITEMS_EN = r"(?:category|organisation|localgovernmentcode|department|title|name|consenttotherules|,)+"
# The sentences of the templates that mention the rules or a withdrawal, folded and without blanks. Each half
# of one with a mark inside may stand alone.
_OF_RULES = (
    r"利用規約をお読みのうえ、ご?同意いただける場合は(?:「同意する」とご記入ください)?|「同意する」とご記入ください"
    r"|(?:(?:お確かめの(?:うえ|上)、)?残りの項目と)?規約への同意をご記入ください"
    r"|利用規約は、次のページでお読みいただけます(?:。リンクが使えないときは)?"
    r"|(?:リンクが使えないときは、)?「[^「」。]{1,40}」の公式ページの利用規約をご覧ください"
    r"|取り下げるときは、「取り下げます」と書いて返信してください"
    r"|(?:お送りにならないようお願いいたします。)?(?:機密性2の情報は、)?"
    r"あらかじめ所属する機関の同意を得たものだけをお書きください"
)
_MENTIONS = compile_later(rf"{_OF_RULES}|(?:(?:pleasereply)?(?:and)?fillin:)?{_ITEMS_EN}")
_ENGLISH_FIRST = (
    r"\[english\]wefoundnoapplicationinyouremail\.toapply,pleasefillintheitemsbetweenthedashedlines,injapaneseorenglish,"
    r"inthebodyofanemailfromanaddressofyourorganisationthatcanreceivemailfromtheinternet\.oncewehaveallitems,"
    r"theinvitationtakes(?:1to)?[0-9]{1,2}workingdays\."
)
# What a letter to somebody who writes in English has above the form.
_ABOVE = compile_later(rf"{_ENGLISH_FIRST}(?:\(thefullmessagefollowsinjapanese\.\))?")
# All sentences of these templates below the form.
_SENTENCES = compile_later(
    rf"(?:{_OF_RULES})。(?:<?https?://[!-~]{{1,200}}>?)?"
    r"|手続の流れは、公式ページの「登録マニュアル」をご覧ください。"
    r"|個人情報の取扱いは、公式ページの「プライバシーポリシー」をご覧ください。"
    r"|全国地方公共団体コードは、6桁の数字です。お分かりにならないときは「不明」とご記入ください。"
    r"|添付ファイルは不要です。(?:本文に直接お書きください|機密性3の情報は書かないでください)。"
    rf"|まだお返事をいただいていないため、もう一度お送りしました。{_DAY}までに手続が進まないときは、申請をいったん終了します。"
    rf"|お返事は、{_DAY}までにお願いします。"
    r"|結果をお知らせするまでの[0-9]{1,2}開庁日は、すべての項目がそろった日の翌日から数えます。"
    r"|ご参加いただけるのは、地方公共団体\(全国地方公共団体コードを持つ広域連合、一部事務組合などを含みます\)と政府機関の職員の方です。"
    r"|申請の内容がすべてそろってから招待のメールが届くまで、(?:1[~〜-])?[0-9]{1,2}開庁日ほどかかります。"
    r"|要件を満たさないと判断したときは、ご希望に添えないことがあります。"
    r"|受付番号は[a-z0-9-]{4,12}です。このお知らせは、一日に一度だけお送りします。"
    r"|\[english\]yourapplication[a-z0-9-]{4,12}isalmostcomplete\."
    rf"|pleasereplyandfillin:(?:{_ITEMS_EN}\.)?"
    # What an operator announces, between two of our sentences.
    rf"|お知らせ{_DAY}[^。]{{1,400}}?(?=添付ファイルは不要です。)"
    rf"|ifwedonothearfromyouby{_DAY_EN},wewillclosetheapplication\."
    rf"|pleaseanswerby{_DAY_EN}\.(?:wewillanswerwithin[0-9]{{1,2}}workingdays?ofreceivingallitems"
    r"|the[0-9]{1,2}workingdaysuntilouranswerbeginoncewehaveallitems)\."  # until 0.2
    rf"|{_ENGLISH_FIRST}"
    r"|\[english\]youremailwasforwardedtothestaff\([a-z0-9-]{4,12}\)\."
    r"|pleasereplyandfillintheitemsabove:wecouldnotreadthem\."
)


def is_of_our_letter(compact: str) -> bool:
    """Return whether a folded sentence without blanks or closing mark is ours and mentions the rules."""
    return len(compact) <= _LONGEST and _MENTIONS.fullmatch(compact) is not None


_LONGEST = 160


def find_ours(texts: Sequence[str], below: Iterable[int], quoted: Collection[int]) -> frozenset[int]:
    """Return the lines of `below` (numbers in `texts`) that are our letter's, from the end of our form on."""
    held = list(below)
    end = next((place for place, at in enumerate(held) if ends_form(texts[at])), len(held))
    rest = [at for at in held[end:] if at not in quoted]
    frames = (at for at in held if is_form_frame(texts[at]))
    marked = (at for at in held[end:] if at in quoted)
    return frozenset((*frames, *marked, *_find_printed(_SENTENCES, texts, rest)))


def find_ours_above(texts: Sequence[str], place: int) -> frozenset[int]:
    """Return the lines above `place` that a letter of ours in English begins with."""
    return frozenset(_find_printed(_ABOVE, texts, range(place)))


def _find_printed(printed: re.Pattern[str], texts: Sequence[str], held: Sequence[int]) -> list[int]:
    """Return the lines of `held` that are whole within such sentences, however broken."""
    bare = [_fold(texts[at]) for at in held]
    begins = list(accumulate(map(len, bare), initial=0))
    said = "".join(bare)
    covered = [found.span() for found in printed.finditer(said)]
    joined = _join(covered)
    starts = [begin for begin, _ in joined]
    found = list[int]()
    for at, begin, end in zip(held, begins, begins[1:], strict=False):
        place = bisect_right(starts, begin) - 1
        if begin < end and place >= 0 and end <= joined[place][1]:
            found.append(at)
    return found


def _join(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans with those joined that meet."""
    joined = list[tuple[int, int]]()
    for begin, end in spans:
        if joined and joined[-1][1] == begin:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((begin, end))
    return joined


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text[:400]).casefold().split())
