"""Detects sentences that undo the last decision, or call it a mistake."""

from __future__ import annotations

from gateway.admission.replies.grammar import vocabulary as words
from gateway.admission.replies.grammar.parsing.units import Unit
from gateway.admission.replies.text.sentences import strip_decoration
from gateway.patterns import compile_later

_APOLOGY = (
    r"(?:(?:大変|誠に|どうも)?(?:申し訳(?:ありません|ございません)|すみません"
    r"|失礼(?:いた|致)?しました)(?:が)?)"
)
_LAST_WORD = (
    r"(?:(?:先ほど|さきほど|先程|さっき|今|いま)の?)?(?:送信|送付|返信|返答|回答|操作|判断|入力|承認"
    r"|許可|却下|不承認|照会|保留|メール|宛先|送信先|相手|案件|申請)?(?:の)?(?:を|は|が)?[、,]?"
)
_DID_WRONG = (
    r"(?:(?:間違い|誤り|手違い|ミス|誤送信|誤操作|誤返信)(?:です|でした)"
    r"|(?:間違え|まちがえ|誤り|取り違え)(?:ました|てしまいました|ていました)"
    r"|(?:間違えて|まちがえて|誤って)(?:送信|送付|返信|回答|操作|承認|却下)?(?:を)?(?:しました"
    r"|してしまいました"
    r"|送りました|送ってしまいました))"
)
_MISTAKE = compile_later(rf"(?:{_APOLOGY}[、,]?)?{_LAST_WORD}{_DID_WRONG}|{_APOLOGY}")
_MISTAKE_EN = compile_later(
    r"(?:sorry,? )?(?:(?:(?:it|that|this|the (?:approval|decision|mail)) was )?(?:a |my |by )?mistake"
    r"|i (?:made a mistake|(?:sent|approved|did) (?:it|that|this) by mistake))"
)


def is_mistake(unit: Unit) -> bool:
    """Return whether a sentence says that the last decision was a mistake, which is a reason to undo it."""
    bare = strip_decoration(unit.sentence.bare)
    spaced = strip_decoration(unit.sentence.spaced)
    is_whole = not (
        unit.sentence.is_question or unit.sentence.is_hesitant or unit.line.label or unit.line.wrapped
    )
    return is_whole and bool(_MISTAKE.fullmatch(bare) or _MISTAKE_EN.fullmatch(spaced))


def takes_back(unit: Unit) -> bool:
    """Return whether a sentence is, or may be meant as, an undo."""
    if unit.match is not None:
        return unit.match.decision == "undo"
    return unit.is_unknown and "undo" in words.find_stems(unit.sentence.bare + " " + unit.sentence.spaced)
