"""What is left of a reply without quotations, old mail and signature."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.quoted_text import fold_line, fresh_text

OLD = "ご判断をお願いします。\n承認 … 招待の手続へ進みます"


@pytest.mark.parametrize(
    "marker",
    [
        "2026年11月20日(金) 10:05 招待受付 <desk@example.go.jp>:",
        "2026年11月20日(金) 10:05 招待受付窓口(事務局)\n<desk@example.go.jp>:",
        "2026-11-20 10:05 に 招待受付 さんは書きました:",
        "2006-11-08 (水) の 11:31 +0100 に 招待受付 さんは書きました:",
        "2026年11月20日 10:05 に 招待受付 <desk@example.go.jp> さんは書きました：",
        "-----元のメッセージ-----",
        "-----Original Message-----",
        "----- Original Message -----",
        "---------- Forwarded message ---------",
        "-------- 転送メッセージ --------",
        "________________________________\n差出人: 招待受付 <desk@example.go.jp>\n送信日時: 2020年5月21日",
        "差出人: 招待受付 <desk@example.go.jp>\n送信日時: 2020年5月21日 16:15\n宛先: 担当\n件名: 申請",
        "差出人: 招待受付 が 担当 の代理で送信\n送信日時: 2020年5月21日 16:15",
        "*差出人:* 招待受付\n*送信日時:* 2020年5月21日 16:15",
        "差出人：招待受付\n件名：申請",
        "From: desk <desk@example.go.jp>\nSent: Friday, November 20, 2026 10:05 AM\nTo: staff",
        "On 2026/11/20 10:05, 招待受付 wrote:",
        "On Fri, Nov 20, 2026 at 10:05 AM 招待受付 <desk@example.go.jp> wrote:",
        "On Fri, Nov 20, 2026 at 10:05 AM 招待受付\n<desk@example.go.jp> wrote:",
        "(2014/08/05 3:51), Taro wrote:",
        "2026/11/20 10:05、招待受付 <desk@example.go.jp>のメール:",
        "On Fri, 20 Nov 2026 10:05:00 +0900\n招待受付 <desk@example.go.jp> wrote:",
        "招待受付 <desk@example.go.jp> wrote:",
        "iPhoneから送信",
        "Sent from my iPhone",
        "-- ",
        "--",
        "────────────",
        "=====================",
        "-*-*-*-*-*-*-",
    ],
)
def test_the_marker_ends_the_text(marker: str) -> None:
    assert fresh_text(f"却下します。\n理由です。\n\n{marker}\n\n{OLD}") == "却下します。\n理由です。"


@pytest.mark.parametrize("mark", [">", "> ", "＞", "| ", "｜", " > ", "&gt; ", "YT> "])
def test_quoted_lines_are_dropped(mark: str) -> None:
    quoted = "\n".join(mark + line for line in OLD.split("\n"))
    assert fresh_text(f"保留\n\n{quoted}") == "保留"
    assert fresh_text(f"{quoted}\n\n保留") == "保留"


@pytest.mark.parametrize(
    "text",
    [
        "> 申請を\n承認\n> します",
        "> 次の申請について\n承認します",
        "> 判断です。\n承認\n> しません",
        "> 本日は\n不在\nです。\n承認\n> 業務は",
    ],
)
def test_the_wrapped_rest_of_a_quoted_line_is_dropped(text: str) -> None:
    assert fresh_text(text) == ""


def test_an_answer_below_a_quoted_sentence_stays() -> None:
    assert fresh_text("> ご判断をお願いします。\n却下します。") == "却下します。"


def test_our_own_lines_are_dropped_whatever_their_spaces() -> None:
    own = frozenset({"  承認 … 招待の手続へ進みます", ""})
    assert fresh_text("却下\n承認　…　招待の手続へ進みます\n\n理由", own) == "却下\n\n\n理由"


@pytest.mark.parametrize(
    "text",
    [
        "差出人: のことですが、却下します。",
        "2026年11月20日に確認しました。",
        "課名は 10:05 のとおりです:",
        "理由: 在籍なし\n件名: なし",
        "a - b",
    ],
)
def test_ordinary_lines_are_no_markers(text: str) -> None:
    assert fresh_text(text) == text


def test_a_boxed_banner_on_top_does_not_cut_the_answer() -> None:
    text = "==========\n【外部メール】\n==========\n承認します。\n----------\n例示課"
    assert fresh_text(text).split() == ["【外部メール】", "承認します。"]


def test_only_cr_and_lf_end_a_line() -> None:
    assert fresh_text("承認\u2028> x\r\n> y。\rz") == "承認\u2028> x\n\nz"


def test_folding_makes_white_space_and_width_equal() -> None:
    assert fold_line(" ａ　 b\u200b ") == "a b"


@given(st.text(max_size=500), st.frozensets(st.text(max_size=10), max_size=3))
def test_any_text_is_cut_and_nothing_is_added(text: str, own_lines: frozenset[str]) -> None:
    kept = fresh_text(text, own_lines)
    lines = set(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    assert set(kept.split("\n")) <= lines | {""}
    assert not any(line.lstrip().startswith((">", "＞", "|")) for line in kept.split("\n"))


@given(st.text(max_size=300))
def test_a_wholly_quoted_text_leaves_nothing(text: str) -> None:
    quoted = "\n".join("> " + line for line in text.replace("\r", "\n").split("\n"))
    assert fresh_text(quoted) == ""


@given(st.text(max_size=200), st.text(max_size=200))
def test_nothing_below_a_marker_is_kept(above: str, below: str) -> None:
    marker = "-----Original Message-----"
    assert fresh_text(f"{above}\n\n{marker}\n{below}") == fresh_text(f"{above}\n\n{marker}")
