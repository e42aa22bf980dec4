"""Compares the plain text of a decision with the other parts of a mail: the HTML part and the subject."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from gateway.admission.replies.commands.below_code import fold_shown
from gateway.admission.replies.context import ReplyContext, Slots, build_slots
from gateway.admission.replies.grammar import vocabulary as words
from gateway.admission.replies.grammar.beside.reasons import is_turned_by
from gateway.admission.replies.grammar.beside.requests import is_asked
from gateway.admission.replies.grammar.harmless import build_grammar
from gateway.admission.replies.grammar.parsing.matching import match_decision, read_decisions
from gateway.admission.replies.grammar.parsing.units import Unit, show_words
from gateway.admission.replies.text.letter_lines import QUOTE_MARKS
from gateway.admission.replies.text.own_words import OwnWords, split
from gateway.admission.replies.text.sentences import Sentence, fold_compact, split_sentences, strip_decoration
from gateway.mail.header.fields import MAX_TEXT
from gateway.mail.lines import find_head, fold_line, is_quoted, split_lines
from gateway.patterns import compile_later


def is_shown(own: OwnWords, text: str, html_text: str, context: ReplyContext, *, coded: bool) -> bool:
    """Return whether the HTML part of a member's reply shows the same decision as its plain text."""
    slots = build_slots(context)
    shown = split(html_text, context.letter_lines, context.known_lines, slots)
    if not shown.is_whole() or (not coded and _quotes_more(html_text, text, context.letter_lines)):
        return False
    plain, seen = read_decisions(own, slots), read_decisions(shown, slots)
    if not coded and any(unit.match is not None and is_asked(seen, at) for at, unit in enumerate(seen)):
        return False
    return shows_the_same(plain, seen, own, shown, words.STEMS, coded=coded)


def _quotes_more(html_text: str, text: str, letter_lines: Collection[str]) -> bool:
    """Return whether a quotation in the HTML part has a line that neither a letter nor the plain text has.

    Some programs show an indented line of the author as a quotation too.
    """
    lines = [QUOTE_MARKS.sub("", line) for line in split_lines(html_text) if is_quoted(line)]
    known = _letters_of("\n".join((text, *letter_lines))) if lines else ""
    folded = [fold_line(line) for line in lines]
    heads = {at + more for at in range(len(folded)) for more in range(find_head(folded, at))}
    return any(_letters_of(line) not in known for at, line in enumerate(lines) if at not in heads)


def _letters_of(text: str) -> str:
    """Return the letters and digits of a text, which no program changes when it quotes."""
    return "".join(filter(str.isalnum, fold_compact(text)))


def shows_the_same(
    plain: Sequence[Unit],
    shown: Sequence[Unit],
    plain_words: OwnWords,
    shown_words: OwnWords,
    stems: re.Pattern[str],
    *,
    coded: bool,
) -> bool:
    """Return whether an HTML part shows the same as the plain text.

    It must have the same deciding sentences, no additional word of the grammar, and no sentence that is not
    understood and not in the plain text. If word and code decided (`coded`), they must be its first line too.
    Harmless sentences may differ, because mail systems add their notes to one part only.
    """
    said = fold_compact(plain_words.text)
    seen = fold_compact(shown_words.text)
    if _find_decided(plain) != _find_decided(shown):
        return False
    if coded and _first_line(plain_words) != _first_line(shown_words):
        return False
    if len(stems.findall(seen)) > len(stems.findall(said)) or _turns(plain, shown):
        return False
    return all(_find_said(unit) in said for unit in shown if unit.is_unknown)


def _turns(plain: Sequence[Unit], shown: Sequence[Unit]) -> bool:
    """Return whether the HTML adds support for an approval that the plain text does not contain."""
    decisions = [unit.match.decision for unit in plain if unit.match is not None]
    supports = [unit for unit in plain if unit.kind is not None and unit.kind.where == "approve"]
    seen = [unit.kind for unit in shown if unit.kind is not None]
    return not supports and any(is_turned_by(kind, said) for kind in seen for said in decisions or [""])


def _find_said(unit: Unit) -> str:
    """Return a sentence for comparison: with its mark if it asks or is left open."""
    sentence = unit.sentence
    is_open = sentence.is_question or sentence.is_hesitant
    return fold_compact(sentence.raw + sentence.mark if is_open else sentence.raw)


def _find_decided(units: Sequence[Unit]) -> frozenset[tuple[str, str]]:
    """Return the decisions outside quotations, each with its sentence for comparison."""
    return frozenset(
        (unit.match.decision, strip_decoration(fold_compact(unit.sentence.raw)))
        for unit in units
        if unit.match is not None and unit.line.label in {"", "footer"} and not unit.line.wrapped
    )


