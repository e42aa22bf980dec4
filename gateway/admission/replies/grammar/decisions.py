"""The complete sentences that decide a case, in Japanese and English.

Each pattern is matched against a whole sentence (`sentences.strip_decoration`): Japanese without white space,
English with single spaces. Nothing else decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from gateway.admission.replies.grammar.phrases import (
    ASK_FOR,
    CANNOT_EN,
    COURTESY,
    FINE,
    FINE_EN,
    GO_ON,
    HANDLE,
    I_EN,
    INVITE,
    OBJECT_EN,
    OPENING,
    PAUSE,
    SEEN,
    SOFT,
    SORRY,
    SUBJECT_EN,
    THANKS_EN,
    WHEN_EN,
)
from gateway.memoize import memoize
from gateway.patterns import compile_later

if TYPE_CHECKING:
    from gateway.admission.replies.context import Slots


# 承認 + these: する, します, いたしました, です, とします, でお願いします, させていただきます ...
_DO = r"(?:する|した|し(?:ます|ました)|(?:いた|致)し(?:ます|ました))"
_LET = r"(?:させて|さして)(?:いただき|頂き|戴き)(?:ます|ました)"
_PLEASE = rf"(?:で|にて)(?:、)?(?:よろしく|宜しく)?{ASK_FOR}|でよろしく"
_MAKE = rf"(?:と|に){_DO}|(?:と|に){_LET}|する(?:こと)?と{_DO}"
_REPORT = r"の旨(?:を)?[、,]?(?:取り急ぎ)?(?:ご)?(?:連絡|報告|回答)(?:(?:いた|致)?します|申し上げます)"
_IS = r"(?:です|だ|である|であります|でございます)"
ENDING = rf"(?:を?{_DO}|を?{_LET}|{_PLEASE}|{_MAKE}|{_IS}|{_REPORT}|で)?"
_WELL = (
    r"で(?:(?:よい|良い|いい|よろしい|宜しい)(?:です|と判断します)|(?:構|かま)いません"
    r"|問題(?:は|も)?(?:ありません|ございません)|差し?支え(?:は|も)?(?:ありません|ございません)|結構です"
    rf"|大丈夫です|進めて(?:ください|下さい)|[、,]?(?:{HANDLE}|{GO_ON}|{INVITE}))"
)

_THING = r"(?:審査(?:の?依頼)?|(?:参加|利用|招待|入会|加入)?(?:の)?申請|申し?込み?|件|方|案件|参加|入会|加入)"
_TOPIC = (
    r"(?:については|につきましては|について|につきまして|に関しまして|に関して|に対し(?:て)?)?[、,:]?"
    r"(?:は|を)?[、,:]?"
)
_AS_BELOW = r"(?:以下|下記|上記|次|左記)の(?:通り|とおり)[、,]?"
# That somebody has checked; 確認の上 may be a plan.
_BECAUSE = (
    rf"(?:(?:{SEEN}|{FINE})(?:(?:の)?(?:ので|ため|から|につき|により)[、,]?|[、,]|と判断し(?:ました)?[、,]"
    rf"|と確認しました[、,]))?"
)

_THEN = r"(?:(?:ので|から)[、,]?|[、,])"
# Only after a verb: 承認、お願いします asks somebody else to decide.
_SO = rf"(?<=[すただ]){_THEN}(?:{COURTESY}|{HANDLE}|{GO_ON}|{INVITE})"
_SO_THEN = rf"(?<=[すただ]){_THEN}(?:{COURTESY}|{HANDLE}|{GO_ON})"

_YES = r"(?:承認|許可)"
_NO = r"(?:却下|不承認|不許可|否認|否決|拒否|承認拒否|承認不可|許可不可)"
_NOT_YES = (
    rf"{_YES}(?:は|を)?(?:(?:いた|致)?し(?:ません|ない|かねます|兼ねます)|(?:でき|出来)(?:ません"
    rf"|ない(?:です)?|かねます"
    r"|兼ねます)|する(?:こと)?(?:は|が)でき(?:ません|ない|かねます)|しない(?:こと)?(?:と|に)(?:いた"
    r"|致)?します)"
)
_TURN_DOWN = rf"お(?:断り|断わり)(?:を?{_DO}|を?{_LET}|{_PLEASE}|{_IS}|してください|して下さい)?|断ります"
# A request to the desk: 却下してください. An approval may be requested of somebody else.
_CARRY_OUT = r"(?:と|に)?して(?:ください|下さい)"
_RETURN = r"差し?(?:戻|もど)"
_BACK = rf"(?:{_RETURN}し?|照会){ENDING}|{_RETURN}し(?:ます|た|ました)|(?:{_RETURN}し|照会)を{ASK_FOR}"
_PAUSED = r"(?:(?:判断|審査|回答|手続き?)(?:を|は)[、,]?)?(?:保留|一時保留|留保|ペンディング)"
# A date or a span, parsed by `hold_date`; anything it cannot parse is no date.
_DAY = r"[^、。,「」『』?]{1,24}?"
_SHOW = rf"(?:を?(?:見せて|送って|教えて|表示して)(?:ください|下さい)|を?{ASK_FOR})?"
# Before a refusal or a hold any text may be the reason; its content is checked by `note`.
_REASON = r"(?:(?P<reason>[^「」『』?]{2,100}?(?:ため|ので|ことから|により|につき))[、,]?)?"
_PAREN = r"(?:[(](?P<paren>[^()]{1,100})[)])?"

_BACK_TO = r"(?:取消し?|取り消し|とりけし|撤回|キャンセル)"
_BEFORE = r"(?:(?:先ほど|さきほど|先程|さっき|今|いま|直前|今朝)(?:送った|お送りした|送信した|の)?)?"
_DONE = (
    r"(?:承認|許可|却下|不承認|照会|差し戻し|保留|判断|決定|返信|返事|回答|メール)(?:メール|の判断"
    r"|の返信|の連絡)?"
)
_UNDO_VERB = (
    rf"(?:取り?消(?:します|す|させて(?:ください|いただきます)|して(?:ください|下さい)"
    rf"|したいです|したいと思います)"
    rf"|(?:撤回|キャンセル)(?:を?{_DO}|を?{_LET}|して(?:ください|下さい)|させてください)|{_BACK_TO}"
    rf"(?:を{ASK_FOR}|{_PLEASE}|と"
    rf"(?:いた|致)?します))"
)
_DECIDED = r"(?:承認|許可|却下|不承認|照会|差し戻し|保留)"
_WRONG = r"(?:間違い|誤り)(?:です|でした)"


def _lead(slots: Slots) -> str:
    """Build the pattern for the subject of a decision: this application, its number, its applicant's name."""
    number = (
        rf"(?:(?:受付|申請)?番号)?:?[\[【(]?{slots.number}[\]】)]?(?:[(]{slots.applicant}(?:様|さん|氏)?[)])?"
        rf"(?:の{_THING})?{_TOPIC}"
    )
    person = (
        rf"(?:{slots.body}の?){{0,2}}{slots.applicant}(?:様|さん|氏|さま)(?:の{_THING})?"
        rf"{_TOPIC}"
    )
    this = (
        r"(?:(?:本|当|当該|標記の?|表記の?|標題の?|表題の?|首題の?|上記の?|上述の?|下記の?|この"
        r"|こちらの?|ご?依頼の)"
        rf"{_THING}|{_THING}|こちら|上記|標記|以上)(?:の件)?{_TOPIC}"
    )
    return rf"(?:{_AS_BELOW})?(?:{number}|{person}|{this})?(?:{_AS_BELOW})?"


