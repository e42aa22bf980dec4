"""Sentences below a consent about the writer's own affairs; every word is from a closed set.

A sentence is read from left to right, the longest word first, up to a closed ending. A sentence with any
other word is not understood; statements about the application itself (参加は…) are not in the set.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.courtesy import COURTESY
from gateway.admission.application.consent.below.letter.bounds import is_of_this_mail
from gateway.admission.application.consent.below.lexicon import LIMITING_NAMELESS, any_of, read_on
from gateway.patterns import compile_later

# What people in offices work on.
WORK = """
    業務 仕事 職務 担当業務 日々の業務 日常業務 実務 情報 情報共有 共有 活用 利活用 事例 取組 取り組み
    取組み 防災 災害 災害対応 災害対策 危機管理 避難 避難所 運営 窓口 住民 町民 市民 県民 住民対応
    住民サービス 広報 広聴 議会 議会事務局 教育委員会 子育て 子育て支援 福祉 医療 介護 保健 教育 学校
    図書館 税務 水道 下水道 道路 土木 建築 環境 農業 林業 水産業 観光 商工 産業 デジタル デジタル化 dx
    dx推進 ai 生成ai rpa システム 情報システム 情報政策 電算 アプリ 文書 文書管理 統計 選挙 消防 救急
    財政 会計 契約 人事 給与 研修 会議 地域 まちづくり 地方創生 移住 交通 セキュリティ マイナンバー
    lgwan 庁内lan 推進 dx推進計画 改善 向上 効率化 導入 整備 支援 管理 交流 知見 ノウハウ 課題 実践
    導入事例 先進事例 活用事例 広域化 事業 行政 行政サービス 政策 施策 条例 文書管理システム 防災アプリ
"""
_WHOSE = """
    私 当方 当市 当町 当村 当県 当課 当室 当係 当部 当区 当庁 本市 本町 本村 本県 本区 他市 他市町村
    他自治体 他の自治体 他の市町村 全国 全国の自治体 各地 県内 県外 県 市 町 村 市町村 自治体
    地方自治体 自治体職員 職員 職員数 人口 庁内 庁舎 職場 部署 所属 担当 担当者 課 室 係 総務省
    デジタル庁 県庁 皆様 皆さま みなさま 皆さん 同じ課 貴会 貴会の活動 コミュニティ 主 初めて はじめて
    今年度 昨年度 本年度 今年 昨年 利用目的 参加の目的 いつも 申請の理由 参加の動機 目的 参考 公用
    公用のメールアドレス メールアドレス 代表番号 直通番号 一緒 一人情シス
    どうし 同士 先進的な 先進的 申請理由: 参加理由: 利用目的:
    小さな 小規模な 一人 私一人 課内 庁内で 新任 職員として 担当者として 参加を楽しみ 定年後 再任用職員
    会計年度任用職員 任期付職員 任期付きの職員 派遣職員 出向職員 新規採用職員
"""
_LINKS = """
    は が を に の も と や へ ・ 、 において における について についての に関する に関して に関わる
    など 等 および 及び また ため ために のため との への での からの なお、
