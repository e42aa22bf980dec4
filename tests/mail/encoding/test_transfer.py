"""Content-Transfer-Encoding undone, wherever padding and foreign octets stand."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.encoding.transfer import decode, decode_unpadded_base64


@given(st.lists(st.sampled_from(b"QUJDx==\r\n -_!+/"), max_size=20).map(bytes))
def test_base64_is_read_run_by_run_between_its_padding(data: bytes) -> None:
    runs = [re.sub(rb"[^A-Za-z0-9+/]", b"", run) for run in data.split(b"=")]
    assert b"".join(map(decode_unpadded_base64, runs)) == decode(data, "base64")