@memoize(maxsize=64, why="patterns are compiled once per case")
def build_grammar(slots: Slots) -> tuple[Mapping[str, re.Pattern[str]], Mapping[str, re.Pattern[str]]]:
    """Return the sentences of each decision: Japanese for text without spaces, English for spaced text."""
    lead, to = _lead(slots).replace(" ?", ""), rf"{slots.applicant}(?:様|さん|氏)に".replace(" ?", "")
    about = rf"{slots.own}|{slots.applicant}(?:様|さん|氏)"
    said = rf"(?:[(【\[]?{slots.number}[)】\]]?|[(](?:{about})[)])?".replace(" ?", "")
    japanese = {
        "approve": (
            rf"{OPENING}{_BECAUSE}{lead}{_BECAUSE}{OPENING}{_YES}(?:{ENDING}|{_WELL}){said}(?:{_SO})?"
        ),
        "decline": (
            rf"{OPENING}{_REASON}{SOFT}{lead}{SOFT}(?:{_NO}(?:{ENDING}|{_CARRY_OUT})|{_NOT_YES}|{_TURN_DOWN}){_PAREN}"
            rf"(?:{_SO_THEN})?"
        ),
        "ask": rf"{OPENING}{_REASON}{PAUSE}(?:{to}|{lead}){PAUSE}(?:{_BACK}){_PAREN}(?:{_SO_THEN})?",
        "hold": (
            rf"(?:{SORRY}(?:が)?[、,]?)?{OPENING}{_REASON}{PAUSE}{lead}{PAUSE}"
            rf"(?:(?P<before>{_DAY}(?:まで|間|いっぱい|(?<=[週月度])中))"
            rf"(?:ほど|程度)?(?:は)?)?[、,]?{PAUSE}{_PAUSED}"
            rf"(?:(?:{ENDING}|{_CARRY_OUT}){_PAREN}|(?:は)?[、,:]?(?P<after>{_DAY}(?:まで)?))(?:{_SO_THEN})?"
        ),
        "undo": (
            rf"(?:{SORRY}(?:が)?[、,])?(?:{_BACK_TO}{ENDING}|{OPENING}{_BEFORE}(?:本件(?:は|を)?[、,]?"
            rf"|{_DONE}(?:を|は|の|につき)?[、,]?)?{_UNDO_VERB}|{_BEFORE}{_DECIDED}は{_WRONG})"
        ),
        "take": rf"(?:(?:私|わたし|自分|当方)が)?{lead}担当(?:を?{_DO}|を?{_LET})?",
        # What somebody did, or asks of us: 再送します and 参加します are the author's own plans.
        "joined": (
            rf"(?:参加|入会)(?:済み?{_IS}?|(?:を)?確認(?:済み?{_IS}?|(?:いた|致)?しました)"
            r"|(?:さ|な|いた)?(?:れ|し)(?:ました|ています|ております))?"
        ),
        "resend": (
            rf"(?:招待(?:状|メール)?(?:を|の)?)?(?:再送信?|再招待|再送付)"
            rf"(?:(?:を|で|にて)?{ASK_FOR}|して(?:ください|下さい))?"
            r"|招待(?:状|メール)?を再送(?:信)?(?:する|(?:いた|致)?します)"
        ),
        "list": rf"(?:一覧|リスト){_SHOW}",
        "status": rf"{lead}の?(?:状況|状態){_SHOW}",
        "help": rf"(?:ヘルプ|使い方){_SHOW}",
    }
    return (
        {name: re.compile(pattern) for name, pattern in japanese.items()},
        {name: re.compile(pattern.replace("NUMBER", slots.number)) for name, pattern in _ENGLISH.items()},
    )


