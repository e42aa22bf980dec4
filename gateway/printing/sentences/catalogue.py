"""The catalogue of the desk's sentences that can contain a value: by id, with typed slots.

A slot is `{name:kind}`; the kinds are those of `printing.statement`. Add a sentence here instead of
formatting one in code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

AS_WRITTEN = "as_written"  # a finished text stored by an older version

FLAGS: Mapping[str, str] = {
    AS_WRITTEN: "{text:written}",
    "office_rule": "{text:office}",
    # --- the domain ---
    "agency": "go.jpは独立行政法人も使います。対象かどうかをご確認ください",
    "service_name": "lg.jpの行政サービス名です。雇用主ではありません",
    "open_parent": "自治体の名前に見えますが、親の名前はだれでも取得できます",
    "government_word": "行政機関の名前に見えますが、だれでも取得できます",
    "imitation": "警告：政府・自治体のドメインに似せた名前です",
    "spf_allows_all": ("警告：差出人のドメインのSPFは、だれの送信も許しています（なりすましを防げません）"),
    "other_name": (
        "警告：差出人のドメインではなく、同じ団体の別の名前だけが送信を保証しています（DMARCの緩い照合）"
    ),
    "foreign_alias": (
        "警告：送信を保証する名前のSPFかMXが、CNAMEで団体の外を指しています（乗っ取りの恐れがあります）"
    ),
    "allow_listed": "団体コード {code:code} のドメインとして登録されています",
    "applied_before": "以前にも申請がありました。その記録は消去済みです",
    "other_address": (
        "本文のメールアドレス「{address:address}」は差出人と異なります。招待は差出人にだけ送ります"
    ),
    # --- reasons why an application is not without 注意 ---
    "not_own_domain": "差出人のドメインだけでは、所属が分かりません",
    "proof_is_weak": "差出人の証明が、DMARCでもDKIMでもありません",
    "proof_by_other": "差出人のドメインではなく、上の名前 {domain:domain} が送信を保証しています",
    "items_are_missing": "申請の項目に、書かれていないものがあります",
    "consent_is_unsure": (
        "「同意する」のほかに、意味を読み取れない文があります。同意を条件づけていないか、本文をお確かめください"
    ),
    "body_not_listed": "差出人のドメインと団体の組を、登録簿で確かめられません",
    # --- whether somebody can confirm an affiliation ---
    "confirmer_role": "担当者個人ではなく、部署や窓口のアドレスに見えます",
    "confirmer_guest": "外部の方にもアドレスを貸し出すことがある団体です",
    "confirmer_child": "団体のドメインより下の名前です",
    "confirmer_shared": "複数の団体が使うドメインです",
    # --- the code alone ---
    "code_is_corporate": "団体コードの欄に、13桁の法人番号が書かれています",
    "code_check_digit": (
        "団体コード「{stated:value}」は検査数字が合いません（{code:code} {body:body}の誤りかもしれません）"
    ),
    "code_unreadable": "団体コード「{stated:value}」は、全国地方公共団体コードとして読めません",
    "code_five_digits": "団体コード「{stated:value}」は5桁のため、{code:code} と読みました",
    "code_northern": "団体コード {code:code} の村には行政組織がありません",
    "code_ward": "団体コード {code:code} は行政区です。雇用主は市（{employer:code}）です",
    "code_named_ward": (
        "団体コード {code:code} は行政区（{ward:body}）です。雇用主は{city:body}（{employer:code}）です"
    ),
    "code_ward_of_city": "団体コード {code:code} は行政区です。雇用主は{city:body}（{employer:code}）です",
    "code_ward_alone": (
        "団体コード {code:code} は行政区（{ward:body}）です。雇用主は市（{employer:code}）です"
    ),
    "code_not_listed": "団体コード {code:code} は登録簿にありません。一部事務組合などかもしれません",
    # --- the name ---
    "name_not_of_code": "団体コード {code:code} は{body:body}ですが、団体名は「{stated:value}」です",
    "name_not_listed": "団体名「{stated:value}」は登録簿で見つかりません",
    "name_of_several": "「{stated:value}」にあたる団体は{count:number}あります（{bodies:bodies}）",
    # --- the category ---
    "national_from_local": (
        "区分は政府機関ですが、差出人のドメイン {domain:domain} は地方公共団体のものです"
    ),
    "local_from_national": "区分は自治体ですが、差出人のドメイン {domain:domain} は政府機関のものです",
    "code_from_national": (
        "団体コードが書かれていますが、差出人のドメイン {domain:domain} は政府機関のものです"
    ),
    # --- the organisation compared with the domain ---
    "domain_shared": "{domain:domain} は複数の団体が使うドメインです（{bodies:bodies}）",
    "domain_of_union": (
        "差出人のドメイン {domain:domain} は一部事務組合などのもので、{bodies:bodies}のものではありません"
    ),
    "domain_mismatch": "団体名（{bodies:bodies}）と差出人のドメイン {domain:domain}が一致しません",
    "domain_of_others": (
        "団体名（{bodies:bodies}）と差出人のドメイン {domain:domain}（{holders:bodies}）が一致しません"
    ),
}

# Why a reply of the staff changed nothing, or how it was parsed.
REASONS: Mapping[str, str] = {
    "read_as": "{word:decision}と読みました",
    "no_decision": "承認・却下・照会・保留・取消などの言葉が、一つの文として書かれていません",
    "nearly_read": "「{said:value}」は、どの判断か確実には読み取れません",
    "two_decisions": "一通に二つ以上の判断が書かれています",
    "doubt": "判断と一緒に、条件・質問・訂正とも読める文があります",
    "no_day": "「{said:value}」は、いつまでの保留か読み取れません",
    "misplaced": "判断の言葉が引用や署名の中にあるかもしれず、確実には読み取れません",
    "html_differs": "HTML形式の本文とテキスト形式の本文が、同じ判断になっていません",
    "html_alone": (
        "HTMLだけのメールからは判断を読み取りません。テキスト形式で送るか、言葉と確認符号で返信してください"
    ),
    "html_digest": "HTMLだけのメールからは判断を読み取りません。テキスト形式で送ってください",
    "subject_differs": "件名に、本文と違う判断の言葉があります",
    "wrong_code": "確認符号が違います",
    "too_long": "本文か件名、またはそのまま伝える文（1,000字まで）が長すぎて、終わりまで読めません",
    "doubled": "メールのヘッダーに「{field:value}」が二つ以上あり、どちらが正しいか分かりません",
    "another_text": (
        "メールに、ここで読み取れない形式か、ファイル名の付いた本文がもう一つあります。"
        "テキスト形式で送るか、下の言葉に確認符号を添えて返信してください"
    ),
    "sent_by_colleague": (
        "ほかの担当者（{by:value}）が、差出人に代わって送ったメールです。"
        "判断はお一人ずつ、ご自分の名前で送ってください"
    ),
    "sent_by": (
        "差出人ではない人（{by:value}）が送ったしるしがメールに付いています。"
        "差出人ご自身の判断でしたら、下の言葉に確認符号を添えて返信してください"
    ),
    "overtaken": (
        "この申請について、あとから書かれたあなたの返信が先に届いています。この返信はそれより前に書かれているため、"
        "判断としては扱いません。お考えのとおりであれば、もう一度お返事ください"
    ),
    "not_a_mail": "メールとして読めません（{cause:value}）",
    "machine": "自動で送られたメールと見て、判断としては扱いません",
    "machine_mark": (
        "機械が送ったしるし（{mark:value}）がメールに付いているため、言葉だけでは判断として扱いません。"
        "下の言葉に確認符号を添えて返信すれば、判断できます。しるしはメールサーバーや転送の設定が付けています。"
        "サーバーの担当者に、このしるしを付けない設定をご相談ください"
    ),
    # --- the letter that is replied to ---
    "expired": "この返信先は使えません（期限切れ、または取り消し済み）。新しい審査依頼に返信してください",
    "code_wanted": "この窓口では、言葉の後に確認符号を添えた返信だけで判断します",
    "request_alone": "審査依頼のメールに返信する形で送ってください（返信先が異なります）",
    "undo_only": "判断の控えへの返信では、取消だけを受け付けます。審査依頼のメールに返信してください",
    "told_only": "このお知らせへの返信では判断できません。担当者にお伝えください",
    "unsigned": (
        "送信元のメールサーバーの電子署名（DKIM）が、宛先と本文の形式まで保証していないため、"
        "この返信がこの件へのものか確かめられません"
    ),
    "weak_proof": (
        "差出人のドメインそのものではなく、別の名前のサーバーだけが送信を保証しているため、"
        "この返信では判断や確認を受け付けません"
    ),
    "no_signature": "この窓口では、電子署名（DKIM）のある返信だけで判断します",
    "undated": "メールの日付がないか、審査依頼の送信より前か、受信の時刻と離れすぎています",
    "crossed": "別の受付番号か、別の件の返信先も書かれていて、どちらの件についての判断か読み取れません",
    # --- words that count only with the code ---
    "code_word_wanted": (
        "この言葉は、後に確認符号を添えた時だけ受け付けます。"
        "一行目に言葉と確認符号、一行空けて、その下に内容を書いてください"
    ),
    "reply_wanted": "返信には、申請者に伝える文が必要です。一行空けて、その下に書いてください",
    "memo_wanted": "メモには、残す文が必要です。一行空けて、その下に書いてください",
    "memos_full": "この件のメモは、上限に達しています",
    "correction_wanted": (
        "訂正には、「団体：」か「区分：」の行と、「理由：」の行が必要です。一行空けて、その下に書いてください"
    ),
    "changed_since": (
        "このメールの後に、件の内容が変わっています。「状況」と返信し、届いたメールに返信してください"
    ),
    "not_closed": "この件は終わっていないため、審査再開はできません",
    "undo_instead": "判断を知らせるメールがまだ送られていません。取消で元に戻せます",
    "not_open": "この件は終わっているか、招待へ進んでいるため、この言葉は使えません",
    # --- stop and resume ---
    "stop_asked": (
        "窓口を止めますか。何も止まっていません。"
        "止めるときは、本文に「停止」と確認符号だけを書いて返信してください"
    ),
    "stop_alone": "「停止」「再開」は、ほかに何も書かない返信でだけ受け付けます",
    "paused": (
        "管理者が、担当者の判断の受け付けを止めています。何も変わっていません。"
        "再開のお知らせの後で、あらためて返信してください"
    ),
    # --- a line of a digest ---
    "line_code_wanted": "言葉の後に、この一覧の確認符号がありません",
    "line_doubt": "同じメールに、条件・質問・訂正とも読める文があります",
    "line_other_count": "この一覧にある注意のない件の数と違います",
    "line_not_waiting": "この件は、もう判断を待っていません",
    "line_attention_since": "一覧を送った後に、注意していただきたい点が見つかりました",
    "batch_one_by_one": "この件は、まとめて承認できません。開いて確かめてください",
    "line_attention": (
        "この件には注意があります。確かめたうえで、言葉と符号の後に「注意確認」と書き、この件だけの行で送ってください"
    ),
    "line_twice": "同じ番号が二度書かれています",
    "line_not_shown": "返信のもとになった一覧にない番号です",
    "line_changed": "申請の内容が変わっています。新しい審査依頼をご覧ください",
    # --- the case ---
    "not_permitted": "この操作をする権限が設定されていません",
    "second_look_other": "再検討の件です。先に判断した人とは別の担当者が判断します",
    "own_application": "ご自身の申請についての判断は受け付けません",
    "same_person": (
        "申請者のお名前かアドレスが、ご自身のものと同じです。"
        "ご本人でない場合も、念のため別の担当者が判断してください"
    ),
    "reason_wanted": ("却下には理由が必要です。「却下：理由」のように、申請者に伝える理由を書いてください"),
    "snippet_unknown": "その番号の定型文は、設定にありません。何も送っていません",
    "question_wanted": ("照会には質問が必要です。「照会：質問」のように、申請者に尋ねることを書いてください"),
    "call_needless": "この件は、差出人のアドレスで所属が分かるため、電話での確認は記録しません",
    "call_wanted": (
        "在籍確認済には、かけた電話番号と、答えた方のお名前が必要です。"
        "「在籍確認済：03-0000-0000 総務課 山田様」のように書いてください"
    ),
    "second_wanted": "この件には、もう一人の承認が必要です。あなたの承認は記録されています",
    "day_out_of_range": "保留の期限には、明日から一年以内の日を書いてください",
    "nothing_to_undo": "取り消せる判断がありません",
    "leaving": "申請者へのメールの送信が始まっています。それでも取り消して審査に戻すときは、"
    "「取消」の後に確認符号を添えて返信してください",
    "decided": "この件は、すでに {by:address} が{at:moment}に判断しています",
    "asked": "申請者に照会しています。回答が届きしだい、改めて審査をお願いします",
    "not_decidable": "この件は、いま判断できる状態にありません",
    "joined_already": "この件は、すでに参加済みとして記録されています",
    "never_invited": "招待を送っていない件は、参加済みにできません",
    "invitation_waits": "承認済みの招待が、これから送られるところです",
    "never_approved": "承認されていない件には、招待を送れません",
}
TEXTS: Mapping[str, str] = {**FLAGS, **REASONS}

# The decisions as the desk names them in a sentence.
DECISIONS: Mapping[str, str] = {
    "approve": "承認",
    "decline": "却下",
    "ask": "照会",
    "hold": "保留",
    "undo": "取消",
    "take": "担当",
    "joined": "参加",
    "resend": "再送",
    "reply": "返信",
    "memo": "メモ",
    "withdraw": "取り下げ",
    "reopen": "審査再開",
    "correct": "訂正",
    "handover": "引継",
    "affiliated": "在籍確認済",
    "stop": "停止",
    "resume": "再開",
    "list": "一覧",
    "status": "状況",
    "help": "ヘルプ",
}

# Sentences without a value as 0.1 stored them.
FORMER: Mapping[str, str] = {
    "go.jp may be an independent administrative agency": "agency",
    "lg.jp service name: a joint service, not an employer": "service_name",
    "looks like a municipality, but the parent is an open name": "open_parent",
    "contains the words of a government name, but anyone can hold it": "government_word",
    "WARNING: imitates a government name": "imitation",
    "SPF of the domain allows every client: anybody can write in this name": "spf_allows_all",
    "applied before; that record is erased": "applied_before",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A piece of a text: literal words and the slot after them (its name is empty at the end of the text)."""

    before: str
    name: str
    kind: str


def read_slots(text: str) -> tuple[Slot, ...]:
    """Split a text into its pieces."""
    return tuple(Slot(before, name or "", kind or "") for before, name, kind, _ in Formatter().parse(text))


SLOTS: Mapping[str, tuple[Slot, ...]] = {name: read_slots(text) for name, text in TEXTS.items()}
