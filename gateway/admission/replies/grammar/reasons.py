"""Whether a text that stands beside a refusal, a question or a pause may go with it, or turns it.

Nobody is declined in doubt. Beside a refusal, what is written in the open must be about the application and
say how things are: a request, a plan or a guess is no reason. A question or a pause harms nobody, so there
only another decision, a question to us or a second thought turns it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gateway.admission.replies.context import Slots
from gateway.admission.replies.grammar import vocabulary as words
from gateway.admission.replies.grammar.names.offices import is_office
from gateway.admission.replies.grammar.names.people import SOMEBODY
from gateway.admission.replies.grammar.phrases import FINE, SORRY
from gateway.admission.replies.grammar.units import DecidingMatch, Unit
from gateway.admission.replies.sentences import fold_compact, fold_phrase, strip_decoration

LABEL = re.compile(
    r"\s*(?:(?:却下|照会|保留)の?)?(?:理由|事由|質問|内容|照会事項|reason|question)(?:\s?[:：]|は[、,])\s*",
    re.IGNORECASE,
)
# Second thoughts, in whatever stands beside a refusal, a question or a pause.
_DOUBT = re.compile(
    r"やっぱり|やはり|訂正|待って|お待ち|待機|間違え|間違いで|誤送信|誤って送|誤りで|取り違え|無視して"
    r"|忘れて|冗談|嘘で|テスト|試し|試験送信|練習|演習|ダミー|サンプル|下書き|草稿"
    r"|迷っ|迷い|迷う|悩ん|悩み|悩む|検討中|考え中|思案|自信がな|とは言え|とはいえ"
    r"|ではな(?:い|く)(?:$|[、。])|わけでは|つもりでは|べきでは|ないでください|しないで|なかったこと"
    r"|^[(]?(?:仮|案|予定|未定|未決定?|候補)[)]?$"
    r"|\bwait\b|\bactually\b|\bmistake\b|\bignore\b|\bdisregard\b|second thought|\bkidding\b"
    r"|\bjust a test\b|\bnot sure\b|\bunsure\b|\bdraft\b"
)
# Asked without a mark: doubt beside a refusal, what is wanted beside 照会.
_ASKS = re.compile(r"\?|かもしれ|(?:でしょう|ます|です|ません)か(?:$|[。?])|かな(?:$|[。ー~])")
# What supports an approval is no reason of a refusal.
_SORRY = re.compile(SORRY)
_SUPPORTS = re.compile(rf"{FINE}(?:の)?(?:ので|ため|から)?")

# What a refusal is about: the person, the body, the application, and what was found of them.
_ABOUT = re.compile(
    r"申請|申し?込|応募|所属|在籍|在職|勤務|勤め|職員|職場|団体|組織|機関|法人|企業|会社|民間|公務|官公庁"
    r"|自治体|行政|市町村|対象|該当|要件|資格|条件|基準|規約|規程|規定|ルール|範囲|趣旨|目的"
    r"|アドレス|ドメイン|フリーメール|記載|記入|内容|情報|書類|証明|氏名|名前|部署|部課|課名|電話|本人"
    r"|確認(?:が|は|を)?(?:でき|取れ|とれ|出来)|連絡|回答|返信|返事|期限|期日|重複|二重|既に|すでに|退職|異動|転出|出向|委託|派遣|個人(?!的)|学生"
    r"|大学|学校|不明|不足|不備|虚偽|空欄|名簿|定員|満員|利用|住民|議員|報道|営業|広告|理由|以下|下記|次の"
    r"|\b(?:organi[sz]ation|employ\w+|bod(?:y|ies)|government\w*|agenc(?:y|ies)|municipal\w*|offices?"
    r"|departments?|domains?|address\w*|affiliat\w+|applica\w+|eligib\w+|ineligible|contractors?|private"
    r"|compan(?:y|ies)|public|memberships?|requirements?|criteria|rules|documents?|details|duplicates?"
    r"|registered|retired|confirm\w*|verif\w+|information|scope|individuals?|reasons?)\b"
)
# The decision is not made, or the mail is not meant: what is to come, who decides, how sure the writer is.
_UNFINISHED = re.compile(
    r"まだ|未定|未確定|未決|仮の|仮に|仮で|仮決|素案|草案|別の(?:件|案件|申請|方|人|者)|後で|後日|追って|改めて|あらためて"
    r"|のちほど|後ほど|あとで|明日|明後日|来週|来月|いずれ|そのうち|決め|決ま|確定|結論|最終|相談|協議|考え|再考|見直"
    r"|検討|判断(?!基準|材料|でき)|任せ|委ね|一旦|いったん|とりあえず|取りあえず|ひとまず|寝か|先に|その前|それまで"
    r"|(?:確認|審査|調整|調査|照会|手続き?)中|いや[、,]|たぶん|多分|おそらく|恐らく|場合|なら(?!び|な)|れば|もし"
    r"|ただし|但し|余地|可能性|気がし|うそ|ウソ|操作|動作|本番|今の|さっき|先ほど|先程|このメール|本メール|送り|送って"
    r"|(?:見|読ん|調べ|(?:確認|審査|調査|把握)し)[てで]は?(?:い|お)(?:ません|ない|らず|りません)"
    r"|\b(?:will|would|should|might|may|must|let|going to|want|need|think|guess|maybe|perhaps|probably"
    r"|tomorrow|later|yet|first|before|until|if|unless|but|tentative\w*|provisional\w*|final|pending|test\w*"
    r"|practice|jok\w+|wrong|oops|sorry|instead|undecided|reconsider\w*|discuss\w*|check|checking|mean|meant"
    r"|back)\b|'ll\b"
)
# How a sentence ends that says how things are; any other verb in the present says what somebody will do.
_STATE = re.compile(
    r".*(?:(?:あり|ござい|[てでがはに]い|おり|なり|でき|かね|より|異なり|違い|当たり|該当し|反し|欠け|含み|含まれ)ます"
    r"|ある|[てでがはに]いる|おる|なる|よる|異なる|当たる|反する|該当する|過ぎる|違う)"
)
_PLAN = re.compile(
    r".*(?:ます|[うくぐつぬぶむる]|(?<!で)す|ください|下さい|(?:ほしい|欲しい|たい|お願い)(?:です)?|ましょう|だろう"
    r"|(?:らしい|そう|よう|はず|つもり|予定|見込み|方向|方針)(?:です)?|[かがてけ]ど?|かな|けれども|のに)"
)
# The one thing that a refusal asks of the applicant.
_APPLY_AGAIN = re.compile(
    r".*(?:(?:ご|お)?(?:申請|申し?込み?|応募)(?:を)?(?:して|いただきますよう)?、?|ご(?:了承|理解|容赦|覧)(?:のほど|の程|を)?、?)"
    r"(?:ください|下さい|(?:よろしく|宜しく)?お願い(?:いた|致)?します|お願い申し上げます)"
    r"|please (?:re-?)?apply\b.*"
)


def find_turned(units: Sequence[Unit], match: DecidingMatch, slots: Slots) -> list[Unit]:
    """The units beside a refusal, a question or a pause that turn it."""
    return [
        unit
        for unit, behind_label, signed in _place(units)
        if _turns(unit, match, behind_label, signed) or _is_about_another(unit, match, behind_label, slots)
    ]


# Another application, person or time: what is told of it is no reason for this one.
_ELSEWHERE = re.compile(
    r"前回|前の|以前|過去|昨年|去年|昨年度|前年|昨日|一昨日|先日|先週|先月|当時|以後|今後|次回|別の|別件|他の|ほかの"
    r"|隣の|もう[一1](?:人|件|方|名)|(?:一|1)件目|(?:二|2)件目|もう片方"
    r"|\b(?:last (?:time|year|month|week)|previous(?:ly)?|another|other|the first|next time|yesterday)\b"
)
_WHOSE = re.compile(r"(?P<who>[^、。,はがもの]{1,20}?)(?:様|さん|さま|氏|殿)")
_WHICH = re.compile(
    r"(?P<who>[^、。,はがも]{1,20})の(?:参加)?(?:申請|申込み?|件|案件|分)(?:は|が|も|については)"
)
_THIS = r"(?:本|当|当該|この|こちら|今回|今般|上記|標記|下記|ご?依頼|申請者|本人|同|提出|参加)"


def _is_about_another(unit: Unit, match: DecidingMatch, behind_label: bool, slots: Slots) -> bool:
    """Whether a reason names another person, application or time than this case; behind 理由: it may, and a
    question may anywhere but in its own sentence."""
    if behind_label or unit.kind is not None or (unit.match is None and match.decision != "decline"):
        return False
    if unit.match is not None and (unit.match.labelled or not unit.match.beside):
        return False
    said = unit.match.beside if unit.match is not None else unit.sentence.raw
    return names_another(said, slots)


def names_another(said: str, slots: Slots) -> bool:
    """Whether a text tells of another time, or names a person or an application that is not this one."""
    folded = fold_phrase(said)
    bare = "".join(folded.split())
    if any(_ELSEWHERE.search(text) for text in (bare, folded)):
        return True
    mine = re.compile(rf"{_THIS}?(?:{slots.body}の?|{slots.applicant}|{_THIS})*".replace(" ?", ""))
    if any(not mine.fullmatch(each["who"]) for each in _WHOSE.finditer(bare)):
        return True
    which = (each["who"] for each in _WHICH.finditer(bare))
    return any(_names_somebody(who) and not mine.fullmatch(who) for who in which)


def _names_somebody(who: str) -> bool:
    return re.fullmatch(SOMEBODY, who) is not None or is_office(who)


def _place(units: Sequence[Unit]) -> Iterator[tuple[Unit, bool, bool]]:
    """Each unit, whether it stands behind 理由:, and whether below the writer's name."""
    labelled = signed = False
    for unit in units:
        signed = signed or unit.is_signature or bool(unit.line.label)
        labelled = not signed and (labelled or LABEL.match(unit.sentence.raw) is not None)
        yield unit, labelled, signed


