"""Requests to the desk, good wishes, excuses for the mail, and statements about one item of the form.

A request, wish or excuse is recognised by its ending: a question, a request to reply or to send,
楽しみにしています, ご自愛ください, 短文で失礼します; a statement by its beginning: 役職は4月からのものです.
None states anything about the consent, so none revokes it. They must not contain words by which people agree,
decide, wait, choose a part, make a condition or refer to what they wrote, and any statement before a request
must be of a known kind.
"""

from __future__ import annotations

import re

from gateway.admission.application.consent.below.affairs import is_own_affair
from gateway.admission.application.consent.below.background import is_past, is_somebody_else
from gateway.admission.application.consent.below.lexicon import INVENTED, LIMITING, OF_ANOTHER
from gateway.admission.application.consent.people import is_person
from gateway.admission.application.consent.wishes.conditions import (
    GIVE,
    WISHES,
    has_condition,
    is_directed_at_another,
)
from gateway.admission.application.items.labels import find_item
from gateway.patterns import compile_later

_ASKS = compile_later(
    r"(?P<said>.+?)(?:(?:[すれけ]れば|したら)(?:よろし|宜し|よ|良|い)い(?:の)?(?:でしょう|です)か|で(?:しょう|す)か|ま(?:す|せん)(?:でしょう)?か|(?:よろし|宜し|よ|良|い)い(?:の)?(?:でしょう|です)か)\??"
)
_PLEASE = (
    r"(?:(?:(?:くだ|下)さい(?:ませ)?|(?:くだ|下)されば(?:幸い|結構)です|(?:お)?願い(?:(?:いた|致)?し|申し上げ)?ます"
    r"|(?:いただ|頂)け(?:ますよう(?:に)?、?お願い(?:(?:いた|致)?し|申し上げ)ます|れば、?(?:と(?:思い|存じ)ます|幸いです))"
    r"|(?:くだ|下)さいますように?、?お願い(?:(?:いた|致)?し|申し上げ)ます|お願いでき(?:れば(?:と(?:思い|存じ)ます|幸いです))))"
)
_REQUESTS = compile_later(rf"(?P<said>.*?){GIVE}{_PLEASE}")
# Conditions for a reply, and words that deny nothing: 足りないところがありましたら、
_FREE = compile_later(
    r"議会(?:対応|開会中|会期中)|(?:が|は|等|など)?(?:あり|ござい)(?:ましたら|ます(?:場合|とき|際)は)、?|(?:が|は)あれば、?"
    r"|(?:私の|申請者の)?(?:所属|氏名|連絡先|職名|部署|情報)[^。、は]{0,6}は、?(?:上|下|以下|下記|末尾|文末)?の?署名(?:欄)?(?:の(?:とおり|通り)|をご?覧ください)(?:です)?(?:ので|ため)、?"
    r"|(?:足り|至ら|行き届か|少)ない|(?:問題|支障|差し?支え)(?:は)?な(?:い|かった)(?:の)?$"
)
_PREDICATES = compile_later(r"必要|必須|可能|大丈夫|問題|結構|不要|適切|妥当|十分|駄目")
_NAMES = compile_later(r"[一-鿿々]{2}|[ァ-ヶー]{2}|[a-z]{2}|[一-鿿々](?=[はがをもにの])")
_KNOWN_LEAD = compile_later(
    r"(?:お手数(?:を(?:お)?(?:かけ|掛け)(?:(?:いた|致)?し)ます)?です|お手数です|恐れ入ります|恐縮です|(?:大変)?(?:申し訳|すみ|済み)(?:あり|ござい)?ません"
    r"|ご?多忙(?:の)?(?:ところ|中)?(?:恐縮です)?|基本的な(?:こと|質問)です|初歩的な(?:こと|質問)です|細かい(?:こと|質問)です|(?:一つ|[1一]点)?(?:ご?質問|お尋ね)(?:です|が(?:あり|ござい)ます))"
)
# Where the items are: 申請者の情報は署名をご覧ください.
_SIGNED = compile_later(
    r"(?:私の|申請者の|当方の)?(?:所属|氏名|連絡先|職名|役職|部署|情報|詳細|コード)(?:[・、と]?(?:所属|氏名|連絡先|職名|役職|部署|コード))*(?:等|など)?(?:は|について(?:は)?)、?"
    r"(?:下|上|以下|下記|末尾|文末)?の?署名(?:欄)?(?:を|に)(?:ご(?:覧|参照|確認)|記載)(?:(?:くだ|下)さい|のとおりです|して(?:い|おり)ます)"
)
# Why a reply may be late: 交替勤務のため、お返事が翌日になることがあります.
_LATE = compile_later(
    r"(?P<said>.*?)、?(?:こちらからの|当方からの)?(?:お?返事|ご?返信|ご?連絡|お?電話)(?:が|は|に)、?(?:少々|少し|数日|翌々?日|翌週|週明け)?(?:以降)?(?:に|ほど|お時間を?)?"
    r"(?:なる|遅く?なる|遅れる|いただく|かかる|出られない|つながらない)(?:こと|場合)(?:が|も)(?:あり|ござい)ます(?:が、?(?:どうぞ)?ご?(?:容赦|了承|理解|承知おき)(?:の(?:ほど|程)、?(?:よろしく)?お願い(?:いた|致)?します|(?:くだ|下)さい|願います))?"
    r"|(?P<why>[^。、]{0,12}?)(?:閉庁|休み|休暇|不在|会議|出張|外勤|交替勤務)(?:日|中)?(?:の|な)?(?:ため|ので)、?(?:お?返事|ご?返信|お?電話)(?:は|が)?、?(?:でき(?:ません|かねます)|遅れます|遅くなります|翌(?:開庁)?日になります)"
)
# Looking forward, and wishing well: 情報交換できるのを楽しみにしています, 皆様もご自愛ください.
_ACTIVITY = (
    r"(?:参加|交流|意見交換|情報交換|情報共有|お話し?|お会い|やり取り|やりとり|活動|お?返事|ご?連絡"
    r"|ご?招待|勉強会|研修|イベント|学べる|学び|使える)"
)
_AWAITS = compile_later(
    rf"(?:(?P<said>.*?){_ACTIVITY}(?:できる|する)?(?:の|こと)?(?:を|が)?)?、?(?:心より|心から|とても|大変|今から)?"
    r"楽しみ(?:に(?:お待ち)?して(?:い|おり)ます|です)"
)
_WELFARE = r"ご?(?:活躍|健勝|発展|多幸|健康|清祥|盛栄|繁栄|成功)"
_WELL = compile_later(
    r"(?P<said>.*?)(?:(?:ご自愛(?:専一に)?|お気をつけ(?:て)?"
    r"|(?:よい|良い)(?:お年|新年|週末|連休|一日)を、?お(?:迎え|過ごし)|(?:お元気で|健やかに|暖かくして)、?お過ごし)(?:(?:くだ|下)さい(?:ませ)?"
    r"|の(?:ほど|程)を?、?(?:お祈り|お願い)(?:(?:いた|致)?し|申し上げ)ます)"
    rf"|{_WELFARE}(?:と{_WELFARE}){{0,2}}を(?:心より|心から)?(?:お祈り|祈念)(?:(?:いた|致)?し|申し上げ)(?:ます|て(?:い|おり)ます))"
)
# Excuses for how the mail is written, with a reason: 外出先のため簡単ですみません.
_REASON = (
    r"(?:(?:外出先|出先|出張先|出張中|移動中|自宅|現場|会議の合間|昼休み|業務の合間|スマホ|スマートフォン|携帯(?:電話)?|iphone|ipad|タブレット|コピー&ペースト|コピペ)"
    r"(?:から|より|で|にて)?の?(?:送信|返信|入力|メール)?(?:書いた|打った|(?:書い|打っ|送っ)て(?:いる|います|おります))?[のな]?(?:ため|ので|につき|で)、?)?"
)
_MANNER = (
    r"(?:突然の(?:メール|ご?連絡)|(?:簡単|簡略|簡素|手短|略式)な?(?:メール|文面|文章|連絡)?|[短乱長拙]文(?:乱筆)?|乱筆(?:乱文)?|略儀|メールのみ"
    r"|(?:文面|文章|表記|部署名|課名|団体名|役職名|名前|署名)が(?:長|短|読みにく|見にく|見づら|分かりにく|わかりにく)くて?"
    r"|(?:形|文字|改行|表|罫線|レイアウト|体裁)が(?:崩れ|ずれ|乱れ|化け)て(?:いたら|いましたら|しまい|おり)?|文字化けして(?:いたら|いましたら))"
)
_EXCUSE = (
    r"(?:大変|誠に)?(?:すみません|すいません|申し訳(?:ありません|ございません|ないです)|恐縮です|恐れ入ります|失礼(?:いた|致)?しま(?:す|した)"
    r"|(?:何卒|どうぞ|どうか)?ご(?:容赦|了承|理解)(?:(?:くだ|下)さい(?:ませ)?|願います|の(?:ほど|程)、?(?:よろしく)?お願い(?:(?:いた|致)?し|申し上げ)ます)"
    r"|(?:お知らせ|ご連絡|ご一報)(?:(?:くだ|下)さい(?:ませ)?|(?:いただ|頂)け(?:ますと|れば)幸いです|(?:を)?お願い(?:いた|致)?します))"
)
_EXCUSES = compile_later(rf"{_REASON}{_MANNER}(?:で|にて|となり|になり)?、?{_EXCUSE}")
_ITEM = (
    r"(?:団体コード|コード|団体名|部課名|課名|部署名|係名|役職名?|職名|肩書き?|氏名|名前|苗字|名字|ふりがな|フリガナ|読み方?|署名|電話番号|内線(?:番号)?"
    r"|メールアドレス)"
)
# A statement about items of the form, by its beginning: 役職は4月からのものです.
_OF_ITEM = compile_later(
    rf"(?:なお、?|また、?|※)?[^\W、は]{{0,12}}、?(?:上の|上記の|私の|当[市町村県課]の)?{_ITEM}(?:(?:と|・|、|や|及び|および){_ITEM})*(?:の「.」(?:の字)?)?(?:は|も|について(?:は)?)、?"
    r"(?P<said>[^。]{1,60}?)(?:です|でした|であります|ます|ました|ません|おります|おりません)"
)
_LONGEST = 160


