"""The console and the doctor of a node, as their units run them: both ask PostgreSQL over the network."""

from __future__ import annotations

import re

from tests.box.blocks import Block
from tests.box.box import Box
from tests.box.machine import BoxError
from tests.box.world import OFFICE, STAFF

ROLE = "gateway_console"
PASSWORD = "tr0ub4dor and a horse"  # noqa: S105 - nobody else reaches this server
_HOST = f"desk.{OFFICE}"
_SHARE = "/opt/gateway/lib/python3*/site-packages/gateway/_share/systemd"
# As docs/guide/console.md says, without a web server in front.
_INSTALL = f"""/opt/gateway/bin/pip install -q 'intake-gateway[console]'
install -m 644 {_SHARE}/sysusers.d/gateway.conf /etc/sysusers.d/ && systemd-sysusers
install -m 644 {_SHARE}/gateway-console.socket {_SHARE}/gateway-console.service /etc/systemd/system/
install -D -m 644 {_SHARE}/console/gateway.service.conf /etc/systemd/system/gateway.service.d/console.conf
install -m 600 /dev/null /etc/credstore/gateway.reader.password
echo '{PASSWORD}' > /etc/credstore/gateway.reader.password
systemctl daemon-reload"""
_START = "gateway config check && systemctl restart gateway && systemctl enable --now gateway-console.socket"
_SETTINGS = {
    "[store]": f'reader = "{ROLE}"\nreader_password_file = "gateway.reader.password"',
    "[console]": f'public_url = "https://{_HOST}"\noperators = ["{STAFF}"]',
}
# A browser behind the web server of the machine; what it was given is kept for the next call.
_BROWSER = f"""cat > /root/browser <<'PYTHON'
import json, pathlib, sys, httpx
jar = pathlib.Path("/root/cookies")
kept = json.loads(jar.read_text()) if jar.exists() else {{}}
said = {{"origin": "https://{_HOST}", "sec-fetch-site": "same-origin", "host": "{_HOST}"}}
wire = httpx.HTTPTransport(uds="/run/gateway-console/http.sock")
with httpx.Client(transport=wire, base_url="http://{_HOST}", headers=said, timeout=30) as client:
    method, path, *pairs = sys.argv[1:]
    said = {{"cookie": "; ".join(f"{{name}}={{value}}" for name, value in kept.items())}} if kept else {{}}
    form = dict(pair.split("=", 1) for pair in pairs)
    answer = client.request(method, path, data=form or None, headers=said)
for field in answer.headers.get_list("set-cookie"):
    name, _, value = field.partition(";")[0].partition("=")
    kept[name] = value
jar.write_text(json.dumps(kept))
print(answer.status_code, answer.text)
PYTHON"""
# A connection stays open for a second after the page.
_WHO = "sudo -u postgres psql -Atc \"SELECT usename FROM pg_stat_activity WHERE usename = '{role}'\""
_CODE = re.compile(r"^\s*(\d{6})\s*$", re.MULTILINE)
_DOCTOR = """since=$(date +%s)
systemctl start gateway-doctor.service
systemctl show --property=ExecMainStatus --value gateway-doctor.service
journalctl -u gateway-doctor --since=@$since -o cat"""


def serve_console(box: Box, number: str, network: Block, drop_in: Block) -> None:
    """A member signs in and reads a case, as the role that only reads. Raises BoxError."""
    box.desk.must(_INSTALL)
    place = box.desk.root / "etc/gateway/gateway.toml"
    text = place.read_text("utf-8")
    for table, lines in _SETTINGS.items():
        text = text.replace(f"{table}\n", f"{table}\n{lines}\n", 1)
    place.write_text(text, "utf-8")
    box.run_block(network)
    box.desk.must(_START)
    box.run_block(drop_in)
    box.desk.must(_BROWSER)
    _browse(box, "POST", "/login", f"address={STAFF}", "next=/", status="303")
    body = box.world.wait_for(STAFF, "【サインイン】").get_body(("plain",))
    code = _CODE.search(str(body.get_content()) if body is not None else "")
    if code is None:
        raise BoxError("the letter holds no code to sign in")
    _browse(box, "POST", "/login/code", f"code={code[1]}", "next=/", status="303")
    page = _browse(box, "GET", f"/cases/{number}")
    if number not in page or not box.desk.must(_WHO.format(role=ROLE)).strip():
        raise BoxError(f"the console does not read {number} as {ROLE}:\n{page[:2000]}")
    reads = box.desk.run("runuser -u gateway-console -- cat /etc/gateway/store.password").output
    if "Permission denied" not in reads:
        raise BoxError("the console's user reads the gateway's password")
    told = box.desk.run("gateway doctor --only installation").output
    if "correct" not in told:
        raise BoxError(f"the doctor finds the installation of a node with a console wrong:\n{told}")
    box.say(f"a member signed in and read {number} in the console's unit, as {ROLE}")


def ask_doctor(box: Box) -> None:
    """The doctor's unit looks at database, copies and nodes. Raises BoxError."""
    told = box.desk.must(_DOCTOR)
    if re.search(r"^(<\d>)?(unknown|error) +(database|copies|nodes)", told, re.MULTILINE):
        raise BoxError(f"the doctor's unit does not reach the server:\n{told}")
    if "the database is on a single server" not in told:
        raise BoxError(f"the doctor's unit does not look at the copies:\n{told}")
    box.say("the doctor's unit reads the database, and warns of its single copy")


def _browse(box: Box, method: str, path: str, *pairs: str, status: str = "200") -> str:
    words = " ".join(f"'{word}'" for word in (method, path, *pairs))
    found = box.desk.must(f"/opt/gateway/bin/python /root/browser {words}")
    if not found.startswith(status):
        logged = box.desk.run("journalctl -u gateway-console -n 20 --no-pager -o cat").output
        raise BoxError(f"{method} {path}: expected {status}:\n{found[:2000]}\n{logged}")
    return found
