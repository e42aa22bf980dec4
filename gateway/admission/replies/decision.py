"""Parses a staff reply: approve, decline, ask, hold, undo, a query to the desk, or nothing.

A decision counts only if every sentence of the author's own text is the decision itself or harmless. Any
other reply is answered with a request for word and code, which costs one more mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gateway.admission.authority.bond import TOO_LONG
from gateway.admission.replies.commands import below_code, emergency
from gateway.admission.replies.commands.word_and_code import find_code, fold_code
from gateway.admission.replies.context import NO_CONTEXT, ReplyContext, build_slots
from gateway.admission.replies.grammar.beside.mistakes import is_mistake, takes_back
from gateway.admission.replies.grammar.beside.reasons import (
    find_asides,
    find_supports,
    find_turned,
    find_unasked,
)
from gateway.admission.replies.grammar.beside.requests import is_asked as is_requested
from gateway.admission.replies.grammar.grounds.asked import is_asked
from gateway.admission.replies.grammar.grounds.founded import find_groundless
from gateway.admission.replies.grammar.parsing.matching import find_torn, is_in_place, read_decisions
from gateway.admission.replies.grammar.parsing.units import (
    DecidingMatch,
    Unit,
    show_words,
    tell_near_miss,
)
from gateway.admission.replies.notes import elsewhere
from gateway.admission.replies.notes import note as notes
from gateway.admission.replies.notes.hold_date import ANY_DAY, read_hold_date
from gateway.admission.replies.notes.hold_limit import settle_day
from gateway.admission.replies.reading import (
    CHANGING,
    MAX_UNREAD,
    NOTHING_SAID,
    Decision,
    ParsedReply,
    decided_on,
    not_understood,
    unclear,
    unclear_instead,
)
from gateway.admission.replies.text import own_words
from gateway.admission.replies.text.other_parts import find_own_part, find_unread_in_subject, is_shown
from gateway.admission.replies.text.own_words import OwnLine, OwnWords
from gateway.printing.statement import Statement

# Words with a text that is passed on; text after any other word must be harmless.
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
    """Parse a reply: its plain text, and the text of its HTML part; `automatic`: it is automatic mail."""
    if automatic:
        return unclear(Statement("machine"), "automatic")
    written = text if text.strip() else html_text
    own = own_words.split(written, context.letter_lines, context.known_lines, build_slots(context))
    if not own.is_whole():
        return unclear(TOO_LONG, "sentence")
    reading = _parse(own, text, subject, context, html_text)
    asks = reading.decision is Decision.NONE and reading.kind != "code" and emergency.names_stop(own.text)
    return replace(reading, why=STOP_ASKED) if asks else reading


def _parse(own: OwnWords, text: str, subject: str, context: ReplyContext, html_text: str) -> ParsedReply:
    coded = _read_code(own, context)
    if coded is None and not text.strip() and html_text.strip():
        return unclear(Statement("html_alone"), "html")
    slots = build_slots(context)
    if said := emergency.read_emergency(own, slots) if coded is None else "":
        shown = own_words.split(html_text, context.letter_lines, context.known_lines, slots)
        same = not html_text or (shown.is_whole() and said == emergency.read_emergency(shown, slots))
        return decided_on(Decision(said)) if same else unclear(Statement("html_differs"), "html")
    reading = _settle_hold(_read_natural(own, context) if coded is None else coded, subject, context)
    if reading.decision is Decision.NONE:
        return reading
    if text.strip() and html_text and not is_shown(own, text, html_text, context, coded=reading.by_code):
        return unclear_instead(reading, Statement("html_differs"), "html")
    return _settle_subject(reading, subject, context) if reading.decision in CHANGING else reading


def _settle_subject(reading: ParsedReply, subject: str, context: ReplyContext) -> ParsedReply:
    """Return the reading, or unclear if the subject says more; a query to the desk changes nothing."""
    unread = find_unread_in_subject(subject, reading.decision.value, context, coded=reading.by_code)
    unclear = unclear_instead(reading, Statement("subject_differs"), "subject")
    return replace(unclear, unread=unread[:MAX_UNREAD]) if unread else reading


def _settle_hold(reading: ParsedReply, subject: str, context: ReplyContext) -> ParsedReply:
    """Add the only date named by the word, the text and the subject to a hold; unclear if they differ."""
    if reading.decision is not Decision.HOLD or context.today is None:
        return reading
    beside = f"{reading.note}\n{find_own_part(subject, context.letter_subject)}"
    day = settle_day(show_words(reading.note or subject), beside, reading.until, context.today)
    if isinstance(day, Statement):
        return unclear_instead(reading, day, "date")
    return replace(reading, until=day)


def parse_fresh(text: str, context: ReplyContext = NO_CONTEXT) -> ParsedReply:
    """Parse a text that is known to be the author's own."""
    lines = OwnWords(tuple(map(OwnLine, text.split("\n"))))
    if not lines.is_whole():
        return unclear(TOO_LONG, "sentence")
    return _settle_hold(_read(lines, context), "", context)


