"""The applicant is whoever 氏名 names, whatever From and lines about the sender say; nobody is merged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent
from gateway.admission.intake.applicants.forwarded import find_person
from tests.admission.intake.test_foreign_signature import read

FORM = (
    "区分：自治体\n団体名：見本町\n全国地方公共団体コード：990019\n部課名：総務課\n氏名：田中 花子\n"
    "規約への同意：同意します\n"
)
SHARED = "総務課 <soumu@town.mihon.lg.jp>"
PLACES = (
    "{form}{line}\n",
    "{form}\n{line}\n",
    "{line}\n\n{form}",
    "{form}\nよろしくお願いいたします。\n{line}\n",
)
# From names nobody else: a shared mailbox, an address, or the applicant.
FROM_NOBODY_ELSE = """
soumu@town.mihon.lg.jp
総務課 <soumu@town.mihon.lg.jp>
見本町総務課 <soumu@town.mihon.lg.jp>
見本町役場 <info@town.mihon.lg.jp>
soumu@town.mihon.lg.jp <soumu@town.mihon.lg.jp>
総務課庶務係 <shomu@town.mihon.lg.jp>
情報政策課代表 <joho@town.mihon.lg.jp>
Soumu <soumu@town.mihon.lg.jp>
総務課共有 <soumu@town.mihon.lg.jp>
見本町 総務課（共用） <soumu@town.mihon.lg.jp>
総務 <soumu@town.mihon.lg.jp>
DX推進室 <dx@town.mihon.lg.jp>
MIHON Town <info@town.mihon.lg.jp>
見本町代表メール <info@town.mihon.lg.jp>
田中 花子 <soumu@town.mihon.lg.jp>
田中花子（総務課） <soumu@town.mihon.lg.jp>
総務課 田中 <soumu@town.mihon.lg.jp>
tanaka <tanaka@town.mihon.lg.jp>
Hanako Tanaka <tanaka@town.mihon.lg.jp>
田中 <tanaka@town.mihon.lg.jp>
たなか はなこ <tanaka@town.mihon.lg.jp>
""".strip().splitlines()
FROM_SOMEBODY_ELSE = """
鈴木 一郎 <suzuki@town.mihon.lg.jp>
鈴木一郎 <suzuki@town.mihon.lg.jp>
佐藤 健（総務課） <sato@town.mihon.lg.jp>
総務課 佐藤 健 <sato@town.mihon.lg.jp>
見本町 鈴木 一郎 <suzuki@town.mihon.lg.jp>
鈴木 一郎 / 見本町総務課 <suzuki@town.mihon.lg.jp>
総務課長 鈴木 一郎 <suzuki@town.mihon.lg.jp>
鈴木 <suzuki@town.mihon.lg.jp>
鈴木　一郎 <suzuki@town.mihon.lg.jp>
鈴木 一郎(スズキ イチロウ) <suzuki@town.mihon.lg.jp>
""".strip().splitlines()
# Lines about the sender: the applicant, or the mailbox.
SENT_BY_APPLICANT = """
（送信者：田中）
送信者：田中 花子
（送信者　田中花子）
送信者：総務課 田中
（送信：田中）
（発信者：田中 花子）
（差出人：田中）
（総務課 田中）
送信担当：田中
（送信担当：田中）
共用アドレスから送信しています。
課の共用メールより送信しております。
""".strip().splitlines()
SENT_BY_SOMEBODY_ELSE = """
（送信者：鈴木）
送信者：鈴木 一郎
（送信者　鈴木一郎）
送信者：総務課 鈴木
（送信：鈴木）
（発信者：鈴木 一郎）
（差出人：鈴木）
（総務課 鈴木）
送信代理：鈴木
（送信担当：鈴木）
送信者名：鈴木
メール送信者：鈴木
（鈴木より送信）
（鈴木が送信）
鈴木が代わりに送信しています。
総務課の代表アドレスから鈴木が送信しています。
発信：鈴木 一郎
送信職員：鈴木
(From: 鈴木)
鈴木のアドレスから送信しています。
鈴木のメールから送ります。
鈴木さんのパソコンから送っています。
（鈴木のアカウントより）
上司の鈴木のアドレスから失礼します。
""".strip().splitlines()


@pytest.mark.parametrize("sender", FROM_NOBODY_ELSE)
def test_from_names_nobody_else(sender: str) -> None:
    form = read(FORM, sender)
    assert ("田中 花子", Consent.YES) == (form.name, form.consent)


@pytest.mark.parametrize("sender", FROM_SOMEBODY_ELSE)
def test_a_person_in_from_cannot_agree_for_another(sender: str) -> None:
    form = read(FORM, sender)
    assert ("田中 花子", Consent.ABSENT) == (form.name, form.consent)


@pytest.mark.parametrize("line", SENT_BY_APPLICANT)
def test_the_applicant_may_be_the_sender(line: str) -> None:
    for place in PLACES:
        form = read(place.format(form=FORM, line=line), SHARED)
        assert ("田中 花子", Consent.YES) == (form.name, form.consent), place


@pytest.mark.parametrize("line", SENT_BY_SOMEBODY_ELSE)
def test_another_sender_cannot_agree_for_the_applicant(line: str) -> None:
    for place in PLACES:
        form = read(place.format(form=FORM, line=line), SHARED)
        assert ("田中 花子", Consent.ABSENT) == (form.name, form.consent), place


OFFICES = st.sampled_from(["", "総務課 ", "見本町 ", "総務課長 ", "見本町役場 総務課 "])
BEHIND = st.sampled_from(["", "（総務課）", "(スズキ)", " / 見本町総務課", " [総務課]"])


@given(OFFICES, st.sampled_from(["鈴木 一郎", "佐藤 健", "渡辺 一郎"]), BEHIND)
def test_the_person_in_from_is_found_between_office_and_brackets(office: str, name: str, behind: str) -> None:
    assert name == find_person(office + name + behind)
    assert not find_person(office.strip())


@given(
    st.sampled_from(["送信者", "発信者", "差出人", "担当者", "連絡担当者"]),
    st.sampled_from(["鈴木", "佐藤 健"]),
)
def test_the_name_is_never_merged_with_the_senders(label: str, name: str) -> None:
    for place in PLACES:
        assert "田中 花子" == parse_form(place.format(form=FORM, line=f"{label}：{name}")).name
