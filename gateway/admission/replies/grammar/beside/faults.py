"""Negated faults, which are no reason for a refusal: 満員ではありません, not unknown.

A fault is recognised by the characters used in such words (未 不 無 違 超), not by a list of faults. A
sentence with a double negation, or that negates what speaks against an applicant, negates a fault too.
"""

from __future__ import annotations

from gateway.admission.replies.grammar.beside import terms
from gateway.patterns import compile_later

_SIGNS = "未不無非違反過超越欠漏誤偽虚嘘禁除遅疑悪障罪犯抵逸失滞落争別異難"
_OUTSIDERS = (
    r"民間|企業|会社|営業|広告|宣伝|報道|記者|議員|学生|個人(?!番号)|委託|派遣|業者|住民|市民|携帯"
    r"|フリーメール"
)
_FAULT = compile_later(
    rf"[{_SIGNS}]|取り?下げ|満員|定員|満杯|問題|支障|退職|離職|出向|異動|外(?!国|務|字|出)|空欄|重複|二重"
    rf"|[断拒]|{_OUTSIDERS}"
)
# People who may not join, as the topic of a negated merit: 学生は対象ではありません.
_MERIT = compile_later(r"^.*は(?=(?:参加|申請)?の?(?:対象|資格|要件|条件|範囲|基準|公務員|職員|該当))")
# A rule of the desk negates no fault: フリーメールは受け付けていません.
_RULE = compile_later(r"(?:受け付け|認め|対象とし|想定し|招待し)て(?:い|おり)$")
_DENIAL = compile_later(
    r"(?:ませんでした|ません|なかった|ない|なく|なし|ず(?=$|、|に))(?!ければ|と(?:いけ|なり))"
)
# 定員を満たさない and 不備が直っていません state a fault.
_REMAINS = compile_later(r"(?:直|直さ|解消|改善|修正|訂正|補正)[^、]{0,6}$")
_NOMINAL = compile_later(r"(?P<what>[^、はがもを]{1,20})(?:では|じゃ|で|とは)(?:あり|ござい|な)")
_CLAUSES = compile_later(r"ても|(?<=の)ため|でも|[、,。]|(?<=[すたん])が(?=、)|(?<=した)ところ")
_NOT_EN = compile_later(
    r"\b(?:not|never|no|isn't|wasn't|hasn't|haven't|without|nothing)\b(?P<what>[^,;]{0,40})"
)
_FAULT_EN = compile_later(
    r"\b(?:un(?!i|der|til|less)\w{3,}|in(?:eligible|valid|complete|correct|sufficient|appropriate)"
    r"|dis\w{4,}|mis\w{3,}"
    r"|non-?\w{3,}|left|leave|retired?|resigned?|false|fake|wrong|duplicat\w+|expired|outside"
    r"|defects?|errors?"
    r"|issues?|problems?|violat\w+)\b"
)


def denies_fault(text: str) -> bool:
    """Return whether folded text (Japanese without spaces) negates something that speaks against somebody."""
    if text.isascii():
        return any(_is_fault_en(found["what"]) for found in _NOT_EN.finditer(text))
    return any(map(_denies, _CLAUSES.split(text)))


def _denies(clause: str) -> bool:
    denials = list(_DENIAL.finditer(clause))
    if not denials:
        return False
    before = _MERIT.sub("", clause[: denials[-1].start()])
    nominal = _NOMINAL.search(before + denials[-1].group())
    is_against = nominal is not None and terms.AGAINST.search(nominal["what"]) is not None
    if _RULE.search(before):
        return False
    return is_against or len(denials) > 1 or (bool(_FAULT.search(before)) and not _REMAINS.search(before))


def _is_fault_en(what: str) -> bool:
    return _FAULT_EN.search(what) is not None or terms.AGAINST.search(what) is not None
