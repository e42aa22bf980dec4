"""An applicant's request about the own case: its status, the data held, a second look."""

from __future__ import annotations

from typing import Literal

from gateway.admission.replies.context import NO_CONTEXT, ReplyContext
from gateway.admission.replies.outsiders.understanding import is_all_understood, read_answer
from gateway.admission.replies.text import own_words
from gateway.patterns import compile_later

Inquiry = Literal["", "status", "held", "look"]
_MY = r"(?:(?:現在|いま|今)の)?(?:(?:本|私の|自分の|この|当該)?(?:参加)?(?:申請|手続き?|審査|本件|件)の)?"
_PLEASE = (
    r"(?:を|について)?(?:(?:お願い|希望|請求)(?:(?:いた|致)?します|申し上げます|したいです|する)"
    r"|(?:教え|知らせ|お知らせ|ご教示|ご連絡|確認し|見せ)(?:て)?"
    r"(?:ください(?:ませ)?|下さい|いただきたいです|いただけますと幸いです|願います)|(?:知り|確認し)たいです|願います)"
)
_STATUS = compile_later(rf"{_MY}(?:状況|進捗|進捗状況|進み具合)(?:の(?:確認|照会|お知らせ))?(?:{_PLEASE})?")
_LOOK = compile_later(
    r"(?:(?:本|私の|この)?(?:申請|件|判断|結果)(?:を|について|の))?"
    rf"(?:再検討|再審査|(?:再度|もう一度|改めて)(?:の)?(?:ご)?(?:検討|審査))(?:{_PLEASE}|して(?:ください|下さい))?"
)
_HELD = compile_later(
    r"(?:(?:私の|自分の|お預け(?:した)?|預けた|保有(?:している)?|登録(?:している|した|されている)?)){0,2}"
    rf"(?:個人情報|登録内容|保有個人情報)(?:の(?:開示|確認|照会))?(?:{_PLEASE})?"
)
_JAPANESE = {"status": _STATUS, "look": _LOOK, "held": _HELD}
_ENGLISH = {
    "status": compile_later(
        r"(?:(?:please )?tell me )?(?:the )?status(?: of (?:my|the) application)?(?: please)?"
    ),
    "look": compile_later(
        r"(?:please )?(?:(?:take )?a )?second look(?: please)?"
        r"|(?:please )?(?:review|look at) (?:it|my application) again"
    ),
    "held": compile_later(r"(?:please )?(?:show|tell) me (?:my data|what you hold about me)|my data"),
}
_GRAMMAR = (_JAPANESE, _ENGLISH)


def find_inquiry(text: str, context: ReplyContext = NO_CONTEXT) -> Inquiry:
    """Return the request in the own text; empty for none, for two, or if the text contains anything else.

    A second look may be requested with reasons; the staff read any other text in it.
    """
    own = own_words.split(text, context.letter_lines, context.known_lines)
    units = read_answer(own, context, _GRAMMAR)
    said = {unit.match.decision for unit in units if unit.match is not None}
    if said == {"look"}:
        return "look"
    if len(said) != 1 or not is_all_understood(units, context):
        return ""
    return "status" if said == {"status"} else "held"
