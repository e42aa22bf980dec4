"""What surrounds the gateway: one name server for all zones, and one Postfix that is everybody's mail server.

It is the smarthost of the office, the server of the office's own domain and that of the applicants' city.
"""

from __future__ import annotations

import email
import email.policy
import time
from email.message import EmailMessage

from tests.box.machine import BoxError, Machine

DESK, SECOND, OUTSIDE = "44.128.0.10", "44.128.0.11", "44.128.0.20"
DESK_IPV6, OUTSIDE_IPV6 = "2001:db8::10", "2001:db8::20"
DOMAIN, OFFICE, CITY = "gw.mihon.go.jp", "mihon.go.jp", "city.mihon.lg.jp"
TOWN = "gw.town.mihon.lg.jp"  # the second desk
REFUSED = f"okada@{CITY}"  # whose mailbox is no more
STAFF, APPLICANT = f"sato@{OFFICE}", f"yamada@{CITY}"
MAIL_SECONDS = 60.0
STOP = "/run/load-stop"
_ZONE = f"""$ORIGIN .
$TTL 60
. IN SOA ns.box. root.ns.box. 1 60 60 600 60
. IN NS ns.box.
ns.box. IN A {OUTSIDE}
smtp.{OFFICE}. IN A {OUTSIDE}
{OFFICE}. IN MX 10 smtp.{OFFICE}.
{OFFICE}. IN TXT "v=spf1 ip4:{OUTSIDE} -all"
_dmarc.{OFFICE}. IN TXT "v=DMARC1; p=reject"
{CITY}. IN MX 10 smtp.{OFFICE}.
{CITY}. IN TXT "v=spf1 ip4:{OUTSIDE} ip6:{OUTSIDE_IPV6} -all"
_dmarc.{CITY}. IN TXT "v=DMARC1; p=reject"
20.0.128.44.in-addr.arpa. IN PTR smtp.{OFFICE}.
10.0.128.44.in-addr.arpa. IN PTR {DOMAIN}.
11.0.128.44.in-addr.arpa. IN PTR {TOWN}.
"""
_NSD = """server:
  ip-address: {address}
  zonesdir: /etc/nsd
  hide-version: yes
remote-control:
  control-enable: no
zone:
  name: "."
  zonefile: box.zone
"""
_UNBOUND = """server:
  domain-insecure: "jp."
  domain-insecure: "arpa."
  domain-insecure: "example."
  do-ip6: no
stub-zone:
  name: "."
  stub-addr: {address}
  stub-prime: no
"""
_POSTFIX = f"""compatibility_level = 3.6
myhostname = smtp.{OFFICE}
mydestination =
inet_interfaces = all
inet_protocols = ipv4
mynetworks = 127.0.0.0/8 44.128.0.0/24
virtual_mailbox_domains = {OFFICE} {CITY}
virtual_mailbox_base = /var/mail/box
virtual_mailbox_maps = regexp:/etc/postfix/mailboxes
virtual_uid_maps = static:1000
virtual_gid_maps = static:1000
smtpd_recipient_restrictions = check_recipient_access inline:{{{REFUSED}=REJECT}}, permit_mynetworks, reject
smtp_tls_security_level = may
smtpd_tls_security_level = none
smtp_connect_timeout = 5s
minimal_backoff_time = 3s
maximal_backoff_time = 6s
queue_run_delay = 3s
maillog_file = /var/log/postfix.log
"""
_PERSONS = ("sato", "yamada", "tanaka", "suzuki", "mori", "kato", "hayashi", "ono", "ueda")
_MAILBOXES = "".join(f"/^{name}@/ {name}/\n" for one in _PERSONS for name in (one, f"{one}.ipv6"))
_APPLICATION = """共創プラットフォームへの参加を申請します。

・区分：自治体
・団体名：見本市
・全国地方公共団体コード：990019
・部課名：危機管理課
・氏名：山田 葉子
・規約への同意：同意する
"""


