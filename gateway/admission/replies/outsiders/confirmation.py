"""The answer of a colleague at the claimed organisation: the applicant works there, or does not.

The same rule as for decisions: every sentence is understood, or nothing counts.
"""

from __future__ import annotations

import re
from enum import StrEnum

from gateway.admission.replies import own_words
from gateway.admission.replies.context import ReplyContext, Slots, build_slots
from gateway.admission.replies.grammar.names.offices import OFFICE
from gateway.admission.replies.grammar.units import Unit
from gateway.admission.replies.outsiders.understanding import (
    ANSWER_STEMS,
    MAX_OWN,
    Grammar,
    is_all_understood,
    is_shown,
    read_answer,
)
from gateway.admission.replies.own_words import OwnLine, OwnWords
from gateway.admission.replies.sentences import fold_compact
from gateway.admission.replies.word_and_code import CodedWord, find_code
from gateway.memoize import memoize


class Confirmation(StrEnum):
    """What a colleague says about the applicant."""

    CONFIRM = "confirm"
    DENY = "deny"
    UNKNOWN = "unknown"
    NONE = "none"


NO_CONTEXT = ReplyContext()
_BELONG = r"(?:在籍|所属|勤務|在職)"
_STAY = rf"{_BELONG}(?:し|され)?て(?:い|おり|い?らっしゃい)ます"
_THAT = rf"{_BELONG}(?:し|され)?て(?:い|お)る(?:こと|の|事実)?"
_SAW = (
    r"(?:を|について|につき|は|に関して)?[、,]?(?:電話で|名簿で|人事課に)?確認(?:を)?(?:(?:いた"
    r"|致)?しました|できました|済みです|が取れました|させていただきました)"
)
_SURE = (
    r"(?:に|は|で|のは)?(?:間違い|相違|誤り)(?:は)?(?:ありません|ございません|ないことを確認(?:いた"
    r"|致)?しました)"
)
_OURS = (
    r"(?:当|本|弊|私の|同じ)(?:課|部|室|局|庁|省|市|町|村|県|府|都|道|区|校|所|院|係|署|機関|団体|法人"
    r"|組合|大学|職場|役場|事務所)"
)
_SOMEBODY_ELSE = r"(?:該当する?|そのような|当該|お尋ねの|ご照会の|上記の)(?:の)?(?:者|職員|人物|方)"
_PERSON = r"(?:he|she|they|this person|the applicant|the person|{})"
_PLACE = (
    r"(?: (?:here|by us|with us|for us|(?:at|by|for|in|with|to|of) (?:our (?:office|section|department"
    r"|organi[sz]ation|city|town|ministry)|the (?:office|section|department|city|town|ministry))))?"
)
_WORKS = (
    r"(?:is (?:currently )?(?:employed|working)|works|belongs|is (?:an employee|a member|a colleague"
    r"|on the staff))"
)


