"""What a writer's office does, beside a form with consent, and its twin about the application or another."""

from __future__ import annotations

import pytest

from gateway.admission.application.consent.below.letter.aims import is_aim
from gateway.admission.application.consent.below.letter.duties import is_duty
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent
from tests.admission.application.beside_a_form import ABOVE, BELOW

# What somebody does, wants to learn or took over, and a twin that must not count.
DUTIES = [
    (
        "災害対応のデジタル化について、近隣の自治体の取り組みを知りたく参加を希望します。",
        "災害対応のデジタル化について、近隣の自治体の取り組みを知りたく参加を希望しますが、規約は読んでおりません。",
    ),
    (
        "窓口業務の見直しや、住民の方への案内の書き方についても学びたいと考えております。",
        "規約の見直しや、同意欄の書き方についても学びたいと考えております。",
    ),
    (
        "当課では窓口の混雑緩和に取り組んでおり、他市町村の皆様と意見交換をさせていただきたいと考えております。",
        "当課では参加の可否に取り組んでおり、上司の許可を得たく存じます。",
    ),
    (
        "庁内の文書管理の電子化を進めており、先に取り組まれた団体の方のお話を伺いたいと思っております。",
        "先にお話を伺ってから決めたいと思っております。",
    ),
    (
        "データを使った政策づくりに関心があり、応募いたしました。",
        "上司が関心を持ち、私の名前で応募いたしました。",
    ),
    ("若手職員の育成の参考にさせていただきます。", "同意するかどうかの参考にさせていただきます。"),
    ("また、当町の取組もご紹介できればと思います。", "後任をご紹介できればと思います。"),
    ("その準備にも役立てたいと考えております。", "その申込みについて知りたいと考えております。"),
    ("皆様と一緒に学んでいければ幸いです。", "予算が付けばご一緒させていただければ幸いです。"),
    ("業務ではGIGAスクール端末の管理をしています。", "係員の申込みの管理をしています。"),
    ("係は3名体制で、情報システムと統計を兼務しております。", "課の共用アカウントと統計を兼務しております。"),
    ("来年度、当市で全国大会を開催する予定です。", "来年度、規約への同意を実施する予定です。"),
    ("住民サービスの向上に努めております。", "規約への同意の普及に努めております。"),
    ("道路台帳の電子化を担当しております。", "申込みの受付を担当しております。"),
    ("前任の岡部に代わり、今月から担当しています。", "課長に代わり、今月から担当しています。"),
    ("前任者の異動に伴い、4月より私が担当となりました。", "前任者の異動に伴い、前任の名前で申し込みました。"),
    ("当市では私のほかに2名がすでに参加しております。", "当市では参加を見合わせております。"),
    ("庁舎の移転のため、12月から電話番号が変わります。", "方針の変更のため、12月から気持ちが変わります。"),
    ("電話は 0000-00-0000（内線 234）です。", "電話で確認が取れてからです。"),
    ("学校給食費の公会計化を任されております。", "同僚の申込みを任されております。"),
    ("今後の業務に生かすため、積極的に参加してまいります。", "条件が合えば、積極的に参加してまいります。"),
    ("メールは毎朝確認しています。", "メールは別の者が確認しています。"),
    ("当課は5名で、うち2名が情報担当です。", "当課は5名で、うち2名が参加に反対です。"),
    ("チャットボットの導入に向けて準備を進めています。", "参加の取りやめに向けて準備を進めています。"),
    ("省内の横断的なデータ活用に携わっています。", "省内の判断を待つ調整に携わっています。"),
    (
        "先月の交流会では貴重なお話をありがとうございました。",
        "先月の交流会で決めましたが、参加を見送ります。",
    ),
    ("夜間の送信となり失礼いたします。", "下書きの送信となり失礼いたします。"),
    ("お電話で伺ったとおりに記入しました。", "課長に言われたとおりに記入しました。"),
    ("ありがとうございました。", "ありがとうございました。やはり見送ります。"),
    (
        "I work in the tax section and am interested in how AI is used.",
        "I am interested in the section on liability.",
    ),
    ("I work for the city.", "I work for against it."),
    ("My office runs the city's disaster information system.", "My office runs this application as a drill."),
    ("We want to hear how other cities handle it.", "We want to hear from the legal team first."),
    ("I look after the open data portal of our city.", "I look after the applications of my colleagues."),
    ("規約も自分で読みました。", "規約は自分では読んでおりません。"),
    ("規約は事前に読んでおります。", "規約は途中まで読んでおります。"),
    ("規約等も併せて確認いたしました。", "規約等は併せて確認する予定です。"),
    ("規約を一通り読み、問題ないことを確認しました。", "規約を一通り読み、問題があることを確認しました。"),
    ("参加規約の内容を承知の上で申し込みます。", "参加規約の内容を承知しないまま申し込みます。"),
    ("受付が済みましたら一報いただけると幸いです。", "上司の決裁が済みましたら一報いたします。"),
    (
        "雪の季節で郵便が遅れがちですので、ご連絡はメールでいただけますと助かります。",
        "まだ決めておりませんので、ご連絡はメールでいただけますと助かります。",
    ),
    (
        "窓口の当番ですので、お電話は夕方以降にお願いいたします。",
        "規約に納得できませんので、お電話は夕方以降にお願いいたします。",
    ),
    ("I have read the terms in full.", "I have read the terms in part."),
    ("My phone extension is 2210.", "My phone extension is off until I decide."),
    ("I am out of the office on Fridays.", "I am out of the community on Fridays."),
    ("Please let me know if anything is missing.", "Please let me know if my boss is fine with it."),
    ("それでは失礼いたします。", "それでは辞退いたします。"),
    ("お騒がせして申し訳ございません。", "お騒がせしましたが、申込みは間違いでした。"),
    ("返信が遅れましたらご容赦ください。", "同意が遅れましたらご容赦ください。"),
    ("再度のご連絡となり恐縮です。", "再度の検討となり恐縮です。"),
    ("電話ではご丁寧にありがとうございました。", "電話では同意できないとお伝えしました。"),
    ("国の職員ですので、団体コードは空欄としました。", "国の職員ですので、同意は空欄としました。"),
    ("中央省庁のため、コードの欄は空けてあります。", "検討中のため、同意の欄は空けてあります。"),
    ("ご承認くださいますようお願いいたします。", "上司が承認しましたらお願いいたします。"),
    ("先輩の退職に伴い、後任として担当になりました。", "先輩に代わり、後任として申し込みました。"),
    ("With many thanks in advance.", "With many doubts in advance."),
    ("Have a good week!", "Have a good laugh, I was joking!"),
    ("The terms are clear to me and I accept them.", "The terms are clear to me and I reject them."),
    ("Slackは初めてですが、よろしくお願いいたします。", "Slackは試しですが、よろしくお願いいたします。"),
    ("防災訓練の企画を担当しています。", "訓練の送信を担当しています。"),
    ("庁内のメールシステムの運用を担当しています。", "メールの訓練を担当しております。"),
    ("議会の中継の運営を担当しています。", "なりすまし役を担当しています。"),
    ("文書管理を担当しています。", "文例の作成を担当しています。"),
    ("私が担当しております。", "隣の課の職員が担当しております。"),
    ("企画課が担当しております。", "同僚が担当しております。"),
]


