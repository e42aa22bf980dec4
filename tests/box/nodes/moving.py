"""The desk moves from its file to Debian's PostgreSQL with a standby, and to a second machine."""

from __future__ import annotations

from tests.box.box import Box, admit, is_open
from tests.box.machine import BoxError
from tests.box.nodes.console import ask_doctor, serve_console
from tests.box.nodes.steps import (
    MX2,
    NODES,
    SERVERS,
    add_settings,
    carry,
    find_active,
    find_settings,
    step,
    type_password,
    wait_open,
)
from tests.box.world import CITY, DESK, DOMAIN

PASSWORD = "correct horse battery staple"  # noqa: S105 - nobody else reaches this server
_STANDBY = "a horse of another stable"
_HOSTS = "".join(f"{address} {name}.example.lg.jp\n" for name, address in SERVERS.items())
_PGPASS = f"""install -m 600 -o postgres -g postgres /dev/null /var/lib/postgresql/.pgpass
echo '*:*:replication:standby:{_STANDBY}' > /var/lib/postgresql/.pgpass"""
_FILES = f"""install -m 600 -o gateway -g gateway /dev/null /etc/gateway/store.password
echo '{PASSWORD}' > /etc/gateway/store.password"""
_CERTIFICATE = "/etc/ssl/certs/desk-database.crt"
_ETC = "/etc/postgresql/15/main"
_AWAY = "mkdir /root/file && mv /var/lib/gateway/gateway.db /var/lib/gateway/backups/* /root/file/"
_MX = f"""{DOMAIN}. IN MX 10 mx2.{DOMAIN}.
mx2.{DOMAIN}. IN A {MX2}
12.0.128.44.in-addr.arpa. IN PTR mx2.{DOMAIN}.
"""


def move_to_postgres(box: Box) -> None:
    """Servers, drop-ins and copy by the page; an invitation, a reboot, the console; the second node."""
    _boot_others(box)
    before = box.desk.must("gateway case list --all --json")
    _build_servers(box)
    step(box, "intake-gateway[postgres]", "mx1")
    box.desk.must(_FILES)
    step(box, "/node/gateway.socket.conf", "mx1")
    step(box, "store copy --to")
    box.desk.must(_AWAY)
    add_settings(box.desk.root / "etc/gateway/gateway.toml", find_settings("[store]"))
    step(box, "enable --now gateway.service", "mx1")
    if before != box.desk.must("gateway case list --all --json"):
        raise BoxError("the cases on PostgreSQL are not those of the file")
    number = _work(box)
    step(box, "start gateway-backup.service\nls")
    _add_node(box)
    ask_doctor(box)
    serve_console(box, number)


def _boot_others(box: Box) -> None:
    """The other machines, with names for the servers and the records of a second MX."""
    box.desk.add_address("192.0.2.11/24")
    box.machines["mx2"] = box.boot("mx2", f"{MX2}/24", "192.0.2.12/24")
    for name, address in SERVERS.items():
        box.machines[name] = box.boot(name, f"{address}/24")
    for machine in box.machines.values():
        with (machine.root / "etc/hosts").open("a", encoding="utf-8") as hosts:
            hosts.write(f"127.0.0.1 localhost {machine.name}\n{_HOSTS}")
    box.world.publish(_MX)


def _build_servers(box: Box) -> None:
    """Both servers, each commit on both; the nodes have the certificate."""
    step(box, "createdb")
    step(box, "sql > desk.sql")
    carry(box, "mx1", "db1", "/root/desk.sql")
    step(box, "< desk.sql")
    type_password(box, r"'\password gateway'", PASSWORD)
    step(box, "openssl req")
    step(box, "createuser --replication")
    type_password(box, r"'\password standby'", _STANDBY)
    step(box, "rm -r /var/lib/postgresql/15/main\n", "db2")
    for name in SERVERS:
        box.machines[name].must(_PGPASS)
    files = ("pg_hba.conf", "conf.d/desk.conf", "server.crt", "server.key")
    carry(box, "db1", "db2", *(f"{_ETC}/{name}" for name in files))
    step(box, "host=db1.example.lg.jp")
    step(box, "ALTER SYSTEM", "db1")
    for node in NODES:
        place = box.machines["db1"].root / f"{_ETC}/server.crt".lstrip("/")
        (box.machines[node].root / _CERTIFICATE.lstrip("/")).write_bytes(place.read_bytes())


def _work(box: Box) -> str:
    number, _ = admit(box, f"hayashi@{CITY}")
    box.say(f"{number} was admitted on PostgreSQL; the port is the service's own")
    box.desk.reboot()
    wait_open(box, DESK)
    box.desk.must("gateway verify && gateway config check && systemctl is-active gateway.service")
    box.desk.must("systemctl start gateway.socket && ! systemctl is-active gateway.socket")
    told = box.desk.run("gateway doctor --only installation").output
    if "correct" not in told:
        raise BoxError(f"the doctor finds the installation of a node wrong:\n{told}")
    box.say("active again after a reboot; a start of the socket is skipped")
    return number


def _add_node(box: Box) -> None:
    """The second node, with what the first one has: it stands by, its port closed."""
    for block in box.blocks["newcomer"][:2]:
        box.run_block(block, "mx2")
    for words in ("intake-gateway[postgres]", "/node/gateway.socket.conf"):
        step(box, words, "mx2")
    carry(box, "mx1", "mx2", "/etc/gateway", "/etc/credstore", "/var/lib/gateway/gateway.db.key")
    step(box, "enable --now gateway.service", "mx2")
    told = box.machines["mx2"].must("gateway doctor --only nodes --only copies")
    if "no differences" not in told or is_open(box, MX2) or find_active(box, "mx2") != "box-desk":
        raise BoxError(f"the second node does not stand by like the first:\n{told}")
    box.say("the second node stands by, its port closed; the nodes do not differ")
