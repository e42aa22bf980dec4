"""What a staff member's reply says: approve, decline, ask, hold, undo, a question to the desk, or nothing.

A decision counts only when every sentence of the writer's own words is the decision itself or harmless. All
else is asked for word and code, which costs one more mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Literal

from gateway.admission.authority.binding import TOO_LONG
from gateway.admission.replies.commands import below_code, emergency
from gateway.admission.replies.commands.word_and_code import find_code
from gateway.admission.replies.context import NO_CONTEXT, ReplyContext, build_slots
from gateway.admission.replies.grammar.beside.mistakes import is_mistake, takes_back
from gateway.admission.replies.grammar.beside.reasons import (
    find_asides,
    find_supports,
    find_turned,
    find_unasked,
)
from gateway.admission.replies.grammar.beside.requests import is_asked
from gateway.admission.replies.grammar.grounds.founded import find_groundless
from gateway.admission.replies.grammar.matching import find_torn, is_in_place, read_decisions
from gateway.admission.replies.grammar.units import (
    DecidingMatch,
    Unit,
    show_words,
    tell_near_miss,
)
from gateway.admission.replies.notes import note as notes
from gateway.admission.replies.notes.hold_date import ANY_DAY, read_hold_date
from gateway.admission.replies.notes.hold_limit import settle_day
from gateway.admission.replies.other_parts import find_own_part, find_unread_in_subject, is_shown
from gateway.admission.replies.text import own_words
from gateway.admission.replies.text.own_words import OwnLine, OwnWords
from gateway.printing.statement import Statement

MAX_UNREAD = 3


class Decision(StrEnum):
    """The words that a reply can hold; `stop` and `resume` are about the desk, those from `reply` to
    `handover` count beside the code alone, the last four decide nothing about a case."""

    APPROVE = "approve"
    DECLINE = "decline"
    ASK = "ask"
    HOLD = "hold"
    UNDO = "undo"
    TAKE = "take"
    JOINED = "joined"
    RESEND = "resend"
    AFFILIATED = "affiliated"
    STOP = "stop"
    RESUME = "resume"
    REPLY = "reply"
    MEMO = "memo"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    CORRECT = "correct"
    HANDOVER = "handover"
    LIST = "list"
    STATUS = "status"
    HELP = "help"
    NONE = "none"


# Words that change something; the others ask.
CHANGING = frozenset(Decision) - {Decision.NONE, Decision.LIST, Decision.STATUS, Decision.HELP}
ReplyKind = Literal[
    "", "footer", "quotation", "sentence", "date", "unbound", "html", "subject", "code", "automatic"
]


@dataclass(frozen=True, slots=True)
class ParsedReply:
    """`note` is the reason, the question or the date as written (at most 1,000 characters, may be empty);
    `why` tells the writer how the mail was read. Of a mail that is unclear, `unread` are up to three
    sentences that were not understood, and `kind` where they stand (`code`: a wrong one). `by_code`: word and
    code decided. `left_out` is what of a clear mail is not passed on, `until` the day a hold ends.
    `takes_back`: words of undoing stand in a mail that is unclear."""

    decision: Decision
    note: str
    why: Statement
    unread: tuple[str, ...] = ()
    kind: ReplyKind = ""
    by_code: bool = False
    left_out: tuple[str, ...] = ()
    until: date | None = None
    takes_back: bool = False


# Words with a text that is passed on; what follows any other must be harmless.
_NOTED = frozenset({Decision.DECLINE, Decision.ASK, Decision.HOLD, Decision.AFFILIATED})
_DOUBT, STOP_ASKED = Statement("doubt"), Statement("stop_asked")


def parse(
    text: str,
    subject: str = "",
    context: ReplyContext = NO_CONTEXT,
    *,
    html_text: str = "",
    automatic: bool = False,
) -> ParsedReply:
    """Read a reply: its plain text, and what its HTML part shows; `automatic`: a machine wrote it."""
    if automatic:
        return _unclear(Statement("machine"), "automatic")
    written = text if text.strip() else html_text
    own = own_words.split(written, context.letter_lines, context.known_lines, build_slots(context))
    if not own.is_whole():
        return _unclear(TOO_LONG, "sentence")
    reading = _parse(own, text, subject, context, html_text)
    asks = reading.decision is Decision.NONE and reading.kind != "code" and emergency.names_stop(own.text)
    return replace(reading, why=STOP_ASKED) if asks else reading


def _parse(own: OwnWords, text: str, subject: str, context: ReplyContext, html_text: str) -> ParsedReply:
    coded = _read_code(own, context)
    if coded is None and not text.strip() and html_text.strip():
        return _unclear(Statement("html_alone"), "html")
    slots = build_slots(context)
    if said := emergency.read_emergency(own, slots) if coded is None else "":
        shown = own_words.split(html_text, context.letter_lines, context.known_lines, slots)
        same = not html_text or (shown.is_whole() and said == emergency.read_emergency(shown, slots))
        return _decided(Decision(said)) if same else _unclear(Statement("html_differs"), "html")
    reading = _settle_hold(_read(own, context) if coded is None else coded, subject, context)
    if reading.decision is Decision.NONE:
        return reading
    if text.strip() and html_text and not is_shown(own, text, html_text, context, coded=reading.by_code):
        return unclear_instead(reading, Statement("html_differs"), "html")
    return _settle_subject(reading, subject, context) if reading.decision in CHANGING else reading


def _settle_subject(reading: ParsedReply, subject: str, context: ReplyContext) -> ParsedReply:
    """The reading, or unclear where the Subject says more; a question to the desk changes nothing."""
    unread = find_unread_in_subject(subject, reading.decision.value, context, coded=reading.by_code)
    unclear = unclear_instead(reading, Statement("subject_differs"), "subject")
    return replace(unclear, unread=unread[:MAX_UNREAD]) if unread else reading


def _settle_hold(reading: ParsedReply, subject: str, context: ReplyContext) -> ParsedReply:
    """A hold with the one day that its words, its note and the Subject name; unclear where they differ."""
    if reading.decision is not Decision.HOLD or context.today is None:
        return reading
    beside = f"{reading.note}\n{find_own_part(subject, context.letter_subject)}"
    day = settle_day(show_words(reading.note or subject), beside, reading.until, context.today)
    if isinstance(day, Statement):
        return unclear_instead(reading, day, "date")
    return replace(reading, until=day)


def unclear_instead(reading: ParsedReply, why: Statement, kind: ReplyKind) -> ParsedReply:
    """A reading that must not count after all; that somebody wants to undo is not forgotten."""
    return replace(_unclear(why, kind), takes_back=reading.takes_back or reading.decision is Decision.UNDO)


def parse_fresh(text: str, context: ReplyContext = NO_CONTEXT) -> ParsedReply:
    """Read a text that is known to be the writer's own."""
    lines = OwnWords(tuple(map(OwnLine, text.split("\n"))))
    if not lines.is_whole():
        return _unclear(TOO_LONG, "sentence")
    return _settle_hold(_read(lines, context), "", context)


