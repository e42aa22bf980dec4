"""A reply to a digest: one line a case, `K7QM-4T 承認 4F7K` or `K7QM-4T 却下 4F7K 理由`, each by itself.

A line that cannot be read or carried out changes nothing else; the answer tells of each what became of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.admission.authority import tokens
from gateway.admission.case import letters
from gateway.admission.case.digest import together
from gateway.admission.case.events import Decide, DigestReply, DigestReplyLine
from gateway.admission.case.model import Case, Desk, JournalEntry, Letter, OutgoingLetter, Staff, Transition
from gateway.admission.case.transitions.office import staff, watching
from gateway.admission.replies import decision, own_words
from gateway.admission.replies.context import ReplyContext, build_slots
from gateway.admission.replies.decision import CHANGING, Decision, ParsedReply
from gateway.admission.replies.grammar import vocabulary
from gateway.admission.replies.grammar.reasons import names_another
from gateway.admission.replies.sentences import fold_compact, strip_decoration
from gateway.admission.replies.word_and_code import fold_code
from gateway.mail.address import Address
from gateway.mail.text import fold
from gateway.printing.statement import Statement, from_stored

MAX_ENTRIES = 200
MAX_FRESH = 20_000
MAX_OTHERS = 20
_MAX_LINE = 1_000
# A number at the beginning of a line, behind bullets and brackets at most.
_NUMBER = re.compile(r"[\s・•●*「【\[(-]{0,4}([0-9A-Za-z]{4}-[0-9A-Za-z]{2})(?![0-9A-Za-z])")
_WORD = re.compile(r"(\S{1,20}?)[\s:：、,]+(\S.*)", re.DOTALL)
_CODE_WANTED = Statement("line_code_wanted")
_DOUBT = Statement("line_doubt")
_TWICE = Statement("line_twice")
_CROSSED = Statement("crossed")
_NOT_SHOWN = Statement("line_not_shown")
_CHANGED = Statement("line_changed")
_NOT_UNDONE = Statement("nothing_to_undo")


@dataclass(frozen=True, slots=True)
class DigestCase:
    """A case that a line may name, and whether the letter of its last decision can be taken back."""

    case: Case
    recallable: bool


def parse(
    by: Address,
    text: str,
    context: ReplyContext,
    shown: Mapping[str, int],
    listed: Sequence[str] = (),
) -> DigestReply:
    """Read a reply: `text` is its plain text, `context` its writer and the digest, `listed` the cases that
    the digest listed without 注意. Never raises."""
    fresh = own_words.split(text, context.letter_lines, context.known_lines).text
    if len(fresh) > MAX_FRESH:
        return DigestReply(by, (), shown, decision.TOO_LONG)
    first, count, second = together.split_at_line(fresh, context.code or "")
    above, blocks, below = _split_blocks(first)
    if count is not None:
        between, more, last = _split_blocks(second)
        blocks, below = blocks + more, "\n".join((below, between, last))
    lines = [_read_entry(number, said, context) for number, said in blocks[:MAX_ENTRIES]]
    lines += together.expand(count, listed, {number for number, _ in blocks})
    approving = all(line.reply.decision is Decision.APPROVE for line in lines)
    clear = decision.is_understood(above, context, approving=approving) and decision.is_understood(
        below, context, decided=True, approving=approving
    )
    return DigestReply(by, tuple(lines if clear else map(_doubt, lines)), shown)


def _read_entry(number: str, said: str, context: ReplyContext) -> DigestReplyLine:
    """A line of its own; 注意確認 counts beside an approval alone."""
    bare, checked = together.take_check(said)
    reading, others = _parse_line(bare, context), _find_others(number, said)
    if checked and reading.decision is not Decision.APPROVE:
        return DigestReplyLine(number, _parse_line(said, context), others=others)
    return DigestReplyLine(number, reading, checked, others=others)


def _doubt(line: DigestReplyLine) -> DigestReplyLine:
    """Nothing of a reply counts that holds a sentence beside its lines that is not understood."""
    if line.reply.decision is Decision.NONE:
        return line
    return replace(line, reply=ParsedReply(Decision.NONE, "", _DOUBT))


def decide(
    reply: DigestReply, known: Mapping[str, DigestCase], now: datetime, desk: Desk
) -> tuple[tuple[Case | None, Transition], ...]:
    """A transition for each line, and at the end the answer that lists all of them."""
    done: list[tuple[Case | None, Transition]] = []
    approvals = reply.conduct.approvals
    told: list[dict[str, object]] = []
    counts = _counts(reply.entries)
    for entry in reply.entries:
        found = known.get(entry.number)
        refusal = _refusal(entry, reply, counts, known) if found is not None else _NOT_SHOWN
        if refusal or found is None:
            told.append(_result_row(entry, None, refusal))
            continue
        if unfit := together.find_refusal(entry, found.case):
            told.append(_result_row(entry, found.case, unfit))
            continue
        paced = replace(reply, conduct=replace(reply.conduct, approvals=approvals))
        transition = _decide_line(entry, paced, found, now, desk)
        approvals += watching.count_approvals(transition)
        why = _failure_reason(found.case, transition)
        row = _result_row(entry, transition.case or found.case, why)
        told.append(row | _find_outcome(transition, reply.by))
        done.append((found.case, _drop_told_letters(transition, reply.by)))
    member = desk.member(reply.by)
    answer = (_transcript(member, told, reply.why),) if member else ()
    return (*done, (None, Transition(None, answer, (JournalEntry("digest.answered", reply.by),))))


def _decide_line(
    entry: DigestReplyLine, reply: DigestReply, found: DigestCase, now: datetime, desk: Desk
) -> Transition:
    event = Decide(
        reply.by,
        entry.reply,
        reply.shown_revisions[entry.number],
        found.recallable,
        weak=reply.weak,
        conduct=reply.conduct,
    )
    return staff.decide(found.case, event, now, desk)


def _find_others(number: str, said: str) -> tuple[str, ...]:
    """What may be numbers of other cases in a line: about which of them it is then nobody can tell."""
    found = tokens.find_numbers(fold(said))
    return tuple(other for other in found if other != number)[:MAX_OTHERS]


def _refusal(
    entry: DigestReplyLine,
    reply: DigestReply,
    counts: Mapping[str, int],
    known: Mapping[str, DigestCase],
) -> Statement | None:
    if counts[entry.number] > 1:
        return _TWICE
    if any(other in known for other in entry.others) and entry.reply.decision in CHANGING:
        return _CROSSED
    return None if entry.number in reply.shown_revisions else _NOT_SHOWN


def _counts(entries: Iterable[DigestReplyLine]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.number] = counts.get(entry.number, 0) + 1
    return counts


def _failure_reason(before: Case, transition: Transition) -> Statement | None:
    """Why a line was not carried out, as the transition's own letter says it; None when it was."""
    for outgoing in transition.letters:
        if outgoing.letter is Letter.UNCLEAR_DECISION:
            return from_stored(outgoing.facts["why"])
        if outgoing.letter is Letter.REVIEW_REQUEST and transition.case == before:
            return _CHANGED
    return None


