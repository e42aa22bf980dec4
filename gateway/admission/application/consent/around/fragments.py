"""Lines above a form that say something without a verb: 未読, 代筆：佐藤, 参加は来年度に…

Above a form stand greetings, the head of a letter, table headings and sentences. Words that are none of these
and belong to no sentence may be about the consent: nobody can tell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from gateway.admission.application.consent.around.contacts import is_contact_person
from gateway.admission.application.consent.below.letter.gaps import is_gap
from gateway.admission.application.consent.below.letter.mailing import is_mailing
from gateway.admission.application.consent.below.lexicon import LIMITING_NAMELESS
from gateway.admission.application.consent.below.second_thought import (
    SAYS,
    fold_sentence,
    fold_width,
    is_about_other,
)
from gateway.admission.application.consent.beside import is_harmless, is_section
from gateway.admission.application.consent.people import (
    Writer,
    find_body,
    is_own_name,
    is_place,
    is_plain,
    is_role,
)
from gateway.admission.application.evidence.blocks import read_line
from gateway.admission.application.evidence.shapes import is_title
from gateway.admission.application.items.labels import Item, find_item, strip_bullets, strip_remark
from gateway.admission.application.items.values import clean_value, parse_category
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.no_value import is_headline, is_mark_of_mail
from gateway.admission.application.layout.table.columns import find_kind
from gateway.mail.lines import find_mark, has_sentence_end
from gateway.patterns import compile_later

_WRAPPED = 15  # a sentence is wrapped behind at least as many characters
# 未読です, but not 見本市です: a word, not a sentence.
_IS = compile_later(r"(?:です|でした|だ|である)[。.!！]?$")
_LETTER = r"[一-鿿ァ-ヺー々〇0-9]"
_JOIN = r"(?:参加|入会|登録|利用)"
_PAPER = (
    r"(?:(?:申請|申込み?|申し込み|申込み?申請|希望)(?:書|票|届|フォーム|内容|事項)?|様式|回答|返信|送付|提出"
    r"|書|票|届)"
)
# 総情第123号, 令和8年11月26日（木）, 【外部メール】
_STAMPED = compile_later(
    r"(?:[^\W\d_]{1,8}?)?第?[0-9〇一二三四五六七八九十百]{1,6}号"
    r"|(?:令和|平成|r|20)?[0-9〇一二三四五六七八九十元]{1,4}[年./-][0-9〇一二三四五六七八九十]{1,3}[月./-]"
    r"[0-9〇一二三四五六七八九十]{1,3}日?(?:\([月火水木金土日]\))?"
    r"|[一-鿿]{0,4}外部[一-鿿ァ-ヺー]{0,4}メール[一-鿿ァ-ヺー]{0,10}|external"
    # Marks of how confidential a mail is, and how urgent: 機密性2 完全性1 可用性1.
    r"|(?:(?:機密性|完全性|可用性)[1-3](?:情報)?[・、,/]?){1,3}|(?:取扱い?|取り扱い)注意|部外秘|親展|至急|重要|要返信"
)
# Whom it is for, and what it is: 参加受付窓口様, 共創プラットフォームへの参加申請について.
_HEAD = compile_later(
    rf"(?:{_LETTER}|[ぁ-ゖ]){{0,24}}(?:様|さま|さん|御中|殿|宛|各位)"
    rf"|(?:{_LETTER}{{1,16}}(?:への?|の))?(?:新規|職員)?(?:{_JOIN}(?:の)?{_PAPER}?|{_PAPER})(?:について"
    rf"|の件)?(?:\((?:依頼|申請|提出|送付|回答)\)?)?"
    rf"|(?:標記|標題|掲題|表題|件名)(?:の(?:件|こと))?(?:について)?|(?:下記|以下|次)の(?:とおり|通り)"
    rf"|(?:下記|以下)、?{_PAPER}|新規|記|no|事務連絡|公印省略|拝啓|謹啓|前略|敬具|謹白|草々|以上"
)
_READING = compile_later(
    r"[(（][ぁ-ゖァ-ヺー 　]{2,30}[)）]|(?:ふりがな|フリガナ|カナ)[\s　:：][ぁ-ゖァ-ヺー\s　:：]{2,40}"
)
_PERSON = compile_later(r"[\s　]*(?:差出人|送信者|発信者|宛先|from|sender|to|cc)[\s　]*[:：]", re.IGNORECASE)
_FIELD = compile_later(
    rf"{_PERSON.pattern}|[\s　]*(?:件名|題名|subject|日時|送信日時|sent|date)[\s　]*[:：]", re.IGNORECASE
)
_LABELLED = compile_later(r"[^\s:：]{1,12}[:：][\s　]*(\S.{0,40})")
_GREETS = compile_later(
    r"(?:dear|hello|hi|good (?:morning|afternoon|evening)|to the|to whom) ?[a-z ,.']{0,40}"
    r"|(?:new |membership )?application(?: form)?(?: (?:for|to) [a-z ]{1,30})?"
    r"|こん(?:にち|ばん)[はわ]|おはよう(?:ございます)?|(?:はじめ|初め)まして"
)


def is_fragment(texts: Sequence[str], at: int) -> bool:
    """Return whether a line above a form belongs to no sentence, and is neither its item nor its value."""
    text = texts[at].strip()
    if _LETTERS.search(text) is None or parse_line(text) or SAYS.search(text) or has_sentence_end(text):
        return _is_word(text)
    if any(one(text) for one in (is_mark_of_mail, is_headline, find_mark)) or _is_value(texts, at):
        return False
    below = texts[at + 1].strip() if at + 1 < len(texts) else ""
    goes_on = bool(below) and parse_line(below) is None and not find_mark(below)
    return not (goes_on and (len(text) >= _WRAPPED or _RUNS_ON.search(text) is not None))


# 企画総務課で, 庁内の研修において、
_RUNS_ON = compile_later(r"[、,をにの]$|(?:[部局課室係班所町村市県区庁省]で|において|におきまして)$")


def is_read_elsewhere(said: str, above: Sequence[str], writer: Writer) -> bool:
    """Return whether words are in the form, have a label, name the writer, or say what others understand.

    Their own readers know them.
    """
    if _LABELLED.fullmatch(said.strip()) is not None or is_contact_person(said):
        return True
    sentence = fold_sentence(fold_width(said))
    if is_harmless(said, writer) or any(kind(sentence) for kind in (is_gap, is_mailing, is_about_other)):
        return True
    compact = "".join(unicodedata.normalize("NFKC", said).split())
    is_named = any(len(word) > 1 and word in compact for word in writer.words)
    return is_named or any(parse_line(text) is not None for text in above)


def is_headline_of_example(text: str) -> bool:
    """Return whether words between drawn lines announce an example or a draft: -- 以下、記入例 --."""
    return is_headline(text) and _EXAMPLE.search(text) is not None


_EXAMPLE = compile_later(
    r"[記文一実]入?例|例[^示規外]|例$|下書|案(?!内|件)|仮|控え|写し|前回"
    r"|見本(?![市区町村県])|ドラフト|draft|sample",
    re.IGNORECASE,
)


def is_stamp(texts: Sequence[str], at: int) -> bool:
    """Return whether a line is the head of an old mail, a drawn line, a reason with its label, or a value."""
    text = texts[at].strip()
    if any(one(text) for one in (is_mark_of_mail, is_headline, find_mark, _FIELD.match)) or _is_value(
        texts, at
    ):
        return True
    return text.endswith(("さんは書きました:", "さんは書きました：")) or _PURPOSE.match(text) is not None


_PURPOSE = compile_later(r"[^\s:：]{0,8}(?:理由|動機|目的|経緯|きっかけ|背景)[】\]]?[\s　]*[:：]")


def _is_word(text: str) -> bool:
    """Return whether a sentence only says what something is, with a single word: 未読です。"""
    return _IS.search(text) is not None and len(_IS.sub("", text)) <= _SHORT and "は" not in text


_SHORT = 4


def _is_value(texts: Sequence[str], at: int) -> bool:
    """Return whether a line is the value, or the rest of the value, of the label above it."""
    above = next((text for text in reversed(texts[max(0, at - 2) : at]) if text.strip()), "")
    held = parse_line(strip_bullets(above))
    if held is None or held[0] is Item.CONSENT:
        return False
    return not held[1].strip() or not clean_value(texts[at]) or is_section(_bare(texts[at]))


def is_head(said: str, texts: Sequence[str], writer: Writer) -> bool:
    """Return whether such words are a greeting, the head of a letter or table, or name who is known.

    A remark with its label is about its own subject. Whoever is in the head of an old mail is known.
    """
    remark = strip_remark(said)
    if remark != said or _FIELD.match(said):
        return LIMITING_NAMELESS.search(remark) is None or remark == said
    labelled = _LABELLED.fullmatch(said.strip())
    if labelled is not None and (not clean_value(labelled[1]) or is_own_name(labelled[1], writer)):
        return True  # 添付：なし
    bare = _bare(said)
    compact = "".join(unicodedata.normalize("NFKC", bare).casefold().split())
    if _GREETS.fullmatch(bare.casefold()) or _STAMPED.fullmatch(compact) or _READING.fullmatch(said.strip()):
        return True
    title = compact.removeprefix(find_body(compact))
    if (_HEAD.fullmatch(title) and is_plain(title)) or _is_heading(bare) or _is_chief(title, compact):
        return True
    if is_section(bare) or is_role(compact) or is_place(compact) or _is_of_writer(compact, writer):
        return True
    return _is_named(bare, writer) or _is_in_head(compact, texts)


_LETTERS = compile_later(r"[^\W_]")  # none is in a drawn line
_CHIEF = compile_later(r"長[一-鿿々ぁ-ゖ]{2,6}")


def _is_chief(title: str, compact: str) -> bool:
    """Return whether words behind a body name its head, as above an official letter: 見本町長 見本太郎."""
    return title != compact and _CHIEF.fullmatch(title) is not None


def _is_heading(bare: str) -> bool:
    """Return whether words are a label, a column or a value of a form: 項目, 申請者情報, 自治体."""
    named = bare.strip().removesuffix("情報")
    if find_item(named) is not None or _GROUP.fullmatch(named):
        return True
    return find_kind(bare) is not None or parse_category(bare) != ""


# 参加者情報, 確認事項: a group of items.
_GROUP = compile_later(r"(?:(?:参加|利用|登録|応募)(?:希望)?|希望)者の?|(?:確認|回答|記入|申請)事項|連絡先")


def _is_of_writer(compact: str, writer: Writer) -> bool:
    """Return whether words are a part of the name or the places in the form."""
    return any(compact in stated for stated in ("".join(writer.words), *writer.stated))


def _is_named(bare: str, writer: Writer) -> bool:
    """Return whether words are the writer, with a title or an office: with a title if no label names them."""
    words = bare.split()
    if len(words) > 1 and is_own_name(words[-1], writer) and all(map(is_place, words[:-1])):
        return True  # 見本町総務課 見本
    told = read_line(bare) or {}
    if Item.NAME not in told:
        return False
    if writer.name:
        return is_own_name(told[Item.NAME], writer)
    return is_role("".join(told.get(Item.TITLE, "-").split())) and is_plain(told[Item.NAME])


def _is_in_head(compact: str, texts: Sequence[str]) -> bool:
    """Return whether a name, perhaps with a title, is in the head of an old mail in this text."""
    if len(compact) > _WRAPPED:
        return False
    name = compact[: next((at for at in range(1, len(compact)) if is_title(compact[at:])), len(compact))]
    return any(name in "".join(text[:_MAX_HEAD].split()) for text in texts if _PERSON.match(text))


_MAX_HEAD = 300


def _bare(text: str) -> str:
    return strip_bullets(_IS.sub("", text)).strip(" \t　。.、,()（）【】[]〔〕<>＜＞『』「」!！")


_CAPITALS = r"(?:[A-Z][A-Za-z]{1,20},? (?:and |of |for )?){1,6}"
_SECTION_EN = compile_later(
    rf"{_CAPITALS}Section(?:, {_CAPITALS}(?:Division|Department|Office|Bureau|Section)){{0,2}}"
    r"|Section (?:Chief|Manager|Head)"
)


def is_section_en(value: str) -> bool:
    """Return whether a text is the English name of a section, or of its head."""
    return _SECTION_EN.fullmatch(value.strip()) is not None
