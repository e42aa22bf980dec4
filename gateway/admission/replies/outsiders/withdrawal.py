"""An applicant withdraws the application: the entire own text, optionally with a reason."""

from __future__ import annotations

from gateway.admission.replies.context import NO_CONTEXT, ReplyContext
from gateway.admission.replies.outsiders.understanding import is_all_understood, is_shown, read_answer
from gateway.admission.replies.outsiders.why import BECAUSE, BECAUSE_EN, FOREWORD_EN, REASON, REASON_EN
from gateway.admission.replies.text import own_words
from gateway.patterns import compile_later

_TAKE = r"(?:取り?下げ|とりさげ)"
_GIVE_UP = r"(?:辞退|撤回|キャンセル)"
_END = (
    r"(?:ます|る|(?:を)?(?:(?:いた|致)?しま(?:す|した)|する)|(?:を)?させて(?:いただき|頂き)ます"
    r"|(?:を)?お願い(?:いた|致)?します|たいです|たいと思います|たく思います|(?:を)?したいです"
    r"|(?:を)?したいと思います|を?希望(?:いた|致)?します|てください|て下さい|です|でお願い(?:いた"
    r"|致)?します|(?:る|する)ことに(?:(?:いた|致)?しました|なりました))"
)
# The reason may be any short statement: without another matter or person (は, も), without a condition
# (もし, なら, とき), without a word of withdrawal.
_NOT_IN_WHY = r"(?!(?:もし|仮に|場合|とき|れば|たら|なら|取り?下げ|辞退|撤回|キャンセル))"
_WHY = (
    rf"(?:(?:{_NOT_IN_WHY}[^、,。?「」『』はも]){{1,30}}"
    r"(?:(?<!の申請の)(?<!別申請の)(?<!他申請の)(?<!件の)ため|(?<!の申請)(?<!件)により|ので|ことから"
    r"|都合で)[、,]?"
    # 田中の申請につき: about somebody else's application.
    r"|(?:人事)?(?:異動|退職|転職|転出|出向|休職|休業|都合|諸般の事情|事情|不要|重複|終了|誤り"
    r"|間違い)につき[、,]?)?"
)
_OPENING = (
    r"(?:そのため[、,]?|つきましては[、,]?|従って[、,]?|したがって[、,]?|よって[、,]?|(?:すみません"
    r"|申し訳(?:ありません|ございません))が?[、,]?|やはり[、,]?|今回は[、,]?|この(?:度|たび)(?:は)?[、,]?"
    r"|恐れ入りますが[、,]?|残念(?:ですが|ながら)[、,]?){0,3}"
)
_APPLICATION = (
    r"(?:(?:本|当|この|私の|先日の|先の)?(?:参加|招待|利用)?(?:の)?申請(?:の件|書)?(?:について|につきまして)?"
    r"(?:は|を|の)?|本件(?:は|を)?|参加(?:を|は))[、,]?"
)
# 辞退 and キャンセル have many uses: they count only with the application named, or alone.
_WITHDRAW = compile_later(
    rf"{_OPENING}(?:{_WHY}{_OPENING}{_APPLICATION}{_WHY}{_OPENING}(?:{_TAKE}|{_GIVE_UP}|取り?消し?){_END}?"
    rf"|{_WHY}{_OPENING}{_TAKE}{_END}?|{_OPENING}(?:{BECAUSE})?{_OPENING}{_GIVE_UP}{_END}?"
    rf"|{_OPENING}{BECAUSE}{_OPENING}(?:{_APPLICATION})?{_OPENING}{_TAKE}{_END}?"
    rf"|{_WHY}{_OPENING}{_APPLICATION}{_WHY}(?:やめます|やめたいです|取りやめます|中止(?:いた|致)?します))"
)
_JAPANESE = {
    "withdraw": _WITHDRAW,
    "reason": REASON,
    "sorry": compile_later(
        r"(?:お手数|ご迷惑)を?(?:お掛け|おかけ)(?:(?:いた|致)?し)(?:ました"
        r"|て(?:大変)?(?:申し訳(?:ありません|ございません)|すみません|恐縮です))"
        r"|(?:大変|誠に)?(?:申し訳(?:ありません|ございません)|恐縮です|恐れ入ります|すみません)(?:が)?"
    ),
}
_ENGLISH = {
    "withdraw": compile_later(
        rf"(?:{FOREWORD_EN})?(?:please )?(?:(?:i|we) |(?:i'd|we'd) like to )?"
        r"(?:hereby |(?:would like|want|wish|have decided) to )?"
        rf"(?:withdraw|cancel)(?: (?:it|this|(?:my|our|the|this) (?:application|request)))?(?:{BECAUSE_EN})?"
        r"|withdrawn|withdrawal"
    ),
    "reason": REASON_EN,
}


def is_withdrawal(text: str, context: ReplyContext = NO_CONTEXT, *, html_text: str = "") -> bool:
    """Return whether an applicant withdraws the application, and the own text contains nothing else."""
    grammar = (_JAPANESE, _ENGLISH)
    own = own_words.split(text, context.letter_lines, context.known_lines)
    units = read_answer(own, context, grammar)
    if any(unit.kind is not None and unit.kind.where == "approve" for unit in units):
        return False  # 招待をお願いします
    takes = any(unit.match is not None and unit.match.decision == "withdraw" for unit in units)
    return takes and is_all_understood(units, context) and is_shown(units, own, html_text, context, grammar)
