"""Statements about the past: how somebody came to apply, whom they called, which office they took over.

They contain no condition. Every word is from a closed set, each name is an organisation, an office or a
person in its place, and each verb is one of these in the past, or continuing: what is still to be done could
be waited for.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.courtesy import COURTESY
from gateway.admission.application.consent.below.lexicon import RELATED, any_of
from gateway.admission.application.consent.people import (
    BARE_NAME,
    is_person,
    is_place,
    is_plain,
    is_role,
    is_somebody,
    is_writer,
)
from gateway.patterns import compile_later

_WHEN = """
    先日 昨日 一昨日 本日 今日 今朝 先ほど 先程 前回 以前 以前に 先週 先月 昨年 昨年度 今年 今年度 本年度 本年
    今月 今週 このたび この度 今回 初めて はじめて すでに 既に 現在 最近 前に 過去に 何度か また なお
    ちなみに 以前の申請から 前回の申請から 申請後に 春 秋 年度当初 年度途中 この春 昨春 この秋 昨秋 数年前
    月曜日 火曜日 水曜日 木曜日 金曜日
"""
_WHO = """
    前任 前任者 後任 担当 担当者 ご担当者 ご担当 職員 同僚 先輩 後輩 知人 友人 知り合い 方 の方 皆様 さん 様
    県 市 町 村 国 都 道 府 県庁 市役所 町役場 隣町 隣市 隣の市 隣の町 隣の村 隣の課 隣の係 他市 他自治体
    他の自治体 近隣 近隣市町村 近隣自治体 同じ県内 県内 県内の市町村 県市町村課 市町村 自治体 私 当方 私ども
    当課 当係 当室 当市 当町 当村 当県 当区 同じ課 同じ係 同課 前の課 前の部署 前の職場 別の課 別の部署
    他の課 課 係 室 部署 職場 部局 所属 県知事会 知事会 市長会 町村会 市長会議 事務局 窓口 受付
"""
_WHAT = """
    案内 ご案内 通知 お知らせ 周知 事務連絡 資料 チラシ リーフレット パンフレット ポスター ホームページ hp
    ウェブサイト webサイト サイト 録画 アーカイブ 報告書 活動報告
    議事録 記事 広報 広報誌 会報 メール メールマガジン メルマガ 電話 お電話 説明会
    研修 研修会 会議 会合 勉強会 セミナー フォーラム 講演 講演会 イベント 交流会 講座 紹介 ご紹介 勧め
    お勧め 誘い お誘い 話 お話 情報 業務 仕事 事務 担当業務 引継ぎ 引き継ぎ 情報政策 情報システム システム
    デジタル デジタル化 dx dx推進 防災 広報担当 新聞 雑誌 動画 sns 口コミ コミュニティ 貴会 こちら
    このコミュニティ 存在 全国 主催 開催 共催 会 の会 こと のこと ほか のほか の他
"""
_LINKS = """
    は が を に の も と で へ や より から からの での への について まで 、 ・ 付けで 付で 付け 分
    等 など 宛に 宛て
"""
_DATE = (
    r"[0-9]{1,4}年(?:[0-9]{1,2}月)?(?:前に?)?|令和[0-9]{1,2}年(?:度)?|[0-9]{1,2}月(?:[0-9]{1,2}日)?"
    r"|[0-9]{1,2}日"
)
# By their stems before ました, before て, and their forms before a noun.
_VERBS = """
    伺い|伺って|伺った 聞き|聞いて|聞いた 教わり|教わって|教わった 知り|知って|知った 見|見て|見た
    受け|受けて|受けた 読み|読んで|読んだ いただき|いただいて|いただいた 頂き|頂いて|頂いた
    もらい|もらって|もらった 教えられ|教えられて|教えられた 紹介され|紹介されて|紹介された
    勧められ|勧められて|勧められた すすめられ|すすめられて|すすめられた 誘われ|誘われて|誘われた
    引き継ぎ|引き継いで|引き継いだ 引継ぎ|引継いで|引継いだ なり|なって|なった 使い|使って|使った
    送り|送って|送った 配属され|配属されて|配属された 届き|届いて|届いた 配られ|配られて|配られた
    配布され|配布されて|配布された あり|あって|あった 話し|話して|話した 教え|教えて|教えた
    移り|移って|移った 働い|働いて|働いた 勤め|勤めて|勤めた
"""
# Nouns of completed actions.
_DONE = r"""
    電話 お電話 連絡 ご連絡 相談 ご相談 問い合わせ お問い合わせ 問合せ お問合せ お問合わせ お話 お話し
    お聞き お伺い 拝見 拝聴 異動 転入 着任 赴任 お送り 再送 送付 送信 お会い ご挨拶 復職
