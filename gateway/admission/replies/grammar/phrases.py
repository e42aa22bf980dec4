"""Phrases in sentences of replies: courtesies, support for a decision, mail footers.

Alternatives without capturing groups. Japanese is without white space, English with single spaces.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of harmless sentence.

    `where`: anywhere, before the decision, below the author's name, only next to an approval, or next to a
    decision on the case ("case"), which an undo is not. `spaced`: matches text with spaces, otherwise
    without.
    """

    pattern: str
    where: str = "anywhere"
    spaced: bool = False


ASK_FOR = r"(?:お願い|御願い)(?:(?:いた|致)?します|申し上げます|したいです|です)"
TITLE = (
    r"(?:課長補佐|課長|部長|局長|室長|係長|次長|参事|主幹|主査|主任|主事|班長|所長|補佐|審議官|専門官"
    r"|企画官|理事|先生)"
)
END = (
    r"(?:ください|下さい|お願い(?:(?:いた|致)?します|申し上げます)|いただきますよう、?お願い(?:(?:いた"
    r"|致)?します|申し上げます)|願います)"
)
MAIL = (
    r"(?:本|この|当)(?:電子)?(?:メール|e-?mail|メッセージ)(?:及び|および|並びに|と|、)?(?:その)?(?:添付"
    r"(?:ファイル|書類|資料|物))?"
)
PLEASE_FIRST = (
    r"(?:(?:お手数ですが|お手数をおかけしますが|恐れ入りますが|恐縮ですが|直ちに|ただちに|速やかに"
    r"|すみやかに|誠に|大変|その旨を?|万一|万が一)、?){0,4}"
)
TELL = (
    r"(?:(?:送信者|発信者|差出人|送信元|当方|弊社|弊課|下記連絡先|担当者)(?:まで|宛に|あてに|に"
    r"|へ)?(?:その旨)?(?:を)?"
    r"(?:ご|お)?(?:連絡|通知|知らせ|一報)(?:の上|のうえ|いただき|頂き|いただくとともに|するとともに"
    r"|ください、|し)、?)?"
)
DELETE = (
    rf"(?:{MAIL}(?:を|は)、?)?(?:直ちに|速やかに)?(?:ご)?(?:破棄|削除|消去|廃棄)"
    rf"(?:を|して|し|くださいますよう、?|いただきますよう、?|いただければ幸いです|の程|のほど)?、?{END}?"
)
USE = r"(?:複製|転送|利用|使用|開示|配布|複写|転用|転載|閲覧|公開)"
DEVICE_NOTE = r"(?:リンク|url|添付ファイル|添付|本文|本文中のリンク|本文中のurl|不審なメール)"
M = (
    r"(?:this|the) (?:e-?mail|message|mail|communication|transmission)(?: message)?"
    r"(?:,? (?:and|including|with|or) (?:any |all |its |the )?(?:attachments?|attached files?"
    r"|files (?:attached|transmitted with it)|what is attached to it)(?: to it| thereto| herein)?,?)?"
)
READER = r"(?:the |its )?(?:intended |named |sole ){0,2}(?:person|recipient|addressee|individual|entity)s?"
KEPT_WITHIN = r"(?:confidential|privileged|private|proprietary|personal|sensitive|legally privileged)"
ACT = (
    r"(?:please )?(?:(?:immediately |promptly )?(?:notify|tell|inform|contact|advise) (?:the sender"
    r"|us|me)(?: immediately| at once"
    r"| by (?:reply|return)(?: e-?mail)?)?)?(?:,? ?(?:and )?(?:then )?(?:permanently )?(?:delete"
    r"|destroy|erase|remove) "
    r"(?:it|this|all copies(?: of it)?|the (?:e-?mail|message|original|material))(?: from your "
    r"(?:system|computer))?)?"
)
TODAY_OR = (
    r"(?:本日|今日|明日|明後日|今週|来週|再来週|今月|来月)(?:の)?(?:[月火水木金土日]曜日?)?"
    r"|\d{1,2}月\d{1,2}日(?:\([月火水木金土日]\))?"
    r"|\d{1,2}/\d{1,2}(?:\([月火水木金土日]\))?"
)
AWAY = (
    rf"(?:{TODAY_OR})(?:は|から|より|~|-)?(?:(?:{TODAY_OR})(?:まで|は)?)?、?(?:午前|午後|終日|まで)?(?:は)?"
    r"(?:不在|休暇|出張|在宅勤務|テレワーク|お休み)(?:(?:に|で|を|と)?(?:して|取得して|いただいて"
    r"|なって)?(?:おり|い)ます|と?なります|です)"
)
LATE_THING = r"(?:ご?返信|ご?返事|ご?回答|ご?連絡|ご?報告|対応|お返事)"
SORRY = (
    r"(?:(?:大変|誠に)?(?:申し訳(?:ありません|ございません)(?:でした)?|失礼(?:いた|致)?しました"
    r"|すみません(?:でした)?|恐縮です|お詫び(?:いた|致)?します))"
)


