"""The recipes: the gateway beside other programs, each as its page says, and an application through it."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.box.box import Box, admit
from tests.box.machine import BoxError
from tests.box.world import CITY, DESK, DOMAIN, OFFICE, OUTSIDE, OUTSIDE_IPV6, REFUSED

_ACME = f"acme.{OFFICE}"
# Where the world keeps the mail of all whom it does not know by name.
_OTHERS = f"others@{OFFICE}"
_PEBBLE = """cat > /root/pebble.json <<'JSON'
{"pebble": {"listenAddress": "0.0.0.0:14000", "managementListenAddress": "0.0.0.0:15000",
 "certificate": "/root/acme.crt", "privateKey": "/root/acme.key", "httpPort": 80, "tlsPort": 443,
 "ocspResponderURL": "", "externalAccountBindingRequired": false}}
JSON
openssl req -x509 -newkey rsa:2048 -nodes -keyout /root/acme.key -out /root/acme.crt -days 9 -subj /CN=NAME"""
_CERTBOT = f"server = https://{_ACME}:14000/dir\nno-verify-ssl = true\n"
_REPORTS = """/opt/gateway/bin/python - <<'PYTHON'
import sqlite3
database = sqlite3.connect("file:/var/lib/gateway/gateway.db?mode=ro", uri=True)
print(database.execute("SELECT count(*) FROM mails WHERE forward_path = 'bounce'").fetchone()[0])
PYTHON"""
_STARTTLS = f"echo QUIT | openssl s_client -starttls smtp -connect {DESK}:25 2>&1 | grep '^subject'"


def get_certificate(box: Box) -> None:
    """A certificate by certbot from Debian's pebble, and a renewal whose hook hands it to the service."""
    box.world.publish(f"{_ACME}. IN A {OUTSIDE}")
    box.world.machine.must(_PEBBLE.replace("NAME", _ACME))
    box.world.machine.start(f"PEBBLE_VA_NOSLEEP=1 pebble -config /root/pebble.json -dnsserver {OUTSIDE}:53")
    box.desk.must("systemctl restart unbound; mkdir -p /root/.config/letsencrypt")
    (box.desk.root / "root/.config/letsencrypt/cli.ini").write_text(_CERTBOT, "utf-8")
    box.run_blocks("certificate")


def encrypt_credentials(box: Box) -> None:
    """No secret lies open, and the service signs and speaks TLS as before."""
    box.run_blocks("credentials")
    if box.desk.must("ls /etc/credstore").split():
        raise BoxError("a secret is left in /etc/credstore")
    box.world.machine.must(_STARTTLS)
    applicant = f"mori@{CITY}"
    admit(box, applicant)
    if not box.world.wait_for(applicant, "招待")["DKIM-Signature"]:
        raise BoxError("the letter is not signed")
    box.say("signed and encrypted with credentials that nobody can read")


def watch_by_nagios(box: Box) -> None:
    """NRPE asks a gateway that runs, and one that does not."""
    box.run_blocks("nagios")
    box.desk.must("systemctl stop gateway.socket gateway.service")
    found = box.desk.run("/usr/lib/nagios/plugins/check_nrpe -H 127.0.0.1 -c gateway")
    box.desk.must("systemctl start gateway.socket gateway.service")
    if found.status not in {2, 3}:
        raise BoxError(f"a stopped gateway is {found.status} to Nagios:\n{found.output}")
    box.say("a stopped gateway is no OK")


def run_with_postfix(box: Box) -> None:
    """Letters leave by a Postfix on the same machine, and its reports come back."""
    box.run_blocks("postfix")
    applicant = f"hayashi@{CITY}"
    admit(box, applicant)
    if "post.mihon.go.jp" not in str(box.world.wait_for(applicant, "招待").get_all("Received")):
        raise BoxError("the letter did not come by the Postfix of the same machine")
    box.desk.must("printf 'Subject: a word of cron\\n\\nx\\n' | sendmail root")
    box.world.wait_for(_OTHERS, "a word of cron")
    box.say("what is written to root is read by somebody")
    told = box.desk.must(f"gateway doctor --send-test sysadmin@{OFFICE}")
    if "the smarthost took it: 250" not in told or "verifies" not in told:
        raise BoxError(f"the test letter did not leave as it should:\n{told}")
    box.world.wait_for(_OTHERS, "test message")
    box.say("the test letter left by Postfix, and its signature verifies")
    box.world.send_application(REFUSED)
    _wait(lambda: box.desk.must(_REPORTS).strip() != "0", "the report about a letter that was refused")
    box.say("letters leave by Postfix, and its report about one that was refused came back")


def run_behind_haproxy(box: Box) -> None:
    """The client's own address is proven behind HAProxy."""
    box.run_blocks("haproxy")
    _admit_by_proxy(box, "suzuki", "haproxy")


def run_behind_nginx(box: Box) -> None:
    """The same behind nginx, which takes HAProxy's place."""
    if "haproxy" not in box.desk.run("ls /etc").output.split():
        box.run_blocks("haproxy")
    box.desk.must("systemctl disable --now haproxy")
    box.run_blocks("nginx")
    _admit_by_proxy(box, "kato", "nginx")


def _admit_by_proxy(box: Box, name: str, program: str) -> None:
    for applicant, client in ((name, OUTSIDE), (f"{name}.ipv6", OUTSIDE_IPV6)):
        number, _ = admit(box, f"{applicant}@{CITY}", ipv6=client == OUTSIDE_IPV6)
        find_client(box, number, client)
        box.say(f"{number} came by {program}, and its sender was proven by the client's own address {client}")
    box.desk.must(f"gateway probe {DOMAIN} --application | grep 'recorded and rolled back'")
    box.say(f"a probe goes by {program} as well")


def find_client(box: Box, number: str, client: str) -> None:
    """Raises BoxError where the log of a case does not say that its sender was proven at this address."""
    logged = box.desk.must(f"journalctl -u gateway CASE={number} EVENT=mail.received -o cat")
    if f"client={client} proof=dmarc" not in logged:
        raise BoxError(f"{number}: the client {client} is not seen:\n{logged}")


def _wait(is_there: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not is_there():
        if time.monotonic() > deadline:
            raise BoxError(f"{what} did not come within 60 s")
        time.sleep(1)