def _read_natural(own: OwnWords, context: ReplyContext) -> ParsedReply:
    """Parse text without the code; reasons of a refusal and questions must be of known kinds."""
    reading = _read(own, context)
    if reading.decision not in {Decision.DECLINE, Decision.ASK}:
        return reading
    slots = build_slots(context)
    units = read_decisions(own, slots)
    if reading.decision is Decision.DECLINE:
        strange = find_groundless(units, slots)
    else:
        strange = [] if is_asked(reading.note) else [unit for unit in units if unit.kind is None]
    return not_understood(strange, _DOUBT) if strange else reading


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
        return not_understood(unknown, tell_near_miss(near) if near else NOTHING_SAID)
    decided = [(at, match) for at in found if (match := units[at].match) is not None]
    if len({match.decision for _, match in decided}) > 1:
        return unclear(Statement("two_decisions"), "sentence", [units[at] for at in found])
    misplaced = next((units[at] for at in found if not is_in_place(units, at)), None)
    if misplaced is not None:
        return not_understood([misplaced], Statement("misplaced"))
    at, match = decided[0]
    noted = match.decision in _NOTED
    torn = units[at] if is_requested(units, at) else find_torn(units, at, own.text, noted=noted)
    if torn is not None:
        return unclear(tell_near_miss(torn), "sentence", [torn])
    if noted:
        return _resolve_noted(units, at, match, own, context)
    unknown += find_supports(units, match.decision)
    if match.decision == Decision.UNDO:
        unknown = [unit for unit in unknown if not is_mistake(unit)]
    return not_understood(unknown, _DOUBT) if unknown else decided_on(Decision(match.decision))


def _resolve_noted(
    units: Sequence[Unit], at: int, match: DecidingMatch, own: OwnWords, context: ReplyContext
) -> ParsedReply:
    """Resolve a refusal, a question or a hold; any text that does not contradict it may accompany it."""
    slots = build_slots(context)
    if turned := find_turned(units, match, slots):
        return not_understood(turned, _DOUBT)
    told = _resolve_told(units, at, match, own.text, context)
    if match.decision != Decision.HOLD:
        return told
    day = read_hold_date(match.until, context.today or ANY_DAY) if match.until else None
    if match.until and day is None:
        return unclear(Statement("no_day", said=match.until), "date", [units[at]])
    said = "\n".join(part for part in (match.until, told.note) if part)
    return _pass_on(replace(told, note=said, until=day if context.today else None), context)


