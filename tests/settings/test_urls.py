"""URLs in the settings."""

import pytest

from gateway.settings import urls


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("postgresql://gateway@db1.example.lg.jp/desk", True),
        ("postgres://db1.example.lg.jp:5433/desk", True),
        ("postgresql://gateway@db1.example:5432,db2.example:5433/desk", True),
        ("postgresql://gateway@db1,db2/desk?target_session_attrs=read-write", True),
        ("postgresql://gateway@[2001:db8::1]:5432,[2001:db8::2]/desk", True),
        ("postgresql:///desk?host=/run/postgresql", True),
        ("postgresql://gateway@db1.example.lg.jp", False),
        ("postgresql://gateway@db1.example.lg.jp/", False),
        ("postgresql://gateway@db1:port/desk", False),
        ("postgresql://gateway@db1, db2/desk", False),
        ("mysql://gateway@db1/desk", False),
        ("/var/lib/gateway/gateway.db", False),
    ],
)
def test_a_database_is_named_on_one_server_or_on_several(url: str, is_one: bool) -> None:
    assert is_one == urls.is_database(url)
    assert not urls.holds_password(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://gateway:geheim@db1/desk",
        "postgresql://gateway:geheim@db1:5432,db2/desk",
        "postgresql://gateway@db1/desk?password=geheim",
        "postgresql://gateway@db1/desk?sslmode=require&PassWord=geheim",
    ],
)
def test_a_password_in_it_is_seen(url: str) -> None:
    assert urls.holds_password(url)
