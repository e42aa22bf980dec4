"""Word and code, undo beside other words, two forms of one mail, dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.admission.replies.decision import parse
from gateway.admission.replies.reading import Decision
from tests.support.replies import CONTEXT

CODED = replace(CONTEXT, code="4F7K", shown_unread=("招待は12月からで。", "課長にも聞きます"))


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("承認 4F7K", "approve"),
        ("承認　４ｆ７ｋ", "approve"),
        ("承認4F7K", "approve"),
        ("却下 4F7K", "decline"),
        ("照会 4F7K\n\n課名は?", "ask"),
        ("保留 4F7K", "hold"),
        ("取消 4F7K", "undo"),
        ("approve 4f7k", "approve"),
        ("承認 4F7K\n\n佐藤 一郎\n見本省 情報政策課", "approve"),
        ("承認 4F7K\n\n招待は12月からで。", "approve"),
        ("承認 4F7K\n\nお世話になっております。招待は12月からで。", "approve"),
        ("承認 4F7K\n\n> 招待はまだ送らないでください。", "approve"),
    ],
)
def test_word_and_code_decide(text: str, decision: str) -> None:
    got = parse(text, "", CODED)
    assert (decision, True) == (got.decision.value, got.by_code)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("承認 4F7J", "code"),
        ("approve 4f70", "code"),
        ("承認 4F7K\n\n先に在籍確認をしてください。", "sentence"),
        ("承認 4F7K\n先に在籍確認をしてください。", "sentence"),
        ("承認 4F7K\n\n却下します。", "sentence"),
        ("先に在籍確認をしてください。\n\n承認 4F7K", "sentence"),
        ("> 承認 4F7K", "sentence"),
        ("確認符号: 4F7K", "sentence"),
    ],
)
def test_word_and_code_decide_nothing(text: str, kind: str) -> None:
    got = parse(text, "", CODED)
    assert (Decision.NONE, kind) == (got.decision, got.kind)


def test_a_code_folds_what_looks_alike() -> None:
    assert parse("承認 O1LI", "", replace(CONTEXT, code="0111")).by_code
    assert not parse("承認 4F7K", "", CONTEXT).by_code


@pytest.mark.parametrize(
    ("html", "decision"),
    [
        ("承認します。", "approve"),
        ("承認します。\n\n佐藤 一郎", "approve"),
        ("却下します。", "none"),
        ("承認します。\n却下します。", "none"),
        ("先ほどの件です。", "none"),
    ],
)
def test_the_html_part_must_show_the_same(html: str, decision: str) -> None:
    assert decision == parse("承認します。", "", CONTEXT, html_text=html).decision.value


def test_html_alone_decides_by_word_and_code_only() -> None:
    assert "html" == parse("", "", CODED, html_text="承認します。").kind
    assert parse("", "", CODED, html_text="承認 4F7K").by_code


def test_what_was_not_understood_is_told() -> None:
    got = parse("承認します。\n先に在籍確認をしてください。\n\n-- \nふるさと納税受付中です！", "", CONTEXT)
    assert ("先に在籍確認をしてください。", "ふるさと納税受付中です！") == got.unread
    assert "footer" == parse("承認します。\n\n-- \nふるさと納税受付中です！", "", CONTEXT).kind
    assert "quotation" == parse("> この件\n承認します。", "", CONTEXT).kind
    assert "date" == parse("保留 2月30日", "", CONTEXT).kind


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("保留 R8.12.10", date(2026, 12, 10)),
        ("保留 令和8/12/10", date(2026, 12, 10)),
        ("保留 20261210", date(2026, 12, 10)),
        ("保留 明後日まで", date(2026, 11, 30)),
        ("保留 2週間", date(2026, 12, 12)),
        ("保留します。\n12月10日までお願いします。", date(2026, 12, 10)),
        ("保留します。3日前に連絡したため。", None),
        ("保留", None),
    ],
)
def test_the_day_a_hold_ends(text: str, until: date | None) -> None:
    got = parse(text, "", CONTEXT)
    assert (Decision.HOLD, until) == (got.decision, got.until)
