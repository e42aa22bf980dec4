"""The desk's own terms in the wording of the letters."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.admission.case.model import Letter, Role
from gateway.admission.organisations.domains import DomainKind
from gateway.admission.replies.reading import Decision
from gateway.printing.outside import Outside

# Text of our own, or from outside; unknown values are kept unchanged.
Text = str | Outside

PROOF: Mapping[str, str] = {
    "dmarc": "○ DMARCに合格（差出人のドメインが保証しています）",
    "dkim": "○ DKIM署名が差出人のドメインと一致",
    "spf": "△ SPFだけが差出人のドメインと一致",
    "arc": "△ 信頼する中継者（ARC）が証明",
    "none": "× 証明なし",
}

KINDS: Mapping[str, str] = {
    DomainKind.LOCAL_GOV_LG: "地方公共団体（lg.jp）",
    DomainKind.LG_SERVICE: "lg.jpの行政サービス名（団体の名前ではありません）",
    DomainKind.NATIONAL_GOV: "政府機関（go.jp）",
    DomainKind.LOCAL_GOV_REGIONAL: "地方公共団体（地域型JPドメイン）",
    DomainKind.REGIONAL_GENERAL: "地域型JPドメイン（一般）",
    DomainKind.REGIONAL_UNLISTED: "団体名に似た名前（だれでも取得できます）",
    DomainKind.PREFECTURE_TYPE: "都道府県型JPドメイン（だれでも取得できます）",
    DomainKind.JP_ORGANISATIONAL: "組織種別型JPドメイン",
    DomainKind.IMITATION: "政府・自治体のドメインに似せた名前",
    DomainKind.JP_GENERAL: "汎用JPドメイン",
    DomainKind.GTLD_OTHER: "そのほかのドメイン",
    DomainKind.PERSONAL: "個人用のメールサービス",
    DomainKind.PUBLIC_SUFFIX: "登録できない名前",
    DomainKind.INVALID: "ドメイン名ではない",
}

LETTERS: Mapping[str, str] = {
    Letter.ACKNOWLEDGMENT: "受付のお知らせ",
    Letter.MISSING_FIELDS: "追記のお願い",
    Letter.AFFILIATION_REQUEST: "所属確認のお願い",
    Letter.AFFILIATION_CHECK: "在籍のご確認",
    Letter.INVITATION: "招待",
    Letter.INVITATION_NOTICE: "招待の予告",
    Letter.INVITATION_REMINDER: "招待の期限のご案内",
    Letter.HANDOFF: "招待の依頼",
    Letter.DECLINE: "お断りのお知らせ",
    Letter.ALREADY_ADMITTED: "手続済みのお知らせ",
    Letter.WITHDRAWAL_RECEIPT: "取り下げの受領",
    Letter.REPLACEMENT_CHECK: "申請の差し替えの確認",
    Letter.OWN_STATUS: "申請の状況のお知らせ",
    Letter.HELD_DATA: "お預かりしている情報のお知らせ",
    Letter.HOW_TO_APPLY: "お申し込み方法の案内",
    Letter.ONE_BY_ONE: "お一人ずつの申請のお願い",
    Letter.PASSED_ON: "担当者に伝えたことの連絡",
    Letter.REOPENED: "審査に戻したお知らせ",
    Letter.DESK_REPLY: "窓口からの返信",
    Letter.NOT_KEPT: "お預かりしなかったお知らせ",
    Letter.REVIEW_REQUEST: "審査依頼",
    Letter.DECISION_RECEIPT: "判断の記録",
    Letter.DECISION_SUMMARY: "判断のまとめ",
    Letter.UNCLEAR_DECISION: "判断できなかったお知らせ",
    Letter.CASE_NOTICE: "お知らせ",
    Letter.CASE_STATUS: "状況のお知らせ",
    Letter.QUESTION: "お尋ね",
    Letter.EXPIRED: "終了のお知らせ",
    Letter.DIGEST: "一覧",
    Letter.TRANSCRIPT: "一括返信の結果",
    Letter.PRACTICE_REQUEST: "返信の練習",
    Letter.PRACTICE_RESULT: "練習の結果",
    Letter.CONSOLE_CODE: "サインインの確認番号",
    Letter.CONSOLE_CONFIRMATION: "判断の確認番号",
}

# The words of a staff reply: decision, Japanese, English, effect; in the order of a letter.
DECISIONS: tuple[tuple[Decision, str, str, str], ...] = (
    (Decision.APPROVE, "承認", "approve", "招待の手続へ進みます"),
    (Decision.DECLINE, "却下", "decline", "「却下：理由」と書いた理由を、申請者に知らせます"),
    (Decision.ASK, "照会", "ask", "「照会：質問」のように書いた質問を、申請者に送ります"),
    (Decision.HOLD, "保留", "hold", "「保留 12月1日」のように、書いた日まで止めます"),
    (Decision.UNDO, "取消", "undo", "メールが送られる前なら、判断を元に戻します"),
    (Decision.TAKE, "担当", "take", "自分が受け持つと、ほかの人に知らせます"),
    (Decision.JOINED, "参加", "joined", "招待した人が参加したことを記録します"),
    (Decision.RESEND, "再送", "resend", "招待を、もう一度送ります"),
    (
        Decision.AFFILIATED,
        "在籍確認済",
        "phoned",
        "電話で確かめたことを、番号と相手を添えて記録",
    ),
    (Decision.REPLY, "返信", "reply", "書いた文を、窓口から申請者に送ります"),
    (Decision.MEMO, "メモ", "memo", "書いたことを、担当者どうしの控えに残します"),
    (Decision.WITHDRAW, "取り下げ", "withdraw", "申し出により、申請を終わらせます"),
    (Decision.REOPEN, "審査再開", "reopen", "終わった件を、もう一度審査します"),
    (Decision.CORRECT, "訂正", "correct", "「団体：」か「区分：」と「理由：」の行で直します"),
    (Decision.HANDOVER, "引継", "handover", "書いた名前の人の件を、自分が受け持ちます"),
    (Decision.STOP, "停止", "stop", "緊急のとき、申請者への送信をすべて止めます"),
    (Decision.RESUME, "再開", "resume", "停止を終わらせます"),
    (Decision.LIST, "一覧", "list", "待っている件の一覧を受け取ります"),
    (Decision.STATUS, "状況", "status", "この件の状況を受け取ります"),
    (Decision.HELP, "ヘルプ", "help", "使える言葉の説明を受け取ります"),
)
# Members who may decide see the query words only where there is room: in status and help.
_FIRST = (Decision.APPROVE, Decision.DECLINE, Decision.ASK, Decision.HOLD, Decision.TAKE, Decision.HELP)
_LOOKING = frozenset({Decision.STOP, Decision.LIST, Decision.STATUS, Decision.HELP})
_HANDLING = frozenset({Decision.REPLY, Decision.MEMO, Decision.HANDOVER})
# These count only with the code.
CODED = _HANDLING | {Decision.WITHDRAW, Decision.REOPEN, Decision.CORRECT}
_ROLE_DECISIONS = {
    Role.DECIDE: frozenset(Decision),
    Role.ASK: _LOOKING | {Decision.ASK, Decision.TAKE, *_HANDLING},
    Role.READ: _LOOKING,
}

# The effect of a word, in a line of a summary.
OUTCOMES: Mapping[str, str] = {
    "approve": "招待します",
    "decline": "参加できないことと理由を、申請者に知らせます",
    "ask": "申請者に尋ねます",
    "hold": "審査を止めます",
    "take": "次の人が受け持ちます",
    "affiliated": "電話で在籍を確かめました",
    "joined": "参加したことを記録しました",
    "resend": "新しい招待を送ります",
    "undo": "判断の前に戻しました",
    "reply": "申請者に返信しました",
    "memo": "メモを残しました",
    "withdraw": "申し出により取り下げました",
    "reopen": "もう一度審査します",
}

# The answers of possible confirmers, and why an answer, or a letter to them, confirms nothing.
ANSWERS: Mapping[str, str] = {
    "": "返事待ち",
    "confirm": "「在籍している」との返事（確認とはみなしていません）",
    "deny": "「在籍していない」との返事",
    "unknown": "「心当たりがない」との返事",
}
REFUSALS: Mapping[str, str] = {
    "own": "申請者本人のアドレスか名前と見られます",
    "barred": "窓口の担当者か、自身も確認を待つ人です",
    "elsewhere": "申請された団体のアドレスと確かめられません",
    "stopped": "同じドメインから「心当たりがない」との返事がありました",
    "asked": "お尋ねのメールへの返信ではないか、お尋ね済みです",
    "many": "一件でお尋ねできる人数に達しています",
    "busy": "同じアドレスまたはドメインへのお尋ねが、上限に達しています",
    "mark": "自動送信やメーリングリストの印、または別の差出人があります",
    "proof": "差出人のドメインそのものによる証明がありません",
    "changed": "お尋ねした後に、申請者が氏名か団体を改めています",
    "contradiction": "同じ人の、前の返事と食い違っています",
    "with_call": "この返事だけでは足りません。電話でも確かめてください",
    "confirmed": "この件は、いま所属の確認を待っていません",
    "unread": "返事の意味を、確実には読み取れません",
}

VALUES: Mapping[tuple[str, Text], str] = {
    ("category", "local"): "地方公共団体",
    ("category", "national"): "政府機関",
    ("consent", "yes"): "同意する",
    ("consent", "unsure"): "同意する（ほかに読み取れない文あり）",
    ("consent", "no"): "同意しない",
    ("consent", "absent"): "記入なし",
}


def proof_text(grade: str) -> str:
    """Return a grade of authentication as a sign and text."""
    return PROOF.get(grade, PROOF["none"])


def kind_text(domain_kind: str) -> str:
    """Return the text for a domain class."""
    return KINDS.get(domain_kind, domain_kind)


def offered_decisions(role: str, *, everything: bool = True) -> list[dict[str, str | bool]]:
    """Return the words that a letter offers to somebody with this role (empty: the words of all roles)."""
    may = _ROLE_DECISIONS[Role(role)] if role else frozenset(Decision)
    return [
        {"word": japanese, "english": english, "what": what, "coded": decision in CODED}
        for decision, japanese, english, what in DECISIONS
        if decision in may and (everything or role != Role.DECIDE or decision in _FIRST)
    ]


def decision_word(decision: str) -> str:
    """Return the word for a decision; a dash if there is none."""
    return next((japanese for found, japanese, _, _ in DECISIONS if found.value == decision), "-")


def outcome_text(what: str) -> str:
    """Return the text of a receipt, in one line."""
    return OUTCOMES.get(what, "記録しました")


def answer_text(answer: str, counts: bool) -> str:
    """Return the text for an answer of a possible confirmer; `counts`: it confirmed."""
    return "「在籍している」との返事（確認）" if counts else ANSWERS.get(answer, ANSWERS[""])


def refusal_text(because: str) -> str:
    """Return why an answer does not confirm, or why nobody was asked."""
    return REFUSALS.get(because, "")


def letter_title(name: str) -> str:
    """Return the title of a letter."""
    return LETTERS.get(name, name)


def value_text(item: str, value: Text) -> Text:
    """Return a form value as people write it."""
    return VALUES.get((item, value), value)
