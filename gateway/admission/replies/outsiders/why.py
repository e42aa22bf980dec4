"""Reasons for withdrawing an application: a closed set of nouns, and of clauses that state facts.

Future events, conditions, another person's application and a change of mind are excluded.
"""

from __future__ import annotations

from gateway.patterns import compile_later

_EVENT = (
    r"(?:人事異動|異動|退職|転職|転出|出向|派遣|休職|育休|育児休業|産休|病気休暇|転勤|配置換え?|配置転換"
    r"|組織改編"
    r"|組織改正|機構改革|組織変更|担当の?(?:変更|替え|交代)|所属の?変更)"
)
_CAUSE = (
    rf"(?:{_EVENT}|(?:業務|公務|仕事)?の?(?:多忙|繁忙|過多|繁忙期)|業務量の増加|業務(?:上の)?都合|諸事情"
    rf"|諸般の事情"
    r"|(?:業務|仕事|一身上|家庭|所属|課|係|部署|職場|組織|庁内|日程|予算|健康|諸般)(?:上)?の(?:都合|事情"
    r"|理由)|体調不良"
    r"|病気|療養|(?:人手|人員|予算)不足|(?:二重|重複)(?:の)?申請|申請の重複|セキュリティ(?:上)?の(?:都合"
    r"|理由|制限|関係))"
)
_WHEN = (
    r"(?:(?:来月|今月|来週|今週|来年度?|今年度|年度末|年度途中|このたび|この度|急遽|急に|先日|先月"
    r"|[0-9]{1,2}月(?:[0-9]{1,2}日)?)(?:付け)?(?:から|に|で|の|より)?、?|急な)?"
)
_LEAVE = r"(?:許可|承認|了承|同意|決裁)"
_OFFICE = r"(?:上司|課長|所属長|課|係|課内|所属|庁内|職場|部署)"
_BECAME = ("なった", "なりました"), ("なってしまった", "なってしまいました")
_DECIDED = ("することになった", "することになりました"), ("することとなった", "することとなりました")
_DID = ("した", "しました"), ("してしまった", "してしまいました"), ("していた", "していました")
# The start of a clause and the endings of its verb: attributive, and at the end of a sentence.
_CLAUSES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (rf"{_EVENT}が", (("決まった", "決まりました"), ("決定した", "決定しました"), ("あった", "ありました"))),
    (rf"{_EVENT}(?:に|と)", _BECAME),
    (_EVENT, (*_DECIDED, *_DID, ("する", "します"), ("の予定な", "の予定です"))),
    (r"担当(?:業務)?(?:を|から)", (("外れた", "外れました"), ("離れた", "離れました"))),
    (r"(?:担当者?|担当業務|所属|部署|業務内容|方針|状況|事情)が", (("変わった", "変わりました"),)),
    (r"(?:(?:業務|仕事|公務)が)?(?:多忙に|忙しく)", _BECAME),
    (
        r"(?:業務|仕事|公務)が",
        (("多忙な", "多忙です"), ("忙しい", "忙しいです"), ("立て込んでいる", "立て込んでいます")),
    ),
    (r"(?:時間|余裕|予算|必要|必要性)が", (("なくなった", "なくなりました"), ("ない", "ありません"))),
    (r"(?:時間|余裕)が", (("取れなくなった", "取れなくなりました"), ("取れない", "取れません"))),
    (r"(?:予算|都合)が", (("つかなかった", "つきませんでした"), ("つかない", "つきません"))),
    (r"(?:業務の)?都合がつかなく", _BECAME),
    (
        rf"(?:{_OFFICE}の)?{_LEAVE}が",
        (
            ("得られなかった", "得られませんでした"),
            ("下りなかった", "下りませんでした"),
            ("出なかった", "出ませんでした"),
        ),
    ),
    (r"(?:不要|対象外)[にと]", _BECAME),
    (r"(?:参加|利用)が?(?:できなく|難しく|困難に)", _BECAME),
    (r"(?:別|ほか|他|同じ[課係])の(?:職員|者|担当者?)が(?:参加|申請|担当)", (*_DECIDED, *_DID)),
    (r"(?:二重に|重複して|間違えて|誤って)(?:申請|送信)を?", _DID),
    (rf"{_OFFICE}で(?:参加を)?見送ることに", (*_BECAME, ("した", "しました"))),
    (r"参加を見送ることに", (*_BECAME, ("した", "しました"))),
    (r"(?:課|係|部署)が", (("なくなる", "なくなります"), ("なくなった", "なくなりました"))),
)


