"""The zone that `gateway dns` prints, in the hands of the embedded name server."""

from __future__ import annotations

from pathlib import Path

import dns.rdatatype
import dns.rrset
import dns.zone
import dns.zonefile
from click.testing import CliRunner

from gateway.cli import main
from gateway.net.dns.server import Zone

SOA = "@ IN SOA ns.invalid. hostmaster.invalid. 1 3600 600 86400 60\n@ IN NS ns.invalid.\n"


def zone_of(folder: Path) -> Zone:
    """Exactly what `gateway dns --zone` and `--reverse` print for the settings in `folder`."""
    zone = Zone(validated=True)
    text = printed(folder, "--zone")
    origin = text.split("$ORIGIN ")[1].split("\n", 1)[0]
    own = dns.zone.from_text(f"$TTL 60\n{SOA}{text}", origin=origin, relativize=False)
    rrsets = [
        dns.rrset.from_rdata_list(name, 60, list(rdataset)) for name, rdataset in own.iterate_rdatasets()
    ]
    rrsets += dns.zonefile.read_rrsets(printed(folder, "--reverse"), rdclass=None, relativize=False)
    for rrset in rrsets:
        rtype = dns.rdatatype.to_text(rrset.rdtype)
        for rdata in rrset:
            if rtype not in {"SOA", "NS"}:
                value = b"".join(rdata.strings).decode() if rtype == "TXT" else rdata.to_text()
                zone.add(rrset.name.to_text(), rtype, value)
    return zone


def printed(folder: Path, form: str) -> str:
    result = CliRunner().invoke(main, ["dns", "--config", str(folder), form])
    assert 0 == result.exit_code, result.output
    return result.stdout
