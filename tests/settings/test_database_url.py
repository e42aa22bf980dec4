"""`store.url`: where the database is, without a secret, and with nothing that libpq rejects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.settings import database_url


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
    assert is_one == database_url.is_database(url)
    assert not database_url.holds_password(url)


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
    assert database_url.holds_password(url)


@pytest.mark.parametrize(
    ("end", "named"),
    [
        ("/desk?foo=bar", "foo"),
        ("/desk?sslmode=nonsense", "sslmode=nonsense"),
        ("/desk?sslmode=require&sslmode=", "sslmode="),
        ("/desk?sslrootcert=root.crt", "sslrootcert=root.crt"),
        ("/desk?target_session_attrs=standby", "target_session_attrs=standby"),
        ("/desk?options=-csearch_path%3Dpublic", "options"),
        ("/desk?client_encoding=LATIN1", "client_encoding"),
        ("/desk?port=0", "port=0"),
        ("/desk?keepalives", "keepalives="),
        (":99999/desk", "99999"),
        (":0/desk", "0"),
        (":5432,db2:65536/desk", "65536"),
    ],
)
def test_what_libpq_would_reject_is_named(end: str, named: str) -> None:
    found = database_url.find_unusable(f"postgresql://gateway@db1{end}")
    assert found is not None
    assert found[0] == named
    assert found[1]


@pytest.mark.parametrize(
    "end",
    [
        "/desk",
        ":65535,db2:1/desk",
        "/desk?sslmode=verify-full&sslrootcert=%2Fetc%2Fgateway%2Froot.crt",
        "/desk?host=/run/postgresql&port=5433",
        "/desk?target_session_attrs=read-write&load_balance_hosts=random",
        "/desk?ssl_min_protocol_version=TLSv1.3&channel_binding=require&sslrootcert=system",
    ],
)
def test_what_libpq_takes_is_taken(end: str) -> None:
    assert database_url.find_unusable(f"postgresql://gateway@db1{end}") is None


def test_a_password_is_seen_however_its_parameter_is_written() -> None:
    assert database_url.holds_password("postgresql://gateway@db1/desk?p%61ssword=geheim")
    assert not database_url.holds_password("postgresql://gateway@db1/desk?passfile=/etc/gateway/password")


def test_libpq_knows_every_parameter() -> None:
    pq = pytest.importorskip("psycopg").pq
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    assert set(database_url._PARAMETERS) <= known


@given(
    st.sampled_from(sorted(database_url._PARAMETERS)),
    st.text(max_size=20).filter(lambda text: "\0" not in text),
)
def test_libpq_parses_every_url_that_is_taken(name: str, value: str) -> None:
    conninfo = pytest.importorskip("psycopg.conninfo")
    from urllib.parse import quote

    url = f"postgresql://gateway@db1/desk?{name}={quote(value, safe='')}"
    if database_url.is_database(url) and database_url.find_unusable(url) is None:
        assert conninfo.conninfo_to_dict(url)[name] == value
