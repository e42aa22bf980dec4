"""Whose consent it is: that of the name in its row, above it, or in front of its label."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

FORM = "区分：自治体\n団体名：見本町\n部課名：総務課\n役職：主任\n氏名：見本 千尋\n"
YES = "規約への同意：同意する\n"


@pytest.mark.parametrize(
    "said",
    [
        "氏名\t規約への同意\n例示 浩\t同意する\n",
        "| 氏名 | 規約への同意 |\n|---|---|\n| 例示 浩 | 同意する |\n",
        "氏名\t部課名\t規約への同意\n例示 浩\t企画課\t同意する\n",
        "氏名\t規約への同意\n例示 浩\t同意する\n見本 千尋\t\n",
        f"佐藤 次郎\n{YES}",
        f"【佐藤 次郎】\n{YES}",
        f"係長　佐藤 次郎\n{YES}",
        f"総務課長 佐藤 次郎\n\n{YES}",
        "副町長 佐藤 次郎\n規約に同意します。\n",
        f"（以下は係長が記入）\n{YES}",
        f"※以下、人事担当記入欄\n{YES}",
        f"ここからは佐藤が入力しました\n{YES}",
        "佐藤 規約への同意：同意する\n",
        "佐藤規約への同意：同意する\n",
        "渡辺 規約への同意：同意する\n",
        "参照 規約への同意：同意する\n",
        "加入 規約への同意：同意する\n",
    ],
)
def test_a_consent_of_somebody_else_is_none(said: str) -> None:
    assert Consent.YES is not parse_form(f"{FORM}\n{said}").consent
    assert Consent.YES is not parse_form(FORM + said).consent


@pytest.mark.parametrize(
    "said",
    [
        YES,
        f"\n{YES}",
        "\n氏名\t規約への同意\n見本 千尋\t同意する\n",
        "\n| 氏名 | 規約への同意 |\n|---|---|\n| 見本 千尋 | 同意する |\n",
        f"\n見本 千尋\n{YES}",
        f"\n主任　見本 千尋\n{YES}",
        f"\n（以下は申請者が記入）\n{YES}",
        "\n氏名：下記のとおり\n規約への同意：同意する\n\n見本 千尋\n",
        "\n見本町 総務課\n規約に同意します。\n",
        "7 規約への同意：同意する\n",
        "・規約への同意：同意する\n",
        "(7)　規約への同意：同意する\n",
        "利用規定への同意：同意する\n",
        "規約へ同意：同意する\n",
    ],
)
def test_the_applicants_own_consent_is_read(said: str) -> None:
    assert Consent.YES is parse_form(FORM + said).consent


HEADS = [
    "2026年11月20日(金) 9:12 例示 浩 <rei@pref.reiji.lg.jp>:\n",
    "On Fri, Nov 20, 2026 at 9:12 AM Rei <rei@pref.reiji.lg.jp> wrote:\n",
    "例示さんは書きました:\n",
    "-----Original Message-----\n",
    "----- 転送メッセージ -----\n",
    "以下、係長のメールを転送します。\n",
    "差出人: 例示 浩\n送信日時: 2026年11月20日\n件名: 申請\n\n",
]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize(
    "said", [YES, "規約に同意します。\n", "例示です。規約に同意します。\n", f"氏名：例示 浩\n{YES}"]
)
def test_a_consent_in_an_old_mail_without_quote_marks_is_none(head: str, said: str) -> None:
    assert Consent.YES is not parse_form(f"{FORM}\nお願いします。\n\n{head}{said}").consent


@pytest.mark.parametrize("head", HEADS[:5])
def test_a_consent_above_an_old_mail_or_in_our_form_is_read(head: str) -> None:
    assert Consent.YES is parse_form(f"{FORM}{YES}\n{head}規約に同意します。\n").consent
    filled = f"---- ここから ----\n{FORM}{YES}---- ここまで ----\n"
    assert Consent.YES is parse_form(f"{head}{filled}").consent


@pytest.mark.parametrize("mark", ["-- \n", "--\n", "―― \n", "iPhoneから送信\n"])
@pytest.mark.parametrize("above", ["", "見本町 総務課\n", "見本 千尋\n", "見本町\n見本 千尋\n0155-11-2233\n"])
@pytest.mark.parametrize("said", ["規約に同意します。\n", "同意する\n", YES, "利用規約に同意しています。\n"])
def test_a_consent_in_a_signature_is_none(mark: str, above: str, said: str) -> None:
    assert Consent.YES is not parse_form(f"{FORM}\n{mark}{above}{said}").consent


@pytest.mark.parametrize("mark", ["-- \n", "iPhoneから送信\n"])
def test_a_consent_above_a_signature_or_in_a_form_below_its_mark_is_read(mark: str) -> None:
    assert Consent.YES is parse_form(f"{FORM}\n規約に同意します。\n\n{mark}見本 千尋\n").consent
    assert Consent.YES is parse_form(f"申請します。\n\n{mark}{FORM}{YES}").consent


BLOCKS = """町長 大谷 茂
    見本町長　大谷 茂
    副町長 大谷 茂
    見本町教育委員会 教育長 大谷 茂
    【町長　大谷 茂】
    町長：大谷 茂
    総務部長：大谷 茂
    大谷茂（町長）
    町長 大谷 茂　印
    大谷 茂　㊞
    （大谷 茂 記入欄）
    Mayor Shigeru Otani
    Director Shigeru Otani
    総務課長 大谷 茂|電話 0155-11-2233
    町長 大谷 茂|見本町役場
    見本町長|大谷 茂
    大谷 茂|----------
    町長 大谷 茂|---"""
OWN_BLOCKS = """見本町 総務課 見本 千尋
    総務課長補佐 見本 千尋
    見本町長 様
    大谷部長 様
    連絡担当 大谷 茂
    問い合わせ先：大谷 茂
    申請者記入欄
    （総務課）
    参加申請書
    規約のページを確認しました。"""


def split_rows(rows: str) -> list[str]:
    """The lines of a table, with a bar for a line end."""
    return [row.strip().replace("|", "\n") for row in rows.split("\n")]


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\n\n"])
@pytest.mark.parametrize("head", split_rows(BLOCKS))
def test_a_consent_below_a_paragraph_of_somebody_else_is_none(head: str, gap: str) -> None:
    for said in (YES, "規約に同意します。\n"):
        assert Consent.YES is not parse_form(f"{FORM}\n{head}{gap}{said}").consent


@pytest.mark.parametrize("head", split_rows(OWN_BLOCKS))
def test_a_consent_below_a_paragraph_of_the_applicant_or_an_addressee_is_read(head: str) -> None:
    for said in (YES, "規約に同意します。\n"):
        assert Consent.YES is parse_form(f"{FORM}\n{head}\n\n{said}").consent
