"""Three opinions on one generated case: ours, dkimpy's and mailauth's, in the same shape."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

import dkim as dkimpy

from gateway.auth.dkim import verify
from gateway.auth.dmarc import evaluate
from gateway.auth.dmarc import record as dmarc_record
from gateway.auth.results import Dkim, Dmarc, Result, Spf
from gateway.auth.spf import check
from gateway.mail import address, message
from tests.oracle.generate import CLIENT_IP, HELO, NOW, Case
from tests.support.dns import ZoneResolver

HERE = Path(__file__).parent
INSTALL = "npm install --prefix tests/oracle --no-package-lock --no-audit --no-fund"
HAS_NACL = importlib.util.find_spec("nacl") is not None
CLASSES = {"pass": "pass", "temperror": "temperror"}


@dataclass(frozen=True, slots=True)
class Ours:
    """Our results; `dmarc` is drawn from `counted`, the DKIM results that it was given."""

    spf: Spf
    dkim: tuple[Dkim, ...]
    dmarc: Dmarc
    counted: tuple[Dkim, ...]


def word(result: str) -> str:
    """The words for "no" differ between libraries and mean the same: not a pass."""
    return CLASSES.get(result, "no")


def resolver(case: Case) -> ZoneResolver:
    """DNS of the case."""
    zone = ZoneResolver()
    for place, records in case.dns.items():
        name, rtype = place.split(" ")
        for record in records:
            zone.add(name, rtype, record)
    for name in case.failing:
        zone.add(name, "TEMPFAIL")
    return zone


async def ours(case: Case, dkim_of_other: list[dict[str, str]] | None = None) -> Ours:
    """Our opinion; with the DKIM results of another, DMARC is judged from those."""
    zone = resolver(case)
    spf_result = await check.check(CLIENT_IP, address.parse(case.sender), HELO, zone)
    results = await verify.verify(message.parse(case.raw), zone, NOW)
    counted = results if dkim_of_other is None else tuple(_as_ours(one) for one in dkim_of_other)
    lookups = await evaluate.look_up(
        await dmarc_record.walk_tree(case.author, zone), spf_result, counted, zone
    )
    return Ours(spf_result, results, evaluate.evaluate(lookups, spf_result, counted), counted)


def _as_ours(one: dict[str, str]) -> Dkim:
    result = {"pass": Result.PASS, "temperror": Result.TEMPERROR}.get(word(one["result"]), Result.FAIL)
    return Dkim(result, one["domain"], "")


def by_dkimpy(case: Case) -> list[bool]:
    """Whether dkimpy passes each signature; a name that fails or has no key gives it nothing."""

    def key_of(name: bytes, timeout: float = 5) -> bytes | None:
        found = case.dns.get(f"{name.decode('ascii').removesuffix('.')} TXT", [])
        return found[-1].encode("ascii") if found else None

    verifier = dkimpy.DKIM(case.raw)
    passed = []
    for number in range(len(message.parse(case.raw).all("DKIM-Signature"))):
        try:
            passed.append(bool(verifier.verify(number, dnsfunc=key_of)))
        except dkimpy.DKIMException:
            passed.append(False)
    return passed


def by_mailauth(cases: list[Case]) -> dict[int, dict[str, object]]:
    """What mailauth says about each case, by its number."""
    lines = "\n".join(json.dumps(_asked(case)) for case in cases)
    done = subprocess.run(
        ["node", str(HERE / "mailauth.mjs")],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return {answer["id"]: answer for answer in answers}


def _asked(case: Case) -> dict[str, object]:
    return {
        "id": case.number,
        "message": b64encode(case.raw).decode("ascii"),
        "ip": CLIENT_IP,
        "helo": HELO,
        "sender": case.sender,
        "now": NOW.isoformat(),
        "dns": case.dns | {f"{name} *": "TEMPFAIL" for name in case.failing},
    }