def _join(at: int) -> str:
    return "|".join(f"{head}(?:{'|'.join(verb[at] for verb in verbs)})" for head, verbs in _CLAUSES)


_MY = rf"(?:私(?:が|は、?|、)|当方(?:が|は、?))?{_WHEN}"
_PLAIN, _STATED = f"(?:{_join(0)})", f"(?:{_join(1)})"
_TALKED = rf"(?:{_OFFICE}(?:と|に|で|とも))?(?:相談|検討|協議)(?:を)?(?:(?:いた|致)?し)た結果"
# Before the withdrawal, in the same sentence.
BECAUSE = (
    rf"(?:{_MY}(?:{_CAUSE}(?:の)?(?:ため|により|によって|につき|で)|{_PLAIN}(?:ため|ので|ことから"
    rf"|ことにより)|{_STATED}ので)"
    rf"|{_TALKED})、?"
)
# A separate sentence.
REASON = compile_later(
    rf"(?:取り?下げの?)?(?:理由は?[:、]?)?{_MY}(?:{_CAUSE}(?:の(?:ため)?|によるもの)?(?:です|でございます)?"
    rf"|{_PLAIN}(?:ため|から|の|ことによるもの)?(?:です|でございます)|{_PLAIN}(?:ため|ので)"
    rf"|{_STATED}(?:ので|ため)?)|{_TALKED}です"
)
_MOVED = (
    r"(?:transferred|moved|moving|transferring|retired|retiring|leaving|on leave|reassigned"
    r"|going on leave)"
)
_PLACE_EN = (
    r"(?: (?:to|from) (?:a |an |my )?(?:another |different |new |other )?"
    r"(?:section|department|division|position|office|job|team|post|place|city|town|ministry|agency))"
)
_WHEN_EN = (
    r"(?: (?:soon|next (?:week|month|year)|this (?:week|month|year)|in (?:january|february|march|april"
    r"|may|june|july|august"
    r"|september|october|november|december)))"
)
_CLAUSE_EN = (
    rf"(?:(?:i am|i'm|i was|i have been|i've been|i will be) {_MOVED}(?: my (?:position|job|post"
    rf"|office))?{_PLACE_EN}?{_WHEN_EN}?"
    rf"|(?:i am|i'm|we are|i have been) (?:too |very |so )?busy(?: (?:with|at) work)?{_WHEN_EN}?"
    r"|i (?:applied|sent it|sent this) (?:twice|by mistake)|a colleague (?:of mine )?(?:will join"
    r"|has applied|applied)(?: instead)?"
    r"|my (?:duties|section|department|job|position) (?:has |have )?changed|i have no time"
    r"|i do not have (?:enough )?time)"
)
_NOUN_EN = (
    r"(?:(?:a|my|the) (?:transfer|retirement|personnel transfer|reassignment|leave|illness)|(?:personal"
    r"|family) reasons"
    r"|(?:my )?(?:workload|work)|(?:a|my) (?:heavy )?workload|illness)"
)
BECAUSE_EN = rf"(?:,? (?:because|as|since) {_CLAUSE_EN}|,? (?:because of|due to|for|owing to) {_NOUN_EN})"
FOREWORD_EN = (
    rf"(?:(?:due to|because of|owing to|for) {_NOUN_EN},? |(?:because|as|since) {_CLAUSE_EN},? "
    rf"|{_CLAUSE_EN},? so )"
)
REASON_EN = compile_later(
    rf"(?:this is |it is )?(?:because |as )?{_CLAUSE_EN}|(?:this is )?(?:because of"
    rf"|due to) {_NOUN_EN}"
)
