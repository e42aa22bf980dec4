"""Corrections in words, in a mail about a case: what changes the form, and what only resembles it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent, Form
from gateway.admission.application.short_answer import read_correction
from gateway.admission.case.model import Letter, State
from gateway.admission.intake.applicants.applicant import classify_reply
from gateway.mail.smtp.mailboxes import Purpose
from tests.admission.intake.test_classify import mail
from tests.support.factories import APPLICANT, FORM_TEXT, case

KNOWN = parse_form(FORM_TEXT.replace("見本 花子", "田中 花子") + "役職：主事\n")
# The mail, and what it corrects.
CORRECTS = """
訂正です。部課名は企画課です。 | department=企画課
訂正します。部課名は企画課です。 | department=企画課
訂正いたします。部署は総務課です。 | department=総務課
訂正：部課名は企画課です。 | department=企画課
【訂正】部課名は企画課です。 | department=企画課
部課名を訂正します。正しくは企画課です。 | department=企画課
部課名が間違っていました。企画課です。 | department=企画課
部課名が誤っていました。正しくは企画課です。 | department=企画課
部署名に誤りがありました。正しくは総務部企画課です。 | department=総務部企画課
申し訳ありません、部課名を間違えました。正しくは企画課です。 | department=企画課
部課名は正しくは企画課です。 | department=企画課
正しい部課名は企画課です。 | department=企画課
正しくは、部課名は企画課です。 | department=企画課
部課名の訂正です。企画課です。 | department=企画課
部課名の訂正をお願いします。正しくは企画課です。 | department=企画課
部課名を企画課に訂正してください。 | department=企画課
部課名を企画課に訂正します。 | department=企画課
部課名を企画課に訂正いたします。 | department=企画課
部課名を企画課に変更してください。 | department=企画課
部課名を企画課に修正をお願いします。 | department=企画課
部課名を情報政策課から企画課に訂正します。 | department=企画課
部課名は情報政策課ではなく企画課です。 | department=企画課
情報政策課ではなく企画課です。 | department=企画課
部課名を「企画課」に訂正してください。 | department=企画課
先ほどの申請の訂正です。部課名は企画課です。 | department=企画課
先ほどの申請に誤りがありました。部課名は企画課です。 | department=企画課
申請内容の訂正です。役職は主任です。 | title=主任
見本町の田中です。\\n訂正です。部課名は企画課です。\\nよろしくお願いいたします。 | department=企画課
お世話になっております。\\n部課名を訂正します。\\n正しくは企画課です。 | department=企画課
訂正です。団体コードは990027です。 | code=990027
団体コードを訂正します。990027です。 | code=990027
コードが間違っていました。正しくは990027です。 | code=990027
団体コードを990027に訂正してください。 | code=990027
団体コードは990019ではなく990027です。 | code=990027
コードの訂正です。正しくは990027です。 | code=990027
訂正です。氏名は田中 華子です。 | name=田中 華子
氏名を訂正します。正しくは田中 華子です。 | name=田中 華子
氏名の漢字が間違っていました。正しくは田中 華子です。 | name=田中 華子
氏名を田中 華子に訂正してください。 | name=田中 華子
名前は田中 花子ではなく田中 華子です。 | name=田中 華子
氏名は田中華子の誤りでした。 | name=田中華子
訂正です。団体名は例示町です。 | organisation=例示町
団体名を訂正します。正しくは例示町です。 | organisation=例示町
団体名を例示町に訂正してください。 | organisation=例示町
役職の訂正です。主任です。 | title=主任
役職を主任に訂正します。 | title=主任
役職は主事ではなく主任です。 | title=主任
訂正です。\\n部課名は企画課です。\\n役職は主任です。 | department=企画課; title=主任
訂正2点です。部課名は企画課です。役職は主任です。 | department=企画課; title=主任
以下のとおり訂正します。部課名は企画課です。 | department=企画課
次のとおり訂正をお願いします。\\n部課名は企画課です。 | department=企画課
訂正です。所属は企画課です。 | department=企画課
失礼しました。部課名は企画課です。 | department=企画課
すみません、部課名は企画課でした。 | department=企画課
部課名は企画課の誤りでした。 | department=企画課
課名を間違えました。企画課です。 | department=企画課
書き間違えました。部課名は企画課です。 | department=企画課
記入ミスです。部課名は企画課です。 | department=企画課
部課名は企画課です。訂正をお願いします。 | department=企画課
部課名は企画課です。お手数ですが訂正してください。 | department=企画課
Correction: my department is Planning Division. | department=Planning Division
訂正です。部課名：企画課 | department=企画課
部課名：企画課 | department=企画課
訂正です。部課名は、企画課でございます。 | department=企画課
訂正です。部署名は企画課になります。 | department=企画課
部課名に誤りがありましたので訂正します。正しくは企画課です。 | department=企画課
部課名を間違えていました。企画課が正しいです。 | department=企画課
部署名の訂正をお願いいたします。企画課です。 | department=企画課
大変失礼しました。部課名は企画課が正しいです。 | department=企画課
先ほどの部課名は誤りで、正しくは企画課です。 | department=企画課
部課名に間違いがございました。正：企画課 | department=企画課
誤：情報政策課\\n正：企画課 | department=企画課
部課名を情報政策課としましたが、正しくは企画課です。 | department=企画課
部課名が情報政策課となっていますが、企画課の誤りです。 | department=企画課
部課名は企画課に変わりました。 | department=企画課
部課名が企画課に変更になりました。 | department=企画課
異動により部課名が企画課になりました。 | department=企画課
役職は主任になりました。 | title=主任
氏名の漢字は「田中 華子」です。 | name=田中 華子
氏名は「田中 華子」が正しいです。 | name=田中 華子
コードは990027の間違いでした。 | code=990027
団体コード、正しくは990027です。 | code=990027
部課名、正しくは企画課です。 | department=企画課
部署は企画課です。失礼しました。 | department=企画課
部署は企画課でした。申し訳ありません。 | department=企画課
訂正：部課名→企画課 | department=企画課
部課名を以下に訂正します。\\n企画課 | department=企画課
部課名を下記のとおり訂正願います。\\n企画課 | department=企画課
部課名の記載を企画課に修正願います。 | department=企画課
部課名は企画課に訂正願います。 | department=企画課
恐れ入りますが、部課名を企画課に訂正していただけますでしょうか。 | department=企画課
部課名を企画課へ修正いただけますか。 | department=企画課
先日の申請について訂正いたします。部課名は企画課です。 | department=企画課
訂正がございます。部課名は企画課です。 | department=企画課
一点訂正です。部課名は企画課です。 | department=企画課
1点訂正がありました。部課名は企画課です。 | department=企画課
訂正させてください。部課名は企画課です。 | department=企画課
部課名だけ訂正します。企画課です。 | department=企画課
""".strip().splitlines()
CORRECTS_NOTHING = """
部課名は企画課ではありません。
部課名は企画課ですか。
部課名は企画課でよろしいですか。
部課名は来月から企画課です。
部課名は4月から企画課になります。
訂正です。部課名は4月から企画課です。
鈴木の部課名は企画課です。
鈴木さんの部課名は企画課です。
上司の部課名は企画課です。
訂正です。鈴木の部課名は企画課です。
訂正です。後任の氏名は鈴木一郎です。
部課名を企画課に訂正した方がよいですか。
部課名を企画課に訂正しないでください。
部課名を企画課に変更する予定です。
部課名を企画課に変更するかもしれません。
部課名は企画課か総務課です。
部課名が企画課に変わるかもしれません。
部課名は企画課でした。今は情報政策課です。
以前の部課名は企画課です。
前の部課名は企画課でした。
旧部課名は企画課です。
訂正ではありません。部課名は企画課です。
訂正は不要です。部課名は企画課です。
訂正前の部課名は企画課です。
例えば部課名は企画課です。
部課名は企画課という名前も候補です。
部課名は企画課です、と書いた方がいいですか。
「部課名は企画課です」と書けばよいですか。
もし異動したら部課名は企画課です。
異動した場合、部課名は企画課です。
部課名は企画課になる予定です。
部課名は企画課のままです。
部課名の訂正方法を教えてください。
訂正です。規約に同意します。鈴木
訂正はどうすればよいですか。部課名は企画課です。
訂正です。部課名は企画課です。部課名は総務課です。
訂正です。部課名は企画課です。費用はかかりますか。
訂正です。部課名は企画課です。ただし4月までは情報政策課です。
友人の訂正です。部課名は企画課です。
鈴木一郎の申請の訂正です。部課名は企画課です。
団体コードは職員番号123456ではなく990019です。
電話は990027です。
訂正です。電話番号は990027です。
コードは990027ではありません。
コードは990027か990035です。
情報政策課から企画課に異動する予定です。
来年、企画課に異動します。
企画課にも確認してください。
企画課が担当です。
部課名を企画課に訂正するのは鈴木です。
部課名は企画課ではなく情報政策課です。
部課名は情報政策課です。企画課ではありません。
訂正です。
訂正します。
正しくは企画課です。
企画課に連絡済みです。
訂正です。部課名は後日連絡します。
訂正です。部課名は未定です。
訂正です。部課名は不明です。
訂正です。氏名は後任が決まり次第です。
部課名が企画課なら教えてください。
鈴木が企画課になりました。
課長が企画課です。
担当者が鈴木 一郎です。
担当者は田中 一郎です。
担当者名は田中 一郎です。
申請者は田中 一郎です。
役職が主任になる予定です。
部課名の変更は企画課にお願いしています。
部課名を企画課に変更する場合の手続きを教えてください。
部課名を企画課に変更していただけますか、まだ未定ですが。
部課名を企画課に変更できますか。
部課名が企画課となっておりますが、問題ありません。
正しくは企画課ではない。
総務課\\n田中花子
部課名の訂正方法について\\n企画課
部課名を変更します。\\n\\n見本町企画課\\n田中花子
部課名を変更します。\\n追って連絡します。\\n企画課です。
部課名の訂正をお願いした鈴木です。企画課です。
誤：総務課\\n正：企画課
部課名は企画課になりませんでした。
部課名は企画課にならないそうです。
異動により鈴木が企画課になりました。
4月に部課名が企画課になります。
来月部課名が企画課になります。
部課名は企画課になりそうです。
部課名が企画課になったら連絡します。
部課名は企画課にしたいです。
部課名を企画課にしてもよいですか。
前任の部課名は企画課でした。
上司の役職は主任です。
役職は主任ではありません。
氏名は田中 花子の代わりに鈴木です。
氏名は鈴木一郎に変わりました。
団体名は例示町に合併予定です。
部課名を情報政策課としましたが、企画課かもしれません。
部課名を情報政策課としましたが、正しくは後日連絡します。
部課名が間違っていました。後日連絡します。
部課名が間違っていました。調べます。
訂正です。鈴木一郎です。
訂正です。企画課です。
氏名を鈴木 一郎に訂正してください。
訂正です。氏名は鈴木 一郎です。
""".strip().splitlines()


def correct(words: str) -> dict[str, str]:
    """The items of the case that a mail changes."""
    text = words.replace("\\n", "\n")
    about = case(State.UNDER_REVIEW, form=KNOWN)
    event = classify_reply(mail(APPLICANT, Purpose.CASE, text), (), about, answers=Letter.ACKNOWLEDGMENT)
    form = getattr(event, "form", Form())
    said = {name: str(getattr(form, name)) for name in Form.__slots__}
    return {name: value for name, value in said.items() if value not in {"", "absent", getattr(KNOWN, name)}}


@pytest.mark.parametrize("row", CORRECTS)
def test_a_sentence_corrects_an_item(row: str) -> None:
    words, said = row.split(" | ")
    assert dict(one.split("=") for one in said.split("; ")) == correct(words)


@pytest.mark.parametrize("words", CORRECTS_NOTHING)
def test_a_lookalike_corrects_nothing(words: str) -> None:
    assert {} == correct(words)


WORDS = "訂正です。|部課名|氏名|は|を|に|企画課|主任|田中 花子|990027|です。|ではなく|訂正します。"


@given(st.lists(st.sampled_from(WORDS.split("|")), max_size=9))
def test_a_corrected_value_was_written_and_no_consent_is_given(pieces: list[str]) -> None:
    words = "".join(pieces)
    said = read_correction(words, KNOWN)
    assert Consent.ABSENT is said.consent
    assert all(str(getattr(said, name)) in words for name in Form.__slots__ if name != "consent")