class World:
    """The machine that is everybody else's server."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._records = ""

    @staticmethod
    def prepare_machine(machine: Machine) -> None:
        """Write the settings of its name server and of Postfix."""
        etc = machine.root / "etc"
        (etc / "resolv.conf").write_text(f"nameserver {OUTSIDE}\n", "utf-8")
        (etc / "nsd/nsd.conf").write_text(_NSD.format(address=OUTSIDE), "utf-8")
        (etc / "nsd/box.zone").write_text(_ZONE, "utf-8")
        (etc / "postfix/main.cf").write_text(_POSTFIX, "utf-8")
        (etc / "postfix/mailboxes").write_text(f"{_MAILBOXES}/./ others/\n", "utf-8")
        boxes = machine.root / "var/mail/box"
        boxes.mkdir(mode=0o777)
        boxes.chmod(0o777)
        (machine.root / "usr/local/bin/load").write_text(_LOAD, "utf-8")

    def publish(self, records: str) -> None:
        """Add what `gateway dns --zone` printed to the zone."""
        self._records += f"\n{records}\n"
        (self.machine.root / "etc/nsd/box.zone").write_text(_ZONE + self._records, "utf-8")
        self.machine.must("systemctl restart nsd")

    def send_application(self, author: str = APPLICANT, domain: str = DOMAIN) -> None:
        """The application of somebody of the city, to the desk of a domain."""
        self.send(author, f"request@{domain}", "参加申請", _APPLICATION)

    def send_application_by_ipv6(self, author: str, domain: str = DOMAIN) -> None:
        """The same, straight to the desk's port 25 by IPv6."""
        mail = build_mail(author, f"request@{domain}", "参加申請", _APPLICATION)
        (self.machine.root / "root/mail").write_bytes(mail.as_bytes(policy=email.policy.SMTP))
        self.machine.must(f"python3 -c '{_BY_IPV6}' {author} request@{domain} < /root/mail")

    def send(self, author: str, to: str, subject: str, text: str, **fields: str) -> None:
        """A mail by Postfix, as a person's mail program hands it in."""
        mail = build_mail(author, to, subject, text, **fields)
        (self.machine.root / "root/mail").write_bytes(mail.as_bytes())
        self.machine.must(f"sendmail -i -f {author} {to} < /root/mail")

    def wait_for(self, mailbox: str, *words: str) -> EmailMessage:
        """The letter in a mailbox whose Subject holds all these words. Raises BoxError when none comes."""
        deadline = time.monotonic() + MAIL_SECONDS
        while time.monotonic() < deadline:
            for mail in self._read(mailbox.partition("@")[0]):
                if all(each in str(mail["Subject"]) for each in words):
                    return mail
            time.sleep(0.5)
        seen = [str(mail["Subject"]) for mail in self._read(mailbox.partition("@")[0])]
        raise BoxError(
            f"no letter 「{' '.join(words)}」 for {mailbox} within {MAIL_SECONDS:g} s; there are {seen}"
        )

    def _read(self, name: str) -> list[EmailMessage]:
        found: list[EmailMessage] = []
        for file in sorted((self.machine.root / "var/mail/box" / name / "new").glob("*")):
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            found.append(mail)  # type: ignore[arg-type]
        return found


def build_mail(author: str, to: str, subject: str, text: str, **fields: str) -> EmailMessage:
    """A mail; in names of fields `_` stands for `-`."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = author, to, subject
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


_BY_IPV6 = f"""import smtplib, sys
with smtplib.SMTP("{DESK_IPV6}", 25, timeout=20, source_address=("{OUTSIDE_IPV6}", 0)) as client:
    client.sendmail(sys.argv[1], [sys.argv[2]], sys.stdin.buffer.read())
"""
# Sends mails until a file says stop, each again and again until it is taken; prints what was taken, by which
# of the addresses, and when. They are tried in turn, as those of several MX records.
_LOAD = f'''#!/usr/bin/python3
import itertools, os, smtplib, sys, time
from email.message import EmailMessage
addresses = itertools.cycle(sys.argv[2:])
for number in itertools.count(int(sys.argv[1])):
    if os.path.exists("{STOP}"):
        break
    time.sleep(0.1)
    author = f"person{{number}}@{CITY}"
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = author, "request@{DOMAIN}", "参加申請"
    mail["Message-ID"] = f"<load-{{number}}@{CITY}>"
    mail["Date"] = "Sat, 28 Nov 2026 12:00:00 +0900"
    mail.set_content("""{_APPLICATION}""")
    for _ in range(200):
        address = next(addresses)
        try:
            with smtplib.SMTP(address, 25, timeout=5) as client:
                client.sock.settimeout(8)
                client.send_message(mail)
            print(mail["Message-ID"], address, time.time(), flush=True)
            break
        except smtplib.SMTPResponseException as error:
            if error.smtp_code >= 500:
                print("refused", error.smtp_code, error.smtp_error, flush=True)
                break
            time.sleep(0.2)
        except (OSError, smtplib.SMTPException):
            time.sleep(0.2)
'''


def build_resolver(machine: Machine) -> None:
    """Let the resolver that the page installs ask the world's name server, and the machine the resolver."""
    root = machine.root
    place = root / "etc/unbound/unbound.conf.d"
    place.mkdir(parents=True, exist_ok=True)
    (place / "box.conf").write_text(_UNBOUND.format(address=OUTSIDE), "utf-8")
    (root / "etc/resolv.conf").unlink(missing_ok=True)
    (root / "etc/resolv.conf").write_text("nameserver 127.0.0.1\n", "utf-8")
