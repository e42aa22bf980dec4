"""Answers by people outside the office: a colleague confirms or denies, an applicant takes back.

The same rule as for decisions: only whole sentences count, and doubt is no answer.
"""

from __future__ import annotations

import re
from enum import StrEnum

from gateway.admission.replies import vocabulary as words
from gateway.admission.replies.sentences import (
    Sentence,
    has_balanced_brackets,
    is_courtesy,
    split_sentences,
    strip_decoration,
)
from gateway.mail.quoted_text import fresh_text

MAX_SENTENCE = 200
MAX_FRESH = 10_000


class Confirmation(StrEnum):
    """What a colleague says about the applicant."""

    CONFIRM = "confirm"
    DENY = "deny"
    NONE = "none"


# Who is spoken of; nothing that turns or limits the sentence may hide in it.
_WHO = r"(?P<who>[^、,。?:]{1,40}?(?:の|は|が|も)[、,]?)?"
_WHERE = r"(?:(?:当|本|弊|私の|同じ)?[^、,。?:はがも]{0,20}(?:に|で)(?:おいて)?)?"
_BELONG = r"(?:在籍|所属|勤務|在職|雇用)"
_STAY = rf"{_BELONG}(?:し|され)?て(?:い|おり|い?らっしゃい)ます"
_KNOWN = (
    r"(?:を|について|につき|は|に関して)?(?:、)?確認(?:を)?(?:(?:いた|致)?し(?:ました|ます)|できました"
    r"|済みです|が取れました|させていただきました)"
)
_SURE = (
    r"(?:に|は|で|のは)?(?:間違い|相違|誤り)(?:は)?(?:ありません|ございません|ないことを確認(?:いた"
    r"|致)?し(?:ました|ます))"
)
_THAT = rf"{_BELONG}(?:し|され)?て(?:い|お)る(?:こと|の|事実)?"
_STAFF = r"(?:当|本|弊)[^、,。?:]{1,12}の(?:職員|者|課員|所属)"
_CONFIRM_JA = re.compile(
    rf"(?:間違いなく)?{_WHO}(?:間違いなく)?(?:{_WHERE}{_STAY}"
    rf"|{_WHERE}(?:{_THAT}|{_BELONG}(?:の事実|の件|状況)?)(?:{_KNOWN}|{_SURE})"
    rf"|{_STAFF}(?:です|でございます|{_SURE}|である(?:こと)?{_KNOWN}|である(?:こと)?{_SURE})"
    rf"|(?:確認(?:いた|致)?し(?:ました|ます)|確認済みです))"
)
_DENY_JA = re.compile(
    rf"{_WHO}(?:{_WHERE}{_BELONG}(?:し|され)?て(?:い|おり|は?い)?(?:ません|ない|ませんでした)"
    rf"|{_WHERE}(?:{_THAT}|{_BELONG}(?:の事実|の件)?)?(?:を|は|が|も)?確認(?:が|は)?(?:でき|出来"
    r"|取れ)(?:ません|ない|ませんでした|かねます|兼ねます)"
    rf"|{_WHERE}{_BELONG}の(?:事実|記録)(?:は|が)?(?:ありません|ございません|認められません)"
    r"|(?:当|本|弊)?[^、,。?:]{0,12}の?(?:職員|者)ではありません"
    r"|(?:該当|該当する|そのような|当該)(?:の)?(?:者|職員|人物)?(?:は|が)?(?:いません|おりません"
    r"|ありません|存在しません|見当たりません|在籍していません|在籍しておりません)"
    r"|(?:すでに|既に)?退職(?:いた|致)?し(?:ました|ています|ております))"
)
_PERSON = (
    r"(?:(?:he|she|they|this person|the applicant|the person|(?:(?:mr|mrs|ms|dr)\.? )?[a-z' -]{1,60}?) )"
)
_PLACE = r"(?: (?:(?:at|by|for|in|with|to|of) [a-z0-9' .-]{1,60}|here|by us|with us|for us))?"
_WORKS = (
    r"(?:is (?:currently )?(?:employed|working)|works|belongs|is (?:an employee|a member|a colleague"
    rf"|on the staff)){_PLACE}"
)
_CONFIRM_EN = re.compile(
    r"(?:(?:i|we) )?(?:can |hereby |can hereby )?confirm(?:ed)?(?: (?:this|it|that)"
    rf"|(?: that)? {_PERSON}{_WORKS}"
    r"|(?: (?:the|his|her|their))? (?:affiliation|employment|membership)(?: of [a-z' -]{1,60})?)?"
    rf"|{_PERSON}{_WORKS}"
)
_DENY_EN = re.compile(
    rf"{_PERSON}?(?:is|was) (?:not|no longer) (?:currently )?(?:employed|working|an employee|a member"
    rf"|one of us|a colleague|with us|on the staff){_PLACE}"
    rf"|{_PERSON}?(?:does not|doesn't|no longer) (?:work|works|belong|belongs){_PLACE}"
    rf"|not employed{_PLACE}|not confirmed"
    r"|(?:(?:i|we) )?(?:cannot|can not|can't|could not|couldn't|am unable to|are unable to|unable to"
    r"|do not|don't) confirm"
    r"(?: (?:this|it|that|(?:the|his|her|their) (?:affiliation|employment|membership)))?|deny|denied"
    r"|no such (?:person|employee|colleague)(?: here)?"
)
_WEAK = re.compile(r"確認(?:いた|致)?し(?:ました|ます)|確認済みです")
_TURNS = re.compile(
    r"ない|なく|せん|せず|もし|場合|なら|以前|かつて|昨年|去年|元職員|まで|予定|か$|\bnot\b|n't"
    r"|\bno\b|never|\bif\b|until|former|\bleft\b|retired|\bwas\b|longer|whether"
)
_STEMS = re.compile(r"在籍|所属し|勤務し|雇用|退職|確認|\bconfirm|\bemploy|\bdeny\b|\bdenied\b")
# Requests and courtesies with the same words, which say nothing about the applicant.
_HARMLESS = re.compile(r"(?:ご|御)確認|確認の(?:ほど|程|件|お願い|ご連絡|メール)|確認依頼")