def _read(own: OwnWords, context: ReplyContext) -> ParsedReply:
    units = read_decisions(own, build_slots(context))
    reading = _resolve(units, own, context)
    is_undo = reading.decision is Decision.NONE and any(map(takes_back, units))
    return replace(reading, takes_back=True) if is_undo else reading


def _resolve(units: Sequence[Unit], own: OwnWords, context: ReplyContext) -> ParsedReply:
    found = [at for at, unit in enumerate(units) if unit.match is not None]
    unknown = [unit for unit in units if unit.is_unknown]
    if not found:
        near = next((unit for unit in unknown if unit.has_stem), None)
        return _not_understood(unknown, tell_near_miss(near) if near else Statement("no_decision"))
    decided = [(at, match) for at in found if (match := units[at].match) is not None]
    if len({match.decision for _, match in decided}) > 1:
        return _unclear(Statement("two_decisions"), "sentence", [units[at] for at in found])
    misplaced = next((units[at] for at in found if not is_in_place(units, at)), None)
    if misplaced is not None:
        return _not_understood([misplaced], Statement("misplaced"))
    at, match = decided[0]
    noted = match.decision in _NOTED
    torn = units[at] if is_asked(units, at) else find_torn(units, at, own.text, noted=noted)
    if torn is not None:
        return _unclear(tell_near_miss(torn), "sentence", [torn])
    if noted:
        return _resolve_noted(units, at, match, own, context)
    unknown += find_supports(units, match.decision)
    if match.decision == Decision.UNDO:
        unknown = [unit for unit in unknown if not is_mistake(unit)]
    return _not_understood(unknown, _DOUBT) if unknown else _decided(Decision(match.decision))