"""
# By their stems before ます, ました, たい and ています. The writer applies, nobody else.
_DO = r"(?:し|(?:いた|致)し|させて(?:いただ|頂)き)"
_DEED = (
    rf"(?:(?:(?:情報)?共有|情報交換|活用|導入|担当|所属|勤務|従事|推進|運用|異動|着任|配属|参加を楽しみに"
    rf"|参考に|(?:の仕事|の担当)を|利用(?:を予定)?)を?"
    rf"|(?<![がはも])(?:参加|申請|応募|利用登録)(?:を希望)?){_DO}"
)
_STEM = rf"(?:{_DEED}|使い|用い|学び|活かし|生かし|役立て|取り組み|携わり|知り|進め|務め|努め)"
_LASTS = (
    rf"(?:(?:{_DEED}|用い|活かし|役立て|携わっ|知っ|使っ|勤め|働い|進め|務め|努め|助けられ"
    rf"|公用のメールアドレスから送っ)て"
    r"|(?:学ん|取り組ん)で)(?:い|おり)"
)
# Past tense, so nothing is left to ask: 県庁で伺いました, not 県庁で伺います.
_HEARD = r"(?:知り|伺い|聞き|教えていただき|教わり|紹介され|紹介していただき|拝見し|異動してき)ました"
_STATED = rf"(?:(?:{_STEM}|{_LASTS})(?:ます|ました)|{_HEARD}|使ったことが(?:あり|ござい)ま(?:す|せん))"
_WISHED = (
    r"たい(?:(?:ため|ので|から)(?:です)?|です|と(?:思い|考え|存じ)ます|と(?:思って|考えて)(?:い|おり)ます)"
    r"|たく(?:存じ|思い)ます"
)
_END = compile_later(rf"{_STATED}|{_STEM}(?:{_WISHED})|です|でした|であります|でございます")
_GOES_ON = (
    rf"{_STATED}(?:ので|が)、|{_LASTS}、|{_STEM}(?:、|たく、?)|(?:{_DEED}|参加し|ホームページを見)て、?"
)
_COUNTED = (
    r"(?:(?:情報)?共有|活用|利用|導入|運用|推進)する(?=ため)|[0-9]{1,3}(?:万|千)?(?:人|名|年目)"
    r"|[0-9]{1,2}月に(?=着任|異動|配属)|[0-9]{1,4}(?:-[0-9]{1,4}){1,2}"
    r"|(?:昨年度?|今年度?|本年度?)から|(?:同僚|友人|知人)(?:の紹介)?(?:で|から)(?=知り|伺い|聞き|紹介)"
    r"|[0-9]{1,2}月[0-9]{1,2}日付けで(?=[^\W_]{2,16}(?:異動|着任|配属))|異動の予定(?=です)"
    r"|[一-鿿ァ-ヺー]{1,8}[部課室係](?=[にへ](?:異動|着任|配属))"
    r"|slack[はを]、?(?:個人|仕事|前の職場|別の(?:団体|組織)|私用)で[はも]?(?=使った)"
    r"|(?:他市|他の自治体|全国の自治体|皆様|皆さま)(?:の方)?との?意見交換"
)
_ABOUT_FORM = r"(?:参加|申請|利用|登録)(?![はもがのをで]|だけ|のみ)"
_WORDS = compile_later(f"{_GOES_ON}|{_COUNTED}|{_ABOUT_FORM}|で(?![すしご])|{any_of(WORK, _WHOSE, _LINKS)}")
_ENGLISH_WORDS = """
    i we my our it the a an am are is in of for at to and with from on as use used using work working works
    share sharing learn learning join joining experience experiences community colleague colleagues
    recommended heard about disaster response prevention information city town village government municipal
    local digital systems charge member section office department thank thanks you your very was were told
    by prefecture prefectural ministry took over job position predecessor training seminar meeting website
    newsletter last year month week april transferred moved new much kind best regards time help sincerely
    respectfully advance
"""
_ENGLISH = compile_later(
    r"(?:i would like to|look(?:ing)? forward to|hearing from you|(?:about )?this community|about this"
    r"|this (?:job|position|year|month)"
    rf"|sent from(?: my)? (?:iphone|ipad|outlook)(?: for ios)?|{any_of(_ENGLISH_WORDS)})(?:[ ,.!-]+|$)"
)
_LONGEST = 120


def is_own_affair(sentence: str) -> bool:
    """Return whether every word of a folded Japanese sentence without blanks is known: 業務で使います."""
    if _NAMING.search(sentence) is None or is_practised(sentence):
        return False
    if (duty := _DUTY.fullmatch(sentence)) and not is_of_this_mail(duty["work"]):
        return LIMITING_NAMELESS.search(duty["work"]) is None
    at, read = 0, _WORDS.match(sentence[:_LONGEST])
    while not _ends(sentence, at) and read is not None:
        at = read.end()
        read = _WORDS.match(sentence[:_LONGEST], at)
    return _ends(sentence, at)


# 職員研修の課題です: then nobody applies.
_PRACTISED = compile_later(
    r"(?:研修|訓練|演習|練習|実習|会議|議会)(?:[のでに][^、。]{0,16})?の(?:課題|事例|実践|教材|題材)(?:です|で(?:ござい|あり)ます"
    r"|(?:に|として)、?(?:用い|使|申請|参加|応募|利用))"
)


def is_practised(sentence: str) -> bool:
    """Return whether a folded sentence without blanks speaks of an exercise or an example of a course."""
    return _PRACTISED.search(sentence) is not None


# What somebody works on may be called anything: 所属では業務システムの標準化と移行を担当しております.
_DUTY = compile_later(
    r"(?:(?:私|当方|所属|職場|庁内|当?[市町村県]|[一-鿿ァ-ヺー]{0,10}[部課室係])(?:で)?は、?)?(?P<work>[一-鿿ァ-ヺーa-z0-9・のとや]{2,40})"
    r"を(?:主に)?(?:担当|所管|所掌)(?:して(?:い|おり)ます|する(?:職員|者)です|(?:いた|致)?しております)"
)
_NAMING = compile_later(r"[^\Wぁ-ゖ]")  # でも: particles alone name nothing


def _ends(sentence: str, at: int) -> bool:
    is_whole = 0 < at == len(sentence)
    return is_whole or any(end.fullmatch(sentence, at) is not None for end in (_END, COURTESY))


def is_own_affair_en(said: str) -> bool:
    """Return whether every word of a folded English sentence is known: I use it at work."""
    return bool(said) and read_on(_ENGLISH, said[:_LONGEST]) == len(said)
