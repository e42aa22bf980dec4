"""What a subject may say beside a consent: that somebody applies, to what, for which office, as a reply.

A subject is a line of the writer. Each part of it, between brackets, blanks and signs, has to consist of
words of an application, of dates, or of names in the form. Any other word (下書き, 取消, 鈴木分) may be about
the application: nobody can tell.
"""

from __future__ import annotations

import re
import unicodedata

from gateway.admission.application.consent.below.lexicon import LIMITING_NAMELESS, any_of
from gateway.admission.application.consent.below.second_thought import SAYS, is_aside
from gateway.admission.application.consent.people import (
    STRANGER,
    Writer,
    is_own_name,
    is_place,
    is_role,
    is_somebody,
)
from gateway.memoize import memoize
from gateway.patterns import compile_later

_MAX, _MAX_NAME = 200, 30
_REPLY = compile_later(r"(?:\s*(?:re|aw|sv|fw|fwd|wg|返信|転送)\s*(?:\[[0-9]\])?\s*[:>]\s*)+")
_PARTS = compile_later(
    r"[\s()\[\]{}【】〔〕〈〉《》「」『』<>・･/"
    r"|,、。.!?:;&+~_=*#■□◆●○〇◎※★→⇒①-⑳\-‐-―−〜\U0001f300-\U0001faff\ufe0f]+"
)
# What is done, and the paper or mail with which it is done.
_DEEDS = """
    参加 参画 加入 入会 登録 利用 招待 申請 申込 申込み 申し込み 申しこみ 申込書 申請書 応募 希望 願い
    お願い おねがい 依頼 届 届出 書 票 様式 書式 フォーム 用紙 シート データ 内容 事項 情報 名簿 一覧 表
    表示 書類 資料 回答 返答 返信 返送 送付 送信 提出 再送 再送付 再送信 再提出 再申請
    連絡 報告 発行 追加 新規 手続
    手続き お手続き 案内 説明 説明会 研修会 研修 方法 通知 お知らせ 情報提供 問い合わせ 問合せ 質問
    質問あり 確認事項あり 訂正 一部訂正あり 追記 差替え 差し替え 差替 記入 受付 番号 送信エラー パスワード
    パスワード通知 添付 事務連絡 至急 急ぎ 重要 要返信 さんか しんせい もうしこみ 願ひ しょうたい
    とうろく 無題 件名なし 件名無し
"""
# To what, and by whom.
_WHO = """
    共創 きょうそう プラットフォーム プラットホーム pf コミュニティ コミュニティー slack スラック
    ワークスペース グループ チーム 会 貴会 貴コミュニティ 仲間 デジタル改革 デジタル デジタル庁 改革
    自治体 地方公共団体 政府機関 団体 国 県 市 町 村 区 職員 自治体職員 地方公務員 公務員 派遣職員
    会計年度任用職員 担当 担当者 参加者 参加希望者 希望者 申請者 申込者 メンバー 会員 アカウント 当市
    当町 当村 当県 当課 本市 本町 本村 本県 私 事務局 窓口 区役所 役所 役場 県庁 市役所 町役場 村役場
    区役所勤務 勤務 所属 教育委員会 サイボウズ メール 外部 庁外 庁内 外部メール 共用
"""
_LINKS = """
    に は を の と も へ で が や から より への での からの について に関する および 及び 並びに 件
    の件 等 など 分 ご お 御 この こちら このたび この度 ぜひ 是非 様 御中 各位 宛
"""
_VERBS = """
    し ます ました たい です したい したく 存じます 存じ 思います ので いたし 致し させ て ください
    下さい ませ いただき 頂き いただけ たく 送り お送りし 入れ 加え 申し込み 申込み 申し上げ ございます
    のです のですが よろしく 宜しく お世話になります お世話になっております はじめまして 初めまして
"""
_NUMBERS = (
    r"(?:令和|平成|r)?[0-9元]{1,4}年度?(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?|[0-9]{1,2}月(?:[0-9]{1,2}日)?"
    r"|[0-9]+(?:名|人|件|通|回目?|枚|点)?"
    r"|機密性[1-3](?:情報)?|(?:所属|部署|担当|課名|姓|名字)が変わります"
    r"|(?:(?:人事)?異動|着任|配属|採用|転入|組織改編|機構改革)(?:に伴う|による|のための?)"
)
_WORDS = compile_later(rf"{_NUMBERS}|{any_of(_DEEDS, _WHO, _LINKS, _VERBS)}")
# In a reply the words may be ours, or those of an earlier mail.
_REPLIED = compile_later("下書き|昨年度?|先日|前回|以前|照会|回答|様子")
_ENGLISH = compile_later(
    any_of(
        """
        application applications apply applying applicant co creation how join joining request
        requesting registration register membership member members participation participate
        participating invitation invite invited access form for to of the a an in at from and my new our
        your i we would like want wish please me us community co-creation cocreation platform pf
        workspace slack digital desk programme program group team external re fw fwd local government
        employee official staff office section division department spam mail zip xlsx docx pdf csv txt
        """
    )
)
# The code of one of our cases; the name of an organisation: Mihon Tourism Agency.
_CODE = compile_later(r"\b[A-Z0-9]{4}-[A-Z0-9]{2}\b|^\(?no subject\)?$", re.IGNORECASE)
_BODY_EN = compile_later(
    r"\b(?:(?:the )?(?:Ministry|Agency|City|Town|Village|Prefecture) of(?: [A-Z][a-z]+)+|(?:[A-Z][a-z]+ )+"
    r"(?:Office|Agency|City|Town|Village|Ward|Prefecture|Ministry|Bureau|Division|Section|Department"
    r"|Government))\b"
)
_LATIN = compile_later("[a-z'-]+")
_KANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ"))}


