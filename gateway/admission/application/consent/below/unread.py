"""Statements beside a consent that are not understood, but neither take it back nor say whose it is.

団体コードを調べるのに時間がかかりました, 庁舎が新しくなりました: people see that they leave the consent
as it is, the grammar doesn't. The staff are shown the whole text and judge, so the signs here need not be
complete: they are for what the applicant is better asked about.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.asking.requests import is_conditional
from gateway.admission.application.consent.below.lexicon import FOR_ANOTHER, INVENTED, SIGNS_EN
from gateway.admission.application.consent.below.second_thought import (
    SAYS,
    fold_sentence,
    fold_width,
    is_bare,
    is_elliptic,
    is_of_version,
    is_second_thought,
    split_sentences,
    tells_of_another,
)
from gateway.admission.application.consent.people import Writer, is_family_name
from gateway.patterns import compile_later

_OUT = (
    r"取り?消|撤回|取り?下げ|取りや|辞退|辞め|やめ|止め|中止|見合わせ|見送|キャンセル|白紙|無効|破棄|放念|抹消|削除|消[しす]|却下|断[りっ]|拒"
    r"|[な無]かったこと|抜け|退会|脱退|無視|飛ばし|気が変|心変|考え(?:直|中|させ|てから|が変)|再考|迷|悩|五分|半[々信]|かね[てま]|決ま|未定"
    r"|没|ボツ|後日|不[参可同]|審議|入る気|気なし|保留|検討|様子|待(?:って|ち(?!し|申|遠))|まだ(?!まだ)|いずれ|近日|気が(?:進|乗)|納得|反対|嫌|疑[問わっ]|怪し|勘弁|遠慮|賛"
)
_IF = (
    r"次第(?!です)|てから|でから|(?:[えけげせてねべめれ]ば|たら|なら)(?:、|参加|申|同意|利用|登録)|条件|限[りっる]|場合[はにの]|許可"
    r"|承認(?:後|待|が|を[得受]|され)|決裁(?!を受け|を得て|済)|稟議|了[承解](?:後|待|が|を)|しだい|という前提|代わりに"
)
_UNREAL = (
    r"下書|草稿|原稿|仮[のに申登名]|見本|サンプル|[記一実]入?例|例[文示です]|案(?:です|の|を|として|$)|テスト|試[しみ]|試験(?:的|送)|動作"
    r"|練習|訓練|演習|実習|模擬|リハーサル|予行|架空|ダミー|創作|フィクション|冗談|嘘|うそ|ふざけ|いたずら|偽|控え|写[しす]|想定|仮想|遊び|課題|自動"
)
_WHOSE = (
    r"代[理行筆決印]|代わ|本人|別人|他人|(?:別の|ほかの|他の)(?:者|人|職員)|部下|名義|なりす|勝手|無断|頼まれ|指示|言われ|預か|秘書|家族|新人"
    r"|上司(?!か)|[局部課室係所]長(?:の(?:代|指|名|分|判|許)|[がは](?:判|決|記|書|入|答|同))|(?:会社|業者|派遣)の|方の(?:情報|名前|分|申)|(?:の|する)のは"
    r"|任せ|打って|打ちました|後輩|後任[がにをは]|前任の(?:もの|申|分)|者のもの"
)
_DENIED = (
    r"(?:申請|申し?込み?|参加|登録|利用|加入|入会|使[いわ]|受け?取|その気|意[思志図]|つもり)[^、。]{0,8}(?:ません|ない|せず|かね|どう)"
    r"|(?<!いた)だけ(?!で)|のみ|一部(?!事務)|部分|半分|除[いきくけ]|以外|(?<!慌)ただし|但し|しかし|本[気心]|本当|実は|やはり|やっぱ|とりあえず|ひとまず"
    r"|一応|いったん|一旦|例外|別途|別紙|前言|上[のに記](?:答|内容|は)"
)
_SIGNS = compile_later("|".join((_OUT, _IF, _UNREAL, _WHOSE, _DENIED)))
# A family name stands at its beginning, or after another script, and before a particle, a title or a blank.
_NAME = compile_later(
    r"(?<![一-鿿々])[一-鿿々]{1,3}(?=[がのはにをもへと、\s　]|から|より|さん|氏|[様殿]|くん|です|$)"
)
_MAX_ELLIPTIC = 5
_NAMING = compile_later("[一-鿿ァ-ヶ]")


def is_unread(text: str, writer: Writer) -> bool:
    """Return whether a text is only in doubt because words of it are unknown."""
    said = split_sentences(fold_width(text))
    return all(not is_second_thought(one) or _is_plain(one, writer) for one in said)


def _is_plain(written: str, writer: Writer) -> bool:
    """Return whether a sentence states something, and contains no sign."""
    said = fold_sentence(written)
    is_word = is_elliptic(said) and len(said) <= _MAX_ELLIPTIC
    is_exclaimed = is_bare(written, said) and (SAYS.search(said) is None or _NAMING.search(said) is None)
    if is_word or is_exclaimed or is_of_version(said) or is_conditional(said):
        return False
    return not has_sign(written, writer)


def has_sign(written: str, writer: Writer) -> bool:
    """Return whether a sentence may take an answer back, limit or replace it, or name somebody else."""
    said = fold_sentence(written)
    if tells_of_another(written) or not is_plain_en(written.casefold()) or names_another(written, writer):
        return True
    return any(signs.search(said) for signs in (_SIGNS, FOR_ANOTHER, INVENTED))


def names_another(text: str, writer: Writer) -> bool:
    """Return whether a family name other than the writer's stands in a text as a name does."""
    names = (found[0] for found in _NAME.finditer(text))
    return any(is_family_name(name) and name not in writer.words for name in names)


def is_plain_en(said: str) -> bool:
    """Return whether a text in lower case contains no such sign in English."""
    return SIGNS_EN.search(said) is None
