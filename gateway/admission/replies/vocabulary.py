"""The whole sentences that decide a case, in Japanese and English, and the stems that betray a near miss.

Each pattern is compared with a whole sentence (`sentences.core`): Japanese without any white space, English
with single spaces. What is not written here decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

# 承認 + this: する, します, いたしました, です, とします, でお願いします, させていただきます ...
_DO = r"(?:する|した|し(?:ます|ました)|(?:いた|致)し(?:ます|ました))"
_LET = r"(?:させて|さして)(?:いただき|頂き|戴き)(?:ます|ました)"
_PLEASE = r"で(?:、)?(?:よろしく|宜しく)?(?:お願い|御願い)(?:(?:いた|致)?します|申し上げます|したいです)"
_MAKE = rf"(?:と|に){_DO}|(?:と|に){_LET}"
_IS = r"(?:です|だ|である|であります|でございます)"
ENDING = rf"(?:を?{_DO}|を?{_LET}|{_PLEASE}|{_MAKE}|{_IS})?"

_THING = r"(?:(?:参加|利用|招待|入会|加入)?申請|申し?込み?|件|方|案件)"
LEAD = (
    r"(?:(?:(?:本|当|当該|標記の?|表記の?|標題の?|表題の?|首題の?|上記の?|上述の?|下記の?|この"
    rf"|こちらの?|ご?依頼の){_THING}"
    rf"|{_THING}|こちら|上記|標記|以上)(?:の件)?(?:については|につきましては|について|につきまして"
    r"|に関しまして|に関して|に対し(?:て)?)?"
    r"[、,:]?(?:は|を)?[、,:]?)?"
)
# Beside these words an approval would be conditional; a refusal or a pause is not.
_SOFT = (
    r"(?:(?:残念ながら|残念ですが|申し訳(?:ありません|ございません|ない)が|(?:以上|上記|次|下記"
    r"|以下)の理由(?:により|で|から)|今回は|このたびは|恐れ入りますが)[、,]?)?"
)
_PAUSE = r"(?:(?:一旦|いったん|一度|しばらく|暫く|当面|当面の間|ひとまず|とりあえず|今回は)[、,]?)?"

_YES = r"(?:承認|許可)"
_NO = r"(?:却下|不承認|不許可|否認|否決|拒否|承認拒否|承認不可|許可不可)"
_NOT_YES = (
    rf"{_YES}(?:は|を)?(?:(?:いた|致)?し(?:ません|ない|かねます)|でき(?:ません|ない|かねます"
    r"|兼ねます)|出来(?:ません|ない|かねます)"
    r"|(?:いた|致)?し兼ねます|する(?:こと)?(?:は|が)でき(?:ません|ない|かねます)"
    r"|しない(?:こと)?(?:と|に)(?:いた|致)?します)"
)
_TURN_DOWN = rf"お?(?:断り|断わり)(?:を?{_DO}|を?{_LET}|{_PLEASE}|{_IS})?|断ります"
_BACK = (
    rf"(?:差し?戻し?|差し?もどし|照会){ENDING}|差し?戻し?(?:ます|す|ました)|(?:差し?戻し?"
    r"|照会)をお願い(?:いた|致)?します"
)
_DATE = (
    r"(?:\d{4}年|\d{4}[/.-]|令和\d{1,2}年)?(?:\d{1,2}月\d{1,2}日|\d{1,2}[/.-]\d{1,2}|\d{1,2}月(?:末"
    r"|中旬|上旬|下旬|初め)?|\d{1,2}日)"
    r"(?:[(](?:月|火|水|木|金|土|日)[)])?|来週|来月|今月末|月末|年度末|年内|来年度"
)
_UNTIL = rf"(?:{_DATE})(?:まで)?"
_PAUSED = r"(?:保留|一時保留|留保|ペンディング)"
_SHOW = r"(?:を?(?:見せて|送って|教えて|表示して)(?:ください|下さい)|を?お願い(?:いた|致)?します)?"
_BACK_TO = r"(?:取消し?|取り消し|とりけし)"

_OBJECT = (
    r"(?: (?:this|it|that|him|her|them|(?:this|the|his|her|their) (?:application|request|case|applicant"
    r"|person)))?"
)
_I = r"(?:(?:i|we) )?(?:hereby )?"
_SUBJECT = r"(?:(?:this|the) (?:application|request|case) (?:is |has been )?|(?:this|it) is |application )?"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_WHEN = (
    rf"(?:until|till) (?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}} {_MONTH}(?: \d{{4}})?"
    rf"|{_MONTH} \d{{1,2}}(?:, ?\d{{4}})?|next (?:week|month))"
)
_CANNOT = (
    r"(?:do not|don't|does not|cannot|can not|can't|will not|won't|am not able to|are not able to"
    r"|am unable to|are unable to)"
)

JAPANESE = {
    "approve": re.compile(rf"{LEAD}{_YES}{ENDING}"),
    "decline": re.compile(rf"{_SOFT}{LEAD}{_SOFT}(?:{_NO}{ENDING}|{_NOT_YES}|{_TURN_DOWN})"),
    "ask": re.compile(rf"{_PAUSE}{LEAD}{_PAUSE}(?:{_BACK})"),
    "hold": re.compile(
        rf"{_PAUSE}{LEAD}{_PAUSE}(?P<before>{_UNTIL}(?:は)?)?[、,]?{_PAUSED}(?:{ENDING}"
        rf"|[(、,:]?(?P<after>{_UNTIL})[)]?)"
    ),
    "undo": re.compile(rf"{_BACK_TO}{ENDING}|取り?消します|取り?消す|取り?消しをお願い(?:いた|致)?します"),
    "take": re.compile(rf"(?:(?:私|わたし|自分|当方)が)?{LEAD}担当(?:を?{_DO}|を?{_LET})?"),
    "joined": re.compile(rf"(?:参加(?:済み?|を?確認)?|入会済み?){ENDING}"),
    "resend": re.compile(
        rf"(?:招待(?:メール)?を?)?(?:再送信?|再招待|再送付)"
        rf"(?:{ENDING}|をお願い(?:いた|致)?します|して(?:ください|下さい))"
    ),
    "list": re.compile(rf"(?:一覧|リスト){_SHOW}"),
    "status": re.compile(rf"{LEAD}の?(?:状況|状態){_SHOW}"),
    "help": re.compile(rf"(?:ヘルプ|使い方){_SHOW}"),
}
ENGLISH = {
    "approve": re.compile(
        rf"(?:(?:ok|yes|thanks|thank you), )?(?:{_I}approved?{_OBJECT}"
        rf"|{_SUBJECT}approved)(?:,? (?:thanks|thank you))?"
    ),
    "decline": re.compile(
        rf"{_I}(?:decline|reject|deny|refuse|disapprove)d?{_OBJECT}|{_SUBJECT}(?:declined|rejected"
        r"|denied|refused|not approved)"
        rf"|(?:i|we) (?:must|have to) (?:decline|reject|refuse){_OBJECT}|{_I}{_CANNOT} approve{_OBJECT}"
    ),
    "ask": re.compile(r"ask(?: (?:the applicant|back|him|her|them))?"),
    "hold": re.compile(
        r"(?:(?:i|we|i'll|we'll|i will|we will) )?(?:put|keep|place|leave)?(?: ?(?:this"
        rf"|it)(?: (?:application|case))?)? ?(?:on )?hold(?: this| it)?(?: (?P<after>{_WHEN}))?"
        rf"|{_SUBJECT}(?:on hold|pending)(?: (?P<later>{_WHEN}))?"
    ),
    "undo": re.compile(r"undo(?: (?:this|it|that|my decision|the decision))?"),
    "take": re.compile(r"(?:(?:i will|i'll|we will|we'll) (?:take|handle)|take) (?:this|it)(?: case)?|take"),
    "joined": re.compile(r"(?:(?:he|she|they|the applicant) )?(?:has |have )?joined"),
    "resend": re.compile(r"resend(?: (?:it|this|the invitation))?"),
    "list": re.compile(r"list(?: (?:all|cases|all cases))?"),
    "status": re.compile(r"status"),
    "help": re.compile(r"help"),
}
# The same words before a colon, where a text follows that is passed on.
HEADS = {
    "decline": re.compile(rf"(?:{LEAD}{_NO}(?:{ENDING}|の?理由)|decline[d]?|reject(?:ed)?|not approved)"),
    "ask": re.compile(rf"(?:{LEAD}(?:照会|差し?戻し?)(?:{ENDING}|事項|内容)|ask(?: ?the ?applicant)?)"),
    "hold": re.compile(rf"(?:{LEAD}{_PAUSED}{ENDING}|(?:on ?)?hold|pending)"),
}
# A sentence that holds one of these and is not exact makes the whole mail unclear.
STEMS = re.compile(
    r"承認|許可|却下|否認|否決|拒否|断り|断わり|差し?戻|差し?もどし|照会|保留|留保|ペンディング|取り?消"
    r"|approv|declin|reject|disapprov|\bdeny\b|\bdenied\b|\brefus|\bhold\b|\bpending\b|\bask\b|\bundo\b"
)
# Second thoughts: beside an approval they make it unclear.
REVERSAL = re.compile(
    r"ただし|但し|やっぱり|やはり|訂正|待って|待った|お待ちください|撤回|間違|誤って|誤りで|誤送信"
    r"|条件付|条件が(?:ある|あり)|冗談|嘘"
    r"|自動(?:返信|応答|送信)|不在|out of (?:the )?office|automatic reply"
    r"|ではな|じゃな|わけではな|とは限ら|ことができれば|出来れば|できれば|場合に限|場合のみ|前提"
    r"|\bwait\b|\bhowever\b|\bbut\b|\bunless\b|\bactually\b|\bmistake|\bignore\b|\bdisregard\b"
    r"|second thought|provided that|\bif\b|\bonly\b"
    r"|\bsorry\b|\bcancel|\bnot\b|n't\b|\bexcept"
)
# A following sentence that begins so takes the one before back into itself.
TAKES_BACK = re.compile(
    r"[」』)】]|と(?:言|い|書|申|思|の|す|は|も|伝|聞|返|お)|って|という|などと|なんて|が[、,]|けど"
    r"|けれど|ので|から[、,]|かどうか|かも|わけ"
    r"|しません|しない|できません|できない|いたしかね|ではあり|でしょうか|ですか"
)
# A next line that begins so may be the rest of a wrapped sentence: after a noun, and after a finite verb.
CONTINUES = re.compile(
    r"[しすでをはがのにともさせいだなかやまへけらよねつつ、,。)」』]|予定|場合|待ち|者|[a-z]"
)
CONTINUES_VERB = re.compile(r"が[、,]|けど|けれど|か(?:$|[。?!、,])|ので|と|って|」|予定|場合|[、,]|[a-z]")
FINITE = ("ます", "ました", "です", "する", "ません")
NOTE_LABEL = re.compile(
    r"(?:(?:却下|照会|保留)の?)?(?:理由|事由|質問|内容|期限|期日|reason|question|until)(?:は|です)?[:、,]"
)


# The terminals of each decision: no sentence of the grammar is without one of them (a test proves it).
# None is shorter than two signs. Words that change no case (担当, 状況, 一覧) are not among them.
TERMINALS: Mapping[str, tuple[str, ...]] = {
    "approve": ("承認", "許可", "approve", "approved"),
    "decline": (
        *("却下", "不承認", "不許可", "否認", "否決", "拒否", "お断り", "お断わり", "断ります"),
        *("decline", "declined", "reject", "rejected", "deny", "denied", "refuse", "refused"),
        *("disapprove", "disapproved"),
    ),
    "ask": ("照会", "差し戻", "差戻", "差しもど", "差もど", "ask"),
    "hold": ("保留", "留保", "ペンディング", "hold", "pending"),
    "undo": ("取消", "取り消", "とりけし", "撤回", "undo"),
    "joined": ("参加", "入会", "joined"),
    "resend": ("再送", "再招待", "resend"),
}
# A member stops the desk (the emergency stop), or starts it again.
EMERGENCY = ("停止", "再開", "stop", "resume")
CONFIRMATION = (
    *("はい", "いいえ", "在籍", "所属", "勤務", "在職", "雇用", "退職", "確認", "該当", "職員"),
    *(
        "confirm",
        "confirmed",
        "employed",
        "employee",
        "works",
        "working",
        "belongs",
        "belong",
        "denied",
        "deny",
    ),
)
CONSENT = ("同意", "agree", "consent")
WITHDRAWAL = (
    "取り下げ",
    "取下げ",
    "取下",
    "とりさげ",
    "辞退",
    "撤回",
    "キャンセル",
    "withdraw",
    "withdrawn",
    "withdrawal",
    "cancel",
)

Reader = Literal["staff", "confirmer", "applicant"]


def reader_stems(reader: Reader) -> frozenset[str]:
    """The terminals that a reader of replies understands, folded: what a printer breaks in outside text.

    Japanese ones count wherever they stand, Latin ones as whole words. A stem that holds another is left
    out, since breaking the shorter one breaks it too.
    """
    found = {
        "staff": frozenset((*(word for words in TERMINALS.values() for word in words), *EMERGENCY)),
        "confirmer": frozenset(CONFIRMATION),
        "applicant": frozenset((*CONSENT, *WITHDRAWAL)),
    }[reader]
    return frozenset(word for word in found if word.isascii() or not _holds_another(word, found))


def _holds_another(word: str, words: frozenset[str]) -> bool:
    return any(other != word and other in word for other in words)