def parse_confirmation(text: str, own_lines: frozenset[str] = frozenset()) -> Confirmation:
    """Read a colleague's answer to the question whether the applicant belongs to the organisation."""
    answers: dict[Confirmation, Sentence] = {}
    others: list[Sentence] = []
    for sentence in split_sentences(fresh_text(text, own_lines)[:MAX_FRESH]):
        answer = _parse_sentence(sentence)
        if answer is not Confirmation.NONE:
            answers[answer] = sentence
        elif not sentence.notice and sentence.bare and not is_courtesy(sentence.raw):
            others.append(sentence)
    if len(answers) != 1 or any(_is_contradicting(sentence) for sentence in others):
        return Confirmation.NONE
    ((answer, sentence),) = answers.items()
    # 確認します alone answers our question; beside other words it may mean "I shall look into it".
    return Confirmation.NONE if others and _WEAK.fullmatch(strip_decoration(sentence.bare)) else answer


def _parse_sentence(sentence: Sentence) -> Confirmation:
    if not _is_whole(sentence):
        return Confirmation.NONE
    bare, spaced = strip_decoration(sentence.bare), strip_decoration(sentence.spaced)
    if _DENY_JA.fullmatch(bare) or _DENY_EN.fullmatch(spaced):
        return Confirmation.DENY
    if (_CONFIRM_JA.fullmatch(bare) or _CONFIRM_EN.fullmatch(spaced)) and not _TURNS.search(
        _subject(bare, spaced)
    ):
        return Confirmation.CONFIRM
    return Confirmation.NONE


def _subject(bare: str, spaced: str) -> str:
    """The free part of a confirming sentence, where a turn could hide; in English the whole."""
    if bare.isascii():
        return spaced
    match = _CONFIRM_JA.fullmatch(bare)
    return (match["who"] or "") if match else bare


def _is_whole(sentence: Sentence) -> bool:
    if sentence.is_question or sentence.is_hesitant or len(sentence.bare) > MAX_SENTENCE:
        return False
    return sentence.starts_clean and sentence.ends_clean and has_balanced_brackets(sentence.bare)


def _is_contradicting(sentence: Sentence) -> bool:
    """Whether a sentence that is no answer comes near one, asks, or takes one back."""
    if sentence.is_question or sentence.is_hesitant:
        return True
    rest = _HARMLESS.sub("", sentence.bare)
    near = _STEMS.search(rest) or (sentence.bare.isascii() and _STEMS.search(sentence.spaced))
    return bool(near or words.REVERSAL.search(sentence.spaced) or words.TAKES_BACK.match(sentence.bare))


_MINE = (
    r"(?:(?:この(?:度|たび)(?:は)?|誠に勝手ながら|申し訳(?:ありません|ございません)が"
    r"|都合により)[、,]?)?(?:(?:本|当|この|私の|先日の|参加|招待|利用)?(?:参加|招待"
    r"|利用)?申請(?:の件)?(?:について|につきまして)?(?:は|を|の)?[、,]?|本件(?:は|を)?[、,]?)?"
)
_TAKE = r"(?:取り?下げ|とりさげ|辞退|撤回|キャンセル)"
_WITHDRAW_JA = re.compile(
    rf"{_MINE}{_TAKE}(?:ます|る|(?:を)?(?:(?:いた|致)?しま(?:す|した)|する)"
    r"|(?:を)?(?:させて)(?:いただき|頂き)ます|(?:を)?お願い(?:いた|致)?します"
    r"|たいです|たいと思います|たく思います|(?:を)?したいです|(?:を)?したいと思います|を?希望(?:いた"
    r"|致)?します|てください|て下さい|です|でお願い(?:いた|致)?します)?"
)
_WITHDRAW_EN = re.compile(
    r"(?:please )?(?:(?:i|we) )?(?:hereby |(?:would like|'d like|want|wish"
    r"|have decided) to )?(?:withdraw|cancel)(?: (?:it|this|(?:my|our|the|this) (?:application"
    r"|request)))?"
    r"|withdrawn|withdrawal"
)
_WITHDRAW_STEMS = re.compile(r"取り?下げ|とりさげ|辞退|撤回|キャンセル|withdraw|\bcancel")


def is_withdrawal(text: str, own_lines: frozenset[str] = frozenset()) -> bool:
    """Whether an applicant takes the application back, in a whole sentence and without second thoughts."""
    takes = False
    for sentence in split_sentences(fresh_text(text, own_lines)[:MAX_FRESH]):
        exact = _WITHDRAW_JA.fullmatch(strip_decoration(sentence.bare)) or _WITHDRAW_EN.fullmatch(
            strip_decoration(sentence.spaced)
        )
        if exact and _is_whole(sentence):
            takes = True
        elif _WITHDRAW_STEMS.search(sentence.bare) or words.TAKES_BACK.match(sentence.bare):
            return False
    return takes