def _turns(unit: Unit, match: DecidingMatch, behind_label: bool, signed: bool) -> bool:
    """Whether one unit turns the decision; what supports an approval does too."""
    if unit.kind is not None:
        return unit.kind.where == "approve"
    if unit.match is not None:
        return bool(unit.match.beside) and _is_no_reason(unit.match)
    if unit.line.label == "old" or unit.line.wrapped or unit.sentence.is_hesitant:
        return True
    if _SORRY.fullmatch(unit.sentence.bare) and match.decision != "ask":
        return False
    said = unit.sentence.raw + unit.sentence.mark
    if has_doubt(match.decision, said, labelled=LABEL.match(said) is not None):
        return True
    return match.decision == "decline" and not is_reason(said, named=behind_label or signed)


def _is_no_reason(match: DecidingMatch) -> bool:
    """Whether the text at the word itself turns it: 却下（仮）, 却下: 後日連絡します."""
    if has_doubt(match.decision, match.beside, labelled=match.labelled):
        return True
    return match.decision == "decline" and not is_reason(match.beside, named=_is_named(match))


def has_doubt(decision: str, said: str, *, labelled: bool) -> bool:
    """Whether a text beside a decision holds a word of another, a question to us, or a second thought."""
    folded = fold_phrase(said)
    bare = "".join(folded.split())
    stems = frozenset((*words.find_stems(bare), *words.find_stems(folded)))
    if labelled:
        stems &= frozenset() if decision == "ask" else {"approve"}
    if decision != "ask" and _SUPPORTS.fullmatch(bare.rstrip("。.、,")):
        return True
    asks = decision != "ask" and _ASKS.search(bare) is not None
    return bool(stems) or asks or _DOUBT.search(bare) is not None or _DOUBT.search(folded) is not None


