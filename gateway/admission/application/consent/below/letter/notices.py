"""Notices below a mail: when an office is open, what it makes known, what scanned the mail.

Each is written once for all mails. Every word is from a closed set, or what is made known is of the office or
the place, and contains no word that decides, waits or limits.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.lexicon import LIMITING_NAMELESS, any_of, read_on
from gateway.patterns import compile_later

_HOURS = compile_later(
    r"[0-9]{1,2}/[0-9]{1,2}(?:\([月火水木金土日]\))?|[0-9]{1,2}(?::[0-9]{2}|時(?:[0-9]{1,2}分|半)?|"
    r"月(?:[0-9]{1,2}日)?|日)|"
    r"第[1-5一二三四五](?:・第[1-5一二三四五])?(?=[月火水木金土日])|[月火水木金土日](?=[~〜・、)\-])|"
    + any_of(
        """
    開庁時間 業務時間 執務時間 受付時間 開館時間 窓口 受付 本庁 支所 閉庁 閉庁日 休庁 休庁日 開庁 開庁日
    休館 休館日 開館 休業 年末年始
    土日 土日祝日 土日祝 祝日 祝 土曜 日曜 土曜日 日曜日 月曜日 火曜日 水曜日 木曜日 金曜日 月曜 火曜
    水曜 木曜 金曜
    平日 毎週 毎月 午前 午後 昼休み 正午 から まで より は を の に も と で ~ 〜 - ・ 、 ( ) : を除く
    除く ただし
    です ます します いたします なります となります となりました になります になりました しております
    時差出勤のため 時差出勤 在宅勤務 勤務 休止 休止し
    しています おります 延長 延長し
        延長窓口 夜間窓口 期間中 期間 終日 お休み 休み 月~金 月〜金 ※ お電話 電話 つながりません
        """
    )
)
_OF_HOURS = compile_later(r"[開閉休]庁|[開休]館|延長|休止|勤務|時間|休業|お休み")
_OFFICE = r"(?:(?:当|本)(?:市|町|村|県|区|府|都|庁|省|課|室|組合|機関)(?:で)?は、?)?"
# 公式SNSもご覧ください, 防災アプリをダウンロードしましょう, 『笑顔あふれるまち』を目指して
_SHOWN = (
    r"([^。]{0,36}?)(?:[をもではがへに]、?)?(?:ご覧(?:くだ|下)さい|はこちら(?:から)?|(?:応援|"
    r"フォロー|登録|ダウンロード)(?:して(?:くだ|下)さい|しましょう|を?お願い(?:(?:いた|致)?し)ます)"
    r"|(?:情報)?(?:発信|配信|公開|募集|受付|推進|開催|実施|販売|展開|掲載|連載|放送)(?:中|して(?:い|"
    r"おり)ます)(?:です)?|宣言(?:を?して(?:い|おり)ます|のまち)?|目指して(?:い(?:ます|きます)|"
    r"おります)?|取り組んで(?:い|おり)ます"
    r"|(?:お越し|遊びに来て)(?:くだ|下)さい|(?:まで)?あと[0-9]{1,4}日|[0-9]{1,3}周年(?:です|"
    r"を迎えま(?:す|した))?)!?"
)
_PUBLIC = compile_later(rf"{_OFFICE}{_SHOWN}(?:{_SHOWN})?")
_OF_PLACE = compile_later(
    r"公式|お知らせ|デー|運動|週間|ホームページ|ウェブサイト|hp|sns|line|twitter|instagram|facebook|"
    r"youtube|インスタ|ふるさと|"
    r"納税|アプリ|防災|防犯|広報|観光|[市町村県区]|まち|むら|計画|大会|祭|フェア"
    r"|キャンペーン|マップ|動画|チャンネル|ポータル|qrコード|メールマガジン|移住|健診|子育て|"
    r"ゼロカーボン|sdgs|dx|交通安全|火災予防|資料館|博物館|温泉|世界遺産|万博"
)
_ORDINAL = compile_later(
    r"第[0-9一二三四五六七八九十]{1,3}[次期回](?=[一-鿿])|\(旧[a-z]{1,12}\)|(?<=次)期|未来"
)
_OF_MAIL = compile_later(r"同意|規約|申請|参加|申込|回答|返信|返答|メール(?!マガジン|配信)|添付|私|本人")
# 本庁舎の移転に伴い住所が変わりました, 17時15分以降の電話は自動音声となります
_REACHED = compile_later(
    rf"{_OFFICE}(?:[0-9年月日]{{0,11}}(?:から|より|に)、?)?[一-鿿ァ-ヺー]{{0,12}}の?(?:移転|統合|更新|"
    rf"再編|改編|機構改革|導入)(?:に伴い|により|のため)、?"
    r"(?:(?:住所|所在地|電話番号|fax番号|メールアドレス|ドメイン|課名|"
    r"部署名)[がをと、・]{0,2}){1,3}(?:変わりました|変更(?:になり|となり|(?:いた|致)?し)ました)"
    r"|(?:[一-鿿ぁ-ゖァ-ヺー]{0,12}の?(?:ため|により)、?)?(?:[0-9時分:]{1,8}以降|夜間|休日|閉庁時間帯?|"
    r"時間外)の?お?電話は、?(?:自動音声|留守番電話|自動応答|宿直室?|守衛室?)"
    r"(?:(?:での?)?(?:対応|案内))?(?:となります|になります|です|(?:につながり|が対応し)ます)"
)
_DISCLAIMS = compile_later(
    r"(?:本|この|当)(?:電子)?メール(?:の内容|に含まれる(?:意見|見解)|に記載された意見)?は、?(?:当|本|"
    r"所属)?[一-鿿]{0,8}(?:の|としての)(?:公式|正式|統一)(?:の|な)?見解を(?:示す|表す|"
    r"代表する)ものではありません"
)
_BY_SYSTEM = compile_later(
    r"(?:[一-鿿]{0,4})?(?:自治体)?(?:情報)?セキュリティ(?:クラウド|システム|ゲートウェイ)(?:を経由して|"
    r"で|により|によって)、?(?:送信|検査|確認|無害化|スキャン)(?:されて(?:い|おり)ます|して(?:い|"
    r"おり)ます|されました|済み?です)"
)
_LONGEST = 90


def is_notice(sentence: str) -> bool:
    """Return whether a folded sentence without blanks is such a notice: 12月29日から1月3日まで閉庁します."""
    if len(sentence) > _LONGEST:
        return False
    if _OF_HOURS.search(sentence) is not None and read_on(_HOURS, sentence) == len(sentence):
        return True
    if any(kind.fullmatch(sentence) is not None for kind in (_REACHED, _DISCLAIMS, _BY_SYSTEM)):
        return True
    return _is_public(sentence)


def _is_public(sentence: str) -> bool:
    """Return whether a sentence makes something of a place known, and nothing about the mail."""
    found = _PUBLIC.fullmatch(sentence)
    if found is None or _OF_MAIL.search(sentence) is not None or _OF_PLACE.search(sentence) is None:
        return False
    parts = (_ORDINAL.sub("", part) for part in found.groups() if part)
    return not any(map(LIMITING_NAMELESS.search, parts))


_SCAN_WORDS = """
    this e-mail email mail message and any its attachments attachment was were has have been is are
    scanned checked
    inspected filtered processed protected for viruses virus malware spam dangerous content believed to
    be clean
    by with the a mail gateway server security system service software of our prefecture prefectural city town
    village government municipal local office organisation organization antivirus anti-virus mailscanner
    barracuda avast symantec sophos trendmicro automatically before delivery cloud
"""
_SCAN = compile_later(rf"(?:{any_of(_SCAN_WORDS)})(?:[ ,.;]+|$)")
_OF_SCAN = compile_later(r"\b(?:scanned|checked|inspected|filtered|protected)\b")
_FREE_OF = compile_later(r"virus-free\.?|www\.[a-z0-9.-]{3,60}")


def is_scan_en(said: str) -> bool:
    """Return whether a folded English sentence only says what checked the mail."""
    if _FREE_OF.fullmatch(said):
        return True
    return _OF_SCAN.search(said) is not None and read_on(_SCAN, said) == len(said)
