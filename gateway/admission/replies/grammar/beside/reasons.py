"""Decides whether a text next to a refusal, a question or a hold is compatible with it.

Nobody is declined in doubt. Text next to a refusal must be about the application and state facts: a request,
a plan or a guess is no reason. A question or a hold does no harm, so it is contradicted only by another
decision, a question to us or a second thought.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gateway.admission.replies.context import Slots
from gateway.admission.replies.grammar import vocabulary as words
from gateway.admission.replies.grammar.beside import terms
from gateway.admission.replies.grammar.beside.faults import denies_fault
from gateway.admission.replies.grammar.beside.questions import find_strange, names_colleague
from gateway.admission.replies.grammar.names.offices import is_office
from gateway.admission.replies.grammar.names.people import BARE_SOMEBODY, IS_SOMEBODY
from gateway.admission.replies.grammar.parsing.units import DecidingMatch, Unit
from gateway.admission.replies.grammar.phrases import TITLE, Kind
from gateway.admission.replies.text.sentences import fold_compact, fold_phrase, strip_decoration
from gateway.patterns import compile_later

LABEL = compile_later(
    r"\s*(?:(?:却下|照会|保留)の?)?(?:理由|事由|質問|内容|照会事項|reason|question)(?:\s?[:：]|は[、,]|\s*\Z)\s*",
    re.IGNORECASE,
)


_AS_FOLLOWS = compile_later(
    r"(?:却下の)?理由は?[、,]?(?:以下|下記|次)の(?:とおり|通り)(?:です|でございます)?"
)


def find_turned(units: Sequence[Unit], match: DecidingMatch, slots: Slots) -> list[Unit]:
    """Return the units that contradict a refusal, a question or a hold."""
    line = next((unit.sentence.line for unit in units if unit.match is not None), 0)
    return [
        unit
        for unit, behind_label in _place(units)
        if _turns(unit, match, behind_label)
        or _is_about_another(unit, match, behind_label, slots)
        or (match.decision == "ask" and _is_own_plan(unit, line))
    ]


def _is_own_plan(unit: Unit, line: int) -> bool:
    """Return whether the text in place of the question is a plan of the author's own."""
    if unit.kind is not None or unit.sentence.is_question or unit.sentence.line > line + 1:
        return False
    said = fold_compact(unit.match.beside if unit.match else unit.sentence.raw).rstrip("。.、,!")
    return terms.OWN_PLAN.fullmatch(said) is not None and terms.STATE.fullmatch(said) is None


def find_asides(units: Sequence[Unit], note: str, slots: Slots) -> list[Unit]:
    """Return the units of a note to the applicant that are remarks, or meant for a colleague."""
    told = fold_compact(note)
    return [
        unit
        for unit in units
        if _is_aside(unit, slots) and (unit.match is not None or fold_compact(unit.sentence.raw) in told)
    ]


def find_unasked(units: Sequence[Unit], note: str, slots: Slots) -> list[Unit]:
    """Return the units of a note that ask the applicant nothing about the application.

    They may be meant for a colleague, or be about the applicant.
    """
    told = fold_compact(note)
    found = [
        (unit, said)
        for unit in units
        if unit.kind is None
        and (said := _write_told(unit))
        and (unit.match is not None or fold_compact(unit.sentence.raw) in told)
    ]
    return [found[at][0] for at in find_strange([said for _, said in found], slots)]


def _write_told(unit: Unit) -> str:
    if unit.match is not None:
        return unit.match.beside
    label = LABEL.match(unit.sentence.raw)
    return unit.sentence.raw[label.end() if label else 0 :] + unit.sentence.mark


def find_supports(units: Sequence[Unit], decision: str) -> list[Unit]:
    """Return the units that fit only an approval, next to a word that changes something else."""
    return [unit for unit in units if unit.kind is not None and is_turned_by(unit.kind, decision)]


def _is_aside(unit: Unit, slots: Slots) -> bool:
    """Return whether a text to the applicant is meant for a colleague, or about the applicant."""
    if unit.kind is not None:
        return False
    raw = unit.match.beside if unit.match else unit.sentence.raw
    folded = fold_phrase(raw).strip()
    said = "".join(folded.split()).rstrip("。.、,!")
    if not said:
        return False
    if terms.ASIDE.search(said) or terms.ASIDE.search(folded) or _calls_another(said, slots):
        return True
    return terms.REMARK.fullmatch(said) is not None and terms.ABOUT.search(said) is None


