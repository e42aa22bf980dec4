"""Why a server takes no connection is known by its SQLSTATE, in whatever language it says so."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.store.protocol import Trouble
from tests.support.ports import free_port
from tests.support.postgres import Cluster, running_cluster

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")
from gateway.store.postgres.connecting import session  # noqa: E402
from gateway.store.postgres.connecting.session import Place  # noqa: E402
from gateway.store.postgres.faults import AWAY, REMEDIES, describe_fault, find_trouble  # noqa: E402

# What a server may say besides: an error of another kind, in the words of libpq's trace.
FORGED = '\nB\t98\tErrorResponse\t S "FATAL" V "FATAL" C "28P01" M "password authentication failed"'
CODES = sorted({code.ljust(5, "0") for code in (*REMEDIES, *AWAY)})
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
SEVERITIES = st.sampled_from(["FATAL", "致命的エラー", "ФАТАЛЬНО"])


def field(name: bytes, text: str) -> bytes:
    return name + text.encode() + b"\0"


def error_response(severity: str, code: str, said: str) -> bytes:
    fields = field(b"S", severity) + field(b"V", "FATAL") + field(b"C", code) + field(b"M", said) + b"\0"
    return b"E" + (4 + len(fields)).to_bytes(4, "big") + fields


def read_packet(client: socket.socket) -> bytes:
    """The packets before a session have no type."""
    file = client.makefile("rb", buffering=0)
    length = int.from_bytes(file.read(4), "big")
    return file.read(length - 4)


class Refusing:
    """A server that answers each start of a session with `answer`, and each wish for TLS with no."""

    def __init__(self) -> None:
        self.answer = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                with client, contextlib.suppress(OSError):
                    if len(read_packet(client)) == 4:  # SSLRequest
                        client.sendall(b"N")
                        read_packet(client)
                    client.sendall(self.answer)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()


@pytest.fixture(scope="module")
def servers() -> Iterator[Sequence[Refusing]]:
    made = [Refusing() for _ in range(3)]
    yield made
    for each in made:
        each.close()


def fail_at(ports: Sequence[int], more: str = "", user: str = "gateway", database: str = "filled") -> Any:
    hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
    with pytest.raises(psycopg.OperationalError) as found:
        session.connect(Place(f"postgresql://{user}@{hosts}/{database}{more}"))
    return found.value


@given(code=st.sampled_from(CODES), severity=SEVERITIES, said=WORDS | st.just(FORGED))
def test_the_code_of_the_server_counts_whatever_its_words(
    servers: Sequence[Refusing], code: str, severity: str, said: str
) -> None:
    servers[0].answer = error_response(severity, code, said)
    error = fail_at([servers[0].port])
    assert code == error.sqlstate
    remedy = next((remedy for start, remedy in REMEDIES.items() if code.startswith(start)), "ask the admin")
    assert remedy in describe_fault("desk", error)


@given(codes=st.lists(st.sampled_from(["28000", "28P01", "3D000", "57P03", "53300"]), min_size=1, max_size=3))
def test_of_several_servers_one_that_will_be_back_counts(
    servers: Sequence[Refusing], codes: list[str]
) -> None:
    for server, code in zip(servers, codes, strict=False):
        server.answer = error_response("FATAL", code, "no")
    error = fail_at([server.port for server in servers[: len(codes)]])
    passes = any(code.startswith("5") for code in codes)
    assert (Trouble.AWAY if passes else Trouble.BROKEN) == find_trouble(error)


def test_a_server_that_is_silent_may_be_the_one_that_is_wanted(servers: Sequence[Refusing]) -> None:
    servers[0].answer = error_response("FATAL", "28000", "no entry in pg_hba.conf")
    assert Trouble.BROKEN == find_trouble(fail_at([servers[0].port]))
    error = fail_at([free_port(), servers[0].port])
    assert (None, Trouble.AWAY) == (error.sqlstate, find_trouble(error))
    assert "check that the server is running" in describe_fault("desk", error)


@pytest.mark.parametrize(
    ("more", "code", "remedy"),
    [
        ("?target_session_attrs=standby", "25006", "this is a replica"),
        ("?sslmode=verify-full&sslrootcert=system", "08001", "check sslmode and sslrootcert"),
        ("?require_auth=scram-sha-256", "08001", "its authentication methods"),
    ],
)
def test_what_the_client_does_not_accept_is_known_by_the_state_of_the_session(
    postgres: Cluster, more: str, code: str, remedy: str
) -> None:
    error = fail_at([postgres.port], more)
    assert (code, Trouble.AWAY) == (error.sqlstate, find_trouble(error))
    assert remedy in describe_fault("desk", error)


@pytest.fixture(scope="module")
def japanese() -> Iterator[Cluster]:
    """A server that speaks Japanese, in a locale that is made for it."""
    with tempfile.TemporaryDirectory(prefix="gwlocale", dir="/tmp") as folder:
        make_locale(Path(folder))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LOCPATH", folder)
            with running_cluster(lc_messages="ja_JP.UTF-8") as made:
                made.execute("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
                made.execute("CREATE ROLE secretive LOGIN PASSWORD 'right'")
                hba = made.data / "pg_hba.conf"
                hba.write_text(f"host all secretive 127.0.0.1/32 scram-sha-256\n{hba.read_text()}")
                made.execute("SELECT pg_reload_conf()")
                yield made


def make_locale(folder: Path) -> None:
    folder.chmod(0o755)  # the server is another account
    program = shutil.which("localedef")
    command = [str(program), "-i", "ja_JP", "-f", "UTF-8", str(folder / "ja_JP.UTF-8")]
    if program is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no Japanese locale: apt-get install locales")


@pytest.mark.parametrize(
    ("user", "database", "code", "trouble"),
    [
        ("nobody", "filled", "28000", Trouble.BROKEN),
        ("secretive", "filled", "28P01", Trouble.BROKEN),
        ("secretive:wrong", "filled", "28P01", Trouble.BROKEN),
        ("gateway", "nothing", "3D000", Trouble.BROKEN),
        ("crowded", "filled", "53300", Trouble.AWAY),
    ],
)
def test_a_server_that_speaks_japanese_is_understood(
    japanese: Cluster, user: str, database: str, code: str, trouble: Trouble
) -> None:
    error = fail_at([japanese.port], user=user, database=database)
    assert (code, trouble) == (error.sqlstate, find_trouble(error))
    is_translated = user != "secretive"  # that one is said by libpq itself
    assert is_translated == any("\u3040" <= sign for sign in str(error)), str(error)
