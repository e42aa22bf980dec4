"""Tables of the character sets beside JIS X 0208: as the codecs read them, and no larger than the sets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.encoding import iso2022jp

SETS = {
    b"\x1b$(D": ("euc_jp", b"\x8f"),
    b"\x1b$(O": ("euc_jis_2004", b""),
    b"\x1b$(P": ("euc_jis_2004", b"\x8f"),
    b"\x1b$A": ("gb2312", b""),
    b"\x1b$(C": ("euc_kr", b""),
}


@pytest.mark.parametrize("escape", SETS)
@given(st.integers(0x21, 0x7E), st.integers(0x21, 0x7E))
def test_a_pair_is_what_its_codec_makes_of_it(escape: bytes, first: int, second: int) -> None:
    codec, prefix = SETS[escape]
    expected = (prefix + bytes((first | 0x80, second | 0x80))).decode(codec, "replace")
    assert expected == iso2022jp.decode(escape + bytes((first, second)))