def _calls_another(said: str, slots: Slots) -> bool:
    """Return whether a text starts with somebody's name other than the applicant's, or has a colleague's."""
    called = _CALLED.match(said)
    applicant = re.compile(slots.applicant.replace(" ?", ""))
    if called is not None and not applicant.fullmatch(called["who"]):
        return True
    return names_colleague(said, slots)


_CALLED = compile_later(
    rf"(?P<who>{BARE_SOMEBODY}|皆|みな|みんな)(?:様|さん|さま|氏|殿|先生"
    rf"|{TITLE})(?:[、,]|に|へ|は?どう)"
)
_WHOSE = compile_later(r"(?P<who>[^、。,はがもの]{1,20}?)(?:様|さん|さま|氏(?!名)|殿)")
_WHICH = compile_later(
    r"(?P<who>[^、。,はがも]{1,20})の(?:参加)?(?:申請|申込み?|件|案件|分|所属|在籍|部署|氏名"
    r"|アドレス|勤務先)"
    r"(?:は|が|も|については)"
)
_THIS = r"(?:本|当|当該|この|こちら|今回|今般|上記|標記|下記|ご?依頼|申請者|本人|同|提出|参加)"


def _is_about_another(unit: Unit, match: DecidingMatch, behind_label: bool, slots: Slots) -> bool:
    """Return whether a reason is about another person, application or time.

    After 理由: it may be; a question may be, except in its own sentence.
    """
    if behind_label or unit.kind is not None or (unit.match is None and match.decision != "decline"):
        return False
    if unit.match is not None and (unit.match.labelled or not unit.match.beside):
        return False
    said = unit.match.beside if unit.match is not None else unit.sentence.raw
    return names_another(said, slots)


def names_another(said: str, slots: Slots) -> bool:
    """Return whether a text is about another time, or names another person or application."""
    folded = fold_phrase(said)
    bare = "".join(folded.split())
    if any(terms.ELSEWHERE.search(text) for text in (bare, folded)):
        return True
    mine = re.compile(rf"{_THIS}?(?:{slots.body}の?|{slots.applicant}|{_THIS})*".replace(" ?", ""))
    if any(not mine.fullmatch(each["who"]) for each in _WHOSE.finditer(bare)):
        return True
    which = (each["who"] for each in _WHICH.finditer(bare))
    return any(_names_somebody(who) and not mine.fullmatch(who) for who in which)


def _names_somebody(who: str) -> bool:
    return IS_SOMEBODY.fullmatch(who) is not None or is_office(who)


def is_turned_by(kind: Kind, decision: str) -> bool:
    """Return whether a kind of sentence does not fit the decision.

    A kind that fits only an approval stands next to another decision, or one that fits any decision next to
    an undo.
    """
    if kind.where == "case":
        return decision == "undo"
    return kind.where == "approve" and decision not in _APPROVING


_APPROVING = frozenset({"approve", "resend", "joined"})


def _place(units: Sequence[Unit]) -> Iterator[tuple[Unit, bool]]:
    """Yield each unit, and whether it follows 理由: and precedes the author's name."""
    labelled = signed = False
    for unit in units:
        signed = signed or unit.is_signature or bool(unit.line.label)
        begins = LABEL.match(unit.sentence.raw) is not None or _AS_FOLLOWS.fullmatch(unit.sentence.bare)
        labelled = not signed and (labelled or bool(begins))
        yield unit, labelled


def _turns(unit: Unit, match: DecidingMatch, behind_label: bool) -> bool:
    """Return whether one unit contradicts the decision; text that supports an approval does too."""
    if unit.kind is not None:
        return is_turned_by(unit.kind, match.decision)
    if unit.match is not None:
        return bool(unit.match.beside) and _is_no_reason(unit.match)
    if unit.line.label == "old" or unit.line.wrapped or unit.sentence.is_hesitant:
        return True
    if terms.APOLOGY.fullmatch(unit.sentence.bare) and match.decision != "ask":
        return False
    said = unit.sentence.raw + unit.sentence.mark
    if has_doubt(match.decision, said, labelled=LABEL.match(said) is not None):
        return True
    return match.decision == "decline" and not is_reason(said, named=behind_label)


def _is_no_reason(match: DecidingMatch) -> bool:
    """Return whether the text next to the word contradicts it: 却下（仮）, 却下: 後日連絡します."""
    if has_doubt(match.decision, match.beside, labelled=match.labelled):
        return True
    named = _is_named(match) or (match.labelled and _tells(match.beside))
    return match.decision == "decline" and not is_reason(match.beside, named=named)


