"""Some hundred made-up cases in a real database, each brought through the desk's own steps."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gateway.admission import business_days
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Form
from gateway.admission.authority.tokens import make_number
from gateway.admission.case.decide import decide
from gateway.admission.case.events import Apply, CaseEvent, Decide, InvitationSent, Supplement, Withdraw
from gateway.admission.case.model import Background, Case, LetterCaps
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.mail.address import Address
from gateway.preview.sample_cases import DESK, PRIVATE, SATO, TOWN
from gateway.printing.statement import Statement
from gateway.store.protocol import Transaction
from gateway.store.repositories import case_repository
from gateway.store.sqlite.store import SqliteStore

FIRST = datetime(2026, 1, 5, 0, 30, tzinfo=UTC)
# Real codes: a prefecture, cities, a special ward, an association's range.
READ = Statement("read_as", word="approve")
BODIES = (
    ("大阪府", "270008"), ("大阪市", "271004"), ("千代田区", "131016"), ("札幌市", "011002"),
    ("見本広域連合", "138002"), ("見本省", ""),
)  # fmt: skip
REASONS = (
    "民間企業にお勤めの方は、参加の対象ではないためです。",
    "所属を確認できませんでした。",
    "すでに別のアドレスで参加されています。",
    "お申し込みは誤りとのご連絡をいただきました。",
    "ご事情により見送ります。",
)


async def fill(path: Path, count: int, seed: int = 1) -> None:
    """A database of `count` cases in the course of forty weeks, the same for the same seed."""
    store = SqliteStore(path, "gw.example.go.jp")
    store.open()
    dice = random.Random(seed)  # noqa: S311 - cases, not keys
    for number in range(count):
        opened_at = FIRST + timedelta(days=280 * number / count, minutes=dice.randrange(600))
        script = _script(dice, number, opened_at)
        await store.transact(lambda tx, script=script: _play(tx, script))
    store.close()


def _play(tx: Transaction, script: Sequence[tuple[datetime, CaseEvent]]) -> None:
    case: Case | None = None
    for at, intent in script:
        step = decide(case, intent, at, DESK)
        case = case_repository.save(tx, case, step)
        case_repository.enqueue(tx, case, step, at, None, LetterCaps())


def _script(dice: random.Random, number: int, opened_at: datetime) -> list[tuple[datetime, CaseEvent]]:
    """What happens to one case, and when."""
    organisation, code = dice.choice(BODIES)
    fields = {"区分": "自治体" if code else "政府機関", "団体名": organisation, "部署名": "総務課"}
    text = "".join(f"{label}: {value}\n" for label, value in (fields | {"氏名": f"見本 {number}"}).items())
    given = replace(parse_form(text + "規約への同意: 同意する\n"), code=code)
    background: Background = PRIVATE.background if dice.random() < 0.1 else TOWN.background
    applicant = Address(f"shokuin{number}", "town.mihon.lg.jp")
    half = dice.random() < 0.2
    form = replace(given, consent=Form().consent) if half else given
    script: list[tuple[datetime, CaseEvent]] = [
        (opened_at, Apply(applicant, form, background, make_number(dice.randbytes(8))))
    ]
    at = opened_at
    if half:
        at += timedelta(hours=dice.randrange(2, 90))
        script.append((at, Supplement(given, "")))
    at = _office_hours(dice, at)
    end = dice.random()
    if end < 0.82:
        approve = Decide(SATO, ParsedReply(Decision.APPROVE, "", READ), 2 if half else 1, recallable=True)
        script += [(at, approve), (at + timedelta(minutes=11), InvitationSent())]
    elif end < 0.92:
        reading = ParsedReply(Decision.DECLINE, dice.choice(REASONS), READ)
        script.append((at, Decide(SATO, reading, 2 if half else 1, recallable=True)))
    elif end < 0.95:
        script.append((at, Withdraw()))
    return script


def _office_hours(dice: random.Random, at: datetime) -> datetime:
    """When somebody decides: after none to six open days, most after one or two."""
    day = business_days.add_business_days(
        business_days.tokyo_date(at), dice.choices(range(7), (10, 40, 25, 12, 6, 4, 3))[0]
    )
    then = datetime(day.year, day.month, day.day, 16, dice.randrange(60), tzinfo=business_days.TOKYO)
    return max(then, at + timedelta(minutes=5))
