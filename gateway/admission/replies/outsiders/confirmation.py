"""Parses the answer of a colleague at the claimed organisation: the applicant works there, or not.

The same rule as for decisions applies: every sentence is understood, or nothing counts.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum

from gateway.admission.replies.commands.word_and_code import CodedWord, find_code
from gateway.admission.replies.context import NO_CONTEXT, ReplyContext, Slots, build_slots
from gateway.admission.replies.grammar.names import offices, people
from gateway.admission.replies.grammar.names.offices import SECTION
from gateway.admission.replies.grammar.parsing.units import Unit
from gateway.admission.replies.outsiders.understanding import (
    ANSWER_STEMS,
    Grammar,
    is_all_understood,
    is_shown,
    match_sentence,
    read_answer,
)
from gateway.admission.replies.text import own_words
from gateway.admission.replies.text.own_words import OwnWords
from gateway.admission.replies.text.sentences import Sentence, fold_compact
from gateway.mail.text import fold
from gateway.memoize import memoize
from gateway.patterns import compile_later


class Confirmation(StrEnum):
    """A colleague's statement about the applicant."""

    CONFIRM = "confirm"
    DENY = "deny"
    UNKNOWN = "unknown"
    NONE = "none"


_BELONG = r"(?:在籍|所属|勤務|在職)"
_THAT = rf"{_BELONG}(?:し|され)?て(?:い|お)る(?:こと|の|事実)?"
_SAW = (
    r"(?:を|について|につき|は|に関して)?[、,]?(?:電話で|名簿で|人事課に)?確認(?:を)?(?:(?:いた"
    r"|致)?しました|できました|済みです|が取れました|させていただきました)"
)
_SURE = (
    r"(?:に|は|で|のは)?(?:間違い|相違|誤り)(?:は)?(?:ありません|ございません|ないことを確認(?:いた"
    r"|致)?しました)"
)
# Units of every body, and the self-references of each kind: a city is 当市 to its people, but not 当県.
_UNITS = "課|部|室|局|係|班|校|所|院|署|職場|組織|団体|機関"
_KINDS = (
    *(("市", "市|市役所"), ("区", "区|区役所"), ("町", "町|町役場|役場"), ("村", "村|村役場|役場")),
    *(("県", "県|庁|県庁"), ("府", "府|庁|府庁"), ("都", "都|庁|都庁"), ("道", "道|庁|道庁")),
    *((kind, kind) for kind in ("省", "庁", "組合", "広域連合", "大学", "法人", "機構", "委員会", "協議会")),
)
_KINDS_ENGLISH = {
    "市": "city",
    "町": "town",
    "村": "village",
    "区": "ward",
    "省": "ministry",
    "庁": "agency",
    "県": "prefecture",
    "大学": "university",
}
_SOMEBODY_ELSE = r"(?:該当する?|そのような|当該|お尋ねの|ご照会の|上記の)(?:の)?(?:者|職員|人物|方)"
_PERSON = r"(?:he|she|they|this person|the applicant|the person|{})"
_WORKS = (
    r"(?:is (?:currently )?(?:employed|working)|works|belongs|is (?:an employee|a member|a colleague"
    r"|on the staff))"
)


_PAST = (
    r"(?:(?:令和\d{1,2}年|\d{4}年|昨年|本年|今年|先月)?(?:の?\d{1,2}月(?:\d{1,2}日|末日?)?|末)"
    r"|(?:昨|前)年度(?:末)?|先月|昨年)"
)


def _say(belong: str) -> str:
    """Build a pattern for a statement that somebody belongs somewhere, or that it was checked."""
    stay = rf"{belong}(?:し|され)?て(?:い|おり|い?らっしゃい)ます"
    that = rf"{belong}(?:し|され)?て(?:い|お)る(?:こと|の|事実)?"
    return rf"(?:{stay}|(?:{that}|{belong}(?:の事実)?)(?:{_SAW}|{_SURE}))"


def _build_place(slots: Slots, organisation: str) -> str:
    """Build a pattern for the claimed body as its people and others call it, one of its offices, or both."""
    name = fold_compact(organisation)
    kinds = "|".join((_UNITS, *(names for end, names in _KINDS if name.endswith(end))))
    body = rf"(?:(?:当|本|弊|私の)(?:{kinds})|同じ(?:課|部|室|局|係|班)|{slots.body}(?:役所|役場|庁)?)"
    return rf"(?:{body}(?:の?(?:{SECTION}|{slots.body})){{0,3}}|{SECTION}(?:の?{SECTION})?)"