def _tells(said: str) -> bool:
    """Return whether a text after a colon states or negates something about the application."""
    bare = fold_compact(said).rstrip("。.、,!")
    about = terms.ABOUT.search(bare) is not None
    return (about and len(bare) >= _SHORT) or (terms.AGAINST.search(bare) is not None and len(bare) >= _LONG)


def has_doubt(decision: str, said: str, *, labelled: bool) -> bool:
    """Return whether a text next to a decision has another decision word, a question to us, or a doubt."""
    folded = fold_phrase(said)
    bare = "".join(folded.split())
    stems = find_stems_in(_INQUIRED.sub("", folded))
    if labelled:
        stems &= frozenset() if decision == "ask" else {"approve", "undo"}
    if decision == "decline" and any(terms.WITHIN.search(text) for text in (bare, folded)):
        return True
    if terms.SECRET.search(bare) or (decision == "hold" and terms.LIFTED.search(bare)):
        return True
    plain = bare.rstrip("。.、,!")
    if terms.EMPTY.fullmatch(plain) or terms.EMPTY.fullmatch(folded.strip(" .!")):
        return True
    if decision != "ask" and any(terms.SUPPORTS.fullmatch(text) for text in (plain, folded.strip(" .!"))):
        return True
    if decision == "hold":  # to be undecided is a reason for a hold
        bare, folded = _UNDECIDED.sub("", bare), _UNDECIDED.sub("", folded)
    asks = decision != "ask" and terms.ASKS.search(bare) is not None
    return (
        bool(stems) or asks or terms.DOUBT.search(bare) is not None or terms.DOUBT.search(folded) is not None
    )


_UNDECIDED = compile_later(r"(?:検討|協議|考え)中")
# An inquiry made elsewhere is no question to the applicant: 人事課に照会したところ, 照会中です.
_INQUIRED = compile_later(r"照会(?:を)?(?:し(?:た|ました)ところ|し(?:た|ました)結果|の結果|中)")


def is_reason(said: str, *, named: bool) -> bool:
    """Return whether a sentence can be the reason of a refusal.

    It must state facts about the application, unless its place marks it as a reason (`named`). It must not
    negate a fault, and not be about the desk.
    """
    label = LABEL.match(said)
    folded = fold_phrase(said[label.end() :] if label else said).strip()
    bare = "".join(strip_decoration(folded).split()).rstrip("。.、,!)")
    text = folded.rstrip(".! ") if folded.isascii() else bare
    if not named and terms.OF_REPLY.search(text):
        return False
    if terms.SNIPPET.fullmatch(bare) or terms.APPLY_AGAIN.fullmatch(text):
        return True
    if denies_fault(text) or any(pattern.search(text) for pattern in _NO_FAULT):
        return False
    if terms.UNFINISHED.search(text) or (terms.PLAN.fullmatch(text) and not terms.STATE.fullmatch(text)):
        return False
    about, against = terms.ABOUT.search(text) is not None, terms.AGAINST.search(text) is not None
    return named or (about and against and len(text) >= _SHORT)


# Text that is never a fault of the applicant.
_NO_FAULT = (terms.OWN_WORK, terms.DESK, terms.OWN_MEANS, terms.HEARSAY, terms.GONE, terms.DENIED)
_SHORT, _LONG = 3, 9  # minimum characters of a reason that names the application, and of a mere negation


def find_stems_in(folded: str) -> frozenset[str]:
    """Return the decisions whose words occur in folded text, with or without spaces inside."""
    return frozenset((*words.find_stems("".join(folded.split())), *words.find_stems(folded)))


def has_second_thought(folded: str) -> bool:
    """Return whether folded text contains a second thought, or says that nothing is decided."""
    bare = "".join(folded.split())
    return any(pattern.search(text) for pattern in (terms.DOUBT, terms.UNFINISHED) for text in (bare, folded))


def _is_named(match: DecidingMatch) -> bool:
    bare = fold_compact(match.beside)
    is_both = all(pattern.search(bare) is not None for pattern in (terms.ABOUT, terms.AGAINST))
    return _BECAUSE.fullmatch(bare) is not None and is_both


_BECAUSE = compile_later(r".{2,}(?:ため|ので|から|こと|により|につき)(?:です)?。?")
