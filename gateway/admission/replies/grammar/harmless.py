"""Sentences and lines that change nothing next to a decision: at most forty kinds, each a small grammar.

There are no wildcards: every open part is a typed slot of limited length (a test walks the syntax trees).
A new kind needs a test row from a real habit. A future form (確認します) is never harmless.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.admission.replies.context import Slots
from gateway.admission.replies.grammar import vocabulary as words
from gateway.admission.replies.grammar.beside.notices import is_notice
from gateway.admission.replies.grammar.footers import FOOTERS
from gateway.admission.replies.grammar.names.offices import OFFICE
from gateway.admission.replies.grammar.names.people import SOMEBODY
from gateway.admission.replies.grammar.names.places import read_body
from gateway.admission.replies.grammar.phrases import (
    AWAY,
    CLOSING_EN,
    COURTESY,
    FINE,
    FINE_EN,
    GO_ON,
    GREETING_EN,
    HANDLE,
    INVITE,
    LATE_EN,
    LATE_THING,
    SEEN,
    SORRY,
    TITLE,
    Kind,
)
from gateway.admission.replies.text.sentences import Sentence, split_sentences, strip_decoration
from gateway.memoize import memoize
from gateway.patterns import compile_later

KINDS: Mapping[str, Kind] = {
    "greeting": Kind(
        r"(?:いつも|平素より|平素は|大変)?(?:大変)?お世話になって(?:おり|い)ます|お世話になります|"
        r"(?:お|御|ご)(?:疲れ|苦労|世話)(?:様|さま)(?:です|でした|でございます)?"
        r"|おはようございます|こんにちは|こんばんは|拝復|拝啓|初めまして|はじめまして|失礼します"
    ),
    "address": Kind(
        rf"{SOMEBODY} ?(?:{TITLE}|様|さん|さま|殿|氏|先生|御中|各位)[、,]?", "before", spaced=True
    ),
    "address of a body": Kind(
        rf"(?:(?:ご?関係者|ご?担当者?|関係|事務局|受付窓口|参加受付窓口|招待受付窓口|窓口|皆|皆々|みな"
        rf"|各|{OFFICE})"
        r"(?:ご?担当者?)?(?:の皆|の)?(?:様|さま|さん|各位|御中|殿)|各位)[、,]?",
        "before",
    ),
    "thanks": Kind(
        r"(?:いつも|どうも|本当に|誠に)?(?:(?:(?:早速|迅速)(?:の|な))?(?:ご|お|御)?(?:連絡|対応"
        r"|確認|案内|報告|手配|手数|知らせ|送付|依頼)"
        r"(?:を)?(?:(?:いただき|頂き|くださり|下さり)(?:まして)?|、)?)?(?:誠に)?(?:ありがとう"
        r"|有難う|有り難う)(?:ございます|ございました)?|感謝"
        r"(?:いた|致)?します"
    ),
    "courtesy": Kind(COURTESY),
    "closing": Kind(
        r"(?:取り急ぎ|とり急ぎ|取急ぎ|まずは|以上)?、?(?:ご|御|お)?(?:連絡|報告|回答|返信|返事"
        r"|知らせ)まで(?:です|に|で失礼(?:いた|致)?します)?"
        r"|(?:取り急ぎ|とり急ぎ|取急ぎ|まずは|以上)、?(?:ご|御|お)?(?:連絡|報告|回答|返信|返事|知らせ)"
        r"(?:(?:いた|致)?します|申し上げます)"
        r"|敬具|草々|以上(?:です|となります|でございます)?|失礼(?:いた|致)?します"
        r"|お手数をおかけします|取り急ぎ"
        r"|(?:取り急ぎ|まずは)(?:メール|書面)(?:に)?て(?:ご)?(?:回答|返信)(?:申し上げます|(?:いた|致)します)"
        r"|(?:標記の件(?:について|につきまして|、)?)?[、,]?(?:下記|以下|次)の(?:とおり|通り)(?:ご)?"
        r"(?:回答|返信)(?:(?:いた|致)?します|申し上げます)"
        r"|(?:出張先|外出先|移動中|会議中|自宅|スマートフォン|スマホ|携帯(?:電話)?)(?:から|より)?(?:の)?(?:ご?返信|メール)?"
        rf"(?:で|にて|、)?(?:失礼(?:いた|致)?します|{SORRY})"
    ),
    "answer": Kind(
        r"(?:(?:本件|標記の件|ご?依頼の件|ご?照会の件)(?:について|につきまして)?[、,]?)?(?:ご)?(?:回答|返信)"
        r"(?:(?:いた|致)?します|申し上げます)",
        "before",
    ),
    # With its spaces: 見本市の判断 is somebody else's.
    "heading": Kind(r"(?:回答|判断|判定|結果|結論|審査結果)(?:内容)?:?", "before", spaced=True),
    "heard": Kind(r"(?:承知|了解|承り|拝承)(?:(?:いた|致)?(?:し)?ました|です)|かしこまりました"),
    "late": Kind(
        rf"{LATE_THING}(?:が|の)?(?:大変)?(?:遅く(?:なり|なって|なりまして)|遅れ(?:まして|て)?"
        rf"|遅延し)(?:まして)?、?{SORRY}"
        rf"|遅く?なり(?:まして)?、?{SORRY}|(?:{LATE_THING}が)?(?:大変)?遅くなりました"
        rf"|(?:大変)?お待たせ(?:(?:いた|致)?しました|(?:(?:いた|致)?し)(?:まして|て)?、?{SORRY})"
    ),
    "away": Kind(AWAY, "signature"),
    "seen": Kind(
        rf"(?:(?:本件|標記の件|この件|本申請)(?:は|について|につきまして)?[、,]?)?{SEEN}(?:です)?", "case"
    ),
    "fine": Kind(rf"{FINE}|ok(?:です|でございます)", "approve"),
    "proceed": Kind(INVITE, "approve"),
    "handle": Kind(HANDLE),
    "go on": Kind(GO_ON, "case"),
    "greeting in English": Kind(GREETING_EN, "before", spaced=True),
    "thanks in English": Kind(
        r"(?:many )?(?:thank you|thanks)(?: (?:very much|a lot|so much))?(?: for (?:the|your) (?:"
        r"(?:kind |quick )?(?:reminder|mail|e-?mail|message"
        r"|information|help|work|request|note|reply)))?[,]?",
        spaced=True,
    ),
    "late in English": Kind(LATE_EN, spaced=True),
    "seen in English": Kind(
        r"(?:i have |i've |i )?(?:checked|verified|reviewed) (?:it|(?:the|his|her|their) "
        r"(?:affiliation|details|application|employment|form))"
        r"(?: by phone)?",
        "case",
        spaced=True,
    ),
    "fine in English": Kind(FINE_EN, "approve", spaced=True),
    "proceed in English": Kind(
        r"please (?:proceed|go ahead|send (?:the|an) invitation|invite (?:him|her|them))",
        "approve",
        spaced=True,
    ),
    **FOOTERS,
}


@dataclass(frozen=True, slots=True)
class Grammar:
    """The harmless kinds with the slots of one context filled in.

    `own`: the author is addressed by name.
    """

    kinds: Mapping[str, tuple[Kind, re.Pattern[str]]]
    body: re.Pattern[str]
    own: re.Pattern[str]

    def find_kind(self, sentence: Sentence, *, of_body: bool = False) -> Kind | None:
        """Return the kind of a sentence that is neither a question nor left open, or None.

        A name must not contain a decision word, except an office (承認担当 佐藤) below a line with its body
        (`of_body`).
        """
        is_called = self.own.fullmatch(sentence.bare)  # by somebody else
        if is_called or sentence.is_question or sentence.is_hesitant or len(sentence.bare) > _MAX_SENTENCE:
            return None
        spaced, bare = strip_decoration(sentence.spaced), strip_decoration(sentence.bare)
        if not bare:  # a mark or an emoji after a sentence
            says = sentence.bare.strip("-_=") != sentence.bare or any(map(str.isalnum, sentence.bare))
            return None if says else _NOTHING_SAID
        whose = (read_body(bare) or bare).removeprefix("の")  # 見本市の佐藤です
        of_case = self.body.sub("", bare, count=1)
        for name, (kind, pattern) in self.kinds.items():
            behind = whose if name in _OF_ANY_BODY else of_case
            for said in (spaced, sentence.spaced) if kind.spaced else (bare, sentence.bare, behind):
                is_name = kind.where == "before" or (name == "self" and not of_body)
                if pattern.fullmatch(said) and not (is_name and words.STEMS.search(bare)):
                    return kind
        return _NOTICE if is_notice(sentence.bare, sentence.spaced) else self._find_bracketed(sentence)

    def _find_bracketed(self, sentence: Sentence) -> Kind | None:
        """Return the kind of notices in one pair of brackets."""
        whole = _BRACKETED.fullmatch(sentence.raw.strip())
        parts = split_sentences(whole[1]) if whole else []
        kinds = [self.find_kind(part) for part in parts]
        return _NOTICE if len(kinds) > 1 and all(kind and kind.where == "footer" for kind in kinds) else None


_BRACKETED = compile_later(r"[\[［【<＜(（]([^\[\]［］【】<>＜＞()（）\n]{1,280})[\]］】>＞)）]")


def is_tag(kind: Kind | None) -> bool:
    """Return whether a kind is a tag in brackets: 【外部】, [EXTERNAL]."""
    return kind is FOOTERS["tag"]


@memoize(
    maxsize=4096, max_key=170, why="several parsers check a message, and the proof each width of a letter"
)
def find_kind(raw: str, mark: str, bare: str, spaced: str, slots: Slots, of_body: bool) -> Kind | None:
    """Return the kind of a sentence in one context (`Grammar.find_kind`), whatever its place in the text."""
    sentence = Sentence(raw, mark, 0, 0, 0, first=True, last=True, bare=bare, spaced=spaced)
    return build_grammar(slots).find_kind(sentence, of_body=of_body)


_MAX_SENTENCE = 300
# The author or the reader may work at any body; what was checked is the body of the case.
_OF_ANY_BODY = frozenset({"self", "address of a body"})
_NOTHING_SAID = Kind("")
_NOTICE = Kind("", "footer")


@memoize(maxsize=64, why="patterns are compiled once per case")
def build_grammar(slots: Slots) -> Grammar:
    """Return the kinds of one context: the fixed ones, and those with the names and facts of the context."""
    typed = {
        "self": Kind(
            (
                rf"(?:(?:お世話になって(?:おり|い)ます|お疲れ様です)、)?(?:{OFFICE}の?){{0,3}}(?:の)?"
                rf"{slots.own}(?:です|でございます|と申します|より|拝)?"
                rf"|\(?{slots.own}\)?"
            ).replace(" ?", ""),
        ),
        "closing in English": Kind(
            rf"{CLOSING_EN}[,]?(?: {slots.own})?",
            spaced=True,
        ),
        "number": Kind(rf"(?:(?:受付|申請|審査)?番号)?:?{slots.number}".replace(" ?", "")),
        "case": Kind(
            (
                rf"(?:氏名|申請者|団体名?|部課名|所属|申請者名):?(?:{slots.applicant}(?:様|さん|氏)?"
                rf"|{slots.body})"
            ).replace(" ?", "")
        ),
    }
    kinds = {name: (kind, re.compile(kind.pattern)) for name, kind in {**KINDS, **typed}.items()}
    own = re.compile(rf"(?:{OFFICE}の?)?{slots.own}(?:様|さん|さま|殿|氏)[、,]?".replace(" ?", ""))
    return Grammar(kinds, re.compile(rf"\A(?:{slots.body}){{1,2}}の?".replace(" ?", "")), own)
