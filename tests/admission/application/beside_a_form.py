"""A form with consent, with a place above or below it for what is tried."""

from __future__ import annotations

FORM = """区分：自治体
団体名：北海道斜里町
部課名：企画総務課
役職：主事
氏名：高橋 一郎
団体コード：015458
規約への同意：同意する
"""
ABOVE, BELOW = "{0}\n\n" + FORM, FORM + "\n{0}\n"
