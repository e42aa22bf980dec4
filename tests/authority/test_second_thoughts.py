"""Second thoughts below a consent that name nothing, and daily fare that takes none back."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.admission.application.consent.below.affairs import is_own_affair, is_own_affair_en
from gateway.admission.application.consent.below.asking.requests import is_about_item
from gateway.admission.application.consent.below.background import is_past
from gateway.admission.application.consent.below.courtesy import is_courtesy
from gateway.admission.application.consent.below.letter.aims import is_aim
from gateway.admission.application.consent.below.letter.duties import is_duty
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

FORM = "区分：自治体\n団体名：見本町\n部課名：危機管理室\n氏名：試作 葉子\n"
AGREED = f"{FORM}規約への同意：同意する\n\n"


@pytest.mark.parametrize(
    "said",
    [
        "気が変わりました。",
        "少し待ってください。",
        "なんてね。",
        "うっそー",
        "忘れてください。",
        "先ほどの回答は間違いです。",
        "上の回答は無効です。",
        "もう少し考えさせてください。",
        "検討中です。",
        "まだ決めていません。",
        "でも、ちょっと。",
        "やっぱりいいです。",
        "今のはなしで。",
        "課長が戻ってからにします。",
        "4月になったら有効とします。",
        "迷っています。",
        "自信がありません。",
        "反対です。",
        "本心ではありません。",
        "誤って書きました。",
        "テストです。",
        "練習です。",
        "Just testing.",
        "Wait.",
        "I changed my mind.",
        "Please ignore the above.",
        "Not really.",
        "Actually, no.",
        "Sorry, wrong answer.",
        "Never mind.",
        "追って連絡します。",
        "上司の了解を得てから正式に回答します。",
        "様子を見ます。",
        "前言撤回。",
        "それは嘘です。",
        "これは冗談です。",
        "今は無理です。",
        "納得していません。",
        "内容は読んでいません。",
        "仮の回答です。",
        "後で直します。",
        "回答は変更するかもしれません。",
        "いったん白紙で。",
        "条件付きです。",
        "同意は条件付きです。",
        "さっきのは無視して。",
        "訂正します。",
        "いや、やめます。",
        "未定です。",
        "ごめんなさい、違います。",
        "違います。",
        "誰かが勝手に書きました。",
        "部長の決裁後に有効です。",
        "答えは来週変わります。",
        "考え中",
        "保留",
        "ふざけて書きました。",
        "本当はいやです。",
        "嫌です。",
        "だめです。",
        "不本意です。",
        "形だけです。",
        "とりあえず書きました。",
        "一応です。",
        "仮です。",
        "下書きです。",
        "案です。",
        "見本です。",
        "書き方の例です。",
        "この欄は無効です。",
        "この回答は後日差し替えます。",
        "参加は見送ります。",
        "辞めます。",
        "参加しません。",
        "申請はしません。",
        "送信ミスです。",
        "途中です。",
        "まだ途中です。",
        "記入途中です。",
        "半分だけ。",
        "一部です。",
    ],
)
@pytest.mark.parametrize("between", ["", "お世話になります。\n", "\n\n\n", "-- \n"])
def test_a_second_thought_leaves_no_consent(said: str, between: str) -> None:
    assert Consent.YES is not parse_form(AGREED + between + said).consent


@pytest.mark.parametrize(
    "said",
    [
        "業務で使います。",
        "利用目的は情報の共有です。",
        "お手数をおかけしますが、よろしくお願いいたします。",
        "ご連絡をお待ちしております。",
        "-- \n見本町役場 危機管理室\n試作 葉子\nTEL 0155-11-2233",
        "ふるさと納税受付中です！",
        "節電にご協力ください。",
        "不明な点がございましたらご連絡ください。",
        "ご不明な点がありましたらお知らせください。",
        "何かあれば下記までご連絡ください。",
        "ご査収ください。",
        "添付ファイルはありません。",
        "※このメールはインターネット経由で送信されています。",
        "複数名での申請は別途お送りします。",
        "以上、よろしくお願いいたします。",
        "このメールに心当たりのない方は削除してください。",
        "ご検討のほどよろしくお願いいたします。",
        "同じ課の鈴木も別に申請いたします。",
        "電話は平日9時から17時までにお願いします。",
        "差し支えなければご教示ください。",
        "お忙しいところ恐縮ですが、よろしくお願いいたします。",
        "iPhoneから送信",
        "Sent from my iPhone",
        "This e-mail is confidential. If you are not the intended recipient, please delete it.",
        "お急ぎの場合は電話でお願いします。",
        "至らない点もあるかと存じますが、よろしくお願いします。",
    ],
)
def test_daily_fare_leaves_the_consent(said: str) -> None:
    assert Consent.YES is parse_form(AGREED + said).consent


@pytest.mark.parametrize(
    "value",
    [
        "同意する（2027年4月1日改定）",
        "同意する（令和9年4月1日改正）",
        "同意する 2027年4月1日改定",
        "同意する、",
        "同意します、",
        "はい、",
    ],
)
def test_a_broken_off_answer_and_a_date_of_revision_are_no_plain_yes(value: str) -> None:
    assert Consent.YES is not parse_form(f"{FORM}規約への同意：{value}").consent


STATEMENTS = (
    "課長に聞いてみます。",
    "上の者に諮ります。",
    "来週決めます。",
    "正式には別途回答します。",
    "審査会の結果を見て回答します。",
    "家族と話し合います。",
    "気持ちが揺れています。",
    "本気にしないでください。",
    "内容を読んでから決めます。",
    "室長が首を縦に振りません。",
    "法務に見てもらいます。",
    "書いてみただけです。",
    "部分的にです。",
    "2099年版",
    "2099年版に限ります。",
    "次の版からお願いします。",
    "今回は見送ります。",
    "今日のところは。",
    "組織としては別です。",
    "個人としてのみです。",
    "第三者の意見を聞きます。",
    "回答は鈴木が書きました。",
    "私の意思ではありません。",
    "押し間違えました。",
    "選択を誤りました。",
    "逆です。",
    "反対の意味です。",
    "一応書きました。",
    "形式上です。",
    "市としては未定です。",
    "課で話し合います。",
    "稟議中です。",
    "回覧中です。",
    "審議中です。",
    "起案中です。",
    "合議を経て決定します。",
    "有効期間は1日です。",
    "明日までです。",
    "取り扱いは後日連絡します。",
    "別紙のとおりです。",
    "別紙を優先します。",
    "口頭での説明を優先します。",
    "読めませんでした。",
    "リンクが開けません。",
    "文書課が確認します。",
    "代理で書きました。",
    "他の職員が記入しました。",
    "内容には触れません。",
    "実際は異なります。",
    "本当の回答は別に送ります。",
    "I will ask my boss.",
    "My boss decides.",
    "Let me read it first.",
    "Partly.",
    "Only partly.",
    "As of 2099.",
    "The legal team must see it.",
    "Someone else wrote this.",
    "See attachment.",
    "Half of it.",
    "Reply follows.",
    "We will decide next week.",
    "利用の可否は課で決めています。",
    "参加は所属の方針によります。",
    "利用は部署で協議しています。",
    "登録はこれからにします。",
    "申請は課長に任せています。",
    "参加するかは明日決めます。",
    "上長に相談しています。",
    "利用は来年度からを考えています。",
    "情報システム課が反対しています。",
    "庁内で議論しています。",
    "職場の許可が出ていません。",
    "業務で使うときだけです。",
    "利用は試しにしています。",
    "登録はお試しです。",
    "参加は様子を見ています。",
    "職員組合と話しています。",
    "室内で合意できていません。",
    "所属で精査中です。",
    "部署の意向を確認しています。",
    "連絡があるまでお待ちください。",
    "メールでの正式な回答をお待ちください。",
    "電話で断りました。",
    "担当が不在です。",
    "担当課の意向とは別です。",
    "あくまで担当者の意見です。",
    "個人の見解です。",
    "組織の回答ではありません。",
    "参加を再度考えています。",
    "業務命令でそう書いています。",
    "書かされています。",
    "読み飛ばしました。",
    "全部は読めていません。",
    "申請を急いでいたので書きました。",
    "条項の一部は守れません。",
    "情報の公開部分は外してください。",
    "自分の情報は使わないでください。",
    "メールは送らないでください。",
    "システム部門の審査がありました。",
    "登録はしなくて構いません。",
    "参加は他の者がいたします。",
    "この申請は同僚が書きました。",
    "部下が入力しました。",
    "AIが書きました。",
    "来週改めて申請します。",
    "改めて申請します。",
    "申請をやり直します。",
    "別の申請を出します。",
    "申請書を差し替えます。",
    "利用期間は1か月です。",
    "利用は今月末までです。",
    "利用は三月限りです。",
    "見学だけの参加です。",
    "閲覧のみの利用です。",
    "情報は出しません。",
    "自治体としては参加できません。",
    "会議にかけます。",
    "会議で諮っています。",
    "庁議に付しています。",
    "決裁は来週です。",
    "市長の判断を仰いでいます。",
    "議会に諮ります。",
    "顧問弁護士に確認しています。",
    "総務課に照会しています。",
    "It depends on my colleagues.",
    "My colleague will confirm.",
    "The city decides.",
    "Our government is discussing it.",
    "I am using this to see what happens.",
    "The system filled this in.",
    "I will contact you again.",
    "We share this with our lawyer.",
    "Best to treat this as open.",
    "My work forbids it.",
    "業務で使いますが、同僚次第です。",
    "業務で使いますが、どうでしょう。",
    "課長判断",
    "別紙参照",
    "審議中",
    "半分本気",
    "よく分かりません。",
    "partly",
    "we will decide",
    "this e-mail is a draft, the recipient decides",
    "このメールの回答は仮です。",
    "承認されたらご連絡ください。",
    "課長が決めるまでご連絡ください。",
    "本メールは送信していません。",
)
OWN_AFFAIRS = (
    "業務で使います。",
    "利用目的は情報の共有です。",
    "防災の担当をしています。",
    "他の自治体の取組を参考にしたいです。",
    "災害対応の情報を共有したく、申請いたします。",
    "デジタル化を担当しています。",
    "庁内の情報共有に活用します。",
    "よろしくお願いいたします。",
    "何卒よろしくお願い申し上げます。",
    "お手数をおかけします。",
    "初めて申請します。",
    "昨年度から危機管理室に所属しています。",
    "同僚の紹介で知りました。",
    "県の研修で紹介されました。",
    "総務省の会議で伺いました。",
    "全国の事例を学びたいと思っています。",
    "メールは毎日確認しています。",
    "電話は午後が確実です。",
    "職場の代表番号は0155-11-2233です。",
    "セキュリティの関係で添付は開けません。",
    "当町では防災アプリを導入しています。",
    "業務上の相談をしたいです。",
    "庁内LANからの利用を予定しています。",
    "参加を楽しみにしています。",
    "ご審査のほどよろしくお願いいたします。",
    "申請いたしますので、よろしくお願いいたします。",
    "I work on disaster response.",
    "Looking forward to joining.",
    "I would like to share our experience.",
    "My colleague recommended this community.",
    "子育て支援センターまつり開催中！",
    "6月は環境月間です。",
    "マイナンバーカードの申請はお早めに！",
    "熱中症にご注意ください。",
    "防災の仕事をしており、他市の事例を知りたいです。",
    "住民対応の参考にします。",
    "生成AIの活用を進めています。",
    "議会事務局で広報を担当しています。",
    "避難所の運営について学びたいと考えています。",
    "窓口業務の改善に役立てます。",
    "当市のDX推進計画を担当しています。",
    "職員数は120名です。",
    "一人情シスです。",
    "4月に異動してきました。",
    "新任の担当です。",
    "公用のメールアドレスから送っています。",
    "ご不明な点があればご連絡ください。",
    "お忙しいところ恐れ入ります。",
    "お忙しいところ恐縮ですが、よろしくお願いします。",
    "どうぞよろしくお願いいたします。",
    "申請書は以上です。",
    "必要な書類があればお知らせください。",
    "貴会の活動にいつも助けられています。",
    "ホームページを見て申請しました。",
    "友人から聞きました。",
    "地方創生の担当者です。",
    "今年度から文書管理システムを導入しました。",
    "職場の電話は直通です。",
    "暑い日が続きますが、ご自愛ください。",
    "We use it at work.",
    "I heard about this community from a colleague.",
    "I am in charge of disaster prevention.",
    "Thank you for your time.",
    "I look forward to hearing from you.",
)


@pytest.mark.parametrize("said", STATEMENTS)
@pytest.mark.parametrize("gap", ["", "\n", "\n\n"])
def test_a_statement_that_is_not_understood_leaves_no_consent(said: str, gap: str) -> None:
    assert Consent.YES is not parse_form(f"{AGREED.strip()}。{gap}{said}").consent


@pytest.mark.parametrize("said", OWN_AFFAIRS)
def test_what_is_said_of_the_writers_own_work_leaves_the_consent(said: str) -> None:
    assert Consent.YES is parse_form(AGREED + said).consent


_KANJI = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=6)
_ENDS = (
    "します。",
    "しています。",
    "です。",
    "でした。",
    "に任せます。",
    "がいます。",
    "してから。",
    "したら。",
    "かも",
    "ね",
    "よ",
)


@given(_KANJI, st.sampled_from("はがをにも"), _KANJI, st.sampled_from(_ENDS))
def test_a_consent_counts_only_where_every_statement_below_it_is_understood(
    about: str, link: str, done: str, end: str
) -> None:
    """Any words at all: what is not wholly of the closed set leaves no consent."""
    said = f"{about}{link}{done}{end}"
    understood = (is_own_affair, is_courtesy, is_about_item, is_duty, is_aim, is_past)
    assume(not any(is_known(said.strip("。")) for is_known in understood))
    assert Consent.YES is not parse_form(AGREED + said).consent


NUMERALS = frozenset("一二三四五六七八九十")


@given(_KANJI, st.data())
def test_one_word_more_makes_a_known_statement_not_understood(word: str, data: st.DataObject) -> None:
    """A word that is not of the closed set, wherever it stands in a sentence that is.

    What somebody is in charge of or makes use of may be called anything: `is_duty` says what it may not be.
    Posts and offices are words of a closed set of their own, `is_past`: 防災係長の担当をしています.
    """
    said = data.draw(
        st.sampled_from(["業務で使います", "防災の担当をしています", "他の自治体の取組を参考にします"])
    )
    at = data.draw(st.integers(0, len(said)))
    whole = said[:at] + word + said[at:]
    assume(not any(is_own_affair(word + rest) for rest in ("です", "に")))
    assume(at or word not in NUMERALS)  # the number of a line is no word
    assume(not is_duty(whole) and not is_past(whole))
    assert not is_own_affair(whole)
    assert Consent.YES is not parse_form(f"{AGREED}{whole}。").consent


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=9))
def test_one_word_more_in_english_is_not_understood_either(word: str) -> None:
    assume(not is_own_affair_en(word))
    assert Consent.YES is not parse_form(f"{AGREED}I use it at work {word}.").consent
