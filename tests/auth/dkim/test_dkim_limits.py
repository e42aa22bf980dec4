"""What DKIM verification costs and flags: large bodies in slices, weak keys, hostile white space."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.auth.dkim import canonicalization, tag_list, verify
from gateway.auth.dkim.sign import Signer
from gateway.auth.results import Result
from gateway.mail import message
from tests.auth.dkim.test_verify import DOMAIN, KEY_NAME, MAIL, NOW, checked, dkimpy_signed, record, rsa
from tests.support.dns import ZoneResolver


@settings(max_examples=500, deadline=None)
@given(
    body=st.lists(st.sampled_from([b"\r\n", b"\r", b"\n", b" ", b"\t", b"a"]), max_size=40).map(b"".join),
    size=st.integers(1, 9),
    relaxed=st.booleans(),
)
def test_a_body_in_slices_equals_the_body_as_a_whole(body: bytes, size: int, relaxed: bool) -> None:
    whole = canonicalization.relaxed_body(body) if relaxed else canonicalization.simple_body(body)
    assert whole == b"".join(canonicalization.iter_canonical_body(body, relaxed, size))


@pytest.mark.parametrize(
    ("line", "end"),
    [(b"A  line. \r\n", b""), (b" ", b"x\r\n"), (b" \t", b"\r\n"), (b"\r\n", b"x\r\n"), (b"\r\n", b"")],
    ids=["text", "spaces", "spaces at the end", "empty lines", "empty lines at the end"],
)
async def test_a_large_body_lets_other_work_go_on(line: bytes, end: bytes) -> None:
    size = 2_000_000
    raw = MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\nx" + line * (size // len(line)) + end
    signed = Signer(DOMAIN, "sel", rsa()).sign(raw) + raw
    turns, task = 0, asyncio.create_task(checked(signed))
    while not task.done():
        await asyncio.sleep(0)
        turns += 1
    assert (Result.PASS, "") == (task.result().result, task.result().reason)
    # One turn for each slice, a few more for the key.
    assert size // canonicalization.SLICE_BYTES <= turns


async def test_two_signatures_over_one_large_body_pass_side_by_side() -> None:
    body = b"word \r\n" * 100_000
    raw = dkimpy_signed(dkimpy_signed(MAIL + body), canon=b"simple/simple")
    resolver = ZoneResolver(f"{KEY_NAME} TXT {record()}")
    results = await verify.verify(message.parse(raw), resolver, NOW)
    assert [Result.PASS, Result.PASS] == [one.result for one in results]


@pytest.mark.parametrize(("bits", "weak"), [(1024, True), (2047, True), (2048, False)])
async def test_an_rsa_key_under_2048_bits_passes_and_is_flagged(bits: int, weak: bool) -> None:
    got = await checked(dkimpy_signed(key=rsa(bits)), record(rsa(bits)))
    assert (Result.PASS, weak, bits) == (got.result, got.weak, got.key_bits)


@pytest.mark.parametrize("text", ["YQ", "YQ==YQ==", "Y!Q=", "Ｙ\x0bQ==", "Y\x0bQ==", "あ"])
def test_base64_that_is_none_is_a_tag_error(text: str) -> None:
    with pytest.raises(tag_list.TagError):
        tag_list.decode_base64(text, "b")


def test_base64_may_be_folded() -> None:
    assert b"abc" == tag_list.decode_base64(" Y\tW\r\n J j ", "b")
