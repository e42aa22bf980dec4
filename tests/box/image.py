"""The two file systems that the box boots: a bare Debian 12, and the world around it with its mail server.

Made once by debootstrap and kept: packages that the pages install are downloaded into the bare one, so that
`apt install` works there without a network, as do wheels for pip.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

SUITE = "bookworm"
BARE = "systemd,systemd-sysv,dbus,iproute2,ca-certificates,procps"
# What the pages install in the box.
OFFERED = (
    "python3-venv", "unbound", "postfix", "haproxy", "nginx", "libnginx-mod-stream", "certbot",
    "nagios-nrpe-server", "nagios-nrpe-plugin", "sudo", "bash-completion", "man-db",
    "postgresql",
)  # fmt: skip
WORLD = ("postfix", "nsd", "python3", "pebble")
_APT = 'APT::Get::Assume-Yes "true";\n'
_PIP = "[global]\nno-index = true\nfind-links = /srv/wheels\ndisable-pip-version-check = true\n"


def build_images(cache: Path) -> tuple[Path, Path]:
    """The folders of both file systems; made where they are missing or made by another recipe."""
    name = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
    folder = cache / name
    bare, world = folder / "bare", folder / "world"
    if not (folder / "whole").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _build_bare(bare)
        run("cp", "-a", f"{bare}", f"{world}")
        _install_world(world)
        (folder / "whole").touch()
    return bare, world


def run(*command: str) -> None:
    """A command of the host; what it prints is shown only when it fails."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode:
        sys.stderr.buffer.write(done.stdout[-4000:])
        raise SystemExit(f"{' '.join(command[:3])} ended with {done.returncode}")


def _build_bare(place: Path) -> None:
    run("debootstrap", "--variant=minbase", f"--include={BARE}", SUITE, f"{place}", _find_mirror())
    (place / "etc/apt/apt.conf.d/box").write_text(_APT, "utf-8")
    (place / "etc/pip.conf").write_text(_PIP, "utf-8")
    (place / "srv/wheels").mkdir()
    in_root = ("chroot", f"{place}", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q")
    run(*in_root, "update")
    run(*in_root, "install", "--download-only", *OFFERED)


def _install_world(place: Path) -> None:
    (place / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n", "utf-8")
    (place / "usr/sbin/policy-rc.d").chmod(0o755)
    in_root = ("chroot", f"{place}", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q")
    run(*in_root, "install", "--no-install-recommends", *WORLD)
    (place / "usr/sbin/policy-rc.d").unlink()


def _find_mirror() -> str:
    """Where the host's own packages come from."""
    listed = subprocess.run(
        ("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)"), capture_output=True, check=True
    )
    rows = [row.split(" ", 1) for row in listed.stdout.decode().splitlines()]
    return next((uri for uri, release in rows if "debian" in uri and "security" not in release), "")
