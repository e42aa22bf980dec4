"""What the other parts of a mail say of a decision in its plain text: the HTML part, and the Subject."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gateway.admission.replies.context import ReplyContext, build_slots
from gateway.admission.replies.grammar import vocabulary as words
from gateway.admission.replies.grammar.beside.reasons import find_stems_in, has_second_thought, is_turned_by
from gateway.admission.replies.grammar.beside.requests import is_asked
from gateway.admission.replies.grammar.harmless import build_grammar
from gateway.admission.replies.grammar.matching import match_decision, read_decisions
from gateway.admission.replies.grammar.units import Unit
from gateway.admission.replies.own_words import OwnWords, split
from gateway.admission.replies.sentences import fold_compact, fold_phrase, split_sentences, strip_decoration


def is_shown(own: OwnWords, html_text: str, context: ReplyContext, *, coded: bool) -> bool:
    """Whether the HTML part of a member's reply shows the same decision."""
    slots = build_slots(context)
    shown = split(html_text, context.letter_lines, context.known_lines, slots)
    plain, seen = read_decisions(own, slots), read_decisions(shown, slots)
    if not coded and any(unit.match is not None and is_asked(seen, at) for at, unit in enumerate(seen)):
        return False
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
    if len(stems.findall(seen)) > len(stems.findall(said)) or _turns(plain, shown):
        return False
    return all(_find_said(unit) in said for unit in shown if unit.is_unknown)


def _turns(plain: Sequence[Unit], shown: Sequence[Unit]) -> bool:
    """Whether what goes with an approval alone is shown, and the plain text neither approves nor holds it."""
    decisions = [unit.match.decision for unit in plain if unit.match is not None]
    supports = [unit for unit in plain if unit.kind is not None and unit.kind.where == "approve"]
    seen = [unit.kind for unit in shown if unit.kind is not None]
    return not supports and any(is_turned_by(kind, said) for kind in seen for said in decisions or [""])


def _find_said(unit: Unit) -> str:
    """A sentence as compared: with its mark where that asks or leaves open."""
    sentence = unit.sentence
    is_open = sentence.is_question or sentence.is_hesitant
    return fold_compact(sentence.raw + sentence.mark if is_open else sentence.raw)


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
_REPLY_MARKS = re.compile(r"(?<![A-Za-z])(?:re|aw|返信)\s?(?:\[\d+\])?[:：]", re.IGNORECASE)
# The number that a mailing list puts in front: [shinsa:0123], [ml-soumu 00123]. A list of another name stays:
# [hold 1] and [april:2027] are words.
_LIST = (
    r"(?:ml|list|mail|group|news|info|all|staff|members?|desk|gateway|office|shinsa|uketsuke|jimukyoku|soumu|somu|jinji"
    r"|kikaku|kanri|joho|jyoho|dx|digital|sanka|shotai|renraku|kyoyu|jimu|chosei)"
)
_LIST_TAG = re.compile(rf"\[{_LIST}(?:[._-]?{_LIST}){{0,3}}[ :]\d{{1,6}}\]", re.IGNORECASE)


# Of a letter that is still being written down: what our own Subjects say of decisions.
_OURS = re.compile(
    r"参加申請のご判断のお願い|(?:判断|一人目の承認)を(?:記録|取り消)しました|返信を読み取れませんでした"
)


def _drop_marks(subject: str) -> str:
    """A Subject without the marks of replies and the tags of mailing lists."""
    return _LIST_TAG.sub(" ", _REPLY_MARKS.sub(" ", subject))


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
        if not is_known and (kind is None or kind.where == "before" or is_turned_by(kind, decision)):
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
    if _SAYS.search(folded) or _SAYS.search("".join(folded.split())):
        return True
    tagged = any(_is_tag_doubtful(tag[1], decision) for tag in _TAG.finditer(folded))
    another = {number for number in _NUMBER.findall(folded) if number != fold_phrase(context.case_number)}
    if tagged or (another and context.case_number):
        return True
    return bool(others) or has_second_thought(folded) or _supports_another(subject, decision, context)


# Doubt, denial, a condition, a question, a day or another matter. A machine is known by its header alone.
_SAYS = re.compile(
    r"[?]|だめ|ダメ|駄目|不可|反対|条件|以外|辞退|除く|除き"
    r"|分\)|から$|まで|緊急|停止|別件|別の"
    r"|\d{1,2} ?[月/] ?\d{1,2}|\d{1,2}日|しない|しません|ません|ないで|です?か$"
    r"|中止|延期|無効|見送|訂正"
    r"|[一-龠]さん(?:へ|に)|明日|来週|後日|仮|案$"
    r"|\bng\b|\bnot?\b|\bdon't\b|\bcancel"
    r"|\bif\b|\bunless\b|\bexcept\b"
)
_TAG = re.compile(r"[\[【(〔<〈《]([^\]】)〕>〉》]{1,80})[\]】)〕>〉》]")
_NUMBER = re.compile(r"(?<![0-9a-z])[0-9a-z]{4}-[0-9a-z]{2}(?![0-9a-z])")
_COUNT = re.compile(r"[ :-]?(?:\d{1,6}|[0-9a-z]{4}-[0-9a-z]{2})$")
_MIN_WORD = 4


def _is_tag_doubtful(tag: str, decision: str) -> bool:
    """Whether a tag alone is a second thought, or holds a word of another decision, be it inside a word."""
    stems = (word for name, found in words.TERMINALS.items() if name != decision for word in found)
    inside = any(word in tag for word in stems if word.isascii() and len(word) >= _MIN_WORD)
    return inside or has_second_thought(tag.strip()) or has_second_thought(_COUNT.sub("", tag).strip())


def _supports_another(subject: str, decision: str, context: ReplyContext) -> bool:
    """Whether a Subject holds what goes with an approval alone, beside another decision."""
    kinds = build_grammar(build_slots(context))
    said = split_sentences(find_own_part(subject, context.letter_subject))
    return any((kind := kinds.find_kind(each)) is not None and is_turned_by(kind, decision) for each in said)


def find_own_part(subject: str, letter_subject: str) -> str:
    """A Subject without that of the letter, the marks of replies and the tags of mailing lists. Programs
    change the blanks in a Subject, and cut long ones."""
    cut = subject[:500]
    return _drop_marks(_drop_letter(cut, letter_subject) if letter_subject else _OURS.sub(" ", cut)).strip()


def _drop_letter(subject: str, letter_subject: str) -> str:
    if letter_subject in subject:
        return subject.replace(letter_subject, " ")
    ours, said = fold_compact(letter_subject), fold_compact(subject)
    if ours in said:
        return said.replace(ours, " ")
    begun = fold_compact(_drop_marks(_CUT.sub("", subject))) if _CUT.search(subject) else ""
    return "" if len(begun) >= _MIN_CUT and ours.startswith(begun) else subject
