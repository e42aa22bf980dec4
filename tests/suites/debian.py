"""Source packages of Debian, as apt-get gives them, whatever release of Debian this machine has.

The machine's own mirror and keyring are used, with lists in a folder of their own: nothing is installed, and
root is not needed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

SUITE = "trixie"
PACKAGES = {
    "libmail-dkim-perl": "45de46f5dc4d23bcb6ad6401759881dd43968eab20e73f6f79d9557467de20ee",
    "libmail-deliverystatus-bounceparser-perl": (
        "01f89040426ab6de77f9f0bcdce61a938ef6a24179efbfdb4f7a1f68c5263282"
    ),
}
SOURCES = Path("/etc/apt")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def download(folder: Path) -> list[Path]:
    """The upstream archives of the packages; none on a machine that is no Debian.

    Raises CalledProcessError where the mirror does not give them, ValueError for other octets than expected.
    """
    if not is_here():
        return []
    apt = build_command(folder, find_mirror())
    subprocess.run([*apt, "update"], check=True, cwd=folder)
    subprocess.run([*apt, "source", "--download-only", "--tar-only", *PACKAGES], check=True, cwd=folder)
    return [check(folder, name, digest) for name, digest in PACKAGES.items()]


def is_here() -> bool:
    """Whether this machine has apt-get and a mirror of Debian."""
    return shutil.which("apt-get") is not None and bool(find_mirror())


def build_command(folder: Path, mirror: str) -> list[str]:
    """apt-get with lists, cache and a list of sources below the folder."""
    (folder / "lists" / "partial").mkdir(parents=True)
    (folder / "parts").mkdir()
    source = f"deb-src [signed-by={KEYRING}] {mirror} {SUITE} main\n"
    (folder / "parts" / "suites.list").write_text(source, encoding="utf-8")
    options = {
        "Acquire::Retries": "3",
        "APT::Sandbox::User": "",
        "Dir::Cache": str(folder / "cache"),
        "Dir::Etc::SourceList": "/dev/null",
        "Dir::Etc::SourceParts": str(folder / "parts"),
        "Dir::State::Lists": str(folder / "lists"),
    }
    return ["apt-get", "-qq", *(f"-o{name}={value}" for name, value in options.items())]


def find_mirror() -> str:
    """The first mirror of Debian that this machine uses; empty where it uses none."""
    files = (SOURCES / "sources.list", *sorted((SOURCES / "sources.list.d").glob("*")))
    listed = (path for path in files if path.suffix in {".list", ".sources"} and path.is_file())
    text = "\n".join(path.read_text(encoding="utf-8") for path in listed)
    named = re.search(r"^(?:URIs:|deb(?:\s+\[[^]]*\])?)\s+(\S+/debian)/?(?:\s|$)", text, re.MULTILINE)
    return named[1] if named else ""


def check(folder: Path, name: str, digest: str) -> Path:
    """The archive of a package, if its octets are those that the tests were written for."""
    (path,) = folder.glob(f"{name}_*.orig.tar.*")
    if (found := sha256(path.read_bytes()).hexdigest()) != digest:
        raise ValueError(
            f"{path.name} has the SHA-256 {found}, expected {digest}; look at it, then pin it here"
        )
    return path