def is_reason(said: str, *, named: bool) -> bool:
    """Whether a sentence can be the reason of a refusal: it says how things are, and of the application,
    unless it is `named` a reason by its place."""
    folded = fold_phrase(said).strip()
    bare = "".join(folded.split()).rstrip("。.、,!)")
    if _APPLY_AGAIN.fullmatch(bare) or _APPLY_AGAIN.fullmatch(folded.rstrip(".! ")):
        return True
    text = folded if folded.isascii() else bare
    if _UNFINISHED.search(text) or (_PLAN.fullmatch(text) and not _STATE.fullmatch(text)):
        return False
    return named or _ABOUT.search(text) is not None


def has_second_thought(folded: str) -> bool:
    """Whether folded text holds a second thought, or says that nothing is decided."""
    bare = "".join(folded.split())
    return any(pattern.search(text) for pattern in (_DOUBT, _UNFINISHED) for text in (bare, folded))


def _is_named(match: DecidingMatch) -> bool:
    return _BECAUSE.fullmatch(fold_compact(match.beside)) is not None


_BECAUSE = re.compile(r".{2,}(?:ため|ので|から|こと|により|につき)(?:です)?。?")


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
    r"|(?:間違えて|まちがえて|誤って)(?:送信|送付|返信|回答|操作|承認|却下)?(?:を)?(?:しました|してしまいました"
    r"|送りました|送ってしまいました))"
)
_MISTAKE = re.compile(rf"(?:{_APOLOGY}[、,]?)?{_LAST_WORD}{_DID_WRONG}|{_APOLOGY}")
_MISTAKE_EN = re.compile(
    r"(?:sorry,? )?(?:(?:(?:it|that|this|the (?:approval|decision|mail)) was )?(?:a |my |by )?mistake"
    r"|i (?:made a mistake|(?:sent|approved|did) (?:it|that|this) by mistake))"
)


def is_mistake(unit: Unit) -> bool:
    """Whether a sentence says that the last word was a mistake: why somebody takes it back."""
    bare = strip_decoration(unit.sentence.bare)
    spaced = strip_decoration(unit.sentence.spaced)
    is_whole = not (
        unit.sentence.is_question or unit.sentence.is_hesitant or unit.line.label or unit.line.wrapped
    )
    return is_whole and bool(_MISTAKE.fullmatch(bare) or _MISTAKE_EN.fullmatch(spaced))
