"""What an applicant wants to take part for: …について学びたいと考えております, …を参考にできればと存じます.

The sentence ends in a wish to learn, to exchange or to use, which is no decision about the application. What
is before it may be about anything but the answer, the rules, another person or time; it denies nothing.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.letter.bounds import is_unlimited
from gateway.admission.application.consent.below.lexicon import any_of
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
    深め 高め 広げ 図り 目指し 向上させ 充実させ 推進し お借りし 拝見し 参照し 紹介し 意見を交わし
    話し合い ご紹介し 交換し 出し合い 学び合い 高め合い 磨き 身に付け 身につけ 発信し 提供し 貢献し 比較し
    蓄積し 聴き
    """
)
_LET_ME = any_of(
    """
    学ば 勉強さ 参考にさ 参考とさ 活用さ 役立てさ 伺わ 聞か 聴か 拝聴さ 交流さ 共有さ 情報交換さ 意見交換さ
    吸収さ 勉強をさ 交流をさ 共有をさ 情報交換をさ 意見交換をさ ご一緒さ 拝見さ 紹介さ ご紹介さ
    """
)
_TOLD = r"(?:教えて|ご教示|ご教授|ご指導|助言|ご助言|お知恵を|知恵を貸して|聞かせて|お聞かせ|お教え)"
_COULD = (
    r"(?:意見交換|情報交換|情報共有|情報収集|交流|共有|吸収|活用|相談し合|参考に|お借り|お聞き|お伺い|"
    r"勉強|把握|交換|紹介|提供|貢献|発信|ご一緒|お話|比較)"
)
_THINKS = (
    r"と(?:考え|思い|存じ|願い)ま(?:す|した)|と(?:考えて|思って|願って|存じて)(?:い|おり)ます|です|"
    r"と(?:考え|思)(?:い|って)の(?:申請|応募)です|と(?:考えて|思って)(?:いる|おる)(?:ところ|次第)です"
)
APPLIED = (
    r"と?(?:思い|考え|存じ)?、?(?:(?:参加を|この度|このたび)?(?:申請|申し?込み?|応募)を?(?:(?:いた|"
    r"致)?し|させて(?:いただ|頂)き)?ま(?:す|した)|(?:申請|応募)するものです|"
    r"(?:参加|入会|加入)を希望(?:(?:いた|致)?しま(?:す|した)|して(?:い|おり)ます))"
)
_WISH = (
    rf"(?:(?:{_LEARN})(?:て(?:いき|まいり|参り))?|(?:(?<=ヒントを)|(?<=ノウハウを)|(?<=知見を)|(?<=情報を)|(?<=知識を)|"
    rf"(?<=示唆を))得|(?<=[りしいきみ]、)(?:ぜひ|是非)、?参加し|(?:{_LET_ME})せて(?:いただ|頂)き|"
    rf"{_TOLD}(?:いただ|頂)き)(?:たい(?:{_THINKS}|"
    rf"{APPLIED})|たく、?(?:存じます|思います|{APPLIED}))"
)
_HOPE = (
    rf"(?:{_COULD}(?:が|も)?(?:でき)?|(?:{_LET_ME})せて(?:いただけ)?|{_TOLD}(?:いただけ)?|伺え|学べ|"
    rf"聞け|知れ|得られ|活かせ|生かせ|役立てられ|つながれ|深められ|"
    rf"(?:学ん|取り組ん)でいけ|(?:深め|高め|広げ|進め|活かし|生かし|共有し)て(?:いけ|まいれ)|"
    rf"高め合え|学び合え|話し合え|出し合え|お?役に立て|見つけられ|見つかれ|力になれ|(?<=を)(?:持て|持ち合え|見つけられ|築け))"
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
_AIM = compile_later(rf"(?P<said>.*?)(?:{_WISH}|{_HOPE}|{_AWAITS}|(?P<works>{_WORKS}))")


def is_aim(sentence: str) -> bool:
    """Return whether a folded sentence without blanks only says what its writer does or wants to learn."""
    found = _AIM.fullmatch(sentence) if len(sentence) <= _LONGEST else None
    if found is None or not (said := found["said"]):
        return False
    asks_whether = _WHETHER.search(said) is not None and _WHICH.search(said) is None
    return not asks_whether and is_unlimited(said, is_work=bool(found["works"]))


# いまも生きているか知りたく: whether something is so, and not how others do it.
_WHETHER = compile_later(r"[ぁ-ん]か(?:を|について|も)?、?$")
_WHICH = compile_later(r"何|なに|ど[のうれこん]|いか(?:に|な|が)|いつ|いくつ|誰|なぜ")
_LONGEST = 160
