"""A second desk on the same nodes and servers: its own schema, roles, holder and console."""

from __future__ import annotations

from tests.box.box import LOAD, Box, admit
from tests.box.machine import BoxError
from tests.box.nodes.console import Console, read_case
from tests.box.nodes.losses import load_both
from tests.box.nodes.steps import (
    NODES,
    add_settings,
    carry,
    find_active,
    find_settings,
    step,
    type_password,
    wait_open,
)
from tests.box.world import CITY, OFFICE, SECOND, TOWN

_FIRST = 40 * LOAD
_MX2 = "44.128.0.13"
_PASSWORD, _READER = "a town of its own", "only what is read"
_CONFIG = "--config /etc/gateway-town"
_FILES = f"""install -m 600 -o gateway-town -g gateway-town /dev/null /etc/gateway-town/store.password
echo '{_PASSWORD}' > /etc/gateway-town/store.password
install -m 600 /dev/null /etc/credstore/gateway-town.reader.password
echo '{_READER}' > /etc/credstore/gateway-town.reader.password"""
_MX = f"""{TOWN}. IN MX 10 mx2.{TOWN}.
mx2.{TOWN}. IN A {_MX2}
13.0.128.44.in-addr.arpa. IN PTR mx2.{TOWN}.
"""
_CONSOLE = Console(
    socket="/run/gateway-console-town/http.sock",
    unit="gateway-console@town",
    user="gateway-town-console",
    role="gateway_town_console",
    host="town.example.lg.jp",
    member=f"suzuki@{OFFICE}",
    secret="/etc/gateway-town/store.password",  # noqa: S106 - a path
)
_ASK = "sudo -u postgres psql -Atd desk -c 'SET SESSION AUTHORIZATION {role}' -c '{sql}'"
_READ = "SELECT count(*) FROM {}.cases"
# What the role of a console may not do in the schema of its own desk, and in that of the other.
_REFUSED = (
    "UPDATE {own}.turn SET n = n",
    "INSERT INTO {own}.brakes DEFAULT VALUES",
    "DELETE FROM {own}.cases",
    "CREATE TABLE {own}.more (n INT)",
    "SELECT count(*) FROM {other}.cases",
)


def add_desk(box: Box) -> None:
    """The second desk by the page; each desk has its own active node and console. Raises BoxError."""
    _make_schema(box)
    _make_settings(box)
    _start(box)
    first = find_active(box, "mx1")
    if find_active(box, "mx1", _CONFIG) == first:
        step(box, f"node yield {_CONFIG}")
    load_both(box, "the second desk moved", _FIRST, lambda: wait_open(box, _MX2))
    if {first, find_active(box, "mx1", _CONFIG)} != {"box-desk", "box-mx2"}:
        raise BoxError("the desks are not active on one node each")
    town = admit_at_town(box, "ono")
    number, _ = admit(box, f"suzuki@{CITY}")
    box.say(f"{town} at the second desk on mx2, {number} at the first on mx1")
    read_case(box, "mx2", _CONSOLE, town)
    _refuse(box)
    asked = f"gateway doctor --only installation --only nodes --only copies {_CONFIG}"
    told = box.machines["mx2"].run(asked).output
    if "correct" not in told or "no differences" not in told or "every commit waits" not in told:
        raise BoxError(f"the doctor of the second desk:\n{told}")


def admit_at_town(box: Box, name: str) -> str:
    """The number of a case that the second desk admits. Raises BoxError."""
    return admit(box, f"{name}@{CITY}", domain=TOWN, staff=f"suzuki@{OFFICE}")[0]


def _make_schema(box: Box) -> None:
    user, settings = box.blocks["two-desks"][:2]
    box.run_block(user, *NODES)
    box.run_block(settings, "mx1")
    step(box, "u gateway-town-console")
    step(box, "> town.sql")
    carry(box, "mx1", "db1", "/root/town.sql")
    step(box, "< town.sql")
    type_password(box, r"'\password gateway_town'", _PASSWORD)
    type_password(box, r"'\password gateway_town_console'", _READER)
    step(box, "gateway_town,gateway_town_console 192.0.2.11")


def _make_settings(box: Box) -> None:
    """Those of the page, with the addresses of this network; each desk of a node has one of its own."""
    lines = find_settings("[listen]").replace("192.0.2.31", SECOND)
    add_settings(box.desk.root / "etc/gateway-town/gateway.toml", lines)
    box.desk.must("sed -Ei 's/^(# *)?undo_minutes = .*/undo_minutes = 0/' /etc/gateway-town/gateway.toml")
    box.desk.must(_FILES)
    box.world.publish(box.desk.must(f"gateway dns --zone {_CONFIG}") + _MX)
    for node, address in NODES.items():
        machine = box.machines[node]
        add_settings(machine.root / "etc/gateway/gateway.toml", f'[listen]\nhost = "{address}"\n')
        machine.must("gateway config check && systemctl restart gateway unbound")


def _start(box: Box) -> None:
    box.machines["mx2"].add_address(f"{_MX2}/24")
    step(box, "@town.${unit#*.}.d/node.conf")
    step(box, "enable --now gateway@town.service", "mx1")
    paths = "/etc/gateway-town /etc/credstore /var/lib/gateway-town/gateway.db.key"
    carry(box, "mx1", "mx2", *paths.split())
    box.machines["mx2"].must(f"sed -i 's/{SECOND}/{_MX2}/' /etc/gateway-town/gateway.toml")
    step(box, "enable --now gateway@town.service", "mx2")
    wait_open(box, SECOND)


def _refuse(box: Box) -> None:
    """The role of each console reads its own desk and does nothing else. Raises BoxError."""
    server = box.machines["db1"]
    for role, own, other in (("gateway_console", "gateway", "town"), (_CONSOLE.role, "town", "gateway")):
        server.must(_ASK.format(role=role, sql=_READ.format(own)))
        for sql in (each.format(own=own, other=other) for each in _REFUSED):
            told = server.run(_ASK.format(role=role, sql=sql)).output
            if "permission denied" not in told:
                raise BoxError(f"{role} may {sql}:\n{told}")
    box.say("the role of each console reads its own desk, and may do nothing else")
