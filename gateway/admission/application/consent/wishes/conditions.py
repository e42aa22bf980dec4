"""Wishes and requests beside a consent: whether they set a condition, or are for somebody else.

A wish that the desk can grant by a mail (ご連絡いただければ), or that says what somebody hopes to do, or
when, sets none. One about the membership does (無料であれば, 名前を伏せていただけると), and so does a way
to take part that is neither a means nor a purpose (匿名で). Whoever sets a condition has not agreed.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.affairs import WORK
from gateway.admission.application.consent.below.background import is_somebody_else
from gateway.admission.application.consent.below.lexicon import any_of
from gateway.admission.application.consent.people import Writer
from gateway.admission.application.items.labels import find_item
from gateway.patterns import compile_later

# What is requested: information, something sent, help.
GIVE = (
    r"(?:お?教えて?|ご?(?:教示|教授|連絡|一報|返信|返事|案内|紹介|指導|説明|指摘|送付|招待|助言|転記|手配|配慮|対応|相談)"
    r"|お?(?:知らせ|返事|電話|調べ|送り|声[がか]け|手続き?)|ご(?:確認|査収|審査|登録|受理|処理)|送って|調べて)(?:を|して)?"
)
_IF = r"(?:ば|れば|たら|ると|ますと|ましたら)"
_FAVOUR = rf"(?:(?:いただ|頂|願|もら)[けえ]|でき|(?:くだ|下)さ[れい]?){_IF}"
_ASKED_FOR = (
    rf"(?:{GIVE}|(?:招待|登録|案内|追加|対応|手続き?|審査)(?:を|して|させて)?|(?:加え|入れ|招い|進め)て"
    r"|(?:お?返事|返信|連絡|資料|案内|招待(?:メール|状)?|情報|回答)[をも]、?|お?早め?[にく]|[」][とに]して|参加させて"
    r"|(?:アドレス|メール|電話|内線|[課係室])[にへ](?:も)?、?|(?<=[月日中週])[にで]、?)"
)
_HOPED = (
    r"(?:(?:学べ|知れ|伺え|聞け|活かせ|生かせ|役立て|立て|なれ|取り組め|進められ|入れ|加われ|つながれ|使え|始められ)"
    r"|(?:参加|利用|活用|交流|勉強|相談|解決|お?話し?|お会い|(?:情報|意見)?交換|(?:情報|事例を|課題を)共有)"
    r"を?(?:でき|させて(?:いただ|頂)け))"
)
_ENDED = (
    r"(?:手続き?|審査|招待(?:メール|状)?|案内|返事|返信|登録|連絡|準備)[がも](?:[^、。がはを]{0,8})"
    r"(?:終わ|届|進|済|来|決ま|間に合)[めえけま]?[るうくむ]?"
)
WISHES = compile_later(
    rf"(?P<said>.*?)(?:{_ASKED_FOR}{_FAVOUR}|{_HOPED}{_IF}|{_ENDED}(?:と|ば|たら))、?"
    r"(?:大変|とても|誠に|本当に)?(?:(?:嬉し|うれし|ありがた|有難|有り難|心強)い|幸い|さいわい|幸甚|助かり)"
    r"(?:です|ます|に存じます|と(?:思い|存じ)ます)"
)
# How somebody is reached, and for what they take part; any other way to do so is a condition: 無料で, 匿名で.
_WAYS = """
    メール 電話 お電話 郵送 アドレス fax 内線 本文 書面 様式 こちら 別途 庁内 職場 当方 別 次 これ それ 上記
    下記 以上 以下 この形 この内容 内容 こと
"""
_TAKES_PART = compile_later(
    r"(?P<how>[^、はがをにのもとで]{1,16})での?"
    r"(?=ご?(?:参加|利用|使|登録|招待|入[れ会]|申請|閲覧|続け|お?願い|案内|加え))"
)
_BY = compile_later(rf"(?:{any_of(WORK, _WAYS)}|[0-9月年度日中ん]|[市町村県区課係室部局庁省])$")
# 町名を伏せて登録を, but あわせて登録を.
_HAVING = compile_later(
    r"(?P<how>[^、はがをのもで]{1,12})(?:て|ずに|ないで)"
    r"(?=ご?(?:参加|登録|招待|掲載|利用)(?:を|して|させて|でき|いただ|(?:くだ|下)さ))"
)
_FIRST = compile_later(
    "(?:[合併]わ?せ|あわせ|続け|つづけ|改め|あらため|まとめ|加え|初め|はじめ|追っ"
    "|(?<![にと])し|いただい|頂い|受け|済ませ|見)$"
)


def has_condition(sentence: str) -> bool:
    """Return whether a wish or request is to take part in a certain way only: 匿名で登録をお願いします."""
    ways = (found["how"] for found in _TAKES_PART.finditer(sentence))
    if any(_BY.search(way) is None and find_item(way) is None for way in ways):
        return True
    return any(_FIRST.search(found["how"]) is None for found in _HAVING.finditer(sentence))


def is_directed_at_another(sentence: str) -> bool:
    """Return whether a request is to send something to another person: 加藤のアドレスにご招待ください.

    Somebody to call is none: ご連絡は加藤までお願いします.
    """
    if _TO_SEND.search(sentence) is None:
        return False
    return any(is_somebody_else(found["who"]) for found in _DIRECTED.finditer(sentence))


def say_i(sentence: str, writer: Writer) -> str:
    """Return a folded sentence with 私 in place of the writer's name: 佐藤のアドレスにご招待ください."""
    for name in (writer.name, "".join(writer.words), *writer.words[:1]):
        for behind in _BEHIND_NAME if name and name in sentence else ():
            sentence = sentence.replace(f"{name}{behind}", f"私{behind}")
    return sentence


_BEHIND_NAME = (
    *("のアドレス", "のメール", "の個人", "の公用", "の業務用", "の名前"),
    *("宛", "あて", "まで", "に", "へ", "が", "です"),
)
_TO_SEND = compile_later("招待|登録|案内状|アカウント|手続|参加|送付|お?送り")
_DIRECTED = compile_later(
    r"(?:^|[、はがをも]|[課係室部局]の)(?P<who>[^、はがをもにへ]{1,16}?)(?:さん|様|氏|君)?"
    r"(?:の?(?:個人の?|公用の?|業務用の?)?(?:アドレス|メール(?:アドレス)?|名前?|名義|アカウント))?"
    r"(?:[にへでが]|宛て?|あて|まで|です)"
)
