"""The console's requests about cases and the desk, while `console.decisions` allows them, and absences.

The answers are plain: `what` happened, why not, the text of the letters that would be sent, and the secret
that a browser keeps after a correct code.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import TypeVar

from gateway.admission.case.model import Desk, Letter, MailChoice
from gateway.admission.replies.reading import Decision
from gateway.app.service import Gateway
from gateway.app.serving.console.asking import make_secret, read_text, read_times, transact
from gateway.log import events
from gateway.net.control.server import Asked, RefusedQuestionError
from gateway.printing.statement import Statement, to_stored
from gateway.store.console import outcome
from gateway.store.console.accounts import preferences
from gateway.store.console.acts import (
    batches,
    confirming,
    deciding,
    operating,
)
from gateway.store.console.acts.batches import Batch
from gateway.store.console.acts.confirming import Browser
from gateway.store.console.acts.deciding import Said
from gateway.store.console.acts.operating import Order
from gateway.store.console.outcome import Member, Outcome, What
from gateway.store.protocol import Transaction

PROPOSE, DECIDE, SAY, SEND_ME = "case.propose", "case.decide", "case.say", "case.send_me"
PROPOSE_BATCH, DECIDE_BATCH = "batch.propose", "batch.decide"
PROPOSE_ORDER, ORDER = "desk.propose", "desk.order"
ABSENCE, MAIL = "me.absence", "me.mail"
ALLOWED = "confirmed"
MAX_TYPED = 4_000
MAX_LIST = 50 * batches.MAX_CASES
_WORDS = {one.value: one for one in deciding.CONFIRMED | deciding.UNCONFIRMED}
T = TypeVar("T")  # what a form says
Question = Callable[[Asked], Awaitable[object]]
Work = Callable[[Transaction, Member, datetime, Desk], Outcome]


def build_act_questions(app: Gateway) -> dict[str, Question]:
    """Return the handlers. What concerns the member alone ignores `console.decisions`."""
    return {
        PROPOSE: _build_proposal(app, _read_said, deciding.propose),
        DECIDE: _build_confirmation(app, _read_said, deciding.carry_out),
        SAY: _build_direct(app, _read_said, deciding.say),
        SEND_ME: _build_direct(app, _read_case, deciding.send_me, is_harmless=True),
        ABSENCE: _build_direct(app, _read_days, preferences.note_absence, is_harmless=True),
        MAIL: _build_direct(app, _read_choice, preferences.choose_mail, is_harmless=True),
        PROPOSE_BATCH: _build_proposal(app, _read_batch, batches.propose),
        DECIDE_BATCH: _build_confirmation(app, _read_batch, batches.carry_out),
        PROPOSE_ORDER: _build_proposal(app, _read_order, operating.propose),
        ORDER: _build_confirmation(app, _read_order, operating.carry_out),
    }


def _build_direct(
    app: Gateway,
    read: Callable[[Asked], T],
    carry_out: Callable[[Transaction, Member, T, datetime, Desk], Outcome],
    *,
    is_harmless: bool = False,
) -> Question:
    """Return the handler of a form that takes effect without a code, as often as allowed in an hour."""

    async def ask(asked: Asked) -> object:
        said = read(asked)

        def work(tx: Transaction, who: Member, now: datetime, desk: Desk) -> Outcome:
            is_busy = outcome.is_busy(tx, who, now)
            return Outcome(What.MANY) if is_busy else carry_out(tx, who, said, now, desk)

        return await _act(app, asked, work, is_harmless=is_harmless)

    return ask


def _build_proposal(
    app: Gateway,
    read: Callable[[Asked], T],
    propose: Callable[[Transaction, Member, T, Browser, datetime, Desk], Outcome],
) -> Question:
    """Return the handler that shows what a form would do, and registers it for confirmation."""

    async def ask(asked: Asked) -> object:
        said, browser = read(asked), _read_browser(asked)
        return await _act(app, asked, lambda tx, who, now, desk: propose(tx, who, said, browser, now, desk))

    return ask


def _build_confirmation(
    app: Gateway,
    read: Callable[[Asked], T],
    carry_out: Callable[[Transaction, Member, T, Browser, str, datetime, Desk], Outcome],
) -> Question:
    """Return the handler that executes a registered form with its code."""

    async def ask(asked: Asked) -> object:
        said, browser, code = read(asked), _read_browser(asked), read_text(asked, "code")
        return await _act(
            app, asked, lambda tx, who, now, desk: carry_out(tx, who, said, browser, code, now, desk)
        )

    return ask


async def _act(app: Gateway, asked: Asked, work: Work, *, is_harmless: bool = False) -> object:
    """Act as the member of the session; a correct code gives the browser a grant."""
    if app.config.console.decisions != ALLOWED and not is_harmless:
        return await _answer(app, Outcome(What.OFF))
    session, fresh, times = read_text(asked, "session"), make_secret(), read_times(app)

    def run(tx: Transaction, now: datetime, desk: Desk) -> tuple[Outcome, str]:
        member = outcome.find_member(tx, session, now, desk, times)
        if member is None:
            return Outcome(What.ENDED), ""
        done = work(tx, member, now, desk)
        if done.is_granted:
            confirming.grant(tx, member.session, fresh, now)
        return done, member.session.member

    done, who = await transact(app, run)
    if done.what is What.WRONG:
        events.console_code_wrong(read_text(asked, "client"))
    if done.what is What.MANY:
        events.console_limited(who)
    if done.what is What.DONE:
        for number, part in done.parts or ((read_text(asked, "number"), done),):
            if part.what is What.DONE:
                events.console_acted(who, number)
    return {**await _answer(app, done), "grant": fresh if done.is_granted else ""}


async def _answer(app: Gateway, done: Outcome) -> dict[str, object]:
    return {
        "what": done.what.value,
        "why": to_stored(done.why) if isinstance(done.why, Statement) else None,
        "unread": list(done.unread),
        "letters": await asyncio.to_thread(_put_into_words, app, done) if done.what is What.READY else [],
        "state": done.state.value if done.state else "",
        "is_first": done.is_first,
        "is_coded": done.is_coded,
        "parts": [{"number": number, **await _answer(app, part)} for number, part in done.parts],
    }


def _put_into_words(app: Gateway, done: Outcome) -> list[Mapping[str, str]]:
    """Return each letter as it would be sent; for an invitation, also who sends it, and when."""
    now = app.now()
    return [
        {
            "letter": one.letter.value,
            "to": str(one.to),
            "subject": made.subject,
            "text": made.text,
            "at": one.not_before.isoformat() if one.not_before and one.not_before > now else "",
            "sender": app.config.invitation.sender if one.letter is Letter.INVITATION else "mail",
        }
        for one in done.letters
        for made in (app.dispatch.preview(one, now),)
    ]


def _read_said(asked: Asked) -> Said:
    """Parse a form about a case. Raises RefusedQuestionError for what none of our forms sends."""
    word = _WORDS.get(read_text(asked, "word"))
    if word is None:
        raise RefusedQuestionError("word: not a console command")
    return Said(
        read_text(asked, "number").upper(),
        read_text(asked, "shown"),
        Decision(word),
        read_text(asked, "text", MAX_TYPED),
        _read_day(asked, "until"),
    )


def _read_case(asked: Asked) -> str:
    return read_text(asked, "number")


def _read_batch(asked: Asked) -> Batch:
    """Parse `NUMBER=MARK` for each case, each once. Raises RefusedQuestionError for none or too many."""
    pairs = [one.partition("=") for one in read_text(asked, "cases", MAX_LIST).split()]
    cases = {number.upper(): shown for number, _, shown in pairs}
    if not 0 < len(cases) <= batches.MAX_CASES:
        raise RefusedQuestionError(f"cases: expected 1 to {batches.MAX_CASES}")
    return Batch(tuple(sorted(cases.items())))


def _read_days(asked: Asked) -> tuple[date, date] | None:
    """Parse first and last day; None for neither. Raises RefusedQuestionError for one without the other."""
    first, last = _read_day(asked, "first"), _read_day(asked, "last")
    if (first is None) is not (last is None):
        raise RefusedQuestionError("first, last: expected both or none")
    return (first, last) if first and last else None


def _read_choice(asked: Asked) -> MailChoice | None:
    """Parse a choice of letters; None for that of the settings. Raises RefusedQuestionError for another."""
    text = read_text(asked, "choice")
    try:
        return MailChoice(text) if text else None
    except ValueError as error:
        raise RefusedQuestionError("choice: expected each, digest, mine or nothing") from error


def _read_day(asked: Asked, name: str) -> date | None:
    text = read_text(asked, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RefusedQuestionError(f"{name}: expected a date such as 2026-04-01") from error


def _read_order(asked: Asked) -> Order:
    return Order(read_text(asked, "word"), read_text(asked, "what"))


def _read_browser(asked: Asked) -> Browser:
    return Browser(read_text(asked, "slip"), read_text(asked, "grant"))
