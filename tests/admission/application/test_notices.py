"""What offices write below a mail: when they are open, what they make known, what scanned it."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent
from tests.admission.application.beside_a_form import FORM

SAID = f"{FORM}\nよろしくお願いいたします。\n\n"
IN = (
    SAID
    + """----------------------------------
斜里町役場 企画総務課
主事　高橋 一郎
TEL：0152-00-0000（内線 212）
E-mail：joho@example.lg.jp
{0}
----------------------------------
"""
)
BELOW = (
    SAID
    + """----------------------------------
斜里町役場 企画総務課
主事　高橋 一郎
TEL：0152-00-0000（内線 212）
----------------------------------
{0}
"""
)
# A notice of an office, and the same words about the mail.
NOTICES = [
    ("令和８年は市制施行２０周年です", "令和８年は同意しません"),
    ("斜里町はゼロカーボンシティを宣言しています。", "斜里町は規約に反対を宣言しています。"),
    ("開庁時間　8時45分～17時30分（土日祝日・年末年始を除く）", "開庁時間にあらためて同意するか決めます"),
    ("12月29日から1月3日まで閉庁します。", "12月29日から1月3日まで同意を保留します。"),
    ("公式SNSもご覧ください　QRコードはこちら", "公式の規約は読んでいません　QRコードはこちら"),
    ("防災アプリをダウンロードしましょう", "下書きをダウンロードしました"),
    ("This mail was scanned by the gateway of the prefecture.", "This mail was sent by mistake."),
    ("『笑顔あふれるまち』を目指して", "『同意なし』を目指して"),
    ("第6次総合計画推進中", "第6条は保留中"),
    (
        "このメールは七尾市のセキュリティシステムで検査されています。",
        "このメールは七尾市の職員の練習で送られています。",
    ),
    ("市制施行90周年", "市制施行までは同意なし"),
    ("業務時間：8:30～17:15（月～金）", "業務時間外なので後日回答：同意は未定"),
    ("土曜・日曜・祝日・年末年始は閉庁日です。", "土曜・日曜に考えてからお返事です。"),
    ("窓口の受付時間は午後4時30分までとなりました。", "申請の受付時間に間に合えば同意となりました。"),
    ("国民スポーツ大会まであと300日！", "同意まであと300日！"),
    ("「子どもが主役のまち」宣言をしています", "「規約に従わない」宣言をしています"),
    ("X（旧Twitter）でも情報発信中", "X（旧Twitter）で同意を撤回中"),
    ("LINEで友だち登録をお願いします。", "LINEで取り消しをお願いします。"),
    ("ホームページもご覧ください。", "ホームページで不同意の理由をご覧ください。"),
    ("This message has been scanned for viruses and dangerous content.", "This message is only a draft."),
    ("Virus-free. www.avast.com", "Consent-free. www.avast.com"),
    (
        "本メールの内容は組織の公式見解を示すものではありません。",
        "本メールの内容は私の本意を示すものではありません。",
    ),
    ("本メールは送信専用サーバを経由しています。", "本メールは代理の者を経由しています。"),
    ("当市では、本庁舎の移転に伴い住所が変わりました。", "当市では、庁議に伴い回答が変わりました。"),
    ("ふるさと納税で応援してください！", "取り下げで応援してください！"),
    (
        "働き方改革のため、17時15分以降の電話は自動音声となります。",
        "働き方改革のため、同意は自動入力となります。",
    ),
    ("ノー残業デー：毎週水曜日", "ノー同意デー：毎週水曜日"),
    ("ゼロカーボンシティ宣言のまち", "無効宣言のまち"),
    ("広報しゃり12月号配信中", "規約違反の投稿を検討中"),
    ("執務時間：午前8時30分から午後5時15分まで", "執務時間：午前中に同意を取り消す"),
    ("年末年始の休館日：12月28日～1月4日", "年末年始の同意：未定"),
    ("令和9年は市制施行100周年です。", "令和9年は同意しない年です。"),
    ("「海と生きるまち　宇部」", "「同意は保留　宇部」"),
    ("『人が輝く　緑豊かな里』", "『これは見本の文書です』"),
    ("公式Facebookページはこちら", "公式の条件付き同意はこちら"),
    ("ふるさと納税ポータルもご覧ください。", "下書きのポータルもご覧ください。"),
    ("移住・定住の情報を発信中！", "撤回の意思を発信中！"),
    ("健康ポイントアプリ登録受付中", "同意書の代筆受付中"),
    ("庁舎の移転に伴い、電話番号が変わりました。", "庁議の決定に伴い、同意の可否が変わりました。"),
    ("夜間の電話は自動音声での対応となります。", "夜間の回答は自動生成での対応となります。"),
    (
        "このメールは県の情報セキュリティクラウドで無害化されています。",
        "このメールは県の研修の課題で作られています。",
    ),
    ("本メールは組織としての公式見解を示すものではありません。", "本メールは本心を示すものではありません。"),
    (
        "This e-mail has been scanned by the mail security service.",
        "This e-mail has been written by my assistant.",
    ),
    (
        "This message was automatically filtered for spam and malware.",
        "This message was automatically generated as a test.",
    ),
    (
        "If you are not the intended recipient, please delete this message.",
        "If my boss does not agree, please delete this message.",
    ),
    ("Scanned by MailScanner", "Written by somebody else"),
    ("インフルエンザの予防接種を受けましょう", "規約の予防線を張りましょう"),
    ("市民まつりは11月3日開催！", "申請の取り消しは11月3日開催！"),
    ("節電にご協力ください。", "撤回にご協力ください。"),
]


@pytest.mark.parametrize("place", [IN, BELOW], ids=["in", "below"])
@pytest.mark.parametrize("said", [notice for notice, _ in NOTICES])
def test_a_notice_in_or_below_a_signature_limits_nothing(said: str, place: str) -> None:
    assert Consent.YES == parse_form(place.format(said)).consent


@pytest.mark.parametrize("place", [IN, BELOW], ids=["in", "below"])
@pytest.mark.parametrize("said", [turned for _, turned in NOTICES])
def test_its_twin_withholds_the_consent(said: str, place: str) -> None:
    assert Consent.YES != parse_form(place.format(said)).consent