"""
# What somebody works or worked on.
_STATE = "担当 兼務 勤務 所属 従事 参加 利用 活用 出向 在籍 登録 退職"
_KEEP = r"(?:い|おり)"
_FORMS = [verb.split("|") for verb in _VERBS.split()]
_NOUN = any_of(_DONE, _STATE)
_GOING_ON = rf"(?:(?:{any_of(_STATE)})(?:を)?(?:して|いたして|させていただいて)|(?:使っ|働い|勤め|知っ)て)"
_STEM = (
    rf"(?:{any_of(*(form[0] for form in _FORMS))}|(?:{_NOUN})(?:を)?(?:し|いたし|致し|させていただき)"
    rf"|お世話になり)"
)
_TE = (
    rf"(?:{any_of(*(form[1] for form in _FORMS))}|(?:{_NOUN})(?:を)?(?:して|いたしまして"
    rf"|させていただいて)|お世話になって)"
)
_TA = (
    rf"(?:{any_of(*(form[2] for form in _FORMS))}|(?:{_NOUN})(?:を)?(?:した|いたしました"
    rf"|させていただいた)|お世話になった)"
)
_APPLYING = (
    r"(?<![はがも])(?:(?:(?:参加|利用|入会|登録)(?:を|の)?)?(?:(?:申請|申込み?|申し込み|応募)(?:を)?(?:し"
    r"|いたし|致し|させていただき)|申し込み)|(?:参加|利用|入会)を希望(?:し|いたし|致し))"
)
# Only directly after how it came about: 4月に申請します is still to be done.
_APPLIES = compile_later(rf"{_APPLYING}ます")
_PAST = (
    rf"(?:{_STEM}ました|{_GOING_ON}{_KEEP}(?:ました|ます)|(?:紹介され|配られ|届い)て{_KEEP}ました"
    rf"|(?:異動|転入|出向|赴任|着任|復帰)して(?:(?:き|まいり|参り)ました|きたばかりです)|{_TA}ばかりです)"
)
_CHANGED = (
    r"(?:部署|所属|所属課|担当|担当者|課名|部署名|姓|名字|電話番号|メールアドレス"
    r"|アドレス)が(?:変わりました|変わって(?:い|おり)ます|変わったため、?)"
    # How the writer will be reached is no part of the form.
    r"|(?:電話番号|内線(?:番号)?|fax番号|庁舎|住所|所在地|郵便番号)[がも]、?(?:変わ|変更(?:に|と)な)(?:ります|る(?:予定|見込み)です)"
)
_MOVES = (
    r"(?:(?:新|本|仮)?庁舎|事務所|事務室|執務室|職場|役場)の?"
    r"(?:移転|建替え?|建て替え|引っ越し|改修|工事)(?:に伴い|のため|により)、?"
    r"|(?<![のがはも])(?:(?:[0-9]{1,2}月|今春|この春|この秋|年度当初)の)?(?:人事)?異動(?:に伴い|のため|により|で)、?"
)
_POST = (
    r"(?:(?:教諭|教員|県|国|市|町|村|他団体|他の自治体)からの(?:充て職|出向|派遣|併任)|充て職|併任"
    r"|兼務|再任用|会計年度任用職員)"
)
# The former name of an organisation, and whom it could mislead.
_HISTORY = (
    r"(?:平成|令和|昭和)?[0-9]{1,4}年(?:[0-9]{1,2}月)?の(?:市制施行|町制施行|合併|名称変更|改称|改組)(?:前|まで)は、?「?"
    r"(?P<was>[^、。はがをも「」]{1,16}[都道府県市区町村])」?(?:\((?:コード:?)?[0-9]{6}\))?でした"
    r"|(?:古い|旧|以前の)(?:一覧|名簿|地図|台帳|コード表|資料)をお使いの(?:とき|場合|際|方)は、?ご注意(?:くだ|下)さい"
)
_STANDS = (
    rf"(?:(?:主たる|正式な|本来の)?所属は、?(?:上|上記|記載)のとおりです|(?:指導主事|担当者?|私|本職|主任"
    rf"|主査|主事)は{_POST}です"
    r"|所属は、?(?:今年|昨年|本年|令和[0-9]{1,2}年)?(?:度)?(?:の)?(?:[0-9]{1,2}月)?の?(?:機構改革"
    r"|組織改編|組織改正|組織再編|人事異動)"
    r"(?:で|により)、?「?[^「」、。]{2,20}[部課室係局]」?から(?:変わりました|変更になりました"
    r"|変わって(?:い|おり)ます)"
    r"|(?:名簿|台帳|登録)など(?:に|で)(?:旧|古い)の?(?:名称|部署名|所属)が残って(?:いる|いた)(?:とき"
    r"|場合)は、?上に読み替えてください)"
)
_TOLD = r"(?:上司|課長|係長|部長|室長|所属長)に(?:は|も)?(?:報告|相談)済み?です"
_END = compile_later(
    rf"{_STANDS}|{_HISTORY}|{_PAST}|{_CHANGED}|{_TOLD}|からのご?(?:紹介|案内)です|{_APPLYING}(?:ました|て{_KEEP}ます)"
    rf"|{_TA}(?:件|者|次第)です|{_TA}(?:件"
    rf"|こと)で(?:ご連絡|申請)(?:し|いたし|致し)ました"
)
_GOES_ON = (
    rf"{_PAST}(?:ので|が|ため)、?|{_TA}(?:ため|ので)、?|{_TE}(?![かもは])、?|{_STEM}、|{_TA}(?:件|こと)で、"
)
_NAMED = rf"{BARE_NAME}(?=(?:さん|様|氏|課長|係長|部長|室長|主査|主任|主事)?(?:から|より|に|と|も|が|へ|の))"
# Superiors, who are asked for permission, count only as a source of information.
_CHIEF = (
    r"(?:上司|課長|係長|部長|室長|所属長)(?=(?:から|より|の(?:ご?紹介|お?勧め|お?誘い))|に(?:勧め"
    r"|すすめ|紹介|教え|誘わ))"
)
_WORDS = compile_later(
    rf"{_GOES_ON}|{_MOVES}|[0-9]{{1,3}}[人名]|{_TA}(?=[^\W_]{{1,8}}(?:を|で))|{_DATE}|{_CHIEF}"
    rf"|{any_of(_WHEN, _WHO, _WHAT, _LINKS)}|にて(?!から)|(?<=の){_NAMED}|^{_NAMED}"
)
_HOW = compile_later(rf"{_GOES_ON}|初めて|はじめて")
_PLACE = compile_later(r"[^\W_]{2,24}?(?=の|から|より|に|で|へ|と|も|が|は|を|、|主催)")
_RELATIVE = compile_later(rf"(?:(?:{any_of(_WHEN, _LINKS)})|{_DATE}|メールで|お?電話で){{0,6}}{_TA}")
_LONGEST = 120


def is_past(sentence: str) -> bool:
    """Return whether a folded Japanese sentence without blanks is about the past: 前任から引き継ぎました."""
    said = sentence[:_LONGEST]
    at, is_behind = 0, False
    if ("が" in said and _READ_BY.search(said) is not None) or is_sent_by_another(said):
        return False
    if is_done_by_another(said):
        return False
    while at < len(said):
        if _ends(said, at) or (is_behind and _APPLIES.fullmatch(said, at) is not None):
            return len(sentence) <= _LONGEST
        if not (end := _read_word(said, at)):
            return _is_known_writer(said)
        is_behind = _HOW.fullmatch(said, at, end) is not None
        at = end
    return False


# 佐藤が読みました: somebody else may have read the rules.
_READ_BY = compile_later(r"(?<!私)(?<!当方)が[^、。]{0,6}(?:読み|見)ました")


# メールは同僚が送りました, 係の後輩からお送りしました: somebody else may have written. Deputies: `applying`.
_SENT_BY = compile_later(
    r"(?:^|[、はで])(?P<who>[^、はがを]{1,16}?)(?:が|(?:から|より)(?=お送り))、?(?!代わ)[^、がを]{0,6}?"
    r"(?:お?送(?:り|っ)|送付|送信|再送|申請|応募|申し?込|登録|書い|打っ|打ち|記入|入力|作成)[^、。を]{0,12}(?:ました|ます|です)$"
)


def is_sent_by_another(said: str) -> bool:
    """Return whether a folded sentence without blanks says that somebody else wrote or sent something."""
    found = _SENT_BY.search(said)
    return found is not None and is_somebody_else(found["who"])


# 隣の課の職員が担当しております: what, if not this? 庁舎の管理は業者が担当しております says it.
_DONE_BY = compile_later(
    r"(?P<who>[^、。はを]{1,16}?)が、?(?:[^、。はを]{1,12}を、?)?(?:主に)?"
    r"(?:担当|対応|所管|管理|運用|処理|受け持|担)[^、。がを]{0,6}て(?:い|おり)ます"
)


def is_done_by_another(said: str) -> bool:
    """Return whether a folded sentence without blanks says that somebody else is in charge of it."""
    found = _DONE_BY.fullmatch(said)
    return found is not None and (is_somebody_else(found["who"]) or found["who"].endswith(("の者", "の方")))


def is_somebody_else(who: str) -> bool:
    """Return whether words name a person by a relation or a name: 係の後輩, 加藤."""
    last = who.rpartition("の")[2]
    return RELATED.search(who) is not None or is_somebody(last.removesuffix("さん")) or is_person(last)


def _ends(said: str, at: int) -> bool:
    if _END.fullmatch(said, at) is not None:
        return True
    return at > 0 and said[at - 1] == "、" and COURTESY.fullmatch(said, at) is not None


def _read_word(said: str, at: int) -> int:
    """Return the end of the word that begins here; 0 if none is known."""
    word = _WORDS.match(said, at)
    place = _PLACE.match(said, at)
    if (
        place is not None
        and (word is None or place.end() > word.end())
        and is_plain(place.group())
        and is_place(place.group())
    ):
        return place.end()
    return word.end() if word is not None else 0


def _is_known_writer(said: str) -> bool:
    """Return whether the writer introduces themselves: 先日お電話した総務課の見本です。"""
    clause = _RELATIVE.match(said)
    if clause is None or not is_plain(said):
        return False
    return is_writer(said[clause.end() :]) or is_role(said[clause.end() :])
