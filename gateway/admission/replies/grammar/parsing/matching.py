"""Matches a sentence that is a decision: alone, after a reason, or as a word followed by a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from gateway.admission.replies.context import NO_CONTEXT, ReplyContext, Slots, build_slots
from gateway.admission.replies.grammar import decisions
from gateway.admission.replies.grammar import vocabulary as words
from gateway.admission.replies.grammar.beside.reasons import LABEL, is_reason
from gateway.admission.replies.grammar.beside.requests import is_called
from gateway.admission.replies.grammar.beside.terms import SNIPPET
from gateway.admission.replies.grammar.names.signature import is_call_note, names_writer
from gateway.admission.replies.grammar.parsing.units import (
    DecidingMatch,
    Unit,
    find_blocks,
    read_units,
)
from gateway.admission.replies.grammar.phrases import OPENING
from gateway.admission.replies.notes.hold_date import ANY_DAY, read_hold_date
from gateway.admission.replies.text.own_words import OwnLine, OwnWords
from gateway.admission.replies.text.sentences import (
    Sentence,
    fold_phrase,
    has_balanced_brackets,
    strip_decoration,
)
from gateway.patterns import compile_later

_MAX_SENTENCE = 300


def match_decision(sentence: Sentence, slots: Slots) -> DecidingMatch | None:
    """Return the decision of a sentence that is nothing else, or None."""
    if not words.has_word(sentence.bare, sentence.spaced):
        return None
    headed = _match_head(sentence)
    if headed is not None:
        return headed
    if sentence.is_question or sentence.is_hesitant or len(sentence.bare) > _MAX_SENTENCE:
        return None
    if not has_balanced_brackets(sentence.bare):
        return None
    japanese, english = decisions.build_grammar(slots)
    bare = "".join(_HEADING.sub("", sentence.spaced).split()) or sentence.bare
    for grammar, said in ((japanese, bare), (english, sentence.spaced)):
        for name, pattern in grammar.items():
            found = pattern.fullmatch(strip_decoration(said))
            if found is not None:
                return _build_match(name, sentence, found.groupdict())
    return None


def read_decisions(own: OwnWords, slots: Slots, *, decided: bool = False) -> list[Unit]:
    """Parse a member's own text into units; `decided`: a decision precedes it."""
    units = read_units(own, slots, lambda sentence: match_decision(sentence, slots), decided=decided)
    return require_name(units, slots, own)


def is_understood(
    text: str, context: ReplyContext = NO_CONTEXT, *, decided: bool = False, approving: bool = True
) -> bool:
    """Return whether every sentence of a text is harmless next to a decision.

    `decided`: the decision precedes it; `approving`: the decision is an approval.
    """
    units = _read_beside(text, context, decided=decided)
    return all(unit.kind is not None and (approving or unit.kind.where != "approve") for unit in units)


def calls_person(text: str, context: ReplyContext) -> bool:
    """Return whether a text above a decision addresses somebody other than the desk, who is then asked."""
    return is_called(_read_beside(text, context, decided=False))


def _read_beside(text: str, context: ReplyContext, *, decided: bool) -> list[Unit]:
    own = OwnWords(tuple(map(OwnLine, text.split("\n"))))
    slots = build_slots(context)
    return require_name(read_units(own, slots, lambda _: None, decided=decided), slots, own)


def require_name(units: Sequence[Unit], slots: Slots, own: OwnWords) -> list[Unit]:
    """Return the units, accepting an office or a telephone number only where the author signs.

    A known line that was removed counts as a signature too. 人事課 above 承認しました speaks of somebody
    else, and so does 人事課長 below it, with the name in a block further down.
    """
    blocks = find_blocks(own)
    decided = next((unit.sentence.line for unit in units if unit.match is not None), 0)
    signed = {at for at, line in enumerate(own.lines) if line.signs}
    signed |= {
        unit.sentence.line
        for unit in units
        if unit.kind is not None and names_writer(unit.sentence.spaced, slots)
    }

    def is_signed(line: int) -> bool:
        """Return whether the author signs near an office on this line: above it, or in its block."""
        if line < decided:
            return any(at < decided for at in signed)
        return any(
            blocks[at] == blocks[line] or (at < line and blocks[line] != blocks[decided]) for at in signed
        )

    return [
        replace(unit, kind=None, is_signature=False)
        if unit.is_signature and not is_signed(unit.sentence.line)
        else unit
        for unit in units
    ]


