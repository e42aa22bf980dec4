"""A wrong choice put right on its own line: 同意しない → 同意する（選択を誤りました）.

Both choices are plain, and beside them is only said that the first one was a mistake.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.lexicon import any_of, read_on
from gateway.admission.application.items.fields import Consent
from gateway.patterns import compile_later

_YES = r"同意(?:する|(?:いた|致)?します)?|はい|yes|i agree|agree"
_NO = (
    r"同意(?:しない|(?:いた|致)?しません|できない|できません)|不同意|いいえ|no"
    r"|(?:i )?(?:do not|don't) agree|disagree"
)
_QUOTE = r"[「『\"']?"
_UNQUOTE = r"[」』\"']?"
_WRONG = r"(?:(?:選択|記入|入力|記載)?(?:の)?(?:誤り|間違い|誤記|ミス)|誤)"
_ARROW = r" ?(?:→|⇒|➡|->|=>|>>) ?"
_RIGHT = r"(?:正しくは|正)[はが]?[)】:、]{0,2} ?"
_INSTEAD = (
    rf"{_ARROW}(?:{_RIGHT}|訂正:? ?)?|[ 、,/]{{0,2}}[(【]?{_RIGHT}"
    rf"|(?:は|、| )?[ (]{{0,2}}{_WRONG}(?:です|でした|で)?[。、,;: ]{{0,2}}(?:{_RIGHT})?"
    r"|ではなく(?:て)?[、, ]{0,2}"
)
_CORRECTED = compile_later(
    rf"(?:(?P<struck>~~) ?|[(【]?{_WRONG}[)】:] ?)?"
    rf"{_QUOTE}(?P<was>{_NO}|{_YES}){_UNQUOTE}(?(struck) ?~~ ?(?:{_ARROW})?|(?:{_INSTEAD}))"
    rf"{_QUOTE}(?P<now>{_NO}|{_YES}){_UNQUOTE}(?P<note>(?![^(、。 で]).*)"
)
_IS_YES = compile_later(_YES)
# What is said of the first choice.
_NOTE = compile_later(
    any_of(
        """
        選択 選択肢 選ぶ もの 記入 入力 記載 回答 チェック 欄 先ほど 最初 前 の を が は に で も と こちら
        誤り 誤って 間違い 間違え 間違って ミス し しまい まし た です でした ます のため ため ので による
        訂正 いたし 致し 済み 正しい 正しく 正解 お詫び 失礼 すみません 申し訳 ありません ございません
        よろしく お願い 「 」 『 』 ( ) 。 、 : ! .
        """
    )
)
_OF_CHOICE = compile_later("選|記|入力|回答|チェック|訂正|正し")


def read_corrected(folded: str) -> Consent:
    """Return the second of two opposite choices of a folded answer, the first one being a mistake."""
    found = _CORRECTED.fullmatch(folded)
    if found is None or not _is_only_of_mistake(found["note"], found["now"]):
        return Consent.ABSENT
    was, now = (_IS_YES.fullmatch(found[side]) is not None for side in ("was", "now"))
    if was is now:
        return Consent.ABSENT
    return Consent.YES if now else Consent.NO


def _is_only_of_mistake(note: str, now: str) -> bool:
    """Return whether a note beside the second choice repeats it, or says that the first one was wrong."""
    said = "".join(note.split())
    bare = said.replace(f"「{now}」", "正しい").strip("()。、.!")
    if bare in {"", "です"}:
        return True
    return _OF_CHOICE.search(bare) is not None and read_on(_NOTE, bare) == len(bare)
