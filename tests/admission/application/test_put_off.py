"""A consent that is planned or postponed is no answer, which is requested again; a refusal stays a no."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent, Form
from gateway.admission.application.items.labels import Item
from gateway.admission.application.short_answer import read_short_answer

ITEMS = "区分：自治体\n団体名：見本町\n全国地方公共団体コード：990019\n部課名：総務課\n氏名：見本 花子\n"
LATER = """
はい、後日同意します
同意する予定です
後日同意します
後日、同意いたします。
はい、のちほど同意します
後ほど同意します
のちほど同意いたします
近日中に同意します
近いうちに同意します
来週同意します
来月同意する予定です
4月に同意します
着任後に同意します
異動後に同意します
上司に確認してから同意します
課長の了承を得てから同意します
規約を読んでから同意します
内容を確認したうえで、後日同意します
確認後に同意します
規約を確認次第、同意します
決裁後に同意します
決裁が下り次第同意します
同意は後日とします
同意は後日いたします
同意は来週します
同意については追って連絡します
追って同意します
改めて同意のご連絡をします
同意するつもりです
同意する見込みです
同意する方向です
同意する方向で検討しています
同意の方向で検討中です
同意予定
同意予定です
同意（予定）
同意見込み
同意する（予定）
同意する（後日）
同意する(決裁後)
同意する（上司の許可後）
まだ同意していません
まだ同意しておりません
まだ同意していませんが、これから同意します
これから同意します
今後同意します
同意を検討しています
同意するか検討中です
同意するかどうか検討中です
同意については検討中
同意は保留します
同意は保留とさせてください
同意は保留
いったん保留し、同意は後日にします
同意する（保留）
同意は少し待ってください
同意はもう少しお待ちください
規約を読み終えたら同意します
全部読めたら同意します
問題がなければ同意します
質問に回答いただければ同意します
回答をいただいた後に同意します
いずれ同意します
後日あらためて同意の意思をお伝えします
同意書を後日提出します
同意の可否は後日回答します
同意の有無は追って回答いたします
同意は参加時に行います
同意します（ただし後日）
I will agree later
I will agree next week.
I'm going to agree
I agree, but later
agree later
pending
I plan to agree
I intend to agree.
I have not agreed yet
I will agree after reading the rules
同意しようと思います
同意したいと思います
同意する考えです
そのうち同意します
同意するつもりでおります
まもなく同意します
明日同意します
本日中に同意します
同意は明日まで待ってください
はい、来週までに同意します
はい（後日）
はい、後日
はい、予定です
はい、あとで同意します
あとで同意します
後で同意する
同意する予定
同意予定（4月以降）
同意は、異動後に行う予定です
はい、来週中に同意します
同意は次回お送りします
同意します（予定）
同意の予定です
はい、同意予定です
はい、あらためて同意を連絡します
同意はのちほど
同意は後で
同意はあとからします
同意する気はあります
同意したい
同意を予定しております
同意する意向です
同意の意向です
同意したく、検討しております
上長の確認が取れたら同意します
正式な同意は後日となります
正式には後日同意します
同意は着任後
異動後同意
今は保留、後日同意
現時点では未同意
未同意
同意未定
同意は未定
まだ同意できていません
同意できる見込みです
同意できると思います
たぶん同意します
おそらく同意します
同意すると思います
同意するはずです
同意しますが、来月からです
同意しますが、正式な回答は後日です
来年度同意
追って、同意書を送付します
同意書は郵送します
別途同意します
別途、同意書を提出します
will agree
I'll agree after my boss has approved
I shall agree soon
We intend to agree
""".strip().splitlines()
NO = """
同意できません
同意しません
同意しない
同意いたしません
同意いたしかねます
同意は致しかねます
規約には同意できません
規約に同意しない
いいえ、同意しません
不同意
同意できかねます
第3条に納得できないため同意しません
内容が不明なので同意できません
I do not agree
I don't agree.
disagree
□同意する
□同意する ☑同意しない
[ ] 同意する
同意する　○同意しない
後日になっても同意できません
予定がないので同意できません
検討しましたが同意できません
検討の結果、同意いたしかねます
保留ではなく、同意しません
""".strip().splitlines()


@pytest.mark.parametrize("said", LATER)
def test_a_postponed_consent_is_no_answer(said: str) -> None:
    labelled, alone = parse_form(f"{ITEMS}規約への同意：{said}\n"), parse_form(f"{ITEMS}\n{said}\n")
    assert (Consent.ABSENT, "見本町") == (labelled.consent, labelled.organisation)
    assert Consent.ABSENT is alone.consent
    assert Form() == read_short_answer(said, (Item.CONSENT,))


@pytest.mark.parametrize("said", LATER)
def test_what_postpones_a_consent_beside_it_leaves_none(said: str) -> None:
    form = f"{ITEMS}規約への同意：同意します\n"
    if "同意" in said or "agree" in said:
        assert Consent.YES is not parse_form(f"{form}\n{said}\n").consent
        assert Consent.YES is not parse_form(f"{said}\n\n{form}").consent


@pytest.mark.parametrize("said", NO)
def test_a_refusal_stays_a_no(said: str) -> None:
    assert Consent.NO is parse_form(f"{ITEMS}規約への同意：{said}\n").consent


@pytest.mark.parametrize("words", ["□同意する", "□ 同意します", "・□同意する", "□はい、同意します"])
def test_an_empty_box_in_a_short_answer_is_no_consent(words: str) -> None:
    assert Consent.YES is not read_short_answer(words, (Item.CONSENT,)).consent


WHEN = ["後日", "のちほど", "後ほど", "来週", "追って", "決裁後に", "いずれ", "明日", "異動後に", "近日中に"]
DO = ["同意します", "同意する", "同意いたします", "規約に同意します", "同意する予定です", "はい、同意します"]


AROUND = ["{}", "{}。", "はい、{}", "{}（予定）"]


@given(st.sampled_from(WHEN), st.sampled_from(DO), st.sampled_from(["", "、"]), st.sampled_from(AROUND))
def test_a_time_to_come_before_a_consent_leaves_no_answer(
    when: str, do: str, comma: str, around: str
) -> None:
    said = around.format(f"{when}{comma}{do}")
    assert Consent.ABSENT is parse_form(f"{ITEMS}規約への同意：{said}\n").consent