def is_reply_mark(subject: str) -> bool:
    """Return whether a subject begins with a mark of a reply or of a forwarded mail."""
    return _REPLY.match(unicodedata.normalize("NFKC", subject[:_MAX]).casefold()) is not None


_TITLE = compile_later(r"[\s　]*(?:件名|題名|表題|subject)[\s　]*[:：][\s　]*(\S.{0,200})", re.IGNORECASE)


def find_title(line: str) -> str:
    """Return the subject that a line in a text gives: 件名：参加申請. Empty if it is no such line."""
    found = _TITLE.fullmatch(line)
    return found[1].strip() if found is not None else ""


def is_plain_subject(subject: str, writer: Writer) -> bool:
    """Return whether a subject, decoded, only names an application, or what it replies to; or is empty."""
    if len(subject) > _MAX:
        return False
    named = _BODY_EN.sub(" ", _CODE.sub(" ", unicodedata.normalize("NFKC", subject)))
    said = named.casefold()
    mark = _REPLY.match(said)
    rest = said[mark.end() :] if mark is not None else said
    return all(_is_part_known(part, writer, is_reply=mark is not None) for part in _PARTS.split(rest))


def _is_part_known(part: str, writer: Writer, *, is_reply: bool) -> bool:
    """Return whether a part consists of known words; without a character of the writer's, of anybody's."""
    names = (*writer.words, *writer.stated, *writer.places, STRANGER.name)
    is_of_writer = not writer.name or not set(part).isdisjoint("".join(names).casefold())
    return is_known(part, writer, is_reply=is_reply) if is_of_writer else _is_known_of_all(part, is_reply)


@memoize(maxsize=512, max_key=_MAX, why="most subjects consist of the same few words")
def _is_known_of_all(part: str, is_reply: bool) -> bool:
    return is_known(part, STRANGER, is_reply=is_reply)


def is_known(part: str, writer: Writer, *, is_reply: bool) -> bool:
    """Return whether a part consists of known words, from left to right, the longest first."""
    if SAYS.search(part) and is_aside(part):
        return True
    at = 0
    while at < len(part):
        end = _read_word(part, at, writer, is_reply=is_reply)
        if end <= at:
            return False
        at = end
    return True


def _read_word(part: str, at: int, writer: Writer, *, is_reply: bool) -> int:
    """Return the end of the word that begins here; `at` if none is known."""
    if part[at].isascii() and part[at].isalpha():
        return _read_latin(part, at, writer)
    known = (_WORDS.match(part, at), _WORDS.match(part.translate(_KANA), at))
    replied = _REPLIED.match(part, at) if is_reply else None
    end = max((one.end() for one in (*known, replied) if one is not None), default=at)
    return _read_name(part, at, end, writer)


def _read_latin(part: str, at: int, writer: Writer) -> int:
    word = _LATIN.match(part, at)
    if word is None:
        return at
    names = {*writer.words, *" ".join(writer.places).casefold().split()}
    is_known = _ENGLISH.fullmatch(word.group()) is not None or word.group() in names
    return word.end() if is_known else at


def _read_name(part: str, at: int, known: int, writer: Writer) -> int:
    """Return the end of the longest name that begins here: of the writer, an office, an organisation.

    `known` is the end of the longest known word: it is returned if no name is longer.
    """
    last, least = min(len(part), at + _MAX_NAME), max(at + 1, known)
    return next((end for end in range(last, least, -1) if _is_name(part[at:end], writer)), known)


def _is_name(text: str, writer: Writer) -> bool:
    if text in writer.words or is_own_name(text, writer):
        return True
    if is_role(text) or is_place(text, writer) or _is_short(text, writer):
        return True
    return not writer.name and is_somebody(text)


def _is_short(text: str, writer: Writer) -> bool:
    """Return whether a text is short for an organisation or section in the form: 海保, 北陸地整."""
    is_within = any(_is_within(text, place) for place in writer.stated)
    return is_within and LIMITING_NAMELESS.search(text) is None


def _is_within(text: str, place: str) -> bool:
    """Return whether a place has all characters of a text, in order."""
    signs = iter(place)
    return text[-1:] in place and all(sign in signs for sign in text)