_TOLD = frozenset({Letter.UNCLEAR_DECISION, Letter.DECISION_RECEIPT})
_OUTCOME = ("what", "leaves_at", "held_until", "left")


def _drop_told_letters(transition: Transition, by: Address) -> Transition:
    """Without the letters of its own for one line: the answer to all tells its writer what became of it."""
    outgoing = tuple(one for one in transition.letters if one.letter not in _TOLD or one.to.key != by.key)
    return replace(transition, letters=outgoing)


def _find_outcome(transition: Transition, by: Address) -> dict[str, object]:
    """What the writer's receipt of one line would tell, and the revision that can be taken back."""
    own = (
        one for one in transition.letters if one.letter is Letter.DECISION_RECEIPT and one.to.key == by.key
    )
    facts = next((one.facts for one in own), {})
    after = transition.case
    return {name: facts.get(name, "") for name in _OUTCOME} | {"revision": after.revision if after else 0}


def _result_row(entry: DigestReplyLine, case: Case | None, why: Statement | None) -> dict[str, object]:
    named = {"organisation": case.form.organisation, "name": case.form.name} if case else {}
    return {**_row(entry.number, entry.reply.decision, why, case), **named}


def _row(number: str, word: Decision, why: Statement | None, case: Case | None) -> dict[str, object]:
    """What a transcript tells of one case. `who` is empty: templates of 0.1 ask for it; 0.3 removes it."""
    bare = {"number": number, "organisation": "", "name": "", "who": "", "word": word.value, "why": why}
    outcome = {**dict.fromkeys(_OUTCOME, ""), "revision": 0}
    return {**bare, **outcome, "call": letters.call_facts(case) if case else {}}