def _first_line(words: OwnWords) -> str:
    first = next((fold_compact(line.text) for line in words.lines if line.text.strip()), "")
    return strip_decoration(first)


_CUT = compile_later(r"(?:\.{3}|…)\s*\Z")
_MIN_CUT = 8
_MIN_PART = 4
_REPLY_MARKS = compile_later(r"(?<![A-Za-z])(?:re|aw|返信)\s?(?:\[\d+\])?[:：]", re.IGNORECASE)
# The number that a mailing list adds: [shinsa:0123], [ml-soumu 00123]. A tag with another name is kept:
# [hold 1] and [april:2027] are words.
_LIST = (
    r"(?:ml|list|mail|group|news|info|all|staff|members?|desk|gateway|office|shinsa|uketsuke|jimukyoku|soumu|somu|jinji"
    r"|kikaku|kanri|joho|jyoho|dx|digital|sanka|shotai|renraku|kyoyu|jimu|chosei)"
)
_LIST_TAG = compile_later(rf"\[{_LIST}(?:[._-]?{_LIST}){{0,3}}[ :]\d{{1,6}}\]", re.IGNORECASE)


# For a letter whose subject is unknown: decision words in our own subjects.
_OURS = compile_later(
    r"(?:○|△注意\d{1,2}点)?【(?:審査依頼|返信を読み取れませんでした|(?:判断|一人目の承認|参加|電話での在籍確認)を(?:記録|取り消)しました"
    r"|担当が決まりました|招待をもう一度送ります|申請者に返信しました|メモを残しました|申請を終わらせました|もう一度審査します)"
    r" [0-9A-Z]{4}-[0-9A-Z]{2}】|参加申請のご判断のお願い|参加申請について|返信の内容をご確認ください"
)


def _drop_marks(subject: str) -> str:
    """Return a subject without reply marks and mailing list tags."""
    return _LIST_TAG.sub(" ", _REPLY_MARKS.sub(" ", subject))


def find_answered(subject: str) -> str:
    """Return the subject that a subject replies to, by its leading reply mark; empty without one."""
    mark = _REPLY_MARKS.match(subject.strip())
    return _drop_marks(subject).strip() if mark is not None else ""


def is_subject_clear(subject: str, decision: str, context: ReplyContext) -> bool:
    """Return whether a subject, which never decides, says nothing more than the decision."""
    return not find_unread_in_subject(subject, decision, context)


def find_unread_in_subject(
    subject: str, decision: str, context: ReplyContext, *, coded: bool = False
) -> tuple[str, ...]:
    """Return what a subject contains besides our own, harmless text and the decision.

    The subject counts with word and code too (`coded`); in that case it may repeat what our last answer
    showed as not understood.
    """
    if len(subject) >= MAX_TEXT:
        return (show_words(subject),)  # the unread part may continue it
    slots, shown = build_slots(context), fold_shown(context, decision) if coded else frozenset()
    return tuple(
        show_words(sentence.raw + sentence.mark)
        for sentence in split_sentences(find_own_part(subject, context.letter_subject))
        if fold_compact(sentence.raw + sentence.mark) not in shown
        and not _is_known(sentence, decision, context.letter_subject, slots)
    )


def _is_known(sentence: Sentence, decision: str, letter_subject: str, slots: Slots) -> bool:
    if sentence.is_question or sentence.is_hesitant:
        return False
    match = match_decision(sentence, slots)
    if match is not None and match.decision == decision:
        return True
    named = re.compile(rf"(?:{slots.number}|{slots.applicant}(?:様|さん|氏)?|{slots.body})の?(?:件)?")
    is_ours = sentence.bare in fold_compact(letter_subject) and len(sentence.bare) >= _MIN_PART
    if is_ours or named.fullmatch(sentence.bare):
        return True
    kind = build_grammar(slots).find_kind(sentence)
    return kind is not None and kind.where != "before" and not is_turned_by(kind, decision)


def find_own_part(subject: str, letter_subject: str) -> str:
    """Return a subject without that of the letter, reply marks and mailing list tags.

    Programs change the spaces in a subject, and truncate long ones.
    """
    said = _drop_letter(subject, letter_subject) if letter_subject else _OURS.sub(" ", subject)
    return _drop_marks(said).strip()


def _drop_letter(subject: str, letter_subject: str) -> str:
    if letter_subject in subject:
        return subject.replace(letter_subject, " ")
    ours, said = fold_compact(letter_subject), fold_compact(subject)
    if ours in said:
        return said.replace(ours, " ")
    begun = fold_compact(_drop_marks(_CUT.sub("", subject))) if _CUT.search(subject) else ""
    return "" if len(begun) >= _MIN_CUT and ours.startswith(begun) else subject
