"""The closed set of questions that are sent to an applicant without the code.

Each sentence names a part of the application and ends like a request for it, or says what is wrong with it.
Questions to a colleague and remarks about the applicant name none, or end differently.
"""

from __future__ import annotations

from gateway.admission.replies.grammar.beside.questions import asks_applicant
from gateway.admission.replies.grammar.beside.terms import ELSEWHERE, SNIPPET
from gateway.admission.replies.text.sentences import fold_compact, fold_phrase
from gateway.patterns import compile_later

# The parts of an application, and what belongs to them.
_PART = (
    r"(?:氏名|名称|お?名前|姓名|名字|ふりがな|フリガナ|ローマ字|漢字|団体|組織|機関|法人|所属|部署|部課|課名|係名|課・係|何課|部名|職名|職種|役職|肩書"
    r"|業務|職務|仕事|(?:メール)?アドレス|電話|内線|連絡先|住所|在籍|在職|勤務|勤め|雇用|任用|常勤|出向|派遣|兼務|身分|職員(?:証|番号)"
    r"|証明|添付の\d枚目|添付書類|申請書|申請内容|記載|記入|同意|目的|理由|利用|区分|コード|申し?込み)"
)
_HAS_PART = compile_later(_PART)
# Endings of a question to the applicant; いいですか, 必要ですか and 聞きましたか are asked of a colleague.
_END = compile_later(
    r"(?:(?<!いい)(?<!良い)(?<!よい)(?<!必要)(?<!要)(?<!大丈夫)(?<!対象)です|でしょう|(?:(?<!聞い)(?<!尋ね)て|で)い(?:らっしゃい)?ます"
    r"|(?:ありま|ございま|おりま)(?:す|せん)|(?:いただけ|頂け|もらえ|願え)(?:ます|ません)(?:でしょう)?|でよろし(?:い|かった)(?:です|でしょう))か[?？]?"
    r"|は[?？]|[?？]"
)
_ENDS = compile_later(rf"(?:{_END.pattern})$")
_ASIDE = compile_later(
    r"聞い|聞き|尋ね|文面|照会文|別紙|添付|審査|権限|担当者?は誰|前任|当方で|偽|嘘|疑|怪|不審|べき|(?:ほう|方)が"
)
# Speaks of the applicant in the third person; 申請者の氏名をご記入ください is written to them.
_OF_APPLICANT = compile_later(
    r"(?:申請者|申込者|本人|当人)(?:の(?!.*(?:ご?記[入載]|お書き))|[にへはがも]|から|より)"
)
# What an applicant may be asked to do: tell, write, send or correct. All else is asked of a colleague.
_BEG = r"を?(?:もらえ|いただけ|頂け|くれ|ください|下さい|願え|いただきたい|頂きたい|ほしい|欲しい)"
_BEGS = compile_later(_BEG)
_GIVES = compile_later(
    r"(?:教え|知らせ|聞かせ|書|記入|記載|示|送|提出|添付|回答|返信|返答|説明|教示|連絡|確認|訂正|修正|補正|入力|明記|選|挙げ"
    rf"|取得|申請|同意|記し|転送|返送|付け|つけ)[^、。をはがに]{{0,8}}{_BEG}"
)
# What an applicant cannot judge: whether a part is good, true, or sufficient for the rules.
_JUDGES = compile_later(
    r"(?<!お)(?:問題|支障|疑義|見覚え|心当たり|面識|異論|異議)(?:は|が|も)?(?:な|あり|ござい)"
    r"|(?:妥当|適切|適当|有効|無効|正当|真正|本当|本物|事実|十分|確か)(?:です|でしょう|なの)"
    r"|(?:規約|基準|要件|資格|趣旨|条件|規程)(?:に|を)(?:合|沿|満た|適|照ら)"
    r"|ておいて|(?:に|へ)(?:連絡|電話|説明|報告)(?:を)?して"
)
# What is wrong with a part, and introductions to questions.
_TELLS = compile_later(
    rf"(?:(?:申請書|申請|ご?申請内容)の)?{_PART}[^、。はが]{{0,10}}[はが](?!.*(?:疑|怪|嘘|偽|不審|言われ|聞))[^、。]{{1,24}}"
    r"(?:です|でした|ので|ますが?|ません(?:でした)?|ました|いた|ない|空欄|不明|未記入)"
)
_LEADS = compile_later(
    r"(?:質問|照会事項|お?尋ねしたいこと)は?(?:次|以下|下記)の(?:とおり|通り)です|(?:承認の前に|念のため)?、?(?:の)?(?:ご)?確認です|(?:お)?急ぎ(?:では(?:あり)?)?ません"
    r"|(?:お手数|恐れ入り)[^、。]{0,10}"
)
_ITEM = compile_later(r"^[\W_]*(?:\d{1,2}[.)．、:]?)?\s*")
_SENTENCE = compile_later(r"[^。?？!！\n]+[?？]?")
_JOINED = 4


def is_asked(note: str) -> bool:
    """Return whether every sentence of a question is of a known kind; line breaks may have split it."""
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
    strange = (_ASIDE, _OF_APPLICANT, _JUDGES, ELSEWHERE)
    if _HAS_PART.search(said) is None or any(each.search(said) for each in strange):
        return False
    if _BEGS.search(said) and _GIVES.search(said) is None:
        return False
    if said.endswith(("か", "?", "？")):
        return _ENDS.search(said) is not None
    return asks_applicant(said)
