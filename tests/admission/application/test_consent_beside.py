"""What may stand below a consent: questions, how to be reached, remarks, notices of a mail system.

Each kind has its traps beside it: what is built alike, and limits the consent or takes it back.
"""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

FORM = "団体名：見本町\n部課名：総務課\n氏名：見本 花子\n規約への同意：同意する"
HARMLESS = [
    "このメールは送信専用です。",
    "このメールにお心当たりのない場合は、破棄してください。",
    "休職のため早めにお願いします。",
    "急ぎでお願いします。",
    "できるだけ早めに手続きをお願いいたします。",
    "参加後に課の共有アドレスへ変更することはできますか？",
    "スマートフォンからも利用できるのでしょうか。",
    "招待はどのアドレスに届きますか？",
    "複数の課で使うことはできますか。",
    "返信は本メールアドレスにお願いします。",
    "電話は午後にお願いします。",
    "連絡は平日の9時から17時までにお願いいたします。",
    "お返事は公用のメールアドレスにいただけますと幸いです。",
    "※本メールはLGWAN無害化システムを経由しています。",
    "このメールは庁外から受信しました。",
    "参加の動機：他自治体の事例を学び、窓口業務の改善に役立てたいと考えています。",
    "申請理由：先進的な取組を知りたいため。",
    "防災の担当者どうしで情報を共有したいと思っています。",
    "ちなみに、会議への参加は必須でしょうか。",
    "このメールには秘密情報が含まれている場合があります。誤って受信された場合は送信者までご連絡ください。",
    "同じ課の影治も後日申請する予定です。",
    "来週は出張のため、連絡はメールでお願いします。",
    "窓口ご担当者様",
    "返信が遅くなり申し訳ありません。",
    "先日はお電話でご案内いただきありがとうございました。",
    "※添付ファイルのパスワードは別途お送りします。",
    "[添付ファイル削除通知] 以下のファイルは無害化のため削除されました。",
    "・参加申請書.xlsx",
    "来年4月に異動の可能性があります。その場合の手続を教えてください。",
    "以上、よろしくお取り計らいください。",
    "ご意見・ご要望 :",
    "Sincerely yours,",
    "※役職はありません。",
    "※コードは分かりませんでした。",
    "招待メールは、このアドレスにお送りください。",
    "鹿児島県デジタル推進課の方からご紹介いただきました。",
    "12月10日の勉強会に参加したいので、それまでに招待をいただけると助かります。",
    "初めての参加となりますので、何卒よろしくお願い申し上げます。",
    "（規約確認済み）",
    "備考：電話は午後にお願いします",
    "備考　なし",
    "その他：特になし",
    "コミュニティに参加させてください。",
    "仲間にぜひ入れていただきたいです。",
    "こちらへ招待していただければ幸いです。",
]
TRAPS = [
    "参加させてくださいとは言いません。",
    "仲間に入れてくださいと言われたら、その時に考えます。",
    "上司に聞いてから参加させてください。",
    "このメールは誤送信です。",
    "このメールは破棄してください。",
    "本メールの内容は使用しないでください。",
    "このメールの内容は違法です。",
    "このメールは誤って送信された可能性があります。",
    "休職のため早めに同意を取り消します。",
    "早めにお断りをお願いします。",
    "辞退のため早めにお願いします。",
    "課内の了承を得たいです。",
    "首長の許可を得たいです。",
    "先に説明を得たいです。",
    "参加の是非について意見交換したいです。",
    "セキュリティ審査を進めたいです。",
    "今の回答は仮のものにできますか？",
    "この回答を取り消すことはできますか？",
    "内容を後で変更できますか？",
    "規約の一部に同意しないことはできますか？",
    "課長の判断を待つことはできますか",
    "代わりに主任が答えることはできますか",
    "申請を練習にすることはできますか？",
    "返信は上司の許可が出てからお願いします。",
    "連絡は同意の撤回後にお願いします。",
    "本メールは仮のものです。",
    "本メールは無効です。",
    "参加の動機：上司の判断を知りたいため。",
    "申請理由：規約の一部を改善したいと考えています。",
    "可否は来週に知りたいです。",
    "この項目の判断を進めたいと思います。",
    "もう少し内容を知りたいです。",
    "同じ課の影治も同意する予定です。",
    "同じ課の影治は同意しません。",
    "同意の意思は別途お送りします。",
    "回答は後ほどお送りします。",
    "取消の手続を教えてください。",
    "規約の条文を教えてください。",
    "判断の基準を教えてください。",
    "4月に同意の予定です。",
    "保留 :",
    "条件：",
    "ご検討の結果、見送らせていただきありがとうございました。",
    "※同意はありません。",
    "※規約が分かりませんでした。",
    "同意書は、このアドレスにお送りください。",
    "上司から中止の案内を受けました。",
    "課長に確認したいので、それまでに連絡をいただけると助かります。",
    "上司の了承がある予定なので、早めに招待をいただけると助かります。",
    "（同意は保留）",
    "（第5条を除く）",
    "備考：第5条は除きます",
    "備考：上司の決裁待ちです",
    "その他：仮の回答です",
]


