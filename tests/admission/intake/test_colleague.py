"""The address that an applicant names: one, in the own words."""

from __future__ import annotations

import pytest

from gateway.admission.intake.applicants.colleague import find_addresses

OWN = {"jiro@jitaku.example"}


@pytest.mark.parametrize(
    ("text", "addresses", "rest"),
    [
        ("dokyo@city.rei.lg.jp", ["dokyo@city.rei.lg.jp"], ""),
        ("上司は dokyo@city.rei.lg.jp です。", ["dokyo@city.rei.lg.jp"], ""),
        ("<dokyo@city.rei.lg.jp>", ["dokyo@city.rei.lg.jp"], ""),
        ("ｄｏｋｙｏ＠city.rei.lg.jp", ["dokyo@city.rei.lg.jp"], ""),
        ("メール:dokyo@city.rei.lg.jp。", ["dokyo@city.rei.lg.jp"], ""),
        ("dokyo@city.rei.lg.jp.", ["dokyo@city.rei.lg.jp"], ""),
        ("dokyo@city.rei.lg.jp\ndokyo@city.rei.lg.jp", ["dokyo@city.rei.lg.jp"], ""),
        ("dokyo@city.rei.lg.jp\nbetsu@city.rei.lg.jp", ["dokyo@city.rei.lg.jp", "betsu@city.rei.lg.jp"], ""),
        ("dokyo@city.rei.lg.jp\n来月異動します。", ["dokyo@city.rei.lg.jp"], "来月異動します。"),
        ("jiro@jitaku.example", [], "jiro@jitaku.example"),
        ("> dokyo@city.rei.lg.jp", [], ""),
        ("後ほど連絡します。\n\n-- \n私用 次郎\nj-shiyo@city.rei.lg.jp", [], None),
        ("", [], ""),
        ("dokyo@city", [], "dokyo@city"),
        ("a=?utf-8?q?b?=@city.rei.lg.jp", [], None),
    ],
)
def test_what_is_named(text: str, addresses: list[str], rest: str | None) -> None:
    found, left = find_addresses(text, (), OWN)
    assert addresses == [str(one) for one in found]
    assert rest is None or rest == left


def test_our_own_lines_name_nobody() -> None:
    ours = ("request@gw.example.go.jp あてに", "| dokyo@city.rei.lg.jp")
    assert () == find_addresses("request@gw.example.go.jp あてに\n| dokyo@city.rei.lg.jp", ours, OWN)[0]
