"""Short answers in which people say who they are, or agree in one word; a lookalike fills nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Form
from gateway.admission.application.items.labels import Item
from gateway.admission.application.short_answer import read_short_answer
from gateway.admission.application.unlabelled.self_named import is_full_name
from gateway.admission.case.model import Letter, State
from gateway.admission.intake.applicants.applicant import classify_reply
from gateway.mail.smtp.mailboxes import Purpose
from tests.admission.intake.test_classify import mail
from tests.support.factories import APPLICANT, FORM_TEXT, case

KNOWN = parse_form(FORM_TEXT.replace("見本 花子", "田中 花子"))
# The items that the letter asked for, the answer, and what it fills.
FILLS = """
name | 田中花子です。 | name=田中花子
name | 田中花子 | name=田中花子
name | 田中花子と申します。 | name=田中花子
name | 失礼しました。田中花子と申します。 | name=田中花子
name | 佐藤健太です。よろしくお願いします。 | name=佐藤健太
name | 高橋優です。 | name=高橋優
name | 佐々木翔太です | name=佐々木翔太
name | 長谷川直樹でございます。 | name=長谷川直樹
name | 林太郎です。 | name=林太郎
name | 氏名は鈴木一郎です。 | name=鈴木一郎
name | 名前は中村美咲です。 | name=中村美咲
name | 記入漏れでした。伊藤博文です。 | name=伊藤博文
name | お世話になっております。\\n小林健一です。\\nよろしくお願いいたします。 | name=小林健一
name | 和泉さくらです。 | name=和泉さくら
name | 山本さくらです。 | name=山本さくら
name | 渡辺ゆきこです。 | name=渡辺ゆきこ
name | 見本花子です。 | name=見本花子
name | 田中　花子です | name=田中　花子
name | 氏名\\n田中花子 | name=田中花子
name | フルネームは吉田真理です。 | name=吉田真理
name | 私は加藤翔と申します。 | name=加藤翔
name | 私の氏名は清水亮です。 | name=清水亮
name | 企画課の田中花子です。 | name=田中花子
name | 見本町企画課の田中花子です。 | name=田中花子
name | 見本町役場の山田太郎と申します。 | name=山田太郎
consent | 同意で。 | consent=yes
consent | 同意でお願いします。 | consent=yes
consent | OKです | consent=yes
consent | ok | consent=yes
consent | OK | consent=yes
consent | オーケーです。 | consent=yes
consent | ＯＫです。 | consent=yes
consent | はい、OKです。 | consent=yes
consent | 規約OKです | consent=yes
consent | 了解しました。同意します | consent=yes
consent | 了解しました。同意します。 | consent=yes
consent | 承知しました。規約に同意します。 | consent=yes
consent | はい(同意) | consent=yes
consent | はい（同意） | consent=yes
consent | はい（同意します） | consent=yes
consent | はい（同意する） | consent=yes
consent | 同意（はい） | consent=yes
consent | はい、同意です。 | consent=yes
consent | 同意です。 | consent=yes
consent | かしこまりました。同意いたします。 | consent=yes
consent | yes | consent=yes
consent | Yes, agreed. | consent=yes
consent | はい。 | consent=yes
consent | ハイ | consent=yes
consent | 同意する。\\n田中 | consent=yes
consent | OKです。よろしくお願いします。 | consent=yes
consent | 確認しました。同意します。 | consent=yes
consent | すみません、同意します。 | consent=yes
consent | はい！同意します！ | consent=yes
consent | 同意でよろしくお願いいたします。 | consent=yes
consent | 同意します。田中花子 | consent=yes
consent | 同意します。企画課の田中です。 | consent=yes
consent | 企画課の田中です。同意します。 | consent=yes
consent | ありがとうございます。OKです。 | consent=yes
consent | 了解です。同意で。 | consent=yes
consent | 同意で結構です。 | consent=yes
consent | 同意で大丈夫です。 | consent=yes
department | 企画課の田中です。 | department=企画課
department | 企画課の田中です | department=企画課
department | 企画課の田中花子です。 | department=企画課
department | 企画課の田中と申します。 | department=企画課
department | 総務部企画課の田中です。 | department=総務部企画課
department | 見本町企画課の田中です。 | department=企画課
department | 見本町役場企画課の田中です。 | department=企画課
department | 見本町総務課 田中です。 | department=総務課
department | お世話になっております。企画課の田中です。 | department=企画課
department | お世話になっております。\\n企画課の田中です。\\nよろしくお願いいたします。 | department=企画課
department | デジタル推進室の田中花子でございます。 | department=デジタル推進室
department | 子育て支援センターの田中です。 | department=子育て支援センター
department | 企画課です。田中 | department=企画課
department | 企画課所属です。 | department=企画課
department | 企画課に所属しています。 | department=企画課
department | 企画課になります。 | department=企画課
department | 部署は企画課です。田中 | department=企画課
department+consent | 企画課の田中です。同意します。 | department=企画課; consent=yes
department+name | 企画課の田中花子です。 | department=企画課; name=田中花子
department+name | 企画課の田中花子と申します。 | department=企画課; name=田中花子
department+name | 総務部企画課 田中花子 | department=総務部企画課; name=田中花子
name+consent | 田中花子です。同意します。 | name=田中花子; consent=yes
organisation+department | 見本町企画課の田中です。 | department=企画課; organisation=見本町
organisation | 見本町の田中です。 | organisation=見本町
organisation | 見本町役場の田中花子です。 | organisation=見本町役場
name | 田中 花子でございます。 | name=田中 花子
name | 名前が抜けていました。田中花子です。 | name=田中花子
name | 氏名の記入漏れ、失礼しました。田中花子です。 | name=田中花子
name | 高橋 優 | name=高橋 優
name | 高橋優 | name=高橋優
name | 田中花子\\n\\n見本町企画課\\nTEL 0155-11-2233 | name=田中花子
name | 企画課 田中花子 | name=田中花子
name | 渡邉美穂です。 | name=渡邉美穂
name | 菅野翔太です。 | name=菅野翔太
name | 髙橋一郎です。 | name=髙橋一郎
name | 藤原千夏です。 | name=藤原千夏
name | 山田 太郎と申します。よろしくお願いします。 | name=山田 太郎
name | My name is Hanako Tanaka. | name=Hanako Tanaka
name | Hanako Tanaka | name=Hanako Tanaka
consent | OKでお願いします。 | consent=yes
consent | OKです！ | consent=yes
consent | 問題ないです。同意します。 | consent=yes
consent | 同意でお願い致します。 | consent=yes
consent | 同意いたします。よろしくお願いします。\\n企画課 田中 | consent=yes
consent | はい（同意いたします） | consent=yes
consent | 「同意する」 | consent=yes
consent | 了解、同意します | consent=yes
consent | 承知いたしました。\\n同意する。 | consent=yes
consent | 拝承。同意します。 | consent=yes
consent | Yes. | consent=yes
consent | ok. | consent=yes
consent | はい。同意。 | consent=yes
consent | 同意 | consent=yes
department | 企画課勤務の田中です。 | department=企画課
department | 総務部 企画課の田中です。 | department=総務部 企画課
department | 企画課企画係の田中花子です。 | department=企画課企画係
department | 企画課、田中です。 | department=企画課
department | 企画課・田中です。 | department=企画課
department | 田中です。企画課です。 | department=企画課
department | 田中です。部署は企画課になります。 | department=企画課
department | 田中花子です。企画課に所属しております。 | department=企画課
department | いつもお世話になっております、企画課の田中です。 | department=企画課
department | 企画課です。お手数をおかけしました。 | department=企画課
department | 水道局の田中です。 | department=水道局
department | 教育委員会事務局学校教育課の田中です。 | department=教育委員会事務局学校教育課
department | ＤＸ推進課の田中です。 | department=ＤＸ推進課
department | DX推進課の田中です。 | department=DX推進課
department | まちづくり推進課の田中です。 | department=まちづくり推進課
department | こども家庭課の田中と申します。 | department=こども家庭課
department | 消防本部の田中です。 | department=消防本部
""".strip().splitlines()
# The items that the letter asked for, and an answer that fills none of them.
FILLS_NOTHING = """
name | 田中です。
name | 佐々木です。
name | 花子です。
name | 鈴木一郎の代理です。
name | 鈴木一郎さんです。
name | 担当は鈴木一郎です。
name | 上司は鈴木一郎です。
name | 課長の鈴木一郎です、とは言えません。
name | 来月からは鈴木一郎です。
name | 旧姓は鈴木花子です。
name | 田中花子ではありません。
name | 田中花子です。鈴木一郎です。
name | 総務課です。
name | 見本町です。
name | 個人情報です。
name | 公表不可です。
name | 市民病院です。
name | 田中花子ですか。
name | 後任は田中花子です。
name | 申請者は田中花子の上司です。
name | 仮名です。
name | 未定です。
name | 匿名希望です。
name | 同意します。
name | 佐藤または鈴木です。
consent | 承知しました。
consent | 了解です。
consent | 了解しました。
consent | OKですか
consent | OKではありません
consent | OKです。ただし第3条を除きます。
consent | OKです。後日同意します。
consent | 同意で検討中です。
consent | 同意でない。
consent | 同意ではありません。
consent | 同意できません。
consent | はい(同意しません)
consent | はい(条件付き)
consent | はい（一部同意）
consent | はい（届きました）
consent | はい（同意は後日）
consent | OK（保留）
consent | NOT OK
consent | not ok
consent | OKでないです
consent | 日程はOKです。
consent | メールはOKです。
consent | 課長がOKです。
consent | 課長のOKをもらってからです。
consent | OKかどうか確認します。
consent | 了解しました。同意は後日します。
consent | 了解しました。鈴木が同意します。
consent | 企画課の鈴木です。同意します。
consent | 代理の鈴木です。同意します。
consent+department | OKです
consent+department | ok
consent+name | はい
department | 企画課の田中ですか。
department | 企画課の鈴木です。
department | 企画課の鈴木一郎です。
department | 来月から企画課の田中です。
department | 元企画課の田中です。
department | 企画課の田中ではありません。
department | 企画課の田中さんに聞いてください。
department | 企画課か総務課です。
department | 企画課の田中です。今は総務課です。
department | 企画課の隣の課です。
department | 企画課の件です。
department | 企画課の仕事です。
department | 田中花子です。
department | 企画課の予定です。
""".strip().splitlines()


def fill(asked: str, words: str) -> dict[str, str]:
    """The requested items that an answer to a letter fills."""
    empty = {name: getattr(Form(), name) for name in asked.split("+")}
    text = words.replace("\\n", "\n")
    about = case(State.NEEDS_INFORMATION, form=replace(KNOWN, **empty))
    event = classify_reply(mail(APPLICANT, Purpose.CASE, text), (), about, answers=Letter.MISSING_FIELDS)
    said = {name: str(getattr(getattr(event, "form", Form()), name)) for name in Form.__slots__}
    return {name: value for name, value in said.items() if value not in {"", "absent", "no"}}


@pytest.mark.parametrize("row", FILLS)
def test_an_answer_fills_what_was_asked_for(row: str) -> None:
    asked, words, said = row.split(" | ")
    assert dict(one.split("=") for one in said.split("; ")) == fill(asked, words)


@pytest.mark.parametrize("row", FILLS_NOTHING)
def test_a_lookalike_fills_nothing(row: str) -> None:
    asked, words = row.split(" | ")
    assert {} == fill(asked, words)


FAMILY = ["田中", "佐々木", "長谷川", "林", "渡邊", "高橋"]
GIVEN = ["花子", "翔太", "健太", "さくら", "ユカ", "一郎"]
SECTIONS = ["企画課", "総務部企画課", "デジタル推進室", "子育て支援センター"]


@given(
    st.sampled_from(SECTIONS),
    st.sampled_from(FAMILY),
    st.sampled_from(GIVEN),
    st.sampled_from(["です。", "と申します"]),
)
def test_section_and_name_of_a_sentence_are_kept_as_written(
    section: str, family: str, given: str, told: str
) -> None:
    asked = (Item.DEPARTMENT, Item.NAME)
    whole = read_short_answer(f"{section}の{family}{given}{told}", asked)
    assert Form(department=section, name=family + given) == whole
    assert Form(department=section) == read_short_answer(f"{section}の{family}{told}", asked)


NO_NAMES = """
福島出身 千葉在住 関係者 森林公園 林業 原本 東日本 岡山城 市民課長
上田市長 長野県庁 松本城 非公開 代表者 女性 日本人 大石先生 渡辺様
田中さん 田中くん 田中ほか 田中から 田中まで 田中より 田中たち 林さん 原さんと
東から 南へと 文化財 理事長 広報課 平田村 香川県 南部町 佐々木
長谷川 見本町
"""


@pytest.mark.parametrize("word", NO_NAMES.split())
def test_no_other_word_is_a_full_name(word: str) -> None:
    assert not is_full_name(word)