@memoize(maxsize=64, why="patterns are compiled once for a case")
def _build_grammar(slots: Slots) -> Grammar:
    """The sentences of a colleague, with the applicant's name and body in their slots."""
    named = rf"(?:{slots.body}の?){{0,2}}{slots.applicant}"
    who = (
        rf"(?:YES[、,])?(?:間違いなく)?(?:(?:{named}|申請者|本人|同人|同氏|当該(?:者"
        rf"|職員)|(?:上記|下記|この|ご照会|お尋ね)の?"
        rf"(?:者|方|職員|件))"
        r"(?:様|さん|氏)?(?:の件)?(?:につきまして|について)?(?:は|が|の|も)?[、,]?)?(?:間違いなく"
        r"|現在|確かに)?[、,]?"
    )
    where = (
        rf"(?:(?:{_OURS}|{slots.body}|{OFFICE}){{0,3}}(?:の(?:職員|者)として)?(?:に|で|における|での"
        rf"|の)?(?:おいて)?[、,]?)?"
    )
    japanese = {
        "confirm": (
            rf"{who}(?:{where}(?:{_STAY}|(?:{_THAT}|{_BELONG}(?:の事実)?)(?:{_SAW}|{_SURE}))"
            rf"|(?:{_OURS}|{slots.body})の(?:職員|者|課員)(?:です|でございます|{_SURE}|である"
            rf"(?:こと)?(?:{_SAW}|{_SURE})))|はい"
        ),
        "deny": (
            rf"{who}(?:{where}(?:{_BELONG}(?:し|され)?て(?:は?い|は?おり)?(?:ません|ない"
            rf"|ませんでした)|(?:{_THAT}"
            rf"|{_BELONG}(?:の事実|の件)?)"
            r"(?:を|は|が|も)?確認(?:が|は)?(?:でき|出来|取れ)(?:ません|ない|ませんでした|かねます|兼ねます)"
            rf"|{_BELONG}の(?:事実|記録)(?:は|が)?(?:ありません|ございません|認められません))|"
            rf"(?:{_OURS}|{slots.body})の(?:職員"
            rf"|者|課員)では(?:ありません|ございません)"
            rf"|(?:すでに|既に)?退職(?:いた|致)?し(?:ました|ています|ております))|確認(?:が|は)?"
            rf"(?:でき|取れ)(?:ません|ませんでした)"
            rf"|(?:{_SOMEBODY_ELSE}|該当者)(?:は|が)?(?:{where})?(?:いません|おりません|存在しません"
            rf"|見当たりません|在籍して(?:いません|おりません))"
        ),
    }
    person = _PERSON.format(slots.applicant)
    english = {
        "confirm": (
            rf"(?:yes, )?(?:(?:i|we) )?(?:can |hereby |can hereby )?confirm(?:ed)?(?: (?:this|it"
            rf"|that)|(?: that)? {person} {_WORKS}{_PLACE}"
            rf"|(?: (?:the|his|her|their))? (?:affiliation|employment|membership)"
            rf"(?: of {slots.applicant})?)?|(?:yes, )?{person} {_WORKS}{_PLACE}"
        ),
        "deny": (
            rf"(?:no, )?(?:{person} )?(?:is|was) (?:not|no longer) (?:currently )?(?:employed"
            rf"|working|an employee|a member|one of us|a colleague|on the staff){_PLACE}"
            rf"|(?:no, )?{person} (?:does not|doesn't|no longer) (?:work|works|belong"
            rf"|belongs){_PLACE}|not employed{_PLACE}|not confirmed"
            rf"|(?:(?:i|we) )?confirm(?: that)? {person} (?:is not|is no longer|does not) "
            rf"(?:currently )?(?:employed|working|work|belong){_PLACE}"
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
_WORKING = re.compile(rf"{_BELONG}|\b(?:employ|work|belong|member|colleague|staff)")


def parse_confirmation(
    text: str, context: ReplyContext = NO_CONTEXT, *, html_text: str = "", coded_only: bool = False
) -> Confirmation:
    """Read a colleague's answer to the question whether the applicant belongs to the organisation.

    A yes is word and code of the letter, or a sentence that names the applicant whole and says 在籍, 所属 or
    勤務. `html_text` is what an HTML part shows, read for word and code where there is no `text`;
    with `coded_only` sentences answer nothing.
    """
    own = own_words.split(text if text.strip() else html_text, context.letter_lines, context.known_lines)
    if len(own.text) > MAX_OWN:
        return Confirmation.NONE
    coded = find_code(own, context.code, ANSWERS) if context.code else None
    if coded is None and (coded_only or not text.strip()):
        return Confirmation.NONE
    grammar = _build_grammar(build_slots(context))
    units = read_answer(own, context, grammar)
    if text.strip() and not is_shown(units, own, html_text, context, grammar, coded=coded is not None):
        return Confirmation.NONE
    return _read_coded(own, coded, context) if coded is not None else _read_sentences(units, context)


def _read_coded(own: OwnWords, coded: CodedWord, context: ReplyContext) -> Confirmation:
    """The answer by word and code: what stands below must be understood, and say nothing else."""
    below = own.lines[coded.line + 1 : coded.line + 2]
    if not coded.is_right or (below and below[0].text.strip()):
        return Confirmation.NONE
    rest = OwnWords((*own.lines[: coded.line], OwnLine(""), *own.lines[coded.line + 1 :]))
    units = read_answer(rest, context, _build_grammar(build_slots(context)), decided=True)
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
    """Whether an answering sentence names the applicant whole, and where the applicant works. A name that
    holds a word of an answer is none here."""
    name = fold_compact(context.applicant_name)
    if unit.match is None or len(name) < 2 or ANSWER_STEMS.search(name):
        return False
    bare = unit.sentence.bare
    return name in bare and _WORKING.search(unit.sentence.spaced.replace(name, "")) is not None
