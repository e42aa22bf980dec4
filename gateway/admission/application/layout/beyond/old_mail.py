"""Somebody else's old mail below a form, without quote marks: its content is not the writer's.

It is recognised by the head that mail programs write above it, or by a heading without one, if the form above
is the writer's own: it names a person, and has two more items. Our own letters below a form are kept: people
write between their lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

from gateway.admission.application.items.labels import Item
from gateway.admission.application.items.values import clean_value
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.no_value import (
    is_form_frame,
    is_mark_of_mail,
    is_statement_of_author,
)
from gateway.mail.lines import is_quoted, is_rule
from gateway.patterns import compile_later

_LEAST = 3
_REACH = 8  # lines of a head
_FIELD = compile_later(
    r"[\s　]*(?:(?P<sender>差出人|送信者|発信者|from|sender)|送信日時|受信日時|送信日|日時|宛先|件名"
    r"|sent|date|to|cc|subject)"
    r"[\s　]{0,4}[:：](?P<value>.*)",
    re.IGNORECASE,
)
_OURS = compile_later(r"(?:request|case\+|decide\+)[^@\s]{0,60}@", re.IGNORECASE)


def drop_foreign(lines: Sequence[str]) -> list[str]:
    """Return the lines, with those of such a mail blanked."""
    quoted = max((at for at, line in enumerate(lines) if is_quoted(line)), default=-1)
    at = next((at for at in range(len(lines)) if _begins_foreign(lines, at, quoted)), len(lines))
    if at == len(lines) or any(map(is_form_frame, lines[at:])) or not _is_own_form(lines[:at]):
        return list(lines)
    return [*lines[:at], *("" for _ in lines[at:])]


def _begins_foreign(lines: Sequence[str], at: int, quoted: int) -> bool:
    """Return whether somebody else's mail begins at a line: with its head, or a heading and no head.

    `quoted` is the number of the last line with a quote mark: what is quoted ends where the marks do.
    """
    line = lines[at]
    if (":" in line or "：" in line) and _is_foreign_head(lines[at : at + _REACH]):
        return True
    if at < quoted or not announces_old_mail(lines, at):
        return False
    return not any(_FIELD.fullmatch(one[:_MAX]) for one in lines[at + 1 : at + 1 + _REACH_OF_HEAD])


_REACH_OF_HEAD = 3  # lines, with blank ones and the rule below a heading


def find_old_mail(lines: Sequence[str], begin: int) -> int:
    """Return the number of the first line from `begin` on that begins another mail, or of all lines.

    It begins with its head or its attribution, the words that pass it on, or somebody that it addresses.
    """
    return next((at for at in range(begin, len(lines)) if _begins_mail(lines, at)), len(lines))


def begins_old_mail(lines: Sequence[str], at: int) -> bool:
    """Return whether a line is what stands above an old mail; one field of its head alone does not."""
    if announces_old_mail(lines, at):
        return True
    if not is_mark_of_mail(lines[at]):
        return False
    beside = (_FIELD.fullmatch(line[:_MAX]) for line in lines[max(0, at - 1) : at + _REACH_OF_FIELD])
    return _FIELD.fullmatch(lines[at][:_MAX]) is None or sum(one is not None for one in beside) > 1


_REACH_OF_FIELD = 4  # lines


def find_end(lines: Sequence[str], begin: int, quoted: Collection[int]) -> int:
    """Return the number of the first line from `begin` on above an old mail, or of all lines.

    A sentence about the author (部長が書いた) is an attribution only above lines that were `quoted`.
    """
    found = (at for at in range(begin, len(lines)) if begins_old_mail(lines, at))
    return next((at for at in found if _is_above(lines, at, quoted)), len(lines))


def _is_above(lines: Sequence[str], at: int, quoted: Collection[int]) -> bool:
    below = next((one for one in range(at + 1, len(lines)) if lines[one].strip()), len(lines))
    return below in quoted or not is_statement_of_author(lines[at])


def _begins_mail(lines: Sequence[str], at: int) -> bool:
    line = lines[at].strip(" \t　")
    if not line:
        return False
    is_named = is_passed_on(line) or _ADDRESSED.fullmatch(line) is not None
    return is_named or is_mark_of_mail(line) or _is_foreign_head(lines[at : at + _REACH])


def announces_old_mail(lines: Sequence[str], at: int) -> bool:
    """Return whether a line is a heading of old mails: === 過去のやりとり ===, -----Original Message-----."""
    line = lines[at]
    if not 0 < len(line) <= _MAX_HEADING or _MAY_ANNOUNCE.search(line) is None:
        return False
    found = _HEADING.fullmatch(unicodedata.normalize("NFKC", line).casefold())
    if found is None:
        return False
    said = found["said"]
    if _is_old_in_latin(said) or _PASSED.fullmatch(said):
        return bool(found["open"]) or found["close"].startswith(":") or _is_between_rules(lines, at)
    is_marked = bool(found["open"]) or bool(found["says"]) or _is_between_rules(lines, at)
    return is_marked and _OLD.fullmatch("".join(said.split())) is not None


_PASSED = compile_later("(?:転送|引用|受信)された(?:メッセージ|メール)")


def _is_between_rules(lines: Sequence[str], at: int) -> bool:
    return 0 < at < len(lines) - 1 and is_rule(lines[at - 1]) and is_rule(lines[at + 1])


_MAX_HEADING = 80
_MAY_ANNOUNCE = compile_later(
    r"やりとり|やり取り|メール|ﾒｰﾙ|メッセージ|ﾒｯｾｰｼﾞ|申請|回答|返信|連絡|ログ|履歴|往復|交信|原文|引用|文面|[a-zA-Z]{4}"
)
_HEADING = compile_later(
    r"[\s]*(?P<open>[-─―=━═~〜*#<>_+‐-―−]{2,}|[【〔\[(<《■□●◆◇▼▽○◎※*〈「『])?[\s]*"
    r"(?P<says>(?:以下|下記|ここから|次)(?:は|、|,)?)?[\s]*"
    r"(?P<said>[^\s:].{0,50}?)[\s]*(?P<close>[-─―=━═~〜*#<>_+‐-―−】〕\])》〉」』◆■□●◇▼▽○◎:。\s]*)"
)
# Of an earlier time or of somebody else, and what was written then.
_WHEN = (
    r"(?:過去|以前|前回|前々回|先日|先般|先週|先月|昨年度?|去年|前年度?|昨日|これまで|今まで|従前|前任(?:者)?|前|旧|元|先方"
    r"|相手(?:方)?|同僚|返信元|転送元?|受信|当初|古い)"
)
_WHAT = (
    r"(?:やりとり|やり取り|遣り取り|(?:電子)?メール|メッセージ|申請(?:書|内容)?|回答|返信|連絡|通信|ログ|履歴|文面|往復|交信"
    r"|原文|引用)"
)
_OLD = compile_later(
    rf"(?:参考[:()】\]]{{0,2}})?{_WHEN}(?:と?の|に)?(?:お?送り|いただい|頂い|もらっ|届い|受け取っ|出し)?(?:た|ました)?{_WHAT}?"
    rf"(?:の)?{_WHAT}(?:の?(?:履歴|記録|写し|控え|内容|全文|引用))?\)?(?:より|から|です|を引用|\(?ここから\)?|は以下)?"
    rf"|参考(?:資料)?[\])】:(]{{0,2}}{_WHEN}(?:の?{_WHAT})?\)?"
    r"|(?:やりとり|やり取り|メール|メッセージ|往復|送受信|交信)の?(?:履歴|記録|ログ)|往復履歴|(?:メールの)?(?:原文|引用)(?:ここから|開始)?"
)
_NOUNS = frozenset(
    (
        *("message", "messages", "mail", "mails", "e-mail", "email", "nachricht", "mensaje", "mensajes"),
        *("messaggio", "bericht", "zpráva", "appointment", "correspondence", "history", "thread"),
        *("conversation", "originalnachricht", "original-nachricht"),
    )
)
# How the other words begin, in the languages of the mail programs here: weitergeleitete, d'origine.
_PAST = ("orig", "forward", "repl", "prev", "earl", "past", "old", "urspr", "weiterge", "d'orig", "d’orig")
_PAST_TOO = ("transf", "reenv", "původ", "oorspr", "inoltr", "histor")
_MAX_WORDS = 5


def _is_old_in_latin(said: str) -> bool:
    """Return whether words in Latin letters name an old message: ursprüngliche nachricht."""
    words = said.split()
    if not 0 < len(words) <= _MAX_WORDS or _NOUNS.isdisjoint(words):
        return False
    return any(word.startswith((*_PAST, *_PAST_TOO)) for word in words)


def is_passed_on(line: str) -> bool:
    """Return whether a line only says that another mail is passed on below it."""
    return _PASSED_ON.fullmatch(line.strip(" \t　")) is not None


# 以下、上司のメールを転送します. 鈴木課長からの案内
_PASSED_ON = compile_later(
    r"[^。@＠]{0,40}(?:転送(?!先)(?:(?:いた|致)?し(?:ます|ました))?|(?:からの|元の)(?:メール|案内|連絡|通知|依頼|お知らせ)(?:です)?)"
    r"[^。@＠]{0,10}[。:：]?"
)
_ADDRESSED = compile_later(
    r"(?!.*(?:担当|窓口|事務局|受付))[^。、@＠:：]{1,16}(?:様|さん|さま|殿|各位|くん|君)[、,へ]?|各位"
)


def _is_foreign_head(lines: Sequence[str]) -> bool:
    """Return whether a head begins here: the sender, and two more fields."""
    first = _FIELD.fullmatch(lines[0][:_MAX])
    if first is None or not first["sender"]:
        return False
    fields = [field for line in lines if (field := _FIELD.fullmatch(line[:_MAX])) is not None]
    return len(fields) >= _LEAST and _OURS.search(first["value"]) is None


_MAX = 300


def _is_own_form(lines: Sequence[str]) -> bool:
    held = [one for one in map(parse_line, lines) if one is not None]
    items = {item for item, value in held if clean_value(value)}
    return Item.NAME in items and len(items) >= _LEAST
