"""What a mail says of the rules outside the lines of a consent: not understood, it leaves no consent.

A sentence that holds a word of consent, of the rules or of an article has to be a plain consent itself or
of a kind below. One that takes something back, or waits for somebody, leaves none whatever it speaks of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

from gateway.admission.application.consent import beside
from gateway.admission.application.consent.answer import Consent, fold, fold_whole
from gateway.admission.application.consent.below.second_thought import is_second_thought, split_sentences
from gateway.admission.application.consent.people import Writer, is_address, is_person, is_place
from gateway.admission.application.consent.phrases import JOIN, WANT
from gateway.admission.application.consent.reading import WRAPPED, read_lines
from gateway.admission.application.labels import Item, strip_remark
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.no_value import ends_form, is_mark_of_mail
from gateway.admission.application.values import clean_value
from gateway.memoize import memoize

_NUMBER = r"[0-9一二三四五六七八九十百]"
# Traffic rules and rules for rubbish are daily fare in municipal signatures.
_ABOUT_RULES = re.compile(
    rf"同意|規約|(?<!交通)(?<!出し)ルール|利用条件|承諾|反対|異議|異論|{_NUMBER}条|条(?:件|項|文)|[本同各全当]条"
    rf"|第{_NUMBER}{{1,4}}(?:章|項|節|款)"
)
_ABOUT_RULES_EN = re.compile(
    r"\b(?:(?:dis)?agree(?:d|s|ing|ment)?|consent(?:s|ed|ing)?|accept(?:ed|s|ing)?|rules?|(?<!in )terms"
    r"|sections?|articles?|clauses?|paragraphs?|conditions?|i (?:do not|don't)(?! (?:know|have)))\b"
)
_TAKEN_BACK = re.compile(
    r"(?<!読み)取り?消|とりけし|撤回|(?:と|を|は|ぱり)(?:止め|辞め|やめ(?!に))|やめにし|なかったこと|無かったこと"
    r"|保留|見合わせ|見送り|白紙|キャンセル|取り?下げ"
    r"|(?:承認|決裁|許可|了承|判断|確認|協議|相談)(?:の|結果の?)?(?:待ち|を待)|再考|考え直|迷って"
    r"|(?:未|要)(?:決裁|承認|了承|確認|協議)|(?:決裁|承認|了承)(?:前|未了)|冗談|うそです|嘘です"
)
_TAKEN_BACK_EN = re.compile(
    r"\b(?:take (?:it|that|this|all of it|everything) back|changed my mind|withdraw\w*|never ?mind|kidding"
    r"|scratch that|retract\w*|revok\w*|cancel\w*|on second thought|pending|hold off|not serious|joking)\b"
)
_OVER = (
    r"(?:取り?消|撤回|やめ|止め|無効|白紙|なかったこと|(?:でき|出来)(?:ません|ない|かね)"
    r"|(?:いた|致)?し(?:ません|かね))"
)
_REFUSED = re.compile(
    rf"同意(?:する|します)?(?:は|を|が|の件は)?、?(?:全て|すべて|いったん|一旦|一度)?(?:と|に)?{_OVER}"
)
_REFUSED_EN = re.compile(
    r"(?:cannot|can't|do not|don't|no longer|not) (?:agree|consent|accept)\b"
    r"|(?:withdraw|revoke|retract|cancel) my consent|take (?:back my consent|my consent back)"
)
_OF_CONSENT = re.compile("同意|agree|consent|accept")  # one of these stands in all that is refused
_ANSWER = re.compile("[「『](同意(?:する|します))[」』]")  # 上の「同意する」は取り消します
_QUOTED = re.compile(r"[「『?？]")  # another's words, or a question
_LIMIT = re.compile(
    r"[\s　※(（*・]*(?:ただし|但し|ただ[、,]|もっとも|条件|しかし|とはいえ"
    r"|however|but |except|provided|unless)",
    re.IGNORECASE,
)
# Of the one for whom an office applies; no consent by itself: 規約については、本人が通読し、同意しております.
_ON_BEHALF = (
    r"(?:(?:本|参加|利用)?(?:規約|ルール)等?(?:の内容)?(?:に(?:ついて)?"
    r"|を)?[はも]?[、,]?)?本人が(?:(?:内容を)?(?:よく|全て|すべて)?"
    r"(?:確認|通読|熟読|一読|理解)し[、,])?同意(?:して(?:い|おり)ます|(?:(?:いた|致)?し)(?:ます|ました))"
)
# Each a whole sentence or line, folded and without spaces.
_KNOWN = re.compile(
    rf"(?:私は|当方は)?(?:上記の?|本|貴会の?|この)?{JOIN}(?:規約|ルール|利用条件)等?"
    r"(?:を(?:遵守|順守|厳守)(?:(?:いた|致)?します|し、?適正に利用します)|を守ります|に(?:従い|したがい)ます"
    r"|に(?:従って|基づいて)利用します)"
    rf"|(?:上記の?|本)?{JOIN}(?:規約|ルール)等?(?:の内容)?を(?:確認|熟読|理解)"
    rf"(?:の(?:うえ|上)|し|した(?:うえ|上)で)、?{WANT}"
    rf"|{JOIN}(?:申請|申込)?書?(?:及び|および|兼|・)?{JOIN}(?:規約)?同意書"
    rf"|(?:別記)?(?:様式)?第{_NUMBER}{{1,3}}号(?:様式)?(?:\(第{_NUMBER}{{1,3}}条関係\))?"
    r"|(?:上司|所属長|課長|部長|室長|所属(?:機関)?)の(?:承諾|同意|了承|許可|承認)(?:は|を|も)?"
    r"(?:得て(?:い|おり)ます|得ました|いただいて(?:い|おり)ます|済み?です)"
    rf"|(?:なお、)?{_ON_BEHALF}"
    r"|(?:私は|当方は)?(?:参加)?(?:条件|要件)を満たして(?:い|おり)ます"
    r"|(?:本|この)メール(?:及び添付ファイル|および添付ファイル)?の?(?:内容)?を、?"
    r"(?:送信者|発信者|当方|当市|当町|当県)の?(?:事前の)?(?:同意|承諾|許可)(?:なく|なしに|を得ずに)、?(?:第三者に)?"
    r"(?:転載|転送|開示|複製|使用|利用)(?:する)?(?:こと)?(?:を|は)"
    r"(?:禁じます|禁止します|固くお断りします|ご遠慮ください)"
    # What our own letters print, where a mail brings them along without marks.
    r"|利用規約をお読みのうえ、ご?同意いただける場合は(?:「同意する」とご記入ください)?|「同意する」とご記入ください"
    r"|(?:(?:お確かめの(?:うえ|上)、)?残りの項目と)?規約への同意をご記入ください"
    r"|利用規約は、次のページでお読みいただけます(?:。リンクが使えないときは)?"
    r"|(?:リンクが使えないときは、)?「[^「」]{1,40}」の公式ページの利用規約をご覧ください"
    r"|取り下げるときは、「取り下げます」と書いて返信してください"
    r"|(?:お送りにならないようお願いいたします。)?(?:機密性2の情報は、)?"
    r"あらかじめ所属する機関の同意を得たものだけをお書きください"
)
_LABEL_EN = r"(?:category|organisation|local government code|department|title|name|consent to the rules)"
_KNOWN_EN = re.compile(
    r"i have read (?:and understood )?(?:all )?(?:the|these|your) (?:rules|terms(?: of use)?)(?: carefully)?"
    r"|i (?:will|shall) (?:follow|comply with|abide by|respect) (?:the|these|your) (?:rules|terms"
    r"(?: of use)?)|(?:i would be grateful if you would |please )?accept my application"
    # What our own letters print.
    rf"|(?:(?:please reply )?(?:and )?fill in: )?(?:{_LABEL_EN}(?:,? |,?$)){{1,8}}"
)
_SECTION_EN = re.compile(
    r"(?:[A-Z][A-Za-z]{1,20},? (?:and |of |for )?){1,6}Section|Section (?:Chief|Manager|Head)"
)
_EMPTY = re.compile(r"[\s　:：=＝_＿()（）「」\[\]【】・*-]*(?:https?://[\w./~%?=&#-]{1,200})?[\s　]*")
_LATIN = re.compile(r"[a-z]")
_REACH = 20


def has_doubt(texts: Sequence[str], own: Collection[int], place: int, writer: Writer) -> bool:
    """Whether one of the lines `own` (their numbers in `texts`) speaks of the rules, or takes something back,
    and is not understood. `place` is the line of the consent: what limits it stands below."""
    lines = sorted(own)
    if any(_is_doubt(texts, at, writer) or (at > place and is_limited(texts[at : at + 1])) for at in lines):
        return True
    # Below an old mail's head, or the frame of our own form, a mail brings our letter along without marks.
    end = next((at for at in range(place + 1, len(texts)) if _begins_old(texts[at])), len(texts))
    return any(_is_second_thought(texts[at], writer) for at in lines if place < at < end)


def _begins_old(text: str) -> bool:
    return is_mark_of_mail(text) or ends_form(text)


def _is_second_thought(line: str, writer: Writer) -> bool:
    text = strip_remark(line)
    if text is not line and not clean_value(text):
        return False  # 備考：なし
    if not is_second_thought(text) or parse_line(text) is not None:
        return False
    return any(is_second_thought(one) and not _is_known(one, writer) for one in split_sentences(text))


def is_any_taken_back(texts: Sequence[str]) -> bool:
    """Whether one of these does so. Most mails hold no word for it, told by one look at all."""
    said = fold_whole(" ".join(texts)).replace(" ", "")
    return _OF_CONSENT.search(said) is not None and any(map(is_taken_back, texts))


def is_taken_back(text: str) -> bool:
    """Whether a text says of the consent itself that it is given no longer: 先日の同意は撤回します。"""
    text = _ANSWER.sub(r"\1", text)
    spaced = fold(text)
    bare = spaced.replace(" ", "")
    said = _REFUSED.search(bare) is not None or _REFUSED_EN.search(spaced) is not None
    return said and _QUOTED.search(text) is None


def is_limited(below: Sequence[str]) -> bool:
    """Whether the next words take back what stands above them: ただし…"""
    return _LIMIT.match(next(filter(str.strip, below), "")) is not None


@memoize(maxsize=2048, max_key=300, why="each line is asked once more for its neighbours and its pieces")
def is_about(text: str) -> bool:
    """Whether a text speaks of consent, the rules or a part of them, or takes something back."""
    spaced = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())
    bare = spaced.replace(" ", "")
    if any(pattern.search(bare) is not None for pattern in (_ABOUT_RULES, _TAKEN_BACK)):
        return True
    has_words = _LATIN.search(spaced) is not None
    return has_words and any(
        pattern.search(spaced) is not None for pattern in (_ABOUT_RULES_EN, _TAKEN_BACK_EN)
    )


def _is_doubt(texts: Sequence[str], at: int, writer: Writer) -> bool:
    text = texts[at]
    below = texts[at + 1] if at + 1 < len(texts) else ""
    if not is_about(text) and (is_about(below) or not _runs_on(text, below)):
        return False
    held = parse_line(text)
    if held is not None and _is_value(*held, writer):
        return False
    least = 1 if is_about(text) else 2
    joined = (
        joint.join(line.strip() for line in texts[at : at + count])
        for count in range(least, WRAPPED + 1)
        for joint in ("", " ")[:count]
    )
    return not any(_is_understood(one, writer) for one in joined)


def _runs_on(text: str, below: str) -> bool:
    """Whether a word of this kind stands across the end of a line."""
    return bool(below.strip()) and is_about(f"{text.strip()[-_REACH:]} {below.strip()[:_REACH]}")


def _is_value(item: Item, value: str, writer: Writer) -> bool:
    """Whether a label's value is what it should be: a name, a body, a section; or nothing, or a link."""
    if _EMPTY.fullmatch(value) or not is_about(value):
        return item is not Item.CONSENT or _EMPTY.fullmatch(value) is not None
    if item in {Item.CONSENT, Item.VERSION, Item.CODE, Item.CATEGORY}:
        return False
    words = value.split()
    return is_person(" ".join(words), writer) or all(is_place(word) for word in words) or _is_english(value)


def _is_english(value: str) -> bool:
    return _SECTION_EN.fullmatch(value.strip()) is not None


def _is_understood(text: str, writer: Writer) -> bool:
    """Whether a line, or each of its sentences, is a plain consent or of a known kind."""
    if _is_known(text, writer):
        return True
    return all(not is_about(one) or _is_known(one, writer) for one in split_sentences(text))


@memoize(
    maxsize=900,
    max_key=beside.MAX_KEPT,
    why="a sentence is read alone, with its neighbours, and once more below a consent",
)
def _is_known(text: str, writer: Writer) -> bool:
    folded = fold(text).strip(" 。.、,!")
    compact = folded.replace(" ", "")
    if _KNOWN.fullmatch(compact) or _KNOWN_EN.fullmatch(folded) or _is_english(text):
        return True
    if beside.is_harmless(text, writer) or is_address(text):
        return True
    return read_lines([text], writer) is Consent.YES