@pytest.mark.parametrize("said", HARMLESS)
def test_what_limits_nothing_leaves_the_consent(said: str) -> None:
    assert Consent.YES is parse_form(f"{FORM}\n\n{said}").consent


@pytest.mark.parametrize("gap", ["\n", "\n\n", "　※", "\t"])
@pytest.mark.parametrize("said", TRAPS)
def test_what_is_built_alike_and_limits_it_leaves_none(gap: str, said: str) -> None:
    assert Consent.YES is not parse_form(f"{FORM}{gap}{said}").consent


@pytest.mark.parametrize(
    "said",
    [
        "利用規約を確認し、同意の上申請いたします。",
        "規約に同意して申し込みます。",
        "全文を読み、規約に同意します。",
        "参加規約を確認し、内容に同意いたしましたので申請します。",
        "利用規約の内容を理解し、これに同意します。",
        "読みました。規約に同意します。",
        "規約を読み、同意の上で参加を申請します。",
    ],
)
def test_who_applies_having_agreed_agrees(said: str) -> None:
    assert Consent.YES is parse_form(f"{said}\n\n団体名　見本町\n氏名　見本 花子\n").consent


@pytest.mark.parametrize(
    "said",
    [
        "規約に同意お願いします。",
        "規約に同意いただき申請します。",
        "規約を確認し、上司が同意の上申請します。",
        "規約に同意の上、申請するか検討します。",
    ],
)
def test_who_asks_for_a_consent_or_waits_for_one_does_not(said: str) -> None:
    assert Consent.YES is not parse_form(f"{said}\n\n団体名　見本町\n氏名　見本 花子\n").consent


@pytest.mark.parametrize(
    "answer",
    [
        "全文を読み、同意します。",
        "読みました。同意します。",
        "同意する（所属長の了承済み）",
        "同意する / I agree",
        "同意でお願いします",
    ],
)
def test_more_answers_that_agree(answer: str) -> None:
    assert Consent.YES is parse_form(FORM.replace("同意する", answer)).consent


@pytest.mark.parametrize(
    "answer",
    [
        "読みました。",
        "全文を読み、検討します。",
        "同意する（所属長の了承待ち）",
        "同意する / 同意しない",
        "同意する / partly agree",
    ],
)
def test_answers_built_alike_that_do_not(answer: str) -> None:
    assert Consent.YES is not parse_form(FORM.replace("同意する", answer)).consent


@pytest.mark.parametrize(
    "answer", ["同意しません。個人情報の扱いが分からないためです。", "いいえ。まだです。"]
)
def test_who_says_no_may_say_why(answer: str) -> None:
    assert Consent.NO is parse_form(FORM.replace("同意する", answer)).consent