# A heading followed by a space: 回答 承認. Without one it is a part of the word: 回答承認.
_HEADING = compile_later(r"\A\W*(?:回答|判断|判定|結果|結論|審査結果) (?=\S)")
_REASON_RAW = compile_later(r"\s*(?:[・•●○◎◆◇■*-]\s*)?(.+(?:ため|ので|ことから|により|につき))")


def _build_match(name: str, sentence: Sentence, groups: dict[str, str | None]) -> DecidingMatch:
    until = next((text for key in ("before", "after", "later") if (text := groups.get(key))), "")
    if not groups.get("before") and until and name == "hold" and sentence.bare.isascii():
        until = f"until {until}"
    beside = ""
    if groups.get("reason") and (raw := _REASON_RAW.match(sentence.raw)):
        beside = raw.group(1).strip()
    paren = groups.get("paren") or ""
    if name == "hold" and paren and (_looks_dated(paren) or read_hold_date(paren, ANY_DAY)):
        until, paren = paren, ""
    return DecidingMatch(name, "\n".join(part for part in (beside, paren) if part), until=until)


def _looks_dated(text: str) -> bool:
    """Return whether a text next to 保留 is meant as a date, so that it must be parsed as one."""
    return text.endswith("まで") or re.search(r"\d ?(?:[月日/.-]|週|か月|ヶ月)|\d{6}", text) is not None


# What may precede the word: the number, 標記の件、 協議の結果、 申請者に
_BEFORE_HEAD = compile_later(
    r"\s*(?:[0-9A-Z]{4}-[0-9A-Z]{2}\s*|(?:標記|本|この|申請|審査依頼)の?件(?:について|につきまして)?[、,]"
    rf"|申請者(?:へ|に)){{0,3}}{OPENING}"
)
_HEAD = compile_later(
    (
        r"\s*(?:[・•●○◎◆◇■*-]\s*|\d{1,2}[.)．]\s*)?(?P<head>[^\s:：]{2,20}(?: (?:hold|approved"
        r"|the applicant))?)(?P<sign>\s*[:：]\s*|[\s　]+)(?P<rest>\S.*)"
    ),
    re.DOTALL | re.IGNORECASE,
)
# 却下 申請者以外, 却下 申請分のみ: a restriction to certain cases.
_NOT_ALL = compile_later(r"(?:以外|のみ|だけ|分|件|まで|から)$")
_REASON_SHAPED = compile_later(r".{2,}(?:ため|ので|から|より|により|につき)(?:です)?")


def _match_head(sentence: Sentence) -> DecidingMatch | None:
    """Match `照会: <question>` or `却下 理由: <text>`: the word, and a text that is passed on."""
    before = _BEFORE_HEAD.match(sentence.raw)
    head = _HEAD.fullmatch(sentence.raw, before.end() if before else 0)
    if head is None:
        return None
    said = "".join(strip_decoration(fold_phrase(head["head"])).split())
    name = next((name for name, pattern in decisions.HEADS.items() if pattern.fullmatch(said)), "")
    if not name:
        return None
    rest, colon = head["rest"].strip(), bool(head["sign"].strip())
    label = LABEL.match(rest)
    beside = f"{rest[label.end() :] if label else rest}{sentence.mark}"
    if name == "hold":
        return _match_hold(rest, beside, labelled=colon or label is not None)
    if name == "affiliated":
        shaped = is_call_note(rest)
        return DecidingMatch(name, beside, labelled=True) if shaped and not sentence.is_hesitant else None
    folded = fold_phrase(rest)
    shaped = (name == "ask" and not said.isascii()) or _REASON_SHAPED.fullmatch(folded) is not None
    shaped = shaped or SNIPPET.fullmatch(folded) is not None
    shaped = shaped or (
        name == "decline" and _NOT_ALL.search(folded) is None and is_reason(rest, named=False)
    )
    if not (colon or label is not None or shaped) or sentence.is_hesitant:
        return None
    return DecidingMatch(name, beside, labelled=colon or label is not None)


