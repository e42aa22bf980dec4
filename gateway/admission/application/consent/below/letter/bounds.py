"""What a sentence about the work of its writer must not contain: the answer, the rules, others, another time.

The nouns of such a sentence are open: offices work on anything. Its predicate is read by its caller.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.lexicon import FOR_ANOTHER, INVENTED, LIMITING, OF_ANOTHER
from gateway.admission.application.consent.people import is_somebody
from gateway.patterns import compile_later

# A way of doing, a process that is made simpler, a particle behind a noun, what others did first.
_BY_FORM = (
    r"書き方(?=[をにのやなはとへも、]|など|について)|(?<=[一-鿿ァ-ヺー者])でも(?=[^、。]{2})|"
    r"(?:^|、)その(?!申|参加|登録|入会|応募|招待|手続)(?=[一-鿿ァ-ヺ]{2})|先に(?=取り組|導入|進め|始め|実施|活用)|(?<=[0-9一二三四五六七八九十百][年人名件割月戸])以[上下]|(?<=に)満たない|"
    r"(?<=[分わ])からない(?=こと|点|ところ|部分)|説明会|"
    r"(?:手続き?|申請|申し?込み?|届出|届け出|決裁|契約|審査|監査|調整|入札|申告|記入|説明|回答)(?:書|書類|事務|業務)?"
    r"(?:の(?:受付|管理|作成))?の?(?:[一-鿿ァ-ヺー]{1,8}化|dx|ペーパーレス|システム)|(?<=[横縦診])断|断水|"
    r"(?:導入|移行|開催|運用|実施|公開|開設)(?:に向け(?:て|た)の?)?、?(?:の)?準備|電子(?:手続き?|申請|決裁|契約|入札|申告)"
)
# Objects of what an office considers, lacks or changes: none is the application.
_NEUTRAL = compile_later(
    rf"{_BY_FORM}|"
    r"間もない|まだ(?=[^、。]{0,6}(?:浅|少な|慣れ|不慣れ))|(?<=いる)ところで|見直し(?=$|[をにのやと])|"
    r"(?<=たいと)考えて(?:い|おり)|ご?意見(?=を)|(?<=が)限られる?(?:中)?|"
    r"(?:相談(?:できる)?)(?:先|相手|同僚)が(?:少なく|"
    r"おらず|いない)|"
    r"(?:[一-鿿ァ-ヺー]化|導入|活用|整備|更新|移行|見直し|策定|運用|採用|構築|実施)(?:の(?:在り方|"
    r"方法))?(?:について)?(?:の)?(?:を|も)?検討(?:し|中)|"
    r"(?:少|数少|乏し|至ら|足り|慣れ|限られ|浅)(?:ない|なく|く|い)|少なからず|第一線|(?<=招)待|"
    r"試(?=作)|先輩(?:自治体|団体|方|の皆様)|"
    r"(?:他|近隣|全国の?|先行|先進)(?:市|町|村|県|区)?(?:町村|自治体|団体)|考え方|課題|条例|(?:業務|"
    r"制度|様式|書類|働き方|体制|庁舎)の?(?:改革|改善|見直し|変更)"
    r"|地域課題|申請(?:の|書の)?(?:進め方|電子化|受付|手続)|電子申請|オンライン申請|(?:紙|住民|市民|"
    r"町民|村民|県民|補助金)の申請書?|同じ(?:立場|課題|悩み|規模)"
    r"|悩み|不安|迷惑|議会(?:中継|対応|答弁|事務)|失敗事例|変革|変化|災害|条件不利|除雪|不足|"
    r"一部事務組合|手引|未来|初任|若手職員"
)
_OTHER = compile_later(
    r"参加(?:の)?(?:可否|時期|しな|せず)|来[年月春期]|翌年|翌月|いずれ|いつか|別の|代[理筆行]|上司|"
    r"部下|先輩|後輩|同僚|前任|後任|本人|誰|別人"
    r"|先に|手続|調整|審査|打診|交渉|内部|決裁|稟議|監査|(?<!つ)まず(?!は)|説明|どうか|[すれる]るか|"
    r"(?<!工)夫(?!婦)|妻|兄|弟|姉(?!妹)|(?<!姉)妹|父|"
    r"母(?!子)|息子|娘|友人|知人|"
    r"家族|親戚|(?:[員者人]|新人|若手|"
    r"メンバー|学生)[がはにも](?!少|多|減|不足|限|・)"
    r"|下[記書]|上記|以下|この(?:メール|申請|欄|回答)|本申請|メール|回答|返[答信事]|記[入載]|練習|"
    r"訓練として|課題として|演習|例文|見本|サンプル|下書|テスト|仮"
    r"|取り(?:消|下げ|や)|以外|条件|未定|いや|もう少し|名前|氏名|名義|全員|みんな|共用|代わ"
    r"|(?<!例)(?<!たと)[えけげせてねべめ]ば|架空|虚偽|偽|匿名"
)


# 守らずとも, 読まないで: any verb that is denied.
_DENIED = compile_later(
    r"[ぁ-ん一-鿿](?:ず(?=に|と|、|$)|ない(?=で|ま|う|$|と)|なく(?=て|と|、|$)|ぬ(?=ま|う))"
)
# オブザーバーとして, 佐々木の分として: as somebody else, or in another way than an applicant takes part.
_IN_ROLE = compile_later(
    r"(?<!課)(?<!部)(?<!局)(?<!室)(?<!係)(?<![市町村県庁所館院校署])(?<!部門)(?<!担当)(?<!職員)(?<!担当者)(?<!立場)(?<!窓口)"
    r"(?<!自治体)(?<!団体)(?<!組織)(?<!一環)(?<!参考)(?<!課題)(?<!業務)として|(?<!業)名で|見学者|別(?:団体|部署|組織)|の分(?:として|[でをにもは]|$)"
)
_SUBJECT = compile_later(r"(?:^|[、のは])(?P<name>[一-鿿々]{1,4})(?:さん|氏|君|くん)?(?:が|は|も|に)")


def is_unlimited(said: str, *, is_work: bool = False) -> bool:
    """Return whether folded words without blanks contain none of this.

    `is_work`: they are what somebody works on, which an application is not either.
    """
    bare = _NEUTRAL.sub("・", said)
    kinds = (LIMITING, OF_ANOTHER, FOR_ANOTHER, INVENTED, _OTHER, _DENIED, _IN_ROLE, _OBJECT)
    if any(kind.search(bare) for kind in kinds) or (is_work and is_of_this_mail(said)):
        return False
    return not any(is_somebody(found["name"]) for found in _SUBJECT.finditer(bare))


def is_of_this_mail(work: str) -> bool:
    """Return whether what somebody works on may be this very mail: 申込みの受付, 訓練の送信, なりすまし役.

    Applications and invented mails are written by those who do that for a living, too.
    """
    bare = _NEUTRAL.sub("・", work)
    return any(kind.search(bare) is not None for kind in (_OF_APPLYING, _OF_MAIL))


_OF_APPLYING = compile_later(
    r"件(?![数費])|案件|事案|申請|申し?込|参加|入会|手続|調整|準備|手配|相談|交渉|打診|登録|加入|応募|試行|内部|審査|招[待・]"
)
_OF_MAIL = compile_later(
    r"(?:メール|電文)(?!サーバ|システム|マガジン|基盤|環境|ソフト)|送信|受信|返信|文例|例文|文面|作文|台本|脚本|シナリオ"
    r"|なりすまし|替え玉|読み上げ|ロボット(?!化)|(?<!チャット)(?<!ロ)ボット|架空|模擬|擬似|仮想(?!化|環境|空間|通貨)|ダミー|サンプル|(?:民間|企業|会社)の立場"
)
# その申込みについて知りたい: what is wished is done to the application.
_OBJECT = compile_later(
    r"(?:申請|申し?込み?|参加|登録|入会|加入|応募|招待)(?:[者書]|内容)?(?:を|について(?:は|も)?|に関して)$"
)
