"""What a writer is in charge of, what their office does or plans, and what they gained from something.

The predicate is of the present and from a closed set, as everything about the application is not; what it is
about may be called anything, but never the application, the rules, another person or a condition.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.letter.aims import APPLIED
from gateway.admission.application.consent.below.letter.bounds import is_unlimited, speaks_of_applying
from gateway.admission.application.consent.below.lexicon import any_of
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
    r"(?:行っ|携わっ|担っ|受け持っ|目指し|図っ|進め|努め|務め|勤め|手がけ|手掛け|始め)て|取り組んで"
)
_DOES = rf"[をにでの]、?(?:{_TE})(?:(?:い|おり)ます|いるところです)"
_PLANS = (
    r"を、?(?:開催|導入|実施|運用|整備|移行|更新|構築|策定|公開|開始|開設)(?:する|の|を)?(?:予定|計画)"
    r"(?:です|(?:し)?て(?:い|おり)ます|が(?:あり|ござい)ます)"
)
_GAINED = (
    r"(?:大変|とても|非常に|たいへん)?(?:勉強|参考|励み)に(?:なりました|なって(?:い|おり)ます)|"
    r"の?(?:参考|励み|糧)[にと](?:(?:いた|致)?し|させて(?:いただ|頂)き)ます|"
    r"(?:向上|充実|推進|改善|解決|普及|発展)に(?:努め|励み|取り組み|つなげ|役立て|活かし|生かし)(?:て(?:いき|まいり|参り))?ます"
)
_DRAWN = (
    r"(?:興味|関心|魅力|意義|必要性|可能性)(?:が(?:あり|ござい)|を(?:持ち|抱き|覚え|感じ)|に(?:惹|引)かれ)(?:まして)?、?"
    rf"(?:{APPLIED})"
)
_DUTY = compile_later(rf"(?P<said>.*?)(?:(?P<does>{_DOES}|{_PLANS})|{_GAINED}|{_DRAWN})")
_AHEAD = compile_later(r"^(?:なお、|また、)?来(?:年度?|[春秋夏冬]|月)(?:に|は|には|の)?、?")
# 前任の佐藤に代わり、4月から担当しています, 前任者の異動に伴い、私が担当となりました.
_SUCCEEDS = compile_later(
    r"(?:なお、|また、)?前任(?:者)?(?:の[^、。はがを]{1,8}?)?"
    r"(?:に代わ(?:り|って|りまして)|の(?:人事)?(?:異動|退職|転出|休職|産休|育休|転任|昇任)(?:に(?:伴い|より|ともない)|のため))、?"
    r"(?:(?:(?:この|昨年|今年)?(?:[0-9一二三四五六七八九十]{1,2}月|今月|先月|今年度?|昨年度?|本年度?|年度当初|春|秋)(?:[0-9]{1,2}日)?(?:から|より|付け?で|に)?)、?)?"
    r"(?:(?:私|当方)が)?、?(?:(?:業務|事務|仕事|[一-鿿ァ-ヺー]{1,12})を|後任として|[一-鿿ァ-ヺー]{1,12}に)?、?"
    r"(?:(?:担当|従事)(?:(?:いた|致)?して|することに)(?:い|おり|なり)ま(?:す|した)|"
    r"(?:担当|後任)(?:に|と)なりました|(?:着任|配属|赴任)(?:(?:いた|致)?し|され)ました|引き?継ぎました)"
)
_LONGEST = 160


def is_duty(sentence: str) -> bool:
    """Return whether a folded sentence without blanks only says what its writer or their office does."""
    if len(sentence) > _LONGEST:
        return False
    if _SUCCEEDS.fullmatch(sentence) is not None:
        return True
    found = _DUTY.fullmatch(_AHEAD.sub("", sentence))
    if found is None or not found["said"] or not is_unlimited(found["said"]):
        return False
    return not (found["does"] and speaks_of_applying(found["said"]))
