"""The sentences by which people agree to rules, or do not: each is a whole folded text."""

from __future__ import annotations

import re

from gateway.admission.application.consent.below.lexicon import any_of, read_on
from gateway.patterns import compile_later

_RULES = (
    r"(?:(?:私は|当方は)?[、,]?(?:上記の?|本|当|下記の?)?(?:参加|利用|会員|コミュニティの?)?(?:規約"
    r"|ルール|利用条件|規定)等?(?:の内容|のすべて)?に(?:ついて)?[はも]?[、,]?(?:すべて|全て)?"
    r"|(?:これ(?:ら)?|内容)に)?"
)
_READ = (
    r"(?:(?:(?:上記の?|本|当|下記の?)?(?:(?:参加|利用|会員|コミュニティの?)?(?:規約|ルール|利用条件"
    r"|規定)等?(?:の(?:内容|全文|全条項))?|全文|全条項|内容)(?:を|は))?"
    r"(?:(?:(?:公式)?(?:ホームページ|サイト|ページ)|リンク先|hp)(?:で|にて)、?)?(?:よく|すべて|全て|一度"
    r"|二度)?(?:確認|理解|承知|了承|熟読|一読|拝読|拝見|通読|読)(?:(?:(?:いた|致)?しました)ので|した|し"
    r"|んだ|み|の|済みの?)?(?:うえ|上)?で?[、,]?)?"
)
# 私本人として同意します.
_MYSELF = r"(?:(?:私|本人|私本人|個人)として[、,]?)?"
_DO = r"(?:する|した|し(?:ます|ました)|(?:いた|致)し(?:ます|ました))"
JOIN = r"(?:参加|利用|入会|登録|会員)?"
_TO = r"(?:(?:貴|御|本)?(?:コミュニティ|会|プラットフォーム)|slack|こちら)(?:への|へ|に|の|を)?"
_ASKED = (
    rf"(?:{_TO})?(?:(?:参加|利用|入会|登録)の)?"
    r"(?:申請|申し?込み?|参加|入会|登録|利用|ご?招待|お?手続き?|ご?手配)"
)
WANT = (
    rf"(?:{_ASKED}を?(?:希望|申請|申し?込み?)?(?:(?:いた|致)?します|しました|したく存じます"
    rf"|を?(?:お願い(?:(?:いた|致)?し|申し上げ)|願い)ます)|(?:{_ASKED}[をに])?申し?込みます|申し込みいたします|よろしくお願い(?:いた|致)?します)"
)
# The subject of an official letter, and what stands below it.
_RE = (
    r"(?:(?:標記|標題|掲題|表題|件名)の?(?:件|こと)?(?:について|につき(?:まして)?|に関し(?:て|まして)?)?"
    r"は?、?)?"
)
FOLLOWING = (
    rf"{_RE}(?:(?:以下|下記|次|上記|別紙|別記)の?"
    r"(?:(?:とおり|通り)|(?:内容|項目|情報)(?:で|にて|により)|に?より)、?)?"
)
# To apply after having agreed is to agree: 規約に同意のうえ、申し込みます.
_APPLYING = (
    rf"{FOLLOWING}(?:(?:上記の?|本|貴会の?|この)?{JOIN}(?:規約|ルール)等?(?:の内容)?(?:に|へ)は?|(?=[^同]{{2}}){_READ})"
    r"(?:内容に)?同意(?:(?:の|した)?(?:うえ|上)(?:で)?|(?:(?:いた|致)?し)(?:て|ましたので|ますので|(?=、)))[、,]?"
    rf"{FOLLOWING}{WANT}"
)
# Endings of letters: 同意する旨、申し添えます.
_STATED = (
    rf"(?:なお、)?{_READ}(?:{_RULES}|これに)?同意(?:(?:する|した)旨(?:を)?[、,]?(?:申し添え|お伝え(?:いた"
    rf"|致)?し"
    rf"|申し述べ)ます|することを申し添えます"
    r"|(?:の(?:うえ|上)|した(?:うえ|上))(?:で(?:の)?)?[、,]?(?:のお願い|の申請|申請するもの"
    r"|お願いするもの)です)"
    rf"|(?:内容に)?異(?:存|議|論)は?なく[、,]?同意(?:(?:(?:いた|致)?し)ます|の(?:うえ"
    rf"|上)(?:で)?の?(?:お願い|申請)です|します)"
    r"|(?:規約|ルール|利用規約)(?:は|も|について)?ok(?:です)?"
)
YES = compile_later(
    rf"(?:(?:はい|ハイ|ええ)[、,。]?)?(?:もちろん|勿論|喜んで)?[、,]?{_READ}{_RULES}{_MYSELF}"
    rf"(?:(?:(?:すべて|全て|全部)に?)?同意(?:{_DO}|する、です|済み?(?:です)?|です|あり|でお願い(?:(?:いた|致)?し"
    rf"|申し上げ)ます)?|(?:承諾|了承|了解|承知)(?:{_DO}|です)?)"
    rf"|(?:はい、?)?{_APPLYING}|{_STATED}|はい|ハイ|{_DO}|(?:有り?|あり)(?:ます)?|済み?(?:です)?|ok|y|yes|(?:異議|異存"
    rf"|異論)は?(?:なし|無し|ありません|ございません)(?:です)?"
    r"|(?:yes,? ?)?(?:of course,? ?)?i (?:do|agree|accept|consent)|(?:yes,? )?agreed?|accept(?:ed)?|consent"
    r"|(?:yes,? )?i have read (?:and understood )?(?:the|these|your) (?:rules|terms(?: of use)?|conditions)"
    r",? and (?:i )?(?:agree to|accept) (?:them|all of them|it)"
    r"|(?:yes,? )?i (?:have read and )?(?:agree|accept|consent)(?: to)?(?: (?:the|these|your"
    r"|all))? ?(?:rules|terms(?: of use)?|conditions)"
    r"(?: of (?:use|service|participation|membership|(?:the|this|your) community))?"
)
NO = compile_later(
    rf"[^。]{{0,40}}同意(?:は)?(?:(?:いた|致)?しかねます|できません|できかねます)"
    rf"|[^。]{{1,60}}(?:ため|ので|から|により)、?{_RULES}同意は?(?:しない|(?:いた|致)?しません|できない)"
    rf"|{_RULES}(?:同意(?:は)?(?:しない|(?:いた|致)?しません|できない|できません|(?:いた"
    r"|致)?しかねます|なし)|不同意)|いいえ|イイエ|しない|no|n"
    r"|(?:no,? )?i (?:do not|don't|cannot|can't) (?:agree|accept|consent)(?: .{0,60})?|(?:do not"
    r"|don't|not) agree|disagree(?:d)?|declined?|refused?"
)

