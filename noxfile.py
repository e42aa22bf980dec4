"""The gates, one session each: `nox` runs the quick ones, `nox -l` lists all, `nox -s NAME` runs one.

Each session creates its own environment; `nox -R` reuses it. `.venv/bin/nox --no-venv` uses the environment
of nox itself, as .ci/run does.

  nox
  nox -R -s tests -- tests/store -k upgrade
  nox -s fuzz -- message --seconds 300
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import nox

ROOT = Path(__file__).resolve().parent
# Required coverage of these packages, in percent of lines and branches; the total is in pyproject.toml.
ROOMS = {"admission": 94, "auth": 93, "store": 92}
MEASURED = "measured"

nox.needs_version = ">=2025.5"
nox.options.default_venv_backend = "venv"
nox.options.sessions = ["lint", "types", "contracts", "tests"]


def prepare(session: nox.Session, extra: str) -> None:
    """Install the project with an extra, or use the current environment."""
    if session.venv_backend == "none":
        place = Path(sys.executable).parent
        # nox searches PATH for programs, as a shell does.
        os.environ["PATH"] = f"{place}{os.pathsep}{os.environ['PATH']}"
    else:
        place = Path(session.bin)
        session.install("-e", f".[{extra}]")
    # For the scripts below .ci, which otherwise take the README's .venv.
    session.env["VENV"] = str(place.parent)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests; arguments go to pytest."""
    prepare(session, "test")
    session.run("pytest", "-q", *session.posargs)


@nox.session
def browser(session: nox.Session) -> None:
    """Test the console in Chromium: without scripts, by keyboard, and with axe-core."""
    prepare(session, "browser")
    session.run("pytest", "-q", *(session.posargs or ["tests/console"]))


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, formatting and spelling."""
    prepare(session, "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("codespell")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types, strictly."""
    prepare(session, "lint")
    session.run("mypy")


@nox.session
def contracts(session: nox.Session) -> None:
    """Check the import contracts."""
    prepare(session, "lint")
    session.run("lint-imports")


@nox.session
def docs(session: nox.Session) -> None:
    """Check that man pages, generated pages and the settings schema match the code."""
    prepare(session, "test")
    session.run("python", "tools/security", "--check")
    session.run("python", "tools/docs", "--check")
    session.run("pytest", "-q", "tests/docs", "tests/settings")


@nox.session
def site(session: nox.Session) -> None:
    """Build the documentation site strictly into build/site, and search it for each SMTP reply."""
    prepare(session, "site")
    session.run("mkdocs", "build", "--strict", env={"NO_MKDOCS_2_WARNING": "1"})
    session.run("python", "tools/site-assets", "build/site")
    session.run("pytest", "-q", "tests/docs/test_search.py")


@nox.session
def demo(session: nox.Session) -> None:
    """Run the demo."""
    prepare(session, "test")
    with tempfile.TemporaryDirectory() as folder:
        session.run("gateway", "demo", "--folder", f"{folder}/demo")


@nox.session
def wheel(session: nox.Session) -> None:
    """Install a wheel outside the checkout and use it."""
    prepare(session, "test")
    session.run(".ci/wheel", external=True)


@nox.session
def units(session: nox.Session) -> None:
    """Check the units with systemd-analyze, if it is installed."""
    prepare(session, "test")
    session.run(".ci/units", external=True)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Fuzz every parser and the listener for a minute each, or as specified: TARGET --seconds N."""
    prepare(session, "test,fuzz")
    if session.posargs:
        session.run("python", "tests/fuzz/run", *session.posargs)
        return
    listed = session.run("python", "tests/fuzz/run", "--list", silent=True)
    for target in (listed or "").split():
        session.run("python", "tests/fuzz/run", target, "--seconds", "60")
    session.run("python", "tests/fuzz/run-sessions")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure speed: worst inputs, authentication, acceptance; or run one script: accept --rounds 1."""
    prepare(session, "fast,test")
    scripts = [session.posargs] if session.posargs else [["worst"], ["proof"], ["accept"]]
    for name, *arguments in scripts:
        session.run("python", f"tests/bench/{name}.py", *arguments)


@nox.session
def crash(session: nox.Session) -> None:
    """Inject kills, power loss and faults; arguments go to tests/crash/run."""
    prepare(session, "test")
    session.run("python", "tests/crash/run", *session.posargs)


@nox.session
def box(session: nox.Session) -> None:
    """Run the commands of the pages on a bare Debian, as root; arguments are parts, for example newcomer."""
    prepare(session, "test")
    session.run("python", "tests/box/run", *session.posargs)


@nox.session
def release(session: nox.Session) -> None:
    """Build and check a release in dist/: wheel, sdist, package, SBOM, site, hashes."""
    session.run("tools/release", external=True)


@nox.session
def coverage(session: nox.Session) -> None:
    """Measure the coverage of the tests; `measured`: check an existing measurement."""
    prepare(session, "test")
    if MEASURED not in session.posargs:
        session.run("coverage", "erase")
        measuring = {"COVERAGE_PROCESS_START": str(ROOT / "pyproject.toml")}
        session.run("pytest", "-q", *session.posargs, env=measuring)
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report")
    for room, percent in ROOMS.items():
        session.log(f"{room}, of which {percent} % must be reached:")
        places = f"gateway/{room}/*"
        session.run("coverage", "report", f"--include={places}", "--format=total", f"--fail-under={percent}")
