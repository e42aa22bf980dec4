"""What mail systems write about the mail itself: screened, from outside, kept, meant for somebody.

A notice is made of the words of mail systems alone, told in the passive or in the past. What asks that a mail
be deleted says first whom it means: who got it by mistake. A request about the application is no notice,
because its words are not among these.
"""

from __future__ import annotations

import re

from gateway.admission.replies.grammar import vocabulary as words
from gateway.admission.replies.grammar.beside import terms
from gateway.admission.replies.grammar.names.places import PREFECTURES

_MAIL = (
    r"(?:本|この|当|元の)?(?:電子|html|テキスト)?(?:e-?)?(?:メール|mail)(?:アドレス|サーバー?"
    r"|本文)?|添付(?:ファイル|書類)?"
    r"|(?:html|テキスト)(?:形式|本文)?|本文|件名|画像|ファイル|リンク|url|マクロ|ウイルス|ウィルス"
    r"|スパム|無害化|lgwan"
    r"|(?:自治体)?情報セキュリティクラウド|送信(?:者|元|先|時|ドメイン)|差出人|受信(?:者|サーバー?"
    r"|時)|宛先|名宛人"
)
_NOUN = (
    r"外部|庁外|庁内|社外|組織外|学外|組織内|インターネット|接続系|ネットワーク"
    r"|(?:自治体)?(?:情報)?セキュリティ"
    r"(?:クラウド|対策|ポリシー|上の理由|機能|システム|ソフト)?|フィルタ(?:ー|リング)?|機能"
    r"|システム|装置|サービス"
    r"|ゲートウェイ|サーバー?|クラウド|対策|処理|検査|検疫|チェック|スキャン|理由|可能性|おそれ"
    r"|恐れ|もの|安全性?|自動"
    r"|パスワード|拡張子|原本|機密|秘密|個人|情報|内容|フリー|アドレス|ドメイン|\d{1,3}(?:日間?"
    r"|分間?|時間|件|個|通)"
    r"|「[a-z0-9_-]{1,40}\.[a-z0-9]{1,5}」|[a-z0-9-]{1,20}(?:\.[a-z0-9-]{1,20}){1,3}"
    rf"|(?:{'|'.join(sorted(PREFECTURES))}|例示県|見本県)(?=自治体|情報)"
)
_LINK = (
    r"[はがをにでとやへの、・:※*=<>\[\]【】()/]|から|より|まで|として|により|によって|による|ため"
    r"|について|及び|および|並びに"
    r"|または|又は|お知らせ|すべて|全て|自動的|次|以下|から|後|済み?|等|など|ver\.?\d{0,2}(?:\.\d{1,2})?"
)
# What is done to a mail and leaves its words whole; deleted and kept apart are attachments alone.
_DOING = (
    r"(?:送信|受信|配信|配送|送付|発信|保管|保存|変換|検査|確認|処理|無害化|スキャン"
    r"|ウ[イィ]ルスチェック|チェック|経由"
    r"|通過|暗号化|付与|追加|記録|適用|含ま|届い)"
)
_TAKEN_OFF = (
    r"(?:添付(?:ファイル|書類)?|ファイル|マクロ|リンク)(?:は|が|を)、?(?:[^\W\d_]{2,16}(?:により"
    r"|のため|で)、?)?"
    r"(?:削除|除去|分離|隔離|無害化)(?:され|し)(?:て(?:い|おり)ます|ました)"
)
_DONE = (
    rf"{_TAKEN_OFF}|{_DOING}(?:さ?れ|を行っ|が行われ|が実施され|を実施し|して?|されて)?"
    r"(?:て?(?:い|おり)ます|(?<=れ)ます|(?<=[れ])ました|てい(?:る|た)|た|て|、)"
    r"(?:(?:もの|メール)です|(?:場合|可能性|こと|おそれ|恐れ)があります)?"
    r"|(?:変換|チェック|スキャン|検査|無害化)しました|届きました|です|があります(?:が、)?"
)
# Who is asked to delete a mail, or to tell its sender: whoever got it by mistake.
_BY_MISTAKE = (
    r"(?:(?:誤送信(?:により|で)|誤って|手違いで|間違って|意図せず)(?:(?:本|この)?(?:電子)?(?:メール"
    r"|mail)(?:を|が)?)?"
    r"(?:(?:お?受信|受領|お?受け?取り|お?手元に届い|届い)(?:に?(?:され|なられ|なさっ|なっ|し"
    r"|り)){0,2}|(?:送信|配信)され)た"
    r"|お?心当たりの(?:ない|無い))(?:場合|方|際|とき|人)(?:は|には)?"
)
_ACT = (
    r"(?:万一|万が一|お手数ですが|恐れ入りますが|直ちに|ただちに|速やかに|その旨)|(?:送信者|差出人"
    r"|送信元|当方)(?:まで|へ|に)"
    r"|(?:ご|お)?(?:連絡|通知|知らせ|一報|遠慮|控え)|開示|複写|複製|転用|転載|利用|使用|配布|第三者"
    r"|固く|禁止|お断り"
    r"|破棄|廃棄|削除|消去|の?上|うえ|して|いただき|頂き|ください(?:ますよう)?|下さい|ますよう|し"
    r"|いたします|お願い(?:いた|致)?します"
    r"|お願い申し上げます|願います|されて(?:い|おり)ます|します"
)
_CARE = r"(?:十分|充分)?に?(?:ご)?注意(?:して)?(?:ください|下さい|願います)"
_TOKENS = re.compile(
    rf"(?P<t>{_BY_MISTAKE})|(?P<r>{_CARE})|(?P<v>{_DONE})|(?P<m>{_MAIL})|(?P<n>{_NOUN})"
    rf"|(?P<p>{_LINK})|(?P<a>{_ACT})"
)
# Mail, and what was done with it; or whoever got it by mistake, and what to do then.
_TOLD = re.compile(r"(?=[nprv]*m)[mnprv]*[vr]p*|[mnpa]*t[mnpav]*")
# A title: 無害化済みメール, 情報セキュリティクラウド.
_TITLE = re.compile(r".*(?:済み?|フリー|お知らせ|クラウド|について)(?:メール)?\W*")
# What Microsoft 365 writes above the first mail of an address, with the address or without.
_ADDRESS = r"<?[a-z0-9._+-]{1,64}@[a-z0-9.-]{1,80}>?"
_FIRST_CONTACT = re.compile(
    rf"(?:{_ADDRESS} ?)?からのメールを受け取る頻度は高くありません"
    r"|これが重要(?:な理由について確認する|である理由)"
    rf"|you don't often get e-?mail from {_ADDRESS}|learn why this is important"
)