def _transcript(member: Staff, told: list[dict[str, object]], why: Statement | None) -> OutgoingLetter:
    undoable = [{name: one[name] for name in ("number", "revision")} for one in told if one["what"]]
    facts = {
        "to_name": member.name,
        "role": member.role.value,
        "lines": told,
        "why": why,
        "cases": undoable,
    }
    return OutgoingLetter(Letter.TRANSCRIPT, member.address, facts)


def list_undone(
    done: Iterable[tuple[str, bool, Case | None]], by: str, desk: Desk
) -> tuple[OutgoingLetter, ...]:
    """To each of the staff: which cases (number, whether it was, the case as it is) an operator `by` undid
    at once."""
    lines = [
        _row(number, Decision.UNDO, None if undone else _NOT_UNDONE, case) for number, undone, case in done
    ]
    return tuple(
        OutgoingLetter(
            Letter.TRANSCRIPT,
            member.address,
            {
                "to_name": member.name,
                "role": member.role.value,
                "lines": lines,
                "why": None,
                "by": by,
                "cases": [],
            },
        )
        for member in desk.staff
    )


def _split_blocks(text: str) -> tuple[str, list[tuple[str, str]], str]:
    """What stands above the first line with a number; (number, what is said of it) for each such line and the
    lines below it up to a blank one; and the lines below that belong to no number."""
    blocks: list[tuple[str, list[str]]] = []
    above: list[str] = []
    below: list[str] = []
    inside = False
    for line in text.split("\n"):
        found = _NUMBER.match(fold(line[:_MAX_LINE]))
        number = tokens.find_number(found.group(1)) if found else None
        if number is not None and found is not None:
            blocks.append((number, [_strip_number(line)]))
            inside = True
        elif not line.strip():
            inside = False
            below.append(line)
        elif inside:
            blocks[-1][1].append(line)
        else:
            (below if blocks else above).append(line)
    said = [(number, "\n".join(lines)) for number, lines in blocks]
    return "\n".join(above), said, "\n".join(below)


def _strip_number(line: str) -> str:
    """What stands behind the number, as written: the number has as many characters before folding."""
    return _WRITTEN_NUMBER.sub("", line[:_MAX_LINE], count=1)


# The number as typed: half or full width, any dash.
_WRITTEN_NUMBER = re.compile(
    r"^[\s・•●*「【\[(（［-]{0,4}[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]{4}\S[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]{2}"
    r"[\s」】\])）］:：、，,-]*"
)


# Word and code, and what follows: `承認 4F7K`, `却下 4F7K 理由`.
_BEFORE_CODE = r"(?:[\s:：]+[\[(【（［]?|[\[(【（［]|(?<=[^\x00-\x7f]))"
_CODE_SIGNS = r"([0-9A-Za-z０-９Ａ-Ｚａ-ｚ]{4})[\])】）］]?"
_CODED = re.compile(rf"(\S{{1,14}}?){_BEFORE_CODE}{_CODE_SIGNS}((?=[\s:：、,。.]|$).*)", re.DOTALL)


def _parse_line(said: str, context: ReplyContext) -> ParsedReply:
    """The reading of one line: word and code, and behind them what is passed on. Without the code no line
    changes anything: the number names the case, and the applicant knows it."""
    code = context.code or ""
    coded = _CODED.fullmatch(said.strip())
    is_coded = bool(code) and coded is not None and fold_code(coded[2]) == fold_code(code)
    reading = _parse_words(f"{coded[1]}{coded[3]}" if coded and is_coded else said, context)
    if is_coded or reading.decision not in CHANGING:
        return replace(reading, by_code=is_coded)
    return ParsedReply(Decision.NONE, "", _CODE_WANTED, kind="code")


def _parse_words(said: str, context: ReplyContext) -> ParsedReply:
    """A whole sentence, or a word with its reason behind a space."""
    reading = decision.parse_fresh(said, context)
    word = _WORD.fullmatch(said.strip())
    if word is None or names_another(word.group(2), build_slots(context)):
        return reading
    if reading.decision is Decision.NONE and _is_heading_word(word.group(1)):
        return decision.parse_fresh(f"{word.group(1)}: {word.group(2)}", context)
    return reading


def _is_heading_word(word: str) -> bool:
    said = strip_decoration(fold_compact(word))
    return any(pattern.fullmatch(said) for pattern in vocabulary.HEADS.values())
