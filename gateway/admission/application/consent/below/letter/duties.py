"""What a writer is in charge of, what their office does or plans, and what they gained from something.

The predicate is of the present and from a closed set, as everything about the application is not; what it is
about may be called anything, but never the application, the rules, another person or a condition.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.letter.aims import APPLIED
from gateway.admission.application.consent.below.letter.bounds import is_unlimited
from gateway.admission.application.consent.below.lexicon import SIGNS_EN, any_of
from gateway.patterns import compile_later

# What an office does; none of these is done to an application.
_TASK = any_of(
    """
    担当 兼務 兼任 所管 所掌 運営 管理 運用 推進 展開 実施 開催 開発 整備 導入 活用 支援 企画 発行 提供 編集
    研究 設置 構築 改修 公開 発信 従事 勤務 所属 模索 苦労 分析 普及 促進 啓発 保守 更新
    """
)
_TE = (
    rf"(?:{_TASK})(?:を)?(?:し|(?:いた|致)し|行っ|させて(?:いただ|頂)い)て|"
    r"(?:行っ|任され|携わっ|担っ|受け持っ|目指し|図っ|進め|努め|務め|勤め|手がけ|手掛け|始め)て|取り組んで"
)
_DOES = rf"[をにでの]、?(?:{_TE})(?:(?:い|おり)ます|いるところです)"
_PLANS = (
    r"を、?(?:開催|導入|実施|運用|整備|移行|更新|構築|策定|公開|開始|開設)(?:する|の|を)?(?:予定|計画)"
    r"(?:です|(?:し)?て(?:い|おり)ます|が(?:あり|ござい)ます)"
)
_GAINED = (
    r"(?:大変|とても|非常に|たいへん)?(?:勉強|参考|励み)に(?:なりました|なって(?:い|おり)ます)|"
    r"の?(?:参考|励み|糧)[にと](?:(?:いた|致)?し|させて(?:いただ|頂)き)ます|"
    r"(?:積極的|意欲的|熱心)に、?(?:参加|発言|交流|活動)(?:して(?:まいり|参り|いき)|(?:いた)?し)ます|"
    r"(?:向上|充実|推進|改善|解決|普及|発展)に(?:努め|励み|取り組み|つなげ|役立て|活かし|生かし)(?:て(?:いき|まいり|参り))?ます"
)
_DRAWN = (
    r"(?:興味|関心|魅力|意義|必要性|可能性)(?:が(?:あり|ござい)|を(?:持ち|抱き|覚え|感じ)|に(?:惹|引)かれ)(?:まして)?、?"
    rf"(?:{APPLIED})"
)
_SIZE = (
    r"(?:(?:私|当方|所属)の)?(?:[当本]?(?:課|係|室|部|市|町|村|部署|職場|団体)|職員数?|人口)は、?(?:約|わずか)?[0-9万千百]{1,8}[名人]"
    r"(?:体制|余り|ほど|程度)?(?:です|の小さな(?:課|係|室|市|町|村|部署|職場|団体)です|"
    r"で、?うち[0-9]{1,3}[名人]が[一-鿿ァ-ヺー]{1,10}担当です)"
)
_DUTY = compile_later(
    rf"(?P<said>.*?)(?:(?P<does>{_DOES}|{_PLANS})|(?<=.)(?:{_GAINED}|{_DRAWN}))|{_SIZE}|"
    r"(?:大変|とても|非常に)(?:勉強|参考|励み)になりました"
)
_AHEAD = compile_later(r"^(?:なお、|また、)?来(?:年度?|[春秋夏冬]|月)(?:に|は|には|の)?、?")
# 前任の佐藤に代わり、4月から担当しています, 前任者の異動に伴い、私が担当となりました.
_SUCCEEDS = compile_later(
    r"(?:なお、|また、)?(?:前任(?:者)?(?:の[^、。はがを]{1,8}?)?に代わ(?:り|って|りまして)|"
    r"(?:前任(?:者)?(?:の[^、。はがを]{1,8}?)?|先輩|前の担当(?:者)?)の(?:人事)?(?:異動|退職|転出|休職|産休|育休|転任|昇任)(?:に(?:伴い|より|ともない)|のため))、?"
    r"(?:(?:(?:この|昨年|今年)?(?:[0-9一二三四五六七八九十]{1,2}月|今月|先月|今年度?|昨年度?|本年度?|年度当初|春|秋)(?:[0-9]{1,2}日)?(?:から|より|付け?で|に)?)、?)?"
    r"(?:(?:私|当方)が)?、?(?:(?:業務|事務|仕事|[一-鿿ァ-ヺー]{1,12})を|後任として|[一-鿿ァ-ヺー]{1,12}に)?、?"
    r"(?:(?:担当|従事)(?:(?:いた|致)?して|することに)(?:い|おり|なり)ま(?:す|した)|"
    r"(?:担当|後任)(?:に|と)なりました|(?:着任|配属|赴任)(?:(?:いた|致)?し|され)ました|引き?継ぎました)"
)
_LEARN_EN = r"(?:learn|share|exchange|hear|know|see|find out|discuss|compare|improve|contribute|connect)"
_OFFICE_EN = (
    r"(?:office|city|town|village|prefecture|section|division|team|department|ministry|municipality|unit)"
)
_DO_EN = (
    r"run|manage|operate|lead|handle|oversee|maintain|look after|take care of|work (?:in|on|for|at|with)|"
    r"(?:am|are) (?:in charge of|responsible for|interested in|working (?:in|on|for|at|with))"
)
_DOES_EN = (
    r"runs|manages|operates|handles|oversees|maintains|works (?:on|with)|"
    r"is (?:interested in|working on|in charge of)"
)
_WISH_EN = rf"(?:want|wish|hope|would like|am keen|are keen|am hoping|are hoping) to {_LEARN_EN}"
# A noun phrase follows, not an adverb: I work for the city, but not I work against it.
_OBJECT_EN = (
    r"(?: (?:more|ideas|experiences?|knowledge|notes|views|lessons))?(?: (?:with|from|about|of|on|for))?"
    r" (?:the|our|my|a|an|its|how|what|where|other|others|colleagues|cities|towns|all|each|several|many|"
    r"local|public|open|data|digital|disaster)"
)
_DUTY_EN = compile_later(
    rf"(?:(?:i|we)(?: also| now| currently| mainly)? (?:{_DO_EN}|{_WISH_EN})|"
    rf"(?:my|our) {_OFFICE_EN}(?: also| now| currently| mainly)? (?:{_DOES_EN}|wants to {_LEARN_EN}))"
    rf"{_OBJECT_EN}\b[a-z0-9 ,'/&-]{{0,200}}[.!]?"
)
# The application, whose it is, and whatever makes it depend on something.
_OF_APPLYING_EN = """
    form forms rule rules terms member members membership memberships register registered registration
    enrol enroll enrolment delete deletion answer answers above below this behalf name names who whose
    against unable unsure sure mind minds first later before nothing nobody no again asked told when
    whether next soon why account accounts password passwords
"""
_APPLYING_EN = compile_later(
    rf"\b(?:{any_of(_OF_APPLYING_EN)}|(?<!look )after|(?:appl|invit|participat|remov|doubt|address)\w+|"
    r"(?:consent|agree|accept|join|sign|quit|leav)\w*|(?:read|see|know|discuss) (?:it|them|that))\b"
)
_LONGEST = 160


def is_duty(sentence: str) -> bool:
    """Return whether a folded sentence without blanks only says what its writer or their office does."""
    if len(sentence) > _LONGEST:
        return False
    if _SUCCEEDS.fullmatch(sentence) is not None:
        return True
    found = _DUTY.fullmatch(_AHEAD.sub("", sentence))
    return found is not None and is_unlimited(found["said"] or "", is_work=bool(found["does"]))


def is_duty_en(said: str) -> bool:
    """Return whether a folded English sentence only says what its writer or their office does."""
    if _DUTY_EN.fullmatch(said) is None:
        return False
    return SIGNS_EN.search(said) is None and _APPLYING_EN.search(said) is None