def is_notice(bare: str, spaced: str) -> bool:
    """Whether a folded sentence is a notice of a mail system, in Japanese or in English."""
    if any(found.search(text) for found in (words.STEMS, terms.DOUBT) for text in (bare, spaced)):
        return _is_about_mistakes(bare) and not words.STEMS.search(bare)
    return _FIRST_CONTACT.fullmatch(spaced) is not None or _is_japanese(bare) or _is_english(spaced)


def _is_about_mistakes(bare: str) -> bool:
    return re.search(_BY_MISTAKE, bare) is not None and _is_japanese(bare)


def _is_japanese(bare: str) -> bool:
    codes, at = [], 0
    for found in _TOKENS.finditer(bare):
        if found.start() != at or not found.group():
            return False
        codes.append(str(found.lastgroup))
        at = found.end()
    told = "".join(codes)
    return at == len(bare) and (
        _TOLD.fullmatch(told) is not None or ("m" in told and _TITLE.fullmatch(bare) is not None)
    )


_WORDS_EN = """
    this that the an a any all e-mail email mail message messages communication transmission
    attachment attachments file files link links url urls sender recipient recipients addressee
    intended named sole solely only exclusively use confidential privileged private proprietary
    personal sensitive information material may contain contains is are has have been was were be
    originated came outside external internal your our the organization organisation company network
    office scanned checked screened processed sanitized sanitised filtered protected delivered sent
    received get for by with through via using viruses virus malware spam threats from of to and or
    in on error mistake accident if you please notify inform contact tell delete destroy erase
    remove immediately promptly it copies copy unless recognize recognise know trust expect content
    source safe click open do not don't often learn why important unauthorized unauthorised
    disclosure copying distribution dissemination retention prohibited strictly hereby notified
    reply return legally law system systems server computer secure security gateway filter antivirus
    free clean caution warning notice them whom addressed individual entity other than
"""
_VOCABULARY = frozenset(_WORDS_EN.split())
_MAIL_EN = frozenset({"e-mail", "email", "mail", "message", "messages", "communication", "transmission"})
_MAIL_EN_PARTS = frozenset({"attachment", "attachments", "link", "links"})
_ASKED_EN = "please error mistake accident delete destroy erase remove notify inform contact tell"
_ASKED_OF_SOMEBODY = frozenset(_ASKED_EN.split())
# A sentence that ends so goes on in the next line.
_UNENDED_EN = "open click and or the a any all of to from for by with in on if unless is are this that"
_UNENDED = frozenset(_UNENDED_EN.split())
_LABEL_EN = re.compile(
    r"^\W*(?:(?:confidential(?:ity)?|privacy|security|legal)? ?(?:notice|disclaimer|warning|caution)"
    r"|confidential|external(?: e-?mail| sender)?)\W+"
)
_REFUSED = re.compile(
    r"\b(?:do not|don't) (?:click|open|often get)\b|\bnot (?:be )?(?:the|an) (?:intended"
    r"|named) (?:recipient|addressee)\b"
)
_WHO_EN = re.compile(
    r"if you (?:have |are not (?:the|an) (?:intended|named) )|if you receive|(?:please )?(?:do not"
    r"|don't) (?:click|open)\b"
)
_PRODUCT = re.compile(r"\b(?:by|with|using|through) (?:[a-z0-9.-]{2,20} ?){1,3}$")


def _is_english(spaced: str) -> bool:
    said = _LABEL_EN.sub("", spaced)
    known = _PRODUCT.sub("", said) if re.search(r"\b(?:scanned|checked|filtered|protected)\b", said) else said
    told = re.findall(r"[a-z][a-z'-]*", known)
    if not told or not known.isascii() or not _VOCABULARY.issuperset(told) or re.search(r"\d", known):
        return False
    if _ASKED_OF_SOMEBODY.intersection(told) and not _WHO_EN.match(said):
        return False
    if told[-1] in _UNENDED or re.search(r"\bnot\b|n't\b", _REFUSED.sub("", said)):
        return False
    parts = _MAIL_EN_PARTS if _REFUSED.match(said) else frozenset()
    return not (_MAIL_EN | parts).isdisjoint(told)
