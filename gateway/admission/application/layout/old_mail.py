"""Somebody else's old mail below a form, without quote marks: its content is not the writer's.

It is recognised by the head that mail programs write above it, if the form above is the writer's own: it
names a person, and has two more items. Our own letters below a form are kept: people write between their
lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gateway.admission.application.labels import Item
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.no_value import is_form_frame, is_mark_of_mail
from gateway.admission.application.values import clean_value
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
    fields = (at for at, line in enumerate(lines) if ":" in line or "：" in line)
    at = next((at for at in fields if _is_foreign_head(lines[at : at + _REACH])), len(lines))
    if at == len(lines) or any(map(is_form_frame, lines[at:])) or not _is_own_form(lines[:at]):
        return list(lines)
    return [*lines[:at], *("" for _ in lines[at:])]


def find_old_mail(lines: Sequence[str], begin: int) -> int:
    """Return the number of the first line from `begin` on that begins another mail, or of all lines.

    It begins with its head or its attribution, the words that pass it on, or somebody that it addresses.
    """
    return next((at for at in range(begin, len(lines)) if _begins_mail(lines, at)), len(lines))


def begins_old_mail(lines: Sequence[str], at: int) -> bool:
    """Return whether a line is what mail programs write above an old mail; one field alone is no head."""
    if not is_mark_of_mail(lines[at]):
        return False
    beside = (_FIELD.fullmatch(line[:_MAX]) for line in lines[max(0, at - 1) : at + _REACH_OF_FIELD])
    return _FIELD.fullmatch(lines[at][:_MAX]) is None or sum(one is not None for one in beside) > 1


_REACH_OF_FIELD = 4  # lines


def _begins_mail(lines: Sequence[str], at: int) -> bool:
    line = lines[at].strip(" \t　")
    if not line:
        return False
    is_named = is_passed_on(line) or _ADDRESSED.fullmatch(line) is not None
    return is_named or is_mark_of_mail(line) or _is_foreign_head(lines[at : at + _REACH])


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
