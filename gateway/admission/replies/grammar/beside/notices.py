"""Notices of mail systems about the mail itself: screened, external, stored, meant for somebody.

A notice is a sentence of a known form. Its subject is this mail (本メール, this message) or what was removed
from it, and its verb a passive used by mail systems. The mail's sender, address or attachments belong to the
case, so they are no subject with です or an active verb. Automatic mail is not accepted without asking.
"""

from __future__ import annotations

import re

from gateway.admission.replies.grammar import vocabulary as words
from gateway.admission.replies.grammar.beside import terms
from gateway.admission.replies.grammar.names.places import PREFECTURES
from gateway.patterns import compile_later

_MAIL = r"(?:電子|html)?(?:e-?)?(?:メール|mail|メッセージ)"
_THIS = (
    rf"(?:(?:本|この|当){_MAIL}(?:(?:及び|および|並びに|と|、)(?:その)?添付ファイル)?(?:本文)?"
    r"(?:に?は|が|、)、?)"
)
_PREFECTURE = "|".join(sorted(PREFECTURES))
_SYSTEM = (
    rf"(?:(?:(?:{_PREFECTURE}|例示県|見本県)?(?:自治体)?(?:情報)?セキュリティ(?:クラウド|対策|システム"
    r"|ソフト|ポリシー|機能)?|lgwan|接続系|インターネット|ネットワーク|無害化|ウ[イィ]ルス(?:対策|チェック"
    r"|検査|スキャン)?|迷惑メール対策|メール|受信|フィルタ(?:ー|リング)?|システム|装置|サービス|ソフト"
    r"|ゲートウェイ|サーバー?|クラウド|機能|処理)の?){1,4}"
)
_OUTSIDE = r"(?:外部|庁外|社外|組織外|学外|インターネット)"
# From where, by what and into what: no time and no person.
_HOW = (
    rf"(?:(?:{_OUTSIDE}(?:から|より)|{_SYSTEM}(?:により|によって|において|にて|で|として|を経由して"
    r"|を通じて|のため)|テキスト(?:形式)?に|(?:送信|受信)時に|暗号化(?:通信|方式)?(?:により|にて|で|して))、?){0,3}"
)
_DOING = (
    r"(?:送信|受信|配信|配送|送付|発信|変換|検査|処理|無害化(?:処理)?|スキャン"
    r"|ウ[イィ]ルス(?:チェック|検査|スキャン)|検疫|暗号化)"
)
_SCREENED = r"(?:無害化(?:処理)?|ウ[イィ]ルス(?:チェック|検査|スキャン)|検査|スキャン|セキュリティチェック)"
_PASSIVE = r"され(?:て(?:い|おり)ます|ました|た(?:もの|メール)です)"
_PRESENT = r"(?:い|おり)ます"
_CHANGED = (
    rf"{_DOING}{_PASSIVE}|{_SCREENED}済み?(?:です|の?メールです)?|{_SYSTEM}を(?:経由|通過)して{_PRESENT}"
    rf"|{_OUTSIDE}(?:から|より)(?:届(?:い(?:て{_PRESENT}|た(?:もの|メール)です)|きました)|の(?:もの|メール)です)"
    rf"|{_SCREENED}(?:が行われ|が実施され|を?(?:実施し|行[いっ]|済ませ))(?:て{_PRESENT}|ました)"
)
_TAKEN_OFF = rf"(?:削除|除去|分離|隔離|無害化){_PASSIVE}"
_KEPT = rf"{_HOW}(?:\d{{1,3}}日間?)?保管され(?:て{_PRESENT}|ます)"
_TOLD = (
    rf"{_THIS}{_HOW}(?:{_CHANGED})"
    rf"|{_THIS}{_HOW}{_DOING}され、(?:html)?(?:本文|メール)はテキスト(?:形式)?に変換{_PASSIVE}"
    rf"|(?:{_SYSTEM}(?:により|のため)、?)?(?:添付ファイル|マクロ|リンク)(?:「[a-z0-9_-]{{1,40}}\.[a-z0-9]{{1,5}}」)?"
    rf"は、?{_HOW}{_TAKEN_OFF}"
    rf"|(?:原本|元の(?:メール|添付ファイル))は、?{_KEPT}"
    r"|html(?:形式)?(?:の)?(?:メール|本文)(?:を|は)テキスト(?:形式)?に変換(?:し|され)ました"
)
# A title: 無害化済みメール, 情報セキュリティクラウド.
_TITLE = (
    r"無害化済み?(?:メール)?|(?:添付ファイル)?(?:の)?(?:削除|無害化)(?:の|に関する)お知らせ|ウ[イィ]ルスフリー"
    r"|(?:自治体)?情報セキュリティ(?:クラウド)?|(?:機密|秘密)保持(?:について)?|機密情報(?:の取扱いについて)?|免責事項"
)
# People asked to delete a mail or to inform its sender: those who received it by mistake.
_BY_MISTAKE = (
    rf"(?:(?:(?:誤送信(?:により|で)|誤って|手違いで|間違って|意図せず)(?:(?:本|この){_MAIL}(?:を|が)?)?"
    rf"|(?:本|この){_MAIL}(?:を|が)(?:誤送信(?:により|で)|誤って|手違いで|間違って|意図せず)、?)"
    r"(?:(?:お?受信|受領|お?受け?取り|お?手元に届い|届い)(?:に?(?:され|なられ|なさっ|なっ|し"
    r"|り)){0,2}|(?:送信|配信)され)た"
    rf"|(?:(?:本|この){_MAIL}に)?お?心当たりの(?:ない|無い))(?:場合|方|際|とき|人)(?:は|には)?、?"
)
_SOFTLY = r"(?:(?:お手数をおかけしますが|お手数ですが|恐れ入りますが|直ちに|ただちに|速やかに|その旨)、?)*"
_USED = r"(?:開示|複写|複製|転用|転載|利用|使用|配布|第三者への(?:開示|提供))"
_POLITE = (
    r"(?:いただき|頂き|ください|下さい|願い|お願いし|お願いいたし|お願い致し|お願い申し上げ|ますよう、?|ます)"
)
_ASKED = (
    rf"(?:{_SOFTLY}(?:(?:送信者|差出人|送信元|発信者|当方)(?:まで|へ|に)(?:その旨)?(?:を)?(?:ご|お)?(?:連絡|通知|知らせ"
    rf"|一報)|(?:(?:本|この)?{_MAIL}(?:及び|および|と|、)?(?:添付ファイル)?を?、?)?(?:直ちに|速やかに)?(?:ご)?(?:破棄|廃棄|削除"
    rf"|消去)|(?:(?:本|この)?{_MAIL}の)?(?:内容の)?{_USED}(?:[や、・]{_USED}){{0,5}}(?:など|等)?は(?:固く)?"
    r"(?:お控え|ご遠慮|お断り|禁止))"
    rf"(?:の?(?:上|うえ)|する?とともに|して|し|を|くださいますよう|されて)?{_POLITE}{{0,4}}、?)"
)
_FOR_OTHERS = rf"(?:(?:万一|万が一)、?)?{_BY_MISTAKE}{_ASKED}{{1,3}}"
_JAPANESE = compile_later(rf"[※*=\[<【 ]*(?:{_TOLD}|{_FOR_OTHERS}|{_TITLE})[*=\]>】 ]*")
# Microsoft 365's notice above the first mail from an address, with or without the address.
_ADDRESS = r"<?[a-z0-9._+-]{1,64}@[a-z0-9.-]{1,80}>?"
_FIRST_CONTACT = (
    rf"(?:{_ADDRESS} ?)?からのメールを受け取る頻度は高くありません"
    r"|これが重要(?:な理由について確認する|である理由)"
    rf"|you don't often get e-?mail from {_ADDRESS}|learn why this is important"
)
_M = (
    r"(?:this|the) (?:e-?mail|mail|message|communication|transmission)"
    r"(?:,? (?:and|including|with) (?:any |all |its |the )?attach(?:ments?|ed files?))?,?"
)
_THREAT = r"(?:viruses|virus|malware|spam|threats|(?:dangerous|malicious) content)"
_VENDOR = (
    r"(?:[a-z]{0,16}(?:scanner|guard|shield|defender|filter|gateway|security|antivirus|cloud|protect)"
    r"|symantec|sophos|mcafee|barracuda|proofpoint|mimecast|fortinet|fortimail|clamav|kaspersky"
    r"|messagelabs)"
)
_PRODUCT = (
    rf"(?:(?:trend|micro|microsoft|mihon|google|cisco|e-?mail|mail|deep|eset|norton"
    rf"|avast) ){{0,2}}{_VENDOR}"
)
_SCREENED_EN = (
    rf"{_M} (?:(?:has|have) been|was|were) (?:automatically )?"
    rf"(?:scanned|checked|screened|filtered|sanitized|sanitised)"
    rf"(?: for (?:all |known )?{_THREAT}(?:(?:,|,? and"
    rf"|,? or) {_THREAT}){{0,3}})?(?: by (?:the )?{_PRODUCT})?"
    r"(?:,? and (?:is|are) believed to be clean)?"
)
_CAME_EN = (
    rf"(?:{_M} (?:originated|came|was sent|was received) (?:from )?"
    rf"|this is an e-?mail from )outside(?: of)?"
    r" (?:the|your|our) (?:organi[sz]ation|company|network|office)"
)
_LABEL_EN = (
    r"(?:(?:confidential(?:ity)?|privacy|security|legal) (?:notice|disclaimer|warning)|confidential|caution"
    r"|warning|external(?: e-?mail| sender)?):? "
)
_READER_EN = (
    r"(?:the )?(?:sole use of the )?(?:(?:named|intended) )?(?:addressee"
    r"|recipient)s?(?: only)?(?: named above)?"
)
_MEANT_EN = (
    rf"{_M} (?:is|are) (?:intended|meant)(?: only| solely"
    rf"| exclusively)? for (?:the (?:sole )?use of )?{_READER_EN}"
    r"(?: and may contain (?:confidential|privileged)(?:(?: and| or|,) privileged)? information)?"
)
_NOT_YOU_EN = (
    rf"if you (?:are not {_READER_EN}|(?:have )?(?:received|receive|got|get) (?:it|this|{_M}) (?:in error"
    rf"|by mistake"
    r"|by accident)),? "
)
_TELL_EN = r"(?:notify|tell|inform|contact) (?:the sender|us)(?: immediately)?"
_DELETE_EN = r"(?:delete|destroy|erase) (?:it|all copies|(?:this|the) (?:e-?mail|message))(?: immediately)?"
_ASKED_EN = (
    rf"{_NOT_YOU_EN}(?:please )?(?:immediately )?(?:{_TELL_EN}(?:,? and {_DELETE_EN})?"
    rf"|{_DELETE_EN}(?:,? and {_TELL_EN})?)"
)
_ENGLISH = compile_later(
    rf"[*\[(]*(?:{_LABEL_EN})?(?:{_SCREENED_EN}|{_CAME_EN}|{_MEANT_EN}|{_ASKED_EN})[*\])]*|{_FIRST_CONTACT}"
)


def is_notice(bare: str, spaced: str) -> bool:
    """Return whether a folded sentence is a notice of a mail system, in Japanese or in English."""
    if words.STEMS.search(bare) or words.STEMS.search(spaced):
        return False
    if _JAPANESE.fullmatch(bare):
        return re.search(_BY_MISTAKE, bare) is not None or terms.DOUBT.search(bare) is None
    return _ENGLISH.fullmatch(spaced.strip()) is not None
