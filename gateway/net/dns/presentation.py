"""Presentation format of DNS records (RFC 1035 section 5.1), without quotes and without trailing dots."""

from __future__ import annotations

import dns.name
import dns.rdata
from dns.rdtypes.mxbase import MXBase
from dns.rdtypes.nsbase import NSBase
from dns.rdtypes.txtbase import TXTBase


def presentation(rdata: dns.rdata.Rdata) -> str:
    """Format TXT as one string of U+0000 to U+00FF, MX as `preference host`, names without final dot."""
    if isinstance(rdata, TXTBase):
        return b"".join(rdata.strings).decode("latin-1")
    if isinstance(rdata, MXBase):
        return f"{rdata.preference} {_name(rdata.exchange)}"
    if isinstance(rdata, NSBase):  # includes CNAME and PTR
        return _name(rdata.target)
    return rdata.to_text()


def _name(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=name != dns.name.root)