# Support for a decision: somebody checked, agreed or decided; nothing is wrong.
_WITH = (
    r"(?:当方|当[課室係部局市町村]|こちら|(?:課|部|室|局|庁|係|組織)内|(?:代表|公開)?電話|人事課|所属長|団体|先方"
    r"|(?:(?:[市町村区県]|団体|先方)の)?(?:名簿|職員録|ホームページ|ウェブサイト|代表番号|代表電話))(?:で|に|にて|から|より|へ)?"
)
_CHECKED_THING = (
    r"(?:(?:在籍|所属|勤務|在職|身分|資格|本人|申請者|申請元|申請内容|記載内容|申請書|添付書類|内容"
    r"|書類|要件|団体|本件"
    r"|申請|代表電話|ドメイン|メールアドレス|部署|部課|課)名?"
    r"(?:の)?(?:在籍|所属|内容|書類|要件|ドメイン|メールアドレス)?(?:(?:と|及び|および|や"
    r"|・)(?:代表電話|ドメイン|所属"
    r"|在籍|内容|書類))?(?:を|は|も|に|について|につき)?[、,]?)?"
)
_CHECKED = (
    rf"{_CHECKED_THING}(?:{_WITH}){{0,2}}{_CHECKED_THING}(?:確認(?:を)?(?:(?:いた|致)?し(?:まし)?た"
    rf"|済みです"
    rf"|済み?|でき(?:まし)?た"
    r"|が(?:取|と)れ(?:まし)?た|させていただきました)|確かめ(?:まし)?た|(?:拝見|審査)(?:を)?(?:いた|致)?しました)"
)
_WHO = r"(?:課長|部長|係長|局長|室長|次長|班長|課長補佐|上司|所属長|(?:課|部|室|局|庁|係|組織)内)"
_AGREED = (
    rf"(?:{_WHO}(?:の|から|より|も|で|に|にも)?)?(?:了承|了解|承諾|決裁|確認)"
    r"(?:済み?(?:です)?|(?:を|が|は|も)(?:得(?:まし)?た|得て(?:い|おり)ます|もらいました"
    r"|いただきました|取れ(?:まし)?た"
    r"|済みました|済んで(?:い|おり)ます|済んだ|おりました|下りました|終わりました|完了しました))"
)
_NOTHING = (
    r"(?:(?:ありません|ございません)(?:でした)?|な(?:い|かった)(?:です|ことを確認(?:いた"
    r"|致)?しました|と判断しました)?|なし"
    r"(?:です)?|無し(?:です)?|見当たりません)"
)
_FINE = (
    r"(?:(?:(?:申請|提出|添付)の?)?(?:内容|書類|記載)|要件|資格|在籍|所属|本件|本申請|申請"
    r"|こちら)?(?:に|は|には"
    r"|にも|も|について)?[、,]?"
    rf"(?:特に|特段|とくに|全く|まったく)?(?:問題|不備|誤り|疑義|支障|差し?支え|異議|異論)(?:は|も"
    rf"|が|点は)?{_NOTHING}"
)
_MEETS = (
    r"(?:参加|申請|加入|招待)?(?:の)?(?:要件|資格|基準)(?:は|を)(?:すべて|全て)?満たして"
    r"(?:い(?:ます|る(?:こと(?:を|も)確認(?:いた|致)?しました)?)|おります)"
)
_FITS = (
    r"(?:(?:参加|申請|加入)?(?:の)?(?:要件|資格|基準)に(?:適合して(?:い(?:ると認め(?:まし)?た|ます)"
    r"|おります)|合致して(?:い|おり)ます)"
    r"|(?:参加|申請)?(?:は|を)?(?:適当|適格|妥当)(?:である)?と(?:認め(?:ます|ました|られます)"
    r"|判断(?:いた|致)?しました))"
)
# What was done before a finding: 課内で回覧し、 書類を拝見し、 審査の結果、
_HAVING = (
    rf"(?:{_CHECKED_THING}(?:{_WITH}){{0,2}}{_CHECKED_THING}(?:確認|拝見|審査|回覧"
    rf"|精査)(?:を)?(?:(?:いた|致)?し(?:まし)?(?:て|た(?:が"
    r"|ところ))?|の(?:上|うえ|結果)|した(?:上|うえ|結果)(?:で)?)[、,])?"
)
SEEN = rf"(?:{_CHECKED}|{_AGREED})"
FINE = rf"(?:{_HAVING}(?:{_FINE}|{_MEETS}|{_FITS}))"
COURTESY = (
    r"(?:(?:以上|取り急ぎ|とり急ぎ|取急ぎ|引き?続き|今後とも|どうぞ|何卒|なにとぞ|では|それでは"
    r"|以上です|お手数ですが"
    r"|お手数をおかけしますが|お忙しいところ恐縮ですが)[、,]?){0,4}"
    r"(?:(?:よろしく|宜しく)(?:どうぞ)?(?:お願い|御願い)?(?:(?:いた|致)?します|申し上げます"
    r"|申上げます|です)?|(?:お願い|御願い)(?:(?:いた|致)?します|申し上げます)"
    r"|(?:よろしく|宜しく)お取り?(?:計|はか)らい(?:ください|下さい))"
)
_PROCEED = (
    rf"(?:を?(?:進めて|行って|取って|とって)(?:ください|下さい|いただけますよう{ASK_FOR})|を?"
    rf"(?:よろしく|宜しく)?{ASK_FOR}|の(?:ほど|程)[、,]?"
    rf"(?:よろしく|宜しく)?{ASK_FOR})"
)
# Requests for what an approval does anyway, and those that fit every decision.
INVITE = (
    r"(?:(?:参加|ご?招待|ご?登録)(?:の)?(?:手続き?|メール|状|案内)?(?:の)?(?:送付|送信|発送|発行|手配)?"
    r"|案内(?:の送付)?)"
    rf"(?:{_PROCEED}|を?(?:送って|お送り|送付して|出して)(?:ください|下さい))|進めてください"
    rf"|先に進めてください"
)
_WELL = r"(?:どうぞ)?(?:よろしく|宜しく)?"
_POLITELY = rf"(?:を|の?(?:ほど|程)(?:を)?|の)?[、,]?{_WELL}(?:{ASK_FOR}|願います)"
# To look at something and to handle it fits every decision; to continue with the case fits no undo.
_KINDLY = rf"(?:の?(?:ほど|程))?[、,]?(?:どうぞ|何卒)?(?:よろしく|宜しく){ASK_FOR}"
# A request to look at the reply is a courtesy; ご確認をお願いします asks for a check.
HANDLE = (
    rf"(?:ご|御)?(?:対応|処理){_POLITELY}|(?:ご|御)(?:確認|査収){_KINDLY}|(?:ご|御)査収(?:ください|下さい)"
)
GO_ON = (
    rf"(?:ご|御|お)?(?:手続き?|手配){_POLITELY}"
    r"|(?:ご|御)?(?:対応|手続き?|処理|手配)を?(?:進めて|行って|取って|とって)"
    rf"(?:ください|下さい|いただけますよう{ASK_FOR})"
)
FINE_EN = (
    r"(?:(?:i (?:have )?(?:checked|reviewed) (?:the|all) (?:documents?|details|form|application),? and )?"
    r"(?:this |it |everything |all )?(?:looks|is) (?:good|fine|ok|okay|in order)(?: to me)?"
    r"|all good|lgtm|no (?:issues?|problems?|objections?)"
    r"(?: from my side)?)"
)

