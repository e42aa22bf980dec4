"""What stands below the end of our own form: our letter, quoted or not, or the writer's own words."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

FORM = "区分：自治体\n団体名：見本町\n部課名：総務課\n氏名：見本 千尋\n規約への同意：同意する\n"
FRAMED = f"---- ここから ----\n{FORM}---- ここまで ----\n"
QUOTED = "".join(f"> {line}\n" for line in FRAMED.splitlines())
OURS = """添付ファイルは不要です。本文に直接お書きください。

お返事は、2026年12月14日（月）までにお願いします。
"""
HEAD = "差出人: 例示 浩 <rei@pref.reiji.lg.jp>\n送信日時: 2026年11月18日\n件名: 案内\n\n"

OWN = [
    "主任が私に無断で打ちました。",
    "これは操作の練習です。",
    "提出はもう少し待ってください。",
    "例示 浩の分です。",
    "上は部下に任せました。",
    "課長の判断を聞いてからにします。",
    "以上です。\n\n例示 浩（代筆）",
]


@pytest.mark.parametrize("said", OWN)
@pytest.mark.parametrize(
    "above",
    [
        f"{FRAMED}\n",
        f"{FRAMED}\n{OURS}\n",
        f"{QUOTED}\n",
        f"{QUOTED}> \n> 添付ファイルは不要です。\n\n",
        f"{FORM}\n差出人：見本 千尋\n",
        f"{FORM}\nFrom: 見本 千尋\n",
        f"{FORM}\n件名：参加申請\n",
    ],
    ids=["frame", "letter", "quotation", "quoted letter", "one field", "From", "subject"],
)
def test_own_words_below_our_form_or_one_field_are_judged(above: str, said: str) -> None:
    assert Consent.YES is parse_form(above).consent
    assert Consent.YES is not parse_form(f"{above}{said}\n").consent


@pytest.mark.parametrize(
    "below",
    [
        OURS,
        "お返事は、2026年12月14日（月）まで\nにお願いします。\n添付ファイルは不要です。本文に\n\n直接お書きください。\n",
        "".join(f"> {line}\n" for line in OURS.splitlines()),
        "申請の内容がすべてそろってから招待のメールが届くまで、\n1〜3開庁日ほどかかります。\n",
        "> 主任が私に無断で打ちました。\n",
        "どうぞよろしくお願いいたします。\n",
        "見本町 総務課\n見本 千尋\n電話 0155-11-2233\n",
        f"{HEAD}主任が私に無断で打ちました。\n",
        "On Mon, Nov 16, 2026 at 10:00 AM Rei <rei@pref.reiji.lg.jp> wrote:\n主任が私に無断で打ちました。\n",
        "",
    ],
)
def test_our_letter_and_old_mails_below_our_form_are_not_the_writers(below: str) -> None:
    assert Consent.YES is parse_form(f"{FRAMED}\n{below}").consent
