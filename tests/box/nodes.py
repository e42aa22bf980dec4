"""The desk moves to Debian's PostgreSQL on the same machine, as the page on several machines says."""

from __future__ import annotations

import re
import time

from tests.box import node_console
from tests.box.blocks import Block
from tests.box.box import Box, admit, is_open
from tests.box.machine import BoxError
from tests.box.node_console import ask_doctor, serve_console
from tests.box.project import ROOT
from tests.box.world import CITY

# As the page names them; the node and the server are one machine here.
NODE, SERVER = "192.0.2.11", "db1.example.lg.jp"
_PASSWORD = "correct horse battery staple"  # noqa: S105 - nobody else reaches this server
_PAGE = "docs/guide/machines.md"
# psql throws away what was typed before it asks.
_TYPED = "(for _ in 1 2; do sleep 1; echo '{password}'; done; sleep 1) | script -qec {command!r} /dev/null"
_FILES = f"""install -m 600 -o gateway -g gateway /dev/null /etc/gateway/store.password
echo '{_PASSWORD}' > /etc/gateway/store.password
install -m 644 /etc/postgresql/15/main/server.crt /etc/ssl/certs/desk-database.crt"""
_AWAY = "mkdir /root/file && mv /var/lib/gateway/gateway.db /var/lib/gateway/backups/* /root/file/"
_TOML = re.compile(r"^ *```toml\n *(\[store\]\n *url = .*?)^ *```$", re.MULTILINE | re.DOTALL)
_SECONDS = 60.0


def move_to_postgres(box: Box) -> None:
    """Server, drop-ins and copy by the page; invitation, yield and reboot on PostgreSQL; the console."""
    server, password, network, extra, drop_ins, start, *of_console, copy, backup = box.blocks["nodes"]
    box.desk.add_address(f"{NODE}/24")
    box.desk.must(f"apt-get install sudo; echo '{NODE} {SERVER}' >> /etc/hosts")
    before = box.desk.must("gateway case list --all --json")
    box.run_block(server)
    _type_password(box, password, _PASSWORD)
    for block, after in ((network, _FILES), (extra, ""), (drop_ins, ""), (copy, _AWAY)):
        box.run_block(block)
        box.desk.must(after)
    _change_settings(box)
    box.run_block(start)
    if before != box.desk.must("gateway case list --all --json"):
        raise BoxError("the cases on PostgreSQL are not those of the file")
    number = _work(box)
    box.run_block(backup)
    ask_doctor(box)
    own_password, own_line, drop_in = of_console
    _type_password(box, own_password, node_console.PASSWORD)
    serve_console(box, number, own_line, drop_in)


def _work(box: Box) -> str:
    number, _ = admit(box, f"hayashi@{CITY}")
    box.say(f"{number} was admitted on PostgreSQL; the port is the service's own")
    for act in (lambda: box.desk.must("gateway node yield"), box.desk.reboot):
        act()
        _wait_open(box)
    box.desk.must("gateway verify && gateway config check && systemctl is-active gateway.service")
    box.desk.must("systemctl start gateway.socket && ! systemctl is-active gateway.socket")
    told = box.desk.run("gateway doctor --only installation").output
    if "correct" not in told:
        raise BoxError(f"the doctor finds the installation of a node wrong:\n{told}")
    box.say("active again after a yield and a reboot; a start of the socket is skipped")
    return number


def _type_password(box: Box, block: Block, password: str) -> None:
    """As somebody types it, twice."""
    typed = _TYPED.format(password=password, command=block.text.strip())
    wrong = block.judge(0, box.desk.must(typed))
    if wrong:
        raise BoxError(wrong)
    box.say(f"{block.place}: as the page says")


def _change_settings(box: Box) -> None:
    """The settings of the page take the place of those of the file, which moves away."""
    found = _TOML.search((ROOT / _PAGE).read_text("utf-8"))
    if found is None:
        raise BoxError(f"{_PAGE} has no settings of [store] any more")
    place = box.desk.root / "etc/gateway/gateway.toml"
    lines = "".join(row.strip() + "\n" for row in found[1].splitlines())
    text = place.read_text("utf-8")
    place.write_text(
        text.replace("[store]\n", lines, 1) if "[store]" in text else f"{text}\n{lines}", "utf-8"
    )
    box.desk.must("gateway config check")


def _wait_open(box: Box) -> None:
    deadline = time.monotonic() + _SECONDS
    while not is_open(box):
        if time.monotonic() > deadline:
            raise BoxError(f"port 25 does not greet within {_SECONDS:g} s")
        time.sleep(0.5)
