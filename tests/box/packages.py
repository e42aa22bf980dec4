"""Other ways to install, and what is left when the gateway goes."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests.box.box import Box, admit, is_open
from tests.box.machine import BoxError
from tests.box.project import ROOT, build_next
from tests.box.world import APPLICANT, CITY, OFFICE, TOWN

# Files with our name or of nobody, but for what somebody put into /root and /srv.
_LEFT = (
    "find / -xdev '(' -path /proc -o -path /sys -o -path /root -o -path /srv ')' -prune"
    " -o '(' -name '*gateway*' -o -nouser -o -nogroup ')' -print"
)
_RULE = """[[rule]]
name = "neighbour"
when.domain = ["city.mihon.lg.jp"]
flag = "隣の市の方です。町の規則では町長の同意が要ります"
"""
_COMPLETE = """bash -c 'source /usr/share/bash-completion/bash_completion
_completion_loader gateway || true
complete -p gateway'"""


def install_package(box: Box) -> None:
    """The package built and installed on a bare machine, an application, the next one and back, a purge."""
    kept = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", ".cache", "tests")
    shutil.copytree(ROOT, box.desk.root / "root/checkout", ignore=kept)
    box.run_blocks("package")
    for block in box.blocks["newcomer"][2:]:
        box.run_block(block)
        if block.text.startswith("gateway dns"):
            box.world.publish(box.desk.must("gateway dns --zone"))
    box.desk.must("sed -Ei 's/^(# *)?undo_minutes = .*/undo_minutes = 0/' /etc/gateway/gateway.toml")
    box.desk.must("systemctl reload gateway")
    admit(box, APPLICANT)
    box.say("the office answered 承認します。, the applicant has the invitation")
    if "_gateway_completion" not in box.desk.must(_COMPLETE):
        raise BoxError("bash does not complete gateway")
    _change_packages(box)
    _purge(box)


def _change_packages(box: Box) -> None:
    """The package of the next release, and this one again, with two desks: an application at each."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        shutil.copy(build_next(ROOT, Path(folder)), box.desk.root / "srv")
    box.desk.must("mkdir /srv/next && checkout/tools/deb /srv/intake_gateway-99*.whl /srv/next")
    box.run_blocks("two-desks")
    for command, name in (
        ("apt install /srv/next/intake-gateway_*.deb", "mori"),
        ("apt install --allow-downgrades /srv/intake-gateway_*.deb", "kato"),
    ):
        before = _find_processes(box)
        box.desk.must(command)
        if before & _find_processes(box):
            raise BoxError(f"{command}: a desk still runs the previous version")
        number, _ = admit(box, f"{name}@{CITY}")
        box.say(f"{command}: {box.desk.must('gateway --version').strip()}, {number} is admitted")


def _find_processes(box: Box) -> set[str]:
    """The main processes of both desks."""
    asked = "systemctl show --property=MainPID --value gateway.service gateway@town.service"
    return set(box.desk.must(asked).split())


def _purge(box: Box) -> None:
    """As the page on it says for a package, with all desks at once and nothing stopped before."""
    kept, _, _, erased = box.blocks["uninstall"][:4]
    box.run_block(kept)
    box.desk.must("apt remove intake-gateway")
    running = box.desk.must("systemctl list-units --all --no-legend 'gateway*'").strip()
    if running or is_open(box):
        raise BoxError(f"the package is removed, and there is still: {running}")
    box.desk.must("apt purge intake-gateway")
    box.run_block(erased)
    box.desk.must("rm -rf /etc/systemd/system/gateway* /etc/sysusers.d/gateway-*.conf")
    box.desk.must(erased.text.replace("gateway", "gateway-town"))
    left = box.desk.must(_LEFT).split()
    if left:
        raise BoxError(f"left behind by the package: {left}")
    box.say("removing the package stopped both desks; it is purged, and nothing is left")


def run_two_desks(box: Box) -> None:
    """A second desk beside the first, with an address, rules and staff of its own."""
    box.run_blocks("two-desks")
    (box.desk.root / "etc/gateway-town/eligibility.toml").write_text(_RULE, "utf-8")
    settings = "/etc/gateway-town/gateway.toml"
    box.desk.must(f"sed -Ei 's/^(# *)?undo_minutes = .*/undo_minutes = 0/' {settings}")
    box.world.publish(box.desk.must("gateway dns --zone --config /etc/gateway-town"))
    box.desk.must("systemctl restart unbound && systemctl reload gateway@town")
    town, asked = admit(box, f"mori@{CITY}", domain=TOWN, staff=f"suzuki@{OFFICE}")
    first, asked_first = admit(box, f"kato@{CITY}")
    if "隣の市の方" not in asked or "隣の市の方" in asked_first:
        raise BoxError("the rules of one desk are not its own")
    box.say(f"{town} at the second desk and {first} at the first, each by its own rules")
    for user, other in (("gateway", "gateway-town"), ("gateway-town", "gateway")):
        done = box.desk.run(f"runuser -u {user} -- ls /var/lib/{other} /etc/{other}")
        if done.output.count("Permission denied") != 2:
            raise BoxError(f"{user} may look at {other}:\n{done.output}")
    box.say("neither user can read what is the other's")


def uninstall(box: Box) -> None:
    """The page on it, block by block: nothing with our name is left but what it names."""
    before = set(box.desk.must(_LEFT).split())
    if "/etc/gateway" not in before or not is_open(box):
        raise BoxError("there is nothing to uninstall")
    box.run_blocks("uninstall")
    left = box.desk.must(_LEFT).split()
    if left or is_open(box) or "gateway" in box.desk.must("systemctl list-units --all --no-legend"):
        raise BoxError(f"left behind, and not named by the page: {left}")
    box.say(f"of {len(before)} places none is left")
