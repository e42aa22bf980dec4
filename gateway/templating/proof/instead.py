"""Explains what is wrong with a line of a template, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.templating.proof.answers import Answer

_SAID: Mapping[str, str] = {
    "consent": "consent to the rules",
    "withdrawal": "a withdrawal",
    "confirm": "a confirmation of the affiliation",
    "deny": "a denial of the affiliation",
    "code": "a decision word with the code",
}
# Each of these has the words but is not a reply, however it is broken: a test parses them all.
INSTEAD: Mapping[str, str] = {
    "approve": "  承認 (approve) … 招待の手続へ進みます",
    "decline": "  却下 (decline) … 「却下：理由」と書いた理由を、申請者に知らせます",
    "ask": "  照会 (ask) … 「照会：質問」のように書いた質問を、申請者に送ります",
    "hold": "  保留 (hold) … 「保留 12月1日」のように、書いた日まで止めます",
    "undo": "それまでは、このメールに「取消」と返信すれば元に戻せます。",
    "resend": "このメールに「再送」と返信すると、新しい招待を送ります。",
    "joined": "招待した人が参加したことを、記録しました。",
    "affiliated": "「在籍確認済」に続けて、かけた番号と話した相手を書き、返信してください。",
    "unknown": "「心当たりがない」とお答えください。それ以上はお送りしません。",
    "confirm": "「在籍を確認しました」とだけ書いたメールを、送っていただくようご依頼ください。",
    "deny": "このメールアドレスだけでは、どの団体の方か分かりませんでした。",
    "consent": "  利用規約：ご同意をいただいています",
    "withdrawal": "取り下げるときは、「取り下げます」と書いて返信してください。",
    "code": "  確認符号: (alone, between two lines without a decision word)",
}


def explain_answer(answer: Answer) -> str:
    """Explain how a line would be parsed, and what a mail program may leave of it."""
    said = _SAID.get(answer.says, f"the decision {answer.says!r}")
    left = " / ".join(answer.left.split("\n"))
    where = f", broken to {left!r}," if left != answer.line else ""
    return f"{answer.line!r}{where} alone in a reply would be parsed as {said}"
