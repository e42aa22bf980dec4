"""Urgency of a request: how soon, and for what, an answer is needed; every word is from a closed set."""

from __future__ import annotations

from gateway.admission.application.consent.below.lexicon import any_of
from gateway.patterns import compile_later

_DATE = r"[0-9]{1,2}月(?:[0-9]{1,2}日|上旬|中旬|下旬|末|中)?|[0-9]{1,2}日|[0-9]{1,2}時"
_AFFAIRS = any_of(
    """
    会議 勉強会 研修 研修会 イベント 説明会 打合せ 打ち合わせ 議会 訓練 防災訓練 出張 休職 産休 育休
    育児休業 休暇 異動 人事異動 転勤 退職 年度末 年度内 年内 月内 月末 年末 業務 仕事 事業 不在 外勤
    在宅勤務 テレワーク 交流会 セミナー 講演会 オンライン 庁内 課内 県 市 町 村 来週 来月 今週 今月 来年
    来年度 今年度 本年度 明日 明後日 本日 週明け 春 に の で は が から まで より へ を も こちら 予定 する
    の予定 資料 準備 の準備 次回 次 中 情報 情報収集 災害対応
    """
)
_REASON_END = compile_later(
    r"(?:(?:使い|利用し|参加し|始め|使い始め|利用を開始し|開始し|間に合わせ|受け|出席し|活用し)たい"
    r"|がある|を控えている"
    r"|(?:予定|休暇|出張|不在|異動|退職|研修|会議|議会)(?:なの|な)?|始まる|開かれる|入る|する|になる"
    r"|となる|が近い|が迫っている)?"
    r"(?:(?<!ない)(?:ため|ので|につき))、?"
)
_REASON = compile_later(rf"{_DATE}|{_AFFAIRS}|、")
_WHEN = (
    rf"(?:それまでに|(?:{_DATE}|来週中?|今週中?|今月中?|年内|月内|年度内|明日中?|本日中)(?:まで)?に?、?"
    r"|(?:なるべく|できるだけ|できれば|出来れば|可能であれば|大変)、?|お?早めに?|早く|早急に?|至急"
    r"|お?急ぎで?|速やかに|の?)"
)
_WHAT = (
    r"(?:(?:ご|お)?(?:招待(?:メール|状)?|手続き?|対応|連絡|登録|処理|返信|返事|審査|確認)(?:を"
    r"|の(?:ほど|程)、?)?(?:して|進めて)?、?)"
)
_WISH = (
    r"(?:(?:いただ|頂)(?:けると|けますと|ければ)|もらえると|(?:お願い)?できると)(?:大変)?(?:助かり|幸いで"
    r"|ありがたいで|うれしいで|嬉しいで)(?:ます|す)"
    r"|(?:(?:いただ|頂)け|もらえ)(?:ます|ない)(?:でしょう)?か|(?:どうぞ)?(?:よろしく"
    r"|宜しく)?(?:を)?お願い(?:(?:いた|致)?し)?(?:ます|申し上げます)"
    r"|(?:よろしく|宜しく)?お願いできます(?:と(?:助かります|幸いです)|でしょうか|か)|(?:くだ|下)さい"
)
_WANTED = compile_later(rf"{_WHEN}{{1,4}}{_WHAT}?{_WHEN}{{0,2}}、?(?:{_WISH})")
_NO_HASTE = compile_later(
    r"(?:ご?(?:返信|返事|連絡|手続き?|招待)は、?)?(?:お?急ぎでは(?:ありません|ございません)|(?:特に)?急いで(?:は)?(?:いません|おりません)"
    r"|急ぎません)(?:ので、?(?:よろしくお願い(?:いた|致)?します)?)?"
)
_LONGEST = 120


def is_haste(sentence: str) -> bool:
    """Return whether a folded sentence without blanks says how soon something is needed.

    Example: 早めにお願いします.
    """
    if len(sentence) > _LONGEST:
        return False
    wanted = sentence[_read_reason(sentence) :]
    return _WANTED.fullmatch(wanted) is not None or _NO_HASTE.fullmatch(sentence) is not None


def _read_reason(sentence: str) -> int:
    """Return the end of the reason at the beginning of a sentence; 0 if there is none."""
    at = 0
    while (end := _REASON_END.match(sentence, at)) is None:
        if (word := _REASON.match(sentence, at)) is None:
            return 0
        at = word.end()
    return end.end()