@pytest.mark.parametrize("place", [ABOVE, BELOW], ids=["above", "below"])
@pytest.mark.parametrize("said", [duty for duty, _ in DUTIES])
def test_what_an_office_does_limits_nothing(said: str, place: str) -> None:
    assert Consent.YES == parse_form(place.format(said)).consent


@pytest.mark.parametrize("said", [turned for _, turned in DUTIES])
def test_its_twin_below_a_form_withholds_the_consent(said: str) -> None:
    assert Consent.YES != parse_form(BELOW.format(said)).consent


# Every predicate, behind every object that is of the application, another person or a condition.
OBJECTS = [
    "規約",
    "利用規約の条文",
    "同意",
    "この申込み",
    "その申込み",
    "その回答",
    "参加の是非",
    "参加の取りやめ",
    "退会",
    "辞退の意思",
    "同意の撤回",
    "佐藤の分",
    "係長の名前",
    "他人の名義",
    "上司の許可",
    "同意の条件",
    "第3条",
    "例外",
    "仮の申込み",
    "下書き",
    "見本",
    "架空の団体",
    "匿名の参加",
    "後任の参加",
    "検討中の参加",
    "課員全員での利用",
    "予算が付けば参加",
    "課長が認めれば参加",
    "部長の決裁",
]
WISHES = [
    "を学びたいと考えております",
    "について知りたく参加を希望します",
    "をご紹介できればと思います",
    "を交換させていただきたいと考えております",
    "の参考にさせていただきます",
    "に関心があり、応募いたしました",
]
WORKS = [
    "を担当しております",
    "に取り組んでおります",
    "の運営をしています",
    "を実施する予定です",
    "の推進を行っております",
]


# What a mail consists of, and how it is made up: somebody works on that, too.
MADE_UP = [
    *("訓練の送信", "標的型メール", "文例の作成", "なりすまし役", "読み上げ係のロボット", "模擬の返信"),
    *("架空の団体", "ダミーの名簿", "台本の読み合わせ", "民間の立場での活動"),
]


@pytest.mark.parametrize("work", MADE_UP)
@pytest.mark.parametrize("place", [ABOVE, BELOW], ids=["above", "below"])
def test_whoever_makes_mails_up_is_for_the_staff(work: str, place: str) -> None:
    said = [parse_form(place.format(f"{work}{does}。")).consent for does in WORKS[:1] + WORKS[2:]]
    assert Consent.YES not in said


@pytest.mark.parametrize(
    "who", ["隣の課の職員", "同僚", "係の後輩", "委託業者", "佐藤", "前任者", "隣席の者"]
)
@pytest.mark.parametrize("does", ["が担当しております。", "が対応しています。", "が運用を担当しております。"])
def test_somebody_else_in_charge_is_for_the_staff(who: str, does: str) -> None:
    assert Consent.YES is not parse_form(ABOVE.format(who + does)).consent
    assert Consent.YES is not parse_form(BELOW.format(who + does)).consent


@pytest.mark.parametrize("said", OBJECTS)
def test_no_predicate_makes_an_aim_of_the_application(said: str) -> None:
    assert not [one for one in WISHES if is_aim(said + one) or is_duty(said + one)]


@pytest.mark.parametrize("said", [*OBJECTS, "参加", "職員の申込み", "登録", "入会手続", "招待", "応募者"])
def test_no_predicate_makes_a_duty_of_the_application(said: str) -> None:
    assert not [one for one in WORKS if is_aim(said + one) or is_duty(said + one)]
