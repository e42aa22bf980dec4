"""Other mail systems, set up privately on loopback, each in its own folder, to be loaded as the gateway is.

Postfix alone; Postfix with rspamd, which checks SPF, DKIM and DMARC and nothing else; Postfix with
policyd-spf, OpenDKIM and OpenDMARC. Each accepts durably and puts what it takes on hold, so that acceptance
alone is measured. Needs root and Debian's packages postfix, unbound, rspamd, opendkim, opendmarc and
postfix-policyd-spf-python; a system that is not installed is left out.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import cpu
from tests.support.ports import free_port, wait_for_port, wait_for_socket
from tests.support.process import running

# The C library's resolver knows no ports, so unbound answers on port 53 of a loopback address as well.
DNS_HOST = "127.0.0.99"
# With an SOA, so that "nothing" may be kept (RFC 2308 section 5).
UNBOUND = """\
server:
  interface: 127.0.0.1@{port}
  interface: {host}@53
  do-daemonize: no
  chroot: ""
  username: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  local-zone: "." static
  local-data: '. 3600 IN SOA ns.bench.example. hostmaster.bench.example. 1 3600 600 86400 3600'
{data}
remote-control:
  control-enable: no
"""
SERVICES = """\
127.0.0.1:{port} inet n - n - 200 smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
local unix - n n - - local
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
policyd unix - n n - 0 spawn user=nobody argv=/usr/bin/policyd-spf {folder}/policyd-spf.conf
"""
POSTFIX = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = /usr/lib/postfix/sbin
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = mx.bench.example
mydestination = {domain}
mynetworks =
inet_interfaces = loopback-only
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_client_message_rate_limit = 0
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = {policy} check_recipient_access static:HOLD
milter_default_action = tempfail
smtpd_milters = {milters}
smtpd_tls_security_level = may
smtpd_tls_chain_files = {certificate}
"""
RSPAMD = """\
options {{
  pidfile = "{folder}/rspamd.pid"; tempdir = "{folder}"; filters = "dkim"; local_addrs = [];
  dns {{ nameserver = ["{host}:53"]; timeout = 2s; retransmits = 2; }}
  url_tld = "/usr/share/rspamd/effective_tld_names.dat";
}}
logging {{ type = "file"; filename = "{folder}/rspamd.log"; level = "warning"; }}
worker "rspamd_proxy" {{
  bind_socket = "{folder}/milter.sock mode=0666"; milter = yes; count = 2; timeout = 60s;
  upstream "local" {{ default = yes; self_scan = yes; }}
}}
spf {{ check_local = true; check_authed = true; }}
dkim {{ check_local = true; check_authed = true; }}
dmarc {{ check_local = true; check_authed = true; }}
modules {{ path = "/usr/share/rspamd/plugins/spf.lua"; path = "/usr/share/rspamd/plugins/dmarc.lua"; }}
metric {{ name = default; actions {{ reject = 150; }} unknown_weight = 0.1; }}
"""
OPENDKIM = """\
Socket local:{folder}/opendkim.sock
Mode v
UserID opendkim
UMask 000
PidFile {folder}/opendkim.pid
InternalHosts /dev/null
Nameservers {host}
"""
OPENDMARC = """\
Socket local:{folder}/opendmarc.sock
UserID opendmarc
UMask 000
PidFile {folder}/opendmarc.pid
RejectFailures true
PublicSuffixList /usr/share/publicsuffix/public_suffix_list.dat
IgnoreHosts /dev/null
"""
POLICYD = "debugLevel = 0\nHELO_reject = Fail\nMail_From_reject = Fail\nskip_addresses = 192.0.2.255/32\n"


@dataclass(frozen=True, slots=True)
class Peer:
    """A mail system that answers on `port`; `processes` are those whose descendants do all its work."""

    name: str
    port: int
    processes: tuple[int, ...]


@contextmanager
def dns(folder: Path, records: Iterable[tuple[str, str, str]]) -> Iterator[int]:
    """unbound with these records and nothing else; gives its port. An answer costs next to nothing."""
    port = free_port()
    data = "\n".join(f"  local-data: '{_line(*record)}'" for record in records)
    config = folder / "unbound.conf"
    text = UNBOUND.format(port=port, host=DNS_HOST, folder=folder, data=data)
    config.write_text(text, encoding="ascii")
    with running(["unbound", "-d", "-c", str(config)], folder / "unbound.log"):
        wait_for_port(port)
        yield port


