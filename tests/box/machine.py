"""Machines that boot with systemd-nspawn, joined by a wire that leads nowhere else.

Each runs on an overlay over its file system, in a network namespace with one address; what happens there is
gone with it. Commands enter its namespaces as a login of root would.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.box.image import run

BOOT_SECONDS = 60.0
_SWITCH = "box-switch"
_MASKED = ("systemd-networkd-wait-online.service", "apt-daily.timer", "apt-daily-upgrade.timer")


class BoxError(Exception):
    """What did not work as the page says, in a sentence."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended: its exit status, and what it printed on both streams."""

    status: int
    output: str


class Machine:
    """One machine; `name` is that of its namespace, `address` its only one: `44.128.0.10/24`."""

    def __init__(self, name: str, lower: Path, folder: Path, address: str) -> None:
        self.name, self.address = name, address
        self._lower, self._folder = lower, folder / name
        self.root = self._folder / "root"
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Lay the overlay and write who the machine is."""
        upper, work = self._folder / "upper", self._folder / "work"
        for place in (upper, work, self.root):
            place.mkdir(parents=True)
        layers = f"lowerdir={self._lower},upperdir={upper},workdir={work}"
        run("mount", "-t", "overlay", "overlay", "-o", layers, f"{self.root}")
        (self.root / "etc/hostname").write_text(f"{self.name}\n", "utf-8")
        # What is written here need not outlive the host: apt waits for no disk.
        (self.root / "etc/dpkg/dpkg.cfg.d/box").write_text("force-unsafe-io\n", "ascii")
        for unit in _MASKED:
            place = self.root / "etc/systemd/system" / unit
            place.unlink(missing_ok=True)
            place.symlink_to("/dev/null")

    def boot(self) -> None:
        """Start it and wait until systemd says that it is up. Raises BoxError."""
        log = (self._folder / "console").open("ab")
        self._process = subprocess.Popen(
            ("systemd-nspawn", "-q", "-D", f"{self.root}", "--boot", f"--machine={self.name}",
             "--register=no", "--keep-unit", "--resolv-conf=off",
             f"--network-namespace-path=/run/netns/{self.name}"),
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
        )  # fmt: skip
        self.wait_up()

    def wait_up(self) -> None:
        """Wait until it has booted. Raises BoxError."""
        deadline = time.monotonic() + BOOT_SECONDS
        while time.monotonic() < deadline:
            if self._find_leader() and self.run("systemctl is-system-running").output.strip() in {
                "running",
                "degraded",
            }:
                return
            time.sleep(0.5)
        said = (self._folder / "console").read_text("utf-8", "replace")[-2000:]
        raise BoxError(f"{self.name} did not boot within {BOOT_SECONDS:g} s:\n{said}")

    def add_address(self, address: str) -> None:
        """Another address on its wire."""
        # Nobody else is there who could have it: it may be used at once (RFC 4862 section 5.4).
        at_once = ("nodad",) if ":" in address else ()
        run("ip", "-n", self.name, "address", "add", address, "dev", "wire", *at_once)

    def reboot(self) -> None:
        """Boot it again, as a person would by `reboot`. Raises BoxError."""
        self.run("systemctl reboot")
        if self._process is not None:
            try:
                self._process.wait(BOOT_SECONDS)  # nspawn leaves a reboot to whoever started it
            except subprocess.TimeoutExpired as error:
                raise BoxError(f"{self.name} did not go down") from error
        self.boot()

    def cut_power(self) -> None:
        """Unplug it, so that no peer hears of its end, and kill all its processes. Raises BoxError."""
        leader = self._find_leader()
        if self._process is None or not leader:
            raise BoxError(f"{self.name} does not run")
        run("ip", "-n", _SWITCH, "link", "set", self.name, "down")
        os.kill(leader, signal.SIGKILL)
        self._process.wait(BOOT_SECONDS)

    def power_on(self) -> None:
        """Boot it after a cut. Raises BoxError."""
        run("ip", "-n", _SWITCH, "link", "set", self.name, "up")
        self.boot()

    def run(self, text: str, *, answers: Path | None = None, seconds: float = 300) -> Done:
        """Run lines of shell as root in /root; `answers` is typed at a terminal."""
        shell = ("bash", "-eo", "pipefail", "-c", text)
        typed = subprocess.DEVNULL
        if answers is not None:
            (self.root / "root/.block").write_text(text, "utf-8")
            shell = ("script", "-qec", "bash -eo pipefail /root/.block", "/dev/null")
        with (answers or Path(os.devnull)).open("rb") as typed_file:
            done = subprocess.run(
                (*self._enter(), *shell), stdin=typed_file if answers else typed, timeout=seconds,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
            )  # fmt: skip
        return Done(done.returncode, done.stdout.decode("utf-8", "replace"))

    def start(self, text: str) -> subprocess.Popen[bytes]:
        """Run lines of shell beside what follows."""
        return subprocess.Popen(
            (*self._enter(), "bash", "-c", text), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        )

    def must(self, text: str) -> str:
        """What lines of shell print. Raises BoxError where they fail."""
        done = self.run(text)
        if done.status:
            raise BoxError(f"{self.name}: {text!r} ended with {done.status}:\n{done.output[-2000:]}")
        return done.output

    def stop(self) -> None:
        """End it and take its overlay away."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        subprocess.run(("umount", "-l", f"{self.root}"), stderr=subprocess.DEVNULL, check=False)

    def _enter(self) -> tuple[str, ...]:
        leader = self._find_leader()
        if not leader:
            raise BoxError(f"{self.name} does not run")
        clean = ("env", "-i", "-C", "/root", "HOME=/root", "LANG=C.UTF-8", "TERM=xterm",
                 "DEBIAN_FRONTEND=noninteractive",
                 "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")  # fmt: skip
        return ("nsenter", "-t", f"{leader}", "-m", "-u", "-i", "-n", "-p", "-C", "-r", *clean)

    def _find_leader(self) -> int:
        """The first process of the machine, as the host sees it; 0 while there is none."""
        if self._process is None:
            return 0
        pid = self._process.pid
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
        except FileNotFoundError:
            return 0
        return int(children[0]) if children else 0


def lay_wire() -> None:
    """A switch in a namespace of its own, which leads nowhere else."""
    cut_wire()
    run("ip", "netns", "add", _SWITCH)
    run("ip", "-n", _SWITCH, "link", "add", _SWITCH, "type", "bridge")
    run("ip", "-n", _SWITCH, "link", "set", _SWITCH, "up")


def join(machine: Machine) -> None:
    """A namespace for a machine, on the wire; nothing else is reached from there."""
    part(machine)
    run("ip", "netns", "add", machine.name)
    inside, port = ("ip", "-n", machine.name), machine.name
    run(*inside, "link", "add", "wire", "type", "veth", "peer", "name", port, "netns", _SWITCH)
    run("ip", "-n", _SWITCH, "link", "set", port, "master", _SWITCH, "up")
    run(*inside, "address", "add", machine.address, "dev", "wire")
    run(*inside, "link", "set", "wire", "up")
    run(*inside, "link", "set", "lo", "up")


def part(machine: Machine) -> None:
    """Take the namespace of a machine away."""
    _delete_namespace(machine.name)


def cut_wire() -> None:
    """Take the switch away."""
    _delete_namespace(_SWITCH)


def _delete_namespace(name: str) -> None:
    subprocess.run(("ip", "netns", "del", name), stderr=subprocess.DEVNULL, check=False)
