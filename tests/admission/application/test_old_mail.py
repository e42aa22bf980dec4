"""What stands below a form, or beside a plain consent: somebody else's old mail, the writer's signature."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent
from gateway.admission.application.layout.beyond.old_mail import announces_old_mail

FORM = "団体名：見本市\n部署：企画課\n氏名：見本 千尋\n規約：同意します。\n"
HEAD = "-----元のメッセージ-----\n差出人: {sender}\n送信日時: 2026年11月18日\n宛先: 担当者\n件名: 案内\n\n"
COLLEAGUE = HEAD.format(sender="例示県 市町村課 例示 <rei@pref.reiji.lg.jp>")
DESK = HEAD.format(sender="受付窓口 <request@gw.example.go.jp>")
THEIRS = "担当：例示 浩\n役職：主任\n参加には規約への同意が必要です。第5条は除きます。\n"


def test_an_old_mail_of_somebody_else_below_a_form_says_nothing_of_it() -> None:
    form = parse_form(f"{FORM}\n{COLLEAGUE}{THEIRS}")
    assert (Consent.YES, "見本 千尋", "") == (form.consent, form.name, form.title)


@pytest.mark.parametrize(
    "text",
    [
        f"{FORM}\n{DESK}第5条は除きます。\n",
        f"{FORM}\n{COLLEAGUE}---- ここから ----\n第5条は除きます。\n---- ここまで ----\n",
        f"{FORM}\n差出人：見本\n第5条は除きます。\n",
    ],
)
def test_what_is_written_between_our_own_lines_counts(text: str) -> None:
    assert Consent.YES is not parse_form(text).consent


def test_a_form_below_the_head_of_an_old_mail_is_read_where_none_stands_above_it() -> None:
    form = parse_form(f"転送します。\n\n{COLLEAGUE}{FORM}")
    assert ("見本市", "見本 千尋") == (form.organisation, form.name)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "見本県総務部デジタル政策課で主査をしております見本健太と申します。\n当県の団体コードは390003です。\n"
            "利用規約はホームページで拝見し、内容に同意いたします。\n",
            ("見本県", "総務部デジタル政策課", "主査", "見本健太", "390003"),
        ),
        (
            "参加を申し込みます。規約は読みました。同意します。\n団体コードは283657です。\n\n"
            " 見本町 企画秘書課 主査\n   見 本  理 恵\n",
            ("見本町", "企画秘書課", "主査", "見 本  理 恵", "283657"),
        ),
        (
            "見本町の見本です。規約に同意します。\n\n見本町 生活課　戸籍係　主任\n　見本　文（みほん）\n",
            ("見本町", "生活課　戸籍係", "主任", "見本　文", ""),
        ),
        (  # another signs
            "見本町の見本です。規約に同意します。\n\n例示町 生活課　戸籍係　主任\n　例示　文\n",
            ("見本町", "", "", "見本", ""),
        ),
    ],
)
def test_who_agrees_in_prose_applies_with_the_own_signature(text: str, wanted: tuple[str, ...]) -> None:
    form = parse_form(text)
    assert wanted == (form.organisation, form.department, form.title, form.name, form.code)
    assert Consent.YES is form.consent


def test_lines_without_labels_may_begin_with_who_writes() -> None:
    form = parse_form("見本町の見本なつきです\n総務課です\n自治体です\n024422\n規約OKです\n")
    assert ("見本町", "総務課", "local", "024422") == (
        form.organisation,
        form.department,
        form.category,
        form.code,
    )
    assert Consent.YES is form.consent


@pytest.mark.parametrize(
    "text",
    [
        "区分は自治体\n団体名は見本市\nコードは272027\n課は総合政策部企画課\n名前は和泉さくら\n",
        "区分は自治体、団体名は見本市、コードは272027、課は総合政策部\n企画課、氏名は和泉さくらです。\n",
    ],
)
def test_items_are_told_line_by_line_or_in_one_wrapped_sentence(text: str) -> None:
    form = parse_form(text)
    wanted = ("local", "見本市", "272027", "総合政策部企画課", "和泉さくら")
    assert wanted == (form.category, form.organisation, form.code, form.department, form.name)


@pytest.mark.parametrize("line", ["氏名は後ほど", "所属は未定", "課は検討中", "コードは調べます"])
def test_what_is_said_about_an_item_is_no_value_of_it(line: str) -> None:
    form = parse_form(f"団体名：見本市\n{line}\n")
    assert ("", "", "") == (form.name, form.department, form.code)


SIGNED = """区分：自治体
団体名：伊那市
部課名：農林部 耕地林務課
氏名：小池 亮太
規約への同意：同意する