# In free words: what was read, how and when, with the consent at the end. Every word is one of these: none
# denies, waits, leaves out or makes a condition.
_THINGS = """
    規約 参加規約 利用規約 会員規約 行動規範 規範 ガイドライン ルール 利用条件 規程 規定 約款 規則 要領
    全条 きまり 決まり 決まりごと 決まり事 約束事 条項 条文 注意事項 プライバシーポリシー 個人情報の取扱い
    個人情報の取り扱い 内容 全文 全条項 趣旨 ページ ホームページ サイト 公式サイト リンク先 pdf hp
"""
_WHOSE = """
    上記 下記 本 当 貴 貴会 その この これ これら こちら コミュニティ プラットフォーム 共創プラットフォーム
    参加 利用 サイト 私 わたくし 私個人として 個人として 本人として 申請者本人として 私本人として
"""
_LINKS = """
    を に へ の も と や で は 、 ・ 及び および 並びに ならびに について につきまして につき に関しまして
    に関して 等 など ともに 共に
"""
_HOW = """
    すべて 全て 全部 よく きちんと しっかり ちゃんと じっくり 丁寧に 十分 十分に 充分に 隅々まで 最後まで
    一通り ひととおり 改めて あらためて 事前に あらかじめ 既に すでに 一度 二度 何度も 再度 もう一度 確かに
    異議なく 異存なく 異論なく 自ら 併せて 合わせて 印刷して プリントして
    書かれている 書いてある 記載された 記載の 定められた の件 全面的に 喜んで もちろん 勿論 はい はい、 なお、
"""
_DONE = (
    r"(?:(?:いた|致)?し(?:ました|まして|た|て)?|させて(?:いただ|頂)き(?:ました|まして)?|済みの?|のうえ"
    r"|の上)"
)
_READ_VERB = (
    rf"(?:(?:確認|理解|承知|了承|了解|熟読|一読|拝読|拝見|通読|精読|閲覧|把握|了知){_DONE}"
    r"|[読よ](?:み(?:込み|終え)?(?:ました|まして)?|んで|んだ|ませて(?:いただ|頂)き(?:ました|まして)?)"
    r"|目を通し(?:ました|まして|た|て)?)"
)
_READ_ON = rf"{_READ_VERB}(?:ので|ため|うえで?|上で?)?"
# Of an earlier day, or of two people, only the reading counts: their consent is another one.
_WHEN = (
    r"(?:(?:昨夜|昨晩|昨日|本日|今日|今朝|先日|先ほど|先程|今回|この度|このたび)に?|(?:上司|同僚)と一緒に|自分で(?!は))"
    r"(?=(?:(?!同意).){0,24}(?:読|確認|拝見|拝読|理解|承知|目を通))"
)
_NO_OBJECTION = (
    r"(?:問題|異議|異存|異論|疑義|疑問|支障|不明点|不明な点)(?:[はがも]|など|等)?(?:特に)?"
    r"(?:な(?:い|く|かった|し)|(?:あり|ござい)ません(?:でした)?)(?:ことを確認し(?:ました|た|て)?)?(?:ので|ため)?"
)
# The rules from the first article on, or all articles by their number.
_ARTICLES = (
    r"(?:第?[1一]条(?:から|より|~|〜|-)(?:第?[0-9一二三四五六七八九十]{1,3}条|附則|最終条|最後)(?:まで)?"
    r"|全[0-9一二三四五六七八九十]{1,3}条)"
)
_WORD = compile_later(
    rf"{_READ_ON}|{_WHEN}|{_NO_OBJECTION}|{_ARTICLES}|(?<![たす])が|{any_of(_THINGS, _WHOSE, _LINKS, _HOW)}"
)
_AGREE = compile_later(
    r"(?<!の)(?:同意|承諾)(?:する|した|(?:(?:いた|致)?し)(?:ます|ました|て(?:い|おり)?ます)|済み?(?:です)?|です|あり"
    r"|申し上げます|させて(?:いただ|頂)きます)?"
    r"|同意(?:という(?:こと|形)|すること|の方向|のこと)?で(?:よろしく|宜しく)?お願い(?:(?:いた|致)?し|申し上げ)ます"
    r"|同意(?:の(?:うえ|上)|し(?:て)?)、?(?:規約を)?(?:遵守|順守|厳守)(?:(?:いた|致)?し)?ます"
    r"|(?:異議|異存|異論)[はも]?(?:特に)?(?:(?:あり|ござい)ません|な(?:し|い)(?:です)?)"
)
_HAS_READ = compile_later(
    rf"{_READ_VERB}(?<=した|んだ)|(?:確認|理解|承知|熟読|一読|拝読|拝見|通読)済み?(?:です)?"
    rf"|(?:[読よ]んで|目を通して)(?:い|おり)ます|{_NO_OBJECTION}(?<=確認しました)"
)
_LONGEST_CLAUSES = 120
_ENGLISH_THINGS = """
    the these your all of them it rules rule terms conditions code conduct guidelines use participation
    membership service community platform and to
"""
_HOW_EN = "i yes hereby fully do also have carefully read reviewed understood understand"
_WORD_EN = compile_later(rf"(?!have to )(?:{any_of(_ENGLISH_THINGS, _HOW_EN)})(?:[, ]+|$)")
_OBJECT_EN = compile_later(rf"(?:{any_of(_ENGLISH_THINGS)})(?:[, ]+|$)")
_RULES_EN = compile_later(r"\b(?:rules?|terms|conditions|conduct|guidelines|them|it|these|all)\b")
_AGREE_EN = compile_later(r"(?:agree|accept|consent)(?: to)?(?: |$)")