def _build_place_english(slots: Slots, organisation: str) -> str:
    """Build the same in English; a mere `works` may be anywhere, `in our city` is true for many."""
    name = fold_compact(organisation)
    kinds = [kind for end, kind in _KINDS_ENGLISH.items() if name.endswith(end) or kind in name]
    ours = "|".join(("office", "section", "department", "division", "organi[sz]ation", *kinds))
    within = "office|section|department|division|organi[sz]ation"
    return (
        rf"(?: here| by us| with us| for us| of ours| of mine| (?:at|in|to|of|with) our (?:{within})"
        rf"| (?:by|for) our (?:{ours})| (?:at|by|for|with) (?:the )?{slots.body})"
    )


@memoize(maxsize=64, why="patterns are compiled once per case")
def _build_grammar(slots: Slots, organisation: str) -> Grammar:
    """Build the sentences of a colleague, with the applicant's name and body in their slots."""
    named = rf"(?:{slots.body}の?){{0,2}}{slots.applicant}"
    who = (
        rf"(?:YES[、,])?(?:間違いなく)?(?:(?:{named}|申請者|本人|同人|同氏|当該(?:者"
        rf"|職員)|(?:上記|下記|この|ご照会|お尋ね)の?"
        rf"(?:者|方|職員|件))"
        r"(?:様|さん|氏)?(?:の件)?(?:につきまして|について)?(?:は|が|の|も)?[、,]?)?(?:間違いなく"
        r"|現在|確かに)?[、,]?"
    )
    place = _build_place(slots, organisation)
    to = r"(?:の(?:職員|者)として)?(?:に|で|における|での|の)?(?:おいて)?[、,]?"
    where = rf"(?:{place}{to})?"
    japanese = {
        "confirm": (
            # A person said to work, but not where, may work anywhere.
            rf"{who}(?:{place}{to}{_say(_BELONG)}|{_say('(?:在籍|所属)')}"
            rf"|{place}の(?:職員|者|課員)(?:です|でございます|{_SURE}|である"
            rf"(?:こと)?(?:{_SAW}|{_SURE})))|はい"
        ),
        "deny": (
            rf"{who}(?:{where}(?:{_BELONG}(?:し|され)?て(?:は?い|は?おり)?(?:ません|ない"
            rf"|ませんでした)|(?:{_THAT}"
            rf"|{_BELONG}(?:の事実|の件)?)"
            r"(?:を|は|が|も)?確認(?:が|は)?(?:でき|出来|取れ)(?:ません|ない|ませんでした|かねます|兼ねます)"
            rf"|{_BELONG}の(?:事実|記録)(?:は|が)?(?:ありません|ございません|認められません))|"
            rf"{place}の(?:職員|者|課員)では(?:ありません|ございません)"
            rf"|(?:すでに|既に|{_PAST}(?:付け?で|をもって|をもちまして|限りで|で|に)?[、,]?)?退職(?:いた|致)?し(?:ました|ています|ております))|確認(?:が|は)?"
            rf"(?:でき|取れ)(?:ません|ませんでした)"
            rf"|(?:{_SOMEBODY_ELSE}|該当者)(?:は|が)?(?:{where})?(?:いません|おりません|存在しません"
            rf"|見当たりません|在籍して(?:いません|おりません))"
        ),
    }
    person = _PERSON.format(slots.applicant)
    at = _build_place_english(slots, organisation)
    english = {
        "confirm": (
            rf"(?:yes, )?(?:(?:i|we) )?(?:can |hereby |can hereby )?confirm(?:ed)?(?: (?:this|it"
            rf"|that)|(?: that)? {person} {_WORKS}{at}"
            rf"|(?: (?:the|his|her|their))? (?:affiliation|employment|membership)"
            rf"(?: of {slots.applicant})?)?|(?:yes, )?{person} {_WORKS}{at}"
        ),
        "deny": (
            rf"(?:no, )?(?:{person} )?(?:is|was) (?:not|no longer) (?:currently )?(?:employed"
            rf"|working|an employee|a member|one of us|a colleague|on the staff)(?:{at})?"
            rf"|(?:no, )?{person} (?:does not|doesn't|no longer) (?:work|works|belong"
            rf"|belongs)(?:{at})?|not employed(?:{at})?|not confirmed"
            rf"|(?:(?:i|we) )?confirm(?: that)? {person} (?:is not|is no longer|does not) "
            rf"(?:currently )?(?:employed|working|work|belong)(?:{at})?"
            rf"|(?:i|we) (?:cannot|can not|can't|could not|am unable to|are unable to|do not|don't) confirm"
            r"(?: (?:this|it|that|(?:the|his|her|their) (?:affiliation|employment|membership)))?"
            r"|denied|no such (?:person|employee|colleague)(?: here)?"
        ),
    }
    return (
        {
            name: re.compile(pattern.replace(" ?", "").replace("YES", _YES[name]))
            for name, pattern in japanese.items()
        },
        {name: re.compile(pattern) for name, pattern in english.items()},
    )