_ENGLISH = {
    "approve": (
        rf"(?:(?:hi|hello|ok|okay|yes|thanks|thank you|{FINE_EN}),? )?(?:NUMBER:? )?"
        rf"(?:(?:i|we) (?:hereby )?approved?{OBJECT_EN}|{SUBJECT_EN}approved|approved{OBJECT_EN})"
        rf"(?: NUMBER)?{THANKS_EN}(?:[,;] please (?:proceed|go ahead|send the invitation))?"
        rf"|(?:(?:hi|hello|ok|okay|yes),? )?(?:NUMBER:? )?(?:hereby )?approve{OBJECT_EN}(?: NUMBER)?"
    ),
    "decline": (
        rf"{I_EN}(?:decline|reject|deny|refuse|disapprove)d?{OBJECT_EN}|{SUBJECT_EN}(?:declined|rejected"
        rf"|denied|refused"
        rf"|not approved)|(?:i|we) (?:must|have to) (?:decline|reject|refuse){OBJECT_EN}"
        rf"|{I_EN}{CANNOT_EN} approve{OBJECT_EN}"
    ).replace(rf"{I_EN}{CANNOT_EN}", rf"(?:(?:i|we) )(?:hereby )?{CANNOT_EN}"),
    "ask": r"ask(?: (?:the applicant|back|him|her|them))?",
    "hold": (
        r"(?:(?:i|we|i'll|we'll|i will|we will|please) )?(?:put|keep|place|leave)?(?: ?(?:this"
        rf"|it)(?: (?:application|case))?)? ?(?:on )?hold(?: this| it)?(?: {WHEN_EN.format('after')})?"
        rf"|{SUBJECT_EN}(?:on hold|pending)(?: {WHEN_EN.format('later')})?"
    ),
    "undo": r"(?:please )?undo(?: (?:this|it|that|(?:my|the) (?:decision|approval)))?(?: please)?",
    "take": r"(?:(?:i will|i'll|we will|we'll) (?:take|handle)|take) (?:this|it)(?: case)?|take",
    "joined": r"(?:(?:he|she|they|the applicant) )?(?:has |have )?joined",
    "resend": r"resend(?: (?:it|this|the invitation))?",
    "list": r"list(?: (?:all|cases|all cases))?",
    "status": r"status",
    "help": r"help",
}
# The same words before a colon or a space, followed by a text that is passed on.
HEADS = {
    "decline": compile_later(rf"(?:{_NO}(?:{ENDING}|の?理由)|decline[d]?|reject(?:ed)?|not approved)"),
    "ask": compile_later(rf"(?:(?:照会|{_RETURN}し?)(?:{ENDING}|事項|内容)|ask(?: ?the ?applicant)?)"),
    "hold": compile_later(rf"(?:{_PAUSED}(?:{ENDING}|の?理由)|(?:on ?)?hold|pending)"),
    "affiliated": compile_later(r"(?:在籍確認済み?|phoned)"),
}