def _match_hold(rest: str, beside: str, *, labelled: bool) -> DecidingMatch | None:
    if read_hold_date(rest, ANY_DAY) is not None:
        return DecidingMatch("hold", until=rest)
    if _looks_dated(fold_phrase(rest.partition(" ")[2])):
        return DecidingMatch("hold", until=rest)  # two dates: neither is meant
    first, _, after = (
        rest.partition(" ") if " " in rest else re.sub(r"[　、,]", " ", rest, count=1).partition(" ")
    )
    if after.strip() and read_hold_date(first, ANY_DAY) is not None:
        return DecidingMatch("hold", after.strip() + beside[len(rest) :], labelled=labelled, until=first)
    if _looks_dated(fold_phrase(rest)):
        return DecidingMatch("hold", until=rest)
    shaped = labelled or _REASON_SHAPED.fullmatch(fold_phrase(rest)) is not None
    return DecidingMatch("hold", beside, labelled=labelled) if shaped else None


def is_in_place(units: Sequence[Unit], at: int) -> bool:
    """Return whether a decision is in the author's own text.

    Not in the rest of a quotation, nor below a signature mark, nor below a rule, unless only mail systems
    wrote above it.
    """
    line = units[at].line
    if line.label == "footer":
        return all(unit.kind is not None and unit.kind.where == "footer" for unit in units[:at])
    return not line.wrapped and not line.label


def find_torn(units: Sequence[Unit], at: int, text: str, *, noted: bool) -> Unit | None:
    """Return the adjacent unit that may be a part of the deciding sentence, split by a line break."""
    deciding = units[at].sentence
    if at:
        above = units[at - 1]
        touches = text[above.sentence.stop : deciding.start].strip(" \t　") in {"", "\n"}
        if (
            above.is_unknown
            and touches
            and not above.sentence.mark
            and not _CLOSED.search(above.sentence.bare)
        ):
            return above
    if at + 1 < len(units) and not deciding.mark:
        below = units[at + 1]
        if text[deciding.stop : below.sentence.start].strip(" \t　") not in {"", "\n"}:
            return None
        finite = _FINITE.search(deciding.bare) is not None
        if below.is_signature and not finite and not _is_name(below):
            return below
        goes_on = _GOES_ON_VERB if finite else _GOES_ON
        if below.is_unknown and noted and goes_on.match(below.sentence.bare):
            return None if LABEL.match(below.sentence.raw) or _CAPITAL.match(below.sentence.raw) else below
    return None


_FINITE = compile_later(r"(?:ます|ました|です|する|ません)$")
_CLOSED = compile_later(r"(?:です|ます|でした|ました|ません|様|さん|御中|各位|殿|ため|ので)$")
_CAPITAL = compile_later(r"[A-Z][a-z']* [a-z]")
# Starts of a next line that may continue a wrapped sentence: after a noun, and after a finite verb.
_GOES_ON = compile_later(
    r"[しすでをはがのにともさせいだなかやまへけらよねつつ、,。)」』済中待先後前外者]|予定|場合|解除"
    r"|不要|[a-z]"
)
_GOES_ON_VERB = compile_later(r"が[、,]|けど|けれど|か(?:$|[。?!、,])|ので|と|って|」|予定|場合|[、,]|[a-z]")


def _is_name(unit: Unit) -> bool:
    return words.STEMS.search(unit.sentence.bare) is None and not unit.sentence.bare.startswith("担当")
