"""What an applicant undertakes beside a consent: to keep the rules, and to post nothing confidential.

「利用規約を確認し、機密性の高い情報を書き込まないことを理解しております。」 affirms what the form asks for,
so it leaves the consent as it is. The whole sentence has to be made of these words.
"""

from __future__ import annotations

from gateway.admission.application.consent.answers.phrases import WANT
from gateway.patterns import compile_later

_RULE = (
    r"(?:本|当|貴会の|貴コミュニティの|上記の?|この|参加|利用|会員)?"
    r"(?:規約|ルール|利用条件|参加条件|参加要件|遵守事項|注意事項|留意事項)等?(?:の(?:内容|全文|全条項|すべて|全て))?"
)
_RULES = rf"{_RULE}(?:(?:及び|および|並びに|ならびに|と|や|、|・){_RULE}){{0,3}}"
_OF_RULES = r"(?:を|は|も|について(?:は|も)?|につきまして(?:は|も)?)、?"
_WHOLLY = r"(?:よく|しっかり|十分に?|すべて|全て|隅々まで|最後まで|一通り|二度)?、?"
_SEEN = r"(?:確認|理解|承知|了解|熟読|一読|通読|拝読|拝見)"
_DONE = r"(?:(?:いた|致)?し(?:ました|て(?:い|おり)ます)|済み?です)"
_SEE = rf"{_WHOLLY}(?:{_SEEN}{_DONE}|読みました|読んで(?:い|おり)ます)"
_GO_ON = r"(?:参り|まいり|いき)ます"
_TAKE_PART = (
    r"、?(?:適正|適切|安全|節度を(?:もって|守って)|正し|マナーよ)?[にく]?、?(?:参加|利用|活用|使用)を?"
    rf"(?:(?:いた|致)?し(?:ます|て{_GO_ON})|させて(?:いただ|頂)きます)"
)
_KEEP = (
    rf"{_WHOLLY}(?:(?:遵守|順守|厳守)(?:(?:いた|致)?します|して{_GO_ON}|(?:(?:いた|致)?し(?:て)?|の(?:うえ|上)){_TAKE_PART})"
    rf"|守(?:ります|って{_GO_ON}|(?:り|って){_TAKE_PART}))"
)
_FOLLOW = (
    rf"に(?:も|は)?、?(?:(?:従|したが|沿)(?:います|って{_GO_ON}|(?:い|って){_TAKE_PART})"
    rf"|(?:基づ(?:き|いて)|則(?:り|って)|のっと(?:り|って)){_TAKE_PART})"
)
_HAVING = (
    rf"(?:{_RULES}(?:を|は|も)、?{_WHOLLY}"
    rf"(?:{_SEEN}(?:(?:いた|致)?し|の(?:うえ|上)|した(?:うえ|上)で)|読み|読んだ(?:うえ|上)で)、?)?"
)
# Class 3 must not be posted. A promise about class 1 would be of something else.
_CONFIDENTIAL = (
    r"(?:(?:機密性|機密レベル)[23三二](?:以上)?の?|機密性の高い|機密度の高い|機密|秘密)(?:に(?:当た|該当す)る)?"
    r"(?:情報|事項|データ|文書|資料|内容)等?(?:を|は)、?(?:一切|決して|絶対に)?"
)
_DO = r"(?:投稿|掲載|入力|送信|記載|記入|共有|発信|公開)(?:いた|致)?し"
_POST_NOT = rf"(?:書き込み|書き|載せ|送り|出し|扱い|漏らし|{_DO})ません"
_NOT_POSTING = rf"(?:書き込ま|書か|載せ|送ら|出さ|扱わ|漏らさ|{_DO})ない(?:こと|旨|点|よう(?:に)?)"
_HEED = r"(?:注意|留意|徹底)(?:(?:いた|致)?しま(?:す|した)|(?:いた|致)?して(?:い|おり)ます)"
_KNOW = rf"(?:を|に|は|も)?、?{_WHOLLY}(?:{_SEEN}{_DONE}|{_SEEN}(?:いた|致)?します|{_HEED})"
_UNDERTAKING = compile_later(
    rf"(?:なお、|また、)?(?:私は、?|当方は、?)?{_HAVING}(?:{_RULES}(?:{_OF_RULES}(?:{_SEE}|{_KEEP})|{_FOLLOW})|{_SEE}|{_KEEP}"
    rf"|(?<=[、しでみえ上]){WANT}|{_CONFIDENTIAL}(?:{_POST_NOT}|{_NOT_POSTING}{_KNOW}))"
)
_LONGEST = 120


# The office applies for somebody; no consent by itself: 規約については、本人が通読し、同意しております.
ON_BEHALF = (
    r"(?:(?:本|参加|利用)?(?:規約|ルール)等?(?:の内容)?(?:に(?:ついて)?"
    r"|を)?[はも]?[、,]?)?本人が(?:(?:内容を)?(?:よく|全て|すべて)?"
    r"(?:確認|通読|熟読|一読|理解)し[、,])?同意(?:して(?:い|おり)ます|(?:(?:いた|致)?し)(?:ます|ました))"
)
# It is asked of nobody, and no consent to the rules: 上司には了承を得ています.
_LEAVE = compile_later(
    r"(?:なお、|また、)?(?:(?:直属の)?上司|所属長|[局部課室係]長|所属(?:機関)?)(?:の|(?:に|から|より)(?:は|も)?、?)"
    r"(?:承諾|同意|了承|了解|内諾|許可|承認)(?:は|を|も)?(?:得て(?:い|おり)ます|得ました|いただいて(?:い|おり)ます|済み?です)"
)


# It is answered already: 規約について質問がありましたが、サイトのQ&Aで解決しました.
_WAS_ASKED = (
    rf"(?:なお、|また、)?(?:{_RULE}(?:について|につきまして|に関して|に|の)(?:は)?、?)?(?:(?:一部|一点|1点|当初|以前|少し|いくつか)(?:の)?、?)?"
    r"(?:不明な点|不明点|疑問点?|ご?質問|疑義|気になる(?:点|こと)|分からない(?:点|こと|ところ))"
)
_ANSWERED = (
    r"(?:[^、。がはを]{0,16}(?:で|により|にて|から)、?)?(?:すべて|全て|既に|すでに|無事に?)?、?"
    r"(?:解決|解消|氷解|納得|理解)(?:(?:いた|致)?しました|済み?です|(?:いた|致)?して(?:い|おり)ます|(?:でき|出来)ました)"
)
_SETTLED = compile_later(
    rf"{_WAS_ASKED}(?:が|も|は)(?:(?:あり|ござい)ました|あった(?:の)?です)が、?{_ANSWERED}|{_WAS_ASKED}(?:は|も)、?{_ANSWERED}"
)


def is_settled(compact: str) -> bool:
    """Return whether a folded sentence without blanks says that leave was given, or a question answered."""
    return _LEAVE.fullmatch(compact) is not None or _SETTLED.fullmatch(compact) is not None


def is_undertaking(compact: str) -> bool:
    """Return whether a folded sentence without blanks or closing mark affirms the rules and nothing else."""
    return len(compact) <= _LONGEST and _UNDERTAKING.fullmatch(compact) is not None