def _resolve_noted(
    units: Sequence[Unit], at: int, match: DecidingMatch, own: OwnWords, context: ReplyContext
) -> ParsedReply:
    """A refusal with reasons of known kinds, a question or a pause with any text that does not turn it."""
    slots = build_slots(context)
    if turned := find_turned(units, match, slots) or find_groundless(units, match, slots):
        return _not_understood(turned, _DOUBT)
    told = _resolve_told(units, at, match, own.text, context)
    if match.decision != Decision.HOLD:
        return told
    day = read_hold_date(match.until, context.today or ANY_DAY) if match.until else None
    if match.until and day is None:
        return _unclear(Statement("no_day", said=match.until), "date", [units[at]])
    said = "\n".join(part for part in (match.until, told.note) if part)
    return _pass_on(replace(told, note=said, until=day if context.today else None))


def _resolve_told(
    units: Sequence[Unit],
    at: int,
    match: DecidingMatch,
    text: str,
    context: ReplyContext,
    *,
    coded: bool = False,
) -> ParsedReply:
    """The decision with its note; what may be said to a colleague is sent to no applicant, unless word and
    code are above it and nothing in it is a remark."""
    note = notes.find_note(units, at, match, text)
    if match.decision == Decision.ASK:
        strange = (find_asides if coded else find_unasked)(units, note.text, build_slots(context))
        if strange:
            return _not_understood(strange, _DOUBT)
    return _pass_on(replace(_decided(Decision(match.decision)), note=note.text, left_out=note.left_out))


def _pass_on(reading: ParsedReply) -> ParsedReply:
    """A reading whose text is passed on as a whole, or not at all: its end may say the contrary."""
    return reading if len(reading.note) <= notes.MAX_NOTE else _unclear(TOO_LONG, "sentence")


def _read_code(own: OwnWords, context: ReplyContext) -> ParsedReply | None:
    """The decision by word and code, the refusal of a wrong one, or None for a reply in natural words."""
    coded = find_code(own, context.code) if context.code else None
    if coded is None:
        return None
    if not coded.is_right:
        return replace(_unclear(Statement("wrong_code"), "code"), takes_back=coded.decision == "undo")
    below = own.lines[coded.line + 1 : coded.line + 2]
    if below and below[0].text.strip():
        return replace(_unclear(_DOUBT, "sentence"), unread=(show_words(below[0].text),))
    rest = OwnWords((*own.lines[: coded.line], OwnLine(""), *own.lines[coded.line + 1 :]))
    return _decide_by_code(Decision(coded.decision), rest, context)


def _decide_by_code(decision: Decision, below: OwnWords, context: ReplyContext) -> ParsedReply:
    """What stands below word and code must be known, or a line that we showed as not understood."""
    if decision.value in below_code.WITH_TEXT:
        said = below_code.read_below(decision.value, below, context)
        if said.unread:
            return _not_understood(said.unread, _DOUBT)
        return _pass_on(replace(_decided(decision), note=said.note, by_code=True))
    rest, slots = below_code.drop_shown(below, context, decision.value), build_slots(context)
    units = read_decisions(rest, slots, decided=True)
    new = below_code.find_new(units, context, decision.value)
    if decision is Decision.UNDO:
        new = [unit for unit in new if unit.match is not None or not is_mistake(unit)]
    new += find_supports(units, decision.value)
    if not new:
        return replace(_decided(decision), by_code=True)
    if (
        decision not in _NOTED
        or any(unit.match for unit in new)
        or find_turned(units, DecidingMatch(decision), slots)
    ):
        return _not_understood(new, _DOUBT)
    first = replace(units[0], sentence=replace(units[0].sentence, start=0, stop=0))
    told = _resolve_told([first, *units], 0, DecidingMatch(decision), rest.text, context, coded=True)
    return replace(told, by_code=told.decision is not Decision.NONE)


def _decided(decision: Decision) -> ParsedReply:
    return ParsedReply(decision, "", Statement("read_as", word=decision.value))


def _unclear(why: Statement, kind: ReplyKind, units: Sequence[Unit] = ()) -> ParsedReply:
    unread = tuple(show_words(unit.sentence.raw + unit.sentence.mark) for unit in units[:MAX_UNREAD])
    return ParsedReply(Decision.NONE, "", why, unread, kind)


def _not_understood(units: Sequence[Unit], why: Statement) -> ParsedReply:
    """Unclear because of these sentences; the kind is where the first of them stands."""
    first = units[0].line if units else OwnLine("")
    quoted = first.label == "old" or first.wrapped
    kind: ReplyKind = "quotation" if quoted else "footer" if first.label else "sentence"
    return _unclear(why, kind, units)
