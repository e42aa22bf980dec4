"""The closed kinds of questions that natural words send to an applicant.

Each sentence names a part of the application and ends as one asks for it, or tells what is wrong with such a
part. What a colleague is asked, and a remark on the applicant, names none or ends otherwise.
"""

from __future__ import annotations

import re

from gateway.admission.replies.grammar.beside.questions import asks_applicant
from gateway.admission.replies.grammar.beside.terms import SNIPPET
from gateway.admission.replies.text.sentences import fold_compact, fold_phrase

# The parts of an application, and what belongs to them.
_PART = (
    r"(?:氏名|名称|お?名前|姓名|名字|ふりがな|フリガナ|ローマ字|漢字|団体|組織|機関|法人|所属|部署|部課|課名|係名|課・係|何課|部名|職名|職種|役職|肩書"
    r"|業務|職務|仕事|(?:メール)?アドレス|電話|内線|連絡先|住所|在籍|在職|勤務|勤め|雇用|任用|常勤|出向|派遣|兼務|身分|職員(?:証|番号)"
    r"|証明|添付の\d枚目|添付書類|申請書|申請内容|記載|記入|同意|目的|理由|利用|区分|コード|申し?込み)"
)
_HAS_PART = re.compile(_PART)
# How a question to the applicant ends; いいですか, 必要ですか and 聞きましたか are asked of a colleague.
_END = re.compile(
    r"(?:(?<!いい)(?<!良い)(?<!よい)(?<!必要)(?<!要)(?<!大丈夫)(?<!対象)です|でしょう|(?:(?<!聞い)(?<!尋ね)て|で)い(?:らっしゃい)?ます"
    r"|(?:ありま|ございま|おりま)(?:す|せん)|(?:いただけ|頂け|もらえ|願え)(?:ます|ません)(?:でしょう)?|でよろし(?:い|かった)(?:です|でしょう))か[?？]?"
    r"|は[?？]|[?？]"
)
_ENDS = re.compile(rf"(?:{_END.pattern})$")
_ASIDE = re.compile(r"聞い|聞き|尋ね|文面|照会文|別紙|添付|審査|権限|担当者?は誰|前任|当方で")
# What is wrong with a part, and what leads to the questions.
_TELLS = re.compile(
    rf"(?:(?:申請書|申請|ご?申請内容)の)?{_PART}[^、。はが]{{0,10}}[はが](?!.*(?:疑|怪|嘘|偽|不審|言われ|聞))[^、。]{{1,24}}"
    r"(?:です|でした|ので|ますが?|ません(?:でした)?|ました|いた|ない|空欄|不明|未記入)"
)
_LEADS = re.compile(
    r"(?:質問|照会事項|お?尋ねしたいこと)は?(?:次|以下|下記)の(?:とおり|通り)です|(?:承認の前に|念のため)?、?(?:の)?(?:ご)?確認です|(?:お)?急ぎ(?:では(?:あり)?)?ません"
    r"|(?:お手数|恐れ入り)[^、。]{0,10}"
)
_ITEM = re.compile(r"^[\W_]*(?:\d{1,2}[.)．、:]?)?\s*")
_SENTENCE = re.compile(r"[^。?？!！\n]+[?？]?")
_JOINED = 4


def is_asked(note: str) -> bool:
    """Whether every sentence of a question, which a line break may have torn, is of a known kind."""
    parts = [found.group().strip() for found in _SENTENCE.finditer(note)]
    parts = [each for each in parts if fold_compact(each)]
    at = 0
    while at < len(parts):
        reach = next((n for n in range(1, _JOINED + 1) if _is_known("".join(parts[at : at + n]))), 0)
        if not reach:
            return False
        at += reach
    return True


def _is_known(sentence: str) -> bool:
    folded = fold_phrase(sentence)
    said = _ITEM.sub("", "".join(folded.split()))
    if folded.isascii() or SNIPPET.fullmatch(said):
        return asks_applicant(sentence)
    if _LEADS.fullmatch(said) or _TELLS.fullmatch(said):
        return True
    if _HAS_PART.search(said) is None or _ASIDE.search(said) is not None:
        return False
    if said.endswith(("か", "?", "？")):
        return _ENDS.search(said) is not None
    return asks_applicant(said)
