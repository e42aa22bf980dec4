"""Whether the kernel's clock is kept by a time server: adjtimex(2), only read."""

from __future__ import annotations

import ctypes

_ERROR_STATE = 5  # TIME_ERROR: not synchronised
# struct timex has 208 octets on Linux with 64 bits; `modes` at its beginning is 0: change nothing.
_TIMEX_BYTES = 512


def synchronised() -> bool | None:
    """None when the kernel does not tell (a sandbox forbids the question, another system)."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != _ERROR_STATE
