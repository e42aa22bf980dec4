"""Finds the dates that a text next to a hold names as its end: all must be valid and equal.

期限は12月10日です。, 12月10日まで and a line that is a date name one; a text may name none.
"""

from __future__ import annotations

from datetime import date

from gateway.admission.replies.notes.hold_date import ANY_DAY, can_hold_until, read_hold_date
from gateway.admission.replies.text.sentences import fold_phrase
from gateway.patterns import compile_later
from gateway.printing.statement import Statement

_PARTS = compile_later(r"[。\n、,!]|[　 ](?=[^ -~])|\. ")
_LABELLED = compile_later(
    r"(?:(?:保留|再開|回答|判断)の?)?(?:期限|期日|期間|終期|締め?切り?|〆切|再開日?|until|till|deadline|due|hold)[日]?"
    r" ?[:は]? ?|(?:保留|hold)(?:は|を|します)? ?"
)
_CLOSING = compile_later(
    r"(?:です|とします|と(?:いた|致)?します|(?:(?<!ま)で)?お願い(?:いた|致)?します|保留(?:で|とします|します)?|に再開(?:します)?)$"
    # 12月10日に判断します, 来週月曜の課長会議に諮ったうえで回答します: the hold ends when somebody decides.
    r"|(?:の[^、。0-9]{0,8}(?:会議|委員会|協議会|議会)(?:に諮(?:り|った(?:うえ|上)で)|で|(?:の)?(?:後|あと)に?))?(?:に|には)?(?:改めて|再度)?"
    r"(?:ご|お)?(?:判断|回答|返事|返答|連絡|決定|決裁|検討|再検討|審査|見直し)(?:を)?(?:(?:(?:いた|致)?し)?ます|する(?:予定です)?)$"
)
# 期限：未定 is meant as a date, too.
_NAMED = compile_later(r"(?:期限|期日|締め?切り?|〆切|until|till|deadline)日? ?(?:[:は]|(?<=[a-z]) )")
_MEANT = compile_later(r"まで|期限|期日|締め?切|〆切|再開|until|till|deadline|\bdue\b")
_DATED = compile_later(
    r"\d ?(?:[月日/.-]|週|か月|ヶ月)|\d{6}|[今来再明翌][来々]?(?:週|月|年|日)|月末|年度|週明け|曜"
)
# 12月10日、ではなく12日: a date that replaces another one, or for which something is planned.
_BARE_DAY = compile_later(r"\d{1,2} ?日?")
_PLANNED = compile_later(
    r"^(?:ではな|じゃな|いや|いえ|訂正|もしくは|または|又は|or |not )|(?:ではな|じゃな)[いく]|訂正"
    r"|[^たて](?:ます|予定(?:です)?|する|たい(?:です)?)$"
    r"|(?:に|で)(?:は)?(?:判断|決定|回答|返事|決裁|結論|連絡)$|\b(?:instead|rather|not|will|decide)\b"
)
_REASON = compile_later(r"(?:ため|ので|ことから|により|につき|から)(?:です)?$")


def read_limits(text: str, today: date) -> frozenset[date | None]:
    """Return the dates that the parts of a text name as the end of a hold; None for an invalid one."""
    return frozenset(day for part in _split(text) for day in _read_part(part, today))


def settle_day(said: str, text: str, until: date | None, today: date) -> date | Statement | None:
    """Return the one date named by the words of a hold and by the text next to it.

    `until` is the date parsed from `said`. None if no date is named; a statement with the reason if there are
    several, or the date is not within a year.
    """
    days = read_limits(text, today) | ({until} if until else set())
    if None in days or len(days) > 1:
        return Statement("no_day", said=said)
    day = next(iter(days), None)
    return Statement("day_out_of_range") if day is not None and not can_hold_until(day, today) else day


def _split(text: str) -> list[str]:
    return [part for part in _PARTS.split(fold_phrase(text)) if part.strip(" ・*-")]


def _read_part(part: str, today: date) -> frozenset[date | None]:
    said = part.strip(" ・*-")
    bare = _CLOSING.sub("", _LABELLED.sub("", said, count=1) if _LABELLED.match(said) else said)
    for day in (said, bare):
        if read_hold_date(day, ANY_DAY) is not None:
            return frozenset({read_hold_date(day, today)})
    is_meant = _MEANT.search(said) is not None and _DATED.search(said) is not None
    is_meant = is_meant or _NAMED.match(said) is not None or _BARE_DAY.fullmatch(bare) is not None
    is_meant = is_meant or (_DATED.search(said) is not None and _PLANNED.search(said) is not None)
    return frozenset({None}) if is_meant and not _REASON.search(said) else frozenset()