def is_request(sentence: str) -> bool:
    """Return whether a folded Japanese sentence without blanks requests something: 転記を願えますか."""
    if len(sentence) > _LONGEST or not sentence.endswith(_ENDINGS):
        return False
    if _SIGNED.fullmatch(sentence) is not None:
        return True
    return any(_asks_for_oneself(kind, sentence) for kind in _KINDS)


def _asks_for_oneself(kind: re.Pattern[str], sentence: str) -> bool:
    found = kind.fullmatch(sentence)
    if found is None:
        return False
    said = _read_said(found)
    if kind is _REQUESTS and (_is_somebody(said) or _asks_whether_it_stands(said)):
        return False
    if kind is not _ASKS and (has_condition(sentence) or is_directed_at_another(sentence)):
        return False
    return _asks_freely(said, named=kind is not _ASKS)


# いまも生きているか, 先月の申請が有効か: whether the application, or something unnamed, is so.
_WHETHER = compile_later(
    r"(?P<topic>.*[はが]、?)?(?P<is>[^はが、]{1,20}?)か(?:どうか|否か)?(?:を|について|だけ)?、?"
)
_ABLE = compile_later(
    r"(?:でき|使え|入れ|られ|見え|読め|出せ|可能|必要|要る|届|着い|足り|かか[るり]|よろしい|よい|良い|いい|大丈夫|受け|対象|済|不備|間違い|誤り|あ[るり])"
)
_WHICH = compile_later(r"何|なに|ど[のうれこちん]|いか(?:に|な|が)|いつ|いく[つら]|誰|なぜ")
_OF_APPLYING = compile_later("申請|申し?込|応募|登録|参加|回答|同意|これ|それ")