def agrees(said: str) -> bool:
    """Return whether a folded sentence agrees in free words: 規約と行動規範を読み、同意しております."""
    if said.isascii():
        return _agrees_in_english(said)
    bare = _strip_application("".join(said.split()))
    if _CONSENTS.search(said) is None or _is_of_the_past(bare) or _is_to_some_articles(bare):
        return False
    return _CONTRAST not in bare and _reads_on(bare, _AGREE) and _is_to_rules(bare)


def _strip_application(bare: str) -> str:
    """Return a consent without the application that follows it: これに同意し、参加を申請します."""
    found = _AND_APPLIES.fullmatch(bare)
    return bare if found is None or _EARLIER.search(bare) is not None else f"{found['said']}します"


_AND_APPLIES = compile_later(
    rf"(?P<said>.{{0,80}}同意)(?:の(?:うえ|上)で?|した(?:うえ|上)で|(?:(?:いた|致)?し)(?:ました(?:うえ|上)で|て|ま(?:す|した)ので)?)、?"
    rf"{FOLLOWING}(?:ここに)?{WANT}"
)


def _is_to_some_articles(bare: str) -> bool:
    """Return whether articles are named, but not all of what they say is agreed to."""
    return _OF_ARTICLES.search(bare) is not None and _WHOLLY.search(bare) is None