def _line(name: str, rtype: str, value: str) -> str:
    if rtype == "MX":
        value += "."
    if rtype == "TXT":  # RFC 1035 section 3.3.14: strings of at most 255 octets
        value = " ".join(f'"{value[at : at + 250]}"' for at in range(0, len(value), 250))
    return f"{name}. 3600 IN {rtype} {value}"


@contextmanager
def peers(folder: Path, domain: str, certificate: Path) -> Iterator[list[Peer]]:
    """All that are installed, started; `dns` must be running."""
    with ExitStack() as stack:
        found = []
        for name, (programs, checks) in _PEERS.items():
            if all(shutil.which(program) for program in programs):
                own = folder / name.replace(" ", "-")
                own.mkdir()
                own.chmod(0o777)  # the daemons give up root
                milters = stack.enter_context(checks(own))
                found.append(stack.enter_context(_postfix(name, own, domain, milters, certificate)))
        yield found


@contextmanager
def _nothing(_: Path) -> Iterator[list[Path]]:
    yield []


@contextmanager
def _rspamd(folder: Path) -> Iterator[list[Path]]:
    config, milter = folder / "rspamd.conf", folder / "milter.sock"
    config.write_text(RSPAMD.format(folder=folder, host=DNS_HOST), encoding="ascii")
    command = ["rspamd", "-f", "-u", "_rspamd", "-g", "_rspamd", "-c", str(config)]
    with running(command, folder / "rspamd.out"):
        wait_for_socket(milter)
        yield [milter]


@contextmanager
def _classic(folder: Path) -> Iterator[list[Path]]:
    (folder / "policyd-spf.conf").write_text(POLICYD, encoding="ascii")
    with ExitStack() as stack:
        milters = []
        for program, settings in (("opendkim", OPENDKIM), ("opendmarc", OPENDMARC)):
            config, milter = folder / f"{program}.conf", folder / f"{program}.sock"
            config.write_text(settings.format(folder=folder, host=DNS_HOST), encoding="ascii")
            command = _with_our_dns(
                folder, [program, "-f", "-c" if program == "opendmarc" else "-x", str(config)]
            )
            stack.enter_context(running(command, folder / f"{program}.out"))
            wait_for_socket(milter)
            milters.append(milter)
        yield milters


_PEERS = {
    "postfix alone": (("postfix",), _nothing),
    "postfix + rspamd": (("postfix", "rspamd"), _rspamd),
    "postfix + policyd-spf + opendkim + opendmarc": (
        ("postfix", "policyd-spf", "opendkim", "opendmarc"),
        _classic,
    ),
}


def _with_our_dns(folder: Path, command: list[str]) -> list[str]:
    """The command with a resolv.conf of its own: some programs can be told their resolver in no other way."""
    resolv = folder / "resolv.conf"
    resolv.write_text(f"nameserver {DNS_HOST}\n", encoding="ascii")
    return [
        "unshare",
        "-m",
        "sh",
        "-c",
        'mount --bind "$0" /etc/resolv.conf && exec "$@"',
        str(resolv),
        *command,
    ]


@contextmanager
def _postfix(name: str, folder: Path, domain: str, milters: list[Path], certificate: Path) -> Iterator[Peer]:
    port, etc = free_port(), folder / "etc"
    for each in (etc, folder / "queue", folder / "data"):
        each.mkdir()
    shutil.chown(folder / "data", "postfix")
    policy = "check_policy_service unix:private/policyd," if (folder / "policyd-spf.conf").exists() else ""
    sockets = " ".join(f"unix:{milter}" for milter in milters)
    settings = {
        "folder": folder,
        "domain": domain,
        "milters": sockets,
        "policy": policy,
        "certificate": certificate,
    }
    (etc / "main.cf").write_text(POSTFIX.format(**settings), encoding="ascii")
    (etc / "master.cf").write_text(SERVICES.format(port=port, folder=folder), encoding="ascii")
    control = ["postfix", "-c", str(etc)]
    subprocess.run(_with_our_dns(folder, [*control, "start"]), check=True, capture_output=True)
    try:
        wait_for_port(port)
        master = int((folder / "queue/pid/master.pid").read_text(encoding="ascii"))
        yield Peer(name, port, tuple({master, *cpu.find_processes(folder)}))
    finally:
        subprocess.run([*control, "stop"], check=False, capture_output=True)