def _asks_whether_it_stands(said: str) -> bool:
    found = _WHETHER.fullmatch(said)
    if found is None or _WHICH.search(said) is not None or _ABLE.search(found["is"]) is not None:
        return False
    return not found["topic"] or _OF_APPLYING.search(found["topic"]) is not None


def is_limited_wish(sentence: str) -> bool:
    """Return whether a folded sentence without blanks wishes for more than a mail, or to take part."""
    return sentence.endswith(_ENDINGS) and _GLAD.search(sentence) is not None and not is_request(sentence)


_GLAD = compile_later(
    r"(?:[えけげせてねべめれ]ば|[うくすつぬむるだ]と|(?:です|ます)と|たら)、?[^、。]{0,6}"
    r"(?:嬉し|うれし|ありがた|有難|有り難|心強|幸い|さいわい|幸甚|助か|安心)"
)


def is_conditional(bare: str) -> bool:
    """Return whether a wish or request sets a condition, or is for somebody else."""
    is_wish = _WANTS.search(bare) is not None and (has_condition(bare) or is_directed_at_another(bare))
    return is_wish or is_limited_wish(bare)


_WANTS = compile_later(
    r"(?:お?願い(?:(?:いた|致)?し|申し上げ)?ます|希望(?:(?:いた|致)?し)?ます|たい(?:です)?|ください|です)$"
)


def _read_said(found: re.Match[str]) -> str:
    """Return the free part of a sentence of one of these kinds."""
    return next((text for text in found.groups() if text is not None), "")


def is_about_item(sentence: str) -> bool:
    """Return whether such a sentence is only about items of the form: 署名は市にいたときのままです."""
    found = _OF_ITEM.fullmatch(sentence) if len(sentence) <= _LONGEST else None
    if found is None or LIMITING.search(f"{sentence[: found.start('said')]}{found['said']}") is not None:
        return False
    lead = sentence[: found.start("said")]
    if _OF_NAME.search(lead) is not None and _WRITTEN.search(found["said"]) is None:
        return False
    return OF_ANOTHER.search(found["said"]) is None and not _is_invented_or_of_another(found["said"])


