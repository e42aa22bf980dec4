"""Sentences and lines that change nothing beside a decision: at most forty kinds, each a small grammar.

There is no wildcard: what is open is a typed slot, and no longer than one (a test walks the syntax trees).
A new kind comes with a row from a real habit. A future form (確認します) is never harmless.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.admission.replies.context import Slots
from gateway.admission.replies.grammar import vocabulary as words
from gateway.admission.replies.grammar.beside.notices import is_notice
from gateway.admission.replies.grammar.names.offices import OFFICE
from gateway.admission.replies.grammar.names.people import SOMEBODY
from gateway.admission.replies.grammar.names.places import read_body
from gateway.admission.replies.grammar.phrases import (
    ACT,
    AWAY,
    CLOSING_EN,
    COURTESY,
    DELETE,
    DEVICE_NOTE,
    END,
    FINE,
    FINE_EN,
    GO_ON,
    GREETING_EN,
    HANDLE,
    INVITE,
    KEPT_WITHIN,
    LATE_EN,
    LATE_THING,
    MAIL,
    PLEASE_FIRST,
    READER,
    SEEN,
    SORRY,
    TELL,
    TITLE,
    USE,
    Kind,
    M,
)
from gateway.admission.replies.sentences import Sentence, split_sentences, strip_decoration
from gateway.memoize import memoize

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
        r"|(?:出張先|外出先|移動中|自宅|スマートフォン|携帯(?:電話)?)(?:から|より)?(?:の)?(?:返信|メール)?"
        r"(?:で|にて)?失礼(?:いた|致)?します"
    ),
    "heard": Kind(r"(?:承知|了解|承り|拝承)(?:(?:いた|致)?(?:し)?ました|です)|かしこまりました"),
    "late": Kind(
        rf"{LATE_THING}(?:が|の)?(?:大変)?(?:遅く(?:なり|なって|なりまして)|遅れ(?:まして|て)?"
        rf"|遅延し)(?:まして)?、?{SORRY}"
        rf"|遅く?なり(?:まして)?、?{SORRY}|(?:{LATE_THING}が)?(?:大変)?遅くなりました"
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
    "received by mistake": Kind(
        rf"※?(?:意図しない|本来の宛先でない|宛先以外の|心当たりのない)(?:受信者|受取人)?(?:の方|方)?(?:は"
        rf"|が)?、?{PLEASE_FIRST}{TELL}{DELETE}|※?{PLEASE_FIRST}(?:{MAIL})?(?:を|が|に)?、?(?:誤って"
        rf"|間違って|お?心当たりのない|意図せず)、?(?:お?受信|受領|お?受け?取り|(?:送信|配信)され|届い"
        rf"|お?手元に届い)"
        rf"(?:され|した|なさった|になった|された|になられた|た|し|られた){{0,4}}(?:方|場合|際|とき)(?:は"
        rf"|には)?、?{PLEASE_FIRST}{TELL}{PLEASE_FIRST}{DELETE}",
        "footer",
    ),
    "not the addressee": Kind(
        rf"※?(?:{MAIL}(?:の)?)?(?:宛先|名宛人|宛名|受信者|受取人|対象者)(?:の方|ご本人)?(?:で"
        rf"(?:は)?ない|以外)(?:の方)?(?:場合|方"
        rf"|者)?(?:は|が|による|には)?、?"
        rf"(?:{MAIL})?(?:の|を)?(?:内容の)?(?:無断)?{USE}(?:(?:や|、|・|及び|または|又は|もしくは)"
        rf"(?:第三者への)?{USE}){{0,5}}(?:等)?(?:を|は|することは|する行為は)?"
        r"(?:固く)?(?:お断り(?:いた|致)?します|禁止(?:されて(?:い|おり)ます|して(?:い|おり)ます|"
        r"(?:いた|致)?します|です)|ご遠慮ください)",
        "footer",
    ),
    "confidential": Kind(
        rf"※?{MAIL}(?:に)?(?:は|には)?、?(?:(?:機密|秘密|個人|守秘義務のある|秘匿性の高い"
        rf"|機密性の高い)?情報(?:等)?(?:が|を)(?:含まれて"
        rf"|含んで)(?:い(?:る(?:場合|こと|可能性|おそれ|恐れ)が(?:あり|ござい)ます|ます)|おります)"
        r"|(?:名宛人|宛先|受信者|受取人)(?:の方)?(?:のみ|だけ)(?:を対象と(?:した|する)|に(?:宛てた"
        r"|向けた|宛てて送信された))(?:もの|メール|情報)"
        r"(?:です|であり、機密情報を含む場合があります))",
        "footer",
    ),
    "care": Kind(
        rf"※?(?:{DEVICE_NOTE}(?:や|と|及び|および|・|、|または)?){{1,3}}(?:に|の(?:取り?扱い|開封"
        rf"|クリック)に|を(?:開く|クリックする)"
        rf"(?:際|とき)は)(?:は|つきましては)?、?(?:十分|充分)?(?:に)?"
        r"(?:ご)?注意(?:して)?(?:ください|下さい|願います)?",
        "footer",
    ),
    "unknown sender": Kind(
        rf"※?(?:送信元|差出人|送信者)(?:が|を|に)?(?:不明|不審|心当たり(?:が|の)ない|確認できない)"
        rf"(?:な)?(?:場合|メール|とき)?(?:は|の)?、?"
        rf"(?:{DEVICE_NOTE}(?:や|・|、|または)?){{1,3}}"
        rf"(?:を|は)(?:開か|クリックし|開封し|実行し)ないで{END}",
        "footer",
    ),
    "attachment removed": Kind(
        (
            r"※?(?:(?:安全|セキュリティ(?:対策)?)(?:上|の)?(?:の理由|ため)?(?:のため|で"
            r"|により)?、?)?添付ファイル(?:を|が|は)(?:無害化処理により"
            r"|セキュリティ(?:上の理由|対策)(?:のため|により))?(?:\d{1,3}個)?(?:取り除き|削除し"
            r"|除去し|分離し|取り除かれ|削除され|除去され)ました"
        ),
        "footer",
    ),
    "tag": Kind(
        r"[【\[<(](?:外部|社外|庁外|組織外|学外|外部メール|社外メール|庁外メール|組織外メール"
        r"|外部からのメール|外部発信|注意|注意喚起|ご注意|お知らせ|インターネット"
        r"|インターネットメール|無害化|無害化済み?"
        r"|external|external(?: ?e-?mail| ?sender)?|ext|caution|warning|sanitized|internet)[】\]>)]"
        r"|[【\[(]?(?:情報区分|格付け?|取扱区分)?:?機密性[12](?:情報)?[】\])]?",
        "footer",
        spaced=True,
    ),
    "meant for": Kind(
        rf"{M} (?:is|are|may be)(?: (?:{KEPT_WITHIN}|and|,|or)){{0,6}}(?: ?(?:and )?(?:is |are )?"
        rf"(?:meant|intended|addressed)) ?(?:only|solely|exclusively)? (?:for|to)(?: the)?"
        rf"(?: (?:sole|exclusive))?(?: use of)? {READER}(?: named(?: above"
        rf"| in it| herein)?| to whom (?:it is|they are) addressed| (?:or|and) (?:entity"
        rf"|organization) to (?:which|whom) (?:it is|they are) addressed)?",
        "footer",
        spaced=True,
    ),
    "may contain": Kind(
        (
            rf"{M} (?:may )?contains?(?: (?:{KEPT_WITHIN}|and|,|and/or|or)){{1,6}} (?:information|material)"
            rf"(?: intended (?:only|solely) for {READER})?"
        ),
        "footer",
        spaced=True,
    ),
    "in error": Kind(
        (
            rf"if you (?:(?:have )?(?:got|received|receive|get) (?:it|this|{M}) (?:in error|by mistake"
            rf"|by accident)|are not {READER}),? {ACT}"
        ),
        "footer",
        spaced=True,
    ),
    "not allowed": Kind(
        r"(?:if you are not the intended recipient,? )?(?:you are (?:hereby )?notified that )?any "
        r"(?:unauthorized )?(?:use|review|copying|disclosure|distribution|dissemination|retention)"
        r"(?:,? (?:or )?(?:use|review|copying|disclosure|distribution|dissemination"
        r"|retention)){0,5}(?: of this (?:e-?mail|message|information))? is (?:strictly )?"
        r"(?:prohibited|forbidden)",
        "footer",
        spaced=True,
    ),
    "do not click": Kind(
        r"(?:please )?(?:do not|don't) (?:click|open|click on)(?: (?:on|any|links?|or|and|,|open"
        r"|attachments?)){1,6} unless you (?:recogni[sz]e|know|trust|expect)"
        r"(?: (?:the|sender|source|content|and|know|is|safe)){2,10}",
        "footer",
        spaced=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Grammar:
    """The harmless kinds with the slots of one context filled; `own`: the writer is called by name."""

    kinds: Mapping[str, tuple[Kind, re.Pattern[str]]]
    body: re.Pattern[str]
    own: re.Pattern[str]

    def find_kind(self, sentence: Sentence, *, of_body: bool = False) -> Kind | None:
        """The kind of a sentence that is neither asked nor left open. Among names a word of decision is none,
        but that of an office (承認担当 佐藤) below a line that names its body (`of_body`)."""
        is_called = self.own.fullmatch(sentence.bare)  # by somebody else
        if is_called or sentence.is_question or sentence.is_hesitant or len(sentence.bare) > _MAX_SENTENCE:
            return None
        spaced, bare = strip_decoration(sentence.spaced), strip_decoration(sentence.bare)
        if not bare:  # a mark or a picture behind a sentence
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
        """The kind of notices that stand in one pair of brackets."""
        whole = _BRACKETED.fullmatch(sentence.raw.strip())
        parts = split_sentences(whole[1]) if whole else []
        kinds = [self.find_kind(part) for part in parts]
        return _NOTICE if len(kinds) > 1 and all(kind and kind.where == "footer" for kind in kinds) else None


_BRACKETED = re.compile(r"[\[［【<＜(（]([^\[\]［］【】<>＜＞()（）\n]{1,280})[\]］】>＞)）]")


def is_tag(kind: Kind | None) -> bool:
    """Whether a kind is a tag in brackets: 【外部】, [EXTERNAL]."""
    return kind is KINDS["tag"]


_MAX_SENTENCE = 300
# Where the writer or the reader works is any body; what was checked is the body of the case.
_OF_ANY_BODY = frozenset({"self", "address of a body"})
_NOTHING_SAID = Kind("")
_NOTICE = Kind("", "footer")


@memoize(maxsize=64, why="patterns are compiled once for a case")
def build_grammar(slots: Slots) -> Grammar:
    """The kinds of one context: the fixed ones, and those with the writer's names and the case's facts."""
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