_OF_ARTICLES = compile_later("[0-9一二三四五六七八九十]条|附則")
_WHOLLY = compile_later(
    "(?:すべて|全て|全部|全条項?|全文|全[0-9一二三四五六七八九十]{1,3}条)(?:に(?:ついて)?|を)?、?(?:異議なく|異存なく)?(?:同意|承諾)"
)


_CONTRAST = "としては"  # 個人としては同意します leaves open what the office says


def _is_of_the_past(said: str) -> bool:
    """Return whether a sentence tells of a consent of an earlier time: 既に同意しています, 先日同意しました.

    Nothing shows what was agreed to then. An earlier reading may come before a consent: 昨日読み、同意します.
    """
    return _EARLIER.search(said) is not None and _TELLS.search(said) is not None


_EARLIER = compile_later("既に|すでに|昨[夜晩日]|先日")
_TELLS = compile_later(r"(?:した|(?<=て)(?:い|おり)?ます|済み?(?:です)?)$")


_OURS = frozenset(
    [
        "規約",
        "参加規約",
        "利用規約",
        "会員規約",
        "ルール",
        "利用条件",
        "規程",
        "規定",
        "約款",
        "規則",
        "きまり",
        "決まり",
        "決まりごと",
        "決まり事",
        "約束事",
        "全条",
        "全条項",
        "全文",
        "内容",
        "上記",
        "下記",
        "これ",
        "これら",
        "こちら",
    ]
)
_NOUNS = frozenset((*_THINGS.split(), *_WHOSE.split())) - frozenset(
    ["私", "わたくし", "私個人として", "個人として", "本人として", "申請者本人として", "私本人として"]
)
_ENDS_OBJECT = frozenset(
    ["を", "に", "へ", "は", "が", "で", "について", "につきまして", "につき", "に関しまして", "に関して"]
)
_AND = frozenset(["と", "や", "も", "・", "、", "及び", "および", "並びに", "ならびに", "ともに", "共に"])


def _is_to_rules(said: str) -> bool:
    """Return whether what a sentence of these words agrees to is the rules, with others or alone, or nothing.

    行動規範に同意します and 規約の趣旨に同意します are no consent to the rules.
    """
    heads, head, at = [""], "", 0
    is_over = False
    while _AGREE.fullmatch(said, at) is None and (word := _WORD.match(said, at)) is not None:
        one, at = word[0], word.end()
        if one in _NOUNS:
            heads, head, is_over = ([] if is_over else heads), one, False
        elif one in _AND or one in _ENDS_OBJECT:
            heads, head, is_over = [*heads, head], "", is_over or one in _ENDS_OBJECT
        elif _READ_OR_NO_OBJECTION.fullmatch(one) is not None:
            heads, head, is_over = [], "", False
    objects = {one for one in (*heads, head) if one}
    return not objects or not objects.isdisjoint(_OURS)


_READ_OR_NO_OBJECTION = compile_later(f"{_READ_ON}|{_NO_OBJECTION}")


def _agrees_in_english(said: str) -> bool:
    found = _AGREE_EN.match(said, read_on(_WORD_EN, said[:_LONGEST_CLAUSES]))
    if found is None or len(said) > _LONGEST_CLAUSES:
        return False
    rest = said[found.end() :]
    return not rest or (read_on(_OBJECT_EN, rest) == len(rest) and _RULES_EN.search(rest) is not None)


def has_read(said: str) -> bool:
    """Return whether such a sentence only says that the rules were read: 規約は昨夜すべて読みました."""
    return _READS.search(said) is not None and _reads_on(said, _HAS_READ)


_CONSENTS = compile_later("同意|承諾|異[議存論]")
_READS = compile_later("[たみ済]|んで|を通して")


def _reads_on(said: str, end: re.Pattern[str]) -> bool:
    """Return whether a sentence consists of these words up to one of these endings."""
    at = 0
    while len(said) <= _LONGEST_CLAUSES and at < len(said):
        if end.fullmatch(said, at) is not None:
            return True
        if (word := _WORD.match(said, at)) is None:
            return False
        at = word.end()
    return False


# 回答をいただければ同意しますが、それまでは同意しません.
_REFUSES = compile_later(
    r"、[^、。]{0,20}(?:同意|承諾)は?(?:(?:いた|致)?しません|できません|(?:いた|致)?しかねます)(?:[。.!]|$)"
)


def ends_in_refusal(folded: str) -> bool:
    """Return whether a folded text says no in its last clause, whatever it says before."""
    return (
        "同意" in folded and "同意する" not in folded and _REFUSES.search(folded.replace(" ", "")) is not None
    )