_YES = {"confirm": "はい", "deny": "いいえ"}
# The words of the buttons, which answer with the code of the letter.
ANSWERS = {
    **dict.fromkeys(("はい", "yes"), "confirm"),
    **dict.fromkeys(("いいえ", "no"), "deny"),
    **dict.fromkeys(("心当たりがない", "心当たりはない", "心当たりなし", "unknown"), "unknown"),
}
_WORKING = compile_later(
    rf"{_BELONG}|の(?:職員|課員)(?:に|で)(?:は)?(?:間違い|相違)|\b(?:employ|work|belong|member|colleague|staff)"
)


def parse_confirmation(
    text: str, context: ReplyContext = NO_CONTEXT, *, html_text: str = "", coded_only: bool = False
) -> Confirmation:
    """Parse a colleague's answer to the question whether the applicant belongs to the organisation.

    A yes is word and code of the letter, or a sentence with the applicant's full name and 在籍, 所属 or 勤務.
    `html_text` is the text of the HTML part, which is parsed for word and code if there is no `text`. With
    `coded_only` sentences do not count.
    """
    own = own_words.split(text if text.strip() else html_text, context.letter_lines, context.known_lines)
    if not own.is_whole():
        return Confirmation.NONE
    coded = find_code(own, context.code, ANSWERS) if context.code else None
    if coded is None and (coded_only or not text.strip()):
        return Confirmation.NONE
    grammar = _build_grammar(build_slots(context), context.organisation)
    units = read_answer(own, context, grammar)
    if text.strip() and not is_shown(units, own, html_text, context, grammar, coded=coded is not None):
        return Confirmation.NONE
    return _read_coded(own, coded, context) if coded is not None else _read_sentences(units, context)


def _read_coded(own: OwnWords, coded: CodedWord, context: ReplyContext) -> Confirmation:
    """Parse the answer by word and code: the text below must be understood, and say nothing else."""
    if not coded.is_right or not coded.is_apart(own):
        return Confirmation.NONE
    rest = coded.drop_from(own)
    grammar = _build_grammar(build_slots(context), context.organisation)
    units = read_answer(rest, context, grammar, decided=True)
    answers = {unit.match.decision for unit in units if unit.match is not None}
    clear = answers <= {coded.decision} and is_all_understood(units, context)
    return Confirmation(coded.decision) if clear else Confirmation.NONE


def _read_sentences(units: list[Unit], context: ReplyContext) -> Confirmation:
    answers = {unit.match.decision for unit in units if unit.match is not None}
    if len(answers) != 1 or not is_all_understood(units, context):
        return Confirmation.NONE
    answer = Confirmation(answers.pop())
    if answer is Confirmation.CONFIRM and not any(_is_about(unit, context) for unit in units):
        return Confirmation.NONE
    return answer


def _is_about(unit: Unit, context: ReplyContext) -> bool:
    """Return whether an answering sentence has the applicant's full name, and where the applicant works.

    A name that contains a word of an answer does not count, nor one that the sentence does not need as a
    name.
    """
    name = fold_compact(context.applicant_name)
    if unit.match is None or len(name) < 2 or ANSWER_STEMS.search(name):
        return False
    if not _is_written_as_name(name, unit.sentence, context) or _confirms_anybody(unit.sentence, context):
        return False
    return name in unit.sentence.bare and _WORKING.search(unit.sentence.spaced.replace(name, "")) is not None


def _is_written_as_name(name: str, sentence: Sentence, context: ReplyContext) -> bool:
    """Return whether the name is a real name, or is written like one, as two words or before さん.

    An applicant might state the name 同僚, which any colleague may write.
    """
    words = fold(context.applicant_name).split()
    if offices.is_office(name):
        return False
    if people.is_full_name(context.applicant_name):
        return True
    polite = sentence.bare.partition(name)[2].startswith(("さん", "様", "氏"))
    return len(words) > 1 and not name.isascii() and (polite or " ".join(words) in sentence.spaced)


def _confirms_anybody(sentence: Sentence, context: ReplyContext) -> bool:
    """Return whether the sentence is an answer without the applicant's name too: 総務課に勤務しています."""
    nameless = replace(context, applicant_name="")
    return match_sentence(sentence, _build_grammar(build_slots(nameless), context.organisation)) is not None
