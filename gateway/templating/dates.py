"""Dates and times as letters write them, in Japanese and in English."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

WEEKDAYS = "月火水木金土日"
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
JAPAN = ZoneInfo("Asia/Tokyo")


def format_japanese_date(text: str) -> str:
    """Format `2026-11-26` as 2026年11月26日（木）."""
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def format_japanese_datetime(text: str) -> str:
    """Format an ISO time as date and time in Japan."""
    moment = datetime.fromisoformat(text).astimezone(JAPAN)
    return f"{format_japanese_date(moment.date().isoformat())}{moment.hour}時{moment.minute:02d}分"


def format_english_date(text: str) -> str:
    """Format `2026-12-02` as 2 December 2026."""
    day = date.fromisoformat(text)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
