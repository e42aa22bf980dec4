"""Parses the lines of a reply to a digest: `K7QM-4T 承認 4F7K` or `K7QM-4T 却下 4F7K 理由`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from gateway.admission.authority import tokens
from gateway.admission.authority.bond import TOO_LONG
from gateway.admission.case.digest import together
from gateway.admission.case.events import DigestReply, DigestReplyLine
from gateway.admission.replies.commands.word_and_code import fold_code
from gateway.admission.replies.context import ReplyContext, build_slots
from gateway.admission.replies.decision import parse_fresh
from gateway.admission.replies.grammar import decisions
from gateway.admission.replies.grammar.beside.reasons import names_another
from gateway.admission.replies.grammar.parsing.matching import calls_person, is_understood
from gateway.admission.replies.reading import CHANGING, Decision, ParsedReply
from gateway.admission.replies.text import own_words
from gateway.admission.replies.text.other_parts import is_subject_clear
from gateway.admission.replies.text.sentences import fold_compact, strip_decoration
from gateway.mail.address import Address
from gateway.mail.text import fold
from gateway.patterns import compile_later
from gateway.printing.statement import Statement

MAX_ENTRIES = 200
MAX_FRESH = 20_000
MAX_OTHERS = 20
_MAX_LINE = 1_000
# A case number at the start of a line, after bullets and brackets at most.
_NUMBER = compile_later(
    r"[\s・•●*「【\[(-]{0,4}(?:\d{1,2}[.)]\s{0,3})?([0-9A-Za-z]{4}-[0-9A-Za-z]{2})(?![0-9A-Za-z])"
)
_WORD = compile_later(r"(\S{1,20}?)[\s:：、,]+(\S.*)", re.DOTALL)
_CODE_WANTED = Statement("line_code_wanted")
_DOUBT = Statement("line_doubt")


def parse(
    by: Address,
    text: str,
    context: ReplyContext,
    shown: Mapping[str, int],
    listed: Sequence[str] = (),
    *,
    html_text: str = "",
    subject: str = "",
) -> DigestReply:
    """Parse a reply to a digest. Never raises.

    `text` is its plain text, `context` its author and the digest, `listed` the cases that the digest listed
    without 注意. An HTML part must say the same about each case, and the subject must not contradict it.
    """
    said = _parse_text(by, text, context, shown, listed)
    if html_text and said.entries:
        seen = _parse_text(by, html_text, context, shown, listed)
        if _compare(said) != _compare(seen):
            return _doubt_all(said)
    words = {line.reply.decision.value for line in said.entries if line.reply.by_code}
    if not is_subject_clear(subject, words.pop() if len(words) == 1 else "", context):
        return _doubt_all(said)
    return said


def _compare(reply: DigestReply) -> list[tuple[str, Decision, str]]:
    """Return the lines in a form for comparing the two parts of a mail."""
    return [(line.number, line.reply.decision, fold_compact(line.reply.note)) for line in reply.entries]


def _parse_text(
    by: Address, text: str, context: ReplyContext, shown: Mapping[str, int], listed: Sequence[str]
) -> DigestReply:
    own = own_words.split(text, context.letter_lines, context.known_lines, build_slots(context))
    fresh = own.text
    if not own.is_whole(MAX_FRESH):
        return DigestReply(by, (), shown, TOO_LONG)
    first, count, second = together.split_at_line(fresh, context.code or "")
    above, blocks, below = _split_blocks(first, shown)
    if count is not None:
        between, more, last = _split_blocks(second, shown)
        blocks, below = blocks + more, "\n".join((below, between, last))
    readings = [_read_entry(number, said, context) for number, said in blocks]
    if len(readings) > MAX_ENTRIES:
        return DigestReply(by, (), shown, TOO_LONG)
    unread = any("\n" in said and _is_unread(line) for (_, said), line in zip(blocks, readings, strict=True))
    lines = [*readings, *together.expand(count, listed, {number for number, _ in blocks})]
    if not lines:
        return DigestReply(by, (), shown)
    # Next to the line for all cases, an unknown number may be a mistyped exception.
    if count is not None and any(number not in shown for number, _ in blocks):
        return _doubt_all(DigestReply(by, tuple(lines), shown))
    approving = all(line.reply.decision is Decision.APPROVE for line in lines)
    clear = (
        not unread
        and is_understood(above, context, approving=approving)
        and not calls_person(above, context)
        and is_understood(below, context, decided=True, approving=approving)
    )
    found = DigestReply(by, tuple(lines), shown)
    return found if clear else _doubt_all(found)


def _read_entry(number: str, said: str, context: ReplyContext) -> DigestReplyLine:
    """Parse one line; 注意確認 counts only next to an approval."""
    bare, checked = together.take_check(said)
    reading, others = _parse_line(bare, context), _find_others(number, said)
    if checked and reading.decision is not Decision.APPROVE:
        return DigestReplyLine(number, _parse_line(said, context), others=others)
    return DigestReplyLine(number, reading, checked, others=others)


def _is_unread(line: DigestReplyLine) -> bool:
    return line.reply.decision is Decision.NONE


def _doubt_all(reply: DigestReply) -> DigestReply:
    """Reject all lines of a reply that contains a sentence that is not understood."""
    doubted = ParsedReply(Decision.NONE, "", _DOUBT)
    return replace(
        reply,
        entries=tuple(line if _is_unread(line) else replace(line, reply=doubted) for line in reply.entries),
    )


def _find_others(number: str, said: str) -> tuple[str, ...]:
    """Return what may be numbers of other cases in a line, which makes it ambiguous."""
    found = tokens.find_numbers(fold(said))
    return tuple(other for other in found if other != number)[:MAX_OTHERS]


def _split_blocks(text: str, shown: Collection[str]) -> tuple[str, list[tuple[str, str]], str]:
    """Split a reply into the text above, the blocks, and the text below.

    A block is (number, text): a line with a case number and the lines after it, up to a blank one. A year and
    month, or the start of a telephone number, is no case number: `shown` are those of the digest.
    """
    blocks: list[tuple[str, list[str]]] = []
    above: list[str] = []
    below: list[str] = []
    inside = False
    for line in text.split("\n"):
        found = _NUMBER.match(fold(line[:_MAX_LINE]))
        number = tokens.find_number(found.group(1)) if found else None
        if number is not None and (number in shown or not shown or _is_coded(_strip_number(line))):
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


def _is_coded(said: str) -> bool:
    """Return whether a text is a decision word and something in the form of a code."""
    coded = _CODED.fullmatch(said.strip())
    return coded is not None and own_words.has_stem(coded[1])


def _strip_number(line: str) -> str:
    """Return the line as written without its number, which has the same length before folding."""
    return _WRITTEN_NUMBER.sub("", line, count=1)


# The number as typed: half or full width, any dash.
_WRITTEN_NUMBER = compile_later(
    r"^[\s・•●*「【\[(（［-]{0,4}(?:\d{1,2}[.．)）]\s{0,3})?[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]{4}\S[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]{2}"
    r"[\s」】\])）］:：、，,-]*"
)


# Word and code, and what follows: `承認 4F7K`, `却下 4F7K 理由`.
_BEFORE_CODE = r"(?:[\s:：]+[\[(【（［]?|[\[(【（［]|(?<=[^\x00-\x7f]))"
_CODE_SIGNS = r"([0-9A-Za-z０-９Ａ-Ｚａ-ｚ]{4})[\])】）］]?"
_CODED = compile_later(rf"(\S{{1,14}}?){_BEFORE_CODE}{_CODE_SIGNS}((?=[\s:：、,。.]|$).*)", re.DOTALL)


def _parse_line(said: str, context: ReplyContext) -> ParsedReply:
    """Parse one line: word and code, and after them the text to pass on.

    Without the code no line changes anything: the number only names the case, and the applicant knows it.
    """
    code = context.code or ""
    coded = _CODED.fullmatch(said.strip())
    is_coded = bool(code) and coded is not None and fold_code(coded[2]) == fold_code(code)
    reading = _parse_words(f"{coded[1]}{coded[3]}" if coded and is_coded else said, context)
    if is_coded or reading.decision not in CHANGING:
        return replace(reading, by_code=is_coded)
    return ParsedReply(Decision.NONE, "", _CODE_WANTED, kind="code")


def _parse_words(said: str, context: ReplyContext) -> ParsedReply:
    """Parse a whole sentence, or a word followed by a space and its reason."""
    reading = parse_fresh(said, context)
    word = _WORD.fullmatch(said.strip())
    if word is None or names_another(word.group(2), build_slots(context)):
        return reading
    if reading.decision is Decision.NONE and _is_heading_word(word.group(1)):
        return parse_fresh(f"{word.group(1)}: {word.group(2)}", context)
    return reading


def _is_heading_word(word: str) -> bool:
    said = strip_decoration(fold_compact(word))
    return any(pattern.fullmatch(said) for pattern in decisions.HEADS.values())
