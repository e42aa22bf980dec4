"""The console's own texts: views, short states, dates and times, and the terms of the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import LiteralString

from gateway.admission.business_days import TOKYO, tokyo_date
from gateway.admission.case.deadlines import DeadlineKind
from gateway.admission.case.model import State
from gateway.admission.terms import wording, wording_english
from gateway.printing.bilingual import EMPTY, Text, both
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.store.protocol import LetterState

WEEKDAYS = "月火水木金土日"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

VIEWS: Mapping[str, Text] = {
    "waiting": both("判断待ち", "Awaiting decision"),
    "hold": both("保留", "On hold"),
    "applicant": both("申請者待ち", "Waiting for applicant"),
    "undeliverable": both("不達", "Undeliverable"),
    "leaving": both("送信前", "Not yet sent"),
    "mine": both("私の担当", "My cases"),
}

STATES: Mapping[State, Text] = {
    State.RECEIVED: both("受付済み", "received"),
    State.NEEDS_INFORMATION: both("追記待ち", "incomplete"),
    State.AWAITING_AFFILIATION: both("所属確認待ち", "affiliation check"),
    State.UNDER_REVIEW: both("判断待ち", "awaiting decision"),
    State.ON_HOLD: both("保留", "on hold"),
    State.APPROVED: both("承認（送信前）", "approved (not yet sent)"),
    State.INVITED: both("招待済み", "invited"),
    State.JOINED: both("参加済み", "joined"),
    State.DECLINED: both("却下", "declined"),
    State.WITHDRAWN: both("取り下げ", "withdrawn"),
    State.EXPIRED: both("期限切れ", "expired"),
    State.UNDELIVERABLE: both("不達", "undeliverable"),
}

LETTER_STATES: Mapping[LetterState, Text] = {
    LetterState.QUEUED: both("送信待ち", "queued"),
    LetterState.DEFERRED: both("再送待ち", "deferred"),
    LetterState.HELD: both("停止中", "held"),
    LetterState.SENT: both("送信済み", "sent"),
    LetterState.REFUSED: both("届かず", "undelivered"),
    LetterState.RECALLED: both("取りやめ", "recalled"),
}

# What happens by itself on a date.
COMING: Mapping[DeadlineKind, Text] = {
    DeadlineKind.DUE: both("担当者に、期限が近いことを知らせます", "the staff are reminded of the due date"),
    DeadlineKind.HOLD_OVER: both(
        "保留が終わり、審査に戻ります", "the hold ends, and the case is under review again"
    ),
    DeadlineKind.REMIND: both("申請者に、もう一度お願いのメールを送ります", "the applicant is reminded"),
    DeadlineKind.CHECK_REMIND: both(
        "在籍をお尋ねした方に、もう一度お尋ねします", "the person asked about the affiliation is reminded"
    ),
    DeadlineKind.CLOSE: both(
        "返事がないときは、申請を終わらせます", "without an answer, the application is closed"
    ),
    DeadlineKind.INVITATION_REMIND: both(
        "招待の期限を、申請者に知らせます", "the applicant is reminded that the invitation expires"
    ),
    DeadlineKind.INVITATION_OVER: both(
        "招待の期限が切れ、申請を終わらせます", "the invitation expires, and the application is closed"
    ),
}

UNHEARD: Mapping[str, Text] = {
    "form": both("申請の項目があります", "contains items of an application"),
    "decision": both("判断の言葉があります", "contains a decision word"),
    "words": both("文があります", "contains text"),
    "mail": both("自動のメール", "automatic mail"),
}


def show_day(day: date) -> Text:
    """Return a date: 11月27日（金）."""
    weekday = day.weekday()
    return Text(
        Ours(f"{day.month}月{day.day}日（{WEEKDAYS[weekday]}）"),
        Ours(f"{_DAYS[weekday]} {day.day} {_MONTHS[day.month - 1]}"),
    )


def show_moment(moment: datetime) -> Ours:
    """Return a time in Japan: 2026/11/27 09:05."""
    return Ours(f"{moment.astimezone(TOKYO):%Y/%m/%d %H:%M}")


def tell_due(due_on: date, now: datetime) -> Text:
    """Return whether a case is due or overdue: 本日まで, 3日超過; empty for a future date."""
    days = (tokyo_date(now) - due_on).days
    if days > 0:
        return Text(Ours(f"{days}日超過"), Ours(f"{count(days, 'day')} overdue"))
    return both("本日まで", "due today") if days == 0 else EMPTY


def tell_cases(number: int, most: int) -> Text:
    """Return a number of cases that were counted up to `most`: 12件, 1,000件以上."""
    if number < most:
        return Text(Ours(f"{number}件"), Ours(f"{number}"))
    return Text(Ours(f"{most:,}件以上"), Ours(f"{most:,} or more"))


def count(number: int, what: LiteralString) -> str:
    """Return a number of things in English: 1 day, 2 days."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def name_letter(letter: str) -> Text:
    """Return the title of a letter."""
    return Text(Ours(wording.letter_title(letter)), Ours(wording_english.LETTERS.get(letter, letter)))


def name_proof(grade: str) -> Text:
    """Return a grade of authentication as a sign and text."""
    english = wording_english.PROOF.get(grade, wording_english.PROOF["none"])
    return Text(Ours(wording.proof_text(grade)), Ours(english))


def name_kind(domain_kind: str) -> Text:
    """Return the text for a class of domains."""
    english = wording_english.KINDS.get(domain_kind, domain_kind)
    return Text(Ours(wording.kind_text(domain_kind)), Ours(english))


def name_answer(answer: str, counts: bool) -> Text:
    """Return the text for an answer about an affiliation."""
    known = wording_english.ANSWERS
    english = wording_english.CONFIRMED if counts else known.get(answer, known[""])
    return Text(Ours(wording.answer_text(answer, counts)), Ours(english))


def name_value(item: str, value: str | Outside) -> Text | Outside:
    """Return a form value; a choice of ours is in both languages."""
    english = wording_english.VALUES.get((item, value))
    found = wording.value_text(item, value)
    if isinstance(found, Outside):
        return found
    return Outside(found) if english is None else Text(Ours(found), Ours(english))


FILTERS: Mapping[str, Callable[..., Text | Ours]] = {"day": show_day, "moment": show_moment}
