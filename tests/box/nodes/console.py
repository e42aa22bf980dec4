"""The console and the doctor of a node, as their units run them: both ask PostgreSQL over the network."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.box.box import Box
from tests.box.machine import BoxError
from tests.box.nodes.steps import NODES, add_settings, carry, step, type_password, wait_open
from tests.box.world import DESK, OFFICE, STAFF

PASSWORD = "tr0ub4dor and a horse"  # noqa: S105 - nobody else reaches this server
_SHARE = "/opt/gateway/lib/python3*/site-packages/gateway/_share/systemd"
# As docs/guide/console.md says, without a web server in front.
_INSTALL = f"""/opt/gateway/bin/pip install -q 'intake-gateway[console]'
install -D -m 644 {_SHARE}/console/gateway.service.conf /etc/systemd/system/gateway.service.d/console.conf
install -m 600 /dev/null /etc/credstore/gateway.reader.password
echo '{PASSWORD}' > /etc/credstore/gateway.reader.password
systemctl daemon-reload"""
_START = "gateway config check && systemctl restart gateway && systemctl enable --now gateway-console.socket"
_SETTINGS = f"""[store]
reader = "gateway_console"
reader_password_file = "gateway.reader.password"
[console]
public_url = "https://desk.{OFFICE}"
operators = ["{STAFF}"]
"""
# A browser behind the web server of the machine; what it was given is kept for the next call.
_BROWSER = """cat > /root/browser <<'PYTHON'
import json, pathlib, sys, httpx
jar = pathlib.Path("/root/cookies")
kept = json.loads(jar.read_text()) if jar.exists() else {{}}
said = {{"origin": "https://{host}", "sec-fetch-site": "same-origin", "host": "{host}"}}
wire = httpx.HTTPTransport(uds="{socket}")
with httpx.Client(transport=wire, base_url="http://{host}", headers=said, timeout=30) as client:
    method, path, *pairs = sys.argv[1:]
    said = {{"cookie": "; ".join(f"{{name}}={{value}}" for name, value in kept.items())}} if kept else {{}}
    form = dict(pair.split("=", 1) for pair in pairs)
    answer = client.request(method, path, data=form or None, headers=said)
for field in answer.headers.get_list("set-cookie"):
    name, _, value = field.partition(";")[0].partition("=")
    kept[name] = value
jar.write_text(json.dumps(kept))
print(answer.status_code, answer.text)
PYTHON
rm -f /root/cookies"""
# A connection stays open for a second after the page.
_WHO = "sudo -u postgres psql -Atc \"SELECT usename FROM pg_stat_activity WHERE usename = '{role}'\""
_CODE = re.compile(r"^\s*(\d{6})\s*$", re.MULTILINE)
_DOCTOR = """since=$(date +%s)
systemctl start gateway-doctor.service
systemctl show --property=ExecMainStatus --value gateway-doctor.service
journalctl -u gateway-doctor --since=@$since -o cat"""


@dataclass(frozen=True, slots=True)
class Console:
    """The console of a desk: its socket, unit, account, role and host, and a member who signs in."""

    socket: str = "/run/gateway-console/http.sock"
    unit: str = "gateway-console"
    user: str = "gateway-console"
    role: str = "gateway_console"
    host: str = f"desk.{OFFICE}"
    member: str = STAFF
    secret: str = "/etc/gateway/store.password"  # noqa: S105 - a path


def serve_console(box: Box, number: str) -> None:
    """A member signs in and reads a case, as the role that only reads. Raises BoxError."""
    type_password(box, r"'\password gateway_console'", PASSWORD)
    step(box, "gateway_console 192.0.2.11")
    for node in NODES:
        box.machines[node].must(_INSTALL)
    add_settings(box.desk.root / "etc/gateway/gateway.toml", _SETTINGS)
    carry(box, "mx1", "mx2", "/etc/gateway/gateway.toml")
    step(box, "gateway-console.service.d/database.conf")
    for node in NODES:
        box.machines[node].must(_START)
    wait_open(box, DESK)
    read_case(box, "mx1", Console(), number)
    told = box.desk.run("gateway doctor --only installation").output
    if "correct" not in told:
        raise BoxError(f"the doctor finds the installation of a node with a console wrong:\n{told}")


def read_case(box: Box, node: str, console: Console, number: str) -> None:
    """A member signs in on a node and reads a case, as the role that only reads. Raises BoxError."""
    machine = box.machines[node]
    machine.must(_BROWSER.format(host=console.host, socket=console.socket))
    _browse(box, node, "POST", "/login", f"address={console.member}", "next=/", status="303")
    body = box.world.wait_for(console.member, "【サインイン】").get_body(("plain",))
    code = _CODE.search(str(body.get_content()) if body is not None else "")
    if code is None:
        raise BoxError("the letter holds no code to sign in")
    _browse(box, node, "POST", "/login/code", f"code={code[1]}", "next=/", status="303")
    page = _browse(box, node, "GET", f"/cases/{number}")
    if number not in page or not box.machines["db1"].must(_WHO.format(role=console.role)).strip():
        raise BoxError(f"the console does not read {number} as {console.role}:\n{page[:2000]}")
    reads = machine.run(f"runuser -u {console.user} -- cat {console.secret}").output
    if "Permission denied" not in reads:
        raise BoxError(f"the console's user reads the gateway's password:\n{reads}")
    box.say(f"a member signed in and read {number} in {console.unit}, as {console.role}")


def ask_doctor(box: Box) -> None:
    """The doctor's unit looks at database, copies and nodes. Raises BoxError."""
    told = box.desk.must(_DOCTOR)
    if re.search(r"^(<\d>)?(unknown|error) +(database|copies|nodes)", told, re.MULTILINE):
        raise BoxError(f"the doctor's unit does not reach the server:\n{told}")
    if re.search(r"^(<\d>)?warning +copies", told, re.MULTILINE):
        raise BoxError(f"the doctor's unit does not see the standby:\n{told}")
    box.say("the doctor's unit reads the database and finds its synchronous standby")


def _browse(box: Box, node: str, method: str, path: str, *pairs: str, status: str = "200") -> str:
    words = " ".join(f"'{word}'" for word in (method, path, *pairs))
    found = box.machines[node].must(f"/opt/gateway/bin/python /root/browser {words}")
    if not found.startswith(status):
        logged = box.machines[node].run("journalctl -u 'gateway-console*' -n 20 --no-pager -o cat").output
        raise BoxError(f"{method} {path}: expected {status}:\n{found[:2000]}\n{logged}")
    return found
