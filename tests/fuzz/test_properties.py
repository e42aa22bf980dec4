"""Every target of the fuzzer on generated octets, on mail with such put into it, and on mended crashes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import CRASHES, TARGETS, seeds

PIECES = st.sampled_from(
    [
        *(bytes([mark]) for mark in b'\r\n\0 \t;=:,"\\<>()[]'),
        b"\r\n",
        *(b"@", b"%", b"?", b"/", b"-", b"--b", b"--b--", b"=?", b"?=", b"=?utf-8?B?", b"=?iso-2022-jp?Q?="),
        *(b"\x1b$B", b"\x1b(B", b"\x1b(I", b"\x0e", b"\xff", b"\x80", b"\xa4\xa2", "承認".encode()),
        *("氏名：".encode(), "ﷺ".encode(), "\u202e".encode(), "\U000e0100".encode(), b"\xed\xa0\x80"),
        *(b"v=1", b"v=spf1", b"v=DMARC1", b"p=", b"9" * 5000, b"l=", b"x=", b"a:%{", b"}", b"/129", b"ip4:"),
        *(b"Action: failed", b"Content-Type: ", b"multipart/mixed; boundary=b", b"name*0*=", b"utf-16''%"),
    ]
)
CORPUS = {name: list(seeds(name)) for name in TARGETS}


def inputs(name: str) -> st.SearchStrategy[bytes]:
    """Any octets, mixtures of marks, and a seed with one of these put into it."""
    noise = st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=12).map(b"".join))
    known = st.tuples(st.sampled_from(CORPUS[name]), noise, st.floats(0, 1)).map(_put)
    return st.one_of(noise, known)


def _put(parts: tuple[bytes, bytes, float]) -> bytes:
    seed, noise, place = parts
    at = int(len(seed) * place)
    return seed[:at] + noise + seed[at:]


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_but_what_is_declared_is_raised(name: str) -> None:
    @given(inputs(name))
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def holds(data: bytes) -> None:
        TARGETS[name](data)

    holds()


@pytest.mark.parametrize("name", TARGETS)
def test_every_seed_is_read(name: str) -> None:
    assert 0 < len(CORPUS[name])
    for data in CORPUS[name][:40]:
        TARGETS[name](data)


def test_a_crash_that_was_mended_stays_mended() -> None:
    for path in sorted(CRASHES.glob("*")):
        TARGETS[path.name.partition("-")[0]](path.read_bytes())
