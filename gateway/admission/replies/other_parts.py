"""What the other parts of a mail say of a decision in its plain text: the HTML part, and the Subject."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gateway.admission.replies.context import ReplyContext, build_slots
from gateway.admission.replies.grammar import vocabulary as words
from gateway.admission.replies.grammar.beside.reasons import find_stems_in, has_second_thought
from gateway.admission.replies.grammar.harmless import build_grammar
from gateway.admission.replies.grammar.matching import match_decision, read_decisions
from gateway.admission.replies.grammar.units import Unit
from gateway.admission.replies.own_words import OwnWords, split
from gateway.admission.replies.sentences import fold_compact, fold_phrase, split_sentences, strip_decoration


def is_shown(own: OwnWords, html_text: str, context: ReplyContext, *, coded: bool) -> bool:
    """Whether the HTML part of a member's reply shows the same decision."""
    slots = build_slots(context)
    shown = split(html_text, context.letter_lines, context.known_lines)
    plain, seen = read_decisions(own, slots), read_decisions(shown, slots)
    return shows_the_same(plain, seen, own, shown, words.STEMS, coded=coded)


def shows_the_same(
    plain: Sequence[Unit],
    shown: Sequence[Unit],
    plain_words: OwnWords,
    shown_words: OwnWords,
    stems: re.Pattern[str],
    *,
    coded: bool,
) -> bool:
    """Whether an HTML part shows what the plain text says: the same deciding sentences, no further word of
    the grammar, and no sentence that is not understood and stands in no line of the plain text. Where word
    and code decided (`coded`), they are its first line too.

    What is known to be harmless may differ: gateways and programs put their notes into one part only.
    """
    said = fold_compact(plain_words.text)
    seen = fold_compact(shown_words.text)
    if _find_decided(plain) != _find_decided(shown):
        return False
    if coded and _first_line(plain_words) != _first_line(shown_words):
        return False
    if len(stems.findall(seen)) > len(stems.findall(said)):
        return False
    return all(fold_compact(unit.sentence.raw) in said for unit in shown if unit.is_unknown)


def _find_decided(units: Sequence[Unit]) -> frozenset[tuple[str, str]]:
    """The decisions in the open, each with its sentence as compared."""
    return frozenset(
        (unit.match.decision, strip_decoration(fold_compact(unit.sentence.raw)))
        for unit in units
        if unit.match is not None and unit.line.label in {"", "footer"} and not unit.line.wrapped
    )


def _first_line(words: OwnWords) -> str:
    first = next((fold_compact(line.text) for line in words.lines if line.text.strip()), "")
    return strip_decoration(first)


_CUT = re.compile(r"(?:\.{3}|…)\s*\Z")
_MIN_CUT = 8
_MIN_PART = 4
_REPLY_TAGS = re.compile(
    r"(?:(?<![A-Za-z])(?:re|aw|返信)\s?(?:\[\d+\])?[:：]|[\[【][^\]】]{0,60}[0-9A-Z]{4}-[0-9A-Z]{2}[\]】]"
    r"|\[[A-Za-z][A-Za-z0-9._-]{0,20}[ :]\d{1,6}\])",
    re.IGNORECASE,
)


def is_subject_clear(subject: str, decision: str, context: ReplyContext, *, coded: bool) -> bool:
    """Whether a Subject, which never decides, leaves a decision as it is, by word and `coded` or natural."""
    if coded:
        return not has_subject_doubt(subject, decision, context)
    return is_subject_understood(subject, decision, context)


def is_subject_understood(subject: str, decision: str, context: ReplyContext) -> bool:
    """Whether what a Subject holds beside our own is nothing, of a harmless kind, or the decision again; of a
    letter whose Subject is not known, whether nothing in it doubts."""
    if not context.letter_subject:
        return not has_subject_doubt(subject, decision, context)
    rest = find_own_part(subject, context.letter_subject)
    slots = build_slots(context)
    kinds, ours = build_grammar(slots), fold_compact(context.letter_subject)
    named = re.compile(rf"(?:{slots.number}|{slots.applicant}(?:様|さん|氏)?|{slots.body})?の?(?:件)?")
    for sentence in split_sentences(rest):
        match = match_decision(sentence, slots)
        if match is not None and match.decision == decision:
            continue
        kind = kinds.find_kind(sentence)
        is_known = named.fullmatch(sentence.bare) or (
            sentence.bare in ours and len(sentence.bare) >= _MIN_PART
        )
        if (kind is None or kind.where == "before") and not is_known:
            return False
    return True


def has_subject_doubt(subject: str, decision: str, context: ReplyContext) -> bool:
    """Whether a Subject holds a word of another decision or a second thought: beside word and code that is
    what makes it unclear."""
    folded = fold_phrase(find_own_part(subject, context.letter_subject))
    said = find_stems_in(folded) - {"resend", "joined"}
    others = said - {decision} - ({"approve"} if decision == "undo" else set())
    if said and context.letter_subject and not is_subject_understood(subject, decision, context):
        return True
    return bool(others) or has_second_thought(folded)


def find_own_part(subject: str, letter_subject: str) -> str:
    """A Subject without that of the letter, the marks of replies and the tags of mailing lists. Programs
    change the blanks in a Subject, and cut long ones."""
    rest = _drop_letter(subject[:500], letter_subject) if letter_subject else subject[:500]
    return _REPLY_TAGS.sub(" ", rest).strip()


def _drop_letter(subject: str, letter_subject: str) -> str:
    if letter_subject in subject:
        return subject.replace(letter_subject, " ")
    ours, said = fold_compact(letter_subject), fold_compact(subject)
    if ours in said:
        return said.replace(ours, " ")
    begun = fold_compact(_REPLY_TAGS.sub("", _CUT.sub("", subject))) if _CUT.search(subject) else ""
    return "" if len(begun) >= _MIN_CUT and ours.startswith(begun) else subject