--------------------
伊那市 農林部 耕地林務課
小池 亮太
TEL 0265-78-0000（内線1234）
{}
--------------------
"""


@pytest.mark.parametrize(
    "said",
    [
        "市公式SNSを始めました！",
        "令和８年に新庁舎が完成しました",
        "伊那市のりんごが品評会で入賞しました。",
    ],
)
def test_what_a_signature_announces_leaves_the_consent(said: str) -> None:
    assert Consent.YES is parse_form(SIGNED.format(said)).consent
    assert Consent.YES is not parse_form(SIGNED.format(said).replace("TEL 0265-78-0000", "TEL")).consent


@pytest.mark.parametrize(
    "said",
    [
        "気が変わりました",
        "課長は反対しています",
        "うっそー",
        "この申請は見本です。",
        "これは仮のものです",
        "冗談です！",
        "雲行きが怪しいです",
        "しぶしぶです",
    ],
)
def test_what_takes_back_does_so_in_a_signature_too(said: str) -> None:
    assert Consent.YES is not parse_form(SIGNED.format(said)).consent


OWN_FORM = "区分：自治体\n団体名：見本町\n部課名：総務課\n氏名：見本 千尋\n"
YES = "規約への同意：同意する\n"
HEADINGS = """-----Original Message-----
    -----元のメッセージ-----
    ───元メッセージ───
    -----Ursprüngliche Nachricht-----
    -------- Original-Nachricht --------
    ----- Weitergeleitete Nachricht -----
    Anfang der weitergeleiteten Nachricht:
    -----Message d'origine-----
    -----Mensaje original-----
    *** Original Message ***
    <<元のメッセージ>>
    ＝＝＝元のメッセージ＝＝＝
    ----- 返信元メッセージ -----
    転送されたメッセージ：
    ▼元のメール
    === 過去のやりとり ===
    ＝＝＝ 以前のやり取り ＝＝＝
    【前任者のメール】
    ■過去のやりとり
    ◇受信メールの内容◇
    --- 送受信履歴 ---
    以下、過去のやりとり
    ※以下、先日のやりとり
    ～～～ 先方とのやりとり ～～～
    ==== 参考：昨年の申請 ====
    【参考】前回の申請
    === Previous correspondence ===
    ##### Mail history #####"""
RULED = "======\n過去のやりとり\n======"
MARKS = [*(one.strip() for one in HEADINGS.split("\n")), RULED]
NO_MARKS = """=== 連絡先 ===
    --- メールアドレス ---
    【申請内容】
    ■申請の理由
    ■参加の目的
    【連絡事項】
    --- 以上 ---
    ---- 確認事項 ----
    ■メール
    前回のメール
    === Application ===
    --- Contact ---"""


@pytest.mark.parametrize("mark", MARKS)
def test_a_consent_below_a_heading_of_old_mails_is_somebody_elses(mark: str) -> None:
    for below in ("規約に同意します。\n", f"\n{YES}", f"\n例示です。\n{YES}"):
        assert Consent.YES is not parse_form(f"{OWN_FORM}\nお願いします。\n\n{mark}\n{below}").consent


@pytest.mark.parametrize("mark", MARKS)
def test_what_stands_below_a_heading_of_old_mails_leaves_the_consent_above_it(mark: str) -> None:
    for below in ("見本様\n参加をお待ちしています。\n", "規約に同意いただけない場合は参加できません。\n"):
        form = parse_form(f"{OWN_FORM}{YES}\nお願いします。\n\n{mark}\n{below}")
        assert (Consent.YES, "見本 千尋") == (form.consent, form.name)


@pytest.mark.parametrize("mark", MARKS[:6])
@pytest.mark.parametrize(
    "below",
    ["> 規約を送ります。\n\n第5条は除きます。\n", "差出人：窓口 <request@gw.example>\n第5条は除きます。\n"],
)
def test_what_stands_below_a_quotation_or_our_own_letter_counts(mark: str, below: str) -> None:
    assert Consent.YES is not parse_form(f"{OWN_FORM}{YES}\n{mark}\n{below}").consent


@pytest.mark.parametrize("line", [one.strip() for one in NO_MARKS.split("\n")])
def test_other_headings_announce_no_old_mail(line: str) -> None:
    assert not announces_old_mail([line], 0)


@given(st.text("-=*過去元のやりとりメール申請 【】:", max_size=90))
def test_only_a_marked_line_announces_an_old_mail(line: str) -> None:
    if announces_old_mail([line], 0):
        assert not line.strip()[0].isalnum() or line.startswith(("以下", "下記", "次", "ここから"))