GREETING_EN = (
    r"(?:hello|hi|hey|dear|good (?:morning|afternoon|evening))(?: (?:all|team|sir|madam"
    r"|colleagues|everyone|there|desk"
    r"|(?:mr|mrs|ms|dr)\.? [a-z]{2,15}|[a-z]{2,15}[- ]san))?[,!:]?"
)
CLOSING_EN = (
    r"(?:(?:best|kind|kindest|warm|many)? ?(?:regards|wishes)|best|sincerely(?: yours)?|cheers"
    r"|yours(?: truly| sincerely)?)"
)
LATE_EN = (
    r"(?:(?:i am |i'm )?(?:very |so )?sorry|(?:my |many )?apologies) (?:for|about) (?:the|my) "
    r"(?:late|delayed|slow) (?:reply|response|answer)"
    r"|(?:(?:i am |i'm )?(?:very |so )?sorry|(?:my |many )?apologies) (?:for|about) the delay"
)

# The parts of an English decision.
OBJECT_EN = (
    r"(?: (?:this|it|that|him|her|them|(?:this|the|his|her|their) (?:application|request|case|applicant"
    r"|person)))?"
)
I_EN = r"(?:(?:i|we) )?(?:hereby )?"
SUBJECT_EN = r"(?:(?:this|the) (?:application|request|case) (?:is )?|(?:this|it) is |application )?"
WHEN_EN = r"(?:until|till) (?P<{}>[a-z0-9,./ -]{{3,24}})"
CANNOT_EN = (
    r"(?:do not|don't|does not|cannot|can not|can't|will not|won't|am not able to|are not able to"
    r"|am unable to|are unable to)"
)
THANKS_EN = r"(?:(?:,| -)? (?:thanks|thank you)(?: very much)?(?: for your (?:work|help))?)?"

# What softens a refusal, and what precedes a hold.
SOFT = (
    r"(?:(?:残念ながら|残念ですが|申し訳(?:ありません|ございません|ない)が|(?:以上|上記|次|下記"
    r"|以下)の理由(?:により|で|から)|今回は|このたびは|恐れ入りますが)[、,]?)?"
)
PAUSE = r"(?:(?:一旦|いったん|一度|しばらく|暫く|当面|当面の間|ひとまず|とりあえず|今回は)[、,]?)?"
# The beginning of a decision.
OPENING = (
    r"(?:(?:はい|ok)|(?:はい|ok|回答|判断|判定|結果|結論|審査結果)[、,:]|では、|それでは、"
    r"|(?:取り急ぎ|まずは|よって|以上より)[、,]?"
    r"|(?:審査|検討|確認|協議)(?:の|した)結果[、,]?)?"
)
