"""What an applicant wants to take part for: …について学びたいと考えております, …を参考にできればと存じます.

The sentence ends in a wish to learn, to exchange or to use, which is no decision about the application. What
is before it may be about anything but the answer, the rules, another person or time; it denies nothing.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.lexicon import (
    FOR_ANOTHER,
    INVENTED,
    LIMITING,
    OF_ANOTHER,
    any_of,
)
from gateway.admission.application.consent.people import is_somebody
from gateway.patterns import compile_later

# By their stems before たい; each is done by the writer alone, and none is of the application.
_LEARN = any_of(
    """
    学び 学んでいき 学んでまいり 習得し 修得し 勉強し 吸収し 伺い お伺いし 聞き お聞きし 知り 教わり
    理解を深め
    知見を深め 見識を深め 視野を広げ 知識を深め 見聞を広め 参考にし 参考と 参考とし 活用し 活かし 生かし
    役立て 取り入れ 取り込み
    反映し つながり 繋がり つながりを作り つながりを持ち 交流し 交流を図り 意見交換し 情報交換し
    情報共有し 情報収集し 共有し 把握し
    触れ 集め 見つけ 探り 研究し 応用し 還元し 役立ててまいり 活かしてまいり 生かしてまいり 取り組み
    進め 改善し
    深め 高め 広げ 図り 目指し 向上させ 充実させ 推進し お借りし 拝見し 参照し 紹介し 意見を交わし 話し合い
    """
)
_LET_ME = any_of(
    """
    学ば 勉強さ 参考にさ 参考とさ 活用さ 役立てさ 伺わ 聞か 拝聴さ 交流さ 共有さ 情報交換さ 意見交換さ 吸収さ
    """
)
_TOLD = r"(?:教えて|ご教示|ご教授|ご指導|助言|ご助言|お知恵を|知恵を貸して|聞かせて)"
_COULD = (
    r"(?:意見交換|情報交換|情報共有|情報収集|交流|共有|吸収|活用|相談し合|参考に|お借り|お聞き|お伺い|"
    r"勉強|把握)"
)
_THINKS = (
    r"と(?:考え|思い|存じ|願い)ま(?:す|した)|と(?:考えて|思って|願って|存じて)(?:い|おり)ます|です|"
    r"と(?:考え|思)(?:い|って)の(?:申請|応募)です"
)
_APPLIED = (
    r"と?(?:思い|考え|存じ)?、?(?:(?:参加を|この度|このたび)?(?:申請|申し?込み?|応募)を?(?:(?:いた|"
    r"致)?し|させて(?:いただ|頂)き)?ま(?:す|した)|(?:申請|応募)するものです)"
)
_WISH = (
    rf"(?:(?:{_LEARN})|(?:(?<=ヒントを)|(?<=ノウハウを)|(?<=知見を)|(?<=情報を)|(?<=知識を)|"
    rf"(?<=示唆を))得|(?<=[りしいきみ]、)(?:ぜひ|是非)、?参加し|(?:{_LET_ME})せて(?:いただ|頂)き|"
    rf"{_TOLD}(?:いただ|頂)き)(?:たい(?:{_THINKS}|"
    rf"{_APPLIED})|たく、?(?:存じます|思います|{_APPLIED}))"
)
_HOPE = (
    rf"(?:{_COULD}(?:が|も)?(?:でき)?|(?:{_LET_ME})せて(?:いただけ)?|{_TOLD}(?:いただけ)?|伺え|学べ|"
    rf"聞け|知れ|得られ|活かせ|生かせ|役立てられ|つながれ|深められ)"
    rf"(?:れば|ければ|ば|たら)、?(?:{_THINKS}|幸い(?:です|に存じます)|幸甚(?:です|に存じます)|"
    rf"ありがたく存じます|うれしく思います|嬉しく思います)"
)
# What the writer works on, or came to know; never the application.
_WORKS = (
    r"(?:[をにで]|から)、?(?:携わっ|取り組ん|進め|推進し|従事し|担当し|担っ|所管し|学ん|模索し|運用し|"
    r"推し進め|"
    r"受け持っ|務め)[てで](?:(?:い|おり)ます|いるところです)"
    r"|を、?(?:担当|所管)する(?:こと(?:に|と)なりました|立場です)|[をに]、?(?:担当|配属)になりました|"
    r"(?:興味|関心)を持ちました|感銘を受けました"
    r"|に(?:大変|とても|強い)?(?:興味|関心)(?:が(?:あり|ござい)ます|を持って(?:い|おり)ます)"
    r"|(?:を|の)(?:模索|勉強|研究)(?:中|している(?:ところ|最中))です"
)
_AWAITS = (
    r"(?:交流|意見交換|情報交換|学べる|共有|つながれる|知り合える)(?:できる|する)?(?:こと|"
    r"の)?を、?(?:心より|大変)?楽しみにして(?:い|おり)ます"
    r"|(?<=[きりけしい]、)(?:申請|応募)することと(?:(?:いた|致)?し)ました"
)
_OF_APPLYING = compile_later(
    r"件(?![数費])|案件|事案|申請|参加|入会|手続|調整|準備|手配|相談|交渉|打診|登録|加入|応募|試行|内部|審査|招待"
)
_AIM = compile_later(rf"(?P<said>.*?)(?:{_WISH}|{_HOPE}|{_AWAITS}|(?P<works>{_WORKS}))")
# Objects of what an office considers, lacks or changes: none is the application.
_NEUTRAL = compile_later(
    r"間もない|まだ(?=[^、。]{0,6}(?:浅|少な|慣れ|不慣れ))|(?<=いる)ところで|見直し(?=$|[をにの])|"
    r"(?<=たいと)考えて(?:い|おり)|ご?意見(?=を)|(?<=が)限られる?(?:中)?|"
    r"(?:相談(?:できる)?)(?:先|相手|同僚)が(?:少なく|"
    r"おらず|いない)|"
    r"(?:導入|活用|整備|更新|移行|見直し|策定|運用|採用|構築|実施)(?:の(?:在り方|"
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
)


def is_aim(sentence: str) -> bool:
    """Return whether a folded sentence without blanks only says what its writer does or wants to learn."""
    found = _AIM.fullmatch(sentence) if len(sentence) <= _LONGEST else None
    if found is None or not found["said"]:
        return False
    said = _NEUTRAL.sub("・", found["said"])
    kinds = (LIMITING, OF_ANOTHER, FOR_ANOTHER, INVENTED, _OTHER, _DENIED, _IN_ROLE)
    if found["works"] and _OF_APPLYING.search(said) is not None:
        return False
    names = (found["name"] for found in _SUBJECT.finditer(said))
    return not any(kind.search(said) for kind in kinds) and not any(map(is_somebody, names))


# 守らずとも, 読まないで: any verb that is denied.
_DENIED = compile_later(
    r"[ぁ-ん一-鿿](?:ず(?=に|と|、|$)|ない(?=で|ま|う|$|と)|なく(?=て|と|、|$)|ぬ(?=ま|う))"
)
# オブザーバーとして, 佐々木の分として: as somebody else, or in another way than an applicant takes part.
_IN_ROLE = compile_later(
    r"(?<!課)(?<!部)(?<!局)(?<!室)(?<!係)(?<![市町村県庁所館院校署])(?<!部門)(?<!担当)(?<!職員)(?<!担当者)(?<!立場)(?<!窓口)"
    r"(?<!自治体)(?<!団体)(?<!組織)(?<!一環)(?<!参考)(?<!課題)(?<!業務)として|(?<!業)名で|見学者|別(?:団体|部署|組織)|の分(?:として|で)"
)
_SUBJECT = compile_later(r"(?:^|[、のは])(?P<name>[一-鿿々]{1,4})(?:さん|氏|君|くん)?(?:が|は|も|に)")


_LONGEST = 160