def is_item_of_another(sentence: str) -> bool:
    """Return whether such a sentence says that an item is made up or another's: 署名は加藤のものです."""
    found = _OF_ITEM.fullmatch(sentence) if len(sentence) <= _LONGEST else None
    return found is not None and _is_invented_or_of_another(found["said"])


def _is_invented_or_of_another(said: str) -> bool:
    owner = _OWNER.fullmatch(said)
    return INVENTED.search(said) is not None or (owner is not None and is_somebody_else(owner["who"]))


# 署名は加藤のもの, 電話番号は友人の携帯
_OWNER = compile_later(
    r"(?:[^、]{1,20}、)?(?P<who>[^、]{1,16}?)の(?:もの|物|名前?|氏名|番号|携帯|電話|端末|アドレス|メール(?:アドレス)?|署名|コード|所属|名義|分)"
)


# Of a name only how it is written is said: 氏名は旧姓です. Whose it is, is not.
_OF_NAME = compile_later(r"氏名|名前|苗字|名字")
_WRITTEN = compile_later(r"読|よみ|かな|カナ|字|旧姓|戸籍|通称|ローマ|英")


_KINDS = (_REQUESTS, _LATE, WISHES, _AWAITS, _WELL, _EXCUSES, _ASKS)
_ENDINGS = ("か", "か?", "ます", "です", "さい", "ませ", "せん", "した")


def _asks_freely(said: str, *, named: bool) -> bool:
    """Return whether the text before the ending limits nothing; `named`: the ending names the request."""
    *stated, asked = said.split("が、")
    if not all(map(_is_known, stated)):
        return False
    free = _FREE.sub("", asked)
    if OF_ANOTHER.search(free) is not None or LIMITING.search(free) is not None:
        return False
    return named or _NAMES.search(_PREDICATES.sub("", asked)) is not None


def asks_for_somebody(sentence: str) -> bool:
    """Return whether a folded Japanese sentence without blanks requests something for a person."""
    found = _REQUESTS.fullmatch(sentence) if len(sentence) <= _LONGEST else None
    if found is None:
        return False
    said = _read_said(found)
    who = _OBJECT.search(said)
    is_item = who is not None and find_item(who["who"]) is not None
    return not is_item and (_is_somebody(said) or OF_ANOTHER.search(said) is not None)


def _is_somebody(said: str) -> bool:
    """Return whether a request is for somebody: 佐藤をご招待ください, but not アドレスをご登録ください."""
    found = _OBJECT.search(said)
    return found is not None and (is_person(found["who"]) or _PERSON.search(found["who"]) is not None)


_OBJECT = compile_later(r"(?P<who>[^をはがもに、]{1,16})(?:を|も)、?$")
_PERSON = compile_later(r"(?:[員者方人名]|さん|様|氏|[部課室係]長|主[事査任幹])$")


def _is_known(stated: str) -> bool:
    return _KNOWN_LEAD.fullmatch(stated) is not None or is_own_affair(stated) or is_past(stated)


_AUXILIARIES = compile_later(
    r"(?:also,? |and |by the way,? )?"
    r"(?:is|are|can|could|may|will|would|should|when|how|where|which|what|who|do|does)\b[^?]{3,120}\?"
)
_LIMITS_EN = compile_later(
    r"\b(?:i|we|it|this|that|these|those|them|my|our|your?|(?:dis)?agree\w*|consent\w*|accept\w*|terms?|rules?|conditions?|sections?|articles?"
    r"|clauses?|parts?|partly|chang\w+|cancel\w*|withdr\w+|undo|edit\w*|delete\w*|deletion|remov\w+|revok\w+|retract\w*|answer\w*|repl\w+|forms?|boss|chief"
    r"|manager|director|supervisor|superior|mayor|approv\w+|permi\w+|allow\w*|decid\w+|decision\w*|confirm\w*|check\w*|legal|lawyer\w*|not|no|never"
    r"|\w+n't|but|however|unless|until|if|wait\w*|hold|later|maybe|perhaps|actually|sorry|wrong|mistake\w*|error|ignor\w+|disregard|test\w*|draft"
    r"|sample|half|only|except\w*|without|before|after|yet|still|first|instead|someone|somebody|above|previous)\b"
)


def is_request_en(said: str) -> bool:
    """Return whether a folded English sentence is such a question.

    Example: is the workspace also available in english?
    """
    return _AUXILIARIES.fullmatch(said) is not None and _LIMITS_EN.search(said) is None