def _resolve_told(
    units: Sequence[Unit],
    at: int,
    match: DecidingMatch,
    text: str,
    context: ReplyContext,
    *,
    coded: bool = False,
) -> ParsedReply:
    """Return the decision with its note.

    Text that may be meant for a colleague is not sent to an applicant, unless word and code precede it and it
    contains no remark.
    """
    note = notes.find_note(units, at, match, text)
    if match.decision == Decision.ASK:
        slots = build_slots(context)
        shown = below_code.fold_shown(context, match.decision) if coded else frozenset()
        strange = find_asides(units, note.text, slots) if coded else []
        strange = strange or elsewhere.drop_shown(find_unasked(units, note.text, slots), shown)
        if strange := strange or elsewhere.find_leading(units, shown):
            return not_understood(strange, _DOUBT)
    return _pass_on(
        replace(decided_on(Decision(match.decision)), note=note.text, left_out=note.left_out), context
    )


def _pass_on(reading: ParsedReply, context: ReplyContext) -> ParsedReply:
    """Return a reading whose text is passed on completely or not at all.

    The end of a text may say the opposite, and the code of the letter must not be passed on.
    """
    if context.code and fold_code(context.code) in fold_code(reading.note):
        return replace(unclear(_DOUBT, "code"), unread=(show_words(reading.note),))
    return reading if len(reading.note) <= notes.MAX_NOTE else unclear(TOO_LONG, "sentence")


def _read_code(own: OwnWords, context: ReplyContext) -> ParsedReply | None:
    """Return the decision by word and code, the rejection of a wrong code, or None without a code."""
    coded = find_code(own, context.code) if context.code else None
    if coded is None:
        return None
    if not coded.is_right:
        return replace(unclear(Statement("wrong_code"), "code"), takes_back=coded.decision == "undo")
    if not coded.is_apart(own):
        return replace(
            unclear(_DOUBT, "sentence"), unread=(show_words(own.lines[coded.line + coded.lines].text),)
        )
    return _decide_by_code(Decision(coded.decision), coded.drop_from(own), context)


def _decide_by_code(decision: Decision, below: OwnWords, context: ReplyContext) -> ParsedReply:
    """Decide by word and code; text below must be understood, or was shown before as not understood."""
    if decision.value in below_code.WITH_TEXT:
        said = below_code.read_below(decision.value, below, context)
        if said.unread:
            return not_understood(said.unread, _DOUBT)
        return _pass_on(replace(decided_on(decision), note=said.note, by_code=True), context)
    if decision in _NOTED:
        return _note_by_code(decision, below, context)
    rest = below_code.drop_shown(below, context, decision.value)
    units = read_decisions(rest, build_slots(context), decided=True)
    new = below_code.find_new(units, context, decision.value)
    if decision is Decision.UNDO:
        new = [unit for unit in new if unit.match is not None or not is_mistake(unit)]
    new += find_supports(units, decision.value)
    return not_understood(new, _DOUBT) if new else replace(decided_on(decision), by_code=True)


def _note_by_code(decision: Decision, below: OwnWords, context: ReplyContext) -> ParsedReply:
    """Pass on the text below as written, except contradictions that were shown before."""
    slots, match = build_slots(context), DecidingMatch(decision)
    said = read_decisions(below, slots, decided=True)
    doubtful = [unit for unit in said if unit.match] + find_turned(said, match, slots)
    rest, left = below_code.leave_out(below, doubtful, context, decision.value)
    units = read_decisions(rest, slots, decided=True)
    stray = [unit for unit in units if unit.match] + find_supports(units, decision.value)
    stray += [unit for unit in find_turned(units, match, slots) if unit not in stray]
    if stray:
        return not_understood(stray, _DOUBT)
    if not any(unit.is_unknown for unit in units):
        return replace(decided_on(decision), by_code=True, left_out=left)
    first = replace(units[0], sentence=replace(units[0].sentence, start=0, stop=0))
    told = _resolve_told([first, *units], 0, match, rest.text, context, coded=True)
    is_read = told.decision is not Decision.NONE
    return replace(told, by_code=True, left_out=(*told.left_out, *left)) if is_read else told
